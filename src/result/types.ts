/** The shape of result.json. All times are integer picoseconds, all sizes bytes. Reports and charts are pure functions of this. */
export const RESULT_SCHEMA = "wirelat/result/1";

export interface Result {
  readonly schema: typeof RESULT_SCHEMA;
  readonly version: string;
  readonly scenario: ScenarioSummary;
  /** SHA-256 of the resolved inputs (scenario, presets, captures), hexadecimal. */
  readonly inputs: string;
  readonly seed: number;
  /** One per variant and sweep point, in the order of the file. */
  readonly runs: readonly RunResult[];
  /** For each variant and metric of a sweep over how often a source sends; empty for other sweeps and for none. */
  readonly theory: readonly TheoryCurve[];
  readonly expectations: readonly ExpectationResult[];
  readonly warnings: readonly string[];
}

/** What queueing theory says of a mean latency over the arrival rate. */
export interface TheoryCurve {
  readonly variant: string;
  readonly metric: string;
  /** The swept rate, e.g. "ticks.rate". */
  readonly axis: string;
  /** Empty where no closed form is known. */
  readonly law: "" | "M/D/1" | "M/G/1";
  /** What makes it so, or why no closed form is known. */
  readonly because: string;
  /** By rate, ascending; empty where no closed form is known. */
  readonly points: readonly TheoryPoint[];
}

export interface TheoryPoint {
  readonly perSecond: number;
  readonly meanPs: number;
}

export interface ScenarioSummary {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly level: string;
  readonly source: readonly string[];
}

export interface RunResult {
  readonly variant: string;
  /** Sweep axis -> value as written, e.g. {"ticks.rate": "20 kpps"}; empty without a sweep. */
  readonly point: Readonly<Record<string, string>>;
  /** Seed of each of the independent runs that are merged here; all but the first are derived from it. */
  readonly seeds: readonly number[];
  /** Level of all intervals, e.g. 0.95. */
  readonly confidence: number;
  readonly messages: MessageCounts;
  /** Simulated time of the whole run, warm-up included. */
  readonly durationPs: number;
  /** Hash of the executed (time, instruction, message) trajectory, hexadecimal. */
  readonly fingerprint: string;
  readonly events: number;
  readonly ties: number;
  readonly metrics: readonly MetricResult[];
  readonly costs: readonly OwnerCosts[];
  readonly resources: readonly ResourceUse[];
  /** What was asked of the width of intervals; empty unless something was. */
  readonly precision: readonly PrecisionResult[];
  readonly evidence: EvidenceShare;
}

/** How narrow the interval of a statistic was to be, and became. */
export interface PrecisionResult {
  readonly metric: string;
  /** "mean", "p50", "p99" … */
  readonly of: string;
  /** The larger side of the interval as a share of the value. */
  readonly asked: number;
  /** Null where the runs are too short for an interval. */
  readonly reached: number | null;
  readonly held: boolean;
}

export interface MessageCounts {
  readonly sent: number;
  readonly completed: number;
  /** Completed after the warm-up: what the metrics rest on. */
  readonly measured: number;
  /** Reason -> count. */
  readonly dropped: Readonly<Record<string, number>>;
}

export interface MetricResult {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** Closed-loop source: percentiles hide the stalls the source waited out. */
  readonly closedLoop: boolean;
  /** Latency with one message in flight and mean alignments; null where the path has no static value. */
  readonly floorPs: number | null;
  readonly count: number;
  readonly minPs: number;
  readonly meanPs: number;
  /** Confidence interval of the mean; null in runs too short for one. */
  readonly meanLowPs: number | null;
  readonly meanHighPs: number | null;
  readonly sdPs: number;
  readonly maxPs: number;
  readonly percentiles: readonly Percentile[];
  /** Points of the empirical distribution, at most a few hundred, ascending. */
  readonly cdf: readonly CdfPoint[];
  /** What each of 32 equal stretches of the run came to by itself, by which differences between runs are judged; null in a short run. */
  readonly sections: SectionResult | null;
  /** What each replication came to by itself, in the order of the seeds; null of a single run. */
  readonly replications: ReplicationResult | null;
  /** Largest relative error of a percentile; 0 while every sample was kept. */
  readonly relativeError: number;
  readonly breakdowns: readonly Breakdown[];
  /** Value of time, e.g. dollars per second; null without one. */
  readonly value: { readonly dollarsPerSecond: number; readonly meanDollars: number } | null;
}

