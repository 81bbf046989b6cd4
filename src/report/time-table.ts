import type { Breakdown, MetricResult, RunResult, SegmentKind, SegmentSum } from "../result/index.js";
import { breakdownOf, pointText, segmentTotal } from "../result/index.js";
import { barCell } from "./bar.js";
import type { Page } from "./style.js";
import { renderTable, type Cell, type Column } from "./table.js";
import { wrap } from "./text-width.js";
import { inScale, percentText, scaleFor, type TimeScale } from "./time-text.js";

const BAR = 12;

/** A line of the table: one step of the path with its part of each band. */
interface TimeRow {
  readonly segment: SegmentSum;
  readonly parts: readonly (number | null)[];
}

/** Where the time goes for one metric of one run: the bands around p50 and p99 side by side, segment by segment, adding exactly. */
export function timeSection(run: RunResult, metric: MetricResult, page: Page): string[] {
  const bands = bandsOf(metric);
  if (bands.length === 0) return [];
  const where = [metric.name, run.variant, pointText(run.point)].filter((part) => part !== "").join(", ");
  const rows = mergedRows(bands);
  const means = rows.flatMap((row) => row.parts.filter((part) => part !== null));
  const scale = scaleFor([...bands.map(meanOf), Math.max(...means.map(Math.abs))]);
  const longest = Math.max(...means.map(Math.abs), 1);
  const cells = (row: TimeRow, index: number): Cell[] => [
    row.segment.step === rows[index - 1]?.segment.step ? "" : row.segment.step, row.segment.label, row.segment.kind,
    ...bands.flatMap((band, index) => partCells(row.parts[index] ?? null, { band, longest, scale })),
  ];
  const { lines } = renderTable({
    columns: columnsOf(bands, scale),
    rows: rows.map(cells),
    foot: [["total", "", "", ...bands.flatMap((band) => [inScale(meanOf(band), scale), band.totalPs > 0 ? "100.0" : "", ""])]],
  }, page);
  const notes = bands.flatMap((band) => [exactness(band), kindsText(band), ...(band.totalPs > 0 ? [] : ["No shares: they mean nothing of a total that is not above zero."])]);
  return [...wrap(`Where the time goes: ${where}`, page.columns, "  ").map(page.style.bold), "", ...lines, "", ...notes.flatMap((note) => wrap(note, page.columns, "  ")).map(page.style.dim)];
}

/** The bands to show: p50 and p99 where there are both, else what there is. */
function bandsOf(metric: MetricResult): Breakdown[] {
  const found = [breakdownOf(metric, "p50"), breakdownOf(metric, "p99")].filter((band) => band !== null);
  return found.filter((band, index) => found.findIndex((other) => other.band === band.band) === index);
}

function meanOf(band: Breakdown): number {
  return band.totalPs / band.messages;
}

function columnsOf(bands: readonly Breakdown[], scale: TimeScale): Column[] {
  return [
    { head: "step", align: "left", least: 12 },
    { head: "what", align: "left", least: 17 },
    { head: "kind", align: "left", drop: 4 },
    ...bands.flatMap((band, index): Column[] => [
      { head: `${band.band} ${scale.unit}`, align: "right" },
      { head: "%", align: "right", drop: 1 + index },
      { head: "", align: "left", least: 8, drop: 5 + index },
    ]),
  ];
}

function partCells(mean: number | null, about: { readonly band: Breakdown; readonly longest: number; readonly scale: TimeScale }): Cell[] {
  if (mean === null) return ["", "", ""];
  return [inScale(mean, about.scale), shareText(mean, meanOf(about.band)), barCell(mean / about.longest, BAR)];
}

/** A part's share of the whole in %; empty where the whole is not above zero, because a share of it would mean nothing. */
export function shareText(part: number, whole: number): string {
  return whole > 0 ? percentText(part / whole) : "";
}

/** One row per step, label and kind: in the order of the path, a step that only one band has stays behind its predecessor. */
function mergedRows(bands: readonly Breakdown[]): TimeRow[] {
  const order: SegmentSum[] = [];
  for (const band of bands) {
    let place = 0;
    for (const segment of band.segments) {
      const known = order.findIndex((other) => keyOf(other) === keyOf(segment));
      if (known < 0) order.splice(place, 0, segment);
      place = known < 0 ? place + 1 : known + 1;
    }
  }
  return order.map((segment) => ({
    segment,
    parts: bands.map((band) => {
      const own = band.segments.filter((other) => keyOf(other) === keyOf(segment));
      return own.length === 0 ? null : segmentTotal(own) / band.messages;
    }),
  }));
}

function keyOf(segment: SegmentSum): string {
  return `${segment.step}\n${segment.label}\n${segment.kind}`;
}

function exactness(band: Breakdown): string {
  const sum = segmentTotal(band.segments);
  const claim = `${band.band} band: ${band.messages} messages, Σ segments =\u00a0${sum}\u00a0ps`;
  if (sum === band.totalPs) return `${claim} = Σ\u00a0latencies, exactly.`;
  return `${claim}, but Σ\u00a0latencies =\u00a0${band.totalPs}\u00a0ps: this result is broken.`;
}

/** The sums by kind, e.g. "p50 by kind: process 37.1 %, wake 15.6 %", the largest first. */
function kindsText(band: Breakdown): string {
  const sums = new Map<SegmentKind, number>();
  for (const segment of band.segments) sums.set(segment.kind, (sums.get(segment.kind) ?? 0) + segment.sumPs);
  const sorted = [...sums].filter(([, sum]) => sum !== 0).sort(([, a], [, b]) => Math.abs(b) - Math.abs(a));
  const scale = scaleFor([meanOf(band), (sorted[0]?.[1] ?? 0) / band.messages]);
  const part = (sum: number): string =>
    band.totalPs > 0 ? `${percentText(sum / band.totalPs)}\u00a0%` : `${inScale(sum / band.messages, scale)}\u00a0${scale.unit}`;
  return `${band.band} by kind: ${sorted.map(([kind, sum]) => `${kind}\u00a0${part(sum)}`).join(", ")}.`;
}
