import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { amountOf, chosen, Rate, rational, type Origin } from "../../../src/modeling/index.js";

const origin: Origin = { path: "box.phy.rate", text: "10.3125 Gbit/s", evidence: chosen("test") };
const more: Origin = { path: "box.phy.rx", text: "129.5 UI", evidence: chosen("test") };
/** A serial line of 10.3125 Gbit/s, in picoseconds per byte. */
const line = new Rate(rational(8n * 10n ** 12n, 10_312_500_000n), [origin]);

describe("a rate", () => {
  test("gives the time of periods that are not whole, rounded once", () => {
    const bit = line.scaled(rational(1, 8));
    assert.equal(bit.times(rational(259, 2)).of(0), 12_558);
    assert.equal(bit.times(rational(190)).of(0), 18_424);
    assert.equal(bit.times(rational(1)).of(0), 97);
    assert.equal(bit.times(rational(100_000)).of(0), 9_696_970, "the sum of a hundred thousand rounded bits would be 9 700 000");
  });

  test("scaled by its line code is exactly that of the bytes it carries", () => {
    assert.deepEqual(line.scaled(rational(66, 64)).period, rational(800));
    assert.equal(line.scaled(rational(66, 64)).timeFor(amountOf(118)).of(0), 94_400);
  });

  test("keeps where it comes from", () => {
    assert.deepEqual(line.scaled(rational(1, 8)).times(rational(259, 2), [more]).origins, [origin, more]);
  });
});
