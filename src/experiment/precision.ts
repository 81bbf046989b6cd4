import { percentileName, type MetricResult, type PrecisionResult } from "../result/index.js";
import { hasEnoughBeyond, MIN_EXCEEDANCES } from "../stats/index.js";

/** How narrow the interval of a statistic is to be. */
export interface PrecisionGoal {
  /** Of this metric; of every metric without one, but for those that have a goal of their own for the statistic. */
  readonly metric?: string | undefined;
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
  /** So many messages of all replications together at most; null for a hundred times those of the first. The first replications are made in any case. */
  readonly mostMessages: number | null;
}

/** Replications that precision may take where no number of messages is said. */
const MOST_REPLICATIONS = 100;

/** An interval of Student's t from fewer replications is wide, and narrow by chance too often. */
const FEWEST = 10;
/** A little more than it seems to need, so that one more look will do: each look is a chance to stop by luck, and the metrics of other replications have other counts. */
const MARGIN = 1.1;

/** How narrow the intervals have become. */
export function precisionOf(metrics: readonly MetricResult[], goals: readonly PrecisionGoal[]): PrecisionResult[] {
  return metrics.filter((metric) => metric.count > 0).flatMap((metric) => goalsOf(metric, goals).map(({ of, share }): PrecisionResult => {
    const reached = of === "mean" ? width(metric.meanPs, metric.meanLowPs, metric.meanHighPs) : percentileWidth(metric, of);
    return { metric: metric.name, of: statisticName(of), asked: share, reached, held: reached !== null && reached <= share };
  }));
}

function statisticName(of: PrecisionGoal["of"]): string {
  return of === "mean" ? of : percentileName(of);
}

/** What is asked of one metric. */
function goalsOf({ name }: MetricResult, goals: readonly PrecisionGoal[]): readonly PrecisionGoal[] {
  const own = goals.filter(({ metric }) => metric === name);
  return goals.filter((goal) => goal.metric === name || (goal.metric === undefined && !own.some(({ of }) => of === goal.of)));
}

/** Replications that the limit allows where each has so many messages, and the first had so many. */
export function mostReplications({ first, mostMessages }: ReplicationPlan, each: number, ofFirst: number): number {
  return Math.max(first, Math.floor((mostMessages ?? MOST_REPLICATIONS * ofFirst) / Math.max(1, each)));
}

/** Messages of a replication, of which one of `messages` gave these metrics, with enough of them beyond every percentile that is asked for; no more where they are enough. */
export function neededMessages(metrics: readonly MetricResult[], goals: readonly PrecisionGoal[], messages: number): number {
  const factors = metrics.filter(({ count }) => count > 0).flatMap((metric) => goalsOf(metric, goals).flatMap(({ of }) => {
    return of === "mean" || hasEnoughBeyond(of, metric.count) ? [] : [(MIN_EXCEEDANCES / (1 - of) / metric.count) * MARGIN];
  }));
  return Math.ceil(messages * Math.max(1, ...factors));
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
