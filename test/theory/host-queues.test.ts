// Goal: threads of a host wait as the formulas say. Method: scenarios of a host with exponential work, means of several seeds against
// closed forms: preemptive priority, a set-up after idleness, vacations while idle. The gate is four standard errors of the seeds' means.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runText, type TextRun } from "../support/scenario-text.js";
import { uniformOpen } from "../../src/random/index.js";
import { memorySystem } from "../support/memory-system.js";
import { testModel, type Written } from "../support/model-tester.js";
import { probe } from "../support/probe.js";

const US = 1_000_000;
const SEEDS = 12;
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Means of independent runs agree with a value: within four standard errors, which must themselves be small. */
function agree(means: readonly number[], expected: number, within: number): void {
  const found = mean(means);
  const error = Math.sqrt(mean(means.map((one) => (one - found) ** 2)) / (means.length - 1));
  assert.ok(error < within * expected, `standard error ${error} of ${expected} tells nothing`);
  assert.ok(Math.abs(found - expected) < 4 * error, `${found} against ${expected}, standard error ${error}`);
}

function poisson(seed: number, key: number, count: number, gap: number): number[] {
  let t = 0;
  return Array.from({ length: count }, (_, index) => (t += Math.round(-gap * Math.log(uniformOpen(seed, key, index, 0)))));
}

describe("preemptive priority on a core", () => {
  test("a real-time thread waits for its own only, an ordinary one for both", () => {
    // Loads 0.3 and 0.4 of work with means 10 and 20 us.
    const [work1, work2, load1, load2] = [10 * US, 20 * US, 0.3, 0.4];
    const runs = Array.from({ length: SEEDS }, (_, at) => {
      const seed = at + 1;
      const flow = (thread: string, work: string, times: readonly number[]) => ({ path: [{ tap: `from-${thread}` }, ["gw.run", { time: { dist: "exp", mean: work }, core: thread }] as const, { tap: `to-${thread}` }], times, from: `from-${thread}`, to: `to-${thread}` });
      return probe({
        cpu: { threads: { rt: 3, app: 3 }, "real-time": ["rt"], slice: "1 s" }, seed,
        flows: [flow("rt", "10 us", poisson(seed, 1, 30_000, work1 / load1)), flow("app", "20 us", poisson(seed, 2, 20_000, work2 / load2))],
      }).latencies.map(mean);
    });
    const high = work1 / (1 - load1);
    const low = work2 / (1 - load1) + (load1 * work1 + load2 * work2) / ((1 - load1) * (1 - load1 - load2));
    agree(runs.map(([one]) => one!), high, 0.02);
    agree(runs.map(([, two]) => two!), low, 0.03);
  });
});

describe("a thread of an application", () => {
  const stage = (params: Readonly<Record<string, Written>>): number[] =>
    Array.from({ length: SEEDS }, (_, at) =>
      mean(testModel({
        instances: { gw: { components: { cpu: { model: "host/core", params: { threads: { app: 3 } } }, ...memorySystem(), app: { model: "app/stage", params: { core: "app", decide: { dist: "exp", mean: "10 us" }, ...params } } } } },
        path: [{ tap: "begin" }, "gw.app.decide", { tap: "end" }], from: "begin", to: "end", seed: at + 1,
        traffic: { model: "traffic/poisson", params: { rate: "60 kpps", payload: "64 B" } }, messages: 30_000,
      }).latencies));
  const [work, rate] = [10 * US, 60e3 / 1e12];
  const load = rate * work;
  // M/G/1 with exponential work: E[S²] = 2 E[S]².
  const plain = work + (rate * 2 * work * work) / (2 * (1 - load));

  test("waits as in M/M/1 without anything more", () => {
    agree(stage({}), plain, 0.02);
  });

  for (const [law, first, second] of [[{ dist: "exp", mean: "20 us" }, 20 * US, 2 * (20 * US) ** 2], [{ dist: "uniform", min: "0 us", max: "40 us" }, 20 * US, (40 * US) ** 2 / 3], ["20 us", 20 * US, (20 * US) ** 2]] as const) {
    const name = typeof law === "string" ? law : law.dist;
    test(`with a set-up after idleness, ${name}: (2 E[D] + λ E[D²]) / (2 (1 + λ E[D])) longer`, () => {
      agree(stage({ start: law }), plain + (2 * first + rate * second) / (2 * (1 + rate * first)), 0.02);
    });

    test(`with vacations while idle, ${name}: E[V²] / (2 E[V]) longer`, () => {
      agree(stage({ housekeeping: law }), plain + second / (2 * first), 0.02);
    });
  }
});

describe("channels of memory", () => {
  // Lines of 64 B at 1 Gbit/s a channel: 512 ns on one, 128 ns on four together; each is busy for 0.6 of the time.
  const [SERVICE, LOAD, CHANNELS] = [512_000, 0.6, 4];
  const MESSAGES = 200_000;
  const read = (interleave: string): { readonly waits: readonly number[]; readonly run: TextRun } => {
    const run = runText(`
wirelat: 1
id: test
title: channels
hosts:
  gw: { dram: { use: host/dram, channels: ${CHANNELS}, rate: 1 Gbit/s, interleave: ${interleave}, refresh: { every: 0 ns } } }
traffic:
  lines: { use: traffic/poisson, rate: ${Math.round((CHANNELS * LOAD) / (SERVICE * 1e-12))} pps, payload: 64 B, path: one }
paths:
  one: [tap: begun, gw.dram.traffic: 64 B, tap: read]
metrics:
  time: { from: begun, to: read }
run: { messages: ${MESSAGES}, warmup: 1000, seed: 7 }
`);
    const times = run.latencies.get("lines time") ?? [];
    const least = times.reduce((one, other) => Math.min(one, other));
    return { waits: times.map((time) => time - least), run };
  };
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  /** Mean wait of Poisson arrivals for a constant service: rho S / (2 (1 - rho)). */
  const constantService = (service: number): number => (LOAD * service) / (2 * (1 - LOAD));

  test("that take accesses by their address are as many queues M/D/1 of a split Poisson stream", () => {
    const { waits, run } = read("256 B");
    assert.ok(Math.abs(mean(waits) / constantService(SERVICE) - 1) < 0.04, `${mean(waits)}`);
    // Who finds a channel idle does not wait: 1 - rho of them.
    assert.ok(Math.abs(waits.filter((wait) => wait === 0).length / waits.length - (1 - LOAD)) < 0.01);
    const { queues, endTime, program } = run.machine;
    const busy = program.stages.flatMap(({ name }, index) => (/channel\d/u.test(name) ? [(queues[index]?.busy ?? 0) / endTime] : []));
    assert.equal(busy.length, CHANNELS);
    for (const share of busy) assert.ok(Math.abs(share - LOAD) < 0.02, `${share}`);
  });

  test("that lie under every transfer are one queue, as many times as fast", () => {
    const { waits } = read("0 B");
    assert.ok(Math.abs(mean(waits) / constantService(SERVICE / CHANNELS) - 1) < 0.04, `${mean(waits)}`);
  });
});
