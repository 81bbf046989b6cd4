import { InternalFault, WirelatError } from "../errors/index.js";
import type { SizeFunction } from "./program.js";

const MAX_SIZES = 16_384;

/**
 * Every size-dependent number of a program, worked out once per distinct payload.
 * A row holds all amounts of one payload, so the machine never divides or rounds while it runs.
 */
export class SizeTable {
  readonly width: number;
  values: Float64Array;
  private readonly rowOf = new Map<number, number>();
  private readonly payloads: number[] = [];
  private lastPayload = -1;
  private lastRow = 0;

  constructor(private readonly amounts: readonly SizeFunction[]) {
    this.width = Math.max(1, amounts.length);
    this.values = new Float64Array(this.width * 4);
  }

  /** Offset of the first amount of this payload's row. Throws `too-many-sizes` past 16,384 distinct payloads. */
  row(payload: number): number {
    if (payload === this.lastPayload) return this.lastRow;
    const known = this.rowOf.get(payload);
    this.lastPayload = payload;
    this.lastRow = known ?? this.add(payload);
    return this.lastRow;
  }

  payloadOf(row: number): number {
    return this.payloads[row / this.width]!;
  }

  private add(payload: number): number {
    if (this.payloads.length >= MAX_SIZES) throw new WirelatError("too-many-sizes", `the messages of one run have more than ${MAX_SIZES} distinct payload sizes`, { remedy: "Use a capture with fewer sizes, or a part of it." });
    const row = this.payloads.length * this.width;
    if (row + this.width > this.values.length) {
      const grown = new Float64Array(this.values.length * 2);
      grown.set(this.values);
      this.values = grown;
      this.lastPayload = -1;
      return this.add(payload);
    }
    this.amounts.forEach((amount, index) => {
      const value = amount(payload);
      if (!Number.isSafeInteger(value)) throw new InternalFault(`amount ${index} is ${value} for a payload of ${payload} B, not an exact integer`);
      this.values[row + index] = value;
    });
    this.payloads.push(payload);
    this.rowOf.set(payload, row);
    this.lastPayload = payload;
    return row;
  }
}
