import { confidenceText, type Difference, type JudgedChange } from "../result/index.js";
import { type NamedChart, scaleOptions } from "./frame.js";
import { INK, lineDash } from "./palette.js";
import { drawing, type Overlay } from "./pen.js";
import { valueOf } from "./swept-axis.js";
import { SWEPT_LINES, sweptChart, sweptLook } from "./swept-chart.js";
import { timeAxis, timeLabel } from "./time-axis.js";

/** Half the width of the bars at the ends of an interval. */
const CAP = 4;

/** A difference at a swept value, with the ends of its interval; without one they are the difference itself. */
interface Changed {
  readonly x: number;
  readonly y: number;
  readonly low: number;
  readonly high: number;
}

/** The difference to the baseline against what was swept: p50 and p99 of each design, with their intervals; on the line at zero both are equal. */
export function changeChart(name: string, differences: readonly Difference[], axis: string): NamedChart {
  const pairs = [...new Set(differences.map(pairOf))];
  const lines = pairs.flatMap((pair, index) => SWEPT_LINES.map((line) => ({
    ...sweptLook(`${pair}, ${line.name}`, index, lineDash(line.dash), line.point),
    data: differences.filter((one) => pairOf(one) === pair).flatMap((one) => changedAt(valueOf(one.point[axis] ?? "") ?? NaN, one[line.name])).sort((one, other) => one.x - other.x),
  }))).filter((line) => line.data.length > 0);
  const points = lines.flatMap((line) => line.data);
  const y = timeAxis([0, ...points.flatMap(({ low, high }) => [low, high])]);
  return sweptChart({
    name, title: `Difference against ${axis}`, alt: alt(axis, differences), axis, lines,
    subtitle: `Below zero is faster than the baseline. Bars are ${confidenceText(differences)} intervals: one that reaches across zero may be chance.`,
    values: points.map((point) => point.x), written: differences[0]?.point[axis] ?? "",
    y: scaleOptions(y, `time more than the baseline${y.unit}`), plugins: [intervals(lines)],
  });
}

/** At one baseline for all points its name says where. */
function pairOf({ design, baseline, baselineDesign }: Difference): string {
  return design === baselineDesign ? `${design} against ${baseline}` : `${design} against ${baselineDesign}`;
}

function changedAt(x: number, change: JudgedChange | null): Changed[] {
  return change === null ? [] : [{ x, y: change.deltaPs, low: change.lowPs ?? change.deltaPs, high: change.highPs ?? change.deltaPs }];
}

/** The line at zero, and a bar from end to end of each interval. */
function intervals(lines: readonly { readonly borderColor: string; readonly data: readonly Changed[] }[]): Overlay {
  return {
    id: "changeIntervals",
    afterDatasetsDraw: (chart) => drawing(chart, (pen) => {
      const { x: across, y: up } = chart.scales;
      if (across === undefined || up === undefined) return;
      pen.strokeStyle = INK.frame;
      pen.lineWidth = 1.25;
      pen.beginPath();
      pen.moveTo(chart.chartArea.left, up.getPixelForValue(0));
      pen.lineTo(chart.chartArea.right, up.getPixelForValue(0));
      pen.stroke();
      lines.forEach(({ borderColor, data }, dataset) => {
        if (!chart.isDatasetVisible(dataset)) return;
        pen.strokeStyle = borderColor;
        for (const { x, low, high } of data) {
          const [at, bottom, top] = [across.getPixelForValue(x), up.getPixelForValue(low), up.getPixelForValue(high)];
          pen.beginPath();
          pen.moveTo(at, bottom);
          pen.lineTo(at, top);
          for (const end of [bottom, top]) {
            pen.moveTo(at - CAP, end);
            pen.lineTo(at + CAP, end);
          }
          pen.stroke();
        }
      });
    }),
  };
}

function alt(axis: string, differences: readonly Difference[]): string {
  const parts = differences.map((one) => {
    const of = SWEPT_LINES.flatMap(({ name }) => (one[name] === null ? [] : [`${name} ${timeLabel(one[name]?.deltaPs ?? 0)}`]));
    return `${one.design} at ${one.point[axis] ?? ""}: ${of.join(", ") || "none"}`;
  });
  return `Difference against ${axis}. ${parts.join("; ")}.`;
}
