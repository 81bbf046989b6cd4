import type { Difference } from "./comparison.js";
import type { Breakdown, MetricResult, Percentile, Result, RunResult, SegmentSum } from "./types.js";

// The questions every reader of a result asks, kept beside its shape so that tables and charts give the same answers.

/** One path to set beside others: a metric of a run of a result, under a name that tells it from its neighbours. */
export interface ComparedPath {
  readonly name: string;
  /** The name without the sweep point: runs of one design differ in what was swept only. */
  readonly design: string;
  readonly result: Result;
  readonly run: RunResult;
  readonly metric: MetricResult;
}

/** Which runs to set side by side: a metric by name (else the first of each run); every sweep point or only the first. */
export interface PathChoice {
  readonly metric?: string;
  readonly everyPoint?: boolean;
}

/** The sweep point in short, e.g. "20 kpps" or "20 kpps, count = 50", where a bare number would say nothing; empty without a sweep. */
export function pointName(run: Pick<RunResult, "point">): string {
  const named = ([axis, value]: readonly [string, string]): string => (/^[\d.]+$/u.test(value) ? `${axis.split(".").at(-1) ?? axis} = ${value}` : value);
  return Object.entries(run.point).map(named).join(", ");
}

/** The sweep point with its axes, e.g. "ticks.rate = 20 kpps"; empty without a sweep. */
export function pointText(point: Readonly<Record<string, string>>): string {
  return Object.entries(point).map(([axis, value]) => `${axis} = ${value}`).join(", ");
}

/** Whether two sweep points have the same axes and the same values. */
export function samePoint(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  const axes = Object.keys(one);
  return axes.length === Object.keys(other).length && axes.every((axis) => one[axis] === other[axis]);
}

/** The name of a run among the runs of its result: the variant, and the sweep point where there is one. */
export function runName(run: Pick<RunResult, "variant" | "point">): string {
  const point = pointName(run);
  return point === "" ? run.variant : `${run.variant}, ${point}`;
}

/** A run of which only the numbers are kept: no distribution, no parts, no costs, no resources. For pages of more runs than they have room for. */
export function summaryOf(run: RunResult): RunResult {
  return { ...run, seeds: [], metrics: run.metrics.map((metric) => ({ ...metric, cdf: [], breakdowns: [], sections: null, replications: null })), costs: [], resources: [] };
}

/** Whether only the numbers of a run are there. */
export function isSummary(run: RunResult): boolean {
  return run.metrics.some((metric) => metric.count > 0 && metric.cdf.length === 0);
}

/** "p50", "p99.9": the way people write a quantile. */
export function percentileName(q: number): string {
  return `p${Number((q * 100).toFixed(6))}`;
}

/** The level of intervals, e.g. "95 %"; the levels where runs differ in it. */
export function confidenceText(runs: readonly { readonly confidence: number }[]): string {
  return [...new Set(runs.map(({ confidence }) => confidence))].map((level) => `${Number((level * 100).toFixed(6))} %`).join(" or ");
}

/** The percentile of `q`, or null where the metric has none. */
export function percentileOf(metric: MetricResult, q: number): Percentile | null {
  return metric.percentiles.find((one) => one.q === q) ?? null;
}

/** The breakdown of a band; where it is missing, that of all messages; null where there is neither. */
export function breakdownOf(metric: MetricResult, band: Breakdown["band"]): Breakdown | null {
  const find = (name: Breakdown["band"]): Breakdown | undefined => metric.breakdowns.find((one) => one.band === name && one.messages > 0);
  return find(band) ?? find("all") ?? null;
}

/** The sum of all segments in ps: equal to the breakdown's totalPs unless the result is broken. */
export function segmentTotal(segments: readonly SegmentSum[]): number {
  return segments.reduce((sum, segment) => sum + segment.sumPs, 0);
}

/** An account of the cost ledger per message, over all owners, e.g. "copies"; 0 where nobody booked any. */
export function costPerMessage(run: RunResult, account: string): number {
  return run.costs.reduce((sum, owner) => sum + (owner.perMessage[account] ?? 0), 0);
}

/** The paths that a comparison of results sets side by side, in the order given: every variant of every result. */
export function comparedPaths(results: readonly Result[], choice: PathChoice = {}): ComparedPath[] {
  return results.flatMap((result) => {
    const runs = choice.everyPoint === true ? result.runs : firstOfEachVariant(result.runs);
    const variants = new Set(runs.map((run) => run.variant));
    return runs.flatMap((run) => {
      const metric = run.metrics.find((one) => one.name === choice.metric) ?? run.metrics[0];
      if (metric === undefined) return [];
      const design = results.length === 1 ? run.variant : variants.size === 1 ? result.scenario.id : `${result.scenario.id}/${run.variant}`;
      const point = runs.length > variants.size ? pointName(run) : "";
      return [{ name: point === "" ? design : `${design}, ${point}`, design, result, run, metric }];
    });
  });
}

/** Whether a design is compared at several sweep points. */
export function atSeveralPoints(differences: readonly Pick<Difference, "design">[]): boolean {
  return new Set(differences.map(({ design }) => design)).size < differences.length;
}

function firstOfEachVariant(runs: readonly RunResult[]): RunResult[] {
  return runs.filter((run, index) => runs.findIndex((other) => other.variant === run.variant) === index);
}
