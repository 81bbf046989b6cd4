import { percentileOf, type ComparedPath } from "../result/index.js";
import { chartOf, FAMILY, font, frameOptions, head, type NamedChart, nameLines } from "./frame.js";
import { INK, inkOn } from "./palette.js";
import { drawing, type Overlay, type Pen } from "./pen.js";
import { endsLine, sourceLine } from "./series.js";
import { timeLabel } from "./time-axis.js";

/** From light to dark, told apart in grey as well. */
const SHADES = ["#fff7ec", "#fee8c8", "#fdd49e", "#fdbb84", "#fc8d59", "#ef6548", "#d7301f", "#990000"] as const;
const CELL = 64;

interface Cell {
  readonly column: number;
  readonly row: number;
  readonly ps: number;
  readonly colour: string;
}

/** The two axes of a sweep, in the order of the file; null when the runs were not swept over two. */
export function twoAxes(paths: readonly ComparedPath[]): readonly [string, string] | null {
  const axes = [...new Set(paths.flatMap((path) => Object.keys(path.run.point)))].filter((axis) => new Set(paths.map((path) => path.run.point[axis])).size >= 2);
  const [across, down] = axes;
  return axes.length === 2 && across !== undefined && down !== undefined ? [across, down] : null;
}

/** The median latency of every point of a sweep over two axes: a field for each, darker where it is longer, with its time. */
export function heatMapChart(name: string, paths: readonly ComparedPath[], [across, down]: readonly [string, string]): NamedChart {
  const valuesOf = (axis: string): string[] => [...new Set(paths.map((path) => path.run.point[axis] ?? ""))];
  const [columns, rows] = [valuesOf(across), valuesOf(down)];
  const cells = cellsOf(paths, (path) => [columns.indexOf(path.run.point[across] ?? ""), rows.indexOf(path.run.point[down] ?? "")]);
  const title = `Median latency over ${across} and ${down}`;
  const scale = (labels: readonly string[], text: string): object => ({
    type: "category", labels: labels.map((label) => nameLines(label, 14)), offset: true, grid: { display: false }, border: { display: false },
    title: { display: true, text, color: INK.faint, font: font(13), padding: 6 }, ticks: { color: INK.text, font: font(12.5), autoSkip: false, maxRotation: 0 },
  });
  const config = {
    type: "scatter",
    data: { datasets: [{ data: cells.map((cell) => ({ x: cell.column, y: cell.row })), pointRadius: 0 }] },
    options: {
      ...frameOptions(30),
      plugins: { ...head(title, `${paths[0]?.run.variant ?? ""}. ${endsLine(paths)}. ${sourceLine(paths)}.`), legend: { display: false }, tooltip: { enabled: false } },
      scales: { x: scale(columns, across), y: scale(rows, down) },
    },
    plugins: [fields(cells, [columns.length, rows.length])],
  };
  return chartOf({ name, title, alt: alt(paths), height: 190 + CELL * Math.max(2, rows.length) }, config);
}

function cellsOf(paths: readonly ComparedPath[], place: (path: ComparedPath) => readonly [number, number]): Cell[] {
  const medians = paths.map((path) => percentileOf(path.metric, 0.5)?.ps ?? path.metric.meanPs);
  const [least, most] = [Math.min(...medians), Math.max(...medians)];
  // Latencies span decades: shades by their logarithm, where they have one.
  const height = (ps: number): number => (least > 0 ? Math.log(ps) : ps);
  const span = height(most) - height(least);
  return paths.map((path, index) => {
    const ps = medians[index] ?? 0;
    const shade = span === 0 ? 0 : Math.min(SHADES.length - 1, Math.floor(((height(ps) - height(least)) / span) * SHADES.length));
    const [column, row] = place(path);
    return { column, row, ps, colour: SHADES[shade] ?? SHADES[0] };
  });
}

function fields(cells: readonly Cell[], [columns, rows]: readonly [number, number]): Overlay {
  return {
    id: "fields",
    afterDatasetsDraw: (chart) => drawing(chart, (pen) => {
      const [x, y] = [chart.scales["x"], chart.scales["y"]];
      if (x === undefined || y === undefined) return;
      const width = columns > 1 ? Math.abs(x.getPixelForValue(1) - x.getPixelForValue(0)) : 120;
      const height = rows > 1 ? Math.abs(y.getPixelForValue(1) - y.getPixelForValue(0)) : CELL;
      for (const cell of cells) field(pen, cell, { x: x.getPixelForValue(cell.column), y: y.getPixelForValue(cell.row), width: width - 3, height: height - 3 });
    }),
  };
}

function field(pen: Pen, cell: Cell, box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }): void {
  pen.fillStyle = cell.colour;
  pen.fillRect(box.x - box.width / 2, box.y - box.height / 2, box.width, box.height);
  pen.font = `12.5px ${FAMILY}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillStyle = inkOn(cell.colour);
  // In a narrow field three digits must do, or none where even these would run into the next one.
  const text = [timeLabel(cell.ps), timeLabel(Number(cell.ps.toPrecision(3)))].find((one) => pen.measureText(one).width <= box.width - 4);
  if (text !== undefined) pen.fillText(text, box.x, box.y);
}

function alt(paths: readonly ComparedPath[]): string {
  return `Median latency of each point of the sweep: ${paths.map(({ run, metric }) => `${Object.values(run.point).join(" and ")} ${timeLabel(percentileOf(metric, 0.5)?.ps ?? 0)}`).join("; ")}.`;
}
