import type { CdfPoint, ComparedPath } from "../result/index.js";
import { chartOf, frameOptions, head, type NamedChart, scaleOptions } from "./frame.js";
import { lineColour } from "./palette.js";
import { endsLine, hasStairs, sourceLine } from "./series.js";
import { timeAxis, timeLabel, type TimeAxis } from "./time-axis.js";

const BINS = 48;

interface Bin {
  readonly from: number;
  readonly to: number;
  readonly share: number;
}

/** How the latencies of one path are spread: 48 bins of equal width on the axis, which is logarithmic where they span a lot. */
export function histogramChart(name: string, path: ComparedPath): NamedChart {
  const { cdf } = path.metric;
  const axis = timeAxis(cdf.map((point) => point.ps));
  const bins = cdf.length === 0 ? [] : binsOf({ cdf, stairs: hasStairs(path.metric) }, axis);
  const most = Math.max(0.01, ...bins.map((bin) => bin.share));
  const step = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20].find((one) => one >= (most * 100) / 6) ?? 20;
  const top = Math.ceil((most * 100) / step) * step;
  const title = `How the latencies of ${path.name} are spread`;
  const config = {
    type: "line",
    data: { datasets: [{ data: outline(bins), borderColor: lineColour(0), backgroundColor: `${lineColour(0)}55`, borderWidth: 1.5, pointRadius: 0, fill: "origin", stepped: "after", clip: 6 }] },
    options: {
      ...frameOptions(44), parsing: false, normalized: true,
      plugins: { ...head(title, cdf.length === 0 ? "The run has no samples." : `${endsLine([path])}. ${sourceLine([path])}.`), legend: { display: false }, tooltip: { enabled: false } },
      scales: {
        x: scaleOptions(axis, axis.type === "logarithmic" ? "latency (logarithmic)" : `latency${axis.unit}`),
        y: scaleOptions({ type: "linear", min: 0, max: top, ticks: Array.from({ length: Math.round(top / step) + 1 }, (_, index) => index * step), label: (value) => `${Number(value.toFixed(1))} %` }, "messages in each bin"),
      },
    },
  };
  return chartOf({ name, title, alt: alt(path, bins), height: 430 }, config);
}

interface Spread {
  readonly cdf: readonly CdfPoint[];
  /** There are so few values that nothing lies between them. */
  readonly stairs: boolean;
}

function binsOf(spread: Spread, axis: TimeAxis): Bin[] {
  const edge = (index: number): number => (axis.type === "logarithmic" ? axis.min * (axis.max / axis.min) ** (index / BINS) : axis.min + ((axis.max - axis.min) * index) / BINS);
  const edges = Array.from({ length: BINS + 1 }, (_, index) => edge(index));
  return edges.slice(1).map((to, index) => ({ from: edges[index] ?? 0, to, share: shareBelow(spread, to) - (index === 0 ? 0 : shareBelow(spread, edges[index] ?? 0)) }));
}

/** The share of messages not above `ps`: of few values as it is, else between two points in proportion. */
function shareBelow({ cdf, stairs }: Spread, ps: number): number {
  const above = cdf.findIndex((point) => point.ps > ps);
  const before = cdf[above - 1];
  const next = cdf[above];
  if (above < 0 || next === undefined) return 1;
  if (before === undefined) return 0;
  if (stairs) return before.q;
  return before.q + ((next.q - before.q) * (ps - before.ps)) / (next.ps - before.ps);
}

function outline(bins: readonly Bin[]): { x: number; y: number }[] {
  const last = bins.at(-1);
  return [...bins.map(({ from, share }) => ({ x: from, y: share * 100 })), ...(last === undefined ? [] : [{ x: last.to, y: 0 }])];
}

function alt(path: ComparedPath, bins: readonly Bin[]): string {
  const fullest = bins.reduce<Bin | null>((best, bin) => (best === null || bin.share > best.share ? bin : best), null);
  if (fullest === null) return `${path.name} has no samples.`;
  return `Histogram of latency of ${path.name}: most messages, ${(fullest.share * 100).toFixed(1)} %, take ${timeLabel(fullest.from)} to ${timeLabel(fullest.to)}; all lie between ${timeLabel(path.metric.minPs)} and ${timeLabel(path.metric.maxPs)}.`;
}
