import { InternalFault, WirelatError } from "../errors/index.js";
import { SLOT } from "./calendar-slots.js";
import { Wheel } from "./calendar-wheel.js";
import { Prefetch } from "./prefetch.js";

/** More pending events than this go into the wheel, fewer than `SOME` come back. */
const FEW = 40;
const SOME = 16;
/** Places for the few, a power of two. */
const PLACES = 64;
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
  /** Key of the event that `enter` or `enterBehind` adds. */
  keyTime = -0;
  keyRank = -0;
  /** The places in a ring: from `first` on those of the few, the next event first; behind them those that are free. */
  private readonly ring = Int32Array.from({ length: PLACES }, (_, place) => place);
  private first = 0;
  /** What stands in each place. */
  private readonly times = new Float64Array(PLACES);
  private readonly ranks = new Float64Array(PLACES);
  private readonly payloads = new Int32Array(PLACES);
  private readonly wheel: Wheel;
  private turning = false;

  constructor(prefetch = new Prefetch(null)) {
    this.wheel = new Wheel(prefetch);
  }

  /** Memory held, which is what the largest number of events so far has needed: from 32 to 85 bytes for each of them. */
  get bytes(): number {
    return PLACES * 24 + this.wheel.bytes;
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
    this.add(payload, leads);
    if (leads) {
      this.headTime = time;
      this.headRank = rank;
    }
  }

  /** The same for an event that is known to come behind the next one, and so behind the present: it need not be compared with either. */
  enterBehind(payload: number): void {
    if (!(this.keyTime <= LATEST)) this.refuse();
    this.add(payload, false);
  }

  /** Takes the next event: returns its payload and leaves its key in `time` and `rank`. Throws an InternalFault when there is none. */
  pop(): number {
    if (this.size === 0) throw new InternalFault("an event was taken from an empty calendar");
    this.time = this.headTime;
    this.rank = this.headRank;
    const left = --this.size;
    if (this.turning === true) return this.popWheel(left);
    const { ring, first } = this;
    const next = (first + 1) & (PLACES - 1);
    this.first = next;
    if (left > 0) {
      this.headTime = this.times[ring[next]];
      this.headRank = this.ranks[ring[next]];
    } else {
      this.headTime = Infinity;
      this.headRank = Infinity;
    }
    return this.payloads[ring[first]];
  }

  /** Forgets all events and begins at time 0 again. */
  clear(): void {
    this.wheel.clear();
    this.turning = false;
    this.size = 0;
    this.headTime = Infinity;
    this.headRank = Infinity;
    this.time = -0;
    this.rank = -0;
  }

  private add(payload: number, leads: boolean): void {
    if (this.turning === true) this.turn(payload);
    else if (this.size < FEW) this.insert(payload, leads);
    else this.startWheel(payload);
    this.size++;
  }

  private insert(payload: number, leads: boolean): void {
    const { ring, times, ranks } = this;
    const time = this.keyTime;
    const rank = this.keyRank;
    let at = this.first;
    let place: number;
    if (leads) {
      at = (at - 1) & (PLACES - 1);
      this.first = at;
      place = ring[at];
    } else {
      at = (at + this.size) & (PLACES - 1);
      place = ring[at];
      // Most that come are due later than most that wait, and the first is not later, so that the search ends there.
      for (;;) {
        const before = (at - 1) & (PLACES - 1);
        const other = ring[before];
        if (!(times[other] > time || (times[other] === time && ranks[other] > rank))) break;
        ring[at] = other;
        at = before;
      }
      ring[at] = place;
    }
    times[place] = time;
    ranks[place] = rank;
    this.payloads[place] = payload;
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
    const { wheel, ring } = this;
    const { slots } = wheel;
    wheel.clear();
    this.turning = true;
    for (let at = 0; at < this.size; at++) {
      const place = ring[(this.first + at) & (PLACES - 1)];
      const slot = slots.take(this.payloads[place]);
      slots.keys[slot] = this.times[place];
      slots.keys[slot + SLOT.rank] = this.ranks[place];
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
    const { wheel, ring } = this;
    this.first = 0;
    for (let at = 0; at < this.size; at++) {
      const place = ring[at];
      this.times[place] = wheel.headTime;
      this.ranks[place] = wheel.headRank;
      this.payloads[place] = wheel.pop();
    }
    this.turning = false;
  }

  private refuse(): never {
    if (this.keyTime > LATEST) throw new WirelatError("time-horizon", `an event would lie beyond ${LATEST} ps (2.5 hours), the end of simulated time`, { remedy: "Send fewer messages, or send them faster." });
    throw new InternalFault(`an event at ${this.keyTime} ps was scheduled at ${this.time} ps; it must lie from there to ${LATEST} ps`);
  }
}
