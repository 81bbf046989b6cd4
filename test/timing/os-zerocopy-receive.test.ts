// Goal: whole pages of what was received are mapped and the rest is copied, in the listed steps. Method: exact segments of one
// message that is in kernel memory; accounts; sizes around a page.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { memorySystem } from "../support/memory-system.js";
import { testModel, type Bench, type Tested, type Written } from "../support/model-tester.js";

function bench(payload: string, pages: Readonly<Record<string, Written>> = {}, last = "gw.pages.map"): Bench {
  const components = {
    cpu: { model: "host/core", params: { threads: { irq: 2, app: 3, worker: 4 } } },
    ...memorySystem(),
    bus: { model: "bus/pcie" },
    nic: { model: "nic/generic", params: { "moderation.mode": "none" } },
    os: { model: "os/linux" },
    tcp: { model: "os/linux-tcp" },
    pages: { model: "os/zerocopy-receive", params: pages },
  };
  const path: Bench["path"] = ["feed", "gw.nic.rx", "gw.irq", "gw.tcp.rx", "gw.tcp.recv", { tap: "begin" }, last === "gw.copy" ? ["gw.copy", { to: "user" }] : last, ["gw.run", "1 us"], { tap: "finish" }];
  return { instances: { gw: { components }, feed: { model: "link/ethernet", params: { rate: "100 Gbit/s" } } }, path, payload, from: "begin", to: "finish" };
}

const pairs = (tested: Tested): (readonly [string, number])[] => tested.segments().slice(0, -1).map(({ label, ps }) => [label, ps]);
const counts = (tested: Tested): number[] => ["copies", "copied-bytes", "ipis"].map((name) => tested.account(`gw/${name}`));
const mapped = (count: number): (readonly [string, number])[] => [["system call", 70_000], ["pages mapped", 300_000 + count * 100_000], ["flush of translations", 200_000]];

describe("what was received", () => {
  test("is mapped page by page when it fills pages, without a copy", () => {
    const tested = testModel(bench("16 KiB"));
    assert.deepEqual(pairs(tested), mapped(4));
    assert.deepEqual(counts(tested), [0, 0, 0]);
  });

  test("is copied as far as it does not fill a page", () => {
    const tested = testModel(bench("10000 B"));
    assert.deepEqual(pairs(tested), [...mapped(2), ["copy to user", 35_000 + (10_000 - 8192) * 156.25]]);
    assert.deepEqual(counts(tested), [1, 10_000 - 8192, 0]);
  });

  test("is copied as a whole below a page", () => {
    const tested = testModel(bench("4095 B"));
    assert.deepEqual(pairs(tested), [["copy to user", 35_000 + Math.round(4095 * 156.25)]]);
    assert.deepEqual(counts(tested), [1, 4095, 0]);
    assert.deepEqual(pairs(testModel(bench("4096 B"))), mapped(1));
  });

  test("makes every other core of the process forget, and waits for them", () => {
    const tested = testModel(bench("16 KiB", { threads: ["irq", "worker"] }));
    const [, , , interrupt, flush] = pairs(tested);
    assert.deepEqual([interrupt, flush], [["inter-processor interrupt", 600_000], ["flush on another core", 300_000]]);
    assert.deepEqual(counts(tested), [0, 0, 2]);
  });

  test("pays from 4 KiB on with one core, and from three pages on with two", () => {
    const saved = (payload: string, threads: readonly string[]): number => (testModel(bench(payload, {}, "gw.copy")).latencies[0] ?? NaN) - (testModel(bench(payload, { threads })).latencies[0] ?? NaN);
    // A copy of one page is 675 ns; mapping it 670 ns.
    assert.equal(saved("4096 B", []), 5_000);
    assert.equal(saved("8192 B", ["worker"]), 35_000 + 8192 * 156.25 - 770_000 - 900_000);
    assert.ok(saved("8192 B", ["worker"]) < 0 && saved("12288 B", ["worker"]) > 0);
  });
});
