import { comparedPaths, isSummary, pointName, type ComparedPath, type Difference, type Result } from "../result/index.js";
import { ccdfChart } from "./ccdf.js";
import { cdfChart } from "./cdf.js";
import { changeChart } from "./change.js";
import { copiesChart } from "./copies.js";
import { differenceChart } from "./difference.js";
import type { NamedChart } from "./frame.js";
import { heatMapChart, twoAxes } from "./heat-map.js";
import { histogramChart } from "./histogram.js";
import { loadChart } from "./load.js";
import { percentileChart } from "./percentile-curve.js";
import { stepsChart } from "./steps.js";
import { numericAxis } from "./swept-axis.js";
import { utilisationChart } from "./utilisation.js";
import { waterfallChart } from "./waterfall.js";

/** More lines than this are not told apart; more bars than twice this do not fit a page. */
const MOST_LINES = 8;
const MOST_BARS = 12;

/** A group of paths that share a picture, with what its name adds, e.g. "20-kpps". */
interface Group {
  readonly suffix: string;
  readonly paths: readonly ComparedPath[];
}

/**
 * The charts of a result, metric by metric: distribution, percentiles and waterfall of its runs; histogram and steps of each variant at
 * its first sweep point, what is busy at that with the most to do, what a sweep shows, and the copies; or, of several results, those of
 * their paths side by side. Where there are too many runs for one picture there is one for each sweep point. Names are unique
 * and fit for file names.
 */
export function chartsFor(results: Result | readonly Result[]): NamedChart[] {
  return isMany(results) ? pathCharts(comparedPaths(results)) : resultCharts(results);
}

/** The charts that set these paths side by side. */
export function pathCharts(paths: readonly ComparedPath[]): NamedChart[] {
  return [...metricCharts("", paths), ...paths.map(steps), ...grouped(paths, MOST_BARS).map((group) => copiesChart(`copies${group.suffix}`, group.paths))];
}

/**
 * The charts of a comparison: its paths side by side, and how each of them differs from the baseline. Of several sweep points also latency
 * and differences against what was swept; single paths are then drawn at the first point of each design only.
 */
export function comparisonCharts(paths: readonly ComparedPath[], differences: readonly Difference[]): NamedChart[] {
  const designs = new Set(paths.map(({ design }) => design));
  const whole = paths.filter(({ run }) => !isSummary(run));
  const told = whole.length < paths.length ? differences.filter(({ bands }) => bands.length > 0) : differences;
  if (designs.size === paths.length) return [...pathCharts(whole), ...told.map(stairs)];
  const firsts = whole.filter((path, index) => whole.findIndex((other) => other.design === path.design) === index);
  const firstPairs = told.filter((one, index) => told.findIndex((other) => other.design === one.design) === index);
  return [
    ...changeCharts(differences), ...sweptCharts(paths), ...metricCharts("", whole), ...firsts.map(steps),
    ...grouped(firsts, MOST_BARS).map((group) => copiesChart(`copies${group.suffix}`, group.paths)),
    ...(told.length <= MOST_BARS ? told : firstPairs).map(stairs),
  ];
}

const steps = (path: ComparedPath): NamedChart => stepsChart(`steps-${fileName(path.name)}`, path);
const stairs = (one: Difference): NamedChart => differenceChart(`difference-${fileName(one.name)}`, one);

/** Differences against a number that was swept, in portions of a few designs each. */
function changeCharts(differences: readonly Difference[]): NamedChart[] {
  const axis = numericAxis(differences.map(({ point }) => ({ run: { point } })));
  if (axis === null) return [];
  return byDesign(differences).map(({ suffix, members }) => changeChart(`change${suffix}`, members, axis));
}

function isMany(results: Result | readonly Result[]): results is readonly Result[] {
  return Array.isArray(results);
}

