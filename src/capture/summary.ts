/** The most arrivals in any half-open window of this length. */
export interface PeakRate {
  /** Length of the window, ps. */
  readonly window: number;
  readonly arrivals: number;
  readonly perSecond: number;
}

/** Statistics of an arrival series; times are ps, and null where there are too few arrivals to have them. */
export interface ArrivalSummary {
  readonly count: number;
  /** First arrival to last. */
  readonly span: number;
  readonly meanGap: number | null;
  /** Nearest rank: a gap that occurs. */
  readonly medianGap: number | null;
  readonly shortestGap: number | null;
  readonly longestGap: number | null;
  readonly zeroGaps: number;
  readonly peaks: readonly PeakRate[];
}

/** 1 ms, 100 us and 10 us. */
const WINDOWS: readonly number[] = [1e9, 1e8, 1e7];

/** Gaps, span and peak rates of arrivals at `times` (ps, never decreasing, as `arrivals` gives them). */
export function summariseArrivals(times: Float64Array): ArrivalSummary {
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  const sorted = gaps.sort();
  const span = (times[times.length - 1] ?? 0) - (times[0] ?? 0);
  const firstPositive = sorted.findIndex((gap) => gap > 0);
  return {
    count: times.length,
    span,
    meanGap: sorted.length === 0 ? null : span / sorted.length,
    medianGap: sorted[Math.ceil(sorted.length / 2) - 1] ?? null,
    shortestGap: sorted[0] ?? null,
    longestGap: sorted[sorted.length - 1] ?? null,
    zeroGaps: firstPositive === -1 ? sorted.length : firstPositive,
    peaks: WINDOWS.map((window) => peakRate(times, window)),
  };
}

function peakRate(times: Float64Array, window: number): PeakRate {
  let most = 0;
  let begin = 0;
  for (const [index, time] of times.entries()) {
    while (time - (times[begin] ?? time) >= window) begin += 1;
    most = Math.max(most, index - begin + 1);
  }
  return { window, arrivals: most, perSecond: (most * 1e12) / window };
}
