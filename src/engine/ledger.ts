import { InternalFault } from "../errors/index.js";
import type { MetricSpec, Program } from "./program.js";
import type { SizeTable } from "./size-table.js";
import type { Tokens } from "./tokens.js";

/** Takes the latencies of one metric. */
export interface LatencySink {
  record(latency: number): void;
}

export interface LedgerOptions {
  /** Messages with a smaller number are not measured. */
  readonly warmup: number;
  /** One sink per metric of each path, in program order. */
  readonly sinks: readonly (readonly LatencySink[])[];
  /** Most rows kept of whole messages, for the bands of the waterfall. */
  readonly sampleLimit: number;
}

const FLUSH_EVERY = 65_536;

/** Where the time of one path's messages went. Sums are exact: small sums are flushed into big integers before they could round. */
class PathLedger {
  private readonly small: Float64Array;
  private readonly large: bigint[];
  private unflushed = 0;
  measured = 0;
  /** Rows of every stride-th message: slots, then the offset of its size row. */
  samples: Float64Array;
  sampled = 0;
  private stride = 1;
  readonly width: number;

  constructor(readonly slots: readonly [number, number], private readonly limit: number) {
    const count = slots[1] - slots[0];
    this.small = new Float64Array(count);
    this.large = new Array<bigint>(count).fill(0n);
    this.width = count + 1;
    this.samples = new Float64Array(Math.min(limit, 256) * this.width);
  }

  /** Adds a row of the ledger and remembers it if it is one of the sample. */
  add(rows: Float64Array, base: number, size: number): void {
    const small = this.small;
    const from = base + this.slots[0];
    for (let slot = 0; slot < small.length; slot++) {
      const sum = small[slot]! + rows[from + slot]!;
      if (sum > Number.MAX_SAFE_INTEGER || sum < Number.MIN_SAFE_INTEGER) {
        this.large[slot]! += BigInt(small[slot]!);
        small[slot] = rows[from + slot]!;
      } else small[slot] = sum;
    }
    if (this.measured++ % this.stride === 0 && this.limit > 0) this.sample(rows, from, size);
    if (++this.unflushed === FLUSH_EVERY) this.flush();
  }

  sums(): bigint[] {
    this.flush();
    return this.large;
  }

  private flush(): void {
    for (let slot = 0; slot < this.small.length; slot++) {
      this.large[slot]! += BigInt(this.small[slot]!);
      this.small[slot] = 0;
    }
    this.unflushed = 0;
  }

  private sample(rows: Float64Array, from: number, size: number): void {
    if (this.sampled === this.limit) {
      this.thin();
      if ((this.measured - 1) % this.stride !== 0) return;
    }
    let at = this.sampled++ * this.width;
    if (at + this.width > this.samples.length) this.growSamples();
    for (let slot = 0; slot < this.small.length; slot++) this.samples[at++] = rows[from + slot]!;
    this.samples[at] = size;
  }

  private growSamples(): void {
    const grown = new Float64Array(Math.min(this.samples.length * 2, this.limit * this.width));
    grown.set(this.samples);
    this.samples = grown;
  }

  /** Keeps every second row and samples half as often from now on. */
  private thin(): void {
    const { width, samples } = this;
    const kept = Math.ceil(this.sampled / 2);
    for (let row = 1; row < kept; row++) samples.copyWithin(row * width, row * 2 * width, (row * 2 + 1) * width);
    this.sampled = kept;
    this.stride *= 2;
  }
}

/** Checks that every message's segments tile its latency, and gathers them. */
export class Ledger {
  readonly paths: readonly PathLedger[];
  private readonly metrics: readonly (readonly MetricSpec[])[];
  fingerprint0 = 0;
  fingerprint1 = 0;
  finished = 0;

  constructor(private readonly program: Program, private readonly tokens: Tokens, private readonly sizes: SizeTable, private readonly options: LedgerOptions) {
    this.paths = program.paths.map((path) => new PathLedger(path.slots, options.sampleLimit));
    this.metrics = program.paths.map((path) => path.metrics);
  }

  /** A message has ended: measure it, check the tiling, clear its row. */
  finish(token: number, number: number, path: number): void {
    this.finished++;
    const { slots, size } = this.tokens;
    const base = token * slots;
    if (number >= this.options.warmup) {
      this.measure(token, path);
      this.paths[path]!.add(this.tokens.rows, base, size[token]!);
    }
    this.clear(token, path);
  }

  /** Folds the row into the fingerprint, whatever the order in which messages end, and clears it. */
  clear(token: number, path: number): void {
    const { rows, slots, rank, cursor } = this.tokens;
    const [from, to] = this.program.paths[path]!.slots;
    const base = token * slots;
    let hash0 = Math.imul(rank[token]! | 0, 0x9e3779b1) ^ (cursor[token]! | 0);
    let hash1 = hash0 ^ 0x5bd1e995;
    for (let slot = base + from, end = base + to; slot < end; slot++) {
      const value = rows[slot]!;
      if (value === 0) continue;
      hash0 = Math.imul(hash0 ^ (value | 0) ^ Math.imul(slot - base, 0x85ebca77), 0xc2b2ae3d);
      hash1 = Math.imul((hash1 << 13) | (hash1 >>> 19), 5) + hash0;
      rows[slot] = 0;
    }
    this.fingerprint0 = (this.fingerprint0 + (hash0 ^ (hash0 >>> 15))) | 0;
    this.fingerprint1 = (this.fingerprint1 + Math.imul(hash1 ^ (hash1 >>> 13), 0x27d4eb2f)) | 0;
  }

  private measure(token: number, path: number): void {
    const metrics = this.metrics[path]!;
    const sinks = this.options.sinks[path]!;
    const { marks, markCount, rows, slots, size } = this.tokens;
    const values = this.sizes.values;
    const row = size[token]!;
    let total = 0;
    let from = -1;
    let to = -1;
    for (let index = 0; index < metrics.length; index++) {
      const metric = metrics[index]!;
      const span = marks[token * markCount + metric.toMark]! - marks[token * markCount + metric.fromMark]!;
      if (metric.slots[0] !== from || metric.slots[1] !== to) {
        [from, to] = metric.slots;
        total = this.total(rows, token * slots + from, token * slots + to, metric);
      }
      if (total !== span) throw new InternalFault(`metric ${metric.name}: the segments of a message add to ${total} ps, its latency is ${span} ps`);
      const fromEdge = metric.fromEdge < 0 ? 0 : values[row + metric.fromEdge]!;
      const toEdge = metric.toEdge < 0 ? 0 : values[row + metric.toEdge]!;
      sinks[index]!.record(span + toEdge - fromEdge);
    }
  }

  private total(rows: Float64Array, from: number, to: number, metric: MetricSpec): number {
    let total = 0;
    for (let slot = from; slot < to; slot++) {
      const value = rows[slot]!;
      if (value < 0 && this.program.slots[slot - from + metric.slots[0]]!.kind !== "overlap") throw new InternalFault(`metric ${metric.name}: a segment other than overlap is negative`);
      total += value;
    }
    return total;
  }

  fingerprint(): string {
    return [this.fingerprint0, this.fingerprint1].map((lane) => (lane >>> 0).toString(16).padStart(8, "0")).join("");
  }
}
export type { PathLedger };
