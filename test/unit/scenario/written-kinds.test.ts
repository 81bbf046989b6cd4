// Goal: the three kinds of parameter that have a form of their own read what they should and refuse the rest at its place.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { byteOffset, chosen, gap, unitIntervals, type Amount, type ByteOffset, type Param, type UnitIntervals } from "../../../src/modeling/index.js";
import { rational } from "../../../src/units/index.js";
import { parseParam } from "../../../src/scenario/index.js";

const place = { file: "some.yaml", line: 7, column: 3 };
const read = (param: Param, value: unknown): unknown => parseParam(param, { value, place, evidence: null }, "box.it");
const why = chosen("test");

describe("unit intervals", () => {
  const param = unitIntervals(null, "a time in bits", why);

  test("are a decimal number of bits, exactly", () => {
    for (const [text, count] of [["129.5 UI", rational(259, 2)], ["190 UI", rational(190)], ["0.1UI", rational(1, 10)]] as const) {
      const value = read(param, text) as UnitIntervals;
      assert.deepEqual(value.count, count);
      assert.deepEqual(value.origins.map((origin) => [origin.path, origin.text]), [["box.it", text]]);
    }
  });

  test("need their unit, and no other", () => {
    for (const wrong of ["129.5", 129.5, "129.5 ns", "UI", "-3 UI", "1,5 UI", "1..5 UI", null]) {
      assert.throws(() => read(param, wrong), (error: Error & { place?: unknown }) => error.name === "WirelatError" && error.place === place, String(wrong));
    }
  });
});

describe("the offset of a byte", () => {
  const param = byteOffset(null, "a byte", why);
  const offset = (text: string): readonly [string, number] => {
    const { from, bytes } = read(param, text) as ByteOffset;
    return [from, bytes.of(64)];
  };

  test("counts from the frame, or from its payload", () => {
    assert.deepEqual(offset("70 B"), ["frame", 70]);
    assert.deepEqual(offset("payload + 20 B"), ["payload", 20]);
    assert.deepEqual(offset("payload+20 B"), ["payload", 20]);
    assert.deepEqual(offset("payload"), ["payload", 0]);
  });

  test("is refused where it is none", () => {
    for (const wrong of ["payload - 20 B", "payload + 20", "payload +", "header + 2 B", 70, "70"]) {
      assert.throws(() => read(param, wrong), (error: Error & { place?: unknown }) => error.name === "WirelatError" && error.place === place, String(wrong));
    }
  });
});

describe("the gap inside a burst", () => {
  const param = gap(null, "a gap", why);

  test("is a time, or as fast as the line", () => {
    assert.equal((read(param, "10 ns") as Amount).of(64), 10_000);
    assert.equal(read(param, "line-rate"), "line-rate");
    assert.throws(() => read(param, "line rate"), { name: "WirelatError" });
  });
});
