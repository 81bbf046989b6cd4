// Goal: a layer-1 switch passes bits on without looking at them, to one output or many; as a multiplexer it lets inputs take turns.
// Method: single frames; two that meet; what cannot be wired.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { listed, type ProbeRun } from "../support/probe.js";
import { payloadOf, refusedWith, through, type SwitchBench } from "../support/switches.js";

const one = (run: ProbeRun, flow = 0): number => run.latencies[flow]![0]!;
const of = (bench: Pick<SwitchBench, "sends"> & Partial<SwitchBench>): ProbeRun => through({ model: "switch/l1", links: { feed: {}, other: {}, order: {}, log: {} }, ...bench });
const small = { payload: payloadOf(72), metric: ["sw.in@sof", "sw.out@sof"] as const };
const large = { payload: payloadOf(1526), metric: ["sw.in@sof", "sw.out@sof"] as const };

describe("fan-out", () => {
  test("takes its time and no more, however long the frame", () => {
    for (const size of [small, large]) {
      const run = of({ sends: [{ from: "feed", to: "order", times: [0], ...size }] });
      assert.deepEqual(listed(run.segments()), [["crosspoint", 5000]]);
    }
    assert.equal(one(of({ params: { "fan-out.delay": "2 ns" }, sends: [{ from: "feed", to: "order", times: [0], ...small }] })), 2000);
  });

  test("serves all outputs at once", () => {
    const run = of({ sends: [{ from: "feed", to: "order", times: [0], args: { copies: ["log", "other"] }, ...small }] });
    const busy = (name: string): number => run.machine.stages.busy[run.machine.program.stages.findIndex((stage) => stage.name === name)]!;
    assert.deepEqual(["order.forward", "log.forward", "other.forward"].map(busy), [84 * 800, 84 * 800, 84 * 800]);
    assert.equal(one(run), 5000);
  });

  test("cannot wire two inputs to one output, or links of different rates", () => {
    const two = [{ from: "feed", to: "order", times: [0] }, { from: "other", to: "order", times: [0] }];
    assert.throws(() => of({ sends: two }), refusedWith("switch-two-inputs"));
    assert.throws(() => of({ links: { feed: {}, order: { rate: "25 Gbit/s" } }, sends: [{ from: "feed", to: "order", times: [0] }] }), refusedWith("switch-rate"));
    // Twice from one input is one wire.
    assert.equal(of({ sends: [{ from: "feed", to: "order", times: [0] }, { from: "feed", to: "order", times: [0] }] }).machine.completed, 2);
  });

  test("passes damaged frames on", () => {
    const run = of({ links: { feed: { loss: "100%" }, order: {} }, sends: [{ from: "feed", to: "order", times: [0, 1_000_000], payload: 64 }] });
    assert.equal(run.dropped("feed: bad frame check"), 2);
    const busy = run.machine.stages.busy[run.machine.program.stages.findIndex(({ name }) => name === "order.forward")];
    assert.equal(busy, 2 * 88 * 800);
  });
});

describe("a multiplexer", () => {
  const mux = { mode: "mux", "mux.delay": "45 ns" };

  test("takes its time, and a frame waits for the one before it, gap included", () => {
    const run = of({ params: mux, sends: [{ from: "feed", to: "order", times: [0], ...large }, { from: "other", to: "order", times: [0], ...small }] });
    assert.deepEqual(listed(run.segments(0)), [["multiplexer", 45_000]]);
    assert.deepEqual(listed(run.segments(1)), [["multiplexer", 45_000], ["wait for wire", 1538 * 800]]);
  });

  test("drops what its memory has no room for", () => {
    const sends = [{ from: "feed", to: "order", times: [0], ...large }, { from: "other", to: "order", times: [0], ...large }];
    const dropped = (buffer: string): number => of({ params: { ...mux, "mux.buffer": buffer }, sends }).dropped("sw.buffer for order full");
    assert.deepEqual([dropped("3036 B"), dropped("3035 B")], [0, 1]);
  });
});
