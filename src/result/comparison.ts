import type { PrecisionResult, Result, SegmentKind } from "./types.js";

/** The shape of what `wirelat compare --json` prints. All times are integer picoseconds unless said otherwise. */
export const COMPARISON_SCHEMA = "wirelat/comparison/1";

/** A number of one path and of another, and what lies between. */
export interface Change {
  readonly fromPs: number;
  readonly toPs: number;
  readonly deltaPs: number;
}

/** A change with its confidence interval; null where the runs are too short for one. */
export interface JudgedChange extends Change {
  readonly lowPs: number | null;
  readonly highPs: number | null;
  /** Whether the interval leaves zero out; null without an interval. */
  readonly distinct: boolean | null;
  /** What the interval rests on: how the replications of both differ, one by one, or how 32 stretches of both do; null without an interval. */
  readonly by: "replications" | "stretches" | null;
}

/** Time per message that one place of the path takes, before and after. */
export interface PartChange extends Change {
  readonly step: string;
  readonly label: string;
  readonly kind: SegmentKind;
}

/** Where a difference comes from: the parts add to `deltaPs`, and their before and after to those of the whole, to the picosecond. */
export interface BandChange extends Change {
  /** The mean of all messages, or of those around p99. */
  readonly band: "all" | "p50" | "p99";
  readonly parts: readonly PartChange[];
}

/** A cost per message, or a share of time, before and after. */
export interface CostChange {
  /** An account such as copies or memoryBytes, or cpuTime, or busBytes. */
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** What is counted: pieces, bytes, or picoseconds of processor time. */
  readonly unit: "count" | "bytes" | "ps";
}

/** One path against the baseline. */
export interface Difference {
  readonly name: string;
  readonly baseline: string;
  /** Both names without the sweep point, and the sweep point of the first. */
  readonly design: string;
  readonly baselineDesign: string;
  readonly point: Readonly<Record<string, string>>;
  /** Level of the intervals: that of the baseline. */
  readonly confidence: number;
  readonly mean: JudgedChange;
  readonly p50: JudgedChange | null;
  readonly p99: JudgedChange | null;
  readonly bands: readonly BandChange[];
  readonly costs: readonly CostChange[];
  /** How narrow the interval of the difference was to be, as a share of the baseline's value; empty unless something was asked. */
  readonly precision: readonly PrecisionResult[];
}

/** What `wirelat compare` found. */
export interface Comparison {
  readonly schema: typeof COMPARISON_SCHEMA;
  readonly differences: readonly Difference[];
  readonly results: readonly Result[];
}
