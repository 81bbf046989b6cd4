import type { ChartJSNodeCanvas } from "chartjs-node-canvas";
import { WirelatError } from "../errors/index.js";
import type { NamedChart } from "./frame.js";

/** A picture of dots, twice as fine as its size in CSS pixels, or a drawing whose text stays text. */
export type ImageFormat = "png" | "svg";

const DOTS_PER_PIXEL = 2;
const WEIGHTS = [{ folder: "400Regular", weight: "normal" }, { folder: "700Bold", weight: "bold" }] as const;

// Making a renderer loads Chart.js afresh; one for each size serves all charts of that size.
const renderers = new Map<string, Promise<ChartJSNodeCanvas>>();

/**
 * Draws a chart. The same chart gives the same bytes, also on a machine without fonts, because the font comes along.
 * The drawing libraries are loaded with the first chart, so that a run without charts does not wait for them.
 * Throws `chart-unavailable` where they cannot be loaded.
 */
export async function renderChart(chart: NamedChart, format: ImageFormat): Promise<Uint8Array> {
  const key = `${format} ${chart.width} x ${chart.height}`;
  const renderer = renderers.get(key) ?? makeRenderer(chart, format);
  renderers.set(key, renderer);
  const drawn = await renderer;
  const options = { ...chart.config.options, devicePixelRatio: format === "png" ? DOTS_PER_PIXEL : 1 };
  const image = drawn.renderToBufferSync({ ...chart.config, options }, format === "png" ? "image/png" : "image/svg+xml");
  return format === "png" ? image : new TextEncoder().encode(completed(image.toString("utf8"), chart));
}

/** The drawing with what the canvas leaves out: a box to scale by, words for those who cannot see it, a font for who has not got ours. */
function completed(svg: string, { name, title, alt, width, height }: NamedChart): string {
  const words = `<title>${escaped(title)}</title><desc>${escaped(alt)}</desc>`;
  return renumbered(svg, name)
    .replace(/<svg ([^>]*)>/u, (_, attributes: string) => `<svg ${attributes} viewBox="0 0 ${width} ${height}" role="img">${words}`)
    .replaceAll('font-family="Inter"', 'font-family="Inter, sans-serif"');
}

/** The drawing with its inner names counted from 1, under the chart's own: they go on counting from drawing to drawing, and would clash on one page. */
function renumbered(svg: string, name: string): string {
  const ids = [...new Set([...svg.matchAll(/ id="([^"]+)"/gu)].map((match) => match[1] ?? ""))];
  const own = new Map(ids.map((id, index) => [id, `${name}-${index + 1}`]));
  return svg.replace(/( id="|url\(#|href="#)([^")]+)/gu, (whole: string, before: string, id: string) => (own.has(id) ? before + (own.get(id) ?? id) : whole));
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

async function makeRenderer({ width, height }: NamedChart, format: ImageFormat): Promise<ChartJSNodeCanvas> {
  const { createRequire } = await import("node:module");
  const { resolve } = createRequire(import.meta.url);
  try {
    const { ChartJSNodeCanvas } = await import("chartjs-node-canvas");
    const renderer = new ChartJSNodeCanvas({ width, height, backgroundColour: "#ffffff", ...(format === "svg" ? { type: "svg" as const } : {}) });
    for (const { folder, weight } of WEIGHTS) {
      renderer.registerFont(resolve(`@expo-google-fonts/inter/${folder}/Inter_${folder}.ttf`), { family: "Inter", weight });
    }
    return renderer;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    throw new WirelatError("chart-unavailable", `charts cannot be drawn here: ${reason}`, {
      remedy: "install wirelat again with its optional packages, or run without charts",
      cause,
    });
  }
}
