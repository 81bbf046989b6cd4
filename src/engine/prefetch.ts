import { SLOT } from "./calendar-slots.js";
import { REAL, type Records } from "./tokens.js";

/** So many buckets of the wheel become its front together where there are more events than the caches hold. */
export const enum AHEAD {
  buckets = 32,
  /** So many events of a bucket are fetched together with the others'; few hold more. */
  depth = 4,
}

/**
 * Brings what is about to be needed into the cache. No step depends on what another one finds, so that the processor need not wait for one before
 * it asks for the next: all of them wait for the memory at the same time. A place of -1, which is none, is looked at as if it were the first.
 */
export class Prefetch {
  /** Of no meaning, but without it the compiler would leave out what only fetches. */
  sum = -0.5;
  /** What is fetched of a token's record besides its beginning. */
  private readonly further: number;
  /** Where the lists of the buckets go on; none where they have ended. */
  private readonly reached = new Int32Array(AHEAD.buckets);

  /** `records`: those of the tokens to which the events lead, null where events lead nowhere. `row`: what becomes of them is written into their rows. */
  constructor(private readonly records: Records | null, row = false) {
    this.further = row ? REAL.slots : REAL.cursor;
  }

  /** The first events of each of the buckets behind `position`. */
  events(buckets: Int32Array, position: number, mask: number, links: Int32Array): void {
    const { reached } = this;
    for (let ahead = 0; ahead < AHEAD.buckets; ahead++) reached[ahead] = buckets[(position + 1 + ahead) & mask];
    for (let depth = 0; depth < AHEAD.depth; depth++) {
      for (let ahead = 0; ahead < AHEAD.buckets; ahead++) {
        const at = reached[ahead];
        reached[ahead] = links[2 * (at & ~(at >> 31)) + SLOT.next] | (at >> 31);
      }
    }
  }

  /** The tokens of a list of events. */
  tokens(list: number, links: Int32Array): void {
    if (this.records === null) return;
    const { further, records: { reals } } = this;
    let sum = 0;
    for (let at = list; at !== SLOT.none; at = links[2 * at + SLOT.next]) {
      const payload = links[2 * at + SLOT.payload];
      const token = payload & ~(payload >> 31);
      sum += reals[token + REAL.cursor] + reals[token + further];
    }
    this.sum = sum;
  }
}
