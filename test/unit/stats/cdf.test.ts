import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { InternalFault } from "../../../src/errors/index.js";
import { LatencyRecorder } from "../../../src/stats/index.js";
import { prng } from "../../support/prng.js";

function exponentials(count: number, cap: number): LatencyRecorder {
  const random = prng(5);
  const recorder = new LatencyRecorder({ cap });
  for (let index = 0; index < count; index += 1) recorder.record(Math.round(random.exponential(1e7)) - 1_000);
  return recorder;
}

describe("points of the distribution", () => {
  test("are at most 300, ascend in both coordinates and end at the extremes, in both modes", () => {
    for (const cap of [1_000_000, 5_000]) {
      const recorder = exponentials(200_000, cap);
      const points = recorder.cdfPoints();
      assert.ok(points.length > 150 && points.length <= 300, `${points.length} points`);
      assert.equal(points[0]?.ps, recorder.min);
      assert.deepEqual(points.at(-1), { ps: recorder.max, q: 1 });
      points.slice(1).forEach((point, index) => {
        assert.ok(point.q > (points[index]?.q ?? NaN) && point.ps > (points[index]?.ps ?? NaN), `point ${index + 1}`);
      });
    }
  });

  test("hold the tail quantiles that a percentile table prints", () => {
    const recorder = exponentials(200_000, 1_000_000);
    const shown = new Set(recorder.cdfPoints().map((point) => point.ps));
    for (const q of [0.9, 0.99, 0.999, 0.9999]) assert.ok(shown.has(recorder.quantile(q)), `q = ${q}`);
  });

  test("give the share of the samples at or below each value", () => {
    const recorder = exponentials(20_000, 1_000_000);
    const samples = recorder.samples();
    for (const { ps, q } of recorder.cdfPoints(60)) {
      assert.equal(samples.filter((sample) => sample <= ps).length / samples.length, q);
    }
  });

  test("are one for each value of a small or a constant sample", () => {
    const recorder = new LatencyRecorder();
    for (const sample of [5, 1, 5, 3, 5]) recorder.record(sample);
    assert.deepEqual(recorder.cdfPoints(), [{ ps: 1, q: 0.2 }, { ps: 3, q: 0.4 }, { ps: 5, q: 1 }]);
    const constant = new LatencyRecorder();
    for (let index = 0; index < 1_000; index += 1) constant.record(7);
    assert.deepEqual(constant.cdfPoints(), [{ ps: 7, q: 1 }]);
  });

  test("keep both extremes where one bucket of the histogram holds everything", () => {
    const recorder = new LatencyRecorder({ cap: 10 });
    for (let index = 0; index < 1_000; index += 1) recorder.record(2 ** 40 + (index % 100));
    assert.deepEqual(recorder.cdfPoints(), [{ ps: 2 ** 40, q: 0.001 }, { ps: 2 ** 40 + 99, q: 1 }]);
  });

  test("need room for thirty", () => {
    assert.throws(() => exponentials(100, 1_000).cdfPoints(29), InternalFault);
    assert.ok(exponentials(100_000, 1_000_000).cdfPoints(30).length <= 30);
  });
});
