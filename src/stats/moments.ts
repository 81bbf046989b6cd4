/** Integers are summed in limbs of 2^52: the low limb stays below it, so every addition is exact. */
const LIMB = 2 ** 52;

/** Count, extremes, exact sum and spread of a set of integer samples. */
export interface Moments {
  readonly count: number;
  /** Infinity without samples. */
  readonly min: number;
  /** -Infinity without samples. */
  readonly max: number;
  /** Exact at any count and size. */
  readonly sum: bigint;
  /** Sum of squared deviations from the mean, [ps²]. */
  readonly squares: number;
}

export const NO_MOMENTS: Moments = { count: 0, min: Infinity, max: -Infinity, sum: 0n, squares: 0 };

/** Moments of integer `samples` (safe integers); two passes, so that a large mean does not drown a small spread. */
export function momentsOf(samples: Float64Array): Moments {
  if (samples.length === 0) return NO_MOMENTS;
  let high = 0;
  let low = 0;
  let min = Infinity;
  let max = -Infinity;
  for (let index = 0; index < samples.length; index += 1) {
    const sample = samples[index] as number;
    let part = sample;
    // Both limbs below 2^52 add without rounding; larger samples first give their upper limb away.
    if (part >= LIMB) { part -= LIMB; high += 1; } else if (part <= -LIMB) { part += LIMB; high -= 1; }
    low += part;
    if (low >= LIMB) { low -= LIMB; high += 1; } else if (low <= -LIMB) { low += LIMB; high -= 1; }
    if (sample < min) min = sample;
    if (sample > max) max = sample;
  }
  const sum = BigInt(high) * BigInt(LIMB) + BigInt(low);
  const count = samples.length;
  return { count, min, max, sum, squares: squaresAbout(samples, Number(sum) / count) };
}

/** Moments of the union of two disjoint sets. */
export function combineMoments(a: Moments, b: Moments): Moments {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  const count = a.count + b.count;
  // The difference of the means from the exact sums: of two means near 10^12 the rounding alone would drown it.
  const delta = Number(b.sum * BigInt(a.count) - a.sum * BigInt(b.count)) / a.count / b.count;
  return {
    count,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    sum: a.sum + b.sum,
    squares: a.squares + b.squares + delta * delta * a.count * (b.count / count),
  };
}

/** Exact sum divided by count: two roundings at any number of samples. NaN without samples. */
export function meanOf(moments: Moments): number {
  return Number(moments.sum) / moments.count;
}

/** Sample standard deviation (n - 1); 0 while there are fewer than two samples. */
export function sdOf(moments: Moments): number {
  return moments.count < 2 ? 0 : Math.sqrt(moments.squares / (moments.count - 1));
}

/** Sum of squared deviations about the mean, given a value near the mean; the second term removes the rounding of that value. */
export function squaresAbout(samples: Float64Array, centre: number): number {
  let deviations = 0;
  let squares = 0;
  for (let index = 0; index < samples.length; index += 1) {
    const deviation = (samples[index] as number) - centre;
    deviations += deviation;
    squares += deviation * deviation;
  }
  return samples.length === 0 ? 0 : Math.max(0, squares - (deviations * deviations) / samples.length);
}
