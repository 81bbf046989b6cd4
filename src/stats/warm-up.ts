/** Observations in a batch: the five of MSER-5. */
const BATCH = 5;
/** Fewer batches tell nothing about where a transient ends. */
const FEWEST_BATCHES = 10;

/** Where the steady part of a series begins. */
export interface Truncation {
  /** Samples before this index belong to the warm-up. */
  readonly index: number;
  /** True when the best cut lies beyond half of the series, or the series is too short to tell: no steady state was seen. */
  readonly failed: boolean;
}

/**
 * MSER-5 (White, Cobb and Spratt, 2000): cuts where the standard error of the mean of what remains is smallest, on means of five.
 *
 * Cuts that leave less than a quarter of the series are not considered: a short constant stretch at the end would always win there.
 * Of equally good cuts the earliest is taken, so a constant series keeps everything. Fewer than 50 samples: index 0, failed.
 */
export function mser5(samples: Float64Array): Truncation {
  const batches = Math.floor(samples.length / BATCH);
  if (batches < FEWEST_BATCHES) return { index: 0, failed: true };
  let mean = 0;
  let squares = 0;
  let best = Infinity;
  let cut = 0;
  for (let batch = batches - 1; batch >= 0; batch -= 1) {
    const value = batchMean(samples, batch);
    const kept = batches - batch;
    const delta = value - mean;
    mean += delta / kept;
    squares += delta * (value - mean);
    const error = squares / (kept * kept);
    if (4 * kept >= batches && error <= best) {
      best = error;
      cut = batch;
    }
  }
  return { index: cut * BATCH, failed: 2 * cut > batches };
}

function batchMean(samples: Float64Array, batch: number): number {
  let sum = 0;
  for (let index = batch * BATCH; index < (batch + 1) * BATCH; index += 1) sum += samples[index] as number;
  return sum / BATCH;
}
