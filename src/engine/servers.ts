import type { IdleSpec, ServerSpec } from "./program.js";
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
    this.sleep = specs.map((spec) => governorOf(spec.idle));
  }

  /** Queues a token behind a held server. */
  park(server: number, token: number, next: Int32Array): void {
    next[token] = -1;
    if (this.head[server]! < 0) this.head[server] = token;
    else next[this.tail[server]!] = token;
    this.tail[server] = token;
  }

  /** Takes the first waiting token, -1 for none. */
  unpark(server: number, next: Int32Array): number {
    const token = this.head[server]!;
    if (token >= 0) this.head[server] = next[token]!;
    return token;
  }
}

function governorOf(idle: IdleSpec | null): SleepGovernor | null {
  return idle === null ? null : new SleepGovernor(idle);
}
