import { SLOT, type EventSlots } from "./calendar-slots.js";

const FIRST_CAPACITY = 64;

/**
 * A heap of four children to a node, ordered by (time, rank) and among equals by arrival. The calendar keeps here what
 * would be slow in its lists: events far in the future, and crowds of events about one time.
 */
export class EventHeap {
  size = 0;
  private times = new Float64Array(FIRST_CAPACITY);
  private ranks = new Float64Array(FIRST_CAPACITY);
  private arrivals = new Float64Array(FIRST_CAPACITY);
  private payloads = new Int32Array(FIRST_CAPACITY);
  /** Entries pushed so far, in a typed array because a field would become a number on the heap once it is large. */
  private readonly pushed = new Float64Array(1);

  constructor(private readonly slots: EventSlots) {}

  get bytes(): number {
    return this.times.length * 28;
  }

  /** Key of the first entry; only while there is one. */
  get headTime(): number {
    return this.times[0];
  }

  get headRank(): number {
    return this.ranks[0];
  }

  /** True when the first entry comes before the event in the slot as long as this is not in the heap, as it does when the keys are equal. */
  leads(slot: number): boolean {
    if (this.size === 0) return false;
    const time = this.slots.keys[slot];
    return this.times[0] < time || (this.times[0] === time && this.ranks[0] <= this.slots.keys[slot + SLOT.rank]);
  }

  /** Takes the event out of the slot, which is given back. */
  push(slot: number): void {
    const { slots } = this;
    let at = this.size++;
    if (at === this.times.length) this.grow();
    const { times, ranks, arrivals, payloads } = this;
    const time = slots.keys[slot];
    const rank = slots.keys[slot + SLOT.rank];
    while (at > 0) {
      const parent = (at - 1) >> 2;
      if (times[parent] < time || (times[parent] === time && ranks[parent] <= rank)) break;
      times[at] = times[parent];
      ranks[at] = ranks[parent];
      arrivals[at] = arrivals[parent];
      payloads[at] = payloads[parent];
      at = parent;
    }
    times[at] = time;
    ranks[at] = rank;
    arrivals[at] = this.pushed[0]++;
    payloads[at] = slots.links[2 * slot + SLOT.payload];
    slots.give(slot);
  }

  /** Moves the first entry into a slot of its own. Only while there is one. */
  pop(): number {
    const { slots } = this;
    const slot = slots.take(this.payloads[0]);
    slots.keys[slot] = this.times[0];
    slots.keys[slot + SLOT.rank] = this.ranks[0];
    const last = --this.size;
    if (last > 0) this.sift(last);
    return slot;
  }

  clear(): void {
    this.size = 0;
  }

  /** Moves the entry at `last` to the root and down to its place. */
  private sift(last: number): void {
    const { times, ranks, arrivals, payloads } = this;
    const time = times[last];
    const rank = ranks[last];
    const arrival = arrivals[last];
    let at = 0;
    for (;;) {
      const first = at * 4 + 1;
      if (first >= last) break;
      const end = first + 4 < last ? first + 4 : last;
      let least = first;
      for (let child = first + 1; child < end; child++) if (this.isBefore(child, least)) least = child;
      if (!this.isBefore(least, last)) break;
      times[at] = times[least];
      ranks[at] = ranks[least];
      arrivals[at] = arrivals[least];
      payloads[at] = payloads[least];
      at = least;
    }
    times[at] = time;
    ranks[at] = rank;
    arrivals[at] = arrival;
    payloads[at] = payloads[last];
  }

  private isBefore(one: number, other: number): boolean {
    const { times, ranks, arrivals } = this;
    if (times[one] !== times[other]) return times[one] < times[other];
    if (ranks[one] !== ranks[other]) return ranks[one] < ranks[other];
    return arrivals[one] < arrivals[other];
  }

  private grow(): void {
    const capacity = this.times.length * 2;
    const { times, ranks, arrivals, payloads } = this;
    this.times = new Float64Array(capacity);
    this.ranks = new Float64Array(capacity);
    this.arrivals = new Float64Array(capacity);
    this.payloads = new Int32Array(capacity);
    this.times.set(times);
    this.ranks.set(ranks);
    this.arrivals.set(arrivals);
    this.payloads.set(payloads);
  }
}
