import { BLOCK, type Block } from "./block.js";
import type { Ledger, LedgerOptions } from "./ledger.js";
import { rankOf } from "./order.js";
import type { PathLedger, Window } from "./path-ledger.js";
import type { Program } from "./program.js";
import type { SizeTable } from "./size-table.js";
import { INT, REAL, Tokens } from "./tokens.js";

/** Below it a sum of whole numbers, none of them negative, has not been rounded. */
const SAFE_SUM = 2 ** 52;

export interface BlockLedgerHost {
  readonly program: Program;
  readonly sizes: SizeTable;
  readonly ledger: Ledger;
  readonly options: LedgerOptions;
}

/** Of a slot that a path writes to. */
interface Column {
  readonly slot: number;
  readonly overlap: boolean;
  readonly values: Float64Array;
  /** The partial sum, between two cuts of the path, to which it adds. */
  readonly part: number;
}

/**
 * Measures the messages of a block, which have come to their end: what `Ledger.finish` does row by row it does column by column,
 * in loops that do one thing. What is out of the ordinary goes row by row, and so is judged in one place.
 */
export class BlockLedger {
  private readonly paths: PathLedger;
  /** The partial sums of each message, but for what is the same for all of them. */
  private readonly parts: readonly Float64Array[];
  private readonly partsAll: Float64Array;
  private readonly columns: readonly Column[];
  /** Of each column, its sum and its least value, at most 0. */
  private readonly sums: Float64Array;
  private readonly least: Float64Array;
  /** What the segments of each message come to in the fingerprint, but for what is the same for all of them. */
  private readonly sum0 = new Int32Array(BLOCK.rows);
  private readonly sum1 = new Int32Array(BLOCK.rows);
  private readonly spans = new Float64Array(BLOCK.rows);
  /** Where a row is written out that somebody wants whole. */
  private readonly whole: Tokens;

  constructor(private readonly machine: BlockLedgerHost, private readonly path: number, private readonly block: Block) {
    const { program, ledger } = machine;
    this.paths = ledger.paths[path];
    const { cuts } = this.paths.live;
    this.parts = cuts.map(() => new Float64Array(BLOCK.rows));
    this.partsAll = new Float64Array(cuts.length);
    const [from, to] = this.paths.slots;
    this.columns = block.slots.filter((slot) => slot >= from && slot < to).map((slot) => ({ slot, overlap: program.slots[slot].kind === "overlap", values: block.held(slot), part: cuts.findIndex((cut) => slot < cut) }));
    this.sums = new Float64Array(this.columns.length);
    this.least = new Float64Array(this.columns.length);
    this.whole = new Tokens(program.slots.length, Math.max(1, program.marks), 1);
  }

  /** The messages of the block, of which the first is number `from`, have ended. */
  finish(from: number): void {
    const { options } = this.machine;
    if (options.bare === true) return this.measureBare(from);
    if (from < options.warmup || options.observer !== undefined || !this.addsUp()) return this.finishEach(from);
    this.gather();
    this.hash(from);
    this.sample(from);
    for (let metric = 0; metric < this.paths.windows.length; metric++) this.measure(metric, from);
  }

  private finishEach(from: number): void {
    const { block, machine, path, whole } = this;
    for (let row = 0; row < block.count; row++) {
      this.writeOut(row);
      whole.reals[REAL.cursor] = block.cursor[row] + block.cursorAll;
      whole.reals[REAL.begun] = block.begun[row];
      whole.ints[INT.size] = block.size[row];
      whole.reals[REAL.rank] = rankOf(from + row);
      machine.ledger.finish(whole, 0, from + row, path);
    }
  }

  private writeOut(row: number): void {
    const { block, whole, columns } = this;
    for (const { slot, values } of columns) whole.reals[REAL.slots + slot] = values[row] + block.segmentsAll[slot];
    for (let mark = 0; mark < block.marks.length; mark++) whole.reals[whole.marksAt + mark] = block.marks[mark][row] + block.marksAll[mark];
  }

  /** Whether every message's segments tile its time and its latencies, none of them negative but overlaps, and all of them small enough to be added exactly. */
  private addsUp(): boolean {
    const { columns, parts, partsAll, paths, block } = this;
    partsAll.fill(0);
    for (const part of parts) part.fill(0);
    for (let column = 0; column < columns.length; column++) if (!this.add(column)) return false;
    this.span(block.begun, block.cursor, block.cursorAll);
    if (!this.isSpanned(0, parts.length)) return false;
    for (let index = 0; index < paths.windows.length; index++) {
      const { metric: { fromMark, toMark }, from, to } = paths.windows[index];
      this.span(block.marks[fromMark], block.marks[toMark], block.marksAll[toMark] - block.marksAll[fromMark]);
      if (!this.isSpanned(from, to)) return false;
    }
    return true;
  }

