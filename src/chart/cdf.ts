import type { ComparedPath } from "../result/index.js";
import { type NamedChart, scaleOptions } from "./frame.js";
import { latencyScale, lineOf, linesChart, looksOf, thinned } from "./series.js";
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
  const datasets = shown.map(({ metric }, index) => lineOf(metric, looks, index, {
    stairs: "before",
    // The distribution starts at zero, at the smallest sample: without that point a constant latency would leave no line at all.
    data: [{ x: metric.cdf[0]?.ps ?? 0, y: 0 }, ...thinned(metric.cdf, 299).map((point) => ({ x: point.ps, y: point.q * 100 }))],
  }));
  const scales = {
    x: latencyScale(axis),
    y: scaleOptions({ type: "linear", min: 0, max: 100, ticks: PERCENTS, label: (value) => `${value} %` }, "messages at most that late"),
  };
  return linesChart({ name, title, alt: alt(shown), paths: shown, looks, datasets, scales });
}

function alt(paths: readonly ComparedPath[]): string {
  const parts = paths.map(({ name, metric }) => `${name} from ${timeLabel(metric.minPs)} to ${timeLabel(metric.maxPs)}`);
  return `Cumulative distribution of latency: ${parts.join("; ") || "no samples"}.`;
}
