import { exponential, exponentialTime } from "./exponential.js";
import { partKey, uniform, uniformOpen } from "./keyed.js";
import { normalQuantile } from "./normal.js";
import { exp, log } from "./portable-math.js";

/** Numbers that a `switch` can jump on. */
export const LAW = { constant: 0, uniform: 1, exponential: 2, truncatedNormal: 3, lognormal: 4, pareto: 5, erlang: 6, empirical: 7, mixture: 8 } as const;
export type Law = keyof typeof LAW;

/** Of the law before its draws are rounded to whole picoseconds. */
export interface Moments {
  readonly mean: number;
  readonly secondMoment: number;
  /** Smallest and largest value the law can take; `max` is Infinity for most. */
  readonly min: number;
  readonly max: number;
}

/**
 * A law that durations are drawn from. One class for all laws, because a call that always meets the same class is a call the
 * engine's loop need not make. Made by the functions of `distribution`.
 */
export class Distribution {
  readonly min: number;
  readonly max: number;
  private readonly code: number;

  constructor(
    readonly law: Law,
    private readonly moments: Moments,
    /** What the law's draws are computed from; its meaning is the law's own. */
    private readonly values: Float64Array,
    readonly parts: readonly Distribution[] = [],
  ) {
    this.code = LAW[law];
    this.min = moments.min;
    this.max = moments.max;
  }

  /** Exact, or to double precision, of the law before rounding. */
  mean(): number {
    return this.moments.mean;
  }

  /** E[X²], as `mean`. */
  secondMoment(): number {
    return this.moments.secondMoment;
  }

  /** Squared coefficient of variation: variance ÷ mean², 0 for a law that is always 0. */
  squaredVariation(): number {
    const { mean, secondMoment } = this.moments;
    return mean === 0 ? 0 : Math.max(0, secondMoment / (mean * mean) - 1);
  }

  /** Draw `index` of a component for a message, in whole picoseconds; the keys are the component's. */
  // Adding 0 to what a method gives tells the compiler that it is a number; else it would put every draw on the heap.
  sample(key0: number, key1: number, message: number, index: number): number {
    const { values } = this;
    switch (this.code) {
      case LAW.constant:
        return values[0];
      case LAW.uniform:
        return Math.floor(values[0] + uniform(key0, key1, message, index) * values[1] + 0.5);
      case LAW.exponential:
        return exponentialTime(values[0], key0, key1, message, index);
      case LAW.mixture:
        return 0 + this.sampleOfPart(key0, key1, message, index);
      default:
        return Math.floor(0 + this.real(key0, key1, message, index) + 0.5);
    }
  }

  /** The rarer laws, before rounding. */
  private real(key0: number, key1: number, message: number, index: number): number {
    const { values } = this;
    switch (this.code) {
      case LAW.truncatedNormal: {
        const z = normalQuantile(values[2] + uniformOpen(key0, key1, message, index) * values[3]);
        return Math.min(Math.max(values[0] + values[1] * z, values[4]), values[5]);
      }
      case LAW.lognormal:
        return values[0] * exp(values[1] * normalQuantile(uniformOpen(key0, key1, message, index)));
      case LAW.pareto: {
        const x = values[0] * exp(values[1] * log(1 - uniform(key0, key1, message, index) * values[2]));
        return Math.min(x, values[3]);
      }
      case LAW.erlang: {
        let sum = 0;
        for (let stage = 1; stage <= values[1]; stage++) sum += exponential(key0, partKey(key1, stage), message, index);
        return sum * values[0];
      }
      default:
        return this.between(uniform(key0, key1, message, index) * (values.length - 1));
    }
  }

  /** Empirical law: the sorted values, joined by straight lines. */
  private between(position: number): number {
    const { values } = this;
    const at = Math.floor(position);
    const low = values[at];
    // A position that rounding has carried to the end has no value above it.
    return at + 1 < values.length ? low + (position - at) * (values[at + 1] - low) : low;
  }

  private sampleOfPart(key0: number, key1: number, message: number, index: number): number {
    const { values } = this;
    const u = uniform(key0, key1, message, index);
    let part = 0;
    while (part < values.length - 1 && u >= values[part]) part++;
    return this.parts[part].sample(key0, partKey(key1, part + 1), message, index);
  }
}
