import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import { createCanvas, loadImage } from "@napi-rs/canvas";
import { comparedPaths } from "../../../src/result/index.js";
import { cdfChart, chartsFor, renderChart, waterfallChart, type NamedChart } from "../../../src/chart/index.js";
import { fpgaExample, kernelExample } from "../../support/example-result.js";

const KERNEL = kernelExample();
const CDF = cdfChart("cdf", comparedPaths([KERNEL]));

function hash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** How many pixels of each colour the picture has, keyed "#rrggbb". */
async function colours(chart: NamedChart): Promise<{ readonly width: number; readonly height: number; readonly counts: ReadonlyMap<string, number> }> {
  const image = await loadImage(Buffer.from(await renderChart(chart, "png")));
  const context = createCanvas(image.width, image.height).getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  const counts = new Map<string, number>();
  for (let at = 0; at < data.length; at += 4) {
    const key = `#${[data[at], data[at + 1], data[at + 2]].map((one) => (one ?? 0).toString(16).padStart(2, "0")).join("")}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return { width: image.width, height: image.height, counts };
}

/** Runs a module in a fresh process and gives what it printed. */
async function inFreshProcess(source: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", "--input-type=module", "-e", source], { cwd: new URL("../../..", import.meta.url) });
  return stdout.trim();
}

describe("a rendered chart", () => {
  test("has the same bytes every time, in this process and in another", async () => {
    const [first, second] = [hash(await renderChart(CDF, "png")), hash(await renderChart(CDF, "png"))];
    const other = await inFreshProcess(`
      import { createHash } from "node:crypto";
      import { comparedPaths } from "./src/result/index.ts";
      import { cdfChart, renderChart } from "./src/chart/index.ts";
      import { kernelExample } from "./test/support/example-result.ts";
      const image = await renderChart(cdfChart("cdf", comparedPaths([kernelExample()])), "png");
      console.log(createHash("sha256").update(image).digest("hex"));
    `);
    assert.equal(second, first);
    assert.equal(other, first);
  });

  test("is twice as fine as its size, on white, with its lines and letters in it", async () => {
    const { width, height, counts } = await colours(CDF);
    assert.deepEqual([width, height], [CDF.width * 2, CDF.height * 2]);
    assert.ok((counts.get("#ffffff") ?? 0) > 0.8 * width * height, "mostly paper");
    for (const colour of ["#0072b2", "#d55e00"]) assert.ok((counts.get(colour) ?? 0) > 1000, `${colour} is a line`);
    // The ink of the title: without a font the picture would have none of it.
    assert.ok((counts.get("#1f2328") ?? 0) > 1000, "the title is written");
  });

  test("shows every path with a latency of its own in the waterfall, also 41 ns next to 24 us", async () => {
    const { counts } = await colours(waterfallChart("waterfall", comparedPaths([KERNEL, fpgaExample()])));
    for (const colour of ["#f0e442", "#8e4a70", "#d55e00", "#009e73"]) assert.ok((counts.get(colour) ?? 0) > 300, `${colour} is in the picture`);
  });

  test("keeps its words as text in SVG, with a title and a description", async () => {
    const svg = new TextDecoder().decode(await renderChart(CDF, "svg"));
    assert.match(svg, /<svg [^>]*viewBox="0 0 900 \d+" role="img"><title>How many messages arrive within a given latency<\/title><desc>Cumulative/u);
    assert.match(svg, />unmoderated<\/text>/u);
    assert.doesNotMatch(svg, /font-family="Inter"/u);
    assert.equal(svg, new TextDecoder().decode(await renderChart(CDF, "svg")));
  });

  test("comes out of every chart of both examples, in both formats", async () => {
    const charts = chartsFor([KERNEL, fpgaExample()]);
    assert.ok(charts.length >= 8);
    for (const chart of charts) {
      const png = await renderChart(chart, "png");
      assert.deepEqual([...png.slice(1, 4)], [0x50, 0x4e, 0x47], chart.name);
      assert.ok(png.length > 20_000, `${chart.name}: ${png.length} bytes`);
      assert.match(new TextDecoder().decode((await renderChart(chart, "svg")).slice(0, 200)), /<svg /u, chart.name);
    }
  });

  test("loads the drawing libraries only when the first chart is drawn", async () => {
    const loaded = await inFreshProcess(`
      import { createRequire } from "node:module";
      import "./src/chart/index.ts";
      const { cache } = createRequire(process.cwd() + "/package.json");
      console.log(Object.keys(cache).filter((file) => /chart\\.js|chartjs-node-canvas|napi-rs/.test(file)).length);
    `);
    assert.equal(loaded, "0");
  });
});
