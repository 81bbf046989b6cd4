import type { MetricSpec, PathSpec } from "./program.js";

const FLUSH_EVERY = 65_536;
/** A sum above this might round when one more latency is added: both are at most 2^53. */
const SAFE_SUM = 2 ** 52;

/** A metric's window as places in the list of partial sums: partial sums `from` to `to`, `to` excluded. */
export interface Window {
  readonly metric: MetricSpec;
  readonly from: number;
  readonly to: number;
}

/**
 * Where the time of one path's messages went. Sums are exact: small sums are flushed into big integers before they could round.
 * The path's slots are cut where windows of metrics begin and end, so that one pass over a row gives the total of each window.
 */
export class PathLedger {
  readonly slots: readonly [number, number];
  readonly width: number;
  /** Slots at which a partial sum ends; the last is the end of the path. */
  readonly cuts: Int32Array;
  readonly windows: readonly Window[];
  /** Sums since the last flush, by slot of the path. */
  readonly small: Float64Array;
  private readonly large: bigint[];
  private unflushed = 0;
  measured = 0;
  /** Rows of every stride-th message: slots, then the offset of its size row. */
  samples: Float64Array;
  /** Number of the message of each row. */
  numbers: Float64Array;
  sampled = 0;
  private stride = 1;

  constructor(path: PathSpec, private readonly limit: number) {
    this.slots = path.slots;
    const [from, to] = path.slots;
    const count = to - from;
    const cuts = [...new Set([...path.metrics.flatMap((metric) => [...metric.slots]), to])].filter((cut) => cut > from && cut <= to).sort((a, b) => a - b);
    this.cuts = Int32Array.from(cuts);
    // The partial sum that begins at a cut is the one after the sum that ends there.
    const place = (slot: number): number => (slot <= from ? 0 : cuts.indexOf(slot) + 1);
    this.windows = path.metrics.map((metric) => ({ metric, from: place(metric.slots[0]), to: place(metric.slots[1]) }));
    this.small = new Float64Array(count);
    this.large = new Array<bigint>(count).fill(0n);
    this.width = count + 1;
    this.samples = new Float64Array(Math.min(limit, 256) * this.width);
    this.numbers = new Float64Array(Math.min(limit, 256));
  }

  /** Whether the row of the message that is being measured belongs to the sample; it must then be given to `sample`. */
  wantsSample(): boolean {
    if (++this.unflushed === FLUSH_EVERY) this.flush();
    if (this.measured++ % this.stride !== 0 || this.limit === 0) return false;
    if (this.sampled < this.limit) return true;
    this.thin();
    return (this.measured - 1) % this.stride === 0;
  }

  /** Remembers a row of the ledger. */
  sample(rows: Float64Array, base: number, size: number, message: number): void {
    let at = this.sampled++ * this.width;
    if (at + this.width > this.samples.length) this.growSamples();
    const from = base + this.slots[0];
    for (let slot = 0; slot < this.small.length; slot++) this.samples[at++] = rows[from + slot]!;
    this.samples[at] = size;
    this.numbers[this.sampled - 1] = message;
  }

  /** Adds a segment to the sum of a slot, counted from the path's first; a sum that it could round goes out of the way before. */
  add(slot: number, value: number): void {
    const sum = this.small[slot]!;
    if (sum > SAFE_SUM || sum < -SAFE_SUM) this.spill(slot);
    this.small[slot]! += value;
  }

  sums(): bigint[] {
    this.flush();
    return this.large;
  }

  private flush(): void {
    for (let slot = 0; slot < this.small.length; slot++) this.spill(slot);
    this.unflushed = 0;
  }

  private spill(slot: number): void {
    this.large[slot]! += BigInt(this.small[slot]!);
    this.small[slot] = 0;
  }

  private growSamples(): void {
    const grown = new Float64Array(Math.min(this.samples.length * 2, this.limit * this.width));
    grown.set(this.samples);
    this.samples = grown;
    const numbers = new Float64Array(grown.length / this.width);
    numbers.set(this.numbers);
    this.numbers = numbers;
  }

  /** Keeps every second row and samples half as often from now on. */
  private thin(): void {
    const { width, samples } = this;
    const kept = Math.ceil(this.sampled / 2);
    for (let row = 1; row < kept; row++) {
      samples.copyWithin(row * width, row * 2 * width, (row * 2 + 1) * width);
      this.numbers[row] = this.numbers[row * 2]!;
    }
    this.sampled = kept;
    this.stride *= 2;
  }
}
