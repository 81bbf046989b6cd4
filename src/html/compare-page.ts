import type { Explored } from "../experiment/index.js";
import { countText, inScale, MISSING, scaleFor, type TimeScale } from "../report/index.js";
import { confidenceText, costPerMessage, percentileOf, type ComparedPath, type Difference, type Result } from "../result/index.js";
import { chartsChapter, scriptNote } from "./chart-section.js";
import { differencesChapter } from "./difference-chapter.js";
import { documentOf, type PageTools } from "./document.js";
import { explorerChapter } from "./explorer-section.js";
import { allLeftOut, differencesWithin, fitting, withinAll, type Extent } from "./extent.js";
import { html, type Markup, NOTHING } from "./markup.js";
import { pageCharts, pathsOfPage } from "./page-data.js";
import { unitText } from "./runs-section.js";
import { notes, plural, type Chapter } from "./sections.js";
import { htmlTable, type HtmlCell, type HtmlColumn } from "./sortable-table.js";
import { evidenceChapter, warningsChapter, type Sources } from "./verdict-section.js";

const COSTS = ["movements", "copies", "interrupts", "syscalls", "switches", "doorbells"] as const;

/** More names would fill the top of the page. */
const MOST_NAMED = 40;

/** What a page of a comparison is made of. */
export interface ComparePage {
  readonly results: readonly Result[];
  /** By what the paths are compared; null: by the first metric of each. */
  readonly metric: string | null;
  readonly differences: readonly Difference[];
  /** Messages of the paths that were simulated for this comparison. */
  readonly explored: readonly Explored[];
  readonly sources: Sources;
}

/** The page of a comparison: the paths side by side, their charts, and how each differs from the baseline; of very many paths as much as fits. */
export function comparePage(page: ComparePage, tools: PageTools): string {
  return fitting(page.results.reduce((sum, { runs }) => sum + runs.length, 0), (extent) => pageWithin(page, extent, tools));
}

function pageWithin(page: ComparePage, extent: Extent, tools: PageTools): string {
  const { metric, sources } = page;
  const results = withinAll(page.results, extent);
  const differences = differencesWithin(page.differences, extent);
  const explored = extent.extras ? page.explored : [];
  const missing = allLeftOut(page.results, results, extent);
  const data = { kind: "compare", results, metric, differences, explored } as const;
  const paths = pathsOfPage(data);
  const explorer = explorerChapter(explored, unexplored(paths, explored));
  const chapters: Chapter[] = [
    { id: "paths", title: "Paths", body: paths.length === 0 ? html`<p>Nothing to compare: no run has a metric.</p>` : [pathsTable(paths), pathNotes(paths)] },
    chartsChapter(pageCharts({ ...data, explored: [] })), ...(differences.length === 0 ? [] : [differencesChapter(differences)]),
    ...(explorer === null ? [] : [explorer]),
    warningsChapter([...results.flatMap((result) => result.warnings.map((one) => `${result.scenario.id}: ${one}`)), ...missing]),
    evidenceChapter(results, sources), { id: "scenarios", title: "Scenarios", body: results.map(scenarioMarkup) },
  ];
  const names = paths.map(({ name }) => name);
  const title = names.length <= 3 ? `Comparison of ${names.join(", ")}` : `Comparison of ${plural(names.length, "path")}`;
  return documentOf({ title, lead: html`<p>${names.slice(0, MOST_NAMED).join(" · ")}${names.length > MOST_NAMED ? " …" : NOTHING}</p>${scriptNote(tools.script !== null)}${notes(missing)}`, chapters, data }, tools);
}

/** Which paths have no messages to look at, and why. */
function unexplored(paths: readonly ComparedPath[], explored: readonly Explored[]): string[] {
  const rest = paths.map(({ name }) => name).filter((name) => !explored.some((one) => one.name === name));
  return rest.length === 0 ? [] : [`No messages of ${rest.join("; ")}: only paths that were simulated for this comparison can be followed, and of many only the first.`];
}

function scenarioMarkup({ scenario, seed, inputs, version }: Result): Markup {
  return html`<h3>${scenario.id}: ${scenario.title}</h3>
<p>${scenario.about}</p>
<p class="facts">seed ${seed} · inputs <code>${inputs.slice(0, 12)}</code> · wirelat ${version}</p>
`;
}

function pathsTable(paths: readonly ComparedPath[]): Markup {
  const scale = scaleFor(paths.flatMap(({ metric }) => [percentileOf(metric, 0.5)?.ps ?? 0, percentileOf(metric, 0.99)?.ps ?? 0, metric.floorPs ?? 0]));
  const number = (head: string, about?: string): HtmlColumn => ({ head, kind: "number", ...(about === undefined ? {} : { about }) });
  return htmlTable({
    caption: `Paths side by side, times in ${unitText(scale)}, percentiles with their ${confidenceText(paths.map(({ run }) => run))} intervals`,
    columns: [
      { head: "path", kind: "text" }, number("mean"), number("p50"), number("p99"), number("floor", "latency with one message in flight"), number("× faster", "than the first, by the median"),
      ...COSTS.map((name) => number(name, "per message, over all owners")),
    ],
    rows: paths.map((path) => [
      path.name, timeCell(path.metric.meanPs, scale), percentileCell(path, 0.5, scale), percentileCell(path, 0.99, scale), timeCell(path.metric.floorPs, scale), fasterCell(paths[0] ?? path, path),
      ...COSTS.map((name): HtmlCell => ({ show: countText(costPerMessage(path.run, name)), sort: costPerMessage(path.run, name) })),
    ]),
  });
}

function timeCell(ps: number | null, scale: TimeScale): HtmlCell {
  return ps === null ? { show: MISSING, sort: null } : { show: inScale(ps, scale), sort: ps };
}

function percentileCell({ metric }: ComparedPath, q: number, scale: TimeScale): HtmlCell {
  const found = percentileOf(metric, q);
  if (found === null || found.ps === null || found.lowPs === null || found.highPs === null) return timeCell(found?.ps ?? null, scale);
  return { show: html`${inScale(found.ps, scale)}<small>${inScale(found.lowPs, scale)} … ${inScale(found.highPs, scale)}</small>`, sort: found.ps };
}

/** None where a median is not above zero, as with early transmission. */
function fasterCell(first: ComparedPath, path: ComparedPath): HtmlCell {
  const [from, to] = [percentileOf(first.metric, 0.5)?.ps ?? 0, percentileOf(path.metric, 0.5)?.ps ?? 0];
  return from <= 0 || to <= 0 ? { show: MISSING, sort: null } : { show: String(Number((from / to).toPrecision(3))), sort: from / to };
}

function pathNotes(paths: readonly ComparedPath[]): Markup {
  const ends = new Set(paths.map(({ metric }) => `${metric.name} is from ${metric.from} to ${metric.to}.`));
  const repeated = paths.filter(({ run }) => run.seeds.length > 1).map(({ name, run }) => `${name}: ${plural(run.seeds.length, "replication")}, merged.`);
  return notes([...ends, "Counts are per message, over all owners.", ...repeated]);
}
