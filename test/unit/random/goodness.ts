/**
 * Tests of fit. Each gives a number that is standard normal, or nearly so, when the draws follow the law. The limits below lie where
 * chance alone would put one result in 10^6 or fewer: with fixed seeds a test then passes for ever or shows a real defect.
 */
/** In standard deviations, for one side or both. */
export const LIMIT_Z = 5;

/** Pearson's chi-square of counts against equal expectations, made normal by Wilson and Hilferty's cube root. */
export function chiSquareZ(counts: ArrayLike<number>, expected: (cell: number) => number): number {
  let sum = 0;
  for (let cell = 0; cell < counts.length; cell++) {
    const mean = expected(cell);
    sum += (counts[cell]! - mean) ** 2 / mean;
  }
  const freedom = counts.length - 1;
  const variance = 2 / (9 * freedom);
  return (Math.cbrt(sum / freedom) - (1 - variance)) / Math.sqrt(variance);
}

/** Chi-square of how evenly numbers in [0, 1) fall into cells. */
export function uniformityZ(values: Float64Array, cells: number): number {
  const counts = new Float64Array(cells);
  for (const value of values) counts[Math.floor(value * cells)]!++;
  return chiSquareZ(counts, () => values.length / cells);
}

/** Correlation of each number in [0, 1) with the one `lag` later, in standard deviations. */
export function serialZ(values: Float64Array, lag: number): number {
  let sum = 0;
  const pairs = values.length - lag;
  for (let at = 0; at < pairs; at++) sum += (values[at]! - 0.5) * (values[at + lag]! - 0.5);
  return (sum * 12) / Math.sqrt(pairs);
}

/** Chi-square of the pairs (value, next value) on a square grid. */
export function pairsZ(values: Float64Array, side: number): number {
  const counts = new Float64Array(side * side);
  for (let at = 0; at + 1 < values.length; at += 2) counts[Math.floor(values[at]! * side) * side + Math.floor(values[at + 1]! * side)]!++;
  return chiSquareZ(counts, () => Math.floor(values.length / 2) / (side * side));
}

/** Knuth's gap test: lengths of the runs between visits to [0, 1/8). */
export function gapZ(values: Float64Array): number {
  const longest = 40;
  const counts = new Float64Array(longest + 1);
  let gap = 0;
  let gaps = 0;
  for (const value of values) {
    if (value >= 1 / 8) gap++;
    else {
      counts[Math.min(gap, longest)]!++;
      gaps++;
      gap = 0;
    }
  }
  return chiSquareZ(counts, (cell) => gaps * (cell < longest ? (1 / 8) * (7 / 8) ** cell : (7 / 8) ** longest));
}

/** Marsaglia's birthday spacings: repeated spacings among `birthdays` draws of 32 bits, by blocks; their number is Poisson with mean birthdays³/2^34. */
export function birthdaySpacingsZ(values: Float64Array, birthdays: number): number {
  let repeats = 0;
  let blocks = 0;
  for (let from = 0; from + birthdays <= values.length; from += birthdays, blocks++) {
    const days = values.slice(from, from + birthdays).map((value) => Math.floor(value * 2 ** 32)).sort();
    const spacings = days.map((day, at) => day - (at === 0 ? 0 : days[at - 1]!)).sort();
    for (let at = 1; at < birthdays; at++) if (spacings[at] === spacings[at - 1]) repeats++;
  }
  const mean = (blocks * birthdays ** 3) / 2 ** 34;
  return (repeats - mean) / Math.sqrt(mean);
}

/** Largest distance between the draws' distribution and the law's, times √n: above 1.95 with probability 0.001, above 2.7 with 10^-6. */
export function kolmogorov(values: Float64Array, cdf: (x: number) => number): number {
  const sorted = Float64Array.from(values).sort();
  let largest = 0;
  for (let at = 0; at < sorted.length; at++) {
    const p = cdf(sorted[at]!);
    largest = Math.max(largest, p - at / sorted.length, (at + 1) / sorted.length - p);
  }
  return largest * Math.sqrt(sorted.length);
}
