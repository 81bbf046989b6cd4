// Goal: what a packet costs on a core that runs it to completion, how many cores share the load, and what keeping the order costs behind a slow packet.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { testModel, type Bench, type Tested, type Written } from "../support/model-tester.js";

type Params = Readonly<Record<string, Written>>;
const through = (params: Params, more: Partial<Bench> = {}): Tested =>
  testModel({ instances: { feed: { model: "link/ethernet", params: { rate: "400 Gbit/s" } }, dpu: { model: "dpu/cores", params }, out: { model: "link/ethernet", params: { rate: "400 Gbit/s" } } }, path: ["feed", "dpu.process", "out"], from: "dpu.in@eof", to: "dpu.out@sof", ...more });
const burst = (count: number): Partial<Bench> => ({ messages: count, traffic: { model: "traffic/burst", params: { count, gap: "0 ns", period: "1 ms", payload: "64 B" } } });
const ends = (tested: Tested): number => Math.max(...tested.latencies);
const middle = (values: readonly number[]): number => [...values].sort((x, y) => x - y)[Math.floor(values.length / 2)] ?? NaN;

describe("a packet on a core", () => {
  test("takes the listed steps and no others", () => {
    const tested = through({}, { from: "dpu.in@sof" });
    assert.deepEqual(tested.segments().map(({ label, ps }) => [label, ps]), [
      ["PHY and MAC, receive", 80_000], ["serialise", 2_360], ["dispatch", 50_000], ["packet on a core", 1_000_000 + 4 * 10_000 + 2 * 100_000], ["MAC and PHY, transmit", 100_000],
    ]);
    assert.equal(tested.account("dpu/movements"), 2);
  });

  test("pays for every access to memory, of whichever kind", () => {
    const of = (params: Params): number => through(params).floor!;
    assert.equal(of({ "host.accesses": 2, "host.access": "700 ns" }) - of({}), 1_400_000);
    assert.equal(of({ "packet.accesses": 5, "packet.access": "120 ns" }) - of({ "packet.accesses": 0 }), 600_000);
    assert.equal(of({ "local.accesses": 10, "local.access": "3 ns" }) - of({ "local.accesses": 0 }), 30_000);
  });

  test("waits for a core when all are taken", () => {
    // Sixteen at once on eight cores: the second eight a service later. They come 3.36 ns of wire apart.
    const tested = through({ cores: 8 }, burst(16));
    const wait = (index: number): number => tested.segments(index).filter(({ label }) => label === "wait for packet on a core").reduce((sum, { ps }) => sum + ps, 0);
    assert.deepEqual([0, 7].map(wait), [0, 0]);
    const free = through({ cores: 8, order: "free" }, burst(16));
    assert.ok(ends(free) - through({}).latencies[0]! > 1_240_000 - 8 * 4_000 && ends(free) - through({}).latencies[0]! <= 1_240_000);
  });

  test("stays with the core of its flow, if told so", () => {
    const flows = (spread: string): number => ends(through({ cores: 8, spread }, burst(8)));
    // One flow: all eight on one core.
    assert.ok(flows("flow") - flows("any") > 6.9 * 1_240_000, `${flows("flow")} ${flows("any")}`);
  });

  test("is dropped when no buffer is left", () => {
    const tested = through({ cores: 1, buffers: 2 }, burst(5));
    assert.equal(tested.latencies.length, 2);
    assert.deepEqual([...tested.machine.drops].reduce((sum, drops) => sum + drops, 0), 3);
  });
});

describe("the order of packets", () => {
  const steady = (order: string): Tested =>
    through({ cores: 64, order, work: { dist: "exp", mean: "1 us" }, "local.accesses": 0, "packet.accesses": 0, dispatch: "0 ns" }, { messages: 20_000, traffic: { model: "traffic/constant", params: { rate: "2 Mpps", payload: "64 B" } } });

  test("restored, a packet leaves when it and all before it are done: the law of the largest of what is left", () => {
    // Cores enough for all: one that came n gaps before is done within x with 1 - exp(-(x + n gap) / mean).
    const done = (x: number): number => Array.from({ length: 60 }, (_, n) => 1 - Math.exp(-(x + n * 0.5))).reduce((product, factor) => product * factor, 1);
    let [low, high] = [0, 20];
    for (let step = 0; step < 60; step++) [low, high] = done((low + high) / 2) < 0.5 ? [(low + high) / 2, high] : [low, (low + high) / 2];
    const expected = low * 1e6 + 180_000;
    const found = middle(steady("restored").latencies);
    assert.ok(Math.abs(found / expected - 1) < 0.03, `${found} against ${expected}`);
    // Free, the median of the exponential.
    assert.ok(Math.abs((middle(steady("free").latencies) - 180_000) / (Math.LN2 * 1e6) - 1) < 0.03);
  });

  test("nobody overtakes: ends come in the order of arrival, and the wait is one for the order", () => {
    const tested = steady("restored");
    const end = tested.latencies.map((latency, index) => index * 500_000 + latency);
    assert.ok(end.every((time, index) => index === 0 || time >= end[index - 1]!));
    const behind = Array.from({ length: 200 }, (_, index) => tested.segments(index)).filter((segments) => segments.some(({ kind }) => kind === "order"));
    assert.ok(behind.length > 50);
  });
});
