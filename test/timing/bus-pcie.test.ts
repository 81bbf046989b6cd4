import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { amountOf, leaveCore, spawn, use, type Step } from "../../src/modeling/index.js";
import { listed, probe, type Flow, type Probe, type ProbeBench } from "../support/probe.js";

const flow = (times: readonly number[], name = "go"): Flow => ({ path: [{ tap: `${name}-from` }, `gw.probe.${name}`, { tap: `${name}-to` }], times, from: `${name}-from`, to: `${name}-to` });
const once = (go: Probe, bus: ProbeBench["bus"] = {}) => probe({ bus, probes: { go }, flows: [flow([0])] });
const read = (bytes: number, more: Readonly<Record<string, unknown>> = {}): Probe => ({ bus }) => [use(bus, "read", { bytes: amountOf(bytes), label: "read", until: "last", ...more })];
const write = (bytes: number, more: Readonly<Record<string, unknown>> = {}): Probe => ({ bus }) => [use(bus, "write", { bytes: amountOf(bytes), label: "write", ...more })];
const times = (run: ReturnType<typeof probe>) => listed(run.segments()).map(([, ps]) => ps);
const total = (run: ReturnType<typeof probe>): number => run.latencies[0]![0]!;

describe("writes", () => {
  test("a posted write costs its packets only; with visible also the flight", () => {
    assert.deepEqual(listed(once(write(110)).segments()), [["write", 17_012]]);
    assert.deepEqual(listed(once(write(110, { visible: true })).segments()), [["write", 17_012], ["write flight", 180_000]]);
  });

  test("the sum of many packets is exact to the picosecond, whatever their number", () => {
    // 4100 B: 17 packets, (4100 + 17 * 24) * 126.953125 = 572 304.6875 ps.
    assert.equal(total(once(write(4100))), 572_305);
    assert.equal(total(once(write(4100), { ecrc: true })), Math.round((4100 + 17 * 28) * 126.953125));
    assert.equal(total(once(write(4100), { payload: "512 B" })), Math.round((4100 + 9 * 24) * 126.953125));
    assert.equal(total(once(write(64), { address: "32 bit" })), Math.round(84 * 126.953125));
  });

  test("an unaligned write that crosses a page takes one packet more", () => {
    assert.equal(total(once(write(256))), Math.round(280 * 126.953125));
    assert.equal(total(once(write(256, { offset: 4000 }))), Math.round(304 * 126.953125));
  });

  test("gen6 quantises to flits of 2 ns on sixteen lanes", () => {
    assert.equal(total(once(write(220), { link: "gen6 x16" })), 2000);
    assert.equal(total(once(write(221), { link: "gen6 x16" })), 4000);
  });

  test("link-layer overhead stretches every byte by one over the share it leaves", () => {
    const share = 1 - 16 / 203 - 4 / 1538;
    assert.equal(total(once(write(256), { dllp: true })), Math.round((280 * 126.953125) / share));
  });

  test("payload and overhead are accounted apart, by direction", () => {
    const run = once(({ bus }) => [use(bus, "write", { bytes: amountOf(600), label: "write" }), use(bus, "read", { bytes: amountOf(600), label: "read", until: "last" })]);
    assert.equal(run.account("bus-up-payload"), 600);
    assert.equal(run.account("bus-up-overhead"), 3 * 24 + 2 * 24);
    assert.equal(run.account("bus-down-payload"), 600);
    assert.equal(run.account("bus-down-overhead"), 3 * 20);
  });

  test("writes wait when their header credits are used up, and go on when they come back", () => {
    // Two credits, each back 1 us after its packet of 88 B at 126.953 ps/B: the third write waits for the first one's.
    const run = probe({ bus: { "posted.headers": 2, "credit.return": "1 us" }, probes: { go: write(64) }, flows: [flow([0, 0, 0])] });
    const packet = 11_172;
    assert.deepEqual(run.latencies[0], [packet, 2 * packet, packet + 1_000_000 + packet]);
    assert.deepEqual(run.segments(0, 2).map(({ kind, ps }) => [kind, ps]), [["credit", packet + 1_000_000], ["serialise", packet]]);
  });

  test("data credits of 16 bytes hold writes back in the same way", () => {
    // 4 KiB of data credits are sixteen writes of 256 B: the seventeenth waits.
    const run = probe({ bus: { "posted.data": "4 KiB", "credit.return": "10 us" }, probes: { go: write(256) }, flows: [flow(Array<number>(17).fill(0))] });
    const packet = Math.round(280 * 126.953125);
    assert.equal(run.latencies[0]![15], 16 * packet);
    assert.equal(run.latencies[0]![16], packet + 10_000_000 + packet);
  });
});

