import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { summariseArrivals } from "../../../src/capture/index.js";

describe("the summary of arrivals", () => {
  test("gives gaps that occur: the median is the lower middle one", () => {
    const summary = summariseArrivals(Float64Array.of(0, 0, 10, 13, 113));
    assert.deepEqual([summary.count, summary.span, summary.meanGap], [5, 113, 28.25]);
    assert.deepEqual([summary.shortestGap, summary.medianGap, summary.longestGap, summary.zeroGaps], [0, 3, 100, 1]);
  });

  test("counts a window without its end", () => {
    const window = 1e7;
    const most = (times: readonly number[]): number | undefined => summariseArrivals(Float64Array.from(times)).peaks.find((peak) => peak.window === window)?.arrivals;
    assert.equal(most([0, 1, window]), 2);
    assert.equal(most([0, 1, window - 1]), 3);
    assert.equal(most([0, window, window + 1, 2 * window - 1, 2 * window]), 3);
  });

  test("states the peaks as rates", () => {
    const peaks = summariseArrivals(Float64Array.of(0, 5e6, 5e7, 5e8)).peaks;
    assert.deepEqual(peaks, [
      { window: 1e9, arrivals: 4, perSecond: 4000 },
      { window: 1e8, arrivals: 3, perSecond: 30_000 },
      { window: 1e7, arrivals: 2, perSecond: 200_000 },
    ]);
  });

  test("has no gaps to speak of with one arrival, and only zeros where all arrive at once", () => {
    const one = summariseArrivals(Float64Array.of(0));
    assert.deepEqual([one.count, one.span, one.meanGap, one.medianGap, one.shortestGap, one.longestGap, one.zeroGaps], [1, 0, null, null, null, null, 0]);
    assert.equal(one.peaks[0]?.arrivals, 1);
    const same = summariseArrivals(new Float64Array(4));
    assert.deepEqual([same.zeroGaps, same.medianGap, same.longestGap], [3, 0, 0]);
    const none = summariseArrivals(new Float64Array(0));
    assert.deepEqual([none.count, none.span, none.peaks[0]?.arrivals], [0, 0, 0]);
  });
});
