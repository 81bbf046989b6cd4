import type { ComparedPath, Difference, ResourceUse, SegmentSum } from "../result/index.js";
import { atSeveralPoints, breakdownOf, costPerMessage, percentileOf, pointText, segmentTotal } from "../result/index.js";
import { barCell } from "./bar.js";
import { differenceSection } from "./difference-section.js";
import { MISSING } from "./percentile-table.js";
import { pointSection } from "./point-section.js";
import { differenceGoals, pathRepetitions } from "./precision-section.js";
import { joined } from "./run-report.js";
import { pageOf, type Page, type ReportOptions } from "./style.js";
import { renderTable, type Cell, type Column } from "./table.js";
import { wrap } from "./text-width.js";
import { shareText } from "./time-table.js";
import { countText, fixed, inScale, percentText, scaleFor, type TimeScale } from "./time-text.js";

const LONGEST_PARTS = 6;
const BAR = 24;
/** So many differences of a sweep are still taken apart. */
const MOST_DETAILED = 3;

/**
 * The text that `compare` prints: the paths side by side in one table, where the median time of the first goes, and how each of the
 * others differs from the baseline and why; of many differences of a sweep only how much. "× faster" is against the first path. Ends in a newline; no line is wider than
 * `options.columns` (40 at the least).
 */
export function compareText(paths: readonly ComparedPath[], differences: readonly Difference[], options: ReportOptions): string {
  const page = pageOf(options);
  const [first] = paths;
  if (first === undefined) return "Nothing to compare: no run has a metric.\n";
  const baseline = paths.find((path) => path.name === differences[0]?.baseline) ?? first;
  const swept = atSeveralPoints(differences);
  const detailed = !swept || differences.length <= MOST_DETAILED;
  return joined([
    summarySection(paths, page), pathRepetitions(paths, page), partsSection(baseline, page), ...(swept ? [pointSection(differences, detailed, page)] : []),
    ...(detailed ? differences.map((one) => differenceSection(one, page)) : [goalSection(differences, page)]),
  ]);
}

/** What came of the goals of differences whose sections are left out. */
function goalSection(differences: readonly Difference[], page: Page): string[] {
  return differences.flatMap((one) => differenceGoals(one.precision).flatMap((goal) => wrap(`${one.name}: ${goal}`, page.columns, "  ")));
}

interface SummaryColumn {
  readonly head: string;
  readonly text: (path: ComparedPath) => string;
  readonly drop?: number;
}

function summarySection(paths: readonly ComparedPath[], page: Page): string[] {
  const scale = scaleFor(paths.flatMap((path) => [medianOf(path) ?? 0, path.metric.floorPs ?? 0, percentileOf(path.metric, 0.99)?.ps ?? 0]));
  const columns = summaryColumns(paths, scale);
  const rendered = renderTable({
    columns: [
      { head: "path", align: "left", least: 18, cut: "middle" },
      ...columns.map((one): Column => ({ head: one.head, align: "right", ...(one.drop === undefined ? {} : { drop: one.drop }) })),
    ],
    rows: paths.map((path) => [path.name, ...columns.map((one) => one.text(path))]),
  }, page);
  const ends = new Set(paths.map(({ metric }) => `${metric.name} is from ${metric.from} to ${metric.to}.`));
  const notes = [
    ...ends,
    "Counts are per message, over all owners; poll % is the time the most polling core spent finding nothing.",
    ...(rendered.dropped.length > 0 ? [`Left out for want of width: ${rendered.dropped.map((head) => head.replace("- ", "").trim()).join(", ")}.`] : []),
  ];
  const title = page.style.bold(`Paths side by side, times in ${scale.unit}`);
  return [title, "", ...rendered.lines, "", ...notes.flatMap((note) => wrap(note, page.columns, "  ")).map(page.style.dim)];
}

