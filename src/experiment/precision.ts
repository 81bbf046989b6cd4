import type { MetricResult, PrecisionResult } from "../result/index.js";

/** How narrow the 95 % interval of a statistic is to be. */
export interface PrecisionGoal {
  /** The mean, or the share of a percentile: 0.5, 0.9, 0.99, 0.999 or 0.9999. */
  readonly of: "mean" | number;
  /** The larger side of the interval as a share of the value. */
  readonly share: number;
}

/** How often a run is repeated on other random numbers. */
export interface ReplicationPlan {
  /** So many at first. */
  readonly first: number;
  /** Until these hold of every metric that measured anything. */
  readonly goals: readonly PrecisionGoal[];
  /** So many at most. */
  readonly most: number;
}

/** An interval of Student's t from fewer replications is wide, and narrow by chance too often. */
const FEWEST = 10;
/** A little more than it seems to need, so that one more look will do: each look is a chance to stop by luck. */
const MARGIN = 1.1;

/** How narrow the intervals have become. */
export function precisionOf(metrics: readonly MetricResult[], goals: readonly PrecisionGoal[]): PrecisionResult[] {
  return metrics.filter((metric) => metric.count > 0).flatMap((metric) => goals.map(({ of, share }): PrecisionResult => {
    const reached = of === "mean" ? width(metric.meanPs, metric.meanLowPs, metric.meanHighPs) : percentileWidth(metric, of);
    return { metric: metric.name, of: of === "mean" ? of : `p${Number((of * 100).toFixed(6))}`, asked: share, reached, held: reached !== null && reached <= share };
  }));
}

function percentileWidth(metric: MetricResult, q: number): number | null {
  const found = metric.percentiles.find((one) => one.q === q);
  return found === undefined ? null : width(found.ps, found.lowPs, found.highPs);
}

/** The larger side of an interval as a share of the value; null without an interval or where a share of zero would be meant. */
function width(value: number | null, low: number | null, high: number | null): number | null {
  if (value === null || low === null || high === null) return null;
  return widthOf(value, value - low, high - value);
}

/** The larger of both sides as a share of a value; null where that is zero and they are not. */
export function widthOf(value: number, below: number, above: number): number | null {
  const side = Math.max(below, above);
  if (side === 0) return 0;
  return value === 0 ? null : side / Math.abs(value);
}

/**
 * How many replications there are to be next; null when no more are needed, wanted or of any use. It follows from what was found alone, so
 * that the same run is made the same way each time. A variance falls with the number of replications: that says how many are missing.
 */
export function nextCount(made: number, found: readonly PrecisionResult[], most: number): number | null {
  const unmet = found.filter((one) => !one.held);
  if (unmet.length === 0 || made >= most) return null;
  // Where many replications gave no interval more of them will not, because each is too short.
  if (made >= FEWEST && unmet.some((one) => one.reached === null)) return null;
  const needed = Math.max(...unmet.map(({ reached, asked }) => (reached === null ? 0 : (reached / asked) ** 2))) * made * MARGIN;
  const least = Math.max(FEWEST, made + Math.ceil(made / 5));
  return Math.min(most, Math.max(least, Math.min(Math.ceil(needed), 2 * Math.max(FEWEST, made))));
}
