import type { ComparedPath } from "../result/index.js";
import { type NamedChart, scaleOptions } from "./frame.js";
import { latencyScale, lineOf, linesChart, looksOf, thinned } from "./series.js";
import { timeAxis, timeLabel } from "./time-axis.js";

/**
 * The complementary distribution, paths overlaid: the share of messages that needed longer, on a logarithmic axis, so that each decade
 * of the tail has the same room. The largest sample has nothing beyond it and ends the line at half a message.
 */
export function ccdfChart(name: string, paths: readonly ComparedPath[]): NamedChart {
  const shown = paths.filter(({ metric }) => metric.cdf.length > 0);
  const looks = looksOf(shown);
  const axis = timeAxis(shown.flatMap(({ metric }) => metric.cdf.map((point) => point.ps)));
  const title = "How many messages take longer";
  const datasets = shown.map(({ metric }, index) => lineOf(metric, looks, index, {
    stairs: "before",
    data: [{ x: metric.cdf[0]?.ps ?? 0, y: 100 }, ...thinned(metric.cdf, 299).map(({ ps, q }) => ({ x: ps, y: 100 * Math.max(1 - q, 0.5 / metric.count) }))],
  }));
  const most = shown.reduce((count, { metric }) => Math.max(count, metric.count), 10);
  const decades = Math.ceil(Math.log10(2 * most));
  const ticks = Array.from({ length: decades + 1 }, (_, index) => 100 / 10 ** index);
  const scales = {
    x: latencyScale(axis),
    y: scaleOptions({ type: "logarithmic", min: 100 / 10 ** decades, max: 100, ticks, label: (value) => `${Number(value.toPrecision(3))} %` }, "messages later than that (logarithmic)"),
  };
  return linesChart({ name, title, alt: alt(shown), paths: shown, looks, datasets, scales });
}

function alt(paths: readonly ComparedPath[]): string {
  const parts = paths.map(({ name, metric }) => {
    const tail = metric.percentiles.filter((one) => one.ps !== null).at(-1);
    return `${name}: ${tail === undefined ? "no tail" : `${Number(((1 - tail.q) * 100).toPrecision(3))} % take longer than ${timeLabel(tail.ps ?? 0)}`}`;
  });
  return `Complementary distribution of latency. ${parts.join("; ") || "No samples"}.`;
}
