// The hop between two nodes, and the links that its bytes share.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { amountOf, use } from "../../src/modeling/index.js";
import { run, total, touch } from "../support/memory-probes.js";
import type { Probe, ProbeBench } from "../support/probe.js";

const write = (bytes: number): Probe => ({ memory }) => [use(memory, "dma-write", { bytes: amountOf(bytes), remote: true })];
const read = (bytes: number): Probe => ({ memory }) => [use(memory, "dma-read", { bytes: amountOf(bytes), remote: true })];
const together = (probe: Probe, count: number, numa: NonNullable<ProbeBench["memory"]>["numa"] = {}): readonly number[] => run(probe, { numa: numa ?? {} }, Array.from({ length: count }, () => 0)).latencies[0]!;

describe("a hop between nodes", () => {
  test("takes a device's write, a device's read and a core's load its own time, whatever the size", () => {
    for (const bytes of [64, 4096]) {
      assert.equal(total(run(write(bytes))), 50_000);
      assert.equal(total(run(read(bytes))), 105_000);
    }
    assert.equal(total(run(touch(1, { remote: true }))) - 85_000, 70_000);
  });

  test("its time is a parameter of each kind", () => {
    const numa = { load: "60 ns", read: "100 ns", write: "40 ns" };
    assert.equal(total(run(write(64), { numa })), 40_000);
    assert.equal(total(run(read(64), { numa })), 100_000);
    assert.equal(total(run(touch(1, { remote: true }), { numa })) - 85_000, 60_000);
  });

  test("two transfers find a link each, a third waits for the bytes of one: 4096 B at 20.8 GB/s", () => {
    assert.deepEqual([...together(write(4096), 3)], [50_000, 50_000, 50_000 + 196_923]);
  });

  test("with one link the second waits, with a slower one longer", () => {
    assert.deepEqual([...together(write(4096), 2, { links: 1 })], [50_000, 246_923]);
    assert.deepEqual([...together(write(4096), 2, { links: 1, rate: "83.2 Gbit/s" })], [50_000, 50_000 + 393_846]);
  });

  test("reads and writes travel in opposite directions and do not meet", () => {
    const both: Probe = (reach) => [...write(65_536)(reach), ...read(65_536)(reach)];
    assert.equal(total(run(both, { numa: { links: 1 } })), 155_000);
  });
});
