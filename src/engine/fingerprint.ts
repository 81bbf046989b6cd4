/** Of the slots: odd numbers without a pattern. */
function slotKeys(slots: number, seed: number): Int32Array {
  return Int32Array.from({ length: slots }, (_, slot) => {
    let key = Math.imul(slot + 1, seed);
    key = Math.imul(key ^ (key >>> 15), 0x85ebca77);
    return (key ^ (key >>> 13)) | 1;
  });
}

/**
 * Hash of a trajectory: of every token its rank, its last time and every segment. A token's segments are each multiplied by the keys of
 * their slot and summed, modulo 2^32: so no order is asked for, nothing counts as nothing, and time that moves from one slot to
 * others shows. The hashes of the tokens are summed too, so that the order in which they happen to end does not matter.
 */
export class Fingerprint {
  readonly keys0: Int32Array;
  readonly keys1: Int32Array;
  private lane0 = 0;
  private lane1 = 0;

  constructor(slots: number) {
    this.keys0 = slotKeys(slots, 0x9e3779b1);
    this.keys1 = slotKeys(slots, 0x27d4eb2f);
  }

  /** Adds a token: the sums over its segments, the lowest 32 bits of its rank and those of the time at which it ends. */
  add(sum0: number, sum1: number, rank: number, time: number): void {
    const key = Math.imul(rank, 0x9e3779b1) ^ time;
    const hash0 = Math.imul(sum0 ^ key, 0xc2b2ae3d);
    const hash1 = Math.imul(sum1 ^ (key >>> 16) ^ (key << 16) ^ hash0, 0x5bd1e995);
    this.lane0 = (this.lane0 + (hash0 ^ (hash0 >>> 15))) | 0;
    this.lane1 = (this.lane1 + (hash1 ^ (hash1 >>> 13))) | 0;
  }

  get text(): string {
    return [this.lane0, this.lane1].map((lane) => (lane >>> 0).toString(16).padStart(8, "0")).join("");
  }
}
