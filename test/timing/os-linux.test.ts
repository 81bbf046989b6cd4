import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WirelatErrors } from "../../src/errors/index.js";
import { memorySystem } from "../support/memory-system.js";
import { testModel, type Bench, type Tested, type Written } from "../support/model-tester.js";

type Params = Readonly<Record<string, Written>>;

interface Setting {
  readonly os?: Params;
  readonly cpu?: Params;
  readonly moderation?: string;
  readonly more?: Partial<Bench>;
}

const RECEIVE: Bench["path"] = ["gw.irq", "gw.udp.rx", ["gw.wake", "app"], ["gw.copy", { to: "user" }]];
/** Measured up to the socket's queue. */
const QUEUED: Bench["path"] = ["gw.irq", "gw.udp.rx", { tap: "queued" }, ["gw.wake", "app"]];
const SEND: Bench["path"] = [["gw.run", "1 us"], "gw.udp.tx"];

/** A host whose frames are in kernel memory already: what the operating system makes of them. */
function bench(path: Bench["path"], { os = {}, cpu = {}, moderation = "none", more = {} }: Setting = {}): Bench {
  const components = {
    cpu: { model: "host/core", params: { threads: { irq: 2, app: 3 }, ...cpu } },
    ...memorySystem(),
    bus: { model: "bus/pcie" },
    nic: { model: "nic/generic", params: { "moderation.mode": moderation } },
    os: { model: "os/linux", params: os },
  };
  const feed = { model: "link/ethernet" };
  return { instances: { gw: { components }, feed }, path: ["feed", "gw.nic.rx", { tap: "begin" }, ...path, { tap: "finish" }], from: "begin", to: "finish", ...more };
}

const poisson = (rate: string): Bench["traffic"] => ({ model: "traffic/poisson", params: { rate, payload: "64 B" } });
const burst = (count: number, gap = "0 ns"): Bench["traffic"] => ({ model: "traffic/burst", params: { count, gap, period: "10 ms", payload: "64 B" } });
const pairs = (tested: Tested, index = 0): (readonly [string, number])[] => tested.segments(index).map(({ label, ps }) => [label, ps]);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

const UP = [
  ["interrupt message", 3_555], ["interrupt delivery", 600_000], ["interrupt handler", 500_000], ["softirq", 300_000],
  ["driver receive", 350_000], ["GRO", 150_000], ["IP receive", 150_000], ["UDP and socket queue", 250_000],
  ["wake-up", 1_200_000], ["system call", 70_000], ["receive call", 135_000], ["copy to user", 45_000],
] as const;
const DOWN = [
  ["run", 1_000_000], ["system call", 70_000], ["send call", 85_000], ["copy to kernel", 45_000], ["build datagram", 400_000], ["queueing discipline", 150_000], ["driver send", 250_000],
] as const;

describe("one datagram on an idle host", () => {
  test("climbs from the interrupt to user memory in the listed steps and no others", () => {
    const tested = testModel(bench(RECEIVE));
    assert.deepEqual(pairs(tested), UP);
    assert.equal(tested.latencies[0], 3_753_555);
    assert.equal(tested.floor, 3_753_555);
  });

  test("goes down from the decision to the doorbell in the listed steps and no others", () => {
    assert.deepEqual(pairs(testModel(bench([...RECEIVE, ...SEND]))), [...UP, ...DOWN]);
  });

  test("costs one interrupt, two system calls, one switch and two copies", () => {
    const tested = testModel(bench([...RECEIVE, ...SEND]));
    assert.deepEqual(["interrupts", "syscalls", "switches", "copies", "movements"].map((name) => tested.account(`gw/${name}`)), [1, 2, 1, 2, 3]);
  });

  test("skips the queueing discipline with a bypass, and pays for the packet filter both ways", () => {
    const latency = (os: Params): number => testModel(bench([...RECEIVE, ...SEND], { os })).latencies[0] ?? NaN;
    assert.equal(latency({ "qdisc.mode": "bypass" }) - latency({}), -150_000);
    assert.equal(latency({ netfilter: "300 ns" }) - latency({}), 600_000);
  });

  test("is charged as hard interrupt, soft interrupt, wake-up, system time and copy, to the picosecond", () => {
    const { machine, compiled } = testModel(bench(RECEIVE));
    const { cores, categories } = compiled.program;
    const spent = (core: number, category: string): number => machine.cpu[cores.findIndex((name) => name.endsWith(`core${core}`)) * categories.length + categories.indexOf(category)] ?? NaN;
    assert.deepEqual([spent(2, "hardirq"), spent(2, "softirq"), spent(3, "wake"), spent(3, "sys"), spent(3, "copy")], [1_400_000 - 300_000, 300_000 + 900_000 + 150_000, 1_200_000, 205_000, 45_000]);
  });
});

