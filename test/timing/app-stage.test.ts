// Stages of an application: exact segments, periodic work, cold starts, the log off the path, set-ups and vacations.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { memorySystem } from "../support/memory-system.js";
import { testModel, type Bench, type Tested, type Written } from "../support/model-tester.js";

const app = (params: Readonly<Record<string, Written>>, more: Partial<Bench> = {}, path: Bench["path"] = ["gw.app.parse", "gw.app.decide", "gw.app.encode", "gw.app.log"]): Tested =>
  testModel({
    instances: { gw: { components: { cpu: { model: "host/core", params: { threads: { app: 3, writer: 4 } } }, ...memorySystem(), app: { model: "app/stage", params: { core: "app", ...params } } } } },
    path: [{ tap: "begin" }, ...path, { tap: "end" }], from: "begin", to: "end", ...more,
  });
const every = (period: string): Bench["traffic"] => ({ model: "traffic/burst", params: { count: 1, gap: "0 ns", period, payload: "64 B" } });
const PLAIN = { parse: "100 ns", decide: "1 us", encode: "200 ns", log: "500 ns" };

describe("one message", () => {
  test("is parsed, decided on and answered, and nothing else", () => {
    assert.deepEqual(app(PLAIN).segments().map(({ label, ps }) => [label, ps]), [["parse", 100_000], ["decide", 1_000_000], ["encode", 200_000]]);
  });

  test("goes on with the thread that it has come to unless told otherwise", () => {
    const held = app({ ...PLAIN, core: "holder" }, {}, [["gw.run", { time: "1 ns", core: "writer" }], "gw.app.decide"]);
    assert.equal(held.latencies[0], 1_001_000);
  });
});

describe("the log", () => {
  test("takes no time of its message, but of those that come after it where the same thread writes it", () => {
    const three = { traffic: every("1 us"), messages: 3 } as const;
    // The second message stands in line before the first one's line is to be written, the third behind it.
    assert.deepEqual([...app(PLAIN, three).latencies], [1_300_000, 1_600_000, 1_900_000 + 500_000]);
    assert.deepEqual([...app({ ...PLAIN, logger: "writer" }, three).latencies], [1_300_000, 1_600_000, 1_900_000]);
  });
});

describe("periodic work", () => {
  test("falls to every so many messages", () => {
    const { latencies } = app({ ...PLAIN, every: 3, extra: "5 us" }, { traffic: every("100 us"), messages: 7 });
    assert.deepEqual([...latencies], [1_300_000, 1_300_000, 6_300_000, 1_300_000, 1_300_000, 6_300_000, 1_300_000]);
  });
});

describe("cold starts", () => {
  const cold = { ...PLAIN, "cold.after": "50 us", "cold.lines": 4 };

  test("cost a memory access a line after a long rest, one after the other", () => {
    assert.deepEqual([...app(cold, { traffic: every("100 us"), messages: 2 }).latencies], [1_300_000, 1_300_000 + 4 * 85_000]);
    // It rests 100 us less 1.8 us of work and log.
    assert.equal(app({ ...cold, "cold.after": "98200 ns" }, { traffic: every("100 us"), messages: 2 }).latencies[1], 1_300_000);
    assert.equal(app({ ...cold, "cold.after": "98199 ns" }, { traffic: every("100 us"), messages: 2 }).latencies[1], 1_640_000);
  });

  test("never happen to a thread that is kept at work", () => {
    assert.ok(app(cold, { traffic: every("40 us"), messages: 20 }).latencies.every((latency) => latency === 1_300_000));
  });
});

describe("a thread that is not ready", () => {
  test("gets ready first, but not for a message that finds it at work", () => {
    const { latencies } = app({ ...PLAIN, start: "3 us", log: "0 ns" }, { traffic: { model: "traffic/burst", params: { count: 2, gap: "0 ns", period: "1 ms", payload: "64 B" } }, messages: 4 });
    assert.deepEqual([...latencies].slice(2), [4_300_000, 5_600_000]);
  });

  test("finishes what it does for itself first: a wait of anything up to its length", () => {
    const { latencies } = app({ ...PLAIN, housekeeping: "10 us" }, { traffic: { model: "traffic/poisson", params: { rate: "1 kpps", payload: "64 B" } }, messages: 3000 });
    const waits = latencies.map((latency) => latency - 1_300_000).filter((wait) => wait <= 10_000_000);
    const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
    assert.ok(waits.length > 2900 && Math.max(...waits) > 9_900_000 && Math.min(...waits) < 100_000);
    assert.ok(Math.abs(mean - 5_000_000) < 250_000, `${mean}`);
  });
});
