import { InternalFault } from "../errors/index.js";
import { Calendar } from "./calendar.js";
import { ORDER, type PHASE } from "./order.js";
import { Prefetch } from "./prefetch.js";
import { REAL, type Tokens } from "./tokens.js";

export const enum TIMER {
  source,
  batch,
  queue,
  bus,
  pool,
}

/**
 * Absolute times do not fit small integers: passed to a function or returned by one they would be put on the heap, event
 * for event. So parts read the present here and a token's time in its record, and hand back differences, which are small.
 */

/** What is to happen: tokens to resume, and timers of parts. A part moves or cancels its timer by setting when it is due; what was scheduled before is then stale and ignored. */
export class Agenda {
  readonly calendar: Calendar;
  readonly timerKind: number[] = [];
  readonly timerPart: number[] = [];
  /** When each timer is due. There is room for more than most programs have, because an array that is never replaced is a constant for the compiler. */
  due = new Float64Array(256).fill(Infinity);

  /** `row`: what becomes of a token is written into its row. */
  constructor(readonly tokens: Tokens, row: boolean) {
    this.calendar = new Calendar(new Prefetch(tokens, row));
  }

  newTimer(kind: TIMER, part: number): number {
    const timer = this.timerKind.length;
    if (timer >= ORDER.firstMessageRank) throw new InternalFault("too many timers");
    this.timerKind.push(kind);
    this.timerPart.push(part);
    if (timer >= this.due.length) {
      const grown = new Float64Array(this.due.length * 2).fill(Infinity);
      grown.set(this.due);
      this.due = grown;
    }
    return timer;
  }

  /** Resumes a token at its cursor; one whose cursor lies in the past (a speculative start) resumes now. */
  resume(token: number, phase: PHASE): void {
    const cursor = this.tokens.reals[token + REAL.cursor]!;
    const { calendar } = this;
    calendar.keyTime = cursor > calendar.time ? cursor : calendar.time;
    calendar.keyRank = phase * ORDER.phaseStride + this.tokens.reals[token + REAL.rank]!;
    calendar.enter(token);
  }

  /** Makes a token whose cursor is now the present event, if nothing that is pending comes before it. */
  isNext(token: number, phase: PHASE): boolean {
    const rank = phase * ORDER.phaseStride + this.tokens.reals[token + REAL.rank]!;
    const { calendar } = this;
    if (calendar.headTime < calendar.time || (calendar.headTime === calendar.time && calendar.headRank < rank)) return false;
    calendar.rank = rank;
    return true;
  }

  /** Sets when a timer is due, as a time from now. */
  setTimer(timer: number, later: number, phase: PHASE): void {
    const { calendar } = this;
    const at = calendar.time + later;
    if (this.due[timer] === at) return;
    this.due[timer] = at;
    calendar.keyTime = at;
    calendar.keyRank = phase * ORDER.phaseStride + timer;
    calendar.enter(~timer);
  }

  cancel(timer: number): void {
    this.due[timer] = Infinity;
  }
}