describe("interrupts under load", () => {
  test("one interrupt serves a whole burst; each packet waits for those ahead of it", () => {
    const tested = testModel(bench(QUEUED, { more: { traffic: burst(4), messages: 4, to: "queued" } }));
    assert.equal(tested.account("gw/interrupts"), 1);
    const work = Array.from({ length: 4 }, (_, index) => sum(tested.segments(index).filter(({ step }) => step === "gw.udp.rx").map(({ ps }) => ps)));
    assert.deepEqual(work, [900_000, 900_000, 900_000, 900_000]);
    const gaps = tested.latencies.slice(1).map((latency, index) => latency - (tested.latencies[index] ?? 0));
    assert.ok(gaps.every((gap) => gap > 0 && gap <= 900_000), String(gaps));
  });

  test("interrupts per packet fall as the load grows, without any moderation", () => {
    const shares = ["1 kpps", "20 kpps", "200 kpps", "400 kpps"].map((rate) => testModel(bench(RECEIVE, { more: { traffic: poisson(rate), messages: 5000 } })).account("gw/interrupts") / 5000);
    const expected = [[0.99, 1], [0.93, 0.98], [0.6, 0.68], [0.36, 0.46]] as const;
    shares.forEach((share, index) => assert.ok(share >= expected[index]![0] && share <= expected[index]![1], `${share} at ${index}`));
  });

  test("a timer from the first frame adds its whole time at low rates", () => {
    const tested = testModel(bench(RECEIVE, { moderation: "timer-from-first" }));
    assert.equal(tested.latencies[0], 16_000_000 + 3_753_555);
  });

  test("a spent budget hands the poll over to a kernel thread, and the rest of the burst waits for it", () => {
    const ends = (os: Params): readonly number[] => testModel(bench(QUEUED, { os, more: { traffic: burst(6), messages: 6, to: "queued" } })).latencies;
    const free = ends({ weight: 2 });
    const bound = ends({ weight: 2, budget: 2, restarts: 1, "hand-over": "5 us" });
    const late = bound.map((latency, index) => latency - (free[index] ?? 0));
    assert.deepEqual(late, [0, 0, 5e6, 5e6, 10e6, 10e6]);
  });

  test("the budget is tested between turns, so a turn may exceed it", () => {
    const ends = (os: Params): readonly number[] => testModel(bench(QUEUED, { os, more: { traffic: burst(6), messages: 6, to: "queued" } })).latencies;
    assert.deepEqual(ends({ weight: 64, budget: 1, restarts: 1, "hand-over": "5 us" }).slice(0, 1), ends({}).slice(0, 1));
    assert.deepEqual(ends({ weight: 4, budget: 3, restarts: 1, "hand-over": "5 us" }).slice(0, 4), ends({ weight: 4 }).slice(0, 4));
  });
});

describe("the socket's buffer", () => {
  test("holds what fits and drops what does not; what was read makes room again", () => {
    // A frame of 106 B is charged 768 B besides: two fit into 1800 B, a third does not while nobody reads.
    const os = { "socket.buffer": "1800 B" };
    const slow: Bench["path"] = [...RECEIVE, ["gw.run", "20 us"]];
    const tested = testModel(bench(slow, { os, more: { traffic: burst(5), messages: 10 } }));
    const dropped = tested.machine.drops.reduce((total, count) => total + count, 0);
    assert.equal(tested.latencies.length + dropped, 10);
    assert.equal(dropped, 4, "in each burst one is being read, two are queued, two are dropped");
  });
});

