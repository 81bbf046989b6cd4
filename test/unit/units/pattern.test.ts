import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DIMENSION_NAMES, DIMENSIONS, patternFor, type Dimension } from "../../../src/units/index.js";

function matches(dimension: Dimension, text: string, signed = false): boolean {
  const source = patternFor(dimension, { signed });
  const plain = new RegExp(source).test(text);
  assert.equal(new RegExp(source, "u").test(text), plain, "the pattern means the same with and without the u flag");
  return plain;
}

describe("patternFor", () => {
  test("accepts the example and every unit of its dimension, with and without the space", () => {
    for (const dimension of DIMENSION_NAMES) {
      assert.ok(matches(dimension, DIMENSIONS[dimension].example));
      for (const unit of DIMENSIONS[dimension].units.keys()) {
        assert.ok(matches(dimension, `1.5e-3${unit}`), unit);
        assert.ok(matches(dimension, `1_000 ${unit}`.trimEnd()), unit);
      }
    }
  });

  test("accepts the three spellings of a microsecond and spaces around a slash", () => {
    for (const text of ["1 us", "1 µs", "1 μs"]) assert.ok(matches("duration", text));
    for (const text of ["1 MUSD/us", "1 MUSD / µs", "1 MUSD /μs"]) assert.ok(matches("stake", text));
    for (const text of ["3/s", "3 /s", "3 / s"]) assert.ok(matches("event-rate", text));
    assert.ok(!matches("event-rate", "3  /s"));
    assert.ok(!matches("stake", "1 MUSD  / us"));
  });

  test("refuses other dimensions' units, bare numbers and loose ends", () => {
    for (const text of ["5", "5 B", "5 ns ", " 5 ns", "5  ns", "5 ns\n", "1,0 ns", ".5 ns", "5. ns", "NaN ns", "0x5 ns", "5 n", "5 bµck", ""]) {
      assert.ok(!matches("duration", text), text);
    }
    assert.ok(!matches("count", "5 ns"));
    assert.ok(!matches("duration", `${"0".repeat(62)} ns`));
    assert.ok(matches("duration", `${"0".repeat(61)} ns`));
  });

  test("takes a minus sign only where negative quantities are asked for, and never in a rate", () => {
    assert.ok(!matches("duration", "-5 ns"));
    assert.ok(matches("duration", "-5 ns", true));
    assert.ok(!matches("data-rate", "-5 bps", true));
  });
});
