import type { PathSpec } from "./program.js";

/**
 * The slots of a path that a message has put time into so far, in their order. Most steps of a path are seldom taken and most waits never
 * happen, so a row is read only here; one whose known slots do not hold all of its message's time has some in another, which is then
 * looked for and known from then on.
 */
export class LiveSlots {
  count = 0;
  slots = new Int32Array(8);
  /** Of each, how many were known before it. */
  columns = new Int32Array(8);
  /** Of each partial sum, the place behind its last slot. */
  readonly ends: Int32Array;
  /** Slots at which a partial sum ends; the last is the end of the path. */
  readonly cuts: readonly number[];
  /** Where each slot of the path stands among the known ones, -1 for those not known. */
  private readonly places: Int32Array;

  constructor(private readonly path: PathSpec) {
    const [from, to] = path.slots;
    this.cuts = [...new Set([...path.metrics.flatMap((metric) => [...metric.slots]), to])].filter((cut) => cut > from && cut <= to).sort((a, b) => a - b);
    this.ends = new Int32Array(this.cuts.length);
    this.places = new Int32Array(to - from).fill(-1);
  }

  /** What the known slots of a row hold. */
  sum(rows: Float64Array, base: number): number {
    const { slots, count } = this;
    let sum = 0;
    for (let index = 0; index < count; index++) sum += rows[base + slots[index]];
    return sum;
  }

  /** Makes every slot known that holds something in this row. */
  learn(rows: Float64Array, base: number): void {
    const [from, to] = this.path.slots;
    for (let slot = from; slot < to; slot++) if (rows[base + slot] !== 0) this.know(slot);
  }

  know(slot: number): void {
    if (this.places[slot - this.path.slots[0]] < 0) this.insert(slot);
  }

  /** Place of a slot among the known ones, -1 where it is not. */
  placeOf(slot: number): number {
    return this.places[slot - this.path.slots[0]] ?? -1;
  }

  private insert(slot: number): void {
    const slots = [...this.slots.subarray(0, this.count)];
    const columns = [...this.columns.subarray(0, this.count)];
    const at = slots.filter((other) => other < slot).length;
    slots.splice(at, 0, slot);
    columns.splice(at, 0, this.count);
    this.slots = Int32Array.from(slots);
    this.columns = Int32Array.from(columns);
    this.cuts.forEach((cut, part) => (this.ends[part] = slots.filter((one) => one < cut).length));
    this.count++;
    slots.forEach((one, place) => (this.places[one - this.path.slots[0]] = place));
  }
}