describe("a path that forgets a step", () => {
  const refused = (path: Bench["path"]): string[] => {
    try {
      testModel(bench(path));
    } catch (error) {
      if (error instanceof WirelatErrors) return error.errors.map((each) => each.code);
      throw error;
    }
    return [];
  };

  test("is refused before it runs: nobody reads the socket, no interrupt takes the frame, no copy reaches the application", () => {
    assert.deepEqual(refused(["gw.irq", "gw.udp.rx"]), ["claim-unreleased"]);
    assert.deepEqual(refused([]), ["claim-unreleased"]);
    assert.deepEqual(refused(["gw.udp.rx"]), ["core-not-held"]);
    assert.deepEqual(refused(["gw.irq", "gw.udp.rx", ["gw.wake", "app"], ["gw.run", "1 us"]]), ["location-mismatch"]);
  });
});

describe("busy polling", () => {
  const os = { busy_poll: "50 us" };

  test("a packet that comes while its thread spins needs no interrupt and no wake-up", () => {
    const tested = testModel(bench(RECEIVE, { os, more: { traffic: burst(2, "30 us"), messages: 2 } }));
    assert.deepEqual([tested.account("gw/interrupts"), tested.account("gw/switches")], [0, 0]);
    const [first, ...rest] = pairs(tested, 1);
    assert.equal(first?.[0], "busy polling");
    assert.ok((first?.[1] ?? 0) <= 200_000);
    assert.deepEqual(rest, [...UP.slice(4, 8), ...UP.slice(9)]);
  });

  test("one that comes after the thread has gone to sleep pays for both", () => {
    const tested = testModel(bench(RECEIVE, { os, more: { traffic: burst(2, "60 us"), messages: 2 } }));
    assert.deepEqual([tested.account("gw/interrupts"), tested.account("gw/switches")], [1, 1]);
    assert.deepEqual(pairs(tested, 1), UP);
  });

  test("it saves interrupt and wake-up at 20 kpps and hardly ever hits at 1 kpps", () => {
    const run = (rate: string, settings: Params): Tested => testModel(bench(RECEIVE, { os: settings, more: { traffic: poisson(rate), messages: 5000 } }));
    const saved = median(run("20 kpps", {}).latencies) - median(run("20 kpps", os).latencies);
    assert.ok(saved > 2.2e6 && saved < 3.5e6, String(saved));
    const slept = run("1 kpps", os).account("gw/interrupts") / 5000;
    assert.ok(Math.abs(slept - Math.exp(-0.05)) < 0.02, `${slept} of 1 kpps sleep, e^-0.05 is expected`);
    const caught = 1 - run("20 kpps", os).account("gw/interrupts") / 5000;
    assert.ok(Math.abs(caught - (1 - Math.exp(-1))) < 0.06, `${caught} of 20 kpps are caught, 1 - 1/e is expected`);
  });
});

describe("steering to another core", () => {
  const threads = { threads: { irq: 2, rps: 4, app: 3 } };
  const STEERED = [["inter-processor interrupt", 600_000], ["softirq of the other core", 300_000]] as const;

  test("rps adds an inter-processor interrupt between GRO and IP, and nothing else", () => {
    const tested = testModel(bench(RECEIVE, { os: { "steering.mode": "rps" }, cpu: threads }));
    assert.deepEqual(pairs(tested), [...UP.slice(0, 6), ...STEERED, ...UP.slice(6)]);
    assert.deepEqual(["interrupts", "ipis", "switches"].map((name) => tested.account(`gw/${name}`)), [1, 1, 1]);
  });

  test("rfs does the protocol work where the reader runs, which is then switched to instead of woken", () => {
    const tested = testModel(bench(RECEIVE, { os: { "steering.mode": "rfs" } }));
    assert.deepEqual(pairs(tested), [...UP.slice(0, 6), ...STEERED, ...UP.slice(6, 8), ["switch to the reader", 1_000_000], ...UP.slice(9)]);
    assert.equal(tested.account("gw/switches"), 1);
  });

  test("one interrupt between processors serves all packets that wait", () => {
    const tested = testModel(bench(QUEUED, { os: { "steering.mode": "rps" }, cpu: threads, more: { traffic: burst(8), messages: 8, to: "queued" } }));
    assert.equal(tested.account("gw/ipis"), 1);
  });

  test("the backlog drops what does not fit", () => {
    // Packets come every 500 ns; the other core needs 900 ns before the first and 400 ns for each. With room for one it drops the second,
    // has caught up by 2.5 us and sleeps; the seventh wakes it, so the eighth finds the room taken again.
    const dropped = (backlog: number): number =>
      testModel(bench(QUEUED, { os: { "steering.mode": "rps", backlog }, cpu: threads, more: { traffic: burst(8), messages: 8, to: "queued" } })).machine.drops.reduce((total, count) => total + count, 0);
    assert.deepEqual([dropped(1), dropped(2), dropped(3)], [2, 0, 0]);
  });
});

