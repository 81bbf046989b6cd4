import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { OP } from "../../src/engine/index.js";
import { arrivalsOf, trafficNamed } from "../support/arrival-times.js";
import { run, sketch } from "../support/program.js";

const traffic = trafficNamed("traffic/closed");
const SERVICE = 10_000;

/** Messages through one server of 10 ns. */
function served(params: Readonly<Record<string, unknown>>, messages: number) {
  return run(sketch({
    code: [{ op: OP.stage, part: 0, amount: 0, amount2: 0, wait: 0, work: 1 }],
    stages: [{ name: "server", servers: 1, discipline: "fifo" }], amounts: [() => SERVICE], arrivals: arrivalsOf(traffic, params),
  }), { messages });
}

describe("clients that wait for their answers", () => {
  test("alone never meet a queue, whatever they think", () => {
    for (const think of ["0 ps", "7 ns"]) {
      const { latencies, machine } = served({ think }, 100);
      assert.deepEqual(new Set(latencies), new Set([SERVICE]));
      assert.equal(machine.endTime, 100 * SERVICE + 99 * (think === "7 ns" ? 7_000 : 0));
    }
  });

  test("obey R = N/X - Z exactly once all of them go round", () => {
    const population = 5;
    for (const [think, expected] of [["0 ps", 50_000], ["20 ns", 30_000], ["39 ns", 11_000]] as const) {
      const { latencies } = served({ population, think }, 500);
      assert.deepEqual(new Set(latencies.slice(population)), new Set([expected]), think);
    }
  });

  test("may think for random times", () => {
    const { latencies, machine } = served({ population: 3, think: { dist: "exp", mean: "30 ns" } }, 20_000);
    const response = latencies.reduce((sum, one) => sum + one, 0) / latencies.length;
    const throughput = latencies.length / machine.endTime;
    assert.ok(Math.abs(response - (3 / throughput - 30_000)) < 600, `${response} against ${3 / throughput - 30_000}`);
  });

  test("must exist", () => assert.throws(() => arrivalsOf(traffic, { population: 0 }), { code: "traffic-population" }));
});
