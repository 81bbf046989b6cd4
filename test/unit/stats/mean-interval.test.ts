import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { InternalFault } from "../../../src/errors/index.js";
import { batchMeans, meanInterval, pairedStretches, scatterInterval } from "../../../src/stats/index.js";
import { prng } from "../../support/prng.js";

/** A first-order autoregressive series of variance 1 about `mean`, begun in its steady state. */
function autoregressive(seed: number, count: number, memory: number, mean = 0): Float64Array {
  const random = prng(seed);
  let state = random.normal();
  return Float64Array.from({ length: count }, () => {
    const value = state;
    state = memory * state + Math.sqrt(1 - memory * memory) * random.normal();
    return mean + value;
  });
}

describe("the interval of a mean of replications", () => {
  test("equals a worked example", () => {
    // Law, Simulation Modeling and Analysis, example of ten observations: 1.34 ± 0.24 at 90 %.
    const { mean, halfWidth, low, high } = meanInterval([1.2, 1.5, 1.68, 1.89, 0.95, 1.49, 1.58, 1.55, 0.5, 1.09], 0.9);
    assert.equal(mean.toFixed(2), "1.34");
    assert.equal(halfWidth.toFixed(2), "0.24");
    assert.ok(Math.abs(high - low - 2 * halfWidth) < 1e-12);
  });

  test("covers the mean of exponential latencies in about 95 % of 400 seeds", () => {
    let covered = 0;
    for (let seed = 1; seed <= 400; seed += 1) {
      const random = prng(seed);
      const { low, high } = meanInterval(Array.from({ length: 200 }, () => random.exponential(3)), 0.95);
      if (low <= 3 && 3 <= high) covered += 1;
    }
    assert.ok(covered / 400 >= 0.923 && covered / 400 <= 0.977, `covered ${covered / 400}`);
  });

  test("has no width for equal values and does not exist for one", () => {
    assert.equal(meanInterval([4, 4, 4], 0.95).halfWidth, 0);
    assert.throws(() => meanInterval([4], 0.95), InternalFault);
    assert.throws(() => meanInterval([4, 5], 95), InternalFault);
  });
});

describe("batch means", () => {
  test("cover the mean of an autocorrelated run in about 95 % of 400 seeds", () => {
    let covered = 0;
    for (let seed = 1; seed <= 400; seed += 1) {
      const interval = batchMeans(autoregressive(seed, 20_000, 0.9, 10), 0.95);
      if (interval !== null && interval.low <= 10 && 10 <= interval.high) covered += 1;
    }
    assert.ok(covered / 400 >= 0.91 && covered / 400 <= 0.977, `covered ${covered / 400}`);
  });

  test("take longer batches while neighbours are correlated and say so when even the longest are", () => {
    const free = batchMeans(autoregressive(3, 64_000, 0), 0.95);
    assert.ok(free !== null && free.independent && free.count === 64 && free.batchSize === 1_000);
    const bound = batchMeans(autoregressive(3, 2_000, 0.999), 0.95);
    assert.ok(bound !== null && !bound.independent && bound.count === 16 && bound.lag1 > 0.4);
  });

  test("leave the remainder out at the beginning", () => {
    const samples = new Float64Array(64 * 10 + 5).fill(1);
    samples.fill(1e9, 0, 5);
    assert.equal(batchMeans(samples, 0.95)?.mean, 1);
  });

  test("do not exist for a run too short to cut", () => {
    assert.equal(batchMeans(new Float64Array(127), 0.95), null);
    assert.equal(batchMeans(new Float64Array(128), 0.95)?.count, 16);
  });
});

describe("the interval of a number that parts estimate too", () => {
  test("is that of the mean where the whole is the mean of the parts", () => {
    const values = [3, 5, 9, 4];
    const { low, high } = meanInterval(values, 0.95);
    const scatter = scatterInterval(5.25, values, 0.95);
    assert.ok(Math.abs(scatter.low - low) < 1e-12 && Math.abs(scatter.high - high) < 1e-12);
  });

  test("lies about the whole and grows with a bias of the parts", () => {
    const fair = scatterInterval(10, [9, 11, 9, 11], 0.95);
    const biased = scatterInterval(10, [7, 9, 7, 9], 0.95);
    assert.equal(biased.low + biased.high, 20);
    assert.ok(biased.high - biased.low > 2 * (fair.high - fair.low));
  });

  test("has no width where all agree, and does not exist for one part", () => {
    assert.deepEqual(scatterInterval(7, [7, 7], 0.95), { low: 7, high: 7 });
    assert.throws(() => scatterInterval(7, [7], 0.95), InternalFault);
  });
});

describe("paired differences", () => {
  test("find under common random numbers what the separate intervals cannot", () => {
    const random = prng(9);
    const common = Array.from({ length: 40 }, () => random.exponential(1_000));
    const slower = common.map((value) => value + 5 + random.uniform());
    const { low, high } = pairedStretches(slower, common, 0.95);
    assert.ok(low > 5 && high < 6);
    assert.ok(meanInterval(slower, 0.95).halfWidth > 100);
  });

  test("need as many of one as of the other", () => {
    assert.throws(() => pairedStretches([1, 2], [1], 0.95), InternalFault);
    assert.equal(pairedStretches([5, 7], [1, 9], 0.95).mean, 1);
  });
});
