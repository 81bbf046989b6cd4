// Goal: every model of the catalogue keeps the contract that `wirelat check MODEL` holds others to. Method: the suite itself, over
// benches of its own and the shipped scenarios that use the model; a failure names the model, the law and the bench.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { shippedPath, shippedScenarios, type Shipped } from "../../scripts/shipped-scenarios.js";
import { ContractSuite } from "../../src/contract/index.js";
import { WirelatErrors } from "../../src/errors/index.js";
import { BUNDLED_FOLDER, diskFolder, openScenarioFile, readScenario, readSources, type CheckedScenario } from "../../src/scenario/index.js";
import { CATALOGUE, MODELS } from "../../src/models/index.js";

/** One case of each variant. */
function variantsOf(one: Shipped): readonly CheckedScenario[] {
  const { file, access } = openScenarioFile(shippedPath(one));
  try {
    const { cases } = readScenario(file, { access, catalogue: CATALOGUE });
    return cases.filter((one, index) => cases.findIndex((other) => other.variant === one.variant) === index).map((one) => one.scenario);
  } catch (error) {
    // The tests of the shipped scenarios say what is wrong with one; here it is one bench less.
    assert.ok(error instanceof WirelatErrors, String(error));
    return [];
  }
}

const bundled = diskFolder(BUNDLED_FOLDER, "scenarios");
const suite = new ContractSuite({
  catalogue: CATALOGUE,
  sources: new Set(readSources({ own: bundled, bundled }).keys()),
  scenarios: shippedScenarios().flatMap(variantsOf),
});

describe("the contract of models", () => {
  for (const model of MODELS) {
    test(`${model.name} keeps it`, () => {
      const { verdicts } = suite.check(model);
      assert.ok(verdicts.length >= 9);
      assert.deepEqual(verdicts.flatMap(({ law, faults }) => faults.map((fault) => `${model.name}: ${law}: ${fault}`)), []);
    });
  }
});
