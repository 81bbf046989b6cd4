import { KIND_COLOURS } from "../chart/index.js";
import { inScale, MISSING, percentText, scaleFor, type TimeScale } from "../report/index.js";
import { runName, type Breakdown, type MetricResult, type RunResult, type SegmentSum } from "../result/index.js";
import { html } from "./markup.js";
import { unitText } from "./runs-section.js";
import { folded, notes, type Chapter } from "./sections.js";
import { barOf, htmlTable, type HtmlCell } from "./sortable-table.js";

/** Where the time goes around the median and around the 99th percentile: a table for each metric of these runs, the first open. */
export function timeChapter(runs: readonly RunResult[]): Chapter {
  const tables = runs.flatMap((run) => run.metrics.map((metric) => ({ run, metric }))).filter(({ metric }) => metric.breakdowns.length > 0);
  return {
    id: "time", title: "Where the time goes",
    body: [notes(["Means over the messages whose latency lies around p50 and around p99. The parts add up to the latency exactly; only an overlap is negative."]), tables.map(({ run, metric }, index) => folded(`${runName(run)}: ${metric.name}`, timeTable(run, metric), index === 0))],
  };
}

interface Part {
  readonly segment: SegmentSum;
  readonly means: readonly (number | null)[];
}

function timeTable(run: RunResult, metric: MetricResult) {
  const bands = bandsOf(metric);
  const parts = partsOf(bands);
  const widest = Math.max(1, ...parts.flatMap(({ means }) => means.map((mean) => Math.abs(mean ?? 0))));
  const totals = bands.map((band) => band.totalPs / band.messages);
  const scale = scaleFor([widest, ...totals]);
  const names = bands.map(({ band, messages }) => `${band} (${messages.toLocaleString("en-US")})`);
  return htmlTable({
    caption: `${metric.name} of ${runName(run)} from ${metric.from} to ${metric.to}, mean per message in ${unitText(scale)}`,
    columns: [
      { head: "step", kind: "text" }, { head: "what", kind: "text" }, { head: "kind", kind: "text" },
      ...names.flatMap((head) => [{ head, kind: "number", about: "messages of the band in brackets" } as const, { head: "%", kind: "number" } as const, { head: "bar", kind: "text" } as const]),
    ],
    rows: parts.map(({ segment, means }) => [
      segment.step, segment.label, { show: html`<span class="kind"><svg width="10" height="10" aria-hidden="true"><rect width="10" height="10" fill="${KIND_COLOURS[segment.kind]}"/></svg> ${segment.kind}</span>`, sort: segment.kind },
      ...means.flatMap((mean, index) => meanCells(mean, { total: totals[index] ?? 0, widest, scale, colour: KIND_COLOURS[segment.kind] })),
    ]),
    foot: ["total", "", "", ...totals.flatMap((total) => [inScale(total, scale), "100.0", ""])],
  });
}

/** Of all messages, where a run is too short for bands. */
function bandsOf(metric: MetricResult): readonly Breakdown[] {
  const named = metric.breakdowns.filter(({ band, messages }) => band !== "all" && messages > 0);
  return named.length > 0 ? named : metric.breakdowns.filter(({ messages }) => messages > 0);
}

function partsOf(bands: readonly Breakdown[]): Part[] {
  const key = ({ step, label, kind }: SegmentSum): string => `${step}\n${label}\n${kind}`;
  const all = new Map(bands.flatMap(({ segments }) => segments).map((segment) => [key(segment), segment]));
  return [...all].map(([name, segment]) => ({
    segment,
    means: bands.map(({ segments, messages }) => {
      const found = segments.find((one) => key(one) === name);
      return found === undefined ? null : found.sumPs / messages;
    }),
  }));
}

interface CellLook {
  readonly total: number;
  readonly widest: number;
  readonly scale: TimeScale;
  readonly colour: string;
}

function meanCells(mean: number | null, { total, widest, scale, colour }: CellLook): HtmlCell[] {
  if (mean === null) return [{ show: MISSING, sort: null }, { show: "", sort: null }, { show: "", sort: null }];
  return [{ show: inScale(mean, scale), sort: mean }, { show: total === 0 ? "" : percentText(mean / total), sort: mean }, { show: barOf(mean / widest, colour), sort: mean }];
}
