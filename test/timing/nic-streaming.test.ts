import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { memorySystem } from "../support/memory-system.js";
import { testModel, type Bench, type Tested, type Written } from "../support/model-tester.js";

type Params = Readonly<Record<string, Written>>;

interface Setting {
  readonly nic?: Params;
  readonly payload?: number;
  readonly ready?: "whole" | "header";
  readonly path?: Bench["path"];
  readonly from?: string;
  readonly to?: string;
  readonly burst?: number;
}

function run({ nic = {}, payload = 64, ready = "whole", path, from = "gw.in@sof", to = "landed", burst = 1 }: Setting = {}): Tested {
  const components = { cpu: { model: "host/core", params: { threads: { app: 3 } } }, ...memorySystem(), bus: { model: "bus/pcie" }, nic: { model: "nic/streaming", params: nic }, efvi: { model: "os/ef_vi" } };
  const traffic = { model: "traffic/burst", params: { count: burst, gap: "line-rate", period: "1 ms", payload: `${payload} B` } };
  return testModel({
    instances: { gw: { components }, feed: { model: "link/ethernet", params: { length: "0 m" } }, order: { model: "link/ethernet", params: { length: "0 m" } } },
    path: path ?? ["feed", ["gw.nic.rx", ready], { tap: "landed" }, "gw.nic.replenish"], traffic, from, to, messages: burst,
  });
}
const listed = (tested: Tested): [string, number][] => tested.segments().map(({ label, ps }) => [label, ps]);
const CHUNK = Math.round((128 + 24) * 126.953125);
const LANDED: [string, number][] = [["receive pipeline", 30_000]];
const FLIGHT: [string, number][] = [["upstream", 180_000], ["landing in the cache", 20_000]];

describe("a frame on its way in", () => {
  test("of one chunk is written when it is complete", () => {
    assert.deepEqual(listed(run()), [["PHY and MAC, receive", 40_000], ["serialise", 118 * 800], ...LANDED, ["last chunk", CHUNK], ...FLIGHT]);
  });

  test("of many chunks leaves one to be written after its end", () => {
    const tested = run({ payload: 1400 });
    assert.deepEqual(listed(tested), [["PHY and MAC, receive", 40_000], ["serialise", (1400 + 54) * 800], ...LANDED, ["last chunk", CHUNK], ...FLIGHT]);
    // 1446 B with the check sequence, 120 to a chunk.
    assert.equal(tested.account("gw/bus-up-payload"), 13 * 128);
  });

  test("can be read from its first chunk on, whatever its length", () => {
    const first = (payload: number): number => run({ payload, ready: "header" }).latencies[0]!;
    assert.equal(first(1400), 40_000 + (120 + 8) * 800 + 30_000 + CHUNK + 200_000);
    assert.equal(first(1400), first(700));
    assert.equal(run({ payload: 1400, ready: "header" }).account("gw/bus-up-payload"), 13 * 128, "the others come behind it");
    // A frame that is shorter than a chunk is there when it has ended.
    assert.equal(first(64), run().latencies[0]!);
    // Exactly a chunk of data, and a byte more.
    assert.equal(first(120 - 46), run({ payload: 120 - 46 }).latencies[0]!);
    // The last byte's chunk follows the first one on the bus.
    assert.equal(first(121 - 46), run({ payload: 121 - 46 }).latencies[0]! - CHUNK);
  });

  test("is dropped when the ring has no room for all of its chunks", () => {
    const path: Bench["path"] = ["feed", "gw.nic.rx", { tap: "landed" }, "gw.vi.rx", ["gw.run", "10 us"]];
    const tested = run({ path, nic: { "rx.ring": "512 B" }, burst: 20 });
    assert.ok(tested.latencies.length < 20 && tested.latencies.length >= 4, String(tested.latencies.length));
    assert.equal(tested.machine.drops.reduce((sum, count) => sum + count, 0) + tested.latencies.length, 20);
    assert.equal(run({ path, burst: 20 }).latencies.length, 20);
  });
});

describe("a frame on its way out", () => {
  const out = (nic: Params = {}, payload = 64): Tested => run({ nic, payload, path: [["gw.run", { time: "0 ns", core: "app" }], { tap: "ready" }, "gw.nic.preload", "gw.nic.tx", "order"], from: "ready", to: "gw.out@sof" });

  test("that the device holds leaves on one store, whatever its length", () => {
    const store = Math.round((8 + 24) * 126.953125);
    for (const payload of [64, 1400]) {
      const kinds = listed(out({}, payload)).filter(([label]) => !label.startsWith("wait"));
      assert.deepEqual(kinds, [["store that sends", store], ["store that sends flight", 150_000], ["transmit pipeline", 20_000], ["MAC and PHY, transmit", 30_000]]);
    }
  });

  test("is stored first where it is not prepared", () => {
    const late = (payload: number): number => out({ "tx.mode": "stored" }, payload).latencies[0]!;
    assert.ok(late(1400) - late(64) > 150_000, `${late(1400)} ${late(64)}`);
    assert.ok(late(64) > out().latencies[0]!);
  });

  test("costs no read and no doorbell", () => {
    assert.deepEqual(["doorbells", "bus-up-overhead", "copies"].map((name) => out().account(`gw/${name}`)), [0, 0, 0]);
  });
});
