import type { ComparedPath, JudgedChange } from "../result/index.js";
import { differencesOf, pairedStretches, scatterInterval } from "../stats/index.js";

/** A number of both paths that can be told of parts of a run, too. */
export type Compared = "mean" | "p50" | "p99";

const LISTS = { mean: "meansPs", p50: "p50sPs", p99: "p99sPs" } as const;

type Pairs = readonly [from: readonly number[], to: readonly number[]];

/** A change with its interval, from the replications of both where these had the same seeds, otherwise from their stretches. */
export function judged(baseline: ComparedPath, other: ComparedPath, of: Compared, [from, to]: readonly [from: number, to: number]): JudgedChange {
  const fromPs = Math.round(from);
  const toPs = Math.round(to);
  const change = { fromPs, toPs, deltaPs: toPs - fromPs };
  const found = halfWidthOf(baseline, other, of, to - from);
  if (found === null) return { ...change, lowPs: null, highPs: null, distinct: null, by: null };
  const { halfWidth, by } = found;
  return { ...change, lowPs: Math.floor(to - from - halfWidth), highPs: Math.ceil(to - from + halfWidth), distinct: Math.abs(to - from) > halfWidth, by };
}

function halfWidthOf(baseline: ComparedPath, other: ComparedPath, of: Compared, difference: number): { readonly halfWidth: number; readonly by: JudgedChange["by"] } | null {
  const { confidence } = baseline.run;
  const replications = replicationsOf(baseline, other, of);
  if (replications !== null) return { halfWidth: scatterInterval(difference, [...differencesOf(replications[1], replications[0])], confidence).high - difference, by: "replications" };
  const stretches = pairsOf(baseline.metric.sections?.[LISTS[of]], other.metric.sections?.[LISTS[of]]);
  return stretches === null ? null : { halfWidth: pairedStretches(stretches[1], stretches[0], confidence).halfWidth, by: "stretches" };
}

/** Pairs that met the same arrivals and draws, so that what both have in common falls out, and are independent of each other. */
function replicationsOf({ run: before, metric: from }: ComparedPath, { run: after, metric: to }: ComparedPath, of: Compared): Pairs | null {
  const sameSeeds = before.seeds.length === after.seeds.length && before.seeds.every((seed, index) => after.seeds[index] === seed);
  return sameSeeds ? pairsOf(from.replications?.[LISTS[of]], to.replications?.[LISTS[of]]) : null;
}

function pairsOf(from: readonly number[] = [], to: readonly number[] = []): Pairs | null {
  return from.length > 1 && from.length === to.length ? [from, to] : null;
}
