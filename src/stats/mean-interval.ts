import { InternalFault } from "../errors/index.js";
import { autocorrelation } from "./autocorrelation.js";
import { squaresAbout } from "./moments.js";
import { studentT } from "./student.js";

/** A mean and its confidence interval. */
export interface MeanInterval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly halfWidth: number;
  /** Two-sided, e.g. 0.95. */
  readonly confidence: number;
  /** Independent values the interval rests on. */
  readonly count: number;
}

/** The interval of a mean by batches of one run. */
export interface BatchMeansInterval extends MeanInterval {
  /** Samples in each of the `count` batches. */
  readonly batchSize: number;
  /** Autocorrelation of neighbouring batch means. */
  readonly lag1: number;
  /** False when even the longest batches stay correlated: the interval is then too narrow and the run too short. */
  readonly independent: boolean;
}

/** Batch counts tried, most first: longer batches are less correlated, fewer of them leave a wider interval. */
const BATCH_COUNTS = [64, 32, 16] as const;
const SMALLEST_BATCH = 8;
/** One-sided 5 % point of the normal distribution: lag-1 correlations of independent means spread as 1/√count. */
const SUSPICIOUS = 1.6448536269514722;

/** Student-t interval of the mean of independent values (replications); needs two or more. */
export function meanInterval(values: ArrayLike<number>, confidence: number): MeanInterval {
  const count = values.length;
  if (count < 2) throw new InternalFault(`a confidence interval needs two or more values, not ${count}; run more replications`);
  if (!(confidence > 0 && confidence < 1)) throw new InternalFault(`a confidence lies between 0 and 1, not at ${confidence}`);
  const column = Float64Array.from(values);
  const mean = average(column);
  const error = Math.sqrt(squaresAbout(column, mean) / (count - 1) / count);
  const halfWidth = error === 0 ? 0 : studentT((1 + confidence) / 2, count - 1) * error;
  return { mean, low: mean - halfWidth, high: mean + halfWidth, halfWidth, confidence, count };
}

/**
 * Interval of a number that was estimated from everything together, by how what the parts came to by themselves scatters about it
 * (sectioning, Asmussen and Glynn 2007): a bias of short parts widens it and does not move it. Needs two or more independent parts.
 */
export function scatterInterval(whole: number, parts: readonly number[], confidence: number): { readonly low: number; readonly high: number } {
  const count = parts.length;
  if (count < 2) throw new InternalFault(`a confidence interval needs two or more values, not ${count}; run more replications`);
  let squares = 0;
  for (const part of parts) squares += (part - whole) ** 2;
  const halfWidth = squares === 0 ? 0 : studentT((1 + confidence) / 2, count - 1) * Math.sqrt(squares / (count - 1) / count);
  return { low: whole - halfWidth, high: whole + halfWidth };
}

/**
 * Interval of the mean of one run's autocorrelated samples, in the order they were made, by 64, 32 or 16 batch means:
 * the most batches whose lag-1 correlation is not significant. What does not fill a batch is left out at the beginning.
 * Null below 128 samples, too few for 16 batches of 8.
 */
export function batchMeans(samples: Float64Array, confidence: number): BatchMeansInterval | null {
  const batches = settledBatches(samples);
  if (batches === null) return null;
  return { ...meanInterval(batches.means, confidence), batchSize: batches.size, lag1: batches.lag1, independent: batches.independent };
}

/** Batch means with the lag-1 check that chose them. */
export interface Batches {
  readonly means: Float64Array;
  readonly size: number;
  readonly lag1: number;
  readonly independent: boolean;
}

/** The most batches that look independent, or the fewest tried; null below 128 samples. */
export function settledBatches(samples: Float64Array): Batches | null {
  let last: Batches | null = null;
  for (const count of BATCH_COUNTS) {
    const size = Math.floor(samples.length / count);
    if (size < SMALLEST_BATCH) continue;
    const means = batchAverages(samples, count);
    const lag1 = autocorrelation(means, 1);
    last = { means, size, lag1, independent: lag1 <= SUSPICIOUS / Math.sqrt(count) };
    if (last.independent) break;
  }
  return last;
}

/** Means of `count` batches of equal size; a remainder is left out at the beginning, where a warm-up may linger. */
export function batchAverages(samples: Float64Array, count: number): Float64Array {
  const size = Math.floor(samples.length / count);
  const start = samples.length - size * count;
  return Float64Array.from({ length: count }, (_, batch) => average(samples.subarray(start + batch * size, start + (batch + 1) * size)));
}

/** Element by element a - b, for runs that shared their random numbers; both of one length. */
export function differencesOf(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  if (a.length !== b.length) throw new InternalFault(`paired values come in equal numbers, not ${a.length} and ${b.length}`);
  return Float64Array.from(a, (value, index) => value - (b[index] as number));
}

/** Fewest stretches that an interval may rest on. */
const FEWEST_STRETCHES = 8;

/**
 * Interval of the mean difference a - b of two runs, each cut into the same number of equal stretches. Where the differences of
 * neighbouring stretches are alike, as after long queues, neighbours are joined and there are fewer of them, down to eight.
 */
export function pairedStretches(a: ArrayLike<number>, b: ArrayLike<number>, confidence: number): MeanInterval {
  let differences = differencesOf(a, b);
  while (differences.length >= 2 * FEWEST_STRETCHES && autocorrelation(differences, 1) > SUSPICIOUS / Math.sqrt(differences.length)) {
    differences = batchAverages(differences, Math.floor(differences.length / 2));
  }
  return meanInterval(differences, confidence);
}

/** Mean, with a second pass that removes the rounding of the first. NaN without values. */
function average(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  const rough = sum / values.length;
  let rest = 0;
  for (const value of values) rest += value - rough;
  return rough + rest / values.length;
}
