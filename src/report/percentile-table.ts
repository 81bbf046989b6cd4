import type { MetricResult, Percentile, Result, RunResult } from "../result/index.js";
import { confidenceText, percentileName, percentileOf, pointName, runName } from "../result/index.js";
import type { Page } from "./style.js";
import { naturalWidth, renderTable, type Column, type Table } from "./table.js";
import { textWidth, wrap } from "./text-width.js";
import { dollarsText, inScale, scaleFor, type TimeScale } from "./time-text.js";

/** A metric of a run: one row of the percentile table. */
export interface MetricRow {
  readonly run: RunResult;
  readonly metric: MetricResult;
}

/** A statistic of a metric, in the order a table shows them. */
export interface Statistic {
  readonly head: string;
  /** ps; null where there is none. */
  readonly ps: (metric: MetricResult) => number | null;
  /** The percentile behind it, for its confidence interval. */
  readonly percentile?: (metric: MetricResult) => Percentile | null;
}

export const MISSING = "—";

/** Every metric of every run, in the order of the result. */
export function metricRows(runs: readonly RunResult[]): MetricRow[] {
  return runs.flatMap((run) => run.metrics.map((metric) => ({ run, metric })));
}

/** The statistics of the percentile table: min, mean, sd, the percentiles that occur, max and the zero-load floor. */
export function statisticsOf(rows: readonly MetricRow[]): Statistic[] {
  const quantiles = [...new Set(rows.flatMap((row) => row.metric.percentiles.map((one) => one.q)))].sort((a, b) => a - b);
  return [
    { head: "min", ps: (metric) => metric.minPs },
    { head: "mean", ps: (metric) => metric.meanPs },
    { head: "sd", ps: (metric) => metric.sdPs },
    ...quantiles.map((q): Statistic => ({
      head: percentileName(q),
      ps: (metric) => percentileOf(metric, q)?.ps ?? null,
      percentile: (metric) => percentileOf(metric, q),
    })),
    { head: "max", ps: (metric) => metric.maxPs },
    { head: "floor", ps: (metric) => metric.floorPs },
  ];
}

/** The scale that suits the middle and the tail of all rows; what is rounded away in it is below the noise of the run. */
export function rowsScale(rows: readonly MetricRow[]): TimeScale {
  return scaleFor(rows.flatMap(({ metric }) => [metric.floorPs ?? 0, metric.maxPs, percentileOf(metric, 0.5)?.ps ?? 0]));
}

/** The percentile table of a result: a row per variant, sweep point and metric where that fits, else a column per row of that table. */
export function percentileSection(result: Result, page: Page): string[] {
  const rows = metricRows(result.runs);
  if (rows.length === 0) return [];
  const withIntervals = wideTable(rows, true);
  const without = wideTable(rows, false);
  const fits = (table: Table): boolean => naturalWidth(table) <= page.columns;
  const layout = fits(withIntervals) ? "intervals" : fits(without) ? "plain" : "columns";
  const lines = layout === "columns"
    ? tallTables(rows, page)
    : renderTable(layout === "intervals" ? withIntervals : without, page).lines;
  const unit = layout === "columns" ? "" : `, in ${rowsScale(rows).unit}`;
  return [page.style.bold(`Latency${unit}`), "", ...lines, "", ...notes(rows, layout, page)];
}

function wideTable(rows: readonly MetricRow[], intervals: boolean): Table {
  const scale = rowsScale(rows);
  const statistics = statisticsOf(rows);
  const axes = [...new Set(rows.flatMap(({ run }) => Object.keys(run.point)))];
  const left = (head: string): Column => ({ head, align: "left" });
  const right = (head: string): Column => ({ head, align: "right" });
  return {
    columns: [left("variant"), ...axes.map(right), left("metric"), right("n"), ...statistics.map((one) => right(one.head))],
    rows: rows.map(({ run, metric }) => [
      run.variant, ...axes.map((axis) => run.point[axis] ?? MISSING), metric.name, String(metric.count),
      ...statistics.map((one) => statisticText(one, metric, scale, intervals)),
    ]),
  };
}

function tallTables(rows: readonly MetricRow[], page: Page): string[] {
  const statistics = statisticsOf(rows);
  const label = Math.max(...statistics.map((one) => textWidth(one.head)), 2);
  const columns = rows.map((row) => tallColumn(row, statistics));
  const lines: string[] = [];
  for (const block of inBlocks(columns, (column) => column.width + 2, page.columns - label)) {
    const table: Table = {
      columns: [{ head: "", align: "left" }, ...block.map((column) => ({ head: column.head, align: "right" as const, least: 8 }))],
      rows: ["n", ...statistics.map((one) => one.head)].map((head, index) => [head, ...block.map((column) => column.cells[index] ?? "")]),
    };
    if (lines.length > 0) lines.push("");
    lines.push(...renderTable(table, page).lines);
  }
  return lines;
}

