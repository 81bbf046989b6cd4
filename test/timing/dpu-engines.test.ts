// Goal: threads that take turns on an engine hide memory accesses from throughput and not from latency.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { testModel, type Bench, type Tested, type Written } from "../support/model-tester.js";

type Params = Readonly<Record<string, Written>>;
const through = (params: Params, more: Partial<Bench> = {}): Tested =>
  testModel({ instances: { feed: { model: "link/ethernet", params: { rate: "400 Gbit/s" } }, dpu: { model: "dpu/engines", params }, out: { model: "link/ethernet", params: { rate: "400 Gbit/s" } } }, path: ["feed", "dpu.process", "out"], from: "dpu.in@eof", to: "dpu.out@sof", ...more });
const burst = (count: number): Partial<Bench> => ({ messages: count, traffic: { model: "traffic/burst", params: { count, gap: "0 ns", period: "1 ms", payload: "64 B" } } });
/** One access of 300 ns between two runs of 50 ns. */
const simple: Params = { engines: 1, cycles: "80 cycles", "packet.accesses": 1, "packet.access": "300 ns", "local.accesses": 0 };

describe("a packet on a thread", () => {
  test("takes the listed steps and no others", () => {
    const tested = through({ "packet.accesses": 1, "local.accesses": 1, "host.accesses": 1, cycles: "321 cycles" }, { from: "dpu.in@sof" });
    // 321 cycles at 800 MHz are 401.25 ns, in four parts that are the whole together.
    assert.deepEqual(tested.segments().map(({ label, ps }) => [label, ps]), [
      ["PHY and MAC, receive", 80_000], ["serialise", 2_360], ["dispatch", 50_000], ["instructions", 100_313], ["host memory", 600_000], ["instructions", 100_312], ["packet memory", 100_000],
      ["instructions", 100_313], ["local memory", 10_000], ["instructions", 100_312], ["MAC and PHY, transmit", 100_000],
    ]);
  });

  test("gives the engine away while it waits for memory: throughput is bound by the engine, or by too few threads", () => {
    const last = (threads: number): number => Math.max(...through({ ...simple, threads }, burst(401)).latencies) + 400 * 2_600 - through(simple).latencies[0]!;
    // Frames come 130 B of wire apart, 2.6 ns. One thread: 400 ns a packet. Two: 450 ns for both, since the end of one and the start of the next fall together. Eight: the 100 ns of its instructions.
    for (const [threads, each] of [[1, 400_000], [2, 225_000], [8, 100_000]] as const) {
      const found = last(threads) / 400;
      assert.ok(Math.abs(found / each - 1) < 0.01, `${threads} threads: ${found}`);
    }
    // Four would be just enough if their turns never fell together.
    assert.ok(last(4) / 400 > 100_000 && last(4) / 400 < 115_000);
  });

  test("waits longer for its turns when the engine is busy, and no less for memory", () => {
    const tested = through({ ...simple, threads: 4 }, burst(8));
    const memory = (index: number): number => tested.segments(index).filter(({ label }) => label === "packet memory").reduce((sum, { ps }) => sum + ps, 0);
    assert.equal(memory(0), 300_000);
    assert.ok(Math.max(...tested.latencies) > through(simple).latencies[0]!);
  });

  test("more engines share the threads' instructions", () => {
    const last = (engines: number): number => Math.max(...through({ ...simple, engines, threads: 8 }, burst(81)).latencies);
    assert.ok(last(1) / last(4) > 3, `${last(1)} ${last(4)}`);
  });
});
