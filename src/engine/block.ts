import type { Program } from "./program.js";

export const enum BLOCK {
  /** Few enough that what a path needs of a block stays in the first cache, and enough that one more instruction costs little. */
  rows = 128,
}

/**
 * Messages that are carried along together: a column for each thing that is known of them, and a row for each of them, in the order of
 * their numbers. What is the same for all of them stands beside the column once, and is to be added to every row of it.
 */
export class Block {
  count = 0;
  readonly cursor = new Float64Array(BLOCK.rows);
  cursorAll = -0;
  /** A(0) of the profile that travels with each message. */
  readonly first = new Float64Array(BLOCK.rows);
  firstAll = -0;
  /** When each was sent. */
  readonly begun = new Float64Array(BLOCK.rows);
  /** Offset into the size table. */
  readonly size = new Int32Array(BLOCK.rows);
  readonly marks: readonly Float64Array[];
  readonly marksAll: Float64Array;
  /** The slots that the path may write to, ascending; what follows is by slot of the program. */
  readonly slots: readonly number[];
  readonly segmentsAll: Float64Array;
  /** Columns that have been written to; the others hold nothing. */
  readonly touched: Uint8Array;
  private readonly segments: readonly Float64Array[];

  /** `alike`: the messages are all of one size. */
  constructor(program: Program, entry: number, end: number, readonly alike: boolean) {
    const column = (): Float64Array => new Float64Array(BLOCK.rows);
    this.slots = [...new Set([...program.wait.subarray(entry, end), ...program.work.subarray(entry, end)])].sort((one, other) => one - other);
    this.marks = Array.from({ length: program.marks }, column);
    this.marksAll = new Float64Array(program.marks);
    const none = new Float64Array(0);
    this.segments = program.slots.map((_, slot) => (this.slots.includes(slot) ? column() : none));
    this.segmentsAll = new Float64Array(program.slots.length);
    this.touched = new Uint8Array(program.slots.length);
  }

  /** The messages stand where they are sent, and nothing has become of them. */
  begin(): void {
    this.cursorAll = 0;
    this.firstAll = 0;
    this.begun.set(this.cursor);
    this.first.set(this.cursor);
    this.segmentsAll.fill(0);
    for (const slot of this.slots) if (this.touched[slot] !== 0) this.segments[slot].fill(0);
    this.touched.fill(0);
  }

  /** The column of a slot, to be written to. */
  segment(slot: number): Float64Array {
    this.touched[slot] = 1;
    return this.segments[slot];
  }

  /** The column of a slot, to be read. */
  held(slot: number): Float64Array {
    return this.segments[slot];
  }

  mark(mark: number): void {
    this.marks[mark].set(this.cursor);
    this.marksAll[mark] = this.cursorAll;
  }

  /** The profiles begin where the messages stand. */
  profile(): void {
    this.first.set(this.cursor);
    this.firstAll = this.cursorAll;
  }

  /** All messages spend the same time. */
  spendAll(time: number, slot: number): void {
    this.cursorAll += time;
    this.segmentsAll[slot] += time;
  }

  /** Each message spends its time. */
  spend(times: Float64Array, slot: number): void {
    const { cursor, count } = this;
    const segment = this.segment(slot);
    for (let row = 0; row < count; row++) {
      cursor[row] += times[row];
      segment[row] += times[row];
    }
  }
}
