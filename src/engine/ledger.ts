import { InternalFault } from "../errors/index.js";
import { PathLedger } from "./path-ledger.js";
import type { Program } from "./program.js";
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
  /** Measures latencies without checking that segments tile them: for benchmarks of the engine alone. */
  readonly bare?: boolean;
}

/** A sum above this might round when one more latency is added: both are at most 2^53. */
const SAFE_SUM = 2 ** 52;

/** Checks that every message's segments tile its latency, and gathers them. */
export class Ledger {
  readonly paths: readonly PathLedger[];
  /** Partial sums of the row that is being read, one between every two cuts. */
  private readonly partial: Float64Array;
  private readonly bare: boolean;
  fingerprint0 = 0;
  fingerprint1 = 0;

  constructor(private readonly program: Program, private readonly tokens: Tokens, private readonly sizes: SizeTable, private readonly options: LedgerOptions) {
    this.paths = program.paths.map((path) => new PathLedger(path, options.sampleLimit));
    this.partial = new Float64Array(1 + Math.max(0, ...this.paths.map((path) => path.cuts.length)));
    this.bare = options.bare === true;
  }

  /** A message has ended: measure it, check the tiling, clear its row. */
  finish(token: number, number: number, path: number): void {
    if (this.bare) return this.measureBare(token, number, path);
    const ledger = this.paths[path]!;
    if (number < this.options.warmup) return this.clear(token);
    const { rows, slots, size } = this.tokens;
    if (ledger.wantsSample()) ledger.sample(rows, token * slots, size[token]!);
    this.gather(token, ledger);
    this.measure(token, path, ledger);
  }

  /** Folds a row that is nobody's latency into the fingerprint and clears it. */
  clear(token: number): void {
    if (this.bare) return;
    const { rows, slots, slotFrom, slotTo } = this.tokens;
    const base = token * slots;
    this.begin(token);
    for (let slot = slotFrom[token]!, end = slotTo[token]!; slot < end; slot++) {
      const value = rows[base + slot]!;
      if (value === 0) continue;
      rows[base + slot] = 0;
      this.fold(slot, value);
    }
    this.commit();
  }

  /** One pass over a message's row: sums by slot, partial sums between the cuts, fingerprint; leaves the row cleared. */
  private gather(token: number, ledger: PathLedger): void {
    const { rows, slots } = this.tokens;
    const { cuts, small } = ledger;
    const { partial } = this;
    const first = ledger.slots[0];
    const base = token * slots;
    this.begin(token);
    let slot = first;
    for (let cut = 0; cut < cuts.length; cut++) {
      let sum = 0;
      for (const end = cuts[cut]!; slot < end; slot++) {
        const value = rows[base + slot]!;
        if (value === 0) continue;
        rows[base + slot] = 0;
        if (value < 0 && this.program.slots[slot]!.kind !== "overlap") throw new InternalFault(`a segment other than overlap is negative: ${this.program.slots[slot]!.step}, ${this.program.slots[slot]!.label}`);
        if (small[slot - first]! > SAFE_SUM || small[slot - first]! < -SAFE_SUM) ledger.spill(slot - first);
        small[slot - first]! += value;
        sum += value;
        this.fold(slot, value);
      }
      partial[cut] = sum;
    }
    this.commit();
  }

  private measure(token: number, path: number, ledger: PathLedger): void {
    const sinks = this.options.sinks[path]!;
    const { marks, markCount, size } = this.tokens;
    const { values } = this.sizes;
    const row = size[token]!;
    const base = token * markCount;
    for (let index = 0; index < ledger.windows.length; index++) {
      const { metric, from, to } = ledger.windows[index]!;
      const span = marks[base + metric.toMark]! - marks[base + metric.fromMark]!;
      let total = 0;
      for (let part = from; part < to; part++) total += this.partial[part]!;
      if (total !== span) throw new InternalFault(`metric ${metric.name}: the segments of a message add to ${total} ps, its latency is ${span} ps`);
      const fromEdge = metric.fromEdge < 0 ? 0 : values[row + metric.fromEdge]!;
      const toEdge = metric.toEdge < 0 ? 0 : values[row + metric.toEdge]!;
      sinks[index]!.record(span + toEdge - fromEdge);
    }
  }

  private measureBare(token: number, number: number, path: number): void {
    if (number < this.options.warmup) return;
    const { marks, markCount } = this.tokens;
    const { windows } = this.paths[path]!;
    for (let index = 0; index < windows.length; index++) {
      const { metric } = windows[index]!;
      this.options.sinks[path]![index]!.record(marks[token * markCount + metric.toMark]! - marks[token * markCount + metric.fromMark]!);
    }
  }

  private hash0 = 0;
  private hash1 = 0;

  private begin(token: number): void {
    const { rank, cursor } = this.tokens;
    this.hash0 = Math.imul(rank[token]! | 0, 0x9e3779b1) ^ (cursor[token]! | 0);
    this.hash1 = this.hash0 ^ 0x5bd1e995;
  }

  private fold(slot: number, value: number): void {
    const hash0 = Math.imul(this.hash0 ^ (value | 0) ^ Math.imul(slot, 0x85ebca77), 0xc2b2ae3d);
    this.hash1 = (Math.imul((this.hash1 << 13) | (this.hash1 >>> 19), 5) + hash0) | 0;
    this.hash0 = hash0;
  }

  /** Adds a token's hash to the fingerprint: a sum, so that the order in which tokens end does not matter. */
  private commit(): void {
    this.fingerprint0 = (this.fingerprint0 + (this.hash0 ^ (this.hash0 >>> 15))) | 0;
    this.fingerprint1 = (this.fingerprint1 + Math.imul(this.hash1 ^ (this.hash1 >>> 13), 0x27d4eb2f)) | 0;
  }

  fingerprint(): string {
    return [this.fingerprint0, this.fingerprint1].map((lane) => (lane >>> 0).toString(16).padStart(8, "0")).join("");
  }
}
