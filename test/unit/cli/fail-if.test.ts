import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { failures, limitOf } from "../../../src/cli/fail-if.js";
import { WirelatError } from "../../../src/errors/index.js";
import type { Difference, JudgedChange } from "../../../src/result/index.js";

const change = (fromPs: number, toPs: number, distinct: boolean | null = true): JudgedChange => ({ fromPs, toPs, deltaPs: toPs - fromPs, lowPs: null, highPs: null, distinct, by: null });
const difference = (p99: JudgedChange): Difference => ({ name: "new", baseline: "old", design: "new", baselineDesign: "old", point: {}, confidence: 0.95, mean: change(1000, 1000, false), p50: null, p99, bands: [], costs: [], precision: [] });
const fails = (limit: string, p99: JudgedChange): boolean => failures([limitOf(limit)], [difference(p99)]).length > 0;

describe("--fail-if", () => {
  test("fails beyond a share or a time of the baseline, and not at it", () => {
    assert.deepEqual([105_001, 105_000, 90_000].map((to) => fails("p99 > +5%", change(100_000, to))), [true, false, false]);
    assert.deepEqual([300_001, 300_000].map((to) => fails("p99 > 200 ns", change(100_000, to))), [true, false]);
    assert.deepEqual([89_999, 90_000].map((to) => fails("p99 < -10 %", change(100_000, to))), [true, false]);
  });

  test("never fails for what may be chance, nor for what is not known", () => {
    assert.equal(fails("p99 > +5%", change(100, 200, false)), false);
    assert.equal(fails("p99 > +5%", change(100, 200, null)), true);
    assert.equal(fails("p50 > +5%", change(100, 200)), false);
  });

  test("says what went from where to where", () => {
    assert.deepEqual(failures([limitOf("p99 > +5%")], [difference(change(100_000, 120_000))]), ["new against old: p99 went from 100 ns to 120 ns (+20.0 %), and p99 > +5% fails"]);
  });

  for (const text of ["p98 > 5%", "p99", "p99 > five", "p99 >= 5%", "p99 > 5"]) {
    test(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => limitOf(text), (error) => error instanceof WirelatError && error.code === "option-value");
    });
  }
});
