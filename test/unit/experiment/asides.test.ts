// Goal: a metric may end in off-path work. Method: a small scenario whose path spawns work between two taps; its latency must be what
// the message had taken until then and the work's own, with segments that add up to it, and the message's own metrics stay as they are.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WirelatErrors } from "../../../src/errors/index.js";
import { explainCompiled } from "../../../src/experiment/explain.js";
import { Session } from "../../../src/experiment/index.js";
import { CATALOGUE } from "../../../src/models/index.js";
import { compile, readScenario, type Scenario } from "../../../src/scenario/index.js";
import type { MetricResult, RunResult } from "../../../src/result/index.js";
import { memoryAccess } from "../../support/fake-catalogue.js";

const TEXT = `wirelat: 1
id: aside
title: Work that goes its own way
hosts:
  box: { cpu: { use: host/core, threads: { app: 1, other: 2 } }, llc: { use: host/llc }, copier: { use: op/copy } }
traffic:
  ticks: { use: traffic/constant, rate: 100 kpps, path: through }
paths:
  through:
    - tap: begin
    - box.run: { time: 100 ns, core: app }
    - spawn: [box.run: { time: 30 ns, core: other }, tap: apart, box.run: { time: 5 ns, core: other }]
    - tap: after
    - box.run: { time: 400 ns, core: app }
    - tap: finish
metrics:
  own: { from: begin, to: finish }
  other: { from: begin, to: apart }
run: { messages: 200, warmup: 50, seed: 1 }
`;

const read = (text: string): Scenario => readScenario("main.yaml", { access: memoryAccess({ "main.yaml": text }), catalogue: CATALOGUE });

async function run(text: string): Promise<RunResult> {
  const session = new Session({ catalogue: CATALOGUE });
  const [first] = (await session.run(session.prepare(read(text)))).runs;
  assert.ok(first !== undefined);
  return first;
}

const found = (result: RunResult, name: string): MetricResult => result.metrics.find((metric) => metric.name === name) ?? assert.fail(`no ${name}`);

/** Codes of what the compiler refuses. */
function codesOf(text: string): string[] {
  const [one] = read(text).cases;
  try {
    compile(one?.scenario ?? assert.fail("no case"), CATALOGUE);
  } catch (error) {
    if (error instanceof WirelatErrors) return error.errors.map(({ code }) => code);
    throw error;
  }
  return [];
}

describe("a metric that ends in off-path work", () => {
  test("counts what the message had taken until then and the work's own, to the picosecond, with its floor", async () => {
    const result = await run(TEXT);
    const [own, other] = [found(result, "own"), found(result, "other")];
    assert.deepEqual([own.count, own.minPs, own.maxPs, own.floorPs], [150, 500_000, 500_000, 500_000]);
    assert.deepEqual([other.count, other.minPs, other.maxPs, other.floorPs], [150, 130_000, 130_000, 130_000]);
    assert.deepEqual(other.breakdowns.map(({ totalPs, segments }) => totalPs - segments.reduce((sum, segment) => sum + segment.sumPs, 0)), [0, 0, 0]);
    assert.deepEqual(other.breakdowns[1]?.segments.map(({ label, sumPs }) => [label, sumPs / (other.breakdowns[1]?.messages ?? 1)]), [["run", 130_000]]);
    assert.deepEqual([result.messages.completed, result.messages.measured], [200, 150]);
  });

  test("leaves the others as they are", async () => {
    const alone = await run(TEXT.replace("  other: { from: begin, to: apart }\n", ""));
    assert.deepEqual(found(alone, "own").breakdowns, found(await run(TEXT), "own").breakdowns);
  });

  test("is explained with the path, line by line", () => {
    const [one] = read(TEXT).cases;
    assert.ok(one !== undefined);
    const { paths } = explainCompiled(one.scenario, compile(one.scenario, CATALOGUE));
    assert.equal(paths.length, 1);
    assert.deepEqual(paths[0]?.metrics.map(({ name, budget }) => [name, budget.map(({ ps }) => ps)]), [["own", [100_000, 400_000]], ["other", [100_000, 30_000]]]);
  });

  test("must begin before the work was started, or in it", () => {
    const refused = (metric: string): string[] => codesOf(TEXT.replace("other: { from: begin, to: apart }", metric));
    assert.deepEqual(refused("other: { from: after, to: apart }"), ["metric-apart"]);
    assert.deepEqual(refused("other: { from: apart, to: finish }"), ["metric-backwards"]);
    assert.deepEqual(refused("other: { from: begin, to: apart }"), []);
  });
});

describe("a metric that ends where not every message passes once", () => {
  const own = "    - box.run: { time: 400 ns, core: app }\n";
  const step = "box.run: { time: 400 ns, core: app }, tap: here";
  const metrics = (metric: string) => (structure: string): string[] => codesOf(TEXT.replace(own, `    - ${structure}\n`).replace("other: { from: begin, to: apart }", metric));

  for (const [name, structure] of [
    ["one way of a branch", `branch: { chance: 50%, yes: [${step}], no: [] }`],
    ["a loop", `repeat: { times: 3, do: [${step}] }`],
    ["one of several ways", `all: [[${step}], [box.run: { time: 5 ns, core: other }]]`],
  ] as const) {
    test(`is refused: ${name}`, () => {
      assert.deepEqual(metrics("other: { from: begin, to: here }")(structure), ["metric-astray"]);
      assert.deepEqual(metrics("other: { from: here, to: finish }")(structure), ["metric-astray"]);
      assert.deepEqual(metrics("other: { from: begin, to: finish }")(structure), []);
    });
  }
});
