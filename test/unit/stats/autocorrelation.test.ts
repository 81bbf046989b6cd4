import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { InternalFault } from "../../../src/errors/index.js";
import { autocorrelation, effectiveSampleSize } from "../../../src/stats/index.js";
import { prng } from "../../support/prng.js";

function autoregressive(seed: number, count: number, memory: number): Float64Array {
  const random = prng(seed);
  let state = random.normal();
  return Float64Array.from({ length: count }, () => (state = memory * state + Math.sqrt(1 - memory * memory) * random.normal()));
}

describe("autocorrelation", () => {
  test("of a series worked by hand", () => {
    // 1 2 3 4: deviations -1.5 -0.5 0.5 1.5, squares sum to 5, neighbours to 0.75 - 0.25 + 0.75.
    assert.equal(autocorrelation(Float64Array.of(1, 2, 3, 4), 0), 1);
    assert.equal(autocorrelation(Float64Array.of(1, 2, 3, 4), 1), 1.25 / 5);
    assert.equal(autocorrelation(Float64Array.of(7, 7, 7), 1), 0);
  });

  test("falls by powers in a first-order autoregressive series", () => {
    const series = autoregressive(2, 200_000, 0.8);
    for (const lag of [1, 2, 5]) assert.ok(Math.abs(autocorrelation(series, lag) - 0.8 ** lag) < 0.02, `lag ${lag}`);
  });

  test("does not exist at the length of the series", () => {
    assert.throws(() => autocorrelation(Float64Array.of(1, 2), 2), InternalFault);
    assert.throws(() => autocorrelation(Float64Array.of(1, 2), 0.5), InternalFault);
  });
});

describe("the effective sample size", () => {
  test("is n (1 - a) / (1 + a) for an autoregressive series, also with a memory beyond the lags summed at once", () => {
    for (const [memory, tolerance] of [[0, 0.1], [0.5, 0.1], [0.9, 0.15], [0.995, 0.3]] as const) {
      const truth = (200_000 * (1 - memory)) / (1 + memory);
      const found = effectiveSampleSize(autoregressive(4, 200_000, memory));
      assert.ok(Math.abs(found / truth - 1) < tolerance, `memory ${memory}: ${found} for ${truth}`);
    }
  });

  test("never exceeds the sample, nor falls below one", () => {
    const alternating = Float64Array.from({ length: 1_000 }, (_, index) => index % 2);
    assert.equal(effectiveSampleSize(alternating), 1_000);
    assert.equal(effectiveSampleSize(new Float64Array(500).fill(3)), 500);
    const ramp = Float64Array.from({ length: 100_000 }, (_, index) => index);
    const found = effectiveSampleSize(ramp);
    assert.ok(found >= 1 && found < 20, `${found}`);
  });
});
