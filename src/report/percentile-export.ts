import type { MetricResult, Result } from "../result/index.js";
import { percentileName, percentileOf } from "../result/index.js";
import { metricRows, MISSING, rowsScale, statisticsOf } from "./percentile-table.js";
import { inScale } from "./time-text.js";

/** The percentile table as Markdown, one unit for the whole table, named in the heading row of every column. */
export function percentilesMarkdown(result: Result): string {
  const rows = metricRows(result.runs);
  const scale = rowsScale(rows);
  const statistics = statisticsOf(rows);
  const axes = axesOf(result);
  const heads = ["variant", ...axes, "metric", "n", ...statistics.map((one) => `${one.head} (${scale.unit})`)];
  const left = 2 + axes.length;
  const lines = rows.map(({ run, metric }) => [
    run.variant, ...axes.map((axis) => run.point[axis] ?? MISSING), metric.name, String(metric.count),
    ...statistics.map((one) => textOf(one.ps(metric), (ps) => inScale(ps, scale))),
  ]);
  return [heads, heads.map((_, index) => (index < left ? "---" : "---:")), ...lines].map(markdownRow).join("\n") + "\n";
}

/** The percentile table as CSV (RFC 4180, LF ends): times in integer or fractional ps, empty where there is no value. */
export function percentilesCsv(result: Result): string {
  const rows = metricRows(result.runs);
  const axes = axesOf(result);
  const quantiles = [...new Set(rows.flatMap(({ metric }) => metric.percentiles.map((one) => one.q)))].sort((a, b) => a - b);
  const columns: readonly (readonly [string, (metric: MetricResult) => number | null])[] = [
    ["n", (metric) => metric.count], ["min_ps", (metric) => metric.minPs], ["mean_ps", (metric) => metric.meanPs], ["sd_ps", (metric) => metric.sdPs],
    ...quantiles.flatMap((q): [string, (metric: MetricResult) => number | null][] => [
      [`${percentileName(q)}_ps`, (metric) => percentileOf(metric, q)?.ps ?? null],
      [`${percentileName(q)}_low_ps`, (metric) => percentileOf(metric, q)?.lowPs ?? null],
      [`${percentileName(q)}_high_ps`, (metric) => percentileOf(metric, q)?.highPs ?? null],
    ]),
    ["max_ps", (metric) => metric.maxPs], ["floor_ps", (metric) => metric.floorPs],
  ];
  const heads = ["variant", ...axes, "metric", "from", "to", ...columns.map(([head]) => head)];
  const lines = rows.map(({ run, metric }) => [
    run.variant, ...axes.map((axis) => run.point[axis] ?? ""), metric.name, metric.from, metric.to,
    ...columns.map(([, value]) => value(metric)?.toString() ?? ""),
  ]);
  return [heads, ...lines].map((cells) => cells.map(csvCell).join(",")).join("\n") + "\n";
}

function axesOf(result: Result): string[] {
  return [...new Set(result.runs.flatMap((run) => Object.keys(run.point)))];
}

function textOf(value: number | null, print: (value: number) => string): string {
  return value === null ? MISSING : print(value);
}

function markdownRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("\\", "\\\\").replaceAll("|", "\\|")).join(" | ")} |`;
}

function csvCell(text: string): string {
  return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
