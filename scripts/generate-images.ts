/** Draws the picture of README.md from the runs that `npm start` compares: `node --import tsx scripts/generate-images.ts`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CATALOGUE, comparedPaths, compareInputs, openScenarioFile, pathCharts, readScenario, renderChart, Session, type Compared } from "../src/index.js";
import { ROOT } from "./steps.mjs";

const FOLDER = join(ROOT, "docs/images");
const SHOWN: readonly (readonly [id: string, ...variants: string[]])[] = [["kernel-udp-t2t", "base", "unmoderated"], ["dpdk-t2t"], ["rdma-poll-byte"], ["fpga-t2t"]];

const inputs = SHOWN.map(([id, ...variants]): Compared => {
  const { file, access } = openScenarioFile(join(ROOT, `scenarios/${id}.yaml`));
  return { kind: "scenario", scenario: readScenario(file, { access, catalogue: CATALOGUE }), variants };
});
const results = await compareInputs(inputs, new Session({ catalogue: CATALOGUE }));
const waterfall = pathCharts(comparedPaths(results)).find((chart) => chart.name === "waterfall");
if (waterfall === undefined) throw new Error("a comparison has no waterfall any more");
mkdirSync(FOLDER, { recursive: true });
writeFileSync(join(FOLDER, "compare-waterfall.svg"), await renderChart(waterfall, "svg"));
console.log("docs/images/compare-waterfall.svg");
