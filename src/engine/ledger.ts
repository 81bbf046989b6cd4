import { InternalFault } from "../errors/index.js";
import { Fingerprint } from "./fingerprint.js";
import type { LiveSlots } from "./live-slots.js";
import { PathLedger } from "./path-ledger.js";
import type { Program } from "./program.js";
import type { SizeTable } from "./size-table.js";
import { INT, REAL, type Tokens } from "./tokens.js";

/** Takes the latencies of one metric, and the number of the message that had each. */
export interface LatencySink {
  record(latency: number, message: number): void;
}

/** Looks at a message's record when it has ended; nothing of it may be kept but copies. */
export type RowObserver = (tokens: Tokens, token: number, number: number, path: number) => void;

export interface LedgerOptions {
  /** Messages with a smaller number are not measured. */
  readonly warmup: number;
  /** One sink per metric of each path, in program order. */
  readonly sinks: readonly (readonly LatencySink[])[];
  /** Most rows kept of whole messages, for the bands of the waterfall. */
  readonly sampleLimit: number;
  /** Sees the row of every measured message before it is cleared. */
  readonly observer?: RowObserver;
  /** Measures latencies without checking that segments tile them: for benchmarks of the engine alone. */
  readonly bare?: boolean;
}

/** Checks that every message's segments tile its latency, and gathers them. */
export class Ledger {
  readonly paths: readonly PathLedger[];
  /** Partial sums of the row that is being read, one between every two cuts. */
  private readonly partial: Float64Array;
  /** What the segments of the row come to in the fingerprint. */
  private sum0 = 0;
  private sum1 = 0;
  /** Time that its segments take back. */
  private back = -0;
  /** 1 for each slot that may take time back. */
  private readonly overlaps: Uint8Array;
  /** Sums of what does not count. */
  private readonly uncounted: Float64Array;
  private readonly bare: boolean;
  private readonly observer: RowObserver | null;
  readonly fingerprint: Fingerprint;

  constructor(private readonly program: Program, private readonly sizes: SizeTable, private readonly options: LedgerOptions) {
    this.paths = program.paths.map((path) => new PathLedger(path, options.sampleLimit));
    // What is taken back may be waited for again, so that a row adds up without both: nobody would look for them.
    program.slots.forEach(({ kind }, slot) => {
      if (kind === "overlap") for (const { slots, live } of this.paths) if (slot >= slots[0] && slot < slots[1]) live.know(slot);
    });
    this.overlaps = Uint8Array.from(program.slots, ({ kind }) => (kind === "overlap" ? 1 : 0));
    this.uncounted = new Float64Array(program.slots.length);
    this.partial = new Float64Array(1 + Math.max(0, ...this.paths.map((path) => path.live.cuts.length)));
    this.fingerprint = new Fingerprint(program.slots.length);
    this.bare = options.bare === true;
    this.observer = options.observer ?? null;
  }

  /** A message has ended: checks the tiling, measures it unless it belongs to the warm-up, clears its row. */
  finish(tokens: Tokens, token: number, number: number, path: number): void {
    const counted = number >= this.options.warmup;
    if (this.bare) {
      if (counted) this.measureBare(tokens, token, path, number);
      return;
    }
    const ledger = this.paths[path]!;
    if (counted) this.show(tokens, token, number, path);
    this.gather(tokens, token, ledger, counted);
    this.measure(tokens, token, path, counted ? number : -1);
  }

  /** Folds a row that is nobody's latency into the fingerprint and clears it. */
  clear(tokens: Tokens, token: number): void {
    if (this.bare) return;
    const { ints, reals } = tokens;
    const { keys0, keys1 } = this.fingerprint;
    const base = token + REAL.slots;
    let sum0 = 0;
    let sum1 = 0;
    for (let slot = ints[2 * token + INT.slotFrom]!, end = ints[2 * token + INT.slotTo]!; slot < end; slot++) {
      const value = reals[base + slot]!;
      reals[base + slot] = 0;
      sum0 = (sum0 + Math.imul(value, keys0[slot]!)) | 0;
      sum1 = (sum1 + Math.imul(value, keys1[slot]!)) | 0;
    }
    this.fingerprint.add(sum0, sum1, tokens.reals[token + REAL.rank]! | 0, tokens.reals[token + REAL.cursor]! | 0);
  }

  /** Lets a measured message's row be looked at and sampled, while it still stands. */
  private show(tokens: Tokens, token: number, number: number, path: number): void {
    const ledger = this.paths[path]!;
    const base = token + REAL.slots;
    this.observer?.(tokens, token, number, path);
    if (!ledger.isSampled()) return;
    const span = tokens.reals[token + REAL.cursor]! - tokens.reals[token + REAL.begun]!;
    if (ledger.live.sum(tokens.reals, base) !== span) ledger.live.learn(tokens.reals, base);
    ledger.samples.take(tokens.reals, base, tokens.ints[2 * token + INT.size]!, number);
  }