function summaryColumns(paths: readonly ComparedPath[], scale: TimeScale): SummaryColumn[] {
  const time = (ps: number | null | undefined): string => (ps === null || ps === undefined ? MISSING : inScale(ps, scale));
  const cost = (name: string) => (path: ComparedPath): string => countText(costPerMessage(path.run, name));
  return [
    { head: "\np50", text: (path) => time(medianOf(path)) },
    { head: "\np99", text: (path) => time(percentileOf(path.metric, 0.99)?.ps) },
    { head: "\nfloor", text: (path) => time(path.metric.floorPs), drop: 6 },
    { head: "×\nfaster", text: (path) => fasterText(paths[0], path) },
    { head: "move-\nments", text: cost("movements") },
    { head: "CPU\ncopies", text: cost("copies") },
    { head: "inter-\nrupts", text: cost("interrupts"), drop: 1 },
    { head: "sys-\ncalls", text: cost("syscalls"), drop: 2 },
    { head: "\nswitches", text: cost("switches"), drop: 5 },
    { head: "poll\n%", text: (path) => percentText(mostOf(path, (one) => one.categories["poll-empty"] ?? 0)), drop: 3 },
    { head: "core\nbusy %", text: (path) => percentText(mostOf(path, (one) => one.busy)), drop: 4 },
  ];
}

function medianOf(path: ComparedPath): number | null {
  return percentileOf(path.metric, 0.5)?.ps ?? null;
}

/** How many times faster than the first path, by the median; none where a median is not above zero, as with early transmission. */
function fasterText(first: ComparedPath | undefined, path: ComparedPath): string {
  const from = first === undefined ? null : medianOf(first);
  const to = medianOf(path);
  if (from === null || to === null || from <= 0 || to <= 0) return MISSING;
  const times = from / to;
  return fixed(times, times < 10 ? 2 : times < 100 ? 1 : 0);
}

function mostOf(path: ComparedPath, share: (one: ResourceUse) => number): number {
  return path.run.resources.filter((one) => one.kind === "core").map(share).reduce((most, one) => Math.max(most, one), 0);
}

function partsSection(path: ComparedPath, page: Page): string[] {
  const band = breakdownOf(path.metric, "p50");
  if (band === null) return [];
  const { shown, rest } = longestParts(band.segments);
  const longest = Math.max(...band.segments.map((segment) => Math.abs(segment.sumPs)), 1);
  const scale = scaleFor([band.totalPs / band.messages, longest / band.messages]);
  const numbers = (sum: number): Cell[] => [inScale(sum / band.messages, scale), shareText(sum, band.totalPs)];
  const line = (segment: SegmentSum): Cell[] => [segment.step, segment.label, ...numbers(segment.sumPs), barCell(segment.sumPs / longest, BAR)];
  const { lines } = renderTable({
    columns: [
      { head: "step", align: "left", least: 12 }, { head: "what", align: "left", least: 16 },
      { head: `p50 ${scale.unit}`, align: "right" }, { head: "%", align: "right" }, { head: "", align: "left", least: 4, drop: 1 },
    ],
    rows: [...shown.map(line), ...(rest.length > 0 ? [["…", `${rest.length} more`, ...numbers(segmentTotal(rest)), barCell(segmentTotal(rest) / longest, BAR)]] : [])],
    foot: [["total", "", ...numbers(band.totalPs)]],
  }, page);
  const facts = [path.metric.name, pointText(path.run.point)].filter((part) => part !== "").join(", ");
  return [...wrap(`${path.name}  (${facts})`, page.columns).map(page.style.bold), "", ...lines];
}

/** The longest parts, in the order of the path, and all others. One single other part is shown rather than summed up. */
function longestParts(segments: readonly SegmentSum[]): { readonly shown: SegmentSum[]; readonly rest: SegmentSum[] } {
  const bySize = [...segments].sort((a, b) => Math.abs(b.sumPs) - Math.abs(a.sumPs));
  const chosen = new Set(segments.length <= LONGEST_PARTS + 1 ? segments : bySize.slice(0, LONGEST_PARTS));
  return { shown: segments.filter((one) => chosen.has(one)), rest: segments.filter((one) => !chosen.has(one)) };
}
