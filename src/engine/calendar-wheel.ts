import { EventHeap } from "./calendar-heap.js";
import { EventSlots, SLOT } from "./calendar-slots.js";
import { bucketWidth, SAMPLES } from "./calendar-width.js";
import { AHEAD, type Prefetch } from "./prefetch.js";

const COARSE = 256;
const FEWEST_BUCKETS = 64;
/** There is room for so many from the start: as long as nothing grows, the compiler may take the arrays for constants. */
const FIRST_ROOM = 8_192;
const BUCKETS_PER_EVENT = 2;
/**
 * Up to so many events stay in the cache with their buckets, and there are twice as many buckets; beyond, each is to hold two events instead of one.
 * Either way the near future reaches twice as far, and fewer events go through the middle future.
 */
const CACHED = 8_192;
/** A list is searched no further than this for an event's place. */
const REACH = 32;
const FIRST_PATIENCE = 4_096;
/** Where choosing anew changes nothing, it is tried less and less often, but not more rarely than this factor says. */
const MOST_PATIENCE = 64;

/**
 * Pending events by when they are due. What is due next stands in a sorted list, the front; the near future in narrow buckets of equal
 * width; the middle future in 256 coarse ones, each half as wide as the whole near future; what lies beyond in a heap.
 * An event moves one level down when time comes near it, before later ones can be put where it goes: so equal keys keep their order.
 * A bucket is a list with the latest event in front, sorted when it becomes the front.
 */
export class Wheel {
  size = 0;
  /** Key of the next event once one has been taken; meaningless while there is none. */
  headTime = -0;
  headRank = -0;
  readonly slots = new EventSlots();
  /** Sorted events due before `frontEnd`. */
  private front = SLOT.none;
  /** Further events due before `frontEnd`, where the front has grown too long to be searched. */
  private readonly crowd = new EventHeap(this.slots);
  private readonly far = new EventHeap(this.slots);
  private near = new Int32Array(FIRST_ROOM).fill(SLOT.none);
  private nearBits = new Int32Array(FIRST_ROOM / 32);
  private mask = FEWEST_BUCKETS - 1;
  private readonly coarse = new Int32Array(COARSE).fill(SLOT.none);
  /** The bucket that became the front last. */
  private position = 0;
  private width = 1;
  private perWidth = 1;
  private coarseWidth = 1;
  /** Where the front, the near and the middle future end. Until the first tuning all is front. */
  private frontEnd = Infinity;
  private nearEnd = -0;
  private farFrom = -0;
  /** Steps that better chosen buckets might have saved, and how many are put up with before they are chosen anew. */
  private strain = 0;
  private patience = FIRST_PATIENCE;
  private readonly sample = new Float64Array(SAMPLES);
  /** Events that came into the front since it was made: where there are such, a wider front would have to be searched again and again. */
  private joined = 0;

  constructor(private readonly prefetch: Prefetch) {}

  get bytes(): number {
    return this.slots.bytes + this.crowd.bytes + this.far.bytes + this.near.length * 4.125 + COARSE * 4;
  }

  /** Adds the event in the slot. */
  push(slot: number): void {
    if (this.size * BUCKETS_PER_EVENT > this.mask || this.strain > this.patience) this.tune();
    this.size++;
    const time = this.slots.keys[slot];
    if (time < this.frontEnd) this.pushFront(slot);
    else if (time < this.nearEnd) this.putNear(slot);
    else {
      this.strain++;
      this.put(slot);
    }
  }

  /** Takes the next event out and returns its payload. Only while there is one. */
  pop(): number {
    this.size--;
    if (this.crowd.size > 0) return this.popCrowded();
    const { slots, front } = this;
    const { keys, links } = slots;
    // Read before the slot is given back: making the next front may use it again.
    const payload = links[2 * front + SLOT.payload];
    const next = links[2 * front + SLOT.next];
    this.front = next;
    slots.give(front);
    if (next === SLOT.none) this.refill();
    else {
      this.headTime = keys[next];
      this.headRank = keys[next + SLOT.rank];
    }
    return payload;
  }

  clear(): void {
    this.size = 0;
    this.front = SLOT.none;
    this.frontEnd = Infinity;
    this.patience = FIRST_PATIENCE;
    this.slots.clear();
    this.crowd.clear();
    this.far.clear();
    this.near.fill(SLOT.none, 0, this.mask + 1);
    this.nearBits.fill(0, 0, (this.mask + 1) >> 5);
    this.coarse.fill(SLOT.none);
  }

  private putNear(slot: number): void {
    const { slots, near } = this;
    const bucket = (slots.keys[slot] * this.perWidth) & this.mask;
    slots.links[2 * slot + SLOT.next] = near[bucket];
    near[bucket] = slot;
    this.nearBits[bucket >> 5] |= 1 << (bucket & 31);
  }

  private putCoarse(slot: number): void {
    const { slots, coarse } = this;
    const bucket = (slots.keys[slot] / this.coarseWidth) & (COARSE - 1);
    slots.links[2 * slot + SLOT.next] = coarse[bucket];
    coarse[bucket] = slot;
  }

