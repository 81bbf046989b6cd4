import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Amount, amountOf, delay, leaveCore, use, type Step } from "../../src/modeling/index.js";
import { listed, probe, type Flow, type Probe, type ProbeBench } from "../support/probe.js";

const LINKS = { feed: { model: "link/ethernet", params: { length: "0 m" } }, order: { model: "link/ethernet", params: { length: "0 m" } } };
const go = (times: readonly number[] = [0]): Flow => ({ path: [{ tap: "from" }, "gw.probe.go", { tap: "to" }], times, from: "from", to: "to" });
const onCore = (...steps: readonly Step[]): Probe => ({ cpu }) => [use(cpu, "enter", { thread: "app", label: "app" }), ...steps, leaveCore()];
/** Touches lines after a device has written them. */
const touch = (lines: number, more: Readonly<Record<string, unknown>> = {}, remote = false): Probe => (reach) => [
  use(reach.memory, "dma-write", { bytes: amountOf(64 * lines), remote }),
  ...onCore(use(reach.memory, "touch", { lines: amountOf(lines), label: "touch", category: "user", ...more }))(reach),
];
const run = (probeOf: Probe, memory: ProbeBench["memory"] = {}, times: readonly number[] = [0]) => probe({ memory, probes: { go: probeOf }, flows: [go(times)] });
const total = (bench: ReturnType<typeof probe>): number => bench.latencies[0]![0]!;

/** The poll-mode path from the last bit in to the first bit out. */
const trade = (bench: Partial<ProbeBench>): number =>
  probe({ links: LINKS, flows: [{ path: ["feed", ["gw.nic.rx", "user"], "gw.pmd.rx", ["gw.run", "1 us"], "gw.pmd.tx", "gw.nic.tx", "order"], times: [0], from: "gw.in@eof", to: "gw.out@sof" }], ...bench }).floors[0]!;

describe("first touch of what a device has written", () => {
  test("lines come from the cache one by one, the completion entry a little faster", () => {
    assert.equal(total(run(touch(1))), 25_000);
    assert.equal(total(run(touch(3))), 75_000);
    assert.equal(total(run(touch(1, { completion: true }))), 20_000);
  });

  test("without DDIO the first line costs a memory access and further ones overlap", () => {
    assert.equal(total(run(touch(1), { ddio: false })), 85_000);
    assert.equal(total(run(touch(3), { ddio: false })), 85_000 + 2 * 25_000);
  });

  test("a device on the other node loses DDIO and its writes take the hop", () => {
    assert.deepEqual(listed(run(touch(1, {}, true)).segments()), [["other node", 50_000], ["touch in memory", 85_000]]);
  });

  test("a core on the other node pays the remote load as well", () => {
    assert.equal(total(run(touch(1, { remote: true }))), 85_000 + 70_000);
  });

  test("a stage that already contains the cache hit pays only what a miss adds", () => {
    assert.equal(total(run(touch(2, { extra: true }))), 0);
    assert.equal(total(run(touch(2, { extra: true }), { ddio: false })), 85_000 + 25_000 - 50_000);
  });

  test("buffers beyond the device's share of the cache leak to memory in proportion", () => {
    const times = Array.from({ length: 4000 }, (_, index) => index * 1_000_000);
    const share = (buffers: string): number => {
      const { latencies } = run(touch(1), { buffers, "llc.size": "10 MiB", "llc.ddio": "20%" }, times);
      return latencies[0]!.filter((latency) => latency === 85_000).length / times.length;
    };
    assert.equal(share("2 MiB"), 0);
    // 2 MiB of 8 MiB fit: three quarters leak. The gate is four standard deviations of 4000 draws.
    assert.ok(Math.abs(share("8 MiB") - 0.75) < 4 * Math.sqrt((0.75 * 0.25) / times.length), `${share("8 MiB")}`);
  });
});

