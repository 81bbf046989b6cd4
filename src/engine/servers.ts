import type { IdleSpec, ServerSpec } from "./program.js";
import { INT } from "./tokens.js";
import { SleepGovernor } from "./sleep.js";

/**
 * Servers taken by `hold` and given back by `free`. `freeAt` is Infinity while held.
 * A section without an event in between is booked at once, so an uncontended server needs no queue.
 */
export class Servers {
  readonly freeAt: Float64Array;
  readonly heldFrom: Float64Array;
  readonly busy: Float64Array;
  /** Looks of a polling observer that found nothing follow from time and period; useful looks are counted. */
  readonly holds: Float64Array;
  readonly head: Int32Array;
  readonly tail: Int32Array;
  /** Token that `free` has chosen to go next, -1 for none; with the time at which the server came free. */
  readonly granted: Int32Array;
  readonly grantedAt: Float64Array;
  readonly period: Float64Array;
  readonly sleep: readonly (SleepGovernor | null)[];
  /** Stage of the processor that each runs on, -1 for one of its own. */
  readonly processor: Int32Array;
  /** Time that each has spun after its work. */
  readonly spun: Float64Array;
  readonly spin: Float64Array;
  /** How long each had been free when it was taken last. */
  readonly rested: Float64Array;

  constructor(specs: readonly ServerSpec[], phase: (server: number) => number) {
    const n = specs.length;
    this.freeAt = Float64Array.from(specs, (spec, index) => (spec.period > 0 ? phase(index) - spec.period : 0));
    this.heldFrom = new Float64Array(n);
    this.busy = new Float64Array(n);
    this.holds = new Float64Array(n);
    this.head = new Int32Array(n).fill(-1);
    this.tail = new Int32Array(n).fill(-1);
    this.granted = new Int32Array(n).fill(-1);
    this.grantedAt = new Float64Array(n);
    this.period = Float64Array.from(specs, (spec) => spec.period);
    this.processor = Int32Array.from(specs, (spec) => spec.processor ?? -1);
    this.spun = new Float64Array(n);
    this.rested = new Float64Array(n);
    this.spin = Float64Array.from(specs, (spec) => spec.spin ?? 0);
    // Threads of one processor sleep with it.
    const governors = specs.map((spec) => governorOf(spec.idle));
    this.sleep = governors.map((own, index) => (this.processor[index]! < 0 ? own : governors[this.processor.indexOf(this.processor[index]!)]!));
  }

  /** Time that a server has looked for more after its work, up to `end`: its last look may not have ended otherwise. */
  spunUntil(server: number, end: number): number {
    const free = this.freeAt[server]!;
    const last = free < end ? Math.min(end - free, this.spin[server]!) : 0;
    return this.spun[server]! + last;
  }

  /** Queues a token behind a held server. */
  park(server: number, token: number, ints: Int32Array): void {
    ints[2 * token + INT.next] = -1;
    if (this.head[server]! < 0) this.head[server] = token;
    else ints[2 * this.tail[server]! + INT.next] = token;
    this.tail[server] = token;
  }

  /** Takes the first waiting token, -1 for none. */
  unpark(server: number, ints: Int32Array): number {
    const token = this.head[server]!;
    if (token >= 0) this.head[server] = ints[2 * token + INT.next]!;
    return token;
  }
}

function governorOf(idle: IdleSpec | null): SleepGovernor | null {
  return idle === null ? null : new SleepGovernor(idle);
}
