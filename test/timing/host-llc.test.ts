// What device writes leave in the last-level cache, and what a core then finds there: exact times, and the state of the cache as it fills.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { amountOf, leaveCore, use } from "../../src/modeling/index.js";
import { every, go, onCore, run, total, touch, trade } from "../support/memory-probes.js";
import { listed, probe, type Probe } from "../support/probe.js";

const OFF = { llc: { ddio: false } };

describe("first touch of what a device has written", () => {
  test("lines come from the cache one by one, the completion entry a little faster", () => {
    assert.equal(total(run(touch(1))), 25_000);
    assert.equal(total(run(touch(3))), 75_000);
    assert.equal(total(run(touch(1, { completion: true }))), 20_000);
  });

  test("without DDIO the first line costs a memory access and further ones overlap", () => {
    assert.equal(total(run(touch(1), OFF)), 85_000);
    assert.equal(total(run(touch(3), OFF)), 85_000 + 2 * 25_000);
  });

  test("a device on the other node loses DDIO and its writes take the hop", () => {
    const segments = listed(run(touch(1, {}, true)).segments());
    assert.deepEqual(segments.slice(0, 2), [["links between nodes", 1_538], ["other node", 48_462]]);
    assert.equal(segments.slice(2).reduce((sum, [, ps]) => sum + ps, 0), 85_000);
  });

  test("a core on the other node pays the remote load as well", () => {
    assert.equal(total(run(touch(1, { remote: true }))), 85_000 + 70_000);
  });

  test("a stage that already contains the cache hit pays only what a miss adds", () => {
    assert.equal(total(run(touch(2, { extra: true }))), 0);
    assert.equal(total(run(touch(2, { extra: true }), OFF)), 85_000 + 25_000 - 50_000);
  });
});

describe("what does not fit leaks", () => {
  // Buffers of 1 KiB into device ways of 64 KiB: 64 of them fit.
  const small = (buffers: number, more = {}) => ({ llc: { size: "64 KiB", ways: 1, "device-ways": 1, buffers, ...more } });
  const write: Probe = ({ memory }) => [use(memory, "dma-write", { bytes: amountOf(1024) })];
  const written = (buffers: number, count: number, more = {}): number => run(write, small(buffers, more), every(1_000_000, count)).account("memory-bytes") / 1024;

  test("a ring that fits is written over in place; one buffer more, and every write pushes another buffer out", () => {
    assert.deepEqual([32, 64, 65, 128].map((buffers) => written(buffers, 320)), [0, 0, 320 - 64, 320 - 64]);
  });

  test("the knee is where ring times frame is the room: half the ring carries twice the frame", () => {
    const big: Probe = ({ memory }) => [use(memory, "dma-write", { bytes: amountOf(2048) })];
    const leaked = (buffers: number): number => run(big, small(buffers), every(1_000_000, 320)).account("memory-bytes") / 2048;
    assert.deepEqual([32, 33].map(leaked), [0, 320 - 32]);
  });

  test("more or fewer ways for devices move the knee", () => {
    assert.equal(written(32, 320, { ways: 2 }), 0);
    assert.equal(written(33, 320, { ways: 2 }), 320 - 32);
  });

  /** A device writes a burst; the core comes when all of it has been written. */
  function late(burst: number): number {
    const slow: Probe = (reach) => [...write(reach), use(reach.cpu, "enter", { thread: "irq", label: "late", how: "sleep", amount: amountOf(1_000_000) }), leaveCore(), ...onCore(use(reach.memory, "touch", { lines: amountOf(1), label: "touch", category: "user" }))(reach)];
    const bench = probe({ memory: small(1024), probes: { go: slow }, flows: [go(Array.from({ length: burst }, () => 1_000_000))] });
    return Array.from({ length: burst }, (_, index) => bench.segments(0, index)).filter((segments) => segments.some(({ label }) => label.endsWith("in memory"))).length;
  }

  test("who reads behind a burst that fits finds all of it, behind a larger one what came last", () => {
    assert.equal(late(64), 0);
    assert.equal(late(65), 1);
    assert.equal(late(100), 36);
  });

  test("who reads at once finds its lines however large the ring", () => {
    assert.ok(run(touch(2), small(4096), every(1_000_000, 200)).latencies[0]!.every((latency) => latency === 50_000));
  });
});

describe("bytes on the memory bus", () => {
  test("none while everything stays in the cache; without DDIO each byte is written and read once", () => {
    assert.equal(run(touch(2)).account("memory-bytes"), 0);
    assert.equal(run(touch(2), OFF).account("memory-bytes"), 2 * 128);
    assert.equal(run(touch(2)).account("touched-bytes"), 128);
  });
});

describe("what settings of the host are worth on the poll-mode path", () => {
  const base = trade({});

  test("the path takes 3148.086 ns in the mean, half a turn of the polling loop in it", () => {
    assert.equal(base, 3_148_086);
  });

  test("without DDIO the first touches go to memory", () => {
    assert.equal(trade({ memory: OFF }) - base, 85_000 - 20_000 + 85_000 + 25_000 - 50_000);
  });

  test("on the wrong socket every read and every first touch takes longer", () => {
    assert.equal(trade({ nic: { numa: 1 } }) - base, 50_000 + 125_000 + 2 * 105_000);
  });

  test("a frame stored by the core saves both reads", () => {
    assert.equal(base - trade({ nic: { "tx.mode": "inline" } }), 1_226_445);
  });
});
