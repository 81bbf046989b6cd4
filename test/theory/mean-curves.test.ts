// Goal: where a result states a mean in closed form, the simulation has that mean; and no path outside the class gets one. Method: sweeps of the load
// over queues of a laboratory's device, one behind the other; means of independent runs against the curve, by their 99.9 % interval.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runScenario } from "../../src/experiment/index.js";
import { chosen, choose, claim, claimStage, count, defineModel, delay, pool, release, amountOf, spawn, stage, timing } from "../../src/modeling/index.js";
import { CATALOGUE } from "../../src/models/index.js";
import type { Result, TheoryCurve } from "../../src/result/index.js";
import { BUNDLED_FOLDER, diskFolder, readScenario, type Scenario } from "../../src/scenario/index.js";
import { meanInterval } from "../../src/stats/index.js";

const own = chosen("for the test");

/** A queue whose next claim may come before or after its answer, and steps that the formula does not know. */
const QUEUE = defineModel({
  name: "lab/queue", title: "A queue", about: "",
  params: { answer: timing("1 us", "from the start of service to the answer", own), busy: timing("0 ns", "from the start of service to the next; none: as long as the answer takes", own) },
  parts: () => ({ server: stage(), pair: stage({ servers: 2 }), room: pool({ capacity: 1000, whenFull: "block" }) }),
  operations: (operation) => ({
    serve: operation({ meaning: "one claim", steps: ({ params, parts }) => [claimStage(parts.server, params.answer, "service", { occupancy: params.busy.of(0) === 0 ? params.answer : params.busy }), count("polls")] }),
    "serve-two": operation({ meaning: "two servers", steps: ({ params, parts }) => [claimStage(parts.pair, params.answer, "service")] }),
    rest: operation({ meaning: "time that shares nothing", steps: ({ params }) => [delay(params.answer, "rest")] }),
    often: operation({ meaning: "half of the messages", steps: ({ params, parts }) => [choose({ kind: "chance", probability: 0.5, name: "half" }, [claimStage(parts.server, params.answer, "service")], [])] }),
    lend: operation({ meaning: "a claim of a pool", steps: ({ params, parts }) => [claim(parts.room, amountOf(1), "room"), delay(params.answer, "rest"), release(parts.room, amountOf(1))] }),
    aside: operation({ meaning: "work off the path on the same server", steps: ({ params, parts }) => [spawn(claimStage(parts.server, params.answer, "other service"))] }),
  }),
});
const CATALOGUE_WITH = { ...CATALOGUE, models: new Map([...CATALOGUE.models, [QUEUE.name, QUEUE]]) };

interface Lab {
  readonly devices: string;
  readonly path: string;
  readonly rates: readonly string[];
  readonly metric?: string;
  readonly traffic?: string;
  /** Another source. */
  readonly other?: string;
  /** What is swept instead of the rate. */
  readonly sweep?: string;
}

function labScenario({ devices, path, rates, metric, traffic, other, sweep }: Lab): Scenario {
  const text = `wirelat: 1
id: lab
title: Queues one behind the other
devices: { ${devices} }
traffic:
  jobs: { use: traffic/${traffic ?? "poisson"}, rate: ${rates[0] ?? ""}, payload: 64 B, path: way }
${other ?? ""}
paths:
  way: [${path}, tap: done]
metrics: { ${metric ?? 'stay: { from: "@intended", to: done }'} }
run: { messages: 44000, warmup: 4000, seed: 5 }
sweep: { ${sweep ?? `jobs.rate: [${rates.join(", ")}]`} }
`;
  const file = { label: (name: string) => name, has: (name: string) => name === "lab.yaml", list: () => [], read: () => new TextEncoder().encode(text) };
  return readScenario("lab.yaml", { access: { own: file, bundled: diskFolder(BUNDLED_FOLDER, "scenarios") }, catalogue: CATALOGUE_WITH });
}

const SEEDS = 8;

async function runs(scenario: Scenario): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let seed = 1; seed <= SEEDS; seed++) results.push(await runScenario(scenario, { catalogue: CATALOGUE_WITH, seed }));
  return results;
}

/** The simulated means lie on the curve at every rate that was swept; answers the curve. */
async function follows(lab: Lab, law: TheoryCurve["law"]): Promise<TheoryCurve> {
  const results = await runs(labScenario(lab));
  const curve = results[0]?.theory[0];
  assert.ok(curve !== undefined);
  assert.equal(curve.law, law, curve.because);
  assert.deepEqual(results.map(({ theory }) => theory), results.map(() => [curve]));
  for (const [index, rate] of lab.rates.entries()) {
    const expected = curve.points.find(({ perSecond }) => Math.abs(perSecond / (1e3 * Number.parseFloat(rate)) - 1) < 1e-9)?.meanPs ?? NaN;
    const { mean, low, high } = meanInterval(results.map(({ runs: made }) => made[index]?.metrics[0]?.meanPs ?? NaN), 0.999);
    assert.ok(low <= expected && expected <= high, `${rate}: ${expected} ps is not within ${low} to ${high} ps`);
    assert.ok(high - low < 0.2 * mean, `${rate}: an interval of ${low} to ${high} ps tells nothing`);
  }
  return curve;
}

