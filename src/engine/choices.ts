import { componentKey, uniform } from "../random/index.js";
import type { CacheSpec } from "./program.js";

/** A cache that remembers which of its keys were used last; least recently used goes first. Exact, constant time. */
export class LruCache {
  private readonly slotOf = new Map<number, number>();
  private readonly keyOf: Float64Array;
  private readonly newer: Int32Array;
  private readonly older: Int32Array;
  private newest = -1;
  private oldest = -1;
  private used = 0;
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
    const into = this.used < this.entries ? this.used++ : this.evict();
    this.keyOf[into] = key;
    this.slotOf.set(key, into);
    this.link(into);
    return false;
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
    if (kind === "uniform") return this.cache.look(Math.floor(uniform(this.key[0], this.key[1], draw, 0) * count));
    const key = this.turn;
    this.turn = key + 1 === count ? 0 : key + 1;
    return this.cache.look(key);
  }
}
