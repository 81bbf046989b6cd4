// Memory behind the caches: idle times exact, waiting that comes from what others move, refresh as a stall, open rows.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { amountOf, use } from "../../src/modeling/index.js";
import { every, go, run, total, touch } from "../support/memory-probes.js";
import { probe, type Probe, type ProbeBench } from "../support/probe.js";

const OFF = { llc: { ddio: false } };
const fetched: Probe = ({ memory }) => [use(memory, "dma-read", { bytes: amountOf(4096), cold: true })];
const quantile = (values: readonly number[], q: number): number => [...values].sort((a, b) => a - b)[Math.floor(values.length * q)]!;

describe("one access, memory idle", () => {
  test("a core waits 85 ns for a line and 25 ns for each further one", () => {
    assert.deepEqual([1, 2, 16].map((lines) => total(run(touch(lines), OFF))), [85_000, 110_000, 85_000 + 15 * 25_000]);
  });

  test("a device's read of cold memory crosses the bus once and takes 45 ns longer than from the cache", () => {
    assert.equal(total(run(fetched)), 45_000);
    assert.equal(run(fetched).account("memory-bytes"), 4096);
  });

  test("what another program moves takes a memory access, or as long as its bytes if that is more", () => {
    const moved = (bytes: string): number => probe({ memory: {}, flows: [{ path: [{ tap: "a" }, ["gw.dram.traffic", bytes], { tap: "b" }], times: [0], from: "a", to: "b" }] }).latencies[0]![0]!;
    assert.equal(moved("64 B"), 85_000);
    // 1 MiB at six channels of 25.6 GB/s.
    assert.equal(moved("1 MiB"), 6_826_667);
  });
});

describe("bytes by who wants them moved", () => {
  test("are those of each device, and of the cores; together they are all", () => {
    const path = ["feed", ["gw.nic.rx", "user"], "gw.pmd.rx", "gw.pmd.tx", "gw.nic.tx", "order"] as const;
    const links = { feed: { model: "link/ethernet", params: { length: "0 m" } }, order: { model: "link/ethernet", params: { length: "0 m" } } };
    const bench = probe({ links, memory: OFF, probes: { go: fetched }, flows: [{ path, times: [0], from: "gw.in@eof", to: "gw.out@sof" }, go([50_000_000])] });
    // A frame of 110 B is written by the adapter and its two lines touched, as is the line of its completion entry.
    assert.deepEqual(["nic", "cpu", "probe"].map((who) => bench.account(`memory-bytes-by-${who}`)), [110, 192, 4096]);
    assert.equal(bench.account("memory-bytes"), 110 + 192 + 4096);
  });
});

describe("channels that take accesses by their address", () => {
  const apart = { llc: { ddio: false }, dram: { interleave: "256 B" } };
  const moved = (bytes: string, dram: Readonly<Record<string, string>> = {}): number => probe({ memory: { dram: { interleave: "256 B", rate: "1 Gbit/s", ...dram } }, flows: [{ path: [{ tap: "a" }, ["gw.dram.traffic", bytes], { tap: "b" }], times: [0], from: "a", to: "b" }] }).latencies[0]![0]!;

  test("serve an access that fits into what lies on one at the rate of one, and a longer one at that of all", () => {
    assert.equal(moved("256 B"), 2_048_000);
    assert.equal(moved("257 B"), Math.round((257 * 8000) / 6));
    assert.equal(moved("257 B", { interleave: "512 B" }), 257 * 8000);
  });

  test("do not hold up each other's", () => {
    const traffic = { path: [{ tap: "a" }, ["gw.dram.traffic", "64 B"], { tap: "b" }] as const, times: Array.from({ length: 60 }, () => 0), from: "a", to: "b" };
    const last = (dram: Readonly<Record<string, string>>): number => Math.max(...probe({ memory: { dram: { rate: "1 Gbit/s", ...dram } }, flows: [traffic] }).latencies[0]!);
    // Sixty lines of 512 ns: on one channel one behind the other, on six about ten on each.
    const six = last({ interleave: "64 B" });
    assert.ok(six > 10 * 512_000 && six < 20 * 512_000 && six % 512_000 === 0, `${six}`);
    assert.equal(total(run(touch(1), apart)), 85_000);
  });

  test("a long transfer takes its part of each", () => {
    const bench = probe({ memory: { dram: { interleave: "256 B", channels: 4 } }, flows: [{ path: [{ tap: "a" }, ["gw.dram.traffic", "4 KiB"], { tap: "b" }], times: [0], from: "a", to: "b" }] });
    const { queues, program } = bench.machine;
    assert.deepEqual(program.stages.flatMap(({ name }, index) => (/channel\d/u.test(name) ? [queues[index]?.busy] : [])), [40_000, 40_000, 40_000, 40_000]);
  });
});

