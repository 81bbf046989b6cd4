import { pointText, type ComparedPath, type MetricResult } from "../result/index.js";
import { lineColour, lineDash } from "./palette.js";
import { chartOf, frameOptions, head, legend, legendHeight, type NamedChart, scaleOptions, shortened } from "./frame.js";
import type { TimeAxis } from "./time-axis.js";

const LONGEST_NAME = 46;

/** The look of one path among others: a colour for each scenario and variant, dashes for each sweep point. */
export interface SeriesLook {
  readonly name: string;
  readonly colour: string;
  readonly dash: number[];
}

/** The looks of these paths, in their order. Many paths that differ only in the sweep point get colours, because dashes soon blur. */
export function looksOf(paths: readonly ComparedPath[]): SeriesLook[] {
  const variants = [...new Set(paths.map(variantOf))];
  const byColour = variants.length === 1;
  return paths.map((path) => {
    const variant = variants.indexOf(variantOf(path));
    const point = paths.filter((other) => variantOf(other) === variantOf(path)).indexOf(path);
    return {
      name: shortened(path.name, LONGEST_NAME),
      colour: lineColour(byColour ? point : variant),
      dash: lineDash((byColour ? Math.floor(point / 8) : point + Math.floor(variant / 8)) + twinsBefore(paths, path)),
    };
  });
}

// A line that lies on another would hide it; with other dashes both are seen.
function twinsBefore(paths: readonly ComparedPath[], path: ComparedPath): number {
  const { meanPs, maxPs, minPs } = path.metric;
  return paths.slice(0, paths.indexOf(path)).filter(({ metric }) => metric.meanPs === meanPs && metric.maxPs === maxPs && metric.minPs === minPs).length;
}

function variantOf(path: ComparedPath): string {
  return `${path.result.scenario.id}/${path.run.variant}`;
}

/** A chart with a line for each path that has samples. */
export interface LinesChart extends Pick<NamedChart, "name" | "title" | "alt"> {
  readonly paths: readonly ComparedPath[];
  readonly looks: readonly SeriesLook[];
  readonly datasets: readonly object[];
  readonly scales: { readonly x: object; readonly y: object };
}

/** The chart of a distribution: lines without points, a legend of their looks, ends and source below the title. */
export function linesChart({ name, title, alt, paths, looks, datasets, scales }: LinesChart): NamedChart {
  const entries = looks.map((look) => ({ text: look.name, colour: look.colour, dash: look.dash }));
  const config = {
    type: "line",
    data: { datasets },
    options: {
      ...frameOptions(44), parsing: false, normalized: true,
      plugins: { ...head(title, linesSubtitle(paths)), legend: legend(entries), tooltip: { enabled: false } },
      scales,
    },
  };
  return chartOf({ name, title, alt, height: 470 + (looks.length > 1 ? legendHeight(looks.map((look) => look.name)) : 0) }, config);
}

/** The scale of an axis of latencies. */
export const latencyScale = (axis: TimeAxis): object => scaleOptions(axis, axis.type === "logarithmic" ? "latency (logarithmic)" : `latency${axis.unit}`);

/** What a line goes through, and where a step of a distribution of few values lies. */
interface LinePoints {
  readonly data: readonly unknown[];
  readonly stairs: "before" | "after";
}

/** The line of one path among `looks`; the first lies on top. */
export function lineOf(metric: MetricResult, looks: readonly SeriesLook[], index: number, { data, stairs }: LinePoints): object {
  const look = looks[index];
  return {
    label: look?.name ?? "", data, borderColor: look?.colour, borderDash: look?.dash, borderWidth: 2.25, pointRadius: 0, clip: 6, order: looks.length - index,
    stepped: hasStairs(metric) ? stairs : false,
  };
}

/** What lines of distributions show, before the ends and the source are named. */
function linesSubtitle(paths: readonly ComparedPath[]): string {
  if (paths.length === 0) return "No run has samples.";
  const only = paths.length === 1 ? `${paths[0]?.name}, ` : "";
  return `${only}${endsLine(paths)}. ${sourceLine(paths)}.`;
}

/** Whether the distribution has so few values that it must be drawn as the stairs it is, not as a curve through them. */
export function hasStairs(metric: MetricResult): boolean {
  return metric.cdf.length < 40;
}

/** At most `most` of the points, evenly spread, always with the first and the last: enough for the eye and for smooth lines. */
export function thinned<T>(points: readonly T[], most = 300): T[] {
  if (points.length <= most) return [...points];
  const step = (points.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, index) => points[Math.round(index * step)]).filter((point) => point !== undefined);
}

/** Where the data come from: each scenario with its seed, and its sweep point or what was swept. */
export function sourceLine(paths: readonly ComparedPath[]): string {
  const results = [...new Set(paths.map(({ result }) => result))];
  const sources = results.map((result) => {
    const runs = paths.filter((path) => path.result === result).map(({ run }) => run);
    const points = [...new Set(runs.map((run) => pointText(run.point)))];
    const axes = [...new Set(runs.flatMap((run) => Object.keys(run.point)))];
    const point = points.length > 1 ? `sweep of ${axes.join(", ")}` : (points[0] ?? "");
    return `${result.scenario.id} (seed ${result.seed}${point === "" ? "" : `, ${point}`})`;
  });
  return `Simulated: ${sources.join("; ")}`;
}

/** The ends between which the latency is taken, e.g. "gw.in@eof → gw.out@sof"; several where the paths differ. */
export function endsLine(paths: readonly ComparedPath[]): string {
  return [...new Set(paths.map(({ metric }) => `${metric.name}: ${metric.from} → ${metric.to}`))].join("; ");
}
