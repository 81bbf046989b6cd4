/** Where a slot holds what: the time at `slot` and the rank at `slot + rank` of the keys; the others at `2 * slot + …` of the links. */
export const enum SLOT {
  rank = 1,
  payload = 4,
  next = 5,
  /** An event takes 24 bytes: three doubles, or six integers, and a slot is named by the place of its first double. */
  stride = 3,
  /** Ends a list. */
  none = -1,
}

/** Few runs have more events pending at once: as long as nothing grows, the compiler may take the arrays for constants. */
const FIRST_CAPACITY = 2_048;
const SMALL_SORT = 12;

/** Pending events linked into lists. One block of memory with two views, so that an event lies in one line of the cache. Grows by doubling, never shrinks. */
export class EventSlots {
  keys = new Float64Array(FIRST_CAPACITY * SLOT.stride);
  links = new Int32Array(this.keys.buffer);
  /** First of the list of slots given back; then come those never used. */
  private free = SLOT.none;
  private fresh = 0;
  /** Sorted runs of 1, 2, 4 … events while a list is sorted. */
  private readonly runs = new Int32Array(32);

  get bytes(): number {
    return this.links.length * 4;
  }

  /** A slot that holds the payload; its key and link are left to the caller. */
  take(payload: number): number {
    let slot = this.free;
    if (slot !== SLOT.none) this.free = this.links[2 * slot + SLOT.next];
    else {
      slot = this.fresh;
      this.fresh += SLOT.stride;
      if (slot === this.keys.length) this.grow();
    }
    this.links[2 * slot + SLOT.payload] = payload;
    return slot;
  }

  give(slot: number): void {
    this.links[2 * slot + SLOT.next] = this.free;
    this.free = slot;
  }

  clear(): void {
    this.free = SLOT.none;
    this.fresh = 0;
  }

  /** The last event of a list that has one. */
  lastOf(list: number): number {
    const { links } = this;
    let last = list;
    for (let next = links[2 * list + SLOT.next]; next !== SLOT.none; next = links[2 * next + SLOT.next]) last = next;
    return last;
  }

  /** Turns a list round. */
  reversed(list: number): number {
    const { links } = this;
    let done = SLOT.none;
    for (let at = list; at !== SLOT.none; ) {
      const rest = links[2 * at + SLOT.next];
      links[2 * at + SLOT.next] = done;
      done = at;
      at = rest;
    }
    return done;
  }

  /** Sorts a list that has its latest event in front; equal keys come out earliest first. */
  sorted(list: number): number {
    const { links } = this;
    let length = 0;
    for (let at = list; at !== SLOT.none && length <= SMALL_SORT; at = links[2 * at + SLOT.next]) length++;
    if (length <= SMALL_SORT) return this.sortedByInsertion(list);
    return this.runsBackwards(list) ? this.reversed(list) : this.sortedByMerging(list);
  }

  private sortedByInsertion(list: number): number {
    const { keys, links } = this;
    let first = SLOT.none;
    for (let from = list; from !== SLOT.none; ) {
      const rest = links[2 * from + SLOT.next];
      const time = keys[from];
      const rank = keys[from + SLOT.rank];
      let before = SLOT.none;
      let at = first;
      while (at !== SLOT.none && (keys[at] < time || (keys[at] === time && keys[at + SLOT.rank] < rank))) {
        before = at;
        at = links[2 * at + SLOT.next];
      }
      links[2 * from + SLOT.next] = at;
      if (before === SLOT.none) first = from;
      else links[2 * before + SLOT.next] = from;
      from = rest;
    }
    return first;
  }

  /** True when no event of the list comes after the one in front of it. */
  private runsBackwards(list: number): boolean {
    const { keys, links } = this;
    for (let at = list, after = links[2 * at + SLOT.next]; after !== SLOT.none; at = after, after = links[2 * at + SLOT.next]) {
      if (keys[after] > keys[at] || (keys[after] === keys[at] && keys[after + SLOT.rank] > keys[at + SLOT.rank])) return false;
    }
    return true;
  }

  private sortedByMerging(list: number): number {
    const { links, runs } = this;
    let highest = 0;
    runs.fill(SLOT.none);
    for (let at = list; at !== SLOT.none; ) {
      const rest = links[2 * at + SLOT.next];
      links[2 * at + SLOT.next] = SLOT.none;
      let run = at;
      let level = 0;
      for (; runs[level] !== SLOT.none; level++) {
        run = this.merged(run, runs[level]);
        runs[level] = SLOT.none;
      }
      runs[level] = run;
      if (level > highest) highest = level;
      at = rest;
    }
    let whole = SLOT.none;
    for (let level = 0; level <= highest; level++) if (runs[level] !== SLOT.none) whole = whole === SLOT.none ? runs[level] : this.merged(whole, runs[level]);
    return whole;
  }

  /** Merges two sorted lists; of equal events those of `earlier` come first. */
  private merged(earlier: number, later: number): number {
    const { keys, links } = this;
    let a = earlier;
    let b = later;
    let first = SLOT.none;
    let last = SLOT.none;
    while (a !== SLOT.none && b !== SLOT.none) {
      const takesLater = keys[b] < keys[a] || (keys[b] === keys[a] && keys[b + SLOT.rank] < keys[a + SLOT.rank]);
      const taken = takesLater ? b : a;
      if (takesLater) b = links[2 * b + SLOT.next];
      else a = links[2 * a + SLOT.next];
      if (last === SLOT.none) first = taken;
      else links[2 * last + SLOT.next] = taken;
      last = taken;
    }
    links[2 * last + SLOT.next] = a === SLOT.none ? b : a;
    return first;
  }

  private grow(): void {
    const { links } = this;
    this.keys = new Float64Array(this.keys.length * 2);
    this.links = new Int32Array(this.keys.buffer);
    this.links.set(links);
  }
}
