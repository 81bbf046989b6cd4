import { percentileOf, type ComparedPath, type TheoryCurve } from "../result/index.js";
import type { NamedChart } from "./frame.js";
import { lineDash } from "./palette.js";
import { endsLine, latencyScale } from "./series.js";
import { valueOf } from "./swept-axis.js";
import { SWEPT_LINES, sweptChart, sweptLook, type SweptLine } from "./swept-chart.js";
import { timeAxis, timeLabel } from "./time-axis.js";

/**
 * Latency against what was swept, usually the load: p50 and p99 of each design, with a point for each run; where the curve bends, the knee is.
 * Where theory knows the mean, its curve and the means that were simulated.
 */
export function loadChart(name: string, paths: readonly ComparedPath[], axis: string): NamedChart {
  const designs = [...new Set(paths.map((path) => path.design))];
  const lines = designs.flatMap((design, index) => designLines(paths.filter((path) => path.design === design), axis, index)).filter((line) => line.data.length > 0);
  return sweptChart({
    name, title: `Latency against ${axis}`, alt: alt(axis, paths), axis, lines,
    subtitle: `${endsLine(paths)}. Simulated: ${[...new Set(paths.map(({ result }) => `${result.scenario.id} (seed ${result.seed})`))].join("; ")}.`,
    values: paths.map((path) => valueOf(path.run.point[axis] ?? "") ?? NaN), written: paths[0]?.run.point[axis] ?? "",
    y: latencyScale(timeAxis(lines.flatMap((line) => line.data.map((point) => point.y)))),
  });
}

type Line = SweptLine<{ readonly x: number; readonly y: number }>;

function designLines(paths: readonly ComparedPath[], axis: string, index: number): Line[] {
  const runs = paths.map((path) => ({ x: valueOf(path.run.point[axis] ?? "") ?? NaN, path })).sort((one, other) => one.x - other.x);
  const look = (label: string, dash: number[] | null, point: string): Omit<Line, "data"> => sweptLook(`${paths[0]?.design ?? ""}, ${label}`, index, dash, point);
  const percentiles = SWEPT_LINES.map(({ name, q, dash, point }): Line => ({
    ...look(name, lineDash(dash), point),
    data: runs.flatMap(({ x, path }) => {
      const y = percentileOf(path.metric, q)?.ps ?? null;
      return y === null ? [] : [{ x, y }];
    }),
  }));
  const curve = curveOf(paths, axis);
  if (curve === null) return percentiles;
  return [
    ...percentiles,
    { ...look("mean", null, "rect"), showLine: false, data: runs.filter(({ path }) => path.metric.count > 0).map(({ x, path }) => ({ x, y: path.metric.meanPs })) },
    {
      ...look(`${curve.law} mean (Pollaczek–Khinchine), simulated as squares`, lineDash(3), "line"), borderWidth: 1.75, pointRadius: 0,
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