describe("reads", () => {
  test("the first data come after the round trip, the last with the completions", () => {
    assert.equal(total(once(read(16, { until: "first" }))), 600_000);
    assert.deepEqual(listed(once(read(106)).segments()), [["read request", 3047], ["read round trip", 596_953], ["read", 15_996]]);
  });

  test("4 KiB take 560.625 ns of completions at gen3 x8", () => {
    assert.equal(total(once(read(4096))), 600_000 + 560_625);
  });

  test("a faster link saves what its bytes save: 8 ns of a 64 B read, 420 ns of 4 KiB; gen5 x8 for gen4 x16 saves nothing", () => {
    const saved = (bytes: number): number => total(once(read(bytes))) - total(once(read(bytes), { link: "gen4 x16" }));
    assert.equal(saved(64), Math.round(84 * 126.953125) - Math.round(84 * 31.73828125));
    assert.equal(saved(4096), 560_625 - Math.round(4416 * 31.73828125));
    assert.equal(total(once(read(64), { link: "gen5 x8" })), total(once(read(64), { link: "gen4 x16" })));
  });

  test("an unaligned read costs one completion more, a root that splits at the boundary many", () => {
    assert.equal(total(once(read(512))), 600_000 + Math.round((512 + 2 * 20) * 126.953125));
    assert.equal(total(once(read(512, { offset: 0x20 }))), 600_000 + Math.round((512 + 3 * 20) * 126.953125));
    assert.equal(total(once(read(512), { completions: "boundary" })), 600_000 + Math.round((512 + 8 * 20) * 126.953125));
  });

  test("the completions after the first occupy the link even when nobody waits for them", () => {
    const run = probe({ probes: { first: read(4096, { until: "first" }), second: read(16) }, flows: [flow([0], "first"), flow([50_000], "second")] });
    const arbitrate = run.segments(1).filter(({ kind }) => kind === "arbitrate");
    assert.equal(run.latencies[0]![0], 600_000);
    assert.ok(arbitrate.reduce((sum, { ps }) => sum + ps, 0) > 20_000, "the second read's completion waits for a packet of the first");
  });

  test("with w tags and reads of R the rate is w R per round trip until the link is full", () => {
    const count = 10_000;
    const rate = (tags: number): number => {
      const run = probe({ bus: { link: "gen4 x16", tags }, probes: { go: read(512) }, flows: [flow(Array<number>(count).fill(0))] });
      return (count * 512) / (Math.max(...run.latencies[0]!) / 1e12);
    };
    const completion = Math.round((512 + 40) * 31.73828125);
    for (const tags of [8, 16, 32]) {
      const expected = (tags * 512) / ((600_000 + completion) / 1e12);
      assert.ok(Math.abs(rate(tags) / expected - 1) < 0.01, `${tags} tags: ${rate(tags)} B/s, expected ${expected}`);
    }
    const full = 512 / (completion / 1e12);
    for (const tags of [64, 128]) assert.ok(Math.abs(rate(tags) / full - 1) < 0.02, `${tags} tags: ${rate(tags)} B/s, the link carries ${full}`);
  });

  test("the knee lies at w = R / S exactly: eight rounds of w reads end when the slower of tags and link has done them", () => {
    // One completion a read: S on the link, R from a tag's claim to its return. 36 tags are bound by the round trip, 37 by the link.
    const serial = Math.round((512 + 20) * 31.73828125);
    const round = 600_000 + serial;
    assert.deepEqual([36 * serial < round, 37 * serial > round], [true, true]);
    for (let tags = 30; tags <= 44; tags++) {
      const run = probe({ bus: { link: "gen4 x16", payload: "512 B", tags }, probes: { go: read(512) }, flows: [flow(Array<number>(8 * tags).fill(0))] });
      const boundByTags = 8 * round + (tags - 1) * serial;
      const boundByLink = round + (8 * tags - 1) * serial;
      assert.equal(Math.max(...run.latencies[0]!), Math.max(boundByTags, boundByLink), `${tags} tags`);
      assert.equal(boundByTags > boundByLink, tags < 37);
    }
  });

  test("a read of more requests than tags keeps all tags busy and ends with its last byte", () => {
    // 64 requests of 512 B, 8 tags: eight rounds of round trip and completions, the link idle most of the time.
    const run = once(read(32_768), { tags: 8, link: "gen4 x16" });
    const completion = Math.round((512 + 40) * 31.73828125);
    const request = Math.round(24 * 31.73828125);
    // Of each round the completions take turns, so that one read ends between the first packet's turn and all packets' end.
    const least = 8 * (600_000 + completion);
    const most = 8 * (600_000 + 8 * (completion + request));
    assert.ok(total(run) >= least && total(run) <= most, `${total(run)} ps, expected ${least} to ${most}`);
    assert.equal(run.account("bus-down-payload"), 32_768);
    assert.equal(run.account("bus-up-overhead"), 64 * 24);
  });

  test("writes pass reads that wait for a tag", () => {
    const run = probe({ bus: { tags: 1, read: "100 us" }, probes: { reads: read(64), writes: write(64) }, flows: [flow([0, 1000, 2000], "reads"), flow([50_000], "writes")] });
    assert.equal(run.latencies[1]![0], 11_172);
    assert.ok(run.latencies[0]![2]! > 200_000_000);
  });

  test("an atomic is a request with data and an answer with data", () => {
    const run = once(({ bus }) => [use(bus, "atomic", { bytes: amountOf(8), label: "fetch and add" })]);
    assert.equal(total(run), 600_000 + Math.round(28 * 126.953125));
    assert.equal(run.account("bus-up-payload"), 8);
    assert.equal(run.account("bus-down-overhead"), 20);
  });

  test("finite completion credits hold the data of later reads back", () => {
    const go: Probe = ({ bus }) => [use(bus, "read", { bytes: amountOf(64), label: "read", until: "last" })];
    const bus = { "completion.headers": 1, "completion.data": "64 B", "credit.return": "1 us" };
    const run = probe({ bus, probes: { go }, flows: [flow([0, 0])] });
    const packet = Math.round(84 * 126.953125);
    assert.equal(run.latencies[0]![0], 600_000 + packet);
    assert.equal(run.latencies[0]![1], 600_000 + packet + 1_000_000 + packet);
  });
});

