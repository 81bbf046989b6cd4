import { breakdownOf, SEGMENT_KINDS, type ComparedPath, type SegmentKind } from "../result/index.js";
import { chartOf, FAMILY, font, frameOptions, head, legend, legendHeight, type NamedChart, nameLines, scaleOptions } from "./frame.js";
import { INK, inkOn, KIND_COLOURS } from "./palette.js";
import { drawing, type Bar, type Drawn, type Overlay, type Pen } from "./pen.js";
import { endsLine, sourceLine } from "./series.js";
import { barAxis, timeLabel } from "./time-axis.js";

// On a bar narrower than this the mark of what remains would hide the bar.
const LEAST_MARKED = 24;

// Of the axis; a part narrower than this would vanish behind its white edge.
const NARROWEST_EDGED = 0.004;
const NARROWEST_HATCHED = 6;
const NARROWEST_UPRIGHT = 15;

/** One bar: the mean parts of the messages around the median of one path, in the order of the path. */
interface Row {
  readonly name: string;
  readonly parts: readonly Part[];
  readonly mean: number;
}

interface Part {
  readonly label: string;
  readonly kind: SegmentKind;
  readonly mean: number;
}

/**
 * Where the median latency goes: a stacked bar for each path, its parts in the order of the path, coloured by kind, the widest labelled.
 * A negative part (overlap: the answer began before the frame had ended) is hatched and lies left of zero; a mark shows what remains.
 */
export function waterfallChart(name: string, paths: readonly ComparedPath[]): NamedChart {
  const rows = paths.flatMap(rowOf);
  const left = Math.min(0, ...rows.map((row) => sumOf(row, (mean) => mean < 0)));
  const right = Math.max(0, ...rows.map((row) => sumOf(row, (mean) => mean > 0)));
  const axis = barAxis(left, right);
  const kinds = SEGMENT_KINDS.filter((kind) => rows.some((row) => row.parts.some((part) => part.kind === kind)));
  const edge = (axis.max - axis.min) * NARROWEST_EDGED;
  const deepest = rows.reduce((most, row) => Math.max(most, row.parts.length), 0);
  const datasets = Array.from({ length: deepest }, (_, place) => ({
    data: rows.map((row) => row.parts[place]?.mean ?? 0),
    backgroundColor: rows.map((row) => KIND_COLOURS[row.parts[place]?.kind ?? "join"]),
    borderColor: INK.paper, borderWidth: rows.map((row) => ({ right: Math.abs(row.parts[place]?.mean ?? 0) > edge ? 1 : 0 })), borderSkipped: false, barPercentage: 0.72, categoryPercentage: 0.9, stack: "parts",
  }));
  const config = {
    type: "bar",
    data: { labels: rows.map((row) => nameLines(row.name, 22)), datasets },
    options: {
      ...frameOptions(30), indexAxis: "y",
      plugins: { ...head("Where the median latency goes", subtitle(paths, rows)), legend: legend(kinds.map((kind) => ({ text: kind, colour: KIND_COLOURS[kind] }))), tooltip: { enabled: false } },
      scales: {
        x: { ...scaleOptions(axis, `mean time of the messages around the median${axis.unit}`), stacked: true },
        y: { stacked: true, grid: { display: false }, border: { color: INK.frame }, ticks: { color: INK.text, font: font(13), autoSkip: false } },
      },
    },
    plugins: [overlay(rows)],
  };
  const height = 180 + legendHeight(kinds) + 64 * Math.max(1, rows.length);
  return chartOf({ name, title: "Where the median latency goes", alt: alt(rows), height }, config);
}

function rowOf({ name, metric }: ComparedPath): Row[] {
  const band = breakdownOf(metric, "p50");
  if (band === null) return [];
  const parts = band.segments.map((segment) => ({ label: segment.label, kind: segment.kind, mean: segment.sumPs / band.messages }));
  return [{ name, parts: parts.filter((part) => part.mean !== 0), mean: band.totalPs / band.messages }];
}

function sumOf(row: Row, which: (mean: number) => boolean): number {
  return row.parts.filter((part) => which(part.mean)).reduce((sum, part) => sum + part.mean, 0);
}

function subtitle(paths: readonly ComparedPath[], rows: readonly Row[]): string {
  if (rows.length === 0) return "No run has a breakdown.";
  return `${endsLine(paths)}. ${sourceLine(paths)}. Parts add up exactly.`;
}

function alt(rows: readonly Row[]): string {
  const sentences = rows.map((row) => {
    const longest = [...row.parts].sort((a, b) => Math.abs(b.mean) - Math.abs(a.mean)).slice(0, 4);
    return `${row.name} takes ${timeLabel(row.mean)}, mostly ${longest.map((part) => `${part.label} ${timeLabel(part.mean)}`).join(", ")}.`;
  });
  return sentences.join(" ") || "No run has a breakdown.";
}

