import { SEGMENT_KINDS, type Journey, type JourneyPiece } from "../result/index.js";
import { barLabels } from "./bar-labels.js";
import { chartOf, clipped, font, frameOptions, head, legend, legendHeight, type NamedChart, scaleOptions } from "./frame.js";
import { INK, KIND_COLOURS } from "./palette.js";
import { barAxis, timeLabel } from "./time-axis.js";

const LONGEST_LABEL = 44;
const LEAST_ROOM = 0.17;

/** Widths in pixels: of a letter of a label, and of the plot beside the longest names of steps. */
const LETTER = 6.4;
const PLOT = 560;

/** What the chart shows of a message. */
export type TimelineMessage = Pick<Journey, "message" | "source" | "metric" | "from" | "to" | "latencyPs" | "pieces">;

/** What happened to one message: a bar for each piece of its latency, from when to when, with the message that it waited for. */
export function timelineChart(name: string, journey: TimelineMessage): NamedChart {
  const { pieces } = journey;
  const ends = pieces.flatMap((piece) => [piece.atPs, piece.atPs + piece.ps]);
  const labels = pieces.map(({ ps, waitedFor }) => `${timeLabel(ps)}${waitedFor === null ? "" : `, waited for message ${waitedFor}`}`);
  const axis = barAxis(Math.min(0, ...ends), Math.max(0, ...ends), roomFor(pieces, labels));
  const kinds = SEGMENT_KINDS.filter((kind) => pieces.some((piece) => piece.kind === kind));
  const title = `Message ${journey.message} of ${journey.source}: ${timeLabel(journey.latencyPs)}`;
  const config = {
    type: "bar",
    data: {
      labels: pieces.map((piece) => clipped(`${piece.step}: ${piece.label}`, LONGEST_LABEL)),
      datasets: [{ data: pieces.map((piece) => [piece.atPs, piece.atPs + piece.ps]), backgroundColor: pieces.map((piece) => KIND_COLOURS[piece.kind]), barPercentage: 0.82, categoryPercentage: 0.94, minBarLength: 2 }],
    },
    options: {
      ...frameOptions(30), indexAxis: "y",
      plugins: {
        ...head(title, `${journey.metric}: ${journey.from} → ${journey.to}, piece by piece.`),
        legend: legend(kinds.map((kind) => ({ text: kind, colour: KIND_COLOURS[kind] }))), tooltip: { enabled: false },
      },
      scales: {
        x: scaleOptions(axis, `time since the start${axis.unit}`),
        y: { grid: { display: false }, border: { color: INK.frame }, ticks: { color: INK.text, font: font(12), autoSkip: false } },
      },
    },
    plugins: [barLabels("timelineLabels", labels.map((text) => ({ text })))],
  };
  return chartOf({ name, title, alt: alt(journey), height: 190 + legendHeight(kinds) + 24 * Math.max(2, pieces.length) }, config);
}

/** The room behind the last end, as a share of the time, that lets every label end before the picture does. */
function roomFor(pieces: readonly JourneyPiece[], labels: readonly string[]): number {
  const ends = pieces.map((piece) => Math.max(piece.atPs, piece.atPs + piece.ps));
  const [first, last] = [Math.min(0, ...pieces.map((piece) => piece.atPs)), Math.max(1, ...ends)];
  // A label takes this share of the plot; its bar must end before the rest of it.
  const needed = ends.map((end, index) => (end - first) / (1 - Math.min(0.6, ((labels[index]?.length ?? 0) * LETTER + 10) / PLOT)));
  return Math.max(LEAST_ROOM, Math.max(...needed, 0) / (last - first) - 1);
}

function alt({ message, latencyPs, pieces }: TimelineMessage): string {
  const longest = [...pieces].sort((one, other) => other.ps - one.ps).slice(0, 5);
  return `Message ${message} took ${timeLabel(latencyPs)}; the longest pieces: ${longest.map((piece) => `${piece.step} ${piece.label} ${timeLabel(piece.ps)}${piece.waitedFor === null ? "" : ` (for message ${piece.waitedFor})`}`).join(", ")}.`;
}
