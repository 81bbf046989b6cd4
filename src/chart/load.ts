import { percentileOf, type ComparedPath, type TheoryCurve } from "../result/index.js";
import { chartOf, frameOptions, head, type LegendEntry, legend, legendHeight, type NamedChart, scaleOptions } from "./frame.js";
import { lineColour, lineDash } from "./palette.js";
import { endsLine, latencyScale } from "./series.js";
import { valueAxis, valueOf } from "./swept-axis.js";
import { timeAxis, timeLabel } from "./time-axis.js";

/** The statistics that are drawn, each with dashes and points of its own. */
const LINES = [{ name: "p50", q: 0.5, dash: 0, point: "rectRot" }, { name: "p99", q: 0.99, dash: 1, point: "triangle" }] as const;

interface Measured {
  readonly x: number;
  readonly path: ComparedPath;
}

/**
 * Latency against what was swept, usually the load: p50 and p99 of each design, with a point for each run; where the curve bends, the knee is.
 * Where theory knows the mean, its curve and the means that were simulated.
 */
export function loadChart(name: string, paths: readonly ComparedPath[], axis: string): NamedChart {
  const designs = [...new Set(paths.map((path) => path.design))];
  const lines = designs.flatMap((design, index) => designLines(paths.filter((path) => path.design === design), axis, lineColour(index))).filter((line) => line.data.length > 0);
  const x = valueAxis(paths.map((path) => valueOf(path.run.point[axis] ?? "") ?? NaN), paths[0]?.run.point[axis] ?? "");
  const y = timeAxis(lines.flatMap((line) => line.data.map((point) => point.y)));
  const entries = lines.flatMap(({ label, borderColor, borderDash }): LegendEntry[] => (borderDash === null ? [] : [{ text: label, colour: borderColor, dash: borderDash }]));
  const title = `Latency against ${axis}`;
  const config = {
    type: "line",
    data: { datasets: lines },
    options: {
      ...frameOptions(44), parsing: false,
      plugins: { ...head(title, `${endsLine(paths)}. Simulated: ${[...new Set(paths.map(({ result }) => `${result.scenario.id} (seed ${result.seed})`))].join("; ")}.`), legend: legend(entries), tooltip: { enabled: false } },
      scales: {
        x: scaleOptions(x, `${axis}${x.type === "logarithmic" ? " (logarithmic)" : ""}`),
        y: latencyScale(y),
      },
    },
  };
  return chartOf({ name, title, alt: alt(axis, paths), height: 460 + legendHeight(entries.map((entry) => entry.text)) }, config);
}

/** A data set of Chart.js. */
interface Line {
  readonly label: string;
  readonly borderColor: string;
  readonly backgroundColor: string;
  /** null for points without a line, which the legend tells of beside the line that they belong to. */
  readonly borderDash: number[] | null;
  readonly borderWidth: number;
  readonly pointStyle: string;
  readonly pointRadius: number;
  readonly pointBorderWidth: number;
  readonly clip: number;
  readonly showLine?: false;
  readonly data: readonly { readonly x: number; readonly y: number }[];
}

function designLines(paths: readonly ComparedPath[], axis: string, colour: string): Line[] {
  const runs = paths.map((path): Measured => ({ x: valueOf(path.run.point[axis] ?? "") ?? NaN, path })).sort((one, other) => one.x - other.x);
  const line = (label: string, dash: number[] | null, pointStyle: string): Omit<Line, "data"> => ({
    label: `${paths[0]?.design ?? ""}, ${label}`, borderColor: colour, backgroundColor: colour, borderDash: dash, borderWidth: 2.25, pointStyle, pointRadius: 5, pointBorderWidth: 0, clip: 8,
  });
  const percentiles = LINES.map(({ name, q, dash, point }): Line => ({
    ...line(name, lineDash(dash), point),
    data: runs.flatMap(({ x, path }) => {
      const y = percentileOf(path.metric, q)?.ps ?? null;
      return y === null ? [] : [{ x, y }];
    }),
  }));
  const curve = curveOf(paths, axis);
  if (curve === null) return percentiles;
  return [
    ...percentiles,
    { ...line("mean", null, "rect"), showLine: false, data: runs.filter(({ path }) => path.metric.count > 0).map(({ x, path }) => ({ x, y: path.metric.meanPs })) },
    {
      ...line(`${curve.law} mean (Pollaczek–Khinchine), simulated as squares`, lineDash(3), "line"), borderWidth: 1.75, pointRadius: 0,
      data: curve.points.map(({ perSecond, meanPs }) => ({ x: perSecond, y: meanPs })),
    },
  ];
}

/** What theory says of these runs of one design; null where it says nothing. */
function curveOf([first]: readonly ComparedPath[], axis: string): TheoryCurve | null {
  return first?.result.theory.find((one) => one.variant === first.run.variant && one.axis === axis && one.metric === first.metric.name && one.points.length > 0) ?? null;
}

function alt(axis: string, paths: readonly ComparedPath[]): string {
  const parts = paths.map(({ design, run, metric }) => `${design} at ${run.point[axis] ?? ""}: p50 ${timeLabel(percentileOf(metric, 0.5)?.ps ?? 0)}, p99 ${timeLabel(percentileOf(metric, 0.99)?.ps ?? 0)}`);
  const curves = [...new Set(paths.map(({ design }) => design))].map((design) => ({ design, curve: curveOf(paths.filter((path) => path.design === design), axis) }));
  const told = curves.flatMap(({ design, curve }) => (curve === null ? [] : [` The mean of ${design} follows ${curve.law}: ${curve.because}.`]));
  return `Latency against ${axis}. ${parts.join("; ")}.${told.join("")}`;
}