describe("stores, loads and interrupts", () => {
  test("a store is cut into write-combining buffers and flies to the device", () => {
    assert.deepEqual(times(once(({ bus }) => [use(bus, "store", { bytes: amountOf(128), label: "store" })], { link: "gen3 x16" })), [5586, 5586, 150_000]);
  });

  test("a store whose whole time is given takes that, its packet inside", () => {
    assert.equal(total(once(({ bus }) => [use(bus, "store", { bytes: amountOf(8), label: "doorbell", within: amountOf(180_000) })])), 180_000);
  });

  test("a load makes the core wait for the whole round trip", () => {
    const go: Probe = ({ bus, cpu }): readonly Step[] => [use(cpu, "enter", { thread: "app", label: "app" }), use(bus, "load", { label: "register" }), leaveCore()];
    const run = once(go);
    assert.equal(total(run), 790_000);
    assert.equal(run.account("mmio-reads"), 1);
    assert.equal(run.account("bus-up-payload"), 4);
  });

  test("an interrupt message is a write of 28 bytes behind what was written before", () => {
    const run = once(({ bus }) => [use(bus, "write", { bytes: amountOf(110), label: "data" }), use(bus, "interrupt", { label: "interrupt" })]);
    assert.deepEqual(listed(run.segments()), [["data", 17_012], ["interrupt", 3555]]);
  });
});

describe("ordering", () => {
  /** Payload and flag of each message fly by themselves; the flag must not land first. */
  const litmus = (ordering: string): { readonly overtaken: number; readonly spread: number } => {
    const count = 2000;
    const go: Probe = ({ bus }) => [use(bus, "write", { bytes: amountOf(64), label: "write", visible: true })];
    const bench = { bus: { ordering, upstream: { dist: "uniform", min: "100 ns", max: "900 ns" } }, probes: { go }, flows: [flow(Array.from({ length: count }, (_, index) => index * 20_000))] };
    const run = probe(bench);
    // Sinks are called in the order of the ends: in order, arrival k ends k-th.
    const ends = run.latencies[0]!.map((latency, index) => latency + index * 20_000);
    const overtaken = ends.filter((end, index) => index > 0 && end < ends[index - 1]!).length;
    return { overtaken, spread: Math.max(...run.latencies[0]!) - Math.min(...run.latencies[0]!) };
  };

  test("with strict ordering no write becomes visible before one that was sent ahead, however long each flies", () => {
    assert.equal(litmus("strict").overtaken, 0);
  });

  test("with relaxed ordering some do", () => {
    assert.ok(litmus("relaxed").overtaken > 100);
  });

  test("packets of different transfers take turns", () => {
    // A long write has begun; a short one that comes meanwhile waits for one packet, not for all.
    const run = probe({ probes: { long: write(65_536), short: write(64) }, flows: [flow([0], "long"), flow([10_000], "short")] });
    assert.ok(run.latencies[1]![0]! < 2 * 36_000 + 12_000, `${run.latencies[1]![0]} ps`);
    assert.ok(run.latencies[0]![0]! >= Math.round((65_536 + 256 * 24) * 126.953125));
  });
});

