// Goal: an adapter's queues are apart: each has its ring, its moderation timer and its interrupt's core; and what drivers do
// about interrupts under load comes out of the model as it should.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { probe, type Flow, type ProbeBench, type ProbeRun } from "../support/probe.js";
import { prng } from "../support/prng.js";

const LINKS = { feed: { model: "link/ethernet", params: { length: "0 m", rate: "400 Gbit/s" } } };
const MICROSECOND = 1_000_000;
const CORES = { threads: { irq: 2, irq0: 4, irq1: 5, irq2: 6, irq3: 7, app: 3 } };
const FOUR = { queues: 4, "rx.steering": "filter" };

/** Through the interrupt and the driver, up to where the core is handed back. */
const up = (times: readonly number[], flows = 1): Flow => ({ path: ["feed", "gw.nic.rx", "gw.irq", "gw.udp.rx", { tap: "queued" }, "gw.wake"], times, from: "gw.in@eof", to: "queued", flows });
const run = (flow: Flow, bench: Partial<ProbeBench> = {}): ProbeRun => probe({ links: LINKS, flows: [flow], ...bench });
const wait = (ran: ProbeRun, index: number, kind: string): number => ran.segments(0, index).filter((one) => one.kind === kind).reduce((sum, { ps }) => sum + ps, 0);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const waits = (ran: ProbeRun, kind: string): number[] => ran.latencies[0]!.map((_, index) => wait(ran, index, kind));

describe("the queues of an adapter", () => {
  test("interrupt cores of their own: frames of two queues are served side by side, those of one queue one after the other", () => {
    const os = { irqs: ["irq0", "irq1", "irq2", "irq3"] };
    const apart = run(up([0, 0], 2), { nic: FOUR, cpu: CORES, os });
    const together = run(up([0, 0]), { nic: FOUR, cpu: CORES, os });
    const alone = run(up([0]), { nic: FOUR, cpu: CORES, os }).latencies[0]![0]!;
    // What frames of two queues still share is the wire, the pipeline and the bus: some 50 ns.
    assert.ok(apart.latencies[0]![1]! - alone < 50_000, String(apart.latencies[0]));
    assert.ok(together.latencies[0]![1]! - alone > 800_000, String(together.latencies[0]));
    assert.deepEqual([apart.account("interrupts"), together.account("interrupts")], [2, 1]);
  });

  test("share a core where there are more queues than interrupt threads", () => {
    const shared = run(up([0, 0, 0], 3), { nic: FOUR, cpu: CORES, os: { irqs: ["irq0", "irq1"] } });
    assert.equal(shared.account("interrupts"), 3);
    // The third queue's interrupt waits for the first one's core.
    assert.deepEqual(waits(shared, "queue").map((time) => time > 500_000), [false, false, true]);
  });

  test("moderation timers of their own", () => {
    const nic = { ...FOUR, "moderation.mode": "timer-from-first", "moderation.time": "16 us" };
    assert.deepEqual(waits(run(up([0, 10 * MICROSECOND], 2), { nic }), "batch"), [16 * MICROSECOND, 16 * MICROSECOND]);
    assert.deepEqual(waits(run(up([0, 10 * MICROSECOND]), { nic }), "batch"), [16 * MICROSECOND, 6 * MICROSECOND]);
  });

  test("rings and descriptor caches of their own: a queue that is full drops its own frames only", () => {
    const nic = { ...FOUR, "rx.ring": 1, "moderation.mode": "timer-from-first", "moderation.time": "16 us" };
    // Frames 0 and 2 are of the first flow, 1 and 3 of the second.
    const full = run(up([0, 100_000, 200_000, 300_000], 2), { nic });
    assert.equal(full.dropped("gw.nic.ring full"), 1);
    assert.equal(full.dropped("gw.nic.ring1 full"), 1);
    assert.equal(full.latencies[0]!.length, 2);
    // A fetch for every two frames of a queue: four frames of one flow make two, of four flows none.
    const reads = (flows: number): number => run(up([0, 1, 2, 3].map((at) => at * MICROSECOND), flows), { nic: { ...FOUR, "rx.prefetch": 2 } }).account("bus-down-payload") / 32;
    assert.deepEqual([1, 2, 4].map(reads), [2, 2, 0]);
  });

  test("by hash, few flows load them unevenly, and whoever shares a queue waits", () => {
    const random = prng(3);
    let at = 0;
    const times = Array.from({ length: 4000 }, () => (at += Math.round(-Math.log(1 - random.uniform()) * 0.1 * MICROSECOND)));
    const os = { irqs: ["irq0", "irq1", "irq2", "irq3"] };
    // The shortest way up, 180 ns a frame: four queues have room for twice what comes, if it is spread evenly. The hash gives
    // half of these eight flows to one queue and none to another.
    const flow: Flow = { path: ["feed", "gw.nic.rx", "gw.irq", "gw.xdp", { tap: "seen" }], times, from: "gw.in@eof", to: "seen", flows: 8 };
    const behind = (steering: string): number => sum(waits(run(flow, { nic: { queues: 4, "rx.steering": steering }, cpu: CORES, os }), "queue")) / times.length;
    const [hash, filter] = [behind("hash"), behind("filter")];
    assert.ok(hash > 1.2 * filter, `${hash} ps behind others with a hash, ${filter} with filters`);
  });
});

