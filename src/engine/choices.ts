import { componentKey, uniform } from "../random/index.js";
import type { CacheSpec, RingSpec } from "./program.js";

/** A cache that remembers which of its keys were used last; least recently used goes first. Exact, constant time. */
export class LruCache {
  private readonly slotOf = new Map<number, number>();
  private readonly keyOf: Float64Array;
  private readonly newer: Int32Array;
  private readonly older: Int32Array;
  private newest = -1;
  private oldest = -1;
  private used = 0;
  private readonly vacant: number[] = [];
  hits = 0;
  misses = 0;

  constructor(private readonly entries: number) {
    this.keyOf = new Float64Array(entries);
    this.newer = new Int32Array(entries);
    this.older = new Int32Array(entries);
  }

  /** Looks the key up and makes it the newest; true on a hit. */
  look(key: number): boolean {
    const slot = this.slotOf.get(key);
    if (slot !== undefined) {
      this.hits++;
      this.unlink(slot);
      this.link(slot);
      return true;
    }
    this.misses++;
    if (this.entries === 0) return false;
    const into = this.vacant.pop() ?? (this.used < this.entries ? this.used++ : this.evict());
    this.keyOf[into] = key;
    this.slotOf.set(key, into);
    this.link(into);
    return false;
  }

  /** Forgets a key, if it is there. */
  drop(key: number): void {
    const slot = this.slotOf.get(key);
    if (slot === undefined) return;
    this.slotOf.delete(key);
    this.unlink(slot);
    this.vacant.push(slot);
  }

  clear(): void {
    for (const key of [...this.slotOf.keys()]) this.drop(key);
  }

  private evict(): number {
    const slot = this.oldest;
    this.slotOf.delete(this.keyOf[slot]!);
    this.unlink(slot);
    return slot;
  }

  private link(slot: number): void {
    this.older[slot] = this.newest;
    this.newer[slot] = -1;
    if (this.newest >= 0) this.newer[this.newest] = slot;
    this.newest = slot;
    if (this.oldest < 0) this.oldest = slot;
  }

  private unlink(slot: number): void {
    const newer = this.newer[slot]!;
    const older = this.older[slot]!;
    if (newer >= 0) this.older[newer] = older;
    else this.newest = older;
    if (older >= 0) this.newer[older] = newer;
    else this.oldest = newer;
  }
}

/** A cache with the rule by which messages choose their keys. */
export class KeyedCache {
  readonly cache: LruCache;
  private turn = 0;
  private readonly key: readonly [number, number];

  constructor(readonly spec: CacheSpec, seed: number) {
    this.cache = new LruCache(spec.entries);
    this.key = componentKey(seed, spec.name);
  }

  /** `draw` keys random choices; `identity` tells messages apart, and not what works on behalf of one. */
  look(draw: number, identity: number): boolean {
    const { kind, count } = this.spec.keys;
    if (kind === "message") return this.cache.look(identity);
    if (kind === "uniform") return this.cache.look(drawnKey(this.spec.keys, uniform(this.key[0], this.key[1], draw, 0)));
    const key = this.turn;
    this.turn = key + 1 === count ? 0 : key + 1;
    return this.cache.look(key);
  }
}

/** One of `count` keys from a number below one: all alike, or first the hot ones with their share. */
function drawnKey({ count, hot }: CacheSpec["keys"], drawn: number): number {
  if (hot === undefined || hot === null) return Math.floor(drawn * count);
  if (drawn < hot.share) return Math.floor((drawn / hot.share) * hot.count);
  return hot.count + Math.floor(((drawn - hot.share) / (1 - hot.share)) * (count - hot.count));
}

/** Room that buffers of different sizes share: what was written last stays, what was written longest ago goes. */
export class Store {
  /** Sizes by buffer, in the order in which they were written. */
  private readonly held = new Map<number, number>();
  private used = 0;
  evictions = 0;

  constructor(private readonly capacity: number) {}

  /** Writes a buffer: true when nothing else had to go for it. What does not fit at all is not kept. */
  fill(buffer: number, size: number): boolean {
    this.used -= this.held.get(buffer) ?? 0;
    this.held.delete(buffer);
    if (size > this.capacity) return false;
    let alone = true;
    for (const [oldest, room] of this.held) {
      if (this.used + size <= this.capacity) break;
      this.held.delete(oldest);
      this.used -= room;
      this.evictions++;
      alone = false;
    }
    this.held.set(buffer, size);
    this.used += size;
    return alone;
  }

  has(buffer: number): boolean {
    return this.held.has(buffer);
  }
}

/** Which buffer is next, of several rings whose buffers have numbers of their own. */
export class Rings {
  private readonly first: number[] = [];
  private readonly turn: Int32Array;

  constructor(private readonly specs: readonly RingSpec[]) {
    this.turn = new Int32Array(specs.length);
    let from = 0;
    for (const { slots } of specs) {
      this.first.push(from);
      from += slots;
    }
  }

  next(ring: number): number {
    const at = this.turn[ring];
    this.turn[ring] = at + 1 === this.specs[ring].slots ? 0 : at + 1;
    return this.first[ring] + at;
  }

  /** Key of the page in which a buffer begins; pages of different rings are different. */
  page(spec: { readonly ring: number; readonly buffer: number; readonly page: number }, slot: number): number {
    const at = slot - this.first[spec.ring];
    return spec.ring * 2 ** 40 + Math.floor((at * spec.buffer) / spec.page);
  }
}
