import { percentileOf, type ComparedPath } from "../result/index.js";
import { chartOf, frameOptions, head, type LegendEntry, legend, legendHeight, type NamedChart, scaleOptions } from "./frame.js";
import { lineColour, lineDash } from "./palette.js";
import { endsLine } from "./series.js";
import { timeAxis, timeLabel, type TimeAxis } from "./time-axis.js";

/** The statistics that are drawn, each with dashes and points of its own. */
const LINES = [{ name: "p50", q: 0.5, dash: 0, point: "rectRot" }, { name: "p99", q: 0.99, dash: 1, point: "triangle" }] as const;
const FACTORS: Readonly<Record<string, number>> = { "": 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12 };
const NUMBER = /^\s*([\d.]+)\s*([kMGT]?)([A-Za-z/%]*)\s*$/u;

interface Measured {
  readonly x: number;
  readonly path: ComparedPath;
}

/** An axis of a sweep whose values are numbers with a unit, e.g. ticks.rate; null when these runs have none. */
export function numericAxis(paths: readonly ComparedPath[]): string | null {
  const axes = [...new Set(paths.flatMap((path) => Object.keys(path.run.point)))];
  return axes.find((axis) => {
    const values = paths.map((path) => valueOf(path.run.point[axis] ?? ""));
    return values.every((value) => value !== null) && new Set(values).size >= 2;
  }) ?? null;
}

/** Latency against what was swept, usually the load: p50 and p99 of each variant, with a point for each run; where the curve bends, the knee is. */
export function loadChart(name: string, paths: readonly ComparedPath[], axis: string): NamedChart {
  const variants = [...new Set(paths.map((path) => path.run.variant))];
  const of = (variant: string): Measured[] => paths.filter((path) => path.run.variant === variant).map((path) => ({ x: valueOf(path.run.point[axis] ?? "") ?? NaN, path })).sort((one, other) => one.x - other.x);
  const lines = variants.flatMap((variant, index) => LINES.map((line) => ({
    label: `${variant}, ${line.name}`, borderColor: lineColour(index), backgroundColor: lineColour(index), borderDash: lineDash(line.dash), borderWidth: 2.25, pointStyle: line.point, pointRadius: 5, pointBorderWidth: 0, clip: 8,
    data: of(variant).flatMap(({ x, path }) => {
      const y = percentileOf(path.metric, line.q)?.ps ?? null;
      return y === null ? [] : [{ x, y }];
    }),
  }))).filter((line) => line.data.length > 0);
  const unit = NUMBER.exec(paths[0]?.run.point[axis] ?? "")?.[3] ?? "";
  const x = valueAxis(lines.flatMap((line) => line.data.map((point) => point.x)), unit);
  const y = timeAxis(lines.flatMap((line) => line.data.map((point) => point.y)));
  const entries = lines.map(({ label, borderColor, borderDash }): LegendEntry => ({ text: label, colour: borderColor, dash: borderDash }));
  const title = `Latency against ${axis}`;
  const config = {
    type: "line",
    data: { datasets: lines },
    options: {
      ...frameOptions(44), parsing: false,
      plugins: { ...head(title, `${endsLine(paths)}. Simulated: ${paths[0]?.result.scenario.id ?? ""} (seed ${paths[0]?.result.seed ?? 0}).`), legend: legend(entries), tooltip: { enabled: false } },
      scales: {
        x: scaleOptions(x, `${axis}${x.type === "logarithmic" ? " (logarithmic)" : ""}`),
        y: scaleOptions(y, y.type === "logarithmic" ? "latency (logarithmic)" : `latency${y.unit}`),
      },
    },
  };
  return chartOf({ name, title, alt: alt(axis, paths), height: 460 + legendHeight(entries.map((entry) => entry.text)) }, config);
}

function valueOf(text: string): number | null {
  const [, digits, factor] = NUMBER.exec(text) ?? [];
  const value = Number(digits) * (FACTORS[factor ?? ""] ?? NaN);
  return Number.isFinite(value) ? value : null;
}

function valueAxis(values: readonly number[], unit: string): Pick<TimeAxis, "type" | "min" | "max" | "ticks" | "label"> {
  const ticks = [...new Set(values)].sort((one, other) => one - other);
  const [min, max] = [ticks[0] ?? 0, ticks.at(-1) ?? 1];
  const label = (value: number): string => {
    const [prefix, factor] = Object.entries(FACTORS).findLast(([, one]) => Math.abs(value) >= one) ?? ["", 1];
    return `${Number((value / factor).toPrecision(4))} ${prefix}${unit}`.trim();
  };
  const wide = min > 0 && max / min >= 8;
  return { type: wide ? "logarithmic" : "linear", min, max, ticks: spaced(ticks, wide), label };
}

/** Ticks at the values that were run; of those that stand too close together only the first. */
function spaced(ticks: readonly number[], logarithmic: boolean): number[] {
  const place = (value: number): number => (logarithmic ? Math.log(value) : value);
  const span = place(ticks.at(-1) ?? 1) - place(ticks[0] ?? 0);
  const kept: number[] = [];
  for (const tick of ticks) if (kept.length === 0 || place(tick) - place(kept.at(-1) ?? 0) >= span / 12) kept.push(tick);
  return kept;
}

function alt(axis: string, paths: readonly ComparedPath[]): string {
  const parts = paths.map(({ run, metric }) => `${run.variant} at ${run.point[axis] ?? ""}: p50 ${timeLabel(percentileOf(metric, 0.5)?.ps ?? 0)}, p99 ${timeLabel(percentileOf(metric, 0.99)?.ps ?? 0)}`);
  return `Latency against ${axis}. ${parts.join("; ")}.`;
}
