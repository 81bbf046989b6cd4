import { Chart, registerables } from "chart.js";
import type { NamedChart } from "../chart/index.js";
import { followCursor } from "./cursor.js";

/** Dots for each CSS pixel: sharp on most screens and on paper. */
const DOTS_PER_PIXEL = 2;

/**
 * Draws each chart on its canvas when it comes near the window, and all that are left before the page is printed. The configurations are those of
 * the files, unchanged; Chart.js listens to nothing itself, because its legends and tooltips know nothing of how these charts are read.
 */
export function drawCharts(charts: readonly NamedChart[]): void {
  Chart.register(...registerables);
  const waiting = new Map<Element, NamedChart>();
  for (const chart of charts) {
    const figure = document.querySelector(`figure[data-chart="${CSS.escape(chart.name)}"]`);
    if (figure !== null) waiting.set(figure, chart);
  }
  const draw = (figure: Element): void => {
    const chart = waiting.get(figure);
    if (chart === undefined) return;
    waiting.delete(figure);
    observer.unobserve(figure);
    drawOn(figure, chart);
  };
  const observer = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) draw(target);
  }, { rootMargin: "400px" });
  for (const figure of waiting.keys()) observer.observe(figure);
  addEventListener("beforeprint", () => {
    for (const figure of [...waiting.keys()]) if (figure.closest("[hidden]") === null) draw(figure);
  });
}

function drawOn(figure: Element, { config }: NamedChart): void {
  const canvas = figure.querySelector("canvas");
  if (canvas === null) return;
  const chart = new Chart(canvas, { ...config, options: { ...config.options, devicePixelRatio: DOTS_PER_PIXEL, events: [] } });
  followCursor(chart, figure);
  addSwitches(chart, figure.querySelector(".series"));
}

/** A switch for each of several lines. */
function addSwitches(chart: Chart, place: Element | null): void {
  const lines = chart.data.datasets.flatMap(({ label, borderColor }, index) => (label === undefined || label === "" ? [] : [{ label, colour: borderColor, index }]));
  if (place === null || lines.length < 2) return;
  for (const { label, colour, index } of lines) {
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = true;
    if (typeof colour === "string") box.style.accentColor = colour;
    box.addEventListener("change", () => {
      chart.setDatasetVisibility(index, box.checked);
      chart.update("none");
    });
    const line = document.createElement("label");
    line.append(box, ` ${label}`);
    place.append(line);
  }
}
