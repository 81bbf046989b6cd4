import { percentileOf, type ComparedPath } from "../result/index.js";
import { chartOf, frameOptions, head, type LegendEntry, legend, legendHeight, type NamedChart, scaleOptions } from "./frame.js";
import { lineColour, lineDash } from "./palette.js";
import { endsLine } from "./series.js";
import { valueAxis, valueOf } from "./swept-axis.js";
import { timeAxis, timeLabel } from "./time-axis.js";

/** The statistics that are drawn, each with dashes and points of its own. */
const LINES = [{ name: "p50", q: 0.5, dash: 0, point: "rectRot" }, { name: "p99", q: 0.99, dash: 1, point: "triangle" }] as const;

interface Measured {
  readonly x: number;
  readonly path: ComparedPath;
}

/** Latency against what was swept, usually the load: p50 and p99 of each design, with a point for each run; where the curve bends, the knee is. */
export function loadChart(name: string, paths: readonly ComparedPath[], axis: string): NamedChart {
  const designs = [...new Set(paths.map((path) => path.design))];
  const of = (design: string): Measured[] => paths.filter((path) => path.design === design).map((path) => ({ x: valueOf(path.run.point[axis] ?? "") ?? NaN, path })).sort((one, other) => one.x - other.x);
  const lines = designs.flatMap((design, index) => LINES.map((line) => ({
    label: `${design}, ${line.name}`, borderColor: lineColour(index), backgroundColor: lineColour(index), borderDash: lineDash(line.dash), borderWidth: 2.25, pointStyle: line.point, pointRadius: 5, pointBorderWidth: 0, clip: 8,
    data: of(design).flatMap(({ x, path }) => {
      const y = percentileOf(path.metric, line.q)?.ps ?? null;
      return y === null ? [] : [{ x, y }];
    }),
  }))).filter((line) => line.data.length > 0);
  const x = valueAxis(lines.flatMap((line) => line.data.map((point) => point.x)), paths[0]?.run.point[axis] ?? "");
  const y = timeAxis(lines.flatMap((line) => line.data.map((point) => point.y)));
  const entries = lines.map(({ label, borderColor, borderDash }): LegendEntry => ({ text: label, colour: borderColor, dash: borderDash }));
  const title = `Latency against ${axis}`;
  const config = {
    type: "line",
    data: { datasets: lines },
    options: {
      ...frameOptions(44), parsing: false,
      plugins: { ...head(title, `${endsLine(paths)}. Simulated: ${[...new Set(paths.map(({ result }) => `${result.scenario.id} (seed ${result.seed})`))].join("; ")}.`), legend: legend(entries), tooltip: { enabled: false } },
      scales: {
        x: scaleOptions(x, `${axis}${x.type === "logarithmic" ? " (logarithmic)" : ""}`),
        y: scaleOptions(y, y.type === "logarithmic" ? "latency (logarithmic)" : `latency${y.unit}`),
      },
    },
  };
  return chartOf({ name, title, alt: alt(axis, paths), height: 460 + legendHeight(entries.map((entry) => entry.text)) }, config);
}

function alt(axis: string, paths: readonly ComparedPath[]): string {
  const parts = paths.map(({ design, run, metric }) => `${design} at ${run.point[axis] ?? ""}: p50 ${timeLabel(percentileOf(metric, 0.5)?.ps ?? 0)}, p99 ${timeLabel(percentileOf(metric, 0.99)?.ps ?? 0)}`);
  return `Latency against ${axis}. ${parts.join("; ")}.`;
}