  /** Adds a column to its partial sums; false where that is no matter of course. */
  private add(column: number): boolean {
    const { slot, part, overlap } = this.columns[column];
    const { count, touched, segmentsAll } = this.block;
    const all = segmentsAll[slot];
    this.sums[column] = 0;
    this.least[column] = 0;
    if (touched[slot] !== 0) this.addRows(column);
    this.partsAll[part] += all;
    return this.sums[column] <= SAFE_SUM && count * all <= SAFE_SUM && (overlap || (this.least[column] === 0 && all >= 0));
  }

  private addRows(column: number): void {
    const { values, part } = this.columns[column];
    const { count } = this.block;
    const sums = this.parts[part];
    let sum = 0;
    let least = 0;
    for (let row = 0; row < count; row++) {
      const value = values[row];
      sums[row] += value;
      sum += value;
      if (value < least) least = value;
    }
    this.sums[column] = sum;
    this.least[column] = least;
  }

  /** The times from one column to another, and `all`. */
  private span(begin: Float64Array, end: Float64Array, all: number): void {
    const { spans, block: { count } } = this;
    for (let row = 0; row < count; row++) spans[row] = end[row] - begin[row] + all;
  }

  /** Whether the partial sums `from` to `to`, `to` excluded, are the spans. */
  private isSpanned(from: number, to: number): boolean {
    const { parts, partsAll, spans, block: { count } } = this;
    for (let at = from; at < to; at++) {
      const part = parts[at];
      const all = partsAll[at];
      for (let row = 0; row < count; row++) spans[row] -= part[row] + all;
    }
    for (let row = 0; row < count; row++) if (spans[row] !== 0) return false;
    return true;
  }

  private gather(): void {
    const { columns, paths, sums, least, block } = this;
    paths.measured += block.count;
    for (let column = 0; column < columns.length; column++) {
      const { slot, values } = columns[column];
      const all = block.segmentsAll[slot];
      if (this.isEmpty(column) && all === 0) continue;
      paths.live.know(slot);
      paths.add(slot, block.count * all);
      if (least[column] === 0) paths.add(slot, sums[column]);
      else for (let row = 0; row < block.count; row++) paths.add(slot, values[row]);
    }
  }

  private isEmpty(column: number): boolean {
    return this.sums[column] === 0 && this.least[column] === 0;
  }

  private hash(from: number): void {
    const { block, columns, sum0, sum1 } = this;
    const { fingerprint } = this.machine.ledger;
    const { keys0, keys1 } = fingerprint;
    let all0 = 0;
    let all1 = 0;
    sum0.fill(0);
    sum1.fill(0);
    for (let column = 0; column < columns.length; column++) {
      const { slot } = columns[column];
      all0 = (all0 + Math.imul(block.segmentsAll[slot], keys0[slot])) | 0;
      all1 = (all1 + Math.imul(block.segmentsAll[slot], keys1[slot])) | 0;
      if (!this.isEmpty(column)) this.fold(column, keys0[slot], keys1[slot]);
    }
    for (let row = 0; row < block.count; row++) {
      fingerprint.add((sum0[row] + all0) | 0, (sum1[row] + all1) | 0, rankOf(from + row) | 0, (block.cursor[row] + block.cursorAll) | 0);
    }
  }

  private fold(column: number, key0: number, key1: number): void {
    const { sum0, sum1, block: { count } } = this;
    const { values } = this.columns[column];
    for (let row = 0; row < count; row++) {
      const value = values[row] | 0;
      sum0[row] += Math.imul(value, key0);
      sum1[row] += Math.imul(value, key1);
    }
  }

  private sample(from: number): void {
    const { block, paths: { samples }, whole } = this;
    for (let row = samples.pass(block.count); row < block.count; row += 1 + samples.pass(block.count - row - 1)) {
      if (!samples.isNext()) continue;
      this.writeOut(row);
      samples.take(whole.reals, REAL.slots, block.size[row], from + row);
    }
  }

  private measure(index: number, from: number): void {
    const { metric } = this.paths.windows[index];
    const sink = this.machine.options.sinks[this.path][index];
    const { marks, marksAll, size, count } = this.block;
    const { values } = this.machine.sizes;
    const all = marksAll[metric.toMark] - marksAll[metric.fromMark];
    const begin = marks[metric.fromMark];
    const end = marks[metric.toMark];
    for (let row = 0; row < count; row++) {
      const fromEdge = metric.fromEdge < 0 ? 0 : values[size[row] + metric.fromEdge];
      const toEdge = metric.toEdge < 0 ? 0 : values[size[row] + metric.toEdge];
      sink.record(end[row] - begin[row] + all + toEdge - fromEdge, from + row);
    }
  }

  private measureBare(from: number): void {
    const { sinks, warmup } = this.machine.options;
    const { marks, marksAll, count } = this.block;
    this.paths.windows.forEach(({ metric }: Window, index) => {
      const begin = marks[metric.fromMark];
      const end = marks[metric.toMark];
      const all = marksAll[metric.toMark] - marksAll[metric.fromMark];
      const sink = sinks[this.path][index];
      for (let row = Math.max(0, warmup - from); row < count; row++) sink.record(end[row] - begin[row] + all, from + row);
    });
  }
}