describe("bytes on the memory bus", () => {
  test("none while everything stays in the cache; without DDIO each byte is written and read once", () => {
    assert.equal(run(touch(2)).account("memory-bytes"), 0);
    assert.equal(run(touch(2), { ddio: false }).account("memory-bytes"), 2 * 128);
    assert.equal(run(touch(2)).account("touched-bytes"), 128);
  });

  test("a device's read of cold memory crosses it once and takes longer", () => {
    const cold: Probe = ({ memory }) => [use(memory, "dma-read", { bytes: amountOf(4096), cold: true })];
    assert.equal(run(cold).account("memory-bytes"), 4096);
    assert.equal(total(run(cold)), 45_000);
    const warm: Probe = ({ memory }) => [use(memory, "dma-read", { bytes: amountOf(4096) })];
    assert.equal(total(run(warm)), 0);
    assert.equal(run(warm).account("memory-bytes"), 0);
  });
});

describe("address translation", () => {
  const dma: Probe = ({ memory }) => [use(memory, "dma-write", { bytes: amountOf(64) })];
  const times = Array.from({ length: 500 }, (_, index) => index * 1_000_000);
  const walked = (memory: ProbeBench["memory"]): number => run(dma, memory, times).latencies[0]!.filter((latency) => latency === 260_000).length;

  test("buffers of more pages than entries never hit, fewer miss once each", () => {
    assert.equal(walked({ "iommu.mode": "strict", buffers: "16 MiB" }), 500);
    assert.equal(walked({ "iommu.mode": "strict", buffers: "256 KiB" }), 64);
    assert.equal(walked({ "iommu.mode": "strict", buffers: "16 MiB", "iommu.page": "2 MiB" }), 8);
  });

  test("off and passthrough cost nothing", () => {
    for (const iommu of ["off", "passthrough"]) assert.equal(walked({ "iommu.mode": iommu, buffers: "16 MiB" }), 0, iommu);
  });

  test("a hit may cost as well", () => {
    const { latencies } = run(dma, { "iommu.mode": "lazy", buffers: "4 KiB", "iommu.hit": "10 ns" }, times);
    assert.deepEqual([latencies[0]![0], latencies[0]![1]], [260_000, 10_000]);
  });

  test("taking a translation back costs the driver much in strict mode, a share of it in lazy, else nothing", () => {
    const unmap: Probe = (reach) => onCore(use(reach.memory, "unmap", { category: "softirq" }))(reach);
    assert.equal(total(run(unmap, { "iommu.mode": "strict" })), 750_000);
    assert.equal(total(run(unmap, { "iommu.mode": "lazy" })), Math.round(750_000 / 64));
    assert.equal(total(run(unmap, { "iommu.mode": "passthrough" })), 0);
    assert.equal(total(run(unmap)), 0);
  });

  test("the caller may fold the time into the flight", () => {
    const folded: Probe = ({ memory }) => [use(memory, "dma-write", { bytes: amountOf(64), land: (extra: Amount) => [delay(extra.plus(180_000), "flight")] })];
    assert.equal(total(run(folded, { "iommu.mode": "strict" })), 440_000);
  });
});

describe("what settings of the host are worth on the poll-mode path", () => {
  const base = trade({});

  test("the path takes 3148.086 ns in the mean, half a turn of the polling loop in it", () => {
    assert.equal(base, 3_148_086);
  });

  test("without DDIO the first touches go to memory", () => {
    assert.equal(trade({ memory: { ddio: false } }) - base, 85_000 - 20_000 + 85_000 + 25_000 - 50_000);
  });

  test("on the wrong socket every read and every first touch takes longer", () => {
    assert.equal(trade({ nic: { numa: 1 } }) - base, 50_000 + 125_000 + 2 * 105_000);
  });

  test("a frame stored by the core saves both reads", () => {
    assert.equal(base - trade({ nic: { "tx.mode": "inline" } }), 1_226_445);
  });

  test("a large ring without huge pages walks for every packet it receives and sends", () => {
    const floor = (page: string): number =>
      probe({
        links: LINKS, memory: { "iommu.mode": "strict", buffers: "16 MiB", "iommu.page": page },
        flows: [{ path: ["feed", ["gw.nic.rx", "user"], "gw.nic.replenish", { tap: "landed" }], times: Array.from({ length: 100 }, (_, index) => index * 5_000_000), from: "gw.in@eof", to: "landed" }],
      }).latencies[0]![99]!;
    assert.equal(floor("4 KiB") - floor("2 MiB"), 260_000);
  });
});
