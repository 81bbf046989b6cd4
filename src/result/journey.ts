import type { SegmentKind } from "./types.js";

/** One piece of a message's latency. */
export interface JourneyPiece {
  readonly step: string;
  readonly label: string;
  readonly kind: SegmentKind;
  /** From the start of the metric's window to where the piece begins, and how long it is; only an overlap is negative. */
  readonly atPs: number;
  readonly ps: number;
  /** Number of the message that had what this one waited for; null where nobody had it. */
  readonly waitedFor: number | null;
}

/** A branch that did not decide, and how much longer it could have taken for free (in a race: how much later it came). */
export interface JourneyBranch {
  readonly step: string;
  readonly slackPs: number;
}

/** What happened to one message inside the window of one metric. The pieces add to the latency exactly, one behind the other. */
export interface Journey {
  readonly message: number;
  readonly source: string;
  readonly path: string;
  readonly payload: number;
  readonly metric: string;
  readonly from: string;
  readonly to: string;
  /** Simulated time at which the window begins. */
  readonly startPs: number;
  readonly latencyPs: number;
  readonly pieces: readonly JourneyPiece[];
  readonly branches: readonly JourneyBranch[];
}
