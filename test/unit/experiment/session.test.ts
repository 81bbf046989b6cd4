import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WirelatError, WirelatErrors } from "../../../src/errors/index.js";
import { runScenario, Session, type Progress, type RunOptions } from "../../../src/experiment/index.js";
import { CATALOGUE } from "../../../src/models/index.js";
import { resultJson, type Result } from "../../../src/result/index.js";
import type { Scenario } from "../../../src/scenario/index.js";
import { readText } from "../../support/read-text.js";
import { SMALL, smallWith } from "../../support/small-scenario.js";

const run = (scenario: Scenario, options: Partial<RunOptions> = {}): Promise<Result> => runScenario(scenario, { catalogue: CATALOGUE, messages: 300, ...options });

/** The errors that an action is refused with, as code and path. */
async function refusals(action: () => Promise<unknown>): Promise<string[]> {
  try {
    await action();
  } catch (error) {
    if (error instanceof WirelatErrors) return error.errors.map((one) => `${one.code} ${one.place?.line ?? "nowhere"}`);
    if (error instanceof WirelatError) return [error.code];
    throw error;
  }
  return [];
}

const OTHER = smallWith(["id: small", "id: other"]);

describe("a run of a scenario", () => {
  test("has every variant at every point in the order of the file, all from one seed", async () => {
    const result = await run(readText(SMALL), { seed: 9 });
    assert.deepEqual(result.runs.map((one) => `${one.variant} ${one.point["ticks.rate"]}`), ["base 100 kpps", "base 200 kpps", "slow 100 kpps", "slow 200 kpps"]);
    assert.equal(result.seed, 9);
  });

  test("is told of with all its messages before the first is sent", async () => {
    const told: (readonly [planned: number, done: number])[] = [];
    let done = 0;
    const session = new Session({ catalogue: CATALOGUE, messages: 300, onPlan: (planned) => told.push([planned, done]), onProgress: (one) => (done = one.done) });
    const prepared = session.prepare(readText(SMALL));
    assert.deepEqual(told, [[1200, 0]]);
    await session.run(prepared);
    assert.ok(told.every(([planned]) => planned === 1200));
  });

  // Common random numbers: a variant that changes nothing gives the same messages at the same times, to the last bit.
  test("gives variants the same random numbers", async () => {
    const result = await run(readText(smallWith(["slow: { box.parse.cycles: 6 }", "slow: { box.parse.cycles: 2 }"], ["p50(delay/slow) > p50(delay)", "p50(delay/slow) == p50(delay)"])));
    const [base, , same] = result.runs;
    assert.equal(base?.fingerprint, same?.fingerprint);
    assert.deepEqual(base?.metrics, same?.metrics);
    assert.ok(result.expectations.every((one) => one.held));
  });

  test("is the same to the byte each time, and its inputs hash follows what it rests on", async () => {
    const [first, again] = await Promise.all([run(readText(SMALL)), run(readText(SMALL))]);
    assert.equal(resultJson(first), resultJson(again));
    const commented = await run(readText(`${SMALL}\n# a remark\n`));
    const changed = await run(readText(SMALL, { "feed.length": "4 m" }));
    assert.equal(commented.inputs, first.inputs);
    assert.notEqual(changed.inputs, first.inputs);
  });

  test("keeps the warm-up's share when there are fewer messages", async () => {
    const result = await run(readText(SMALL), { messages: 1000 });
    assert.deepEqual(result.runs[0]?.messages, { sent: 1000, completed: 1000, measured: 950, dropped: {} });
  });

  test("tells its progress over all runs", async () => {
    const seen: Progress[] = [];
    await run(readText(SMALL), { messages: 300_000, variants: ["base"], onProgress: (one) => seen.push(one) });
    assert.ok(seen.length > 0);
    assert.ok(seen.every((one, index) => one.total === 600_000 && one.done <= one.total && one.done >= (seen[index - 1]?.done ?? 0)), JSON.stringify(seen));
    assert.ok(seen.every((one) => /^small base, \d00 kpps$/u.test(one.what)));
  });
});