  private put(slot: number): void {
    const time = this.slots.keys[slot];
    if (time < this.nearEnd) this.putNear(slot);
    else if (time < this.farFrom) this.putCoarse(slot);
    else this.far.push(slot);
  }

  /** Among equal keys the front's events are older than the crowd's, so that an event that follows one of the crowd must join the crowd. */
  private pushFront(slot: number): void {
    this.joined++;
    if (this.crowd.leads(slot)) return this.pushCrowd(slot);
    const { keys, links } = this.slots;
    const time = keys[slot];
    const rank = keys[slot + SLOT.rank];
    let steps = 0;
    let before = SLOT.none;
    let at = this.front;
    while (at !== SLOT.none && (keys[at] < time || (keys[at] === time && keys[at + SLOT.rank] <= rank))) {
      if (++steps > REACH) return this.pushCrowd(slot);
      before = at;
      at = links[2 * at + SLOT.next];
    }
    this.strain += steps;
    links[2 * slot + SLOT.next] = at;
    if (before === SLOT.none) this.front = slot;
    else links[2 * before + SLOT.next] = slot;
  }

  private pushCrowd(slot: number): void {
    this.strain += REACH;
    this.crowd.push(slot);
  }

  private popCrowded(): number {
    const { slots, crowd } = this;
    const slot = this.crowdIsFirst() ? crowd.pop() : this.front;
    const payload = slots.links[2 * slot + SLOT.payload];
    if (slot === this.front) this.front = slots.links[2 * slot + SLOT.next];
    slots.give(slot);
    if (this.front === SLOT.none && crowd.size === 0) this.refill();
    else if (this.crowdIsFirst()) {
      this.headTime = crowd.headTime;
      this.headRank = crowd.headRank;
    } else {
      this.headTime = slots.keys[this.front];
      this.headRank = slots.keys[this.front + SLOT.rank];
    }
    return payload;
  }

  private crowdIsFirst(): boolean {
    const { crowd, slots, front } = this;
    if (front === SLOT.none || crowd.size === 0) return front === SLOT.none;
    const time = slots.keys[front];
    return crowd.headTime < time || (crowd.headTime === time && crowd.headRank < slots.keys[front + SLOT.rank]);
  }

  /** Makes the next bucket the front. */
  private refill(): void {
    if (this.size === 0) return;
    let distance = this.distanceToNear();
    for (; distance === 0; distance = this.distanceToNear()) this.skipToCoarse();
    this.position = (this.position + distance) & this.mask;
    this.frontEnd += distance * this.width;
    this.front = this.takeBucket(this.position);
    if (this.size > CACHED && this.joined === 0 && this.nearEnd - this.frontEnd >= AHEAD.buckets * this.width) this.lookAhead();
    while (this.nearEnd - this.frontEnd < this.coarseWidth) this.slide();
    if (this.mask >= FEWEST_BUCKETS && this.size * 8 * BUCKETS_PER_EVENT <= this.mask) this.strain = this.patience + 1;
    this.joined = 0;
    this.headTime = this.slots.keys[this.front];
    this.headRank = this.slots.keys[this.front + SLOT.rank];
  }

  /** Empties a bucket: its events, sorted. */
  private takeBucket(bucket: number): number {
    const list = this.near[bucket];
    this.near[bucket] = SLOT.none;
    this.nearBits[bucket >> 5] &= ~(1 << (bucket & 31));
    return this.slots.links[2 * list + SLOT.next] === SLOT.none ? list : this.slots.sorted(list);
  }

  /**
   * Makes the next buckets part of the front as well. Where there are far more events than the caches hold, each would wait for the memory when its time
   * has come; looked at together, they wait together.
   */
  private lookAhead(): void {
    const { near, mask, position, prefetch, slots, slots: { links } } = this;
    prefetch.events(near, position, mask, links);
    let last = slots.lastOf(this.front);
    for (let ahead = 1; ahead <= AHEAD.buckets; ahead++) {
      const bucket = (position + ahead) & mask;
      if (near[bucket] === SLOT.none) continue;
      const list = this.takeBucket(bucket);
      links[2 * last + SLOT.next] = list;
      last = slots.lastOf(list);
    }
    this.position = (position + AHEAD.buckets) & mask;
    this.frontEnd += AHEAD.buckets * this.width;
    prefetch.tokens(this.front, links);
  }

  /** Buckets from the last front to the next one that holds an event, 0 when none does. */
  private distanceToNear(): number {
    const { nearBits, mask } = this;
    const start = (this.position + 1) & mask;
    const words = (mask + 1) >> 5;
    let word = start >> 5;
    let bits = nearBits[word] & (-1 << (start & 31));
    for (let seen = 0; seen <= words; seen++) {
      if (bits !== 0) {
        this.strain += seen >> 1;
        const bucket = (word << 5) + 31 - Math.clz32(bits & -bits);
        return ((bucket - start) & mask) + 1;
      }
      word = word + 1 === words ? 0 : word + 1;
      bits = nearBits[word];
    }
    return 0;
  }

