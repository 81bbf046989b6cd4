import type { ComparedPath, MetricResult } from "../result/index.js";
import { type NamedChart, scaleOptions } from "./frame.js";
import { hasStairs, latencyScale, lineOf, linesChart, looksOf, thinned } from "./series.js";
import { timeAxis, timeLabel, type TimeAxis } from "./time-axis.js";

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A point is believed while so many samples lie beyond it. */
const BELIEVED = 10;
const DOTTED = [1.5, 5];

/**
 * Latency against percentile, the axis stretched towards the tail: x = 1 / (1 − q), logarithmic, as HdrHistogram plots it.
 * Dotted where fewer than ten samples lie beyond, because there one stray message moves the line.
 */
export function percentileChart(name: string, paths: readonly ComparedPath[]): NamedChart {
  const shown = paths.filter(({ metric }) => metric.cdf.length > 0);
  const looks = looksOf(shown);
  const curves = shown.map(({ metric }) => curveOf(metric));
  const axis = timeAxis(curves.flatMap((curve) => curve.map((point) => point.y)));
  const title = "Latency by percentile";
  const datasets = shown.map(({ metric }, index) => ({
    ...lineOf(metric, looks, index, { data: curves[index] ?? [], stairs: "after" }),
    segment: { borderDash: ({ p1DataIndex }: { p1DataIndex: number }) => ((curves[index]?.[p1DataIndex]?.x ?? 0) > metric.count / BELIEVED ? DOTTED : undefined) },
  }));
  const scales = {
    x: scaleOptions(percentileAxis(shown), "percentile (dotted: fewer than 10 samples beyond)"),
    y: latencyScale(axis),
  };
  return linesChart({ name, title, alt: alt(shown), paths: shown, looks, datasets, scales });
}

/** The distribution as points of the plot; the largest of n samples, which has nothing beyond, stands for the quantile 1 − 1/2n. */
function curveOf(metric: MetricResult): Point[] {
  const points = metric.cdf.map(({ q, ps }) => ({ x: q >= 1 ? 2 * metric.count : 1 / (1 - q), y: ps }));
  const curve = thinned(points, 298);
  // A long stair is split where the samples beyond become few, so that only the rest of it is dotted.
  const limit = metric.count / BELIEVED;
  const beyond = curve.findIndex((point) => point.x > limit);
  const split = beyond < 0 || limit <= 1 ? [] : [{ x: limit, y: curve[beyond]?.y ?? 0 }];
  const stairs = hasStairs(metric) ? [...curve.slice(0, Math.max(beyond, 0)), ...split, ...curve.slice(Math.max(beyond, 0))] : curve;
  return [{ x: 1, y: curve[0]?.y ?? 0 }, ...stairs];
}

function percentileAxis(paths: readonly ComparedPath[]): TimeAxis {
  const most = paths.reduce((count, { metric }) => Math.max(count, metric.count), 50);
  const decades = Math.floor(Math.log10(2 * most) + 1e-9);
  const ticks = [1, 2, ...Array.from({ length: decades }, (_, index) => 10 ** (index + 1))];
  return { type: "logarithmic", min: 1, max: 2 * most, ticks, unit: "", label: (x) => `${Number((100 * (1 - 1 / x)).toFixed(Math.max(0, Math.log10(x) - 1)))} %` };
}

function alt(paths: readonly ComparedPath[]): string {
  const parts = paths.map(({ name, metric }) => {
    const points = metric.percentiles.filter((one) => one.ps !== null).map((one) => `p${Number((one.q * 100).toFixed(6))} ${timeLabel(one.ps ?? 0)}`);
    return `${name}: ${points.join(", ")}`;
  });
  return `Latency by percentile. ${parts.join("; ") || "No samples"}.`;
}
