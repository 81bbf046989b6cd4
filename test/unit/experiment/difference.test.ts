// Goal: a difference is taken apart without a remainder, whatever the two paths look like.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { differencesFrom } from "../../../src/experiment/index.js";
import { COMPARISON_FORMAT, COMPARISON_SCHEMA, comparedPaths, comparisonJson, misshapen, SEGMENT_KINDS, type Breakdown, type ComparedPath, type SegmentSum } from "../../../src/result/index.js";
import { fpgaExample, kernelExample } from "../../support/example-result.js";

const [kernel, unmoderated] = comparedPaths([kernelExample()]) as [ComparedPath, ComparedPath];

const segments = fc.uniqueArray(fc.record<SegmentSum>({
  step: fc.constantFrom("rx", "cpu", "tx"), label: fc.constantFrom("a", "b", "c"), kind: fc.constantFrom(...SEGMENT_KINDS), sumPs: fc.integer({ min: -1e9, max: 1e12 }),
}), { selector: ({ step, label, kind }) => `${step} ${label} ${kind}`, maxLength: 20 });
const breakdown = fc.record({ segments, messages: fc.integer({ min: 1, max: 200_000 }) }).map(({ segments: parts, messages }): Breakdown => ({ band: "all", messages, segments: parts, totalPs: parts.reduce((sum, part) => sum + part.sumPs, 0) }));

const withBreakdown = (path: ComparedPath, one: Breakdown): ComparedPath => ({ ...path, metric: { ...path.metric, breakdowns: [one] } });

describe("the difference of two paths", () => {
  test("adds up to the picosecond, before, after and between, whatever the parts and the numbers of messages", () => {
    fc.assert(fc.property(breakdown, breakdown, (before, after) => {
      const [difference] = differencesFrom(withBreakdown(kernel, before), [withBreakdown(unmoderated, after)]);
      const [band] = difference?.bands ?? [];
      assert.ok(band !== undefined);
      const sum = (key: "fromPs" | "toPs" | "deltaPs"): number => band.parts.reduce((total, part) => total + part[key], 0);
      assert.deepEqual([sum("fromPs"), sum("toPs"), sum("deltaPs")], [band.fromPs, band.toPs, band.deltaPs]);
      assert.ok(Math.abs(band.fromPs - before.totalPs / before.messages) <= 0.5 && Math.abs(band.toPs - after.totalPs / after.messages) <= 0.5);
      for (const part of band.parts) assert.ok(Number.isSafeInteger(part.fromPs) && part.deltaPs === part.toPs - part.fromPs);
    }));
  });

  test("of a path and itself is nothing, and not told apart", () => {
    const [same] = differencesFrom(kernel, [kernel]);
    assert.deepEqual([same?.mean.deltaPs, same?.mean.distinct, same?.p99?.distinct], [0, false, false]);
    assert.ok(same?.bands.every((band) => band.parts.every((part) => part.deltaPs === 0)));
  });

  test("says what else changes: only what one of them has, time of processors among it", () => {
    const [fpga] = comparedPaths([fpgaExample()]) as [ComparedPath];
    const [difference] = differencesFrom(kernel, [fpga]);
    const cost = (name: string): unknown => difference?.costs.find((one) => one.name === name);
    assert.deepEqual(cost("copies"), { name: "copies", unit: "count", from: 2, to: 0 });
    assert.equal(cost("ipis"), undefined);
    const bytes = kernel.run.resources.filter((one) => one.kind === "bus").flatMap((one) => Object.values(one.bytes)).reduce((sum, one) => sum + one, 0);
    assert.ok(bytes > 0);
    assert.deepEqual(cost("busBytes"), { name: "busBytes", unit: "bytes", from: bytes / kernel.run.messages.completed, to: 0 });
    assert.ok(difference?.costs.some((one) => one.name === "cpuTime" && one.from > 0 && one.to === 0));
  });

  test("has no interval where one of the runs was too short for stretches", () => {
    const short = { ...unmoderated, metric: { ...unmoderated.metric, sections: null } };
    assert.deepEqual(differencesFrom(kernel, [short]).map(({ mean }) => [mean.lowPs, mean.highPs, mean.distinct]), [[null, null, null]]);
  });

  test("as JSON is of the documented shape", () => {
    const results = [kernelExample(), fpgaExample()];
    const [first, ...others] = comparedPaths(results) as [ComparedPath, ...ComparedPath[]];
    const text = comparisonJson({ schema: COMPARISON_SCHEMA, differences: differencesFrom(first, others), results });
    assert.equal(misshapen(COMPARISON_FORMAT, JSON.parse(text)), null);
  });
});
