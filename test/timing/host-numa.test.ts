// The hop between two nodes, and the links that its bytes share.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { amountOf, use } from "../../src/modeling/index.js";
import { go, run, total, touch } from "../support/memory-probes.js";
import { probe, type Flow, type Probe, type ProbeBench } from "../support/probe.js";

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

  test("what crosses at the same time shares the links: bytes of others go in between, a kibibyte at a time", () => {
    // 64 B take 1.538 ns on two links of 20.8 GB/s, 1 KiB 24.615 ns. Three first lines go one behind the other, each 50 ns with its own.
    assert.deepEqual([...together(write(64), 3)], [50_000, 51_538, 53_076]);
    // The rest of two long ones, 4032 B each, is on its way for 193.846 ns when a third comes: it waits for the piece under way and its turn.
    const late = run(write(4096), {}, [0, 0, 100_000]).latencies[0]![2]!;
    assert.ok(late > 50_000 && late <= 50_000 + 3 * 24_616, `${late}`);
  });

  test("one link carries half as much, a slower one less", () => {
    assert.deepEqual([...together(write(64), 2, { links: 1 })], [50_000, 53_077]);
    assert.deepEqual([...together(write(64), 2, { links: 1, rate: "83.2 Gbit/s" })], [50_000, 56_154]);
  });

  test("what other programs move across is shared with a device's reads a piece at a time, and not with its writes", () => {
    const noise: Flow = { path: [{ tap: "a" }, ["gw.numa.traffic", "1 MiB"], { tap: "b" }], times: [0], from: "a", to: "b" };
    const behind = (access: Probe): number => probe({ memory: {}, probes: { go: access }, flows: [go([1_000_000]), noise] }).latencies[0]![0]!;
    const wait = behind(read(64)) - 105_000;
    assert.ok(wait > 0 && wait <= 24_616, `${wait}: at most the kibibyte that is on its way`);
    assert.equal(behind(write(64)), 50_000);
  });

  test("reads and writes travel in opposite directions and do not meet", () => {
    const both: Probe = (reach) => [...write(65_536)(reach), ...read(65_536)(reach)];
    assert.equal(total(run(both, { numa: { links: 1 } })), 155_000);
  });
});
