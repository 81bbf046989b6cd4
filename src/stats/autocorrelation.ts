import { InternalFault } from "../errors/index.js";

/** Lags summed at one resolution; a series with a longer memory is averaged in pairs and tried again. */
const LAGS = 256;
/** Below this many values no autocorrelation time can be read off. */
const FEWEST = 16;

/** Sample autocorrelation at `lag` (0 <= lag < length), biased estimator; 0 for a constant series. */
export function autocorrelation(samples: Float64Array, lag: number): number {
  if (!(Number.isInteger(lag) && lag >= 0 && lag < samples.length)) {
    throw new InternalFault(`lag ${lag} of a series of ${samples.length}; a lag is an integer below the length`);
  }
  const centred = centre(samples);
  const variance = product(centred, 0);
  return variance === 0 ? 0 : product(centred, lag) / variance;
}

/**
 * How many independent samples would give a mean of the same accuracy: between 1 and the number of `samples`.
 *
 * Autocorrelations are summed by Geyer's initial positive sequence (pairs of lags until a pair turns negative). While 256 lags
 * do not suffice the series is averaged in pairs, which leaves the variance of its mean as it is; the cost stays O(256 n).
 */
export function effectiveSampleSize(samples: Float64Array): number {
  const count = samples.length;
  if (count < FEWEST) return count;
  let series = centre(samples);
  const variance = product(series, 0) / count;
  if (variance === 0) return count;
  for (;;) {
    const { time, settled } = correlationTime(series);
    if (settled || series.length < 2 * FEWEST) {
      const varianceOfMean = (product(series, 0) / series.length) * (time / series.length);
      return Math.min(count, Math.max(1, variance / varianceOfMean));
    }
    series = centre(pairAverages(series));
  }
}

/** Integrated autocorrelation time 1 + 2Σρ of a centred series, and whether the sum ended before the lags did. */
function correlationTime(centred: Float64Array): { time: number; settled: boolean } {
  const variance = product(centred, 0);
  if (variance === 0) return { time: 1, settled: true };
  const lags = Math.min(LAGS, Math.floor(centred.length / 2));
  let pairs = 0;
  for (let lag = 0; lag + 1 < lags; lag += 2) {
    const pair = (product(centred, lag) + product(centred, lag + 1)) / variance;
    if (pair <= 0) return { time: Math.max(2 * pairs - 1, 1 / centred.length), settled: true };
    pairs += pair;
  }
  return { time: Math.max(2 * pairs - 1, 1 / centred.length), settled: false };
}

function centre(samples: Float64Array): Float64Array {
  let sum = 0;
  for (const sample of samples) sum += sample;
  const mean = sum / samples.length;
  return samples.map((sample) => sample - mean);
}

function product(centred: Float64Array, lag: number): number {
  let sum = 0;
  for (let index = lag; index < centred.length; index += 1) sum += (centred[index] as number) * (centred[index - lag] as number);
  return sum;
}

function pairAverages(series: Float64Array): Float64Array {
  return Float64Array.from({ length: Math.floor(series.length / 2) }, (_, index) => {
    return ((series[2 * index] as number) + (series[2 * index + 1] as number)) / 2;
  });
}
