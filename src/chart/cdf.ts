import type { ComparedPath } from "../result/index.js";
import { chartOf, frameOptions, head, type NamedChart, scaleOptions } from "./frame.js";
import { endsLine, hasStairs, heightWith, legendOf, looksOf, sourceLine, thinned } from "./series.js";
import { timeAxis, timeLabel } from "./time-axis.js";

const PERCENTS = [0, 20, 40, 60, 80, 100];

/**
 * The cumulative distribution of latency, paths overlaid: the share of messages that needed at most so long.
 * The axis of time is logarithmic, or linear where a latency is at or below zero or all lie close together (see `timeAxis`).
 */
export function cdfChart(name: string, paths: readonly ComparedPath[]): NamedChart {
  const shown = paths.filter(({ metric }) => metric.cdf.length > 0);
  const looks = looksOf(shown);
  const axis = timeAxis(shown.flatMap(({ metric }) => metric.cdf.map((point) => point.ps)));
  const title = "How many messages arrive within a given latency";
  const datasets = shown.map(({ metric }, index) => ({
    label: looks[index]?.name ?? "",
    // The distribution starts at zero, at the smallest sample: without that point a constant latency would leave no line at all.
    data: [{ x: metric.cdf[0]?.ps ?? 0, y: 0 }, ...thinned(metric.cdf, 299).map((point) => ({ x: point.ps, y: point.q * 100 }))],
    borderColor: looks[index]?.colour, borderDash: looks[index]?.dash, borderWidth: 2.25, pointRadius: 0, clip: 6, order: shown.length - index,
    stepped: hasStairs(metric) ? "before" : false,
  }));
  const config = {
    type: "line",
    data: { datasets },
    options: {
      ...frameOptions(44), parsing: false, normalized: true,
      plugins: { ...head(title, subtitle(shown)), legend: legendOf(looks), tooltip: { enabled: false } },
      scales: {
        x: scaleOptions(axis, axis.type === "logarithmic" ? "latency (logarithmic)" : `latency${axis.unit}`),
        y: scaleOptions({ type: "linear", min: 0, max: 100, ticks: PERCENTS, label: (value) => `${value} %` }, "messages at most that late"),
      },
    },
  };
  return chartOf({ name, title, alt: alt(shown), height: heightWith(looks) }, config);
}

function subtitle(paths: readonly ComparedPath[]): string {
  if (paths.length === 0) return "No run has samples.";
  const only = paths.length === 1 ? `${paths[0]?.name}, ` : "";
  return `${only}${endsLine(paths)}. ${sourceLine(paths)}.`;
}

function alt(paths: readonly ComparedPath[]): string {
  const parts = paths.map(({ name, metric }) => `${name} from ${timeLabel(metric.minPs)} to ${timeLabel(metric.maxPs)}`);
  return `Cumulative distribution of latency: ${parts.join("; ") || "no samples"}.`;
}
