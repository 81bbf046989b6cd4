// A collection each time that the young generation is full: who waits, how often, and for how long.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { testModel, type Tested, type Written } from "../support/model-tester.js";

const run = (params: Readonly<Record<string, Written>>, messages: number, period = "100 us"): Tested =>
  testModel({
    instances: { gw: { components: { cpu: { model: "host/core", params: { threads: { app: 3 } } }, gc: { model: "app/gc", params } } } },
    path: [{ tap: "begin" }, ["gw.run", { time: "1 us", core: "app" }], "gw.gc.allocate", { tap: "end" }], from: "begin", to: "end",
    traffic: { model: "traffic/burst", params: { count: 1, gap: "0 ns", period, payload: "64 B" } }, messages,
  });

describe("a collector of garbage", () => {
  test("stops the message that fills the young generation, and no other while nobody is behind it", () => {
    const { latencies } = run({ young: "64 KiB", garbage: "16 KiB", pause: "50 us" }, 8);
    assert.deepEqual([...latencies], [1, 1, 1, 51, 1, 1, 1, 51].map((us) => us * 1_000_000));
  });

  test("a pause is shown as preemption of the thread", () => {
    const tested = run({ young: "4 KiB", garbage: "4 KiB", pause: "50 us" }, 1);
    assert.deepEqual(tested.segments().map(({ kind, ps }) => [kind, ps]), [["process", 1_000_000], ["preempt", 50_000_000]]);
  });

  test("those behind wait for it too", () => {
    const { latencies } = run({ young: "64 KiB", garbage: "16 KiB", pause: "50 us" }, 8, "20 us");
    assert.deepEqual([...latencies].slice(3, 7), [51, 32, 13, 1].map((us) => us * 1_000_000));
  });

  test("twice the garbage, twice as often; none, never", () => {
    const pauses = (garbage: string): number => run({ young: "64 KiB", garbage, pause: "50 us" }, 160).latencies.filter((latency) => latency > 1_000_000).length;
    assert.deepEqual(["2 KiB", "4 KiB", "8 KiB", "0 B"].map(pauses), [5, 10, 20, 0]);
  });

  test("pauses may be drawn", () => {
    const { latencies } = run({ young: "4 KiB", garbage: "4 KiB", pause: { dist: "uniform", min: "10 us", max: "20 us" } }, 200, "1 ms");
    assert.ok(latencies.every((latency) => latency >= 11_000_000 && latency <= 21_000_000) && new Set(latencies).size > 150);
  });
});
