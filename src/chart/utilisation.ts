import type { ComparedPath, ResourceUse } from "../result/index.js";
import { barLabels } from "./bar-labels.js";
import { chartOf, font, frameOptions, head, legend, legendHeight, type NamedChart, scaleOptions, shortened } from "./frame.js";
import { INK } from "./palette.js";
import { sourceLine } from "./series.js";

const PERCENTS = [0, 20, 40, 60, 80, 100];
const MOST_PARTS = 24;
/** What processors do, in the order of the bars; what no processor says of itself is busy. */
const CATEGORIES = [
  { name: "user", colour: "#009E73" }, { name: "sys", colour: "#0072B2" }, { name: "copy", colour: "#D55E00" }, { name: "softirq", colour: "#CC79A7" },
  { name: "hardirq", colour: "#8E4A70" }, { name: "wake", colour: "#E69F00" }, { name: "poll-empty", colour: "#B7AC1E" }, { name: "busy", colour: "#56B4E9" },
] as const;

/** How busy every part of one run was, and what its processors did: the busiest first. */
export function utilisationChart(name: string, path: ComparedPath): NamedChart {
  const parts = [...path.run.resources].filter((one) => one.busy > 0 && one.kind !== "pool" && one.kind !== "batch").sort((one, other) => other.busy - one.busy).slice(0, MOST_PARTS);
  const shown = CATEGORIES.filter((category) => parts.some((part) => shareOf(part, category.name) > 0));
  const title = `What is busy in ${shortened(path.name, 50)}`;
  const datasets = shown.map((category) => ({
    label: category.name, data: parts.map((part) => shareOf(part, category.name) * 100), backgroundColor: category.colour, stack: "parts", barPercentage: 0.8, categoryPercentage: 0.92,
  }));
  const config = {
    type: "bar",
    data: { labels: parts.map((part) => shortened(part.name, 34)), datasets },
    options: {
      ...frameOptions(64), indexAxis: "y",
      plugins: {
        ...head(title, parts.length === 0 ? "Nothing was busy." : `Share of the simulated time, the busiest part first. ${sourceLine([path])}.`),
        legend: legend(shown.map(({ name: text, colour }) => ({ text, colour }))), tooltip: { enabled: false },
      },
      scales: {
        x: { ...scaleOptions({ type: "linear", min: 0, max: 100, ticks: PERCENTS, label: (value) => `${value} %` }, "share of the time, %"), stacked: true },
        y: { stacked: true, grid: { display: false }, border: { color: INK.frame }, ticks: { color: INK.text, font: font(12.5), autoSkip: false } },
      },
    },
    plugins: shown.length === 0 ? [] : [barLabels("shares", parts.map((part) => ({ text: shareText(part.busy) })), shown.length - 1)],
  };
  return chartOf({ name, title, alt: alt(path, parts), height: 180 + legendHeight(shown.map((one) => one.name)) + 30 * Math.max(2, parts.length) }, config);
}

/** The share of the time that a part spends so; a part without categories is busy or not. */
function shareOf(part: ResourceUse, category: string): number {
  const known = part.categories[category] ?? 0;
  if (category !== "busy") return known;
  const named = CATEGORIES.reduce((sum, one) => sum + (one.name === "busy" ? 0 : part.categories[one.name] ?? 0), 0);
  return Math.max(0, Math.min(1, part.busy) - named);
}

/** A share in %, with two digits where it is small: what is hardly busy is not idle. */
function shareText(share: number): string {
  return `${share < 0.01 ? Number((share * 100).toPrecision(2)) : (share * 100).toFixed(1)} %`;
}

function alt(path: ComparedPath, parts: readonly ResourceUse[]): string {
  return `Use of the parts of ${path.name}: ${parts.slice(0, 8).map((part) => `${part.name} ${shareText(part.busy)}`).join(", ") || "none"}.`;
}