function overlay(rows: readonly Row[]): Overlay {
  return {
    id: "waterfallLabels",
    afterDatasetsDraw: (chart) => drawing(chart, (pen) => {
      for (const [index, row] of rows.entries()) {
        for (const [place, part] of row.parts.entries()) labelPart(pen, part, chart.getDatasetMeta(place).data[index]);
        labelTotal(chart, row, chart.getDatasetMeta(0).data[index]);
      }
    }),
  };
}

/** Writes into a part what fits: its name (else its kind) and its time. */
function labelPart(pen: Pen, part: Part, bar: Bar | undefined): void {
  if (bar === undefined) return;
  const room = Math.abs(bar.x - bar.base) - 5;
  if (part.mean < 0 && room > NARROWEST_HATCHED) hatch(pen, bar);
  pen.font = `11.5px ${FAMILY}`;
  const text = [part.label, part.kind].find((one) => pen.measureText(one).width <= room);
  if (text === undefined) return labelUpright(pen, part, bar);
  const time = timeLabel(part.mean);
  const both = pen.measureText(time).width <= room && bar.height >= 30;
  const middle = (bar.x + bar.base) / 2;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  if (part.mean < 0) clearBehind(pen, { x: middle, y: bar.y, width: Math.max(pen.measureText(text).width, pen.measureText(time).width) + 8, height: 32 });
  pen.fillStyle = inkOn(KIND_COLOURS[part.kind]);
  pen.fillText(text, middle, both ? bar.y - 8 : bar.y);
  if (both) pen.fillText(time, middle, bar.y + 8);
}

/** The kind of a narrow part, turned by a quarter, where that fits. */
function labelUpright(pen: Pen, part: Part, bar: Bar): void {
  pen.font = `11px ${FAMILY}`;
  if (Math.abs(bar.x - bar.base) < NARROWEST_UPRIGHT || pen.measureText(part.kind).width > bar.height - 3) return;
  pen.save();
  pen.translate((bar.x + bar.base) / 2, bar.y);
  pen.rotate(-Math.PI / 2);
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillStyle = inkOn(KIND_COLOURS[part.kind]);
  // Small letters sit low in their line; a little up puts them in the middle of the part.
  pen.fillText(part.kind, 0, -1.2);
  pen.restore();
}

function clearBehind(pen: Pen, box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }): void {
  pen.save();
  pen.beginPath();
  pen.rect(box.x - box.width / 2, box.y - box.height / 2, box.width, box.height);
  pen.clip();
  pen.lineWidth = box.height;
  pen.strokeStyle = KIND_COLOURS.overlap;
  pen.beginPath();
  pen.moveTo(box.x - box.width, box.y);
  pen.lineTo(box.x + box.width, box.y);
  pen.stroke();
  pen.restore();
}

function hatch(pen: Pen, bar: Bar): void {
  const from = Math.min(bar.x, bar.base);
  const to = Math.max(bar.x, bar.base);
  pen.save();
  pen.beginPath();
  pen.rect(from, bar.y - bar.height / 2, to - from, bar.height);
  pen.clip();
  pen.strokeStyle = INK.frame;
  pen.lineWidth = 1;
  pen.beginPath();
  for (let x = from - bar.height; x < to; x += 7) {
    pen.moveTo(x, bar.y + bar.height / 2);
    pen.lineTo(x + bar.height, bar.y - bar.height / 2);
  }
  pen.stroke();
  pen.restore();
}

/** The latency of the whole path, behind its bar; with a mark where it lies, if something negative was taken off. */
function labelTotal(chart: Drawn, row: Row, bar: Bar | undefined): void {
  const pixel = (value: number): number => chart.scales["x"]?.getPixelForValue(value) ?? 0;
  const pen = chart.ctx;
  if (bar === undefined) return;
  const end = pixel(sumOf(row, (mean) => mean > 0));
  const start = pixel(sumOf(row, (mean) => mean < 0));
  const net = start < pixel(0) && end - start > LEAST_MARKED;
  if (net) {
    pen.strokeStyle = INK.text;
    pen.lineWidth = 3;
    pen.beginPath();
    pen.moveTo(pixel(row.mean), bar.y - bar.height / 2 - 5);
    pen.lineTo(pixel(row.mean), bar.y + bar.height / 2 + 5);
    pen.stroke();
  }
  pen.font = `bold 13px ${FAMILY}`;
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  pen.fillStyle = INK.text;
  pen.fillText(net ? `net ${timeLabel(row.mean)}` : timeLabel(row.mean), end + 7, bar.y);
}
