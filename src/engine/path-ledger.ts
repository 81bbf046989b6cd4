import { InternalFault } from "../errors/index.js";
import { LiveSlots } from "./live-slots.js";
import type { MetricSpec, PathSpec } from "./program.js";
import { RowSamples } from "./row-samples.js";

/**
 * Sums are exact up to 2^53. A half of that is for what is added one by one, a quarter for the rows that were added since sums were put out of
 * the way, and a quarter for the next row. A message of more than an eighth (19 minutes) begins with all sums out of the way.
 */
const HALF = 2 ** 52;
const QUARTER = 2 ** 51;
const LONG = 2 ** 50;

/** A metric's window as places in the list of partial sums: partial sums `from` to `to`, `to` excluded. */
export interface Window {
  readonly metric: MetricSpec;
  readonly from: number;
  readonly to: number;
}

/**
 * Where the time of one path's messages went. Sums are exact: small sums go into big integers before they could round.
 * The path's slots are cut where windows of metrics begin and end, so that one pass over a row gives the total of each window.
 */
export class PathLedger {
  readonly slots: readonly [number, number];
  readonly live: LiveSlots;
  readonly windows: readonly Window[];
  readonly samples: RowSamples;
  /** Sums by slot, of what has not gone into the big integers. Who adds a row makes room before, and says afterwards what it came to. */
  readonly small: Float64Array;
  private readonly large: bigint[];
  /** Time in the rows that were added to the small sums; a double from the start. */
  private held = -0;
  measured = 0;

  constructor(path: PathSpec, sampleLimit: number) {
    this.slots = path.slots;
    this.live = new LiveSlots(path);
    this.samples = new RowSamples(this.live, sampleLimit);
    const { cuts } = this.live;
    // The partial sum that begins at a cut is the one after the sum that ends there.
    const place = (slot: number): number => (slot <= path.slots[0] ? 0 : cuts.indexOf(slot) + 1);
    this.windows = path.metrics.map((metric) => ({ metric, from: place(metric.slots[0]), to: place(metric.slots[1]) }));
    this.small = new Float64Array(path.slots[1]);
    this.large = new Array<bigint>(this.small.length).fill(0n);
  }

  /** One more message is measured: whether its row is one of those to keep. */
  isSampled(): boolean {
    this.measured++;
    return this.samples.isNext();
  }

  /** Adds a segment to the sum of a slot; a sum that could round goes out of the way before. */
  add(slot: number, value: number): void {
    const all = this.small[slot]! + value;
    if (all <= HALF && all >= -HALF) this.small[slot] = all;
    else this.spill(slot, value);
  }

  /** Makes sure that a row whose message took `span` can be added. */
  makeRoom(span: number): void {
    if (this.held > QUARTER || span > LONG) this.spillAll();
  }

  /** The row of a message that took `span` has been added, of which some segments take `back`. */
  hold(span: number, back: number): void {
    if (span <= LONG && back > LONG / 2) throw new InternalFault(`a message of ${span} ps takes back ${back} ps, which its sums may not hold exactly`);
    this.held += span + 2 * back;
  }

  /** By slot of the path. */
  sums(): bigint[] {
    this.spillAll();
    return this.large.slice(this.slots[0]);
  }

  private spillAll(): void {
    for (let slot = this.slots[0]; slot < this.small.length; slot++) this.spill(slot, 0);
    this.held = 0;
  }

  /** Puts the sum of a slot out of the way and begins anew with a segment. */
  private spill(slot: number, value: number): void {
    this.large[slot]! += BigInt(this.small[slot]!);
    this.small[slot] = value;
  }
}
