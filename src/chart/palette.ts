import type { SegmentKind } from "../result/index.js";

/** Colours of text and lines that carry no data. */
export const INK = { text: "#1f2328", faint: "#57606a", grid: "#e6e8eb", frame: "#8c959f", paper: "#ffffff" } as const;

// Okabe and Ito's palette, told apart with every common colour blindness; yellow is left out because a thin line of it fades on white.
const LINES = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#7A6A00"] as const;

// Solid is said as one endless dash: Chart.js draws lines without dashes by a shortcut that turns steep ones into stairs.
const DASHES: readonly (readonly number[])[] = [[100_000, 0], [7, 4], [2, 3], [9, 3, 2, 3]];

/** The colour of the nth line; after the eighth they come again and the dashes must tell them apart. */
export function lineColour(index: number): string {
  return LINES[index % LINES.length] ?? INK.text;
}

/** The dashes of the nth kind of line; the first is solid. */
export function lineDash(index: number): number[] {
  return [...(DASHES[index % DASHES.length] ?? [])];
}

/**
 * The colour of a kind of segment. The kinds that fill most waterfalls have the eight colours of Okabe and Ito, their relatives a
 * lighter or darker relative; bars are labelled besides, so that no reading rests on colour alone.
 */
export const KIND_COLOURS: Readonly<Record<SegmentKind, string>> = {
  serialise: "#0072B2", propagate: "#56B4E9", process: "#009E73", copy: "#D55E00",
  queue: "#E69F00", arbitrate: "#B87A00", credit: "#F5CF87", contend: "#8F5F00", order: "#FFE3B0",
  batch: "#F0E442", poll: "#B7AC1E", align: "#F8F3A6",
  irq: "#CC79A7", wake: "#8E4A70", sched: "#E5BDD3", preempt: "#5C2E48",
  "rate-match": "#A9D8F2", join: "#8c959f", retry: "#000000", overlap: "#d0d7de",
};

/** Black or white, whichever is read better on the colour (given as #rrggbb). */
export function inkOn(colour: string): string {
  const [red, green, blue] = [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16) / 255);
  const luminance = 0.299 * (red ?? 0) + 0.587 * (green ?? 0) + 0.114 * (blue ?? 0);
  return luminance > 0.55 ? INK.text : INK.paper;
}
