import type { ChartConfiguration, FontSpec, ScaleOptionsByType } from "chart.js";
import { INK } from "./palette.js";
import type { TimeAxis } from "./time-axis.js";

/** A chart ready to be drawn: what it is called in file names, what it shows in words, how large it wants to be in CSS pixels. */
export interface NamedChart {
  readonly name: string;
  readonly title: string;
  /** What the picture says, for those who cannot see it. */
  readonly alt: string;
  readonly width: number;
  readonly height: number;
  readonly config: ChartConfiguration;
}

export const WIDTH = 900;

/** A named chart of the usual width. The one place where what the chart files write down is taken for a Chart.js configuration. */
export function chartOf(about: Omit<NamedChart, "width" | "config">, config: object): NamedChart {
  return { ...about, width: WIDTH, config: config as ChartConfiguration };
}

/** The font that is registered with the renderer; a browser without it takes its own sans-serif. */
export const FAMILY = "Inter, sans-serif";

type Font = Partial<FontSpec>;

/** A font of the chart's family. */
export function font(size: number, weight: "normal" | "bold" = "normal"): Font {
  return { family: FAMILY, size, weight };
}

/** Title and subtitle, at the left where reading begins. The subtitle names the source; lines too long are broken at their commas. */
export function head(title: string, subtitle: string): { title: object; subtitle: object } {
  return {
    title: { display: true, text: lines(title, 78), align: "start", color: INK.text, font: font(18, "bold"), padding: { top: 2, bottom: 4 } },
    subtitle: { display: true, text: lines(subtitle, 138), align: "start", color: INK.faint, font: font(12.5), padding: { bottom: 14 } },
  };
}

/** The text broken after spaces into lines of about `width` characters; a last line of a word or two is made longer at the cost of the others. */
export function lines(text: string, width: number): string[] {
  const words = text.split(/(?<= )/u);
  const broken = packed(words, width);
  return broken.length > 1 && (broken.at(-1)?.length ?? 0) < SHORTEST_LINE ? packed(words, width - SHORTEST_LINE) : broken;
}

const SHORTEST_LINE = 20;

/** A name of dashes and slashes, broken after them into at most three lines; a longer line is cut. */
export function nameLines(name: string, width: number): string[] {
  const all = packed(name.split(/(?<=[ /-])(?<!= )(?!=)/u), width);
  const kept = all.length <= 3 ? all : [...all.slice(0, 2), all.slice(2).join("")];
  return kept.map((line) => shortened(line, width + 2));
}

function packed(words: readonly string[], width: number): string[] {
  const broken: string[] = [];
  for (const word of words) {
    const last = broken.at(-1);
    if (last === undefined || (last + word).trimEnd().length > width) broken.push(word);
    else broken[broken.length - 1] = last + word;
  }
  return broken.map((line) => line.trimEnd());
}

/** The text in at most `width` characters, cut at the end. */
export function clipped(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1).trimEnd()}…`;
}

/** The text in at most `width` characters, cut in the middle, because the ends of names are what tells them apart. */
export function shortened(text: string, width: number): string {
  const head = Math.ceil((width - 1) / 2);
  return text.length <= width ? text : `${text.slice(0, head)}…${text.slice(text.length - (width - 1 - head))}`;
}

/** What every chart has: no animation and no resizing, so that the same data give the same picture, and room for the last tick's label. */
export function frameOptions(right = 30): { animation: false; responsive: false; layout: object; font: Font; color: string } {
  return { animation: false, responsive: false, layout: { padding: { left: 14, right, top: 12, bottom: 10 } }, font: font(13), color: INK.text };
}

type AnyScale = Partial<ScaleOptionsByType<"linear">>;

/** The options of a scale with a title, faint grid lines and exactly these ticks. */
export function scaleOptions(axis: Pick<TimeAxis, "type" | "min" | "max" | "ticks" | "label">, title: string): AnyScale {
  const options = {
    type: axis.type, min: axis.min, max: axis.max,
    title: { display: true, text: title, color: INK.faint, font: font(13), padding: 6 },
    grid: { color: INK.grid, tickLength: 5 },
    border: { color: INK.frame },
    ticks: {
      color: INK.text, font: font(12.5), autoSkip: false, maxRotation: 0, callback: (value: number | string): string => axis.label(Number(value)),
    },
    afterBuildTicks: (scale: { ticks: { value: number }[] }): void => {
      scale.ticks = axis.ticks.map((value) => ({ value }));
    },
  };
  return options as unknown as AnyScale;
}

/** An entry of a legend. */
export interface LegendEntry {
  readonly text: string;
  readonly colour: string;
  /** The dashes of a line; without it the entry is a square. */
  readonly dash?: readonly number[];
}

// A little more than the font's mean, so that a row is rather thought full than cut.
const LETTER = 7.2;
const LEGEND_ROW = 27;

/** The height that a legend of these texts takes, so that charts can grow by it rather than shrink what they show. */
export function legendHeight(texts: readonly string[]): number {
  if (texts.length === 0) return 0;
  let rows = 1;
  let used = 0;
  for (const width of texts.map((text) => text.length * LETTER + 58)) {
    if (used + width > WIDTH - 40) rows += 1;
    used = used + width > WIDTH - 40 ? width : used + width;
  }
  return rows * LEGEND_ROW;
}

/** A legend under the chart with exactly these entries; none where there is at most one line, which the subtitle names. */
export function legend(entries: readonly LegendEntry[]): object {
  const items = entries.map(({ text, colour, dash }) => ({
    text, fillStyle: colour, strokeStyle: colour, fontColor: INK.text, hidden: false,
    ...(dash === undefined ? { lineWidth: 0, pointStyle: "rect" } : { lineWidth: 2.5, lineDash: dash, pointStyle: "line" }),
  }));
  const lined = entries.some((entry) => entry.dash !== undefined);
  return {
    display: entries.length > (lined ? 1 : 0), position: "bottom", align: "start",
    labels: { usePointStyle: true, pointStyleWidth: lined ? 34 : 11, boxHeight: lined ? 8 : 11, padding: 14, font: font(12.5), generateLabels: () => items },
  };
}
