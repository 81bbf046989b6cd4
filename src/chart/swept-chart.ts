import { chartOf, frameOptions, head, type LegendEntry, legend, legendHeight, type NamedChart, scaleOptions } from "./frame.js";
import { lineColour } from "./palette.js";
import type { Overlay } from "./pen.js";
import { valueAxis } from "./swept-axis.js";

/** The percentiles that are drawn over a sweep, each with dashes and points of its own. */
export const SWEPT_LINES = [{ name: "p50", q: 0.5, dash: 0, point: "rectRot" }, { name: "p99", q: 0.99, dash: 1, point: "triangle" }] as const;

/** A line or dots over a sweep, as a data set of Chart.js. */
export interface SweptLine<Point extends { readonly x: number; readonly y: number }> extends SweptLook {
  readonly showLine?: false;
  readonly data: readonly Point[];
}

interface SweptLook {
  readonly label: string;
  readonly borderColor: string;
  readonly backgroundColor: string;
  /** null for points without a line, which the legend tells of beside the line that they belong to. */
  readonly borderDash: number[] | null;
  readonly borderWidth: number;
  readonly pointStyle: string;
  readonly pointRadius: number;
  readonly pointBorderWidth: number;
  readonly clip: number;
}

/** How a line in the colour of the `index`-th design looks. */
export function sweptLook(label: string, index: number, borderDash: number[] | null, pointStyle: string): SweptLook {
  const colour = lineColour(index);
  return { label, borderColor: colour, backgroundColor: colour, borderDash, borderWidth: 2.25, pointStyle, pointRadius: 5, pointBorderWidth: 0, clip: 8 };
}

export interface SweptChart {
  readonly name: string;
  readonly title: string;
  readonly subtitle: string;
  readonly alt: string;
  readonly axis: string;
  readonly lines: readonly SweptLine<{ readonly x: number; readonly y: number }>[];
  /** The values that were swept, and one of them as it is written. */
  readonly values: readonly number[];
  readonly written: string;
  /** Scale of what is drawn over them. */
  readonly y: object;
  readonly plugins?: readonly Overlay[];
}

/** A chart of something against what was swept. */
export function sweptChart({ name, title, subtitle, alt, axis, lines, values, written, y, plugins }: SweptChart): NamedChart {
  const x = valueAxis(values, written);
  const entries = lines.flatMap(({ label, borderColor, borderDash }): LegendEntry[] => (borderDash === null ? [] : [{ text: label, colour: borderColor, dash: borderDash }]));
  const config = {
    type: "line",
    data: { datasets: lines },
    options: {
      ...frameOptions(44), parsing: false,
      plugins: { ...head(title, subtitle), legend: legend(entries), tooltip: { enabled: false } },
      scales: { x: scaleOptions(x, `${axis}${x.type === "logarithmic" ? " (logarithmic)" : ""}`), y },
    },
    ...(plugins === undefined ? {} : { plugins }),
  };
  return chartOf({ name, title, alt, height: 460 + legendHeight(entries.map((entry) => entry.text)) }, config);
}
