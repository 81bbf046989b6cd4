import { thinned } from "../chart/index.js";
import { isSummary, summaryOf, type Difference, type Result, type RunResult } from "../result/index.js";

/** How much of a result a page shows. */
export interface Extent {
  /** Larger results are not even tried. */
  readonly mostRuns: number;
  /** Runs with a row in the tables and a place in what a sweep shows. */
  readonly listed: number;
  /** Of these, runs with charts of their own. */
  readonly charted: number;
  /** Points of a distribution; fewer than forty would be drawn as stairs. */
  readonly points: number;
  /** Expectations and warnings, and whether single messages and the scenario's text are there. */
  readonly sentences: number;
  readonly extras: boolean;
}

/** From everything down to what is small whatever the result. */
const EXTENTS: readonly Extent[] = [
  { mostRuns: 400, listed: Infinity, charted: Infinity, points: Infinity, sentences: Infinity, extras: true },
  { mostRuns: 1000, listed: Infinity, charted: 96, points: 150, sentences: Infinity, extras: true },
  { mostRuns: Infinity, listed: 1000, charted: 24, points: 100, sentences: 500, extras: true },
  { mostRuns: Infinity, listed: 300, charted: 8, points: 60, sentences: 200, extras: false },
  { mostRuns: Infinity, listed: 50, charted: 1, points: 60, sentences: 50, extras: false },
];

/** Bytes of a page, less a little: what opens at once and can be sent by mail. */
const MOST_BYTES = 4_900_000;

/** The page with the most that fits. `make` makes it in an extent. */
export function fitting(runs: number, make: (extent: Extent) => string): string {
  let page = "";
  for (const extent of EXTENTS) {
    if (runs > extent.mostRuns) continue;
    page = make(extent);
    if (page.length <= MOST_BYTES && new TextEncoder().encode(page).length <= MOST_BYTES) return page;
  }
  return page;
}

/** The result as far as the extent goes: the first run of each variant before further sweep points, and of those beyond only their numbers. */
export function within(result: Result, { listed, charted, points, sentences }: Extent): Result {
  const order = firstsFirst(result.runs);
  const [shown, whole] = [new Set(order.slice(0, listed)), new Set(order.slice(0, charted))];
  const runs = result.runs.filter((run) => shown.has(run)).map((run) => (whole.has(run) ? thinner(run, points) : summaryOf(run)));
  const expectations = result.expectations.length <= sentences ? result.expectations : [...result.expectations].sort((one, other) => Number(one.held) - Number(other.held)).slice(0, sentences);
  return { ...result, runs, expectations, warnings: result.warnings.slice(0, Math.max(1, sentences)) };
}

/** The same of several results, which share what the extent allows. */
export function withinAll(results: readonly Result[], extent: Extent): Result[] {
  const shared = { ...extent, listed: Math.ceil(extent.listed / results.length), charted: Math.ceil(extent.charted / results.length) };
  return results.map((result) => within(result, shared));
}

/** Differences as far as the extent goes: the first of each design before further sweep points, and of those beyond only the verdicts. */
export function differencesWithin(differences: readonly Difference[], { listed, charted }: Extent): Difference[] {
  const order = firstsOf(differences, ({ design }) => design);
  const [shown, whole] = [new Set(order.slice(0, listed)), new Set(order.slice(0, charted))];
  return differences.filter((one) => shown.has(one)).map((one) => (whole.has(one) ? one : { ...one, bands: [], costs: [] }));
}

/** The first run of each variant, then all others. */
export const firstsFirst = (runs: readonly RunResult[]): RunResult[] => firstsOf(runs, ({ variant }) => variant);

function firstsOf<T>(all: readonly T[], group: (one: T) => string): T[] {
  const groups = new Set<string>();
  const firsts = all.filter((one) => !groups.has(group(one)) && groups.add(group(one)));
  return [...new Set([...firsts, ...all])];
}

function thinner(run: RunResult, points: number): RunResult {
  return points === Infinity ? run : { ...run, seeds: [], metrics: run.metrics.map((metric) => ({ ...metric, cdf: thinned(metric.cdf, points), sections: null })) };
}

/** What of results a page does not show, in a sentence; none where it shows everything. */
export function allLeftOut(results: readonly Result[], shown: readonly Result[], extent: Extent): string[] {
  const count = (of: readonly Result[], part: (result: Result) => number): number => of.reduce((sum, result) => sum + part(result), 0);
  const runs = count(results, (result) => result.runs.length);
  const listed = count(shown, (result) => result.runs.length);
  const charted = count(shown, (result) => result.runs.filter((run) => !isSummary(run)).length);
  const [expectations, warnings] = [[results, shown].map((of) => count(of, (one) => one.expectations.length)), [results, shown].map((of) => count(of, (one) => one.warnings.length))];
  const said: (string | null)[] = [
    charted < runs ? `charts, costs and parts of ${charted} of ${runs} runs` : null,
    listed < runs ? `rows in tables for ${listed} of ${runs} runs` : null,
    extent.points < Infinity ? `${extent.points} points of each distribution` : null,
    expectations[0] !== expectations[1] ? `${expectations[1]} of ${expectations[0]} expectations, those that failed first` : null,
    warnings[0] !== warnings[1] ? `${warnings[1]} of ${warnings[0]} warnings` : null,
    extent.extras ? null : "neither single messages nor the scenario's text",
  ];
  const found = said.filter((one) => one !== null);
  return found.length === 0 ? [] : [`So that this page stays below 5 MB it has ${found.join(", ")}; result.json holds everything.`];
}