describe("expectations", () => {
  test("one that holds everywhere is told once, one that fails is told for each point where it does", async () => {
    const result = await run(readText(smallWith(["copies(box) == 0", "movements(box) == 7"])));
    assert.deepEqual(result.expectations.map((one) => [one.held, one.point]), [
      [true, {}], [false, { "ticks.rate": "100 kpps" }], [false, { "ticks.rate": "200 kpps" }],
    ]);
  });

  test("a variant that must be refused is, with the right code or the expectation fails", async () => {
    const checks = (code: string): string => smallWith(
      ["slow: { box.parse.cycles: 6 }", "slow: { box.parse.cycles: 6 }\n  wrong: { ticks.rate: 5 }"],
      ["  - { check: copies(box) == 0", `  - { rejects: wrong, code: ${code}, because: a rate has a unit }\n  - { check: copies(box) == 0`],
      ["sweep: { ticks.rate: [100 kpps, 200 kpps] }", "sweep: { feed.length: [3 m, 4 m] }"],
    );
    const verdict = async (code: string): Promise<boolean | undefined> => (await run(readText(checks(code)))).expectations.find((one) => one.check.startsWith("rejects"))?.held;
    assert.equal(await verdict("unit-missing"), true);
    assert.equal(await verdict("unit-unknown"), false);
  });

  test("another scenario's runs are made only where they are asked for, and once", async () => {
    const asking = smallWith(["  - { check: copies(box) == 0", "  - { check: p50(delay) < p50(other:delay/slow), because: it is }\n  - { check: p90(delay) < p90(other:delay/slow), because: it is }\n  - { check: copies(box) == 0"]);
    let opened = 0;
    const seen: string[] = [];
    const other = readText(OTHER);
    const open = (): Scenario => {
      opened++;
      return other;
    };
    const session = new Session({ catalogue: CATALOGUE, messages: 30_000, open, onProgress: ({ what }) => void seen.push(what) });
    const result = await session.run(session.prepare(readText(asking), { variants: ["base"] }));
    assert.equal(opened, 1);
    assert.deepEqual(new Set(seen.filter((what) => what.startsWith("other"))), new Set(seen.filter((what) => what.startsWith("other slow"))));
    assert.deepEqual(result.expectations.map((one) => one.held), [true, true, true]);
    assert.ok(result.runs.every((one) => one.variant === "base"));
  });

  test("a reference to a variant that the other scenario lacks is an error before anything runs", async () => {
    const asking = smallWith(["copies(box) == 0", "p50(delay) < p50(other:delay/fast)"]);
    assert.deepEqual(await refusals(() => run(readText(asking), { open: () => readText(OTHER) })), ["variant-unknown"]);
    assert.deepEqual(await refusals(() => run(readText(asking))), ["reference-unknown"]);
  });
});

describe("parameters that nothing rests on", () => {
  const DEAD = "box: { use: fpga/ull-10g, risk.cycles: 2 }";

  test("are refused where they stand, also when they come from the command line", async () => {
    const scenario = readText(smallWith(["box: { use: fpga/ull-10g }", DEAD]));
    assert.deepEqual(await refusals(() => run(scenario)), ["parameter-dead 6"]);
    assert.deepEqual(await refusals(() => run(readText(SMALL, { "box.risk.cycles": "2" }))), ["parameter-dead 1"]);
  });

  test("are fine when one variant uses them, even if only another is run", async () => {
    const used = smallWith(["box: { use: fpga/ull-10g }", DEAD], ["paths:\n", "paths:\n  risky: [feed, box.phy.rx, box.mac.rx, box.parse: { cycles: 2, trigger: payload + 20 B }, box.risk, box.mac.tx, box.phy.tx, order]\n"], ["slow: { box.parse.cycles: 6 }", "slow: { ticks.path: risky }"]);
    assert.deepEqual(await refusals(() => run(readText(used), { variants: ["base"] })), []);
  });

  test("of presets are not held against the scenario", async () => {
    assert.deepEqual(await refusals(() => run(readText(SMALL))), []);
  });
});

describe("an interrupted session", () => {
  test("keeps the runs that were finished and says how many; without any it throws", async () => {
    const stop = new AbortController();
    // Enough for a run to last several of the turns in which a session listens.
    const partial = await run(readText(SMALL), { messages: 1_500_000, signal: stop.signal, onProgress: ({ what }) => (what.includes("slow") ? stop.abort() : undefined) });
    assert.deepEqual(partial.runs.map((one) => one.variant), ["base", "base"]);
    assert.ok(partial.warnings.includes("Interrupted after 2 of 4 runs."));
    assert.deepEqual(partial.expectations.map((one) => one.check), ["copies(box) == 0"]);
    const early = AbortSignal.abort();
    assert.deepEqual(await refusals(() => run(readText(SMALL), { signal: early })), ["interrupted"]);
  });
});
