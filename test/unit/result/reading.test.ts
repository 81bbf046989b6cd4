import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { breakdownOf, comparedPaths, costPerMessage, percentileOf, pointName, pointText, runName, segmentTotal, type RunResult } from "../../../src/result/index.js";
import { fpgaExample, kernelExample } from "../../support/example-result.js";

const KERNEL = kernelExample();
const FPGA = fpgaExample();

function first(runs: readonly RunResult[]): RunResult {
  const [run] = runs;
  assert.ok(run !== undefined);
  return run;
}

describe("reading a result", () => {
  test("names a run by its variant and sweep point, and a bare number by its axis", () => {
    assert.deepEqual(KERNEL.runs.map(runName), ["base, 1 kpps", "base, 20 kpps", "unmoderated, 1 kpps", "unmoderated, 20 kpps"]);
    assert.deepEqual(FPGA.runs.map(pointName), ["count = 1", "count = 50", "count = 1", "count = 50"]);
    assert.equal(pointText({ "ticks.rate": "1 kpps", "ticks.payload": "64 B" }), "ticks.rate = 1 kpps, ticks.payload = 64 B");
    assert.equal(runName({ ...first(KERNEL.runs), point: {} }), "base");
  });

  test("finds percentiles, costs and breakdowns, and says null or 0 where there are none", () => {
    const run = first(KERNEL.runs);
    const [metric] = run.metrics;
    assert.ok(metric !== undefined);
    assert.deepEqual([percentileOf(metric, 0.5)?.ps, percentileOf(metric, 0.9999)?.ps, percentileOf(metric, 0.2)], [23_708_142, null, null]);
    assert.deepEqual([costPerMessage(run, "copies"), costPerMessage(run, "nothing")], [2, 0]);
    assert.equal(breakdownOf(metric, "p99")?.band, "p99");
    assert.equal(breakdownOf({ ...metric, breakdowns: metric.breakdowns.slice(0, 1) }, "p99")?.band, "all");
    assert.equal(breakdownOf({ ...metric, breakdowns: [] }, "p50"), null);
  });

  test("takes a band without messages for none, so that no mean is divided by zero", () => {
    const [metric] = first(KERNEL.runs).metrics;
    assert.ok(metric !== undefined);
    const breakdowns = metric.breakdowns.map((one) => (one.band === "p50" ? { ...one, messages: 0 } : one));
    assert.equal(breakdownOf({ ...metric, breakdowns }, "p50")?.band, "all");
  });

  test("compares every variant of every result at its first sweep point, under names that tell them apart", () => {
    const names = (paths: readonly { readonly name: string }[]): string[] => paths.map((path) => path.name);
    assert.deepEqual(names(comparedPaths([KERNEL])), ["base", "unmoderated"]);
    assert.deepEqual(names(comparedPaths([KERNEL], { everyPoint: true })), KERNEL.runs.map(runName));
    assert.deepEqual(names(comparedPaths([KERNEL, FPGA])), ["kernel-udp-t2t/base", "kernel-udp-t2t/unmoderated", "fpga-t2t/base", "fpga-t2t/speculative"]);
    assert.deepEqual(names(comparedPaths([KERNEL, { ...FPGA, runs: FPGA.runs.slice(0, 1) }])), ["kernel-udp-t2t/base", "kernel-udp-t2t/unmoderated", "fpga-t2t"]);
    assert.deepEqual(comparedPaths([KERNEL, FPGA], { metric: "actionable" }).map((path) => path.metric.name), ["t2t", "t2t", "actionable", "actionable"]);
    assert.deepEqual(comparedPaths([{ ...KERNEL, runs: KERNEL.runs.map((run) => ({ ...run, metrics: [] })) }]), []);
  });
});

// The examples stand in for real results in all tests of reports and charts, so they must keep a result's own promise.
test("the examples add exactly, as every real result does", () => {
  const bands = [KERNEL, FPGA].flatMap((result) => result.runs).flatMap((run) => run.metrics).flatMap((metric) => metric.breakdowns);
  assert.equal(bands.length, 4 * 3 + 8 * 3);
  for (const band of bands) assert.equal(segmentTotal(band.segments), band.totalPs);
});
