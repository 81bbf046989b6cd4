import { InternalFault } from "../errors/index.js";
import { nearestRank } from "./order-statistics.js";
import type { RankedSamples } from "./ranked-samples.js";

const DEFAULT_LIMIT = 300;
const SMALLEST_LIMIT = 30;
/** Decades of the tail that are drawn: enough for 10^10 samples. */
const DECADES = 9;

/** One point of an empirical distribution: the share `q` of the samples is at or below `ps`. */
export interface DistributionPoint {
  readonly ps: number;
  readonly q: number;
}

/**
 * Points of the empirical distribution, at most `limit` (30 or more) of them, strictly ascending in both coordinates.
 *
 * Half of them divide 0..0.9 evenly, the others the tail evenly in log(1 - q), where one finds the smallest sample,
 * 0.9, 0.99, 0.999, … and the largest. Every rank is kept while there are no more samples than `limit`.
 */
export function cdfPoints(ranked: RankedSamples, limit: number = DEFAULT_LIMIT): DistributionPoint[] {
  if (!(limit >= SMALLEST_LIMIT)) throw new InternalFault(`a distribution needs room for ${SMALLEST_LIMIT} points, not ${limit}`);
  const { count } = ranked;
  if (count === 0) return [];
  const points: DistributionPoint[] = [];
  let shown = 0;
  for (const rank of thinnedRanks(count, limit)) {
    const through = ranked.through(rank);
    if (through === shown) continue;
    shown = through;
    // The last value ends at the largest sample, also where a bucket rounds it.
    points.push({ ps: ranked.at(through === count ? count : rank), q: through / count });
  }
  const smallest = ranked.at(1);
  if (points.length === 1 && smallest < ranked.at(count)) points.unshift({ ps: smallest, q: 1 / count });
  return points;
}

/** Ascending ranks, the first and the last among them. */
function thinnedRanks(count: number, limit: number): number[] {
  if (count <= limit) return Array.from({ length: count }, (_, index) => index + 1);
  const ranks = new Set([1, count]);
  const body = Math.floor(limit / 2) - 1;
  for (let step = 1; step < body; step += 1) ranks.add(nearestRank((0.9 * step) / body, count));
  const perDecade = Math.floor((limit - body - 1) / DECADES);
  const ratio = decadeRoot(perDecade);
  for (let decade = 1; decade <= DECADES; decade += 1) {
    let beyond = 1 / 10 ** decade;
    for (let step = 0; step < perDecade && beyond * count >= 1; step += 1, beyond /= ratio) ranks.add(nearestRank(1 - beyond, count));
  }
  return [...ranks].sort((a, b) => a - b);
}

/** The n-th root of ten by Newton's method: `Math.pow` with a fraction may differ between machines. */
function decadeRoot(n: number): number {
  let root = 10;
  for (let step = 0; step < 200; step += 1) {
    const before = root;
    root -= (root - 10 / root ** (n - 1)) / n;
    if (root === before) break;
  }
  return root;
}
