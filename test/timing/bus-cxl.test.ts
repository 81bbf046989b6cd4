// Goal: flits and lines of CXL to the picosecond: memory behind the device, a device that caches, and what a shared line is worth against
// a register. Method: single operations by a probe and by a thread, then loads that overlap and that meet.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { leaveCore, use } from "../../src/modeling/index.js";
import { alone, asks, onBus } from "../support/bus-bench.js";
import { memorySystem } from "../support/memory-system.js";
import { testModel, type Bench, type Written } from "../support/model-tester.js";
import { listed, type Probe } from "../support/probe.js";

type Params = Readonly<Record<string, Written>>;
const model = "bus/cxl";
/** A flit of 68 B on gen5 x8: 31.738 ps a byte. */
const FLIT = Math.round((68 * 8000 * 130) / (32 * 8 * 128));
const segments = (one: Probe, params: Params = {}) => listed(onBus({ model, params }, { one }, { one: [0] }).segments());

const thread = (path: Bench["path"], params: Params = {}, more: Partial<Bench> = {}) =>
  testModel({
    instances: { gw: { components: { cpu: { model: "host/core", params: { threads: { app: 3, other: 4 } } }, ...memorySystem(), cxl: { model, params } } } },
    path: [{ tap: "from" }, ...path, { tap: "to" }],
    from: "from",
    to: "to",
    ...more,
  });
const LOAD: Bench["path"] = ["gw.cxl.mem.load"];
const home = 40_000;
const flight = 45_000;

describe("flits", () => {
  test("of 68 B carry four slots, and are what everything is rounded up to", () => {
    assert.equal(FLIT, 2158);
    // A line is five slots: two flits; four lines are twenty: five flits.
    assert.equal(alone({ model }, asks("write", { bytes: 64 })), 2 * FLIT);
    assert.equal(alone({ model }, asks("write", { bytes: 1 })), 2 * FLIT);
    assert.equal(alone({ model }, asks("write", { bytes: 256 })), 5 * FLIT);
    const run = onBus({ model }, { one: asks("write", { bytes: 256 }) }, {});
    assert.deepEqual([run.account("bus-up-payload"), run.account("bus-up-overhead")], [256, 5 * 68 - 256]);
  });

  test("of 256 B carry fifteen, and take 4 ns on eight lanes of gen6", () => {
    const params = { link: "gen6 x8", flit: "256 B" };
    assert.equal(alone({ model, params }, asks("write", { bytes: 192 })), 4000);
    assert.equal(alone({ model, params }, asks("write", { bytes: 193 })), 8000);
    assert.equal(alone({ model, params: { ...params, link: "gen6 x16" } }, asks("write", { bytes: 64 })), 2000);
  });
});