test("work off the path uses the link but not the message's time", () => {
  const run = once(({ bus }) => [spawn(use(bus, "write", { bytes: amountOf(4096), label: "statistics" })), use(bus, "read", { bytes: amountOf(64), label: "read", until: "first" })]);
  assert.equal(run.account("bus-up-payload"), 4096);
  assert.ok(total(run) <= 600_000 + 36_000);
});

describe("what makes a link late", () => {
  test("each switch is passed once by writes and stores, twice by reads and loads", () => {
    const load: Probe = ({ bus, cpu }) => [use(cpu, "enter", { thread: "app", label: "app" }), use(bus, "load", { label: "status" }), leaveCore()];
    const store: Probe = ({ bus }) => [use(bus, "store", { bytes: amountOf(8), label: "store" })];
    const more = (one: Probe): number => total(once(one, { switches: 2 })) - total(once(one));
    assert.deepEqual([write(64, { visible: true }), store, read(64), load].map(more), [300_000, 300_000, 600_000, 600_000]);
    assert.equal(total(once(read(64), { switches: 1, switch: "100 ns" })) - total(once(read(64))), 200_000);
  });

  test("an idle link goes into L0s and then L1, and the next packet waits for its exit, to the picosecond of the entry", () => {
    const params = { aspm: "l1", "l0s.entry": "2 us", "l0s.exit": "1 us", "l1.entry": "40 us", "l1.exit": "9 us" };
    const packet = 11_172;
    const after = (idle: number, aspm = "l1"): number => probe({ bus: { ...params, aspm }, probes: { go: write(64) }, flows: [flow([0, idle])] }).latencies[0]![1]!;
    assert.equal(after(1_999_999), packet);
    assert.equal(after(2_000_000), 1_000_000 + packet);
    assert.equal(after(39_999_999), 1_000_000 + packet);
    assert.equal(after(40_000_000), 9_000_000 + packet);
    assert.equal(after(40_000_000, "l0s"), 1_000_000 + packet);
    assert.equal(after(40_000_000, "off"), packet);
  });

  test("reads, stores, interrupts and loads wake it, too; whoever comes meanwhile waits with them", () => {
    const params = { aspm: "l0s", "l0s.entry": "2 us", "l0s.exit": "1 us" };
    const load: Probe = ({ bus, cpu }) => [use(cpu, "enter", { thread: "app", label: "app" }), use(bus, "load", { label: "status" }), leaveCore()];
    const others: readonly Probe[] = [read(64), ({ bus }) => [use(bus, "store", { bytes: amountOf(8), label: "store" })], ({ bus }) => [use(bus, "interrupt", { label: "interrupt" })], load];
    for (const other of others) {
      const at = (bus: ProbeBench["bus"]) => probe({ bus: bus ?? {}, probes: { first: write(64), other }, flows: [flow([0], "first"), flow([50_000_000], "other")] }).latencies[1]![0]!;
      assert.equal(at(params) - at({}), 1_000_000);
    }
    const both = probe({ bus: params, probes: { go: write(64) }, flows: [flow([0, 50_000_000, 50_000_500])] }).latencies[0]!;
    assert.deepEqual(both.slice(1), [1_011_172, 1_011_172 + 11_172 - 500]);
  });

  test("a transfer whose link check fails is refused and sent again", () => {
    const count = 2000;
    const run = probe({ bus: { errors: "10%", replay: "400 ns" }, probes: { go: write(64) }, flows: [flow(Array.from({ length: count }, (_, at) => at * 1_000_000))] });
    const late = run.latencies[0]!.filter((latency) => latency !== 11_172);
    assert.deepEqual([...new Set(late)], [2 * 11_172 + 400_000]);
    assert.ok(Math.abs(late.length / count - 0.1) < 0.025, `${late.length} of ${count}`);
    assert.equal(total(once(read(64), { errors: "100%" })) - total(once(read(64))), 2 * 400_000 + 3047 + Math.round(84 * 126.953125));
  });
});
