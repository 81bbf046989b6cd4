import type { LiveSlots } from "./live-slots.js";

const FIRST_ROWS = 256;
const FIRST_COLUMNS = 16;

/** Rows of whole messages, every stride-th of those offered; the stride doubles when there would be too many. */
export class RowSamples {
  count = 0;
  private offered = 0;
  private stride = 1;
  private columns = FIRST_COLUMNS;
  private values: Float64Array;
  private sizes: Int32Array;
  private numbers: Float64Array;

  constructor(private readonly live: LiveSlots, private readonly limit: number) {
    const rows = Math.min(limit, FIRST_ROWS);
    this.values = new Float64Array(rows * FIRST_COLUMNS);
    this.sizes = new Int32Array(rows);
    this.numbers = new Float64Array(rows);
  }

  /** One more row is offered: whether it is to be taken. */
  isNext(): boolean {
    const turn = this.offered++;
    if (turn % this.stride !== 0 || this.limit === 0) return false;
    if (this.count === this.limit) this.thin();
    return turn % this.stride === 0;
  }

  /** How many of the next `most` rows nobody wants; they count as offered. */
  pass(most: number): number {
    if (this.limit === 0) return most;
    const over = this.offered % this.stride;
    const passed = Math.min(most, over === 0 ? 0 : this.stride - over);
    this.offered += passed;
    return passed;
  }

  /** Remembers a row of the ledger, all of whose slots are known, with the offset of the message's size in the size table, and its number. */
  take(rows: Float64Array, base: number, size: number, number: number): void {
    const { slots, columns, count } = this.live;
    if (count > this.columns) this.layOut(this.sizes.length, 2 * count);
    if (this.count === this.sizes.length) this.layOut(Math.min(2 * this.count, this.limit), this.columns);
    const at = this.count * this.columns;
    for (let index = 0; index < count; index++) this.values[at + columns[index]!] = rows[base + slots[index]!]!;
    this.sizes[this.count] = size;
    this.numbers[this.count++] = number;
  }

  /** Time that the `index`-th row has in a slot. */
  at(index: number, slot: number): number {
    const place = this.live.placeOf(slot);
    return place < 0 ? 0 : this.values[index * this.columns + this.live.columns[place]!]!;
  }

  /** Offset of its size in the size table. */
  sizeOf(index: number): number {
    return this.sizes[index]!;
  }

  /** Number of its message. */
  numberOf(index: number): number {
    return this.numbers[index]!;
  }

  private layOut(rows: number, columns: number): void {
    const values = new Float64Array(rows * columns);
    for (let row = 0; row < this.count; row++) values.set(this.values.subarray(row * this.columns, (row + 1) * this.columns), row * columns);
    const sizes = new Int32Array(rows);
    const numbers = new Float64Array(rows);
    sizes.set(this.sizes.subarray(0, this.count));
    numbers.set(this.numbers.subarray(0, this.count));
    this.values = values;
    this.sizes = sizes;
    this.numbers = numbers;
    this.columns = columns;
  }

  /** Keeps every second row, and takes half as many from now on. */
  private thin(): void {
    const { values, sizes, numbers, columns } = this;
    const kept = Math.ceil(this.count / 2);
    for (let row = 1; row < kept; row++) {
      values.copyWithin(row * columns, row * 2 * columns, (row * 2 + 1) * columns);
      sizes[row] = sizes[row * 2]!;
      numbers[row] = numbers[row * 2]!;
    }
    // A row is written only where something is known, so what stood here must go.
    values.fill(0, kept * columns);
    this.count = kept;
    this.stride *= 2;
  }
}