describe("many accesses", () => {
  /** Others move 64 KiB at a time so that the channels are busy for this share; a core reads a line now and then. */
  function loaded(share: number): readonly number[] {
    const each = 65_536 / 153.6 * 1000;
    const noise: Probe = ({ instance }) => [use(instance("gw.dram"), "write", { bytes: amountOf(65_536) })];
    const reads = every(7_001_003, 800);
    const gap = Math.round(each / share);
    // Coprime gaps stand in for chance: the phases of the two are equidistributed.
    return probe({ memory: OFF, probes: { go: touch(1), noise }, flows: [go(reads), go(every(gap, Math.floor((800 * 7_001_003) / gap)), "noise")] }).latencies[0]!;
  }

  test("wait for each other: the more is moved, the longer a line takes", () => {
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    const [quiet, half, most] = [0.01, 0.5, 0.8].map((share) => mean(loaded(share)));
    // Transfers at even distances: a read that meets one waits for half of it in the mean, share · 426.667 / 2 ns.
    assert.ok(Math.abs(half! - 85_000 - 0.5 * 213_333) < 8_000, `${half}`);
    assert.ok(Math.abs(most! - 85_000 - 0.8 * 213_333) < 8_000, `${most}`);
    assert.ok(quiet! < 85_000 + 6_000, `${quiet}`);
  });

  test("a read goes before writes that wait, but not into one that is under way", () => {
    const noise: Probe = ({ instance }) => [use(instance("gw.dram"), "write", { bytes: amountOf(65_536) })];
    const bench = probe({ memory: OFF, probes: { go: touch(1), noise }, flows: [go([100_000]), go([0, 0, 0], "noise")] });
    // The device's own write of a line is off the path; the read begins when the first of the three writes has ended.
    assert.equal(bench.latencies[0]![0], 426_667 - 100_000 + 85_000);
  });
});

describe("refresh", () => {
  const refreshing: ProbeBench["memory"] = { ...OFF, dram: { "refresh.every": "7.8 us" } };

  test("keeps out whoever comes during it: one access in 22, for 175 ns in the mean", () => {
    const { latencies } = run(touch(1), refreshing, every(1_237_013, 6000));
    const stalled = latencies[0]!.filter((latency) => latency > 85_000);
    assert.ok(Math.abs(stalled.length / 6000 - 350 / 7800) < 0.008, `${stalled.length} of 6000`);
    assert.ok(stalled.every((latency) => latency <= 85_000 + 350_000));
    const mean = stalled.reduce((sum, latency) => sum + latency - 85_000, 0) / stalled.length;
    assert.ok(Math.abs(mean - 175_000) < 20_000, `${mean}`);
  });

  test("is seen at p99 and not at p50", () => {
    const values = run(touch(1), refreshing, every(1_237_013, 3000)).latencies[0]!;
    assert.equal(quantile(values, 0.5), 85_000);
    assert.ok(quantile(values, 0.99) > 85_000 + 200_000, `${quantile(values, 0.99)}`);
  });

  test("hits nothing that the cache serves", () => {
    assert.ok(run(touch(1), { dram: { "refresh.every": "7.8 us" } }, every(1_237_013, 500)).latencies[0]!.every((latency) => latency === 25_000));
  });
});

describe("open rows", () => {
  const rows = (used: number): readonly number[] => run(touch(1), { ...OFF, dram: { "row.policy": "open", "row.used": used } }, every(1_000_000, 2000)).latencies[0]!;

  test("an access to a row that is open saves 15 ns, one to another row pays as much more", () => {
    assert.deepEqual([...new Set(rows(192))].sort(), [100_000, 70_000]);
  });

  test("rows that all fit stay open; of twice as many as there are banks half the accesses hit", () => {
    assert.ok(rows(96).slice(1000).every((latency) => latency === 70_000));
    const hits = rows(192).slice(500).filter((latency) => latency === 70_000).length / 1500;
    assert.ok(Math.abs(hits - 0.5) < 4 * Math.sqrt(0.25 / 1500), `${hits}`);
  });
});
