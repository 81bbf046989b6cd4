import type { MetricResult, Percentile } from "../result/index.js";
import { DEFAULT_CONFIDENCE } from "../scenario/index.js";
import { hasEnoughBeyond, scatterInterval, sections, type LatencyRecorder } from "../stats/index.js";

export const PERCENTILES = [0.5, 0.9, 0.99, 0.999, 0.9999] as const;

/** What a result says of a set of latencies, wherever they come from. */
export type LatencyNumbers = Pick<MetricResult, "count" | "minPs" | "meanPs" | "meanLowPs" | "meanHighPs" | "sdPs" | "maxPs" | "percentiles" | "cdf" | "sections" | "replications" | "relativeError">;

/** What each replication came to by itself; a percentile is null where too few messages lie beyond it. */
export interface ReplicationNumbers {
  readonly mean: number | null;
  readonly percentiles: readonly (number | null)[];
}

/** Of several replications what each came to, and the level of intervals. */
interface Replicated {
  readonly replications?: readonly ReplicationNumbers[];
  readonly confidence?: number;
}

/** One number of each replication, null where it is too short to have it. */
interface Scattered {
  readonly values: readonly (number | null)[];
  readonly confidence: number;
}

/** What one replication came to. */
export function replicationNumbers(recorder: LatencyRecorder): ReplicationNumbers {
  return {
    mean: recorder.count === 0 ? null : recorder.mean,
    percentiles: PERCENTILES.map((q) => (hasEnoughBeyond(q, recorder.count) ? recorder.quantile(q) : null)),
  };
}

/**
 * The numbers of everything that was recorded; zeros and empty lists where that is nothing. Intervals come from how replications scatter
 * where there are two or more of them, otherwise from the one run; they are of 95 % unless said otherwise.
 */
export function latencyNumbers(recorder: LatencyRecorder, { replications = [], confidence = DEFAULT_CONFIDENCE }: Replicated = {}): LatencyNumbers {
  const empty = recorder.count === 0;
  const mean = empty ? null : meanInterval(recorder, replications, confidence);
  return {
    count: recorder.count,
    minPs: empty ? 0 : recorder.min,
    meanPs: empty ? 0 : recorder.mean,
    meanLowPs: mean?.low ?? null,
    meanHighPs: mean?.high ?? null,
    sdPs: empty ? 0 : recorder.sd,
    maxPs: empty ? 0 : recorder.max,
    percentiles: empty ? [] : PERCENTILES.map((q, index) => percentile(recorder, q, { values: replications.map((one) => one.percentiles[index] ?? null), confidence })),
    cdf: empty ? [] : recorder.cdfPoints(),
    sections: sectionsOf(recorder),
    replications: replicationsOf(replications),
    relativeError: recorder.relativeError,
  };
}

function meanInterval(recorder: LatencyRecorder, replications: readonly ReplicationNumbers[], confidence: number): { readonly low: number | null; readonly high: number | null } | null {
  return replications.length > 1 ? scatter(recorder.mean, { values: replications.map((one) => one.mean), confidence }) : recorder.meanInterval(confidence);
}

function percentile(recorder: LatencyRecorder, q: number, each: Scattered): Percentile {
  if (each.values.length < 2) return recorder.percentile(q, each.confidence);
  const ps = hasEnoughBeyond(q, recorder.count) ? recorder.quantile(q) : null;
  const interval = ps === null ? null : scatter(ps, each);
  return { q, ps, lowPs: interval === null ? null : Math.round(interval.low), highPs: interval === null ? null : Math.round(interval.high) };
}

/** Null where a replication is too short to have the number. */
function scatter(whole: number, { values, confidence }: Scattered): { readonly low: number; readonly high: number } | null {
  const known = values.filter((value) => value !== null);
  return known.length < values.length ? null : scatterInterval(whole, known, confidence);
}

function sectionsOf(recorder: LatencyRecorder): MetricResult["sections"] {
  const found = sections(recorder.samples());
  return found === null ? null : { size: found.size, meansPs: found.means, p50sPs: found.p50s, p99sPs: found.p99s };
}

/** What each of several came to, by which differences between runs on the same seeds are judged; a list is empty where one of them has no such number. */
function replicationsOf(each: readonly ReplicationNumbers[]): MetricResult["replications"] {
  if (each.length < 2) return null;
  const all = (of: (one: ReplicationNumbers) => number | null): number[] => {
    const known = each.map(of).filter((value) => value !== null);
    return known.length === each.length ? known : [];
  };
  const percentiles = (q: (typeof PERCENTILES)[number]): number[] => all((one) => one.percentiles[PERCENTILES.indexOf(q)] ?? null);
  return { meansPs: all((one) => one.mean), p50sPs: percentiles(0.5), p99sPs: percentiles(0.99) };
}
