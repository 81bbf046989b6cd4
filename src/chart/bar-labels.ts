import { FAMILY } from "./frame.js";
import { INK } from "./palette.js";
import { drawing, type Overlay } from "./pen.js";

/** What stands behind a bar. */
export interface BarLabel {
  readonly text: string;
  readonly bold?: boolean;
}

/** A text behind each bar of a data set of a chart of lying bars; of stacked ones the last has the ends. */
export function barLabels(id: string, labels: readonly BarLabel[], dataset = 0): Overlay {
  return {
    id,
    afterDatasetsDraw: (chart) => drawing(chart, (pen) => {
      pen.textAlign = "left";
      pen.textBaseline = "middle";
      pen.fillStyle = INK.text;
      chart.getDatasetMeta(dataset).data.forEach((bar, index) => {
        const label = labels[index];
        if (label === undefined) return;
        pen.font = label.bold === true ? `bold 12.5px ${FAMILY}` : `12px ${FAMILY}`;
        pen.fillText(label.text, Math.max(bar.x, bar.base) + 6, bar.y);
      });
    }),
  };
}
