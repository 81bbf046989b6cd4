import type { SegmentKind } from "../result/index.js";
import type { CompiledMetric } from "../scenario/index.js";
import type { Lags } from "./stamps.js";

/** A piece of a latency that stands at an end of its window, in no slot. */
export interface EdgePiece {
  readonly step: string;
  readonly label: string;
  readonly kind: SegmentKind;
  readonly ps: number;
}

/**
 * The bytes of a frame that lie before the start of a metric's window: they are taken off the waits for those very bytes inside it. What no
 * such wait can bear is an overlap, because the answer was under way before the window began.
 */
export class EdgeDebt {
  constructor(private readonly metric: CompiledMetric, private owed: number) {}

  /** What is left of the time in a slot. */
  taken(slot: number, ps: number): number {
    const paid = this.metric.edgeSlots.includes(slot) ? Math.min(this.owed, ps) : 0;
    this.owed -= paid;
    return ps - paid;
  }

  /** What stays owed once all slots are through. */
  get overlap(): EdgePiece {
    return { step: this.metric.from, label: "trigger before the start of the window", kind: "overlap", ps: -this.owed };
  }
}

/** The bytes of a frame up to the one with which the window ends. */
export const restOfFrame = (metric: CompiledMetric, ps: number): EdgePiece => ({ step: metric.to, label: "rest of the frame", kind: "serialise", ps });

/** What time stamps put on a latency: the window begins at the clock's tick before its start, and ends at the tick before its end. */
export function stampPieces(metric: CompiledMetric, lags: Lags): { readonly before: EdgePiece; readonly behind: EdgePiece } {
  const label = "since the last tick of the time stamps' clock";
  return { before: { step: metric.from, label, kind: "align", ps: lags.from }, behind: { step: metric.to, label, kind: "overlap", ps: -lags.to } };
}
