import { breakdownOf, SEGMENT_KINDS, type Breakdown, type ComparedPath, type SegmentSum } from "../result/index.js";
import { barLabels } from "./bar-labels.js";
import { chartOf, clipped, font, frameOptions, head, legend, legendHeight, type NamedChart, scaleOptions, shortened } from "./frame.js";
import { INK, KIND_COLOURS } from "./palette.js";
import { endsLine, sourceLine } from "./series.js";
import { barAxis, timeLabel } from "./time-axis.js";

const MOST_STEPS = 30;
const LONGEST_LABEL = 44;

/** One line of the staircase: from when to when, in mean ps since the start of the latency. */
interface Stair {
  readonly label: string;
  readonly colour: string;
  readonly from: number;
  readonly to: number;
}

/**
 * One path step by step, as a staircase: each part of the median latency starts where the one before it ended. A negative part
 * (overlap) leads back. Of more than 30 steps the shortest are summed up where they stand, so that nothing is lost.
 */
export function stepsChart(name: string, path: ComparedPath): NamedChart {
  const band = breakdownOf(path.metric, "p50");
  const stairs = band === null ? [] : stairsOf(band);
  const reach = stairs.flatMap((stair) => [stair.from, stair.to]);
  const axis = barAxis(Math.min(0, ...reach), Math.max(0, ...reach));
  const kinds = SEGMENT_KINDS.filter((kind) => band?.segments.some((segment) => segment.kind === kind) === true);
  const title = `The path of ${shortened(path.name, 50)}, step by step`;
  const config = {
    type: "bar",
    data: {
      labels: stairs.map((stair) => stair.label),
      datasets: [{ data: stairs.map((stair) => [stair.from, stair.to]), backgroundColor: stairs.map((stair) => stair.colour), barPercentage: 0.82, categoryPercentage: 0.94, minBarLength: 2 }],
    },
    options: {
      ...frameOptions(30), indexAxis: "y",
      plugins: {
        ...head(title, band === null ? "The run has no breakdown." : `Messages around the median. ${endsLine([path])}. ${sourceLine([path])}.`),
        legend: legend(kinds.map((kind) => ({ text: kind, colour: KIND_COLOURS[kind] }))), tooltip: { enabled: false },
      },
      scales: {
        x: scaleOptions(axis, `mean time since the start${axis.unit}`),
        y: { grid: { display: false }, border: { color: INK.frame }, ticks: { color: INK.text, font: font(12), autoSkip: false } },
      },
    },
    plugins: [barLabels("durations", stairs.map(({ label, from, to }) => ({ text: timeLabel(to - from), bold: label === "total" })))],
  };
  const height = 180 + legendHeight(kinds) + 24 * Math.max(2, stairs.length);
  return chartOf({ name, title, alt: alt(path, band), height }, config);
}

function stairsOf(band: Breakdown): Stair[] {
  const stairs: Stair[] = [];
  let now = 0;
  for (const { label, colour, sumPs } of fewer(band.segments)) {
    const next = now + sumPs / band.messages;
    stairs.push({ label, colour, from: now, to: next });
    now = next;
  }
  return [...stairs, { label: "total", colour: INK.text, from: 0, to: band.totalPs / band.messages }];
}

interface Step {
  readonly label: string;
  readonly colour: string;
  readonly sumPs: number;
}

/** All steps, or the longest with those between them summed up in their place. */
function fewer(segments: readonly SegmentSum[]): Step[] {
  const bySize = [...segments].sort((a, b) => Math.abs(b.sumPs) - Math.abs(a.sumPs));
  // Between n kept steps there are at most n + 1 sums.
  const kept = new Set(segments.length <= MOST_STEPS ? segments : bySize.slice(0, MOST_STEPS / 2 - 1));
  const steps: Step[] = [];
  let rest = { count: 0, sumPs: 0 };
  const flush = (): void => {
    if (rest.count > 0) steps.push({ label: `${rest.count} short step${rest.count === 1 ? "" : "s"}`, colour: INK.frame, sumPs: rest.sumPs });
    rest = { count: 0, sumPs: 0 };
  };
  for (const segment of segments) {
    if (!kept.has(segment)) {
      rest = { count: rest.count + 1, sumPs: rest.sumPs + segment.sumPs };
      continue;
    }
    flush();
    steps.push({ label: clipped(`${segment.step} · ${segment.label}`, LONGEST_LABEL), colour: KIND_COLOURS[segment.kind], sumPs: segment.sumPs });
  }
  flush();
  return steps;
}

function alt(path: ComparedPath, band: Breakdown | null): string {
  if (band === null) return `${path.name} has no breakdown.`;
  const steps = band.segments.map((segment) => `${segment.step} ${segment.label} ${timeLabel(segment.sumPs / band.messages)}`);
  return `${path.name} takes ${timeLabel(band.totalPs / band.messages)} around the median: ${steps.join(", ")}.`;
}
