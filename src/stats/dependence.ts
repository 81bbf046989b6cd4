import { settledBatches } from "./mean-interval.js";

/**
 * How many times the variance of an estimated quantile exceeds that of independent samples: 1 or more.
 *
 * Read off the series of "is at or below the quantile", by batch means: queueing makes neighbours alike, and order statistics
 * of n alike samples are worth those of n / inflation independent ones. 1 below 128 samples, where nothing can be read off.
 *
 * @param samples in the order they were made
 * @param threshold the estimated quantile [ps]
 */
export function quantileInflation(samples: Float64Array, threshold: number): number {
  const below = samples.map((sample) => (sample <= threshold ? 1 : 0));
  const batches = settledBatches(below);
  if (batches === null) return 1;
  let share = 0;
  for (const mean of batches.means) share += mean;
  share /= batches.means.length;
  const independent = (share * (1 - share)) / batches.size;
  if (independent === 0) return 1;
  let squares = 0;
  for (const mean of batches.means) squares += (mean - share) ** 2;
  return Math.max(1, squares / (batches.means.length - 1) / independent);
}