interface TallColumn {
  readonly head: string;
  readonly cells: readonly string[];
  readonly width: number;
}

function tallColumn({ run, metric }: MetricRow, statistics: readonly Statistic[]): TallColumn {
  const scale = rowsScale([{ run, metric }]);
  const heads = [run.variant, pointName(run), metric.name, scale.unit].filter((line) => line !== "");
  const cells = [String(metric.count), ...statistics.map((one) => statisticText(one, metric, scale, true))];
  // Without an interval the number is moved left by the width of one, so that decimal points line up.
  const interval = Math.max(...cells.map((cell) => textWidth(cell) - intervalStart(cell)));
  const aligned = cells.map((cell, index) => (index === 0 ? cell : cell + " ".repeat(interval - (textWidth(cell) - intervalStart(cell)))));
  return { head: heads.join("\n"), cells: aligned, width: Math.max(...[...heads, ...aligned].map(textWidth)) };
}

function intervalStart(cell: string): number {
  const start = cell.indexOf(" ±");
  return start < 0 ? textWidth(cell) : start;
}

/** Groups as many neighbours as fit into `limit`; at least one each. */
function inBlocks<T>(items: readonly T[], width: (item: T) => number, limit: number): T[][] {
  const blocks: T[][] = [];
  let room = 0;
  for (const item of items) {
    const last = blocks.at(-1);
    if (last === undefined || width(item) > room) {
      blocks.push([item]);
      room = limit - width(item);
    } else {
      last.push(item);
      room -= width(item);
    }
  }
  return blocks;
}

function statisticText(statistic: Statistic, metric: MetricResult, scale: TimeScale, intervals: boolean): string {
  const ps = metric.count === 0 && statistic.head !== "floor" ? null : statistic.ps(metric);
  if (ps === null) return MISSING;
  const side = intervals ? intervalSide(statistic.percentile?.(metric) ?? null) : null;
  return side === null ? inScale(ps, scale) : `${inScale(ps, scale)} ±${inScale(roundedUp(side, scale), scale)}`;
}

// An interval is never printed narrower than it is: rounded to nearest, a narrow one would read as "±0.000".
function roundedUp(side: number, scale: TimeScale): number {
  const step = scale.ps / 10 ** scale.decimals;
  return Math.ceil(side / step) * step;
}

/** The larger side of a percentile's interval in ps; null where there is none. */
function intervalSide(percentile: Percentile | null): number | null {
  if (percentile === null || percentile.ps === null || percentile.lowPs === null || percentile.highPs === null) return null;
  return Math.max(percentile.highPs - percentile.ps, percentile.ps - percentile.lowPs);
}

function notes(rows: readonly MetricRow[], layout: "intervals" | "plain" | "columns", page: Page): string[] {
  const ends = new Set(rows.map(({ metric }) => `${metric.name} is from ${metric.from} to ${metric.to}.`));
  const closed = new Set(rows.filter(({ metric }) => metric.closedLoop).map(({ metric }) => metric.name));
  const error = Math.max(...rows.map(({ metric }) => metric.relativeError));
  const level = confidenceText(rows.map(({ run }) => run));
  const missing = rows.some(({ metric }) => metric.percentiles.some((one) => one.ps === null));
  const sentences = [
    ...ends,
    "floor: the latency with one message in flight.",
    layout === "plain" ? `${level} confidence intervals are left out for want of width.` : `±: the larger side of the ${level} confidence interval.`,
    ...(missing ? [`${MISSING}: fewer than 10 samples lie beyond.`] : []),
    ...(error > 0 ? [`Percentiles are within ${Number((error * 100).toPrecision(2))} % of the sample.`] : []),
    ...[...closed].map((name) => `${name} has a closed-loop source: its percentiles hide the stalls that the source waited out.`),
    ...rows.flatMap(({ run, metric }) => moneyNote(run, metric)),
  ];
  return sentences.flatMap((sentence) => wrap(sentence, page.columns, "  ")).map(page.style.dim);
}

function moneyNote(run: RunResult, metric: MetricResult): string[] {
  if (metric.value === null) return [];
  return [`${metric.name} of ${runName(run)} costs ${dollarsText(metric.value.meanDollars)} per message at ${dollarsText(metric.value.dollarsPerSecond / 1e6)} per us.`];
}
