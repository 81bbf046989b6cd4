import type { ComparedPath, Difference, PrecisionResult } from "../result/index.js";
import { agrees } from "./compared-points.js";
import { differencesFrom } from "./difference.js";
import { widthOf, type PrecisionGoal } from "./precision.js";

/** A path, and what it is set against. */
export interface ComparedPair {
  readonly baseline: ComparedPath;
  readonly other: ComparedPath;
}

/**
 * What is set against what. The baseline is a path, or a design, which is the first when none is named: at several sweep points the others
 * are set against its path at the same point, those of a lone design against its first. Null when nothing has that name.
 */
export function comparedPairs(paths: readonly ComparedPath[], name: string | null): readonly ComparedPair[] | null {
  const named = paths.filter((path) => name === null || path.name === name || path.design === name);
  const [first] = named;
  if (first === undefined) return name === null ? [] : null;
  const others = paths.filter((path) => path.design !== first.design);
  // A path that is named in full is the baseline at every point.
  if (others.length === 0 || (name !== null && first.name === name && first.name !== first.design)) return paths.filter((path) => path !== first).map((other) => ({ baseline: first, other }));
  const baselines = paths.filter((path) => path.design === first.design);
  return others.flatMap((other) => {
    const baseline = baselines.length === 1 ? first : baselines.find((path) => agrees(path.run.point, other.run.point));
    return baseline === undefined ? [] : [{ baseline, other }];
  });
}

/** The difference of each pair, with how narrow its interval became of what was asked; nothing was asked of paths that were not all simulated. */
export function differencesOfPairs(pairs: readonly ComparedPair[], goals: readonly PrecisionGoal[] = [], simulated: (path: ComparedPath) => boolean = () => true): readonly Difference[] {
  return pairs.flatMap(({ baseline, other }) => differencesFrom(baseline, [other]).map((difference) => ({
    ...difference, precision: simulated(baseline) && simulated(other) ? goals.map((goal) => differencePrecision(difference, goal, other.metric.name)) : [],
  })));
}

/** Half the width of the difference's interval as a share of the baseline's value. */
function differencePrecision(difference: Difference, { of, share }: PrecisionGoal, metric: string): PrecisionResult {
  const name = of === "mean" ? "mean" : of === 0.5 ? "p50" : "p99";
  const change = difference[name];
  const reached = change === null || change.lowPs === null || change.highPs === null ? null : widthOf(change.fromPs, change.deltaPs - change.lowPs, change.highPs - change.deltaPs);
  return { metric, of: name, asked: share, reached, held: reached !== null && reached <= share };
}
