// Goal: a metric by an adapter's time stamps says what a capture would, whole ticks of a clock that runs free, and its parts still sum.
// Method: a constant latency L under a clock of period P is floor(L/P) ticks or one more, the latter with the chance f = frac(L/P), so that
// the mean is L and the variance P^2 f (1 - f); the same latency without stamps beside it; refusals.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WirelatErrors } from "../../../src/errors/index.js";
import { prepare } from "../../../src/experiment/prepare.js";
import { eachMessage, explainJourneys, messageTables, runScenario } from "../../../src/experiment/index.js";
import { CATALOGUE } from "../../../src/models/index.js";
import type { MetricResult } from "../../../src/result/index.js";
import { readScenario, type Scenario } from "../../../src/scenario/index.js";
import { memoryAccess } from "../../support/fake-catalogue.js";

const PERIOD = 6400;
const [MESSAGES, WARMUP] = [20_000, 100];

/** A frame crosses a box in 33 ns and some more, whatever the load; an adapter that taps both its links has the clock. */
const scenario = (metric = "from: box.in@sfd, to: box.out@sfd, stamps: probe.nic"): Scenario => readScenario("main.yaml", { access: memoryAccess({ "main.yaml": `wirelat: 1
id: stamps
title: A box between two taps
hosts: { probe: { nic: { use: nic/generic, stamp.resolution: ${PERIOD} ps } } }
switches: { box: { use: switch/l1, fan-out.delay: 33 ns } }
links: { feed: { use: link/ethernet }, order: { use: link/ethernet } }
traffic: { ticks: { use: traffic/constant, rate: 100 kpps, path: through } }
paths: { through: [feed, box, { tap: inside }, order] }
metrics: { exact: { from: box.in@sfd, to: box.out@sfd }, seen: { ${metric} } }
run: { messages: ${MESSAGES}, warmup: ${WARMUP}, seed: 1 }
` }), catalogue: CATALOGUE });

const result = await runScenario(scenario(), { catalogue: CATALOGUE });
function metricOf(name: string): MetricResult {
  const found = result.runs[0]?.metrics.find((one) => one.name === name);
  assert.ok(found !== undefined);
  return found;
}

describe("a metric by time stamps", () => {
  const [exact, seen] = [metricOf("exact"), metricOf("seen")];
  const latency = exact.minPs;
  const share = (latency % PERIOD) / PERIOD;

  test("of a constant latency is one of two numbers of ticks, each as often as it must be", () => {
    assert.equal(exact.maxPs, latency);
    assert.ok(share > 0.05 && share < 0.95, "the latency is no multiple of the period");
    const below = latency - (latency % PERIOD);
    assert.deepEqual([seen.minPs, seen.maxPs], [below, below + PERIOD]);
    assert.deepEqual([...new Set(seen.cdf.map(({ ps }) => ps))], [below, below + PERIOD]);
    const spread = PERIOD * Math.sqrt(share * (1 - share));
    assert.ok(Math.abs(seen.meanPs - latency) < (4 * spread) / Math.sqrt(seen.count), `${seen.meanPs}`);
    assert.ok(Math.abs(seen.sdPs / spread - 1) < 0.03, `${seen.sdPs} and ${spread}`);
    assert.equal(seen.count, MESSAGES - WARMUP);
  });

  test("is told in parts that sum to it in every band, two of them the clock's", () => {
    for (const { totalPs, segments } of seen.breakdowns) {
      assert.equal(segments.reduce((sum, { sumPs }) => sum + sumPs, 0), totalPs);
      const clock = segments.filter(({ label }) => label.includes("time stamps"));
      assert.deepEqual(clock.map(({ step, kind, sumPs }) => [step, kind, Math.sign(sumPs)]), [["box.in@sfd", "align", 1], ["box.out@sfd", "overlap", -1]]);
    }
    assert.equal(seen.breakdowns.length, 3);
    assert.equal(seen.breakdowns[0]?.totalPs, Math.round(seen.meanPs * seen.count));
    assert.ok(exact.breakdowns.every(({ segments }) => segments.every(({ label }) => !label.includes("time stamps"))));
    assert.equal(seen.to, "box.out@sfd, by the time stamps of probe.nic");
  });

  test("is what is told of single messages, and what is exported", async () => {
    const { journeys } = explainJourneys(scenario(), CATALOGUE, { variant: "base", select: { kind: "worst", count: 3 }, metric: "seen" });
    assert.equal(journeys.length, 3);
    for (const { pieces, latencyPs } of journeys) {
      assert.equal(latencyPs, seen.maxPs);
      assert.equal(pieces.reduce((sum, { ps }) => sum + ps, 0), latencyPs);
      assert.equal(pieces.at(0)?.kind, "align");
      assert.equal(pieces.at(-1)?.kind, "overlap");
    }
    const [one] = prepare(scenario(), CATALOGUE).cases;
    assert.ok(one !== undefined);
    const column = messageTables(one.compiled)[0]?.columns.findIndex(({ name }) => name === "seen_ps") ?? -1;
    let sum = 0;
    await eachMessage(one.compiled, one.scenario.run, (_, row) => void (sum += row[column] ?? NaN), () => undefined);
    assert.equal(sum, seen.breakdowns[0]?.totalPs);
  });

  test("counts the ticks of a clock that does not know the traffic: another seed, other stamps, the same mean", async () => {
    const other = (await runScenario(scenario(), { catalogue: CATALOGUE, seed: 2 })).runs[0]?.metrics[1];
    assert.ok(other !== undefined && other.meanPs !== seen.meanPs);
    assert.ok(Math.abs(other.meanPs - latency) < 0.04 * PERIOD);
  });
});

describe("time stamps are refused", () => {
  const code = (metric: string): string => {
    try {
      prepare(scenario(metric), CATALOGUE);
    } catch (error) {
      if (error instanceof WirelatErrors) return error.errors[0]?.code ?? "";
      throw error;
    }
    return "none";
  };

  test("of who makes none, of what is not on a wire, and of whom there is not", () => {
    assert.equal(code("from: box.in@sfd, to: box.out@sfd, stamps: probe.nic"), "none");
    assert.equal(code("from: box.in@sfd, to: box.out@sfd, stamps: box"), "stamps-impossible");
    assert.equal(code("from: box.in@sfd, to: box.out@sfd, stamps: probe"), "stamps-impossible");
    assert.equal(code("from: \"@intended\", to: box.out@sfd, stamps: probe.nic"), "stamps-impossible");
    assert.equal(code("from: box.in@sfd, to: box.out@sfd, stamps: probe.nix"), "instance-unknown");
  });
});