describe("a moderation that sets itself", () => {
  const steady = (mode: string, gap: number, frames: number): ProbeRun =>
    run({ ...up(Array.from({ length: frames }, (_, index) => index * gap)), path: ["feed", "gw.nic.rx", "gw.irq", "gw.xdp", { tap: "seen" }], to: "seen" }, { nic: { "moderation.mode": mode } });
  const last = (values: readonly number[], count: number): number[] => values.slice(-count);
  const UNIT = 256_000;

  test("by throttling settles at 20,000 interrupts a second in its conservative setting, at 70,000 in the other, when little comes", () => {
    const longest = (mode: string): number => Math.max(...last(waits(steady(mode, 7 * MICROSECOND, 1200), "batch"), 300));
    // The first frame behind an interrupt waits for what is left of the least distance: 195 or 55 units of 256 ns, less its own gap.
    for (const [mode, distance] of [["itr-conservative", 195 * UNIT], ["itr-lowest", 55 * UNIT]] as const) {
      assert.ok(longest(mode) < distance && longest(mode) > distance - 7 * MICROSECOND, `${mode}: ${longest(mode)}`);
    }
  });

  test("by throttling gives bulk 4,000 interrupts a second, and lets a lone frame through at once", () => {
    const times = Array.from({ length: 3000 }, (_, index) => index * 2 * MICROSECOND);
    const bulk = probe({ links: LINKS, nic: { "moderation.mode": "itr-conservative" }, flows: [{ path: ["feed", "gw.nic.rx", "gw.irq", "gw.xdp", { tap: "seen" }], times, payload: 1400, from: "gw.in@eof", to: "seen" }] });
    const longest = Math.max(...last(waits(bulk, "batch"), 500));
    // Some 110 frames of 180 ns are served after each interrupt, and those that come meanwhile do not wait in the batch.
    assert.ok(longest > 976 * UNIT - 25 * MICROSECOND && longest < 976 * UNIT, String(longest));
    assert.ok(steady("itr-conservative", 100 * MICROSECOND, 200).latencies[0]!.every((latency) => latency < 5 * MICROSECOND));
  });

  test("by search begins with the second step of its profile and moves on after 64 interrupts", () => {
    for (const [mode, next] of [["dim-event", 1], ["dim-completion", 2]] as const) {
      const found = waits(steady(mode, 50 * MICROSECOND, 100), "batch");
      assert.deepEqual(found.slice(0, 64), Array.from({ length: 64 }, () => 8 * MICROSECOND), mode);
      assert.deepEqual(found.slice(64, 70), Array.from({ length: 6 }, () => next * MICROSECOND), mode);
    }
  });

  test("by search finds long timers for steady dense traffic: more frames for each of fewer interrupts", () => {
    const dense = steady("dim-event", 2 * MICROSECOND, 12_000);
    const share = dense.account("interrupts") / 12_000;
    assert.ok(share < 0.15, String(share));
    assert.ok(Math.max(...last(waits(dense, "batch"), 1000)) > 60 * MICROSECOND);
  });
});

describe("interrupts under load", () => {
  /** Interrupts a frame, without moderation. */
  const share = (kpps: number): number => {
    const random = prng(7);
    let at = 0;
    const times = Array.from({ length: 3000 }, () => (at += Math.round((-Math.log(1 - random.uniform()) * 1e9) / kpps)));
    const ran = run({ ...up(times), path: ["feed", "gw.nic.rx", "gw.irq", "gw.udp.rx", { tap: "queued" }, "gw.wake"] });
    return ran.account("interrupts") / times.length;
  };

  test("become fewer a frame, because the poll finds what came meanwhile", () => {
    const found = [1, 20, 200, 500].map(share);
    // As a sketch of the same mechanism found: 1.00, 0.96, 0.64, 0.32.
    [1, 0.96, 0.64, 0.32].forEach((expected, index) => assert.ok(Math.abs(found[index]! - expected) < 0.06, String(found)));
  });

  test("a frame that comes at any instant around the re-arming is delivered, exactly once", () => {
    // The second frame of each pair comes a little later than in the pair before: over the whole run of a poll in steps
    // of a nanosecond, and across the re-arming, which ends 150 ns after the work on the first, in picoseconds.
    const alone = run(up([0])).latencies[0]![0]!;
    const coarse = Array.from({ length: 4000 }, (_, step) => step * 1000);
    const fine = Array.from({ length: 800 }, (_, step) => alone + 150_000 - 450_000 - 400 + step);
    const offsets = [...coarse, ...fine];
    const times = offsets.flatMap((offset, pair) => [pair * 100 * MICROSECOND, pair * 100 * MICROSECOND + offset]);
    const ran = run(up(times));
    assert.equal(ran.latencies[0]!.length, times.length);
    assert.equal(sum(ran.machine.drops as unknown as number[]), 0);
    assert.equal(ran.machine.completed, times.length);
    // Both kinds occur: found by the poll that was under way, and announced by an interrupt of its own.
    const interrupts = ran.account("interrupts");
    assert.ok(interrupts > offsets.length * 1.1 && interrupts < offsets.length * 1.9, String(interrupts));
  });
});
