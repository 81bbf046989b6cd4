/**
 * Hash of a trajectory: of every token its rank, its last time and every segment that is not nothing. The hashes of the tokens are
 * summed, so that the order in which they happen to end does not matter.
 */
export class Fingerprint {
  private lane0 = 0;
  private lane1 = 0;
  private hash0 = 0;
  private hash1 = 0;

  /** Begins with a token's rank and the time at which it ends; both are integers beyond 32 bits, of which the lowest count. */
  begin(rank: number, time: number): void {
    this.hash0 = Math.imul(rank, 0x9e3779b1) ^ time;
    this.hash1 = this.hash0 ^ 0x5bd1e995;
  }

  /** Adds a segment, of which the lowest 32 bits count. */
  fold(slot: number, value: number): void {
    const hash0 = Math.imul(this.hash0 ^ value ^ Math.imul(slot, 0x85ebca77), 0xc2b2ae3d);
    this.hash1 = (Math.imul((this.hash1 << 13) | (this.hash1 >>> 19), 5) + hash0) | 0;
    this.hash0 = hash0;
  }

  /** Adds the token to the sum. */
  commit(): void {
    this.lane0 = (this.lane0 + (this.hash0 ^ (this.hash0 >>> 15))) | 0;
    this.lane1 = (this.lane1 + Math.imul(this.hash1 ^ (this.hash1 >>> 13), 0x27d4eb2f)) | 0;
  }

  get text(): string {
    return [this.lane0, this.lane1].map((lane) => (lane >>> 0).toString(16).padStart(8, "0")).join("");
  }
}
