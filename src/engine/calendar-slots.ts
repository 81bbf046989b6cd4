/** Ends a list. */
export const NONE = -1;
/** An event takes 24 bytes: three doubles, or six integers, and a slot is named by the place of its first double. */
const STRIDE = 3;
/** Where a slot holds what: the time at `slot` and the rank at `slot + RANK` of the keys; the others at `2 * slot + …` of the links. */
export const RANK = 1;
export const PAYLOAD = 4;
export const NEXT = 5;

const FIRST_CAPACITY = 128;
const SMALL_SORT = 12;

/** Pending events linked into lists. One block of memory with two views, so that an event lies in one line of the cache. Grows by doubling, never shrinks. */
export class EventSlots {
  keys = new Float64Array(FIRST_CAPACITY * STRIDE);
  links = new Int32Array(this.keys.buffer);
  /** First of the list of slots given back; then come those never used. */
  private free = NONE;
  private fresh = 0;
  /** Sorted runs of 1, 2, 4 … events while a list is sorted. */
  private readonly runs = new Int32Array(32);

  get bytes(): number {
    return this.links.length * 4;
  }

  /** A slot that holds the payload; its key and link are left to the caller. */
  take(payload: number): number {
    let slot = this.free;
    if (slot !== NONE) this.free = this.links[2 * slot + NEXT];
    else {
      slot = this.fresh;
      this.fresh += STRIDE;
      if (slot === this.keys.length) this.grow();
    }
    this.links[2 * slot + PAYLOAD] = payload;
    return slot;
  }

  give(slot: number): void {
    this.links[2 * slot + NEXT] = this.free;
    this.free = slot;
  }

  clear(): void {
    this.free = NONE;
    this.fresh = 0;
  }

  /** Turns a list round. */
  reversed(list: number): number {
    const { links } = this;
    let done = NONE;
    for (let at = list; at !== NONE; ) {
      const rest = links[2 * at + NEXT];
      links[2 * at + NEXT] = done;
      done = at;
      at = rest;
    }
    return done;
  }

  /** Sorts a list that has its latest event in front; equal keys come out earliest first. */
  sorted(list: number): number {
    const { links } = this;
    let length = 0;
    for (let at = list; at !== NONE && length <= SMALL_SORT; at = links[2 * at + NEXT]) length++;
    if (length <= SMALL_SORT) return this.sortedByInsertion(list);
    return this.runsBackwards(list) ? this.reversed(list) : this.sortedByMerging(list);
  }

  private sortedByInsertion(list: number): number {
    const { keys, links } = this;
    let first = NONE;
    for (let from = list; from !== NONE; ) {
      const rest = links[2 * from + NEXT];
      const time = keys[from];
      const rank = keys[from + RANK];
      let before = NONE;
      let at = first;
      while (at !== NONE && (keys[at] < time || (keys[at] === time && keys[at + RANK] < rank))) {
        before = at;
        at = links[2 * at + NEXT];
      }
      links[2 * from + NEXT] = at;
      if (before === NONE) first = from;
      else links[2 * before + NEXT] = from;
      from = rest;
    }
    return first;
  }

  /** True when no event of the list comes after the one in front of it. */
  private runsBackwards(list: number): boolean {
    const { keys, links } = this;
    for (let at = list, after = links[2 * at + NEXT]; after !== NONE; at = after, after = links[2 * at + NEXT]) {
      if (keys[after] > keys[at] || (keys[after] === keys[at] && keys[after + RANK] > keys[at + RANK])) return false;
    }
    return true;
  }

  private sortedByMerging(list: number): number {
    const { links, runs } = this;
    let highest = 0;
    runs.fill(NONE);
    for (let at = list; at !== NONE; ) {
      const rest = links[2 * at + NEXT];
      links[2 * at + NEXT] = NONE;
      let run = at;
      let level = 0;
      for (; runs[level] !== NONE; level++) {
        run = this.merged(run, runs[level]);
        runs[level] = NONE;
      }
      runs[level] = run;
      if (level > highest) highest = level;
      at = rest;
    }
    let whole = NONE;
    for (let level = 0; level <= highest; level++) if (runs[level] !== NONE) whole = whole === NONE ? runs[level] : this.merged(whole, runs[level]);
    return whole;
  }

  /** Merges two sorted lists; of equal events those of `earlier` come first. */
  private merged(earlier: number, later: number): number {
    const { keys, links } = this;
    let a = earlier;
    let b = later;
    let first = NONE;
    let last = NONE;
    while (a !== NONE && b !== NONE) {
      const takesLater = keys[b] < keys[a] || (keys[b] === keys[a] && keys[b + RANK] < keys[a + RANK]);
      const taken = takesLater ? b : a;
      if (takesLater) b = links[2 * b + NEXT];
      else a = links[2 * a + NEXT];
      if (last === NONE) first = taken;
      else links[2 * last + NEXT] = taken;
      last = taken;
    }
    links[2 * last + NEXT] = a === NONE ? b : a;
    return first;
  }

  private grow(): void {
    const { links } = this;
    this.keys = new Float64Array(this.keys.length * 2);
    this.links = new Int32Array(this.keys.buffer);
    this.links.set(links);
  }
}
