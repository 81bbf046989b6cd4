// Goal: a copy-on-write send takes its listed steps, interrupts the other cores of the process, and copies what is written again.
// Method: exact segments and accounts of one send, with and without other cores and writes.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { memorySystem } from "../support/memory-system.js";
import { testModel, type Bench, type Tested, type Written } from "../support/model-tester.js";

type Params = Readonly<Record<string, Written>>;

function bench(step: Bench["path"][number], cow: Params = {}, more: Partial<Bench> = {}): Bench {
  const components = {
    cpu: { model: "host/core", params: { threads: { irq: 2, app: 3, first: 4, second: 5 } } },
    ...memorySystem(),
    bus: { model: "bus/pcie" },
    nic: { model: "nic/generic", params: { "moderation.mode": "none" } },
    os: { model: "os/linux" },
    tcp: { model: "os/linux-tcp" },
    cow: { model: "os/zerocopy-cow", params: cow },
  };
  return {
    instances: { gw: { components }, out: { model: "link/ethernet" } }, path: [["gw.run", { time: "0 ns", core: "app" }], { tap: "call" }, step, { tap: "handed" }, "gw.nic.tx", "out"],
    payload: "10000 B", from: "call", to: "handed", ...more,
  };
}

const pairs = (tested: Tested): (readonly [string, number])[] => tested.segments().map(({ label, ps }) => [label, ps]);
const counts = (tested: Tested): number[] => ["copies", "copied-bytes", "ipis", "syscalls"].map((name) => tested.account(`gw/${name}`));
const spent = (tested: Tested): number => [...tested.machine.cpu].reduce((total, time) => total + time, 0);
const HEAD = [["system call", 70_000], ["send call", 85_000], ["pages made read-only", 1_000_000 + 3 * 40_000], ["flush of translations", 200_000]] as const;
const DOWN = [["build segments", 700_000], ["queueing discipline", 150_000], ["driver send", 250_000]] as const;

describe("a send that shares its pages", () => {
  test("takes the listed steps and no others where the process has one core", () => {
    const tested = testModel(bench("gw.cow.tx"));
    assert.deepEqual(pairs(tested), [...HEAD, ...DOWN]);
    assert.deepEqual(counts(tested), [0, 0, 0, 1]);
  });

  test("interrupts every other core of the process and waits for the last", () => {
    const tested = testModel(bench("gw.cow.tx", { threads: ["first", "second"] }));
    assert.deepEqual(pairs(tested), [...HEAD, ["inter-processor interrupt", 600_000], ["flush on another core", 300_000], ...DOWN]);
    assert.deepEqual(counts(tested), [0, 0, 2, 1]);
    // Side by side for the sender, but each core pays.
    assert.equal(spent(tested) - spent(testModel(bench("gw.cow.tx"))), 2 * 900_000);
  });

  test("waits for a core that is at work", () => {
    const busy: Bench["path"] = [{ tap: "call" }, ["gw.run", { time: "5 us", core: "first" }], ["gw.run", { time: "0 ns", core: "app" }], ["gw.cow.tx", {}], { tap: "handed" }, "gw.nic.tx", "out"];
    const tested = testModel(bench("gw.cow.tx", { threads: ["first"] }, { path: busy, messages: 2, traffic: { model: "traffic/burst", params: { count: 2, gap: "4 us", period: "1 ms", payload: "10000 B" } } }));
    const waits = tested.segments(0).filter(({ label, ps }) => label === "wait for core of first" && ps > 0);
    assert.equal(waits.length, 1, "the second message is at work there when the first one sends");
  });

  test("copies page by page off the path when the buffer is written again, each page behind a fault", () => {
    const tested = testModel(bench(["gw.cow.tx", { touched: "100%" }]));
    const kept = testModel(bench("gw.cow.tx"));
    assert.deepEqual(tested.latencies, kept.latencies);
    assert.deepEqual(counts(tested), [1, 10_000, 0, 1]);
    assert.equal(spent(tested) - spent(kept), 3 * 1_000_000 + 35_000 + 10_000 * 156.25);
  });

  test("copies in the share of sends that are written again", () => {
    const tested = testModel(bench(["gw.cow.tx", { touched: "30%" }], {}, { messages: 2000 }));
    assert.ok(Math.abs(tested.account("gw/copies") / 2000 - 0.3) < 0.03, String(tested.account("gw/copies")));
  });
});

describe("the size from which it pays", () => {
  const more = (step: Bench["path"][number], payload: number, cow: Params): number => spent(testModel(bench(step, cow, { payload: `${payload} B` }))) - spent(testModel(bench("gw.tcp.tx", {}, { payload: `${payload} B` })));

  test("is where the arithmetic has it, with one other core and with none", () => {
    // 1200 ns - 35 ns and 40 ns a page against 0.15625 ns a byte; another core adds its own 900 ns, in which the sender also waits.
    for (const size of [1000, 8223, 8224, 8225, 16_384, 65_536]) {
      const alone = 1_200_000 + 40_000 * Math.ceil(size / 4096) - 35_000 - Math.round(size * 156.25);
      assert.equal(more("gw.cow.tx", size, {}), alone, String(size));
      assert.equal(more("gw.cow.tx", size, { threads: ["first"] }), alone + 900_000, String(size));
    }
  });

  test("does not exist when the buffer is written again", () => {
    for (const size of [1000, 30_000, 1_000_000]) assert.ok(more(["gw.cow.tx", { touched: "100%" }], size, {}) > 0, String(size));
  });
});
