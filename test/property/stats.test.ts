import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { autocorrelation, Histogram, LatencyRecorder, mser5, quantileRanks } from "../../src/stats/index.js";

/** Integers of every magnitude and either sign: a uniform draw would hardly ever give a small one. */
const latency = fc.tuple(fc.integer({ min: 0, max: 52 }), fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean()).map(([exponent, share, negative]) => {
  const value = Math.floor(2 ** exponent * (1 + share) - 1);
  return negative ? -value : value;
});
const latencies = fc.array(latency, { minLength: 1, maxLength: 400 });
const probability = fc.double({ min: 0, max: 1, noNaN: true });

function recorded(samples: readonly number[], cap: number): LatencyRecorder {
  const recorder = new LatencyRecorder({ cap });
  for (const sample of samples) recorder.record(sample);
  return recorder;
}

describe("laws of the recorder", () => {
  test("a quantile of the histogram is within the stated error of the exact one, for every rank", () => {
    fc.assert(fc.property(latencies, probability, (samples, q) => {
      const exact = recorded(samples, 1_000);
      const rounded = recorded(samples, 1);
      const truth = exact.quantile(q);
      const sorted = samples.toSorted((a, b) => a - b);
      assert.equal(truth, (sorted[Math.max(1, Math.ceil(q * samples.length - 1e-12)) - 1] ?? NaN) + 0);
      assert.ok(Math.abs(rounded.quantile(q) - truth) <= Math.abs(truth) * 2 ** -10, `${rounded.quantile(q)} for ${truth}`);
    }));
  });

  test("count, extremes, sum and mean are exact in both modes, and the spreads agree", () => {
    fc.assert(fc.property(latencies, fc.integer({ min: 1, max: 50 }), (samples, cap) => {
      const recorder = recorded(samples, cap);
      const total = samples.reduce((sum, sample) => sum + BigInt(sample), 0n);
      assert.equal(recorder.sum, total);
      assert.equal(recorder.count, samples.length);
      assert.equal(recorder.min, Math.min(...samples) + 0);
      assert.equal(recorder.max, Math.max(...samples) + 0);
      assert.equal(recorder.mean, Number(total) / samples.length);
      const whole = recorded(samples, 1_000);
      assert.ok(Math.abs(recorder.sd - whole.sd) <= 1e-9 * Math.max(1, whole.sd));
    }));
  });

  test("quantiles ascend with q and lie between the extremes", () => {
    fc.assert(fc.property(latencies, probability, probability, fc.constantFrom(1, 1_000), (samples, a, b, cap) => {
      const recorder = recorded(samples, cap);
      const low = recorder.quantile(Math.min(a, b));
      const high = recorder.quantile(Math.max(a, b));
      assert.ok(recorder.min <= low && low <= high && high <= recorder.max);
    }));
  });

  test("points of the distribution ascend strictly and end at the extremes", () => {
    fc.assert(fc.property(latencies, fc.integer({ min: 30, max: 300 }), fc.constantFrom(1, 1_000), (samples, limit, cap) => {
      const recorder = recorded(samples, cap);
      const points = recorder.cdfPoints(limit);
      assert.ok(points.length <= limit);
      assert.equal(points[0]?.ps, recorder.min);
      assert.deepEqual(points.at(-1), { ps: recorder.max, q: 1 });
      points.slice(1).forEach((point, index) => assert.ok(point.q > (points[index]?.q ?? NaN) && point.ps > (points[index]?.ps ?? NaN)));
    }));
  });
});

test("merging histograms in any grouping equals recording everything in one", () => {
  fc.assert(fc.property(latencies, latencies, latencies, (a, b, c) => {
    const [first, second, third, whole] = [a, b, c, [...a, ...b, ...c]].map((samples) => {
      const histogram = new Histogram();
      histogram.recordAll(Float64Array.from(samples, (sample) => sample + 0));
      return histogram;
    }) as [Histogram, Histogram, Histogram, Histogram];
    const right = second.clone();
    right.merge(third);
    first.merge(right);
    assert.equal(first.count, whole.count);
    for (let rank = 1; rank <= whole.count; rank += 1) assert.equal(first.ranked().at(rank), whole.ranked().at(rank));
  }), { numRuns: 30 });
});

test("ranks enclose the nearest rank and part as confidence grows", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 100_000 }), fc.double({ min: 0.001, max: 0.9999, noNaN: true }), (count, q) => {
    const narrow = quantileRanks(q, count, 0.9);
    const wide = quantileRanks(q, count, 0.999);
    assert.ok((wide.low ?? 0) <= (narrow.low ?? 0) && (narrow.high ?? count + 1) <= (wide.high ?? count + 1));
    assert.ok((narrow.low ?? 0) <= Math.ceil(q * count) && Math.floor(q * count) <= (narrow.high ?? count + 1));
  }));
});

test("autocorrelation lies in -1 .. 1 and the warm-up inside the series, for any series", () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 2, maxLength: 300 }), (values) => {
    const series = Float64Array.from(values);
    assert.ok(Math.abs(autocorrelation(series, 1)) <= 1 + 1e-12);
    const { index } = mser5(series);
    assert.ok(index >= 0 && index <= 0.75 * series.length);
  }));
});