describe("deferred interrupts", () => {
  const os = { "defer.polls": 10, "defer.time": "20 us" };
  const at = (gap: string, settings: Params): Tested => testModel(bench(QUEUED, { os: settings, more: { traffic: burst(2, gap), messages: 2, to: "queued" } }));

  test("a packet that comes within ten looks is found by a timer, without an interrupt", () => {
    const tested = at("50 us", os);
    assert.equal(tested.account("gw/interrupts"), 1);
    const waited = tested.segments(1).find(({ kind }) => kind === "batch")?.ps ?? 0;
    assert.ok(waited > 0 && waited < 21e6, String(waited));
    assert.deepEqual(pairs(tested, 1).slice(1), UP.slice(4, 8));
    assert.equal(at("50 us", {}).account("gw/interrupts"), 2);
  });

  test("one that comes after ten looks that found nothing interrupts again", () => {
    assert.equal(at("200 us", os).account("gw/interrupts"), 1);
    const late = at("215 us", os);
    assert.equal(late.account("gw/interrupts"), 2);
    assert.deepEqual(pairs(late, 1), UP.slice(0, 8));
  });

  test("either of the two settings alone defers nothing", () => {
    for (const alone of [{ "defer.polls": 10 }, { "defer.time": "20 us" }]) assert.equal(at("50 us", alone).account("gw/interrupts"), 2);
  });
});

describe("before there is a packet buffer", () => {
  test("a program that lets all through costs its own time", () => {
    assert.deepEqual(pairs(testModel(bench(RECEIVE, { os: { "xdp.mode": "pass" } }))), [...UP.slice(0, 4), ["XDP program", 30_000], ...UP.slice(4)]);
  });

  test("one that drops a share drops that share, on the core of the interrupt and for its own time", () => {
    const tested = testModel(bench(RECEIVE, { os: { "xdp.mode": "drop", "xdp.share": "25%" }, more: { traffic: poisson("1 kpps"), messages: 4000 } }));
    const dropped = tested.machine.drops.reduce((total, count) => total + count, 0) / 4000;
    assert.ok(Math.abs(dropped - 0.25) < 0.02, String(dropped));
  });

  test("one that sends the frame back needs no protocol, no thread, no copy", () => {
    const tested = testModel(bench(["gw.irq", "gw.xdp", "gw.nic.tx"], { more: { to: "finish" } }));
    assert.deepEqual(pairs(tested).slice(0, 6), [...UP.slice(0, 4), ["driver receive", 150_000], ["XDP program", 30_000]]);
    assert.deepEqual(["copies", "syscalls", "switches", "movements"].map((name) => tested.account(`gw/${name}`)), [0, 0, 0, 2]);
  });

  test("packet buffers that are bounded run out, and come back with the receive call", () => {
    const run = (buffers: number): number =>
      testModel(bench(RECEIVE, { os: { buffers }, more: { traffic: burst(4), messages: 8 } })).machine.drops.reduce((total, count) => total + count, 0);
    // Each burst of four: the first is still being read when the last is taken.
    assert.deepEqual([run(0), run(4), run(2)], [0, 0, 2 * 2]);
  });
});

describe("the deferred work's restarts", () => {
  test("ten runs follow one another before the kernel thread goes on, unless 2 ms are over", () => {
    const ends = (os: Params): readonly number[] => testModel(bench(QUEUED, { os, more: { traffic: burst(24), messages: 24, to: "queued" } })).latencies;
    const free = ends({ weight: 2 });
    const late = (os: Params): number[] => ends({ weight: 2, budget: 2, "hand-over": "5 us", ...os }).map((latency, index) => latency - (free[index] ?? 0));
    assert.deepEqual(late({}), Array.from({ length: 24 }, (_, index) => (index < 20 ? 0 : 5e6)));
    // A packet takes 900 ns: two runs of two take 3.6 us.
    assert.deepEqual(late({ "restart-time": "3600 ns" }).slice(0, 6), [0, 0, 0, 0, 5e6, 5e6]);
    assert.deepEqual(late({ "restart-time": "3601 ns" }).slice(0, 8), [0, 0, 0, 0, 0, 0, 5e6, 5e6]);
  });
});