export interface SectionResult {
  /** Messages in each stretch. */
  readonly size: number;
  readonly meansPs: readonly number[];
  readonly p50sPs: readonly number[];
  /** Empty where the stretches are too short for it. */
  readonly p99sPs: readonly number[];
}

export interface ReplicationResult {
  /** Each list is empty where a replication is too short for it. */
  readonly meansPs: readonly number[];
  readonly p50sPs: readonly number[];
  readonly p99sPs: readonly number[];
}

export interface Percentile {
  /** 0.5, 0.9, 0.99, 0.999, 0.9999 */
  readonly q: number;
  /** null when fewer than 10 samples lie beyond it. */
  readonly ps: number | null;
  /** Confidence interval from order statistics, or from several replications. */
  readonly lowPs: number | null;
  readonly highPs: number | null;
}

export interface CdfPoint {
  readonly ps: number;
  readonly q: number;
}

/** Where the time goes for the messages of one band of latency. The segments' sums add to totalPs exactly. */
export interface Breakdown {
  readonly band: "all" | "p50" | "p99";
  readonly messages: number;
  /** Sum of the latencies of those messages. */
  readonly totalPs: number;
  readonly segments: readonly SegmentSum[];
}

export interface SegmentSum {
  /** The step of the path, e.g. "gw.nic.rx". */
  readonly step: string;
  /** What happened there, e.g. "payload write". */
  readonly label: string;
  readonly kind: SegmentKind;
  /** Sum over the band's messages; only "overlap" may be negative. */
  readonly sumPs: number;
}

export const SEGMENT_KINDS = [
  "serialise", "propagate", "process", "copy", "queue", "arbitrate", "credit", "batch", "poll", "align", "irq", "wake", "sched",
  "preempt", "contend", "order", "rate-match", "join", "retry", "overlap",
] as const;
export type SegmentKind = (typeof SEGMENT_KINDS)[number];

/** Costs of one owner (a host or a device), totals over the whole run, warm-up included. */
export interface OwnerCosts {
  readonly owner: string;
  /** Account -> total: movements, movedBytes, copies, copiedBytes, touchedBytes, interrupts, syscalls, switches, ipis, doorbells, mmioReads, polls … */
  readonly totals: Readonly<Record<string, number>>;
  /** The same per completed message. */
  readonly perMessage: Readonly<Record<string, number>>;
}

export interface ResourceUse {
  /** Dotted name of the part, e.g. "gw.cpu.app" or "feed". */
  readonly name: string;
  readonly kind: "core" | "link" | "bus" | "stage" | "pool" | "batch";
  /** Share of the run's time in which it was busy, 0..1. */
  readonly busy: number;
  /** Category -> share of time, for cores: user, sys, softirq, hardirq, poll-empty, idle … */
  readonly categories: Readonly<Record<string, number>>;
  /** Bytes that crossed over the whole run: payload on links, payload and overhead on buses. */
  readonly bytes: Readonly<Record<string, number>>;
  readonly peak: number;
}

export interface EvidenceShare {
  /** Share of the mean zero-load latency that rests on estimates, 0..1. */
  readonly estimated: number;
  /** Citations used. */
  readonly sources: readonly string[];
}

export interface ExpectationResult {
  /** The check as written. */
  readonly check: string;
  readonly because: string;
  readonly cite: string | null;
  readonly place: string;
  readonly held: boolean;
  /** What each side came to, for the reader, e.g. "7.702 us in 7 us .. 9 us". */
  readonly found: string;
  /** The sweep point it was checked at; empty means it holds without a sweep. */
  readonly point: Readonly<Record<string, string>>;
}
