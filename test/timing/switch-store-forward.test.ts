// Goal: a store-and-forward switch takes each frame in whole, drops what is damaged and sends the rest on. Method: single frames against
// the formula; a lossy link before it; a link that lends it room, and gets it back when the frame has left. What it shares with the cut-through switch is tested there.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { listed, type ProbeRun } from "../support/probe.js";
import { payloadOf, through, type SwitchBench } from "../support/switches.js";

const MODEL = "switch/store-forward";
const one = (run: ProbeRun, flow = 0): number => run.latencies[flow]![0]!;
const of = (bench: Pick<SwitchBench, "sends" | "links"> & Partial<SwitchBench>): ProbeRun => through({ model: MODEL, ...bench, params: { forwarding: "300 ns", ...bench.params } });

describe("a frame alone", () => {
  test("leaves one forwarding after its last bit has come, whatever the rates", () => {
    const edges = (wire: number, incoming: string, outgoing: string): number[] => ["sw.out@sof", "sw.out@eof"].map((tap) =>
      one(of({ links: { feed: { rate: incoming }, order: { rate: outgoing } }, sends: [{ from: "feed", to: "order", times: [0], payload: payloadOf(wire), metric: ["sw.in@sof", tap] }] })));
    assert.deepEqual(edges(72, "10 Gbit/s", "10 Gbit/s"), [357_600, 415_200]);
    assert.deepEqual(edges(1526, "10 Gbit/s", "10 Gbit/s"), [1_520_800, 2_741_600]);
    assert.deepEqual(edges(1526, "10 Gbit/s", "100 Gbit/s"), [1_520_800, 1_642_880]);
    assert.deepEqual(edges(1526, "100 Gbit/s", "10 Gbit/s"), [422_080, 1_642_880]);
    assert.deepEqual(edges(1526, "1 Gbit/s", "10 Gbit/s"), [12_508_000, 13_728_800]);
  });

  test("serialisation is charged once for each wait for bytes", () => {
    const run = of({ links: { feed: {}, order: {} }, sends: [{ from: "feed", to: "order", times: [0], payload: payloadOf(1526) }] });
    assert.deepEqual(listed(run.segments()), [["serialise", 1_220_800], ["forwarding", 300_000], ["serialise", 1_220_800]]);
  });
});

describe("damaged frames", () => {
  const count = 400;
  const times = Array.from({ length: count }, (_, index) => index * 10_000_000);
  const busy = (run: ProbeRun): number => run.machine.stages.busy[run.machine.program.stages.findIndex(({ name }) => name === "order.forward")]!;

  test("are dropped by the switch, and take no time of its port; the same frames are damaged whoever looks", () => {
    const sends = [{ from: "feed", to: "order", times, payload: payloadOf(1526) }];
    const run = of({ links: { feed: { loss: "20%" }, order: {} }, sends });
    const lost = run.dropped("sw: bad frame check");
    assert.ok(lost > 50 && lost < 110, `${lost}`);
    assert.equal(busy(run), (count - lost) * 1538 * 800);
    const elsewhere = through({ model: "switch/cut-through", links: { feed: { loss: "20%" }, order: {} }, sends });
    assert.equal(elsewhere.dropped("feed: bad frame check"), lost);
  });

  test("none is damaged by a link in order, and all by one that damages all", () => {
    const lost = (loss: string): number => of({ links: { feed: { loss }, order: {} }, sends: [{ from: "feed", to: "order", times, payload: 64 }] }).dropped("sw: bad frame check");
    assert.deepEqual([lost("0%"), lost("100%")], [0, count]);
  });

  test("one that is damaged gives its room back to the link that makes the sender pause", () => {
    const run = of({ links: { feed: { loss: "100%", "pause.room": "1526 B", "pause.reaction": "0 ns" }, order: {} }, sends: [{ from: "feed", to: "order", times: [0, 10_000_000, 20_000_000], payload: payloadOf(1526) }] });
    assert.equal(run.dropped("sw: bad frame check"), 3);
  });
});

describe("a link that makes its sender pause", () => {
  const frame = 1_220_800;
  const links = (reaction: string) => ({ feed: { "pause.room": "64 KiB", "pause.reaction": reaction }, order: {} });
  test("has its buffer back when the frame has left the switch, not when it has come in", () => {
    // Asked for at once; stored after 1220.8 ns, forwarded after 300 ns, sent after another 1220.8 ns; the end of the pause is 72 bytes long.
    const run = of({ links: links("500 ns"), sends: [{ from: "feed", to: "order", times: [0, 1_000_000], payload: payloadOf(1526), metric: ["intended", "there"] }] });
    const alone = frame + 300_000 + frame;
    const resumed = alone + 57_600 + 500_000;
    assert.deepEqual(run.latencies[0], [alone, resumed - 1_000_000 + alone]);
    assert.deepEqual(run.segments(0, 1)[0], { step: "feed", label: "pause", kind: "credit", ps: resumed - 1_000_000 });
  });

  test("has it back at once with a frame for which the switch has no memory", () => {
    for (const params of [{ "buffer.shared": "100 B" }, { "buffer.port": "100 B" }]) {
      const run = of({ links: links("0 ns"), params, sends: [{ from: "feed", to: "order", times: [0, 0, 0], payload: payloadOf(1526) }] });
      assert.equal(run.machine.drops.reduce((sum, one) => sum + one, 0), 3, JSON.stringify(params));
    }
  });
});