  /** Reads a message's row, and clears it. What it holds must be all of the message's time, from when it was sent to now. */
  private gather(tokens: Tokens, token: number, ledger: PathLedger, counted: boolean): void {
    const { live } = ledger;
    const { partial } = this;
    const base = token + REAL.slots;
    const span = tokens.reals[token + REAL.cursor]! - tokens.reals[token + REAL.begun]!;
    for (let part = live.cuts.length; part-- > 0; ) partial[part] = 0;
    this.sum0 = 0;
    this.sum1 = 0;
    this.back = 0;
    if (counted) ledger.makeRoom(span);
    const sums = counted ? ledger.small : this.uncounted;
    let total = this.read(tokens.reals, base, live, sums);
    if (total !== span) {
      // The rest is in slots in which no message had any until now.
      live.learn(tokens.reals, base);
      total += this.read(tokens.reals, base, live, sums);
      if (total !== span) throw new InternalFault(`the segments of a message add to ${total} ps, but it was under way for ${span} ps`);
    }
    if (counted) ledger.hold(span, this.back);
    this.fingerprint.add(this.sum0, this.sum1, tokens.reals[token + REAL.rank]! | 0, tokens.reals[token + REAL.cursor]! | 0);
  }

  /**
   * One pass over the known slots of a row: sums by slot, partial sums between the cuts, fingerprint. Clears them; returns what they held.
   * It calls nobody, so that the compiler need not look anew where each array lies.
   */
  private read(rows: Float64Array, base: number, { slots, ends }: LiveSlots, sums: Float64Array): number {
    const { partial, overlaps } = this;
    const { keys0, keys1 } = this.fingerprint;
    let { sum0, sum1, back } = this;
    let total = 0;
    let index = 0;
    let wrong = -1;
    for (let part = 0; part < ends.length; part++) {
      let sum = 0;
      for (const end = ends[part]!; index < end; index++) {
        const slot = slots[index]!;
        const value = rows[base + slot]!;
        rows[base + slot] = 0;
        sums[slot]! += value;
        sum += value;
        sum0 = (sum0 + Math.imul(value, keys0[slot]!)) | 0;
        sum1 = (sum1 + Math.imul(value, keys1[slot]!)) | 0;
        if (value < 0) {
          back -= value;
          wrong = overlaps[slot] === 0 ? slot : wrong;
        }
      }
      partial[part]! += sum;
      total += sum;
    }
    if (wrong >= 0) this.refuseNegative(wrong);
    this.sum0 = sum0;
    this.sum1 = sum1;
    this.back = back;
    return total;
  }

  /** Only what runs ahead of its data takes time back. */
  private refuseNegative(slot: number): never {
    const { step, label } = this.program.slots[slot]!;
    throw new InternalFault(`a segment other than overlap is negative: ${step}, ${label}`);
  }

  /** `number` of the message, -1 for one that is not counted. */
  private measure(tokens: Tokens, token: number, path: number, number: number): void {
    const { windows } = this.paths[path]!;
    const sinks = this.options.sinks[path]!;
    const { ints, reals } = tokens;
    const { values } = this.sizes;
    const row = ints[2 * token + INT.size]!;
    const base = token + tokens.marksAt;
    for (let index = 0; index < windows.length; index++) {
      const { metric, from, to } = windows[index]!;
      const span = reals[base + metric.toMark]! - reals[base + metric.fromMark]!;
      let total = 0;
      for (let part = from; part < to; part++) total += this.partial[part]!;
      if (total !== span) throw new InternalFault(`metric ${metric.name}: the segments of a message add to ${total} ps, its latency is ${span} ps`);
      if (number < 0) continue;
      const fromEdge = metric.fromEdge < 0 ? 0 : values[row + metric.fromEdge]!;
      const toEdge = metric.toEdge < 0 ? 0 : values[row + metric.toEdge]!;
      sinks[index]!.record(span + toEdge - fromEdge, number);
    }
  }

  private measureBare(tokens: Tokens, token: number, path: number, number: number): void {
    const { reals } = tokens;
    const base = token + tokens.marksAt;
    const { windows } = this.paths[path]!;
    const sinks = this.options.sinks[path]!;
    for (let index = 0; index < windows.length; index++) {
      const { metric } = windows[index]!;
      sinks[index]!.record(reals[base + metric.toMark]! - reals[base + metric.fromMark]!, number);
    }
  }
}
