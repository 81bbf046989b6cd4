// Goal: what ships is sound before anything runs. Method: every scenario and preset of scenarios/ is read with the shipped
// catalogue, and what their texts must have besides is looked for.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { CATALOGUE, shippedPresets } from "../../../scripts/scenario-schema.js";
import type { Evidence } from "../../../src/modeling/index.js";
import { BUNDLED_FOLDER, openScenarioFile, readScenario, readSources, Shelf, type Scenario } from "../../../src/scenario/index.js";

const files = readdirSync(BUNDLED_FOLDER, { recursive: true, encoding: "utf8" }).filter((file) => /\.ya?ml$/u.test(file) && !file.startsWith("hardware")).sort();

function scenarioOf(file: string): Scenario {
  const opened = openScenarioFile(`${BUNDLED_FOLDER}${file}`);
  return readScenario(opened.file, { access: opened.access, catalogue: CATALOGUE });
}

const { access } = openScenarioFile(`${BUNDLED_FOLDER}kernel-udp-t2t.yaml`);
const sources = readSources(access);
const citation = (evidence: Evidence): readonly string[] => ("cite" in evidence ? [evidence.cite] : []);

describe("a scenario that ships", () => {
  test("is among several", () => assert.ok(files.length >= 5));

  for (const file of files) {
    const text = readFileSync(`${BUNDLED_FOLDER}${file}`, "utf8");

    test(`${file} can be read, has a reason for every expectation and cites what is in the bibliography`, () => {
      const { summary, cases, expectations, refused } = scenarioOf(file);
      assert.ok(cases.length > 0 && summary.title !== "" && summary.about !== "" && expectations.length > 0);
      assert.deepEqual(refused, []);
      for (const expectation of expectations) assert.notEqual(expectation.because, "", `line ${expectation.place.line} has no because`);
      const cited = [...summary.source, ...expectations.flatMap((one) => one.cite ?? [])];
      assert.deepEqual(cited.filter((cite) => !sources.has(cite)), []);
    });

    test(`${file} is called by its id and tells editors its schema`, () => {
      const stem = (file.split("/").at(-1) ?? file).replace(/\.ya?ml$/u, "");
      assert.equal(scenarioOf(file).summary.id, stem);
      const schema = `${"../".repeat(file.split("/").length - 1)}schema.json`;
      assert.ok(text.startsWith(`# yaml-language-server: $schema=${schema}\n`), `the first line of ${file} is not "# yaml-language-server: $schema=${schema}"`);
    });
  }

  test("compares only with scenarios and variants that ship", () => {
    const scenarios = new Map(files.map((file) => [scenarioOf(file).summary.id, scenarioOf(file).variants]));
    for (const file of files) {
      for (const { scenario, variant } of scenarioOf(file).foreign) assert.ok(scenarios.get(scenario)?.includes(variant), `${file} compares with ${scenario}:${variant}`);
    }
  });
});

describe("a preset that ships", () => {
  const presets = shippedPresets();

  test("can be read, says what it is, and cites what is in the bibliography", () => {
    assert.ok(presets.length > 10);
    for (const { name, title, params } of presets) {
      assert.notEqual(title, "", name);
      for (const [param, { evidence }] of params) {
        assert.ok(evidence !== null, `${name}, ${param}: no evidence`);
        assert.deepEqual(citation(evidence).filter((cite) => !sources.has(cite)), [], `${name}, ${param}`);
      }
    }
  });

  test("is a file of hardware/, and every file there but the bibliography is one", () => {
    const found = access.bundled.list("hardware", ".yaml").filter((file) => file !== "hardware/sources.yaml");
    assert.deepEqual(found.map((file) => file.slice("hardware/".length, -".yaml".length)).sort(), presets.map((preset) => preset.name).sort());
    assert.ok(new Shelf(access, CATALOGUE).names().length === found.length);
  });
});

describe("the bibliography", () => {
  test("has every source that a model cites", () => {
    const params = [...CATALOGUE.models.values(), ...CATALOGUE.traffic.values()].flatMap((model) => Object.entries(model.params).map(([name, param]) => ({ name: `${model.name}, ${name}`, param })));
    for (const { name, param } of params) assert.deepEqual(citation(param.evidence).filter((cite) => !sources.has(cite)), [], name);
  });

  test("says of every source what it is called and where it is found", () => {
    assert.ok(sources.size > 10 && fileURLToPath(new URL("../../../scenarios/", import.meta.url)) === BUNDLED_FOLDER);
    for (const [name, source] of sources) assert.ok(source.title !== "" && source.where !== "", name);
  });
});
