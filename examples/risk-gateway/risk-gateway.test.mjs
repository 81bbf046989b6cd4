// The timing of acme/risk-gateway as a table: what is set, and every step of a lone order with its time in picoseconds.
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { CATALOGUE, explainScenario, openScenarioFile, pluginOf, Plugins, readScenario, runScenario } from "wirelat";

const here = import.meta.dirname;
const plugins = new Plugins(CATALOGUE);
plugins.load(pluginOf("./risk-gateway.ts", here));

function scenario(set = {}) {
  const { file, access } = openScenarioFile(join(here, "risk-gateway.yaml"));
  return readScenario(file, { access, catalogue: CATALOGUE, plugins: (named) => plugins.load(named), set: Object.entries(set).map(([path, text]) => ({ path, text })) });
}

const rows = (wait, lookups) => [["PHY in", 40_000], ["fields of the order", wait], ["lookups", lookups], ["PHY out", 40_000]];

const TABLE = [
  { set: {}, steps: rows(56_000, 90_000) },
  { set: { "gate.mode": "store-forward" }, steps: rows(94_400, 90_000) },
  { set: { "gate.decide": "payload + 1 B" }, steps: rows(40_800, 90_000) },
  { set: { "gate.lookups": "5" }, steps: rows(56_000, 150_000) },
  { set: { "orders.payload": "1000 B" }, steps: rows(56_000, 90_000) },
];

describe("a lone order", () => {
  for (const { set, steps } of TABLE) {
    test(`takes the listed steps and no others ${JSON.stringify(set)}`, () => {
      const [path] = explainScenario(scenario(set), plugins.catalogue).paths;
      const own = path.metrics[0].budget.filter(({ ps }) => ps > 0);
      assert.equal(own.reduce((sum, { ps }) => sum + ps, 0), steps.reduce((sum, [, ps]) => sum + ps, 0));
      assert.deepEqual(own.map(({ ps }) => ps).sort(), steps.map(([, ps]) => ps).sort());
    });
  }
});

test("the scenario keeps its promises, drops included", async () => {
  const { expectations } = await runScenario(scenario(), { catalogue: plugins.catalogue });
  assert.equal(expectations.length, 4);
  assert.deepEqual(expectations.filter(({ held }) => !held).map(({ check, found }) => ({ check, found })), []);
});
