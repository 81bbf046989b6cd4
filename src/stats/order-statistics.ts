import { InternalFault } from "../errors/index.js";

/** A percentile with fewer expected samples beyond it is not reported. */
export const MIN_EXCEEDANCES = 10;

/** Weights below this share of the largest cannot move a tail probability anyone asks for. */
const NEGLIGIBLE = 2 ** -80;

/**
 * q·n, taken as an integer where only the rounding of the decimal `q` keeps it from being one:
 * 0.07 · 100 is 7, not 7.000000000000001, so the nearest rank is 7 and not 8.
 */
export function expectedBelow(q: number, count: number): number {
  const product = q * count;
  const whole = Math.round(product);
  return Math.abs(product - whole) <= 4 * Number.EPSILON * count ? whole : product;
}

/** Nearest-rank definition: the q-quantile of n samples is the ⌈q·n⌉-th smallest, the smallest for q = 0. Ranks count from 1. */
export function nearestRank(q: number, count: number): number {
  if (!(q >= 0 && q <= 1)) throw new InternalFault(`a quantile lies in 0..1, not at ${q}; give 0.99 for the 99th percentile`);
  return Math.max(1, Math.ceil(expectedBelow(q, count)));
}

/** True when at least ten of `count` samples are expected beyond the q-quantile. */
export function hasEnoughBeyond(q: number, count: number): boolean {
  return count - expectedBelow(q, count) >= MIN_EXCEEDANCES;
}

/** Ranks of the order statistics that enclose a quantile; null where no sample bounds it at that confidence. */
export interface RankInterval {
  readonly low: number | null;
  readonly high: number | null;
}

/**
 * Ranks l and u such that [X(l), X(u)] covers the q-quantile of the population with at least `confidence`,
 * for `count` independent samples of any distribution; each side misses with at most (1 - confidence) / 2.
 *
 * The binomial sums are exact at every count: weights relative to the mode, by their ratio, about 20·√count of them.
 */
export function quantileRanks(q: number, count: number, confidence: number): RankInterval {
  if (!(q > 0 && q < 1)) throw new InternalFault(`the interval of a quantile needs 0 < q < 1, not ${q}`);
  if (!(confidence > 0 && confidence < 1)) throw new InternalFault(`a confidence lies between 0 and 1, not at ${confidence}`);
  const { first, weights } = binomialWeights(q, count);
  let total = 0;
  for (const weight of weights) total += weight;
  const allowed = total * ((1 - confidence) / 2);
  const skippedBelow = countWithin(weights, allowed);
  const skippedAbove = countWithin(weights.reverse(), allowed);
  const low = first + skippedBelow;
  const high = first + weights.length - skippedAbove;
  return { low: low < 1 ? null : low, high: high > count ? null : high };
}

/** How many leading weights sum to at most `allowed`. */
function countWithin(weights: readonly number[], allowed: number): number {
  let sum = 0;
  let skipped = 0;
  for (const weight of weights) {
    sum += weight;
    if (sum > allowed) break;
    skipped += 1;
  }
  return skipped;
}

/** Binomial(count, q) probabilities relative to the mode's, of the outcomes first, first + 1, …; negligible tails are left out. */
function binomialWeights(q: number, count: number): { first: number; weights: number[] } {
  const mode = Math.min(count, Math.floor((count + 1) * q));
  const odds = q / (1 - q);
  const weights: number[] = [];
  let weight = 1;
  let first = mode;
  for (; first > 0; first -= 1) {
    weight *= first / ((count - first + 1) * odds);
    if (weight < NEGLIGIBLE) break;
    weights.push(weight);
  }
  weights.reverse();
  weight = 1;
  for (let outcome = mode; weight >= NEGLIGIBLE && outcome <= count; outcome += 1) {
    weights.push(weight);
    weight *= ((count - outcome) * odds) / (outcome + 1);
  }
  return { first, weights };
}
