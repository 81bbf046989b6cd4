// Goal: what ships runs as it stands and keeps its promises. Method: every scenario file is read, compiled and run in full, and its
// own expectations are judged; each must give a reason, so that a failure explains itself.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { Session } from "../../src/experiment/index.js";
import { CATALOGUE } from "../../src/models/index.js";
import { openScenarioFile, readScenario, Shelf, type Scenario } from "../../src/scenario/index.js";
import { PROJECT } from "../support/spawn-cli.js";

const FOLDER = join(PROJECT, "scenarios");
const names = readdirSync(FOLDER).filter((file) => file.endsWith(".yaml")).map((file) => file.slice(0, -".yaml".length));
/** About half a minute on a slow machine. */
const MOST_MESSAGES = 1_500_000;

function opened(name: string): Scenario {
  const { file, access } = openScenarioFile(join(FOLDER, `${name}.yaml`));
  return readScenario(file, { access, catalogue: CATALOGUE });
}

describe("the shipped scenarios", () => {
  test("are the five that the README lists", () => {
    assert.deepEqual(names, ["dpdk-t2t", "fpga-t2t", "kernel-udp-t2t", "opening-burst", "rdma-poll-byte"]);
  });

  for (const name of names) {
    test(`${name} keeps its promises`, async () => {
      const scenario = opened(name);
      const session = new Session({ catalogue: CATALOGUE, open: opened });
      const { expectations, runs } = await session.run(session.prepare(scenario));
      assert.ok(expectations.length >= 9, `${expectations.length} expectations`);
      assert.deepEqual(expectations.filter(({ held }) => !held).map(({ check, found, point }) => ({ check, found, point })), []);
      assert.deepEqual(expectations.filter(({ because }) => because.length < 10).map(({ check }) => check), []);
      assert.ok(runs.every((run) => run.messages.completed + Object.values(run.messages.dropped).reduce((sum, count) => sum + count, 0) === run.messages.sent));
    });

    test(`${name} explains itself to a student`, () => {
      const { summary } = opened(name);
      assert.ok(summary.about.length > 200, summary.about);
      assert.ok(summary.title.length > 10);
    });
  }

  test("are short enough that nobody minds running all of them", () => {
    const messages = names.flatMap((name) => opened(name).cases).reduce((sum, { scenario }) => sum + scenario.run.messages, 0);
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