  /** The near future holds nothing: lets it begin with the first coarse bucket that does. */
  private skipToCoarse(): void {
    const start = this.nearEnd / this.coarseWidth;
    let skipped = 0;
    while (skipped < COARSE && this.coarse[(start + skipped) & (COARSE - 1)] === SLOT.none) skipped++;
    this.strain += skipped;
    const first = skipped < COARSE ? start + skipped : Math.floor(this.far.headTime / this.coarseWidth);
    this.nearEnd = first * this.coarseWidth;
    this.frontEnd = this.nearEnd;
    this.position = (this.nearEnd / this.width - 1) & this.mask;
    this.farFrom = this.nearEnd + COARSE * this.coarseWidth;
    this.fetchFar();
    this.slide();
  }

  /** Moves the end of the near future by one coarse bucket, and the end of the middle future as far. */
  private slide(): void {
    const { slots, coarse } = this;
    const bucket = (this.nearEnd / this.coarseWidth) & (COARSE - 1);
    let at = slots.reversed(coarse[bucket]);
    coarse[bucket] = SLOT.none;
    this.nearEnd += this.coarseWidth;
    this.farFrom += this.coarseWidth;
    while (at !== SLOT.none) {
      const rest = slots.links[2 * at + SLOT.next];
      this.putNear(at);
      at = rest;
    }
    this.fetchFar();
  }

  private fetchFar(): void {
    const { far } = this;
    while (far.size > 0 && far.headTime < this.farFrom) this.putCoarse(far.pop());
  }

  /** Chooses width and number of the buckets anew from what is pending, and puts everything where it now belongs. */
  tune(): void {
    const { slots, sample } = this;
    const list = this.collected();
    if (list === SLOT.none) return;
    const step = Math.ceil(this.size / SAMPLES);
    let taken = 0;
    let passed = 0;
    // The earliest may stand in the crowd and fall between two samples; a bucket before the first would wait for a whole turn.
    let earliest = Infinity;
    for (let at = list; at !== SLOT.none; at = slots.links[2 * at + SLOT.next]) {
      if (slots.keys[at] < earliest) earliest = slots.keys[at];
      if (passed++ % step === 0) sample[taken++] = slots.keys[at];
    }
    sample.subarray(0, taken).sort();
    this.lay(bucketWidth(sample, taken, passed, this.size <= CACHED ? 1 : 2), earliest);
    for (let at = list; at !== SLOT.none; ) {
      const rest = slots.links[2 * at + SLOT.next];
      this.put(at);
      at = rest;
    }
    // Wider buckets can reach far beyond where the far future began until now.
    while (this.far.size > 0 && this.far.headTime < this.farFrom) this.put(this.far.pop());
    this.refill();
  }

  /** Sets empty buckets up, the first of them to hold `first`, the time of the earliest event. */
  private lay(width: number, first: number): void {
    const wanted = BUCKETS_PER_EVENT * (this.size + 1) * (this.size <= CACHED ? 2 : 1);
    let buckets = FEWEST_BUCKETS;
    while (buckets < wanted) buckets *= 2;
    const same = width === this.width && buckets === this.mask + 1;
    const patience = FIRST_PATIENCE + 8 * this.size;
    this.patience = same ? Math.min(this.patience * 2, patience * MOST_PATIENCE) : patience;
    this.strain = 0;
    if (buckets > this.near.length) {
      this.near = new Int32Array(buckets).fill(SLOT.none);
      this.nearBits = new Int32Array(buckets / 32);
    }
    this.mask = buckets - 1;
    this.width = width;
    this.perWidth = 1 / width;
    this.coarseWidth = width * (buckets / 2);
    this.frontEnd = Math.floor(first / width) * width;
    this.position = (this.frontEnd / width - 1) & this.mask;
    this.nearEnd = (Math.floor(first / this.coarseWidth) + 2) * this.coarseWidth;
    this.farFrom = this.nearEnd + COARSE * this.coarseWidth;
  }

  /** Takes everything out into one list, equal keys earliest first; leaves the far future alone unless most events are there. */
  private collected(): number {
    const { slots, crowd, far } = this;
    let first = this.front;
    let last = first === SLOT.none ? first : slots.lastOf(first);
    this.front = SLOT.none;
    const append = (list: number, end: number): void => {
      if (last === SLOT.none) first = list;
      else slots.links[2 * last + SLOT.next] = list;
      last = end;
      slots.links[2 * end + SLOT.next] = SLOT.none;
    };
    const drain = (heap: EventHeap): void => {
      while (heap.size > 0) {
        const slot = heap.pop();
        append(slot, slot);
      }
    };
    const mostAreFar = far.size * 2 > this.size;
    drain(crowd);
    for (const buckets of [this.near.subarray(0, this.mask + 1), this.coarse]) {
      for (let bucket = 0; bucket < buckets.length; bucket++) {
        const list = buckets[bucket];
        if (list !== SLOT.none) append(slots.reversed(list), list);
        buckets[bucket] = SLOT.none;
      }
    }
    this.nearBits.fill(0, 0, (this.mask + 1) >> 5);
    if (mostAreFar) drain(far);
    return first;
  }
}
