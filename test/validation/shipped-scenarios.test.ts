// Goal: what ships is listed, explains itself, can be used and is soon run. Method: every scenario file and preset is read as it stands.
// Whether the scenarios keep their promises is seen where they are run, in test/golden/reference.test.ts.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { shippedPath, shippedScenarios, type Shipped } from "../../scripts/shipped-scenarios.js";
import { CATALOGUE } from "../../src/models/index.js";
import { openScenarioFile, readScenario, Shelf, type Scenario } from "../../src/scenario/index.js";
import { PROJECT } from "../support/spawn-cli.js";

const FOLDER = join(PROJECT, "scenarios");
const shipped = shippedScenarios();
/** About three minutes on a slow machine. */
const MOST_MESSAGES = 9_000_000;

function opened(one: Shipped): Scenario {
  const { file, access } = openScenarioFile(shippedPath(one));
  return readScenario(file, { access, catalogue: CATALOGUE });
}

describe("the shipped scenarios", () => {
  test("are those that the README lists, and no two have one id", () => {
    const readme = readFileSync(join(FOLDER, "README.md"), "utf8");
    const listed = [...readme.matchAll(/\]\(([a-z0-9/-]+\.yaml)\)/g)].map((link) => link[1]).filter((link) => link?.startsWith("hardware/") === false);
    assert.deepEqual([...new Set(listed)].sort(), shipped.map(({ file }) => file));
    assert.equal(new Set(shipped.map(({ id }) => id)).size, shipped.length);
    assert.ok(shipped.length >= 5);
  });

  for (const one of shipped) {
    test(`${one.id} explains itself to a student`, () => {
      const { summary } = opened(one);
      assert.ok(summary.about.length > 200, summary.about);
      assert.ok(summary.title.length > 10);
    });
  }

  test("are short enough that nobody minds running all of them", () => {
    const messages = shipped.flatMap((one) => opened(one).cases).reduce((sum, { scenario }) => sum + scenario.run.messages, 0);
    assert.ok(messages > 500_000 && messages < MOST_MESSAGES, `${messages} messages`);
  });
});

describe("the shipped presets", () => {
  const { access } = openScenarioFile(join(FOLDER, "fpga-t2t.yaml"));
  const shelf = new Shelf(access, CATALOGUE);

  test("can each be used, and say what they are", () => {
    const presets = shelf.names();
    assert.ok(presets.length > 15, presets.join(", "));
    for (const preset of presets) {
      const used = shelf.use(preset, { file: "test", line: 1, column: 1 });
      assert.ok(used.title.length > 5 && used.about.length > 20, preset);
    }
  });
});
