import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { InternalFault } from "../../../src/errors/index.js";
import { LatencyRecorder, type RecorderOptions } from "../../../src/stats/index.js";
import { prng } from "../../support/prng.js";

function recorded(samples: Iterable<number>, options: RecorderOptions = {}): LatencyRecorder {
  const recorder = new LatencyRecorder(options);
  for (const sample of samples) recorder.record(sample);
  return recorder;
}

function integers(seed: number, count: number, below: number): number[] {
  const random = prng(seed);
  return Array.from({ length: count }, () => random.integer(below));
}

describe("a latency recorder", () => {
  test("keeps count, extremes, sum and mean of samples of any sign", () => {
    const recorder = recorded([-46_400, 0, 7_701_641, 5, -1]);
    assert.equal(recorder.count, 5);
    assert.equal(recorder.min, -46_400);
    assert.equal(recorder.max, 7_701_641);
    assert.equal(recorder.sum, 7_655_245n);
    assert.equal(recorder.mean, 1_531_049);
  });

  test("sums latencies whose total is far beyond 2^53 without losing one picosecond, in both modes", () => {
    for (const cap of [100, 1_000_000]) {
      const recorder = new LatencyRecorder({ cap });
      let total = 0n;
      for (let index = 0; index < 20_000; index += 1) {
        const sample = (index % 3 === 0 ? -1 : 1) * (2 ** 52 - 1 + index * 1_000_003);
        recorder.record(sample);
        total += BigInt(sample);
      }
      assert.ok(total > 2n ** 60n);
      assert.equal(recorder.sum, total);
    }
    assert.equal(recorded([Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 3]).sum, 2n ** 54n + 1n);
    assert.equal(recorded([Number.MIN_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]).sum, -(2n ** 54n) + 2n);
  });

  test("finds a spread of picoseconds under a mean of seconds", () => {
    const samples = [1, 2, 3, 4, 5].map((step) => 10 ** 12 + step);
    assert.ok(Math.abs(recorded(samples).sd - Math.sqrt(2.5)) < 1e-12);
    const many = Array.from({ length: 20_000 }, (_, index) => 10 ** 12 + (index % 5));
    const expected = Math.sqrt((2 * many.length) / (many.length - 1));
    assert.ok(Math.abs(recorded(many, { cap: 100 }).sd - expected) < 1e-9);
    // Here the mean, 2^52 + 1/2, is not even a float64.
    assert.ok(Math.abs(recorded([2 ** 52, 2 ** 52 + 1]).sd - Math.SQRT1_2) < 1e-15);
  });

  test("gives the spread of one sample as 0 and the mean of none as NaN", () => {
    assert.equal(recorded([42]).sd, 0);
    assert.ok(Number.isNaN(new LatencyRecorder().mean));
    assert.ok(Number.isNaN(new LatencyRecorder().quantile(0.5)));
    assert.deepEqual(new LatencyRecorder().cdfPoints(), []);
  });

  test("takes the nearest rank, also where the decimal q is not a binary fraction", () => {
    const hundred = recorded(Array.from({ length: 100 }, (_, index) => 100 - index));
    for (const [q, value] of [[0, 1], [0.07, 7], [0.5, 50], [0.501, 51], [0.29, 29], [0.9, 90], [0.99, 99], [0.991, 100], [1, 100]] as const) {
      assert.equal(hundred.quantile(q), value, `q = ${q}`);
    }
  });

  test("withholds a percentile with fewer than ten expected samples beyond it and gives it with exactly ten", () => {
    for (const [q, enough] of [[0.5, 20], [0.9, 100], [0.99, 1000], [0.999, 10_000], [0.9999, 100_000]] as const) {
      const samples = integers(7, enough, 1_000_000);
      assert.equal(recorded(samples.slice(1)).percentile(q).ps, null, `q = ${q}`);
      const full = recorded(samples).percentile(q);
      assert.notEqual(full.ps, null, `q = ${q}`);
      assert.ok((full.lowPs ?? Infinity) <= (full.ps ?? NaN) && (full.ps ?? NaN) <= (full.highPs ?? -Infinity), `q = ${q}`);
    }
    assert.deepEqual(new LatencyRecorder().percentile(0.5), { q: 0.5, ps: null, lowPs: null, highPs: null });
  });

  test("is exact up to its cap and inside the stated error from the next sample on", () => {
    const samples = integers(11, 5_001, 2 ** 40);
    const recorder = recorded(samples.slice(0, 5_000), { cap: 5_000 });
    const sorted = samples.slice(0, 5_000).sort((a, b) => a - b);
    assert.ok(recorder.exact);
    assert.equal(recorder.relativeError, 0);
    assert.equal(recorder.quantile(0.9), sorted[4_499]);
    recorder.record(samples[5_000] ?? 0);
    assert.ok(!recorder.exact);
    assert.equal(recorder.relativeError, 2 ** -10);
    const all = samples.toSorted((a, b) => a - b);
    const truth = all[Math.ceil(0.9 * 5_001) - 1] ?? NaN;
    assert.ok(Math.abs(recorder.quantile(0.9) - truth) <= truth * 2 ** -10);
    assert.equal(recorder.quantile(0), all[0]);
    assert.equal(recorder.quantile(1), all.at(-1));
    assert.deepEqual(recorder.samples(), Float64Array.from(samples.slice(0, 5_000)));
  });

  test("tells the same to the last bit however often it was asked in between", () => {
    const samples = integers(13, 30_000, 9_000_000_000);
    const quiet = recorded(samples, { cap: 1_500 });
    const asked = new LatencyRecorder({ cap: 1_500 });
    samples.forEach((sample, index) => {
      asked.record(sample);
      if (index % 977 === 0) assert.ok(asked.sd >= 0 && asked.quantile(0.5) >= asked.min && asked.cdfPoints().length > 0);
    });
    const told = (recorder: LatencyRecorder): unknown => [recorder.count, recorder.sum, recorder.mean, recorder.sd, recorder.percentile(0.99), recorder.cdfPoints()];
    assert.deepEqual(told(asked), told(quiet));
  });

  test("refuses what is not a safe integer of picoseconds", () => {
    const recorder = new LatencyRecorder();
    for (const wrong of [0.5, NaN, Infinity, 2 ** 53, -(2 ** 53)]) assert.throws(() => recorder.record(wrong), InternalFault);
    assert.equal(recorder.count, 0);
    assert.throws(() => new LatencyRecorder({ cap: 0 }), InternalFault);
    recorder.record(1);
    assert.throws(() => recorder.quantile(1.01), InternalFault);
    assert.throws(() => recorder.quantileInterval(0.5, 0.95, 0.5), InternalFault);
  });

  test("turns minus zero into zero", () => {
    assert.ok(Object.is(recorded([-0]).min, 0));
    assert.ok(Object.is(recorded([-0]).quantile(0.5), 0));
  });

  test("merges to what one recorder of all samples tells, exact, at its cap and beyond it, in whatever pieces the samples came", () => {
    const samples = integers(17, 24_000, 9_000_000_000).map((value, index) => (index % 5 === 0 ? -value : value));
    const told = (recorder: LatencyRecorder): unknown => [
      recorder.count, recorder.exact, recorder.sum, recorder.mean, recorder.min, recorder.max, recorder.relativeError, recorder.samples(),
      [0.001, 0.5, 0.9, 0.99, 0.999].map((q) => recorder.percentile(q)), recorder.cdfPoints(),
    ];
    let [exact, beyond] = [0, 0];
    for (const cap of [24_000, 23_999, 9_000, 6_001, 6_000, 5_999, 700]) {
      for (const cuts of [[6_000, 12_000, 18_000], [0, 1, 23_999], [20_000], [500, 700, 15_000]]) {
        const pieces = [0, ...cuts].map((from, index) => recorded(samples.slice(from, cuts[index] ?? samples.length), { cap }));
        const merged = new LatencyRecorder({ cap });
        for (const piece of pieces) merged.merge(piece);
        const whole = recorded(samples, { cap });
        assert.deepEqual(told(merged), told(whole), `cap ${cap}, cut at ${cuts.join(", ")}`);
        assert.ok(Math.abs(merged.sd / whole.sd - 1) < 1e-12);
        if (merged.exact) exact += 1;
        else beyond += 1;
      }
    }
    assert.ok(exact >= 4 && beyond >= 20, `${exact} exact, ${beyond} beyond the cap`);
  });

  test("goes on recording after a merge, leaves the other as it was, and refuses one of another kind", () => {
    const samples = integers(19, 9_000, 1_000_000);
    const [front, back] = [recorded(samples.slice(0, 3_000), { cap: 1_000 }), recorded(samples.slice(3_000, 8_000), { cap: 1_000 })];
    const before = back.percentile(0.9);
    front.merge(back);
    assert.deepEqual(back.percentile(0.9), before);
    for (const sample of samples.slice(8_000)) front.record(sample);
    const whole = recorded(samples, { cap: 1_000 });
    assert.deepEqual([front.count, front.sum, front.percentile(0.99)], [whole.count, whole.sum, whole.percentile(0.99)]);
    assert.throws(() => front.merge(new LatencyRecorder({ cap: 999 })), InternalFault);
    assert.throws(() => front.merge(new LatencyRecorder({ cap: 1_000, bits: 5 })), InternalFault);
  });

  test("gives no interval of the mean where a run is too short for one", () => {
    assert.equal(recorded(integers(3, 127, 1_000)).meanInterval(0.95), null);
    assert.notEqual(recorded(integers(3, 128, 1_000)).meanInterval(0.95), null);
    assert.equal(recorded(Array.from({ length: 5_000 }, (_, index) => index)).meanInterval(0.95), null, "a series that only grows");
  });

  test("narrows the interval of the mean by the samples beyond its cap", () => {
    const samples = integers(5, 160_000, 1_000_000);
    const width = (cap: number): number => {
      const interval = recorded(samples, { cap }).meanInterval(0.95);
      return (interval?.high ?? NaN) - (interval?.low ?? NaN);
    };
    assert.ok(Math.abs(width(40_000) / width(160_000) - 1) < 0.35, `${width(40_000)} and ${width(160_000)}`);
  });

  test("holds no more memory after a million samples beyond its cap than after the first", () => {
    const recorder = new LatencyRecorder({ cap: 1_000 });
    const random = prng(3);
    for (let index = 0; index < 10_000; index += 1) recorder.record(random.integer(1_000_000));
    const before = process.memoryUsage().arrayBuffers;
    for (let index = 0; index < 1_000_000; index += 1) recorder.record(random.integer(1_000_000));
    assert.ok(process.memoryUsage().arrayBuffers - before < 500_000);
    assert.equal(recorder.count, 1_010_000);
  });
});