describe("memory behind the device", () => {
  const load = home + FLIT + flight + 20_000 + 50_000 + 2 * FLIT + flight;

  test("a load takes 206 ns: host, request, flight, controller, memory, data, flight", () => {
    const one = thread(LOAD);
    assert.deepEqual(listed(one.segments()), [["home agent", home], ["load request", FLIT], ["flight and controller", flight + 20_000], ["load from the device's memory", 50_000], ["load", 2 * FLIT], ["flight", flight]]);
    assert.equal(one.latencies[0], load);
    assert.ok(load > 170_000 && load < 270_000, "the published range");
  });

  test("loads that depend on each other add up, others overlap as far as the core has buffers and the memory is fast enough", () => {
    const chase = thread(LOAD, {}, { payload: "640 B" }).latencies[0]!;
    assert.equal(chase, 10 * load);
    const at = (lines: number, params: Params = {}): number => thread([["gw.cxl.mem.load", { access: "independent" }]], params, { payload: `${64 * lines} B` }).latencies[0]!;
    assert.equal(at(1), load);
    assert.ok(at(10) < load + 10 * 2 * FLIT && at(10) > load + 9 * FLIT, `${at(10)}`);
    assert.ok(at(24) > 1.9 * load, "two rounds of twelve");
    assert.ok(at(24, { "core-lines": 48 }) < at(24));
    assert.ok(at(12, { "dram-rate": "25.6 Gbit/s" }) >= load + 11 * 20_000, "64 B at 3.2 GB/s take 20 ns each");
  });

  test("a load stops its thread's core and no other", () => {
    const two = (core: string) => thread([["gw.cxl.mem.load", { core }]], {}, { traffic: { model: "traffic/burst", params: { count: 2, gap: "0 ns", period: "1 ms", payload: "64 B" } }, messages: 2 });
    assert.equal(two("app").latencies[1], 2 * load);
    assert.throws(() => two("nobody"));
  });

  test("stores leave the core at once; the message is what arrives", () => {
    const put = thread(["gw.cxl.mem.store"], {}, { payload: "128 B" });
    assert.equal(put.latencies[0], 2 * 5000 + home + 3 * FLIT + flight + 20_000 + 50_000);
    assert.equal(put.account("gw/copies"), 1);
    assert.equal(put.account("gw/movements"), 1);
  });

  for (const [stage, usual, times] of [["home", 40, 1], ["flight", 45, 2], ["controller", 20, 1], ["dram", 50, 1]] as const) {
    test(`${stage} is paid ${times === 1 ? "once" : "twice"} a load`, () => assert.equal(thread(LOAD, { [stage]: "500 ns" }).latencies[0]! - load, times * (500_000 - usual * 1000)));
  }
});

describe("a device that caches", () => {
  test("a doorbell is a line that is taken, asked for and brought: 184 ns, where a register read takes 790", () => {
    assert.equal(alone({ model }, asks("store", { bytes: 8 })), home + 4 * FLIT + 3 * flight);
    const load: Probe = ({ bus, cpu }) => [use(cpu, "enter", { thread: "app", label: "app" }), use(bus, "load", { label: "line" }), leaveCore()];
    const stall = home + 3 * FLIT + 2 * flight;
    assert.equal(alone({ model }, load), stall);
    assert.ok(stall > 100_000 && stall < 150_000, "a line of the device costs about as much as one of a far cache");
    assert.ok(alone({ model: "bus/pcie" }, load) > 5 * stall);
  });

  test("reads of host lines: requests, one round, the lines; the first alone sooner", () => {
    assert.deepEqual(segments(asks("read", { bytes: 64, until: "last" })), [["read request", FLIT], ["read round trip", home + 2 * flight], ["read", 2 * FLIT]]);
    assert.equal(alone({ model }, asks("read", { bytes: 1024, until: "last" })), 4 * FLIT + home + 2 * flight + 20 * FLIT);
    assert.equal(alone({ model }, asks("read", { bytes: 1024, until: "first" })), alone({ model }, asks("read", { bytes: 64, until: "last" })));
  });

  test("no more lines at once than the device keeps track of", () => {
    const run = (requests: number) => Math.max(...onBus({ model, params: { requests } }, { one: asks("read", { bytes: 64, until: "last" }) }, { one: [0, 0, 0, 0] }).latencies[0]!);
    const single = alone({ model }, asks("read", { bytes: 64, until: "last" }));
    assert.equal(run(1), 4 * single);
    assert.ok(run(4) < 1.2 * single);
  });

  test("writes land in order; an interrupt is a flit; an atomic is a line read", () => {
    assert.deepEqual(segments(asks("write", { bytes: 64, visible: true })), [["write", 2 * FLIT], ["write flight", flight]]);
    assert.equal(alone({ model }, asks("visible")), flight + 20_000);
    assert.equal(alone({ model }, asks("interrupt")), FLIT);
    assert.equal(alone({ model }, asks("atomic", { bytes: 8 })), alone({ model }, asks("read", { bytes: 8, until: "last" })));
  });
});
