// The timing of vendor/device as a table: what is set, and every step of a lone frame with its time in picoseconds. Run with `node --test`.
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { CATALOGUE, explainScenario, openScenarioFile, pluginOf, Plugins, readScenario, runScenario } from "wirelat";

const here = import.meta.dirname;
const plugins = new Plugins(CATALOGUE);
plugins.load(pluginOf("./vendor-device.ts", here));

/** The scenario beside this file, with parameters set. */
function scenario(set = {}) {
  const { file, access } = openScenarioFile(join(here, "vendor-device.yaml"));
  return readScenario(file, { access, catalogue: CATALOGUE, plugins: (named) => plugins.load(named), set: Object.entries(set).map(([path, text]) => ({ path, text })) });
}

const TABLE = [
  { set: {}, steps: [["engine", 100_000]] },
  { set: { "box.pipeline": "150 ns" }, steps: [["engine", 150_000]] },
  { set: { "ticks.payload": "1400 B" }, steps: [["engine", 100_000]] }, // the frame's own time lies before its last bit
];

describe("a frame alone", () => {
  for (const { set, steps } of TABLE) {
    test(`takes the listed steps and no others ${JSON.stringify(set)}`, () => {
      const [path] = explainScenario(scenario(set), plugins.catalogue).paths;
      assert.deepEqual(path.metrics[0].budget.map(({ text, ps }) => [text, ps]), steps);
    });
  }
});

test("the scenario keeps its promises", async () => {
  const { expectations } = await runScenario(scenario(), { catalogue: plugins.catalogue });
  assert.deepEqual(expectations.filter(({ held }) => !held).map(({ check, found }) => ({ check, found })), []);
});
