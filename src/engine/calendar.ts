import { InternalFault, WirelatError } from "../errors/index.js";
import { SLOT } from "./calendar-slots.js";
import { Wheel } from "./calendar-wheel.js";

/** More pending events than this go into the wheel, fewer than `SOME` come back. */
const FEW = 24;
/** Room for the few, who move through it as time goes on, and where they begin: some come to stand in front. */
const ROOM = 8 * FEW * 3;
const BEGIN = 2 * FEW * 3;
const SOME = 8;
const LATEST = Number.MAX_SAFE_INTEGER;

/**
 * Pending events ordered by (time, rank), first in first out among equals. Times are integers up to 2^53 − 1, ranks any numbers, payloads
 * int32. While there are few they stand in a sorted list; many are kept in a wheel.
 *
 * Fields that hold a time begin as numbers that are no small integers: so they are kept as plain doubles, which are written in place
 * and never allocate.
 */
export class Calendar {
  size = 0;
  /** Key of the next event, Infinity when there is none. */
  headTime = Infinity;
  headRank = Infinity;
  /** Key of the present: of the event taken last, or of one that needed no place here. */
  time = -0;
  rank = -0;
  /** Key of the event that `enter` adds. */
  keyTime = -0;
  keyRank = -0;
  /** The few, as triples of time, rank and payload, from `first` on, the next one first: most that come are due later than most that wait. */
  private readonly few = new Float64Array(ROOM);
  private first = BEGIN;
  private readonly wheel = new Wheel();
  private turning = false;

  /** Memory held, which is what the largest number of events so far has needed: from 32 to 85 bytes for each of them. */
  get bytes(): number {
    return ROOM * 8 + this.wheel.bytes;
  }

  /** Adds an event. Throws an InternalFault when it would come before one that was already taken, or after 2^53 − 1 ps. */
  push(time: number, rank: number, payload: number): void {
    this.keyTime = time;
    this.keyRank = rank;
    this.enter(payload);
  }

  /**
   * Adds the event whose key was left in `keyTime` and `keyRank`: a number that is no small integer is put on the heap when it is passed
   * to a function that is not compiled into its caller, which depends on what else the compiler has seen.
   */
  enter(payload: number): void {
    const time = this.keyTime;
    const rank = this.keyRank;
    if (!(time >= this.time && time <= LATEST)) this.refuse();
    const leads = time < this.headTime || (time === this.headTime && rank < this.headRank);
    if (this.turning) this.turn(payload);
    else if (this.size < FEW) this.insert(payload, leads);
    else this.startWheel(payload);
    this.size++;
    if (leads) {
      this.headTime = time;
      this.headRank = rank;
    }
  }

  /** Takes the next event: returns its payload and leaves its key in `time` and `rank`. Throws an InternalFault when there is none. */
  pop(): number {
    if (this.size === 0) throw new InternalFault("an event was taken from an empty calendar");
    this.time = this.headTime;
    this.rank = this.headRank;
    const left = --this.size;
    if (this.turning) return this.popWheel(left);
    const { few, first } = this;
    const next = first + 3;
    this.first = next;
    if (left > 0) {
      this.headTime = few[next];
      this.headRank = few[next + 1];
    } else {
      this.headTime = Infinity;
      this.headRank = Infinity;
    }
    // As a small integer: a double would make all places that are worked out from it doubles.
    return few[first + 2] | 0;
  }

  /** Forgets all events and begins at time 0 again. */
  clear(): void {
    this.wheel.clear();
    this.turning = false;
    this.first = BEGIN;
    this.size = 0;
    this.headTime = Infinity;
    this.headRank = Infinity;
    this.time = -0;
    this.rank = -0;
  }

  private insert(payload: number, leads: boolean): void {
    const { few } = this;
    const time = this.keyTime;
    const rank = this.keyRank;
    let at = this.first + this.size * 3;
    if (this.first === 0 || at === ROOM) at = this.moveBack();
    if (leads) at = this.first -= 3;
    // The first is not later, so that the search ends there.
    else for (; few[at - 3] > time || (few[at - 3] === time && few[at - 2] > rank); at -= 3) {
      few[at] = few[at - 3];
      few[at + 1] = few[at - 2];
      few[at + 2] = few[at - 1];
    }
    few[at] = time;
    few[at + 1] = rank;
    few[at + 2] = payload;
  }

  /** Moves the few back to the middle of their room; where they end there. */
  private moveBack(): number {
    this.few.copyWithin(BEGIN, this.first, this.first + this.size * 3);
    this.first = BEGIN;
    return BEGIN + this.size * 3;
  }

  private turn(payload: number): void {
    const { wheel } = this;
    const { slots } = wheel;
    const slot = slots.take(payload);
    slots.keys[slot] = this.keyTime;
    slots.keys[slot + SLOT.rank] = this.keyRank;
    wheel.push(slot);
  }

  private startWheel(payload: number): void {
    const { wheel, few } = this;
    const { slots } = wheel;
    wheel.clear();
    this.turning = true;
    for (let at = this.first, end = at + this.size * 3; at < end; at += 3) {
      const slot = slots.take(few[at + 2] | 0);
      slots.keys[slot] = few[at];
      slots.keys[slot + SLOT.rank] = few[at + 1];
      wheel.push(slot);
    }
    this.turn(payload);
    wheel.tune();
  }

  private popWheel(left: number): number {
    const { wheel } = this;
    const payload = wheel.pop();
    this.headTime = wheel.headTime;
    this.headRank = wheel.headRank;
    if (left < SOME) this.stopWheel();
    return payload;
  }

  private stopWheel(): void {
    const { wheel, few } = this;
    this.first = BEGIN;
    for (let at = BEGIN, end = at + this.size * 3; at < end; at += 3) {
      few[at] = wheel.headTime;
      few[at + 1] = wheel.headRank;
      few[at + 2] = wheel.pop();
    }
    this.turning = false;
  }

  private refuse(): never {
    if (this.keyTime > LATEST) throw new WirelatError("time-horizon", `an event would lie beyond ${LATEST} ps (2.5 hours), the end of simulated time`, { remedy: "Send fewer messages, or send them faster." });
    throw new InternalFault(`an event at ${this.keyTime} ps was scheduled at ${this.time} ps; it must lie from there to ${LATEST} ps`);
  }
}
