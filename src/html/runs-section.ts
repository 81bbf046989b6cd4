import { inScale, metricRows, MISSING, rowsScale, statisticsOf, type MetricRow, type Statistic, type TimeScale } from "../report/index.js";
import { confidenceText, type Result } from "../result/index.js";
import { html } from "./markup.js";
import { notes, type Chapter } from "./sections.js";
import { htmlTable, type HtmlCell, type HtmlColumn } from "./sortable-table.js";

/** The latencies of all runs with the intervals of their percentiles, and what was sent, measured and lost. */
export function runsChapter(result: Result): Chapter {
  const rows = metricRows(result.runs);
  const scale = rowsScale(rows);
  const statistics = statisticsOf(rows);
  const axes = axesOf(result);
  const columns: HtmlColumn[] = [
    { head: "variant", kind: "text" }, ...axes.map((head): HtmlColumn => ({ head, kind: "number" })),
    { head: "metric", kind: "text" }, { head: "n", kind: "number", about: "messages measured, behind the warm-up" },
    ...statistics.map(({ head }): HtmlColumn => ({ head, kind: "number", ...(head === "floor" ? { about: "latency with one message in flight" } : {}) })),
  ];
  const body = [
    htmlTable({
      caption: `Latency in ${unitText(scale)}, percentiles with their ${confidenceText(result.runs)} intervals`, columns,
      rows: rows.map((row) => [row.run.variant, ...axes.map((axis) => pointCell(row.run.point, axis)), row.metric.name, { show: row.metric.count.toLocaleString("en-US"), sort: row.metric.count }, ...statistics.map((one) => statisticCell(one, row, scale))]),
    }),
    notes(runNotes(rows)),
    messagesTable(result, axes),
  ];
  return { id: "runs", title: "Runs", body };
}

export function axesOf(result: Result): string[] {
  return [...new Set(result.runs.flatMap(({ point }) => Object.keys(point)))];
}

/** The unit as pages write it. */
export function unitText({ unit }: TimeScale): string {
  return unit === "us" ? "µs" : unit;
}

/** The value of an axis; sorted by its number, in the order of the file where units differ. */
export function pointCell(point: Readonly<Record<string, string>>, axis: string): HtmlCell {
  const text = point[axis] ?? MISSING;
  return { show: text, sort: sizeOf(text) };
}

const FACTORS: Readonly<Record<string, number>> = { ps: 1, ns: 1e3, us: 1e6, ms: 1e9, s: 1e12, pps: 1, bps: 1, b: 1, kb: 1e3, mb: 1e6, gb: 1e9, kib: 1024, mib: 1024 ** 2, gib: 1024 ** 3, kpps: 1e3, mpps: 1e6, gpps: 1e9, kbps: 1e3, mbps: 1e6, gbps: 1e9, hz: 1, khz: 1e3, mhz: 1e6, ghz: 1e9 };

/** What a written quantity is sorted by: within one axis all are of one dimension. */
function sizeOf(text: string): number | string {
  const [, number, unit] = /^([\d.]+)\s*([a-z]*)$/iu.exec(text) ?? [];
  return number === undefined ? text : Number(number) * (FACTORS[unit?.toLowerCase() ?? ""] ?? 1);
}

function statisticCell(statistic: Statistic, { metric }: MetricRow, scale: TimeScale): HtmlCell {
  const ps = metric.count === 0 && statistic.head !== "floor" ? null : statistic.ps(metric);
  if (ps === null) return { show: MISSING, sort: null };
  const percentile = statistic.percentile?.(metric) ?? null;
  if (percentile === null || percentile.lowPs === null || percentile.highPs === null) return { show: inScale(ps, scale), sort: ps };
  return { show: html`${inScale(ps, scale)}<small>${inScale(percentile.lowPs, scale)} … ${inScale(percentile.highPs, scale)}</small>`, sort: ps };
}

function runNotes(rows: readonly MetricRow[]): string[] {
  const ends = new Set(rows.map(({ metric }) => `${metric.name} is from ${metric.from} to ${metric.to}.`));
  const closed = new Set(rows.filter(({ metric }) => metric.closedLoop).map(({ metric }) => metric.name));
  const error = Math.max(0, ...rows.map(({ metric }) => metric.relativeError));
  return [
    ...ends,
    "floor: the latency with one message in flight.",
    ...(rows.some(({ metric }) => metric.percentiles.some(({ ps }) => ps === null)) ? [`${MISSING}: fewer than 10 samples lie beyond.`] : []),
    ...(error > 0 ? [`Percentiles are within ${Number((error * 100).toPrecision(2))} % of the sample.`] : []),
    ...[...closed].map((name) => `${name} has a closed-loop source: its percentiles hide the stalls that the source waited out.`),
  ];
}

function messagesTable(result: Result, axes: readonly string[]) {
  const count = (value: number): HtmlCell => ({ show: value.toLocaleString("en-US"), sort: value });
  return htmlTable({
    caption: "Messages of each run",
    columns: [
      { head: "variant", kind: "text" }, ...axes.map((head): HtmlColumn => ({ head, kind: "number" })), { head: "sent", kind: "number" }, { head: "completed", kind: "number" },
      { head: "measured", kind: "number" }, { head: "dropped", kind: "number" }, { head: "why", kind: "text" }, { head: "fingerprint", kind: "text", about: "two runs with the same one took the same trajectory" },
    ],
    rows: result.runs.map((run) => {
      const dropped = Object.entries(run.messages.dropped).filter(([, value]) => value > 0);
      return [
        run.variant, ...axes.map((axis) => pointCell(run.point, axis)), count(run.messages.sent), count(run.messages.completed), count(run.messages.measured),
        count(dropped.reduce((sum, [, value]) => sum + value, 0)), dropped.map(([reason, value]) => `${reason} ${value.toLocaleString("en-US")}`).join(", "), { show: html`<code>${run.fingerprint}</code>`, sort: run.fingerprint },
      ];
    }),
  });
}
