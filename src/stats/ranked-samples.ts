import { InternalFault } from "../errors/index.js";
import { nearestRank } from "./order-statistics.js";

/** Samples in ascending order, equal ones together: answers "which value has this rank" and "which rank has this value". */
export class RankedSamples {
  readonly count: number;
  readonly #values: Float64Array;
  readonly #through: Float64Array;
  readonly #min: number;
  readonly #max: number;

  /**
   * @param values ascending distinct values [ps]
   * @param through number of samples up to and including each value
   * @param extremes smallest and largest sample, which stay exact when the values are rounded ones
   */
  constructor(values: Float64Array, through: Float64Array, extremes: { readonly min: number; readonly max: number }) {
    this.#values = values;
    this.#through = through;
    this.#min = extremes.min;
    this.#max = extremes.max;
    this.count = through.at(-1) ?? 0;
  }

  /** Ranks a copy of `samples`, exactly. */
  static of(samples: Float64Array): RankedSamples {
    const sorted = samples.slice().sort();
    const through = new Float64Array(sorted.length);
    let distinct = 0;
    let index = 0;
    for (const sample of sorted) {
      if (distinct === 0 || sample !== sorted[distinct - 1]) {
        sorted[distinct] = sample;
        distinct += 1;
      }
      index += 1;
      through[distinct - 1] = index;
    }
    const values = sorted.subarray(0, distinct);
    return new RankedSamples(values, through.subarray(0, distinct), { min: values.at(0) ?? NaN, max: values.at(-1) ?? NaN });
  }

  /** The sample of `rank` (1 = smallest) [ps]. */
  at(rank: number): number {
    if (!(rank >= 1 && rank <= this.count)) throw new InternalFault(`rank ${rank} of ${this.count} samples; ranks count from 1`);
    if (rank === 1) return this.#min;
    if (rank === this.count) return this.#max;
    const value = this.#values[this.#indexOf(rank)] as number;
    return Math.min(this.#max, Math.max(this.#min, value));
  }

  /** Nearest-rank quantile [ps]; `q` in 0..1. */
  quantile(q: number): number {
    return this.at(nearestRank(q, this.count));
  }

  /** Highest rank that holds the same value as `rank`: the number of samples at or below it. */
  through(rank: number): number {
    return this.#through[this.#indexOf(rank)] as number;
  }

  #indexOf(rank: number): number {
    let low = 0;
    let high = this.#through.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#through[middle] as number) >= rank) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