/** Runs of which only the numbers are kept have a place in what a sweep shows, and no charts of their own. */
function resultCharts(all: Result): NamedChart[] {
  const result = { ...all, runs: all.runs.filter((run) => !isSummary(run)) };
  const metrics = [...new Set(result.runs.flatMap((run) => run.metrics.map((metric) => metric.name)))];
  const charts = metrics.flatMap((metric) => {
    const paths = comparedPaths([result], { metric, everyPoint: true }).filter((path) => path.metric.name === metric);
    return metricCharts(`-${fileName(metric)}`, paths);
  });
  const firsts = comparedPaths([result]);
  const copies = grouped(firsts, MOST_BARS).map((group) => copiesChart(`copies${group.suffix}`, group.paths));
  const busy = busiest(comparedPaths([result], { everyPoint: true })).map((path) => utilisationChart(`utilisation-${fileName(path.run.variant)}`, path));
  const spread = firsts.map((path) => histogramChart(`histogram-${fileName(path.name)}`, path));
  return [...charts, ...spread, ...sweptCharts(comparedPaths([all], { everyPoint: true })), ...firsts.map(steps), ...copies, ...busy];
}

/** Of each variant the sweep point at which its parts have the most to do, the first of equals. */
function busiest(paths: readonly ComparedPath[]): ComparedPath[] {
  const load = ({ run }: ComparedPath): number => run.resources.reduce((sum, one) => sum + one.busy - (one.categories["poll-empty"] ?? 0), 0);
  const variants = [...new Set(paths.map((path) => path.run.variant))];
  return variants.flatMap((variant) => paths.filter((path) => path.run.variant === variant).sort((one, other) => load(other) - load(one)).slice(0, 1));
}

/** What a sweep shows: latency against a number that was swept, and a field for each point of a sweep over two axes. */
function sweptCharts(paths: readonly ComparedPath[]): NamedChart[] {
  const axes = twoAxes(paths);
  if (axes !== null) {
    const designs = [...new Set(paths.map((path) => path.design))];
    return designs.map((design) => heatMapChart(`heat-map-${fileName(design)}`, paths.filter((path) => path.design === design), axes));
  }
  const axis = numericAxis(paths);
  return axis === null ? [] : byDesign(paths).map(({ suffix, members }) => loadChart(`load${suffix}`, members, axis));
}

/** Portions of whole designs, since a line needs all its points: two lines for each. */
function byDesign<T extends { readonly design: string }>(all: readonly T[]): { readonly suffix: string; readonly members: readonly T[] }[] {
  const designs = [...new Set(all.map(({ design }) => design))];
  const most = MOST_LINES / 2;
  const count = Math.ceil(designs.length / most);
  return Array.from({ length: count }, (_, index) => {
    const own = designs.slice(index * most, (index + 1) * most);
    return { suffix: count === 1 ? "" : `-part-${index + 1}`, members: all.filter(({ design }) => own.includes(design)) };
  });
}

function metricCharts(name: string, paths: readonly ComparedPath[]): NamedChart[] {
  return [
    ...grouped(paths, MOST_LINES).flatMap((group) => [
      cdfChart(`cdf${name}${group.suffix}`, group.paths),
      ccdfChart(`ccdf${name}${group.suffix}`, group.paths),
      percentileChart(`percentiles${name}${group.suffix}`, group.paths),
    ]),
    ...grouped(paths, MOST_BARS).map((group) => waterfallChart(`waterfall${name}${group.suffix}`, group.paths)),
  ];
}

/** All paths together where they fit, else by sweep point, else in portions. */
function grouped(paths: readonly ComparedPath[], most: number): Group[] {
  if (paths.length === 0) return [];
  if (paths.length <= most) return [{ suffix: "", paths }];
  const points = [...new Set(paths.map((path) => pointName(path.run)))];
  const groups = points.map((point) => ({ suffix: point === "" ? "" : `-${fileName(point)}`, paths: paths.filter((path) => pointName(path.run) === point) }));
  return groups.flatMap((group) => portions(group, most));
}

function portions({ suffix, paths }: Group, most: number): Group[] {
  const count = Math.ceil(paths.length / most);
  return Array.from({ length: count }, (_, index) => ({
    suffix: count === 1 ? suffix : `${suffix}-part-${index + 1}`,
    paths: paths.slice(index * most, (index + 1) * most),
  }));
}

function fileName(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]+/gu, "-").replaceAll(/^-|-$/gu, "");
}
