import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { memorySystem } from "../support/memory-system.js";
import { testModel, type Bench, type Tested, type Written } from "../support/model-tester.js";

type Params = Readonly<Record<string, Written>>;

function run(vi: Params = {}, more: Partial<Bench> = {}): Tested {
  const components = {
    cpu: { model: "host/core", params: { threads: { app: 3 } } },
    ...memorySystem(),
    bus: { model: "bus/pcie" },
    nic: { model: "nic/generic" },
    efvi: { model: "os/ef_vi", params: vi },
  };
  const path: Bench["path"] = ["feed", ["gw.nic.rx", { into: "user" }], { tap: "begin" }, "gw.vi.rx", "gw.vi.tx", { tap: "finish" }];
  return testModel({ instances: { gw: { components }, feed: { model: "link/ethernet" } }, path, from: "begin", to: "finish", ...more });
}
const listed = (tested: Tested, index = 0): [string, number][] => tested.segments(index).filter(({ kind }) => kind !== "poll").map(({ label, ps }) => [label, ps]);

describe("a frame through a virtual interface", () => {
  test("is found and sent in the listed steps and no others", () => {
    assert.deepEqual(listed(run()), [["event and buffer", 15_000], ["event in cache", 20_000], ["frame in cache", 50_000], ["frame to send", 15_000], ["store of the first line", 5000]]);
  });

  test("takes 105 ns and half a look", () => {
    assert.equal(run().floor, 105_000 + 15_000);
  });

  test("needs no interrupt, no system call and no copy", () => {
    const tested = run();
    assert.deepEqual(["interrupts", "syscalls", "copies", "movements"].map((name) => tested.account(`gw/${name}`)), [0, 0, 0, 1]);
  });

  test("is found within one look, half of one in the mean", () => {
    const tested = run({ loop: "600 ns" }, { traffic: { model: "traffic/poisson", params: { rate: "1 kpps", payload: "4 B" } }, messages: 2000 });
    const waits = tested.latencies.map((_, index) => tested.segments(index).find(({ kind }) => kind === "poll")?.ps ?? 0);
    assert.ok(Math.max(...waits) < 600_000);
    // The mean of 2000 uniform waits has a standard error of 3.9 ns; five of them are 19.4 ns.
    assert.ok(Math.abs(waits.reduce((sum, one) => sum + one, 0) / 2000 - 300_000) < 19_400);
  });
});

describe("a layer on top", () => {
  test("works on each message, and copies it where sockets are asked for", () => {
    const layer = run({ "layer.rx": "60 ns", "layer.tx": "40 ns", "copy.mode": "each-way" });
    const copy = 15_000 + Math.round(64 * 156.25);
    assert.deepEqual(listed(layer).map(([, ps]) => ps), [15_000, 20_000, 50_000, 60_000, copy, 40_000, copy, 15_000, 5000]);
    assert.deepEqual([layer.account("gw/copies"), layer.account("gw/copied-bytes")], [2, 128]);
  });
});

describe("the thread", () => {
  test("is busy with the lines behind the first while the device already sends", () => {
    const busy = (payload: number): number => {
      const { machine } = run({}, { payload: `${payload} B` });
      return machine.servers.busy.reduce((sum, one) => sum + one, 0);
    };
    // 42 B of headers: one line up to a payload of 22 B, 24 lines at 1472 B, of which the frame's reading takes as many as it has.
    assert.equal(busy(22), 15_000 + 20_000 + 25_000 + 15_000 + 5000);
    assert.equal(busy(23), 15_000 + 20_000 + 50_000 + 15_000 + 5000 + 5000);
    assert.equal(busy(1472), 15_000 + 20_000 + 24 * 25_000 + 15_000 + 24 * 5000);
  });

  test("serves two frames one after the other", () => {
    const pair: Partial<Bench> = { traffic: { model: "traffic/burst", params: { count: 2, gap: "0 ns", period: "1 ms", payload: "4 B" } }, messages: 2 };
    const { latencies } = run({}, pair);
    // They come a frame apart (67.2 ns); the second waits for the first one's 80 ns.
    assert.equal(latencies[1]! - latencies[0]!, 80_000 - 67_200);
  });
});
