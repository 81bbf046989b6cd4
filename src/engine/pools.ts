import { WirelatError } from "../errors/index.js";
import { TIMER, type Agenda } from "./agenda.js";
import { PHASE } from "./order.js";
import type { PoolSpec } from "./program.js";
import { INT, REAL } from "./tokens.js";

/** A claim's answer when it must wait or is refused; otherwise the units are taken. */
export const enum CLAIM {
  granted,
  waits,
  refused,
}

/**
 * Units to be claimed and given back. A release may be announced ahead of its time; it counts from then on,
 * so an uncontended pool costs no event. Waiters are served first come, first served.
 */
export class Pool {
  protected available: number;
  protected readonly timer: number;
  /** Announced releases as a binary heap on time: pairs (time, units). */
  private heap = new Float64Array(32);
  private heapSize = 0;
  private head = -1;
  private tail = -1;
  private refilledAt = -0;
  /** Time of the release that is being entered. */
  private enter = -0;
  /** Token bucket: time owed, scaled by the rate's denominator so that it stays an integer. */
  private owed = 0;
  refusals = 0;
  claims = 0;
  lowest: number;

  constructor(readonly spec: PoolSpec, index: number, protected readonly agenda: Agenda) {
    this.available = spec.capacity;
    this.lowest = spec.capacity;
    this.timer = agenda.newTimer(TIMER.pool, index);
  }

  claim(token: number, units: number): CLAIM {
    this.settle();
    if (this.head < 0 && this.available >= units) {
      this.take(units);
      return CLAIM.granted;
    }
    if (this.spec.whenFull === "drop") {
      this.refusals++;
      return CLAIM.refused;
    }
    this.refuseTooMany(units);
    this.agenda.tokens.reals[token + REAL.need] = units;
    this.agenda.tokens.ints[2 * token + INT.next] = -1;
    if (this.head < 0) this.head = token;
    else this.agenda.tokens.ints[2 * this.tail + INT.next] = token;
    this.tail = token;
    this.wakeLater();
    return CLAIM.waits;
  }

  /** Whether no unit is to be had now. */
  taken(): boolean {
    return !this.hasRoom(1);
  }

  /** Whether a claim of so many units would be granted now. */
  hasRoom(units: number): boolean {
    this.settle();
    return this.head < 0 && this.available >= units;
  }

  /** Units come back `later` after the token's cursor, which may lie ahead. */
  release(token: number, units: number, later: number): void {
    if (this.heapSize * 2 === this.heap.length) {
      const grown = new Float64Array(this.heap.length * 2);
      grown.set(this.heap);
      this.heap = grown;
    }
    this.enter = this.agenda.tokens.reals[token + REAL.cursor]! + later;
    this.siftUp(this.heapSize++, units);
    if (this.first() >= 0) this.wakeLater();
  }

  /** Units that are taken now. */
  get filled(): number {
    this.settle();
    return this.spec.capacity - this.available;
  }

  /** Serves waiters; each resumes now with its claim granted. */
  expire(): void {
    this.settle();
    const { tokens } = this.agenda;
    const now = this.agenda.calendar.time;
    for (let token = this.first(); token >= 0 && this.available >= tokens.reals[token + REAL.need]!; token = this.first()) {
      this.leave(token);
      this.take(tokens.reals[token + REAL.need]!);
      tokens.reals[token + REAL.need] = -1;
      this.agenda.calendar.push(now, PHASE.grant * 2 ** 48 + tokens.reals[token + REAL.rank]!, token);
    }
    if (this.first() >= 0) this.wakeLater();
  }

  /** Who is served next; -1 when nobody waits. */
  protected first(): number {
    return this.head;
  }

  /** The first leaves its queue. */
  protected leave(token: number): void {
    this.head = this.agenda.tokens.ints[2 * token + INT.next]!;
  }

  protected refuseTooMany(units: number): void {
    if (units <= this.spec.capacity) return;
    throw new WirelatError("claim-too-large", `a message asks for ${units} of the ${this.spec.capacity} units that ${this.spec.name} can ever hold`, { remedy: "Give it more capacity, or send smaller messages." });
  }

  protected take(units: number): void {
    this.available -= units;
    this.claims++;
    if (this.available < this.lowest) this.lowest = this.available;
  }

  protected settle(): void {
    const now = this.agenda.calendar.time;
    if (this.spec.refill !== null) this.refill();
    while (this.heapSize > 0 && this.heap[0]! <= now) {
      this.available += this.heap[1]!;
      this.removeTop();
    }
  }

  private refill(): void {
    const now = this.agenda.calendar.time;
    const { num, den } = this.spec.refill!;
    this.owed += (now - this.refilledAt) * den;
    this.refilledAt = now;
    const units = Math.floor(this.owed / num);
    this.owed -= units * num;
    this.available += units;
    // What trickles in within the picosecond in which a waiter is served belongs to the next one.
    if (this.available >= this.spec.capacity && this.head < 0) {
      this.available = this.spec.capacity;
      this.owed = 0;
    }
  }

  /** Sets the timer to the next moment at which the first waiter might be served. */
  protected wakeLater(): void {
    const { refill } = this.spec;
    const missing = this.agenda.tokens.reals[this.first() + REAL.need]! - this.available;
    // Units that a claim of this instant has found come back are the first waiter's, not those of a later release.
    if (missing <= 0) this.agenda.setTimer(this.timer, 0, PHASE.grant);
    else if (refill !== null) {
      const wait = Math.ceil((missing * refill.num - this.owed) / refill.den);
      this.agenda.setTimer(this.timer, this.refilledAt + wait - this.agenda.calendar.time, PHASE.grant);
    } else if (this.heapSize > 0) {
      this.agenda.setTimer(this.timer, Math.max(0, this.heap[0]! - this.agenda.calendar.time), PHASE.grant);
    }
  }

  private siftUp(hole: number, units: number): void {
    const heap = this.heap;
    const time = this.enter;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (heap[parent * 2]! <= time) break;
      heap[hole * 2] = heap[parent * 2]!;
      heap[hole * 2 + 1] = heap[parent * 2 + 1]!;
      hole = parent;
    }
    heap[hole * 2] = time;
    heap[hole * 2 + 1] = units;
  }

  private removeTop(): void {
    const heap = this.heap;
    const last = --this.heapSize;
    const time = heap[last * 2]!;
    const units = heap[last * 2 + 1]!;
    let hole = 0;
    for (;;) {
      let child = hole * 2 + 1;
      if (child >= last) break;
      if (child + 1 < last && heap[(child + 1) * 2]! < heap[child * 2]!) child++;
      if (heap[child * 2]! >= time) break;
      heap[hole * 2] = heap[child * 2]!;
      heap[hole * 2 + 1] = heap[child * 2 + 1]!;
      hole = child;
    }
    heap[hole * 2] = time;
    heap[hole * 2 + 1] = units;
  }
}
