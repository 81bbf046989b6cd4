import type { MetricResult } from "../result/index.js";
import { sections, type LatencyRecorder } from "../stats/index.js";

export const PERCENTILES = [0.5, 0.9, 0.99, 0.999, 0.9999] as const;

/** What a result says of a set of latencies, wherever they come from. */
export type LatencyNumbers = Pick<MetricResult, "count" | "minPs" | "meanPs" | "sdPs" | "maxPs" | "percentiles" | "cdf" | "sections" | "relativeError">;

/** The numbers of everything that was recorded; zeros and empty lists where that is nothing. */
export function latencyNumbers(recorder: LatencyRecorder): LatencyNumbers {
  const empty = recorder.count === 0;
  return {
    count: recorder.count,
    minPs: empty ? 0 : recorder.min,
    meanPs: empty ? 0 : recorder.mean,
    sdPs: empty ? 0 : recorder.sd,
    maxPs: empty ? 0 : recorder.max,
    percentiles: empty ? [] : PERCENTILES.map((q) => recorder.percentile(q)),
    cdf: empty ? [] : recorder.cdfPoints(),
    sections: sectionsOf(recorder),
    relativeError: recorder.relativeError,
  };
}

function sectionsOf(recorder: LatencyRecorder): MetricResult["sections"] {
  const found = sections(recorder.samples());
  return found === null ? null : { size: found.size, meansPs: found.means, p50sPs: found.p50s, p99sPs: found.p99s };
}