const RATES = ["100 kpps", "250 kpps", "400 kpps"];
const queue = (name: string, answer: string, busy: string | null = null): string => `${name}: { use: lab/queue, answer: ${answer}${busy === null ? "" : `, busy: ${busy}`} }`;

describe("the mean in closed form", () => {
  test("of queues with constant service one behind the other is that of the slowest, wherever it stands and whenever each answers", async () => {
    const devices = [queue("a", "1 us"), queue("b", "300 ns", "2 us"), queue("c", "3 us", "1500 ns"), queue("r", "700 ns")].join(", ");
    const curve = await follows({ devices, path: "a.serve, r.rest, b.serve, c.serve", rates: RATES }, "M/D/1");
    assert.match(curve.because, /b\.server is the slowest$/u);
    const at = (perSecond: number): number => curve.points.find((point) => Math.abs(point.perSecond - perSecond) < 1)?.meanPs ?? NaN;
    // 1 + 0.7 + 0.3 + 3 us without load, and 0.4 · 2² / (2 (1 - 0.8)) us of waiting at 400,000 a second.
    assert.ok(Math.abs(at(400e3) - 9e6) < 1, String(at(400e3)));
    assert.ok(Math.abs(at(100e3) - (5e6 + (0.1 * 4e6) / (2 * 0.8))) < 1);
  });

  test("inside a window that begins behind some of the queues is what the others add", async () => {
    const devices = [queue("a", "1 us"), queue("b", "2 us")].join(", ");
    const curve = await follows({ devices, path: "a.serve, tap: half, b.serve", rates: RATES, metric: "rest: { from: half, to: done }" }, "M/D/1");
    const [last] = curve.points.slice(-1);
    assert.ok(Math.abs((last?.meanPs ?? NaN) - (2e6 + (0.4 * 4e6) / (2 * 0.2) - (0.4 * 1e6) / (2 * 0.6))) < 1);
  });

  test("of one queue holds for service that is drawn", async () => {
    const exponential = await follows({ devices: queue("a", "{ dist: exp, mean: 2 us }"), path: "a.serve", rates: RATES }, "M/G/1");
    assert.ok(Math.abs((exponential.points.at(-1)?.meanPs ?? NaN) - 2e6 / (1 - 0.8)) < 10, "as M/M/1");
    await follows({ devices: queue("a", "{ dist: uniform, min: 1 us, max: 3 us }"), path: "a.serve", rates: RATES }, "M/G/1");
  });

  test("ends where the queue does not keep up", async () => {
    const [curve] = (await runScenario(labScenario({ devices: queue("a", "2 us"), path: "a.serve", rates: ["100 kpps", "600 kpps"] }), { catalogue: CATALOGUE_WITH, messages: 500 })).theory;
    assert.equal(curve?.law, "M/D/1");
    assert.ok(curve.points.every(({ perSecond }) => perSecond <= 0.99 * 500e3 + 1));
    assert.ok(curve.points.length >= 60);
  });
});

describe("no closed form is stated", () => {
  const devices = [queue("a", "1 us"), queue("b", "2 us"), queue("d", "{ dist: exp, mean: 1 us }")].join(", ");
  const cases: readonly (readonly [what: string, lab: Partial<Lab>, because: RegExp])[] = [
    ["of arrivals that are not Poisson", { path: "a.serve", traffic: "constant" }, /^arrivals are not Poisson$/u],
    ["of a drawn service behind another queue", { path: "a.serve, d.serve" }, /^d\.serve, .*not the only queue, and service is drawn$/u],
    ["of two servers", { path: "a.serve-two" }, /^a\.serve-two, .*not first come first served by one server$/u],
    ["of a queue that the path passes twice", { path: "a.serve, a.serve" }, /others use it, too$/u],
    ["of a queue that work off the path uses, too", { path: "a.aside, a.serve" }, /others use it, too$/u],
    ["of a queue that some messages pass by", { path: "a.often" }, /messages go different ways$/u],
    ["of a pool that might be empty", { path: "a.lend" }, /^a\.lend, claim room: no closed form/u],
    ["of drawn time beside a queue", { path: "d.rest, a.serve" }, /no closed form/u],
    ["of a path that two sources share", { path: "a.serve", other: "  others: { use: traffic/poisson, rate: 1 kpps, payload: 64 B, path: way }" }, /^several paths have it, or none$/u],
  ];
  for (const [what, lab, because] of cases) {
    test(what, async () => {
      const used = devices.split(/, (?=[abd]:)/u).filter((one) => (lab.path ?? "").includes(`${one[0] ?? ""}.`)).join(", ");
      const { theory } = await runScenario(labScenario({ devices: used, path: "", rates: ["100 kpps", "200 kpps"], ...lab }), { catalogue: CATALOGUE_WITH, messages: 300 });
      assert.equal(theory.length, 1);
      assert.deepEqual([theory[0]?.law, theory[0]?.points], ["", []]);
      assert.match(theory[0]?.because ?? "", because);
    });
  }

  test("of a sweep over something else", async () => {
    const scenario = labScenario({ devices: queue("a", "1 us", "1 us"), path: "a.serve", rates: ["100 kpps"], sweep: "a.busy: [1 us, 2 us]" });
    assert.deepEqual((await runScenario(scenario, { catalogue: CATALOGUE_WITH, messages: 300 })).theory, []);
  });
});
