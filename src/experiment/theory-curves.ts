import type { TheoryCurve } from "../result/index.js";
import { meanLatency, meanLawOf, type MeanLaw, type Recognised } from "./mean-law.js";
import type { CompiledCase } from "./prepare.js";

/** Points of a curve between the rates that were run; and the load of the slowest queue up to which it is drawn. */
const POINTS = 64;
const MOST_LOAD = 0.99;
const PER_SECOND = 1e12;

/** Mean latency against the arrival rate, by theory, for every variant and metric of a sweep over that rate; none of other sweeps. */
export function theoryCurves(cases: readonly CompiledCase[]): TheoryCurve[] {
  const variants = [...new Set(cases.map(({ variant }) => variant))];
  return variants.flatMap((variant) => {
    const swept = cases.filter((one) => one.variant === variant);
    const axis = rateAxis(swept);
    return axis === null ? [] : metricNames(swept).map((metric) => curveOf({ variant, metric, axis }, swept));
  });
}

/** The axis of a sweep over one thing, if that is how often a source sends. */
function rateAxis(swept: readonly CompiledCase[]): string | null {
  const axes = new Set(swept.flatMap(({ point }) => Object.keys(point)));
  const [axis] = axes;
  const sources = swept[0]?.compiled.program.sources ?? [];
  return axes.size === 1 && axis !== undefined && swept.length > 1 && sources.some(({ name }) => axis === `${name}.rate`) ? axis : null;
}

function metricNames(swept: readonly CompiledCase[]): string[] {
  return [...new Set(swept.flatMap(({ compiled }) => compiled.paths.flatMap(({ metrics }) => metrics.map(({ name }) => name))))];
}

function curveOf(about: Pick<TheoryCurve, "variant" | "metric" | "axis">, swept: readonly CompiledCase[]): TheoryCurve {
  const without = (because: string): TheoryCurve => ({ ...about, law: "", because, points: [] });
  const found = swept.map((one) => recognised(one, about));
  const [first] = found;
  const odd = found.find((one) => "because" in one);
  if (odd !== undefined && "because" in odd) return without(odd.because);
  if (first === undefined || !("law" in first) || found.some((one) => JSON.stringify(one) !== JSON.stringify(first))) return without("queues change along the sweep");
  const rates = swept.map((one) => rateOf(one, about));
  const name = first.law.behind?.name ?? "";
  if (name === "") return without("it waits in no queue");
  return {
    ...about, law: first.law.behind?.drawn === true ? "M/G/1" : "M/D/1",
    because: first.law.behind?.drawn === true ? `the only queue is that of ${name}, whose service is drawn` : `queues have constant service, and ${name} is the slowest`,
    points: pointsOf(first.law, rates),
  };
}

/** The law of the only path that has the metric, when its source is the one whose rate is swept. */
function recognised({ compiled }: CompiledCase, { metric: name, axis }: Pick<TheoryCurve, "metric" | "axis">): Recognised {
  const windows = compiled.paths.flatMap((path) => path.metrics.filter((metric) => metric.name === name).map((metric) => ({ path, metric })));
  const [window] = windows;
  if (window === undefined || windows.length > 1) return { because: "several paths have it, or none" };
  if (axis !== `${window.path.source}.rate`) return { because: "another source is swept" };
  return meanLawOf(compiled, window.path, window.metric);
}

/** Messages per ps. */
function rateOf({ compiled }: CompiledCase, { axis }: Pick<TheoryCurve, "axis">): number {
  const arrivals = compiled.program.sources.find(({ name }) => axis === `${name}.rate`)?.arrivals;
  return arrivals?.kind === "renewal" ? 1 / arrivals.gap.mean() : NaN;
}

function pointsOf(law: MeanLaw, swept: readonly number[]): TheoryCurve["points"] {
  const least = Math.min(...swept);
  const most = Math.min(Math.max(...swept), MOST_LOAD / (law.behind?.mean ?? 0));
  const between = most > least ? Array.from({ length: POINTS }, (_, index) => least + ((most - least) * index) / (POINTS - 1)) : [];
  const rates = [...new Set([...between, ...swept.filter((rate) => rate <= most)])].sort((one, other) => one - other);
  return rates.flatMap((rate) => {
    const meanPs = meanLatency(law, rate);
    return meanPs === null ? [] : [{ perSecond: rate * PER_SECOND, meanPs }];
  });
}
