import { RankedSamples } from "./ranked-samples.js";

/** So many equal stretches of a run: enough for an interval, each long enough to be nearly independent of its neighbours. */
export const SECTIONS = 32;
const SMALLEST = 10;
/** A p99 of fewer samples is little more than their maximum. */
const SMALLEST_FOR_P99 = 200;

/** What each stretch of a run came to by itself; differences between two runs are judged by how these scatter. */
export interface Sections {
  /** Samples of each. */
  readonly size: number;
  readonly means: readonly number[];
  readonly p50s: readonly number[];
  /** Empty where the stretches are too short for it. */
  readonly p99s: readonly number[];
}

/** Cuts samples [ps], in the order they were made, into 32 stretches; a remainder is left out at the beginning. Null below 320 samples. */
export function sections(samples: Float64Array): Sections | null {
  const size = Math.floor(samples.length / SECTIONS);
  if (size < SMALLEST) return null;
  const from = samples.length - size * SECTIONS;
  const stretches = Array.from({ length: SECTIONS }, (_, index) => samples.subarray(from + index * size, from + (index + 1) * size));
  const ranked = stretches.map((stretch) => RankedSamples.of(stretch));
  return {
    size,
    means: stretches.map((stretch) => stretch.reduce((sum, one) => sum + one, 0) / size),
    p50s: ranked.map((one) => one.quantile(0.5)),
    p99s: size < SMALLEST_FOR_P99 ? [] : ranked.map((one) => one.quantile(0.99)),
  };
}
