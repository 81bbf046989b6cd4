/** A latency and the share of samples that do not exceed it. */
export interface RankedLatency {
  readonly ps: number;
  readonly q: number;
}

/** What the footer of the table states. */
export interface HgrmSummary {
  readonly count: number;
  readonly meanPs: number;
  readonly sdPs: number;
  readonly maxPs: number;
  /** Buckets that stand behind the values, for the last line; 0 where every sample was kept. */
  readonly buckets: number;
}

const HEAD = "       Value     Percentile TotalCount 1/(1-Percentile)\n\n";

/**
 * Percentiles as the text that HdrHistogram's tools print and plot (.hgrm), values in nanoseconds. `points` ascend and end with the maximum
 * at a share of 1.
 */
export function hgrmText(points: readonly RankedLatency[], summary: HgrmSummary): string {
  const lines = points.map(({ ps, q }) => {
    const share = q.toFixed(12).padStart(14);
    const count = String(Math.round(q * summary.count)).padStart(10);
    const odds = q < 1 ? (1 / (1 - q)).toFixed(2).padStart(14) : "";
    return `${ns(ps).padStart(12)} ${share} ${count}${odds === "" ? "" : ` ${odds}`}`;
  });
  const foot = [
    `#[Mean    = ${ns(summary.meanPs).padStart(12)}, StdDeviation   = ${ns(summary.sdPs).padStart(12)}]`,
    `#[Max     = ${ns(summary.maxPs).padStart(12)}, Total count    = ${String(summary.count).padStart(12)}]`,
    `#[Buckets = ${String(summary.buckets).padStart(12)}, SubBuckets     = ${"0".padStart(12)}]`,
  ];
  return `${HEAD}${[...lines, ...foot].join("\n")}\n`;
}

const ns = (ps: number): string => (ps / 1000).toFixed(3);
