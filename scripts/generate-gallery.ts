/** Draws one of every chart from the scenarios that ship: `npm run gallery`. PNG and SVG into results/gallery, SVG into docs/images. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chartsFor, comparisonCharts, histogramChart, renderChart, timelineChart, type NamedChart } from "../src/chart/index.js";
import { comparedPairs, compareInputs, differencesFrom, differencesOfPairs, explainJourneys, Session, type Compared } from "../src/experiment/index.js";
import { CATALOGUE } from "../src/models/index.js";
import { comparedPaths, type Result } from "../src/result/index.js";
import { openScenarioFile, readScenario, type Scenario } from "../src/scenario/index.js";
import { EXHIBITS } from "./gallery-list.js";
import { ROOT } from "./steps.mjs";

const GALLERY = join(ROOT, "results/gallery");
const IMAGES = join(ROOT, "docs/images");

function scenario(id: string): Scenario {
  const { file, access } = openScenarioFile(join(ROOT, `scenarios/${id}.yaml`));
  return readScenario(file, { access, catalogue: CATALOGUE });
}

const input = (id: string, ...variants: string[]): Compared => ({ kind: "scenario", scenario: scenario(id), variants });
const session = (): Session => new Session({ catalogue: CATALOGUE, open: scenario });

async function resultsOf(inputs: readonly Compared[]): Promise<readonly Result[]> {
  return (await compareInputs(inputs, session())).map(({ result }) => result);
}

async function ran(id: string): Promise<Result> {
  const one = session();
  return one.run(one.prepare(scenario(id)));
}

/** The chart of that name among those of a result. */
function among(charts: readonly NamedChart[], name: string): NamedChart {
  const found = charts.find((chart) => chart.name === name);
  if (found === undefined) throw new Error(`there is no chart ${name} among ${charts.map((chart) => chart.name).join(", ")}`);
  return found;
}

/** The poll-mode driver against the kernel at every rate that both have. */
async function changes(): Promise<NamedChart> {
  const made = await compareInputs([input("kernel-udp-t2t", "unmoderated"), input("dpdk-t2t")], session(), { points: "all" });
  const paths = comparedPaths(made.map(({ result }) => result), { everyPoint: true });
  return among(comparisonCharts(paths, differencesOfPairs(comparedPairs(paths, null) ?? [])), "change");
}

/** How the chart of each exhibit comes about. */
async function drawn(): Promise<ReadonlyMap<string, NamedChart>> {
  const paths = comparedPaths(await resultsOf([input("kernel-udp-t2t", "base", "unmoderated"), input("dpdk-t2t"), input("rdma-poll-byte"), input("fpga-t2t")]));
  const side = comparisonCharts(paths, []);
  const [before, after] = comparedPaths(await resultsOf([input("kernel-udp-t2t", "unmoderated"), input("dpdk-t2t")]));
  if (before === undefined || after === undefined) throw new Error("a comparison has lost its paths");
  const differences = comparisonCharts([before, after], differencesFrom(before, [after]));
  const { journeys: [journey] } = explainJourneys(scenario("dpdk-t2t"), CATALOGUE, { select: { kind: "worst", count: 1 }, variant: "base", metric: null, seed: undefined, messages: undefined });
  if (journey === undefined) throw new Error("no message is the slowest");
  const [kernel, map] = [await ran("kernel-udp-t2t"), await ran("moderation-map")];
  const busy = comparedPaths([kernel], { everyPoint: true }).find(({ run }) => run.variant === "unmoderated" && run.point["ticks.rate"] === "200 kpps");
  if (busy === undefined) throw new Error("the kernel's scenario has lost a point");
  const stairs = chartsFor(await ran("fpga-t2t"));
  return new Map<string, NamedChart>([
    ...["waterfall", "cdf", "ccdf", "percentiles", "copies"].map((name): [string, NamedChart] => [name, among(side, name)]),
    ["difference", differences.find(({ name }) => name.startsWith("difference")) ?? among(differences, "difference")],
    ["change", await changes()],
    ["timeline", timelineChart("timeline", journey)],
    ["steps", among(stairs, "steps-base")],
    ["histogram", histogramChart("histogram", busy)],
    ["utilisation", among(chartsFor(kernel), "utilisation-unmoderated")],
    ["load", among(chartsFor(await ran("line-load")), "load")],
    ["heat-map", among(chartsFor(map), "heat-map-base")],
  ]);
}

const charts = await drawn();
for (const folder of [GALLERY, IMAGES]) mkdirSync(folder, { recursive: true });
for (const { chart: name } of EXHIBITS) {
  const chart = charts.get(name);
  if (chart === undefined) throw new Error(`nothing draws ${name}`);
  const svg = await renderChart({ ...chart, name }, "svg");
  writeFileSync(join(GALLERY, `${name}.png`), await renderChart(chart, "png"));
  for (const path of [join(GALLERY, `${name}.svg`), join(IMAGES, `chart-${name}.svg`)]) writeFileSync(path, svg);
  console.log(`docs/images/chart-${name}.svg, ${svg.length} bytes`);
}
