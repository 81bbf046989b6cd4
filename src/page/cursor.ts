import type { Chart } from "chart.js";
import { formatDuration } from "../units/index.js";

const STEP = 8;

/** What the cursor points at: the element of each series, and its words. */
interface Reading {
  readonly active: { readonly datasetIndex: number; readonly index: number }[];
  readonly text: string;
}

/** Where the cursor is: an axis and a place on it, in the chart's own pixels. */
interface Cursor {
  readonly axis: "x" | "y";
  place: number | null;
}

/** Reads values off the chart under the pointer, or with the arrow keys once the canvas has the focus; Home and End go to the ends. */
export function followCursor(chart: Chart, figure: Element): void {
  const readout = figure.querySelector<HTMLElement>(".readout");
  const axis = chart.options.indexAxis === "y" ? "y" : "x";
  // The fields of a heat map have their numbers written on them.
  if (readout === null || ("type" in chart.config && chart.config.type === "scatter")) return;
  readout.hidden = false;
  readout.textContent = "Point at the chart, or focus it and use the arrow keys, to read values.";
  const cursor: Cursor = { axis, place: null };
  const read = (place: number): void => {
    const { chartArea: area } = chart;
    cursor.place = Math.min(Math.max(place, axis === "x" ? area.left : area.top), axis === "x" ? area.right : area.bottom);
    const { active, text } = isOfBars(chart) ? barsAt(chart, axis, cursor.place) : pointsAt(chart, cursor.place);
    if (text !== "") readout.textContent = text;
    readout.classList.add("read");
    chart.setActiveElements(active);
    chart.draw();
  };
  chart.canvas.addEventListener("pointermove", (event) => {
    const box = chart.canvas.getBoundingClientRect();
    read(axis === "x" ? ((event.clientX - box.left) / box.width) * chart.width : ((event.clientY - box.top) / box.height) * chart.height);
  });
  chart.canvas.addEventListener("keydown", (event) => {
    const next = placeAfter(event.key, chart, cursor);
    if (next === null) return;
    event.preventDefault();
    read(next);
  });
}

function isOfBars(chart: Chart): boolean {
  return "type" in chart.config && chart.config.type === "bar";
}

function placeAfter(key: string, chart: Chart, { axis, place }: Cursor): number | null {
  const { chartArea: area, scales } = chart;
  const [start, end] = axis === "x" ? [area.left, area.right] : [area.top, area.bottom];
  const count = isOfBars(chart) ? chart.data.labels?.length ?? 0 : 0;
  const scale = scales[axis];
  const step = count > 0 && scale !== undefined ? (end - start) / count : STEP;
  const first = count > 0 ? start + step / 2 : start;
  if (key === "Home") return first;
  if (key === "End") return count > 0 ? end - step / 2 : end;
  const [back, on] = axis === "x" ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
  if (key !== back && key !== on) return null;
  return place === null ? first : place + (key === on ? step : -step);
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function pointsAt(chart: Chart, place: number): Reading {
  const across = chart.scales["x"];
  if (across === undefined) return { active: [], text: "" };
  const found = chart.data.datasets.flatMap(({ data, label }, datasetIndex) => {
    if (!chart.isDatasetVisible(datasetIndex)) return [];
    const points = data as unknown as readonly Point[];
    const index = nearestTo(place, points.map((point) => across.getPixelForValue(point.x)));
    const point = points[index];
    return point === undefined ? [] : [{ datasetIndex, index, text: `${label === undefined || label === "" ? "" : `${label}: `}${valueText(chart, "x", point.x)}, ${valueText(chart, "y", point.y)}` }];
  });
  return { active: found.map(({ datasetIndex, index }) => ({ datasetIndex, index })), text: found.map(({ text }) => text).join(" · ") };
}

function nearestTo(place: number, places: readonly number[]): number {
  return places.reduce((best, one, index) => (Math.abs(one - place) < Math.abs((places[best] ?? Infinity) - place) ? index : best), 0);
}

function barsAt(chart: Chart, axis: "x" | "y", place: number): Reading {
  const index = Math.round(chart.scales[axis]?.getValueForPixel(place) ?? 0);
  const name = [chart.data.labels?.[index] ?? ""].flat().join("");
  const bars = chart.data.datasets.flatMap(({ data, label, ...rest }, datasetIndex) => {
    const length = lengthOf(data[index]);
    const scale = (axis === "y" ? "xAxisID" in rest && rest.xAxisID : "yAxisID" in rest && rest.yAxisID) || (axis === "y" ? "x" : "y");
    return length === 0 || !chart.isDatasetVisible(datasetIndex) ? [] : [{ datasetIndex, label, length, scale }];
  });
  const named = bars.filter(({ label }) => label !== undefined && label !== "");
  const rest = bars.filter((bar) => !named.includes(bar));
  const whole = rest.length === 0 ? [] : [valueText(chart, rest[0]?.scale ?? "x", rest.reduce((sum, { length }) => sum + length, 0))];
  const values = [...named.map(({ label, length, scale }) => `${label} ${valueText(chart, scale, length)}`), ...whole];
  return { active: bars.map(({ datasetIndex }) => ({ datasetIndex, index })), text: values.length === 0 ? name : `${name}: ${values.join(", ")}` };
}

/** The length of a bar, which is a number or where it begins and ends. */
function lengthOf(bar: unknown): number {
  if (typeof bar === "number") return bar;
  return Array.isArray(bar) ? Number(bar[1]) - Number(bar[0]) : 0;
}

/** A value in the words of its axis; a time with its unit, finer than the ticks. */
function valueText(chart: Chart, axis: string, value: number): string {
  const scale = chart.scales[axis];
  if (scale === undefined) return String(value);
  const { options } = scale as unknown as { readonly options: { readonly title?: { readonly text?: string }; readonly ticks?: { readonly callback?: (value: number) => unknown } } };
  if (/^(?:mean )?(?:latency|time)\b/u.test(options.title?.text ?? "")) return formatDuration(Math.round(value)).replace(" us", " µs");
  return isOfBars(chart) || options.ticks?.callback === undefined ? String(Number(value.toPrecision(4))) : String(options.ticks.callback(value));
}
