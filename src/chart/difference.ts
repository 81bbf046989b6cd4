import { confidenceText, SEGMENT_KINDS, type BandChange, type Difference, type PartChange, type SegmentKind } from "../result/index.js";
import { barLabels } from "./bar-labels.js";
import { chartOf, clipped, font, frameOptions, head, legend, legendHeight, type NamedChart, scaleOptions } from "./frame.js";
import { INK, KIND_COLOURS } from "./palette.js";
import { barAxis, timeLabel } from "./time-axis.js";

const MOST_PARTS = 14;
const LONGEST_LABEL = 46;

/** A step of the staircase from one mean to the other. */
interface Stair {
  readonly label: string;
  /** Null for both ends, and for what many small changes come to. */
  readonly kind: SegmentKind | null;
  readonly end: boolean;
  readonly from: number;
  readonly to: number;
}

/**
 * The waterfall of a difference: it begins with the mean of the baseline, each step takes away or adds what changes in one place, in the
 * order of the path, and it ends with the mean of the other. Of more than 14 changes the smallest are one step.
 */
export function differenceChart(name: string, difference: Difference): NamedChart {
  const band = difference.bands.find((one) => one.band === "all");
  const stairs = band === undefined ? [] : stairsOf(band, difference);
  const reach = stairs.flatMap((stair) => [stair.from, stair.to]);
  const axis = barAxis(Math.min(0, ...reach), Math.max(0, ...reach));
  const kinds = SEGMENT_KINDS.filter((kind) => stairs.some((stair) => stair.kind === kind));
  const title = `From ${difference.baseline} to ${difference.name}`;
  const config = {
    type: "bar",
    data: {
      labels: stairs.map((stair) => stair.label),
      datasets: [{ data: stairs.map((stair) => [stair.from, stair.to]), backgroundColor: stairs.map(({ kind, end }) => (end ? INK.text : kind === null ? INK.frame : KIND_COLOURS[kind])), barPercentage: 0.82, categoryPercentage: 0.94, minBarLength: 2 }],
    },
    options: {
      ...frameOptions(30), indexAxis: "y",
      plugins: {
        ...head(title, band === undefined ? "One of them has no breakdown." : `Mean latency, and what changes it, step by step. ${verdict(difference)}`),
        legend: legend(kinds.map((kind) => ({ text: kind, colour: KIND_COLOURS[kind] }))), tooltip: { enabled: false },
      },
      scales: {
        x: scaleOptions(axis, `mean latency${axis.unit}`),
        y: { grid: { display: false }, border: { color: INK.frame }, ticks: { color: INK.text, font: font(12), autoSkip: false } },
      },
    },
    plugins: [barLabels("differenceLabels", stairs.map(labelOfStair))],
  };
  return chartOf({ name, title, alt: alt(difference, stairs), height: 190 + legendHeight(kinds) + 27 * Math.max(2, stairs.length) }, config);
}

function verdict({ mean, confidence }: Difference): string {
  if (mean.lowPs === null || mean.highPs === null) return "Too short for an interval.";
  const interval = `${confidenceText([{ confidence }])} interval ${timeLabel(mean.lowPs)} to ${timeLabel(mean.highPs)}`;
  return mean.distinct === true ? `Difference ${timeLabel(mean.deltaPs)}, ${interval}.` : `Not to be told from chance: ${interval}.`;
}

function stairsOf(band: BandChange, { baseline, name }: Difference): Stair[] {
  const changed = band.parts.filter((part) => part.deltaPs !== 0);
  const bySize = [...changed].sort((one, other) => Math.abs(other.deltaPs) - Math.abs(one.deltaPs));
  const chosen = new Set(bySize.slice(0, changed.length <= MOST_PARTS + 1 ? changed.length : MOST_PARTS));
  const rest = changed.filter((part) => !chosen.has(part));
  let at = band.fromPs;
  const step = (label: string, kind: SegmentKind | null, delta: number): Stair => {
    const stair = { label: clipped(label, LONGEST_LABEL), kind, end: false, from: at, to: at + delta };
    at += delta;
    return stair;
  };
  return [
    { label: baseline, kind: null, end: true, from: 0, to: band.fromPs },
    ...changed.filter((part) => chosen.has(part)).map((part) => step(labelOf(part), part.kind, part.deltaPs)),
    ...(rest.length === 0 ? [] : [step(`${rest.length} more`, null, rest.reduce((sum, part) => sum + part.deltaPs, 0))]),
    { label: name, kind: null, end: true, from: 0, to: band.toPs },
  ];
}

const labelOf = ({ step, label }: PartChange): string => `${step}: ${label}`;

/** The change beside its step, and the mean beside both ends. */
function labelOfStair({ end, from, to }: Stair): { readonly text: string; readonly bold: boolean } {
  const time = timeLabel(to - from);
  return { text: !end && to > from ? `+${time}` : time, bold: end };
}

function alt(difference: Difference, stairs: readonly Stair[]): string {
  const steps = stairs.filter((stair) => !stair.end).sort((one, other) => Math.abs(other.to - other.from) - Math.abs(one.to - one.from)).slice(0, 5);
  const parts = steps.map((stair) => `${stair.label} ${timeLabel(stair.to - stair.from)}`);
  return `Mean latency goes from ${timeLabel(difference.mean.fromPs)} (${difference.baseline}) to ${timeLabel(difference.mean.toPs)} (${difference.name}); the largest changes: ${parts.join(", ") || "none"}.`;
}
