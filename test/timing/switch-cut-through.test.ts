// Goal: a cut-through switch forwards as the algebra of first and last bits says, and everything that queues, drops, marks and arbitrates in
// it does so to the picosecond. Method: single frames against the formula, then few frames that meet, then each option.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { need } from "../../src/modeling/index.js";
import { listed, probe, type ProbeRun } from "../support/probe.js";
import { payloadOf, refusedWith, through, type SwitchBench } from "../support/switches.js";

const MODEL = "switch/cut-through";
const PLAIN = { forwarding: "300 ns", header: "22 B" };
const links = (incoming = "10 Gbit/s", outgoing = "10 Gbit/s") => ({ feed: { rate: incoming }, other: { rate: incoming }, order: { rate: outgoing } });
const one = (run: ProbeRun, flow = 0): number => run.latencies[flow]![0]!;
const of = (bench: Partial<SwitchBench> & Pick<SwitchBench, "sends">): ProbeRun => through({ model: MODEL, links: links(), ...bench, params: { ...PLAIN, ...bench.params } });

/** First and last bit out, counted from the first bit in. */
function edges(wire: number, incoming: string, outgoing: string, params = {}): [number, number] {
  const at = (tap: string): number => one(of({ links: links(incoming, outgoing), params, sends: [{ from: "feed", to: "order", times: [0], payload: payloadOf(wire), metric: ["sw.in@sof", tap] }] }));
  return [at("sw.out@sof"), at("sw.out@eof")];
}

describe("a frame alone", () => {
  test("leaves when its header is in and has been worked on, and never so early that a byte would be missing", () => {
    assert.deepEqual(edges(72, "10 Gbit/s", "10 Gbit/s"), [317_600, 375_200]);
    assert.deepEqual(edges(1526, "10 Gbit/s", "10 Gbit/s"), [317_600, 1_538_400]);
    // A faster port: the last bit leaves exactly one forwarding after it came in.
    assert.deepEqual(edges(1526, "10 Gbit/s", "100 Gbit/s"), [1526 * 720 + 300_000, 1526 * 800 + 300_000]);
    assert.deepEqual(edges(1526, "100 Gbit/s", "10 Gbit/s"), [301_760, 1_522_560]);
    assert.deepEqual(edges(1526, "1 Gbit/s", "10 Gbit/s"), [11_287_200, 12_508_000]);
  });

  test("waits for as many bytes as the decision needs, and for the whole of a shorter frame", () => {
    assert.deepEqual(edges(1526, "10 Gbit/s", "10 Gbit/s", { header: "42 B" })[0], 42 * 800 + 300_000);
    assert.deepEqual(edges(72, "10 Gbit/s", "10 Gbit/s", { header: "72 B" })[0], 72 * 800 + 300_000);
    assert.deepEqual(edges(72, "10 Gbit/s", "10 Gbit/s", { header: "200 B" })[0], 72 * 800 + 300_000);
  });

  test("is made of its header, the forwarding and its bytes, and of nothing else", () => {
    const run = of({ sends: [{ from: "feed", to: "order", times: [0], payload: payloadOf(1526) }] });
    assert.deepEqual(listed(run.segments()), [["header", 17_600], ["forwarding", 300_000], ["serialise", 1_220_800]]);
    const faster = of({ links: links("10 Gbit/s", "100 Gbit/s"), sends: [{ from: "feed", to: "order", times: [0], payload: payloadOf(1526) }] });
    assert.deepEqual(listed(faster.segments()), [["header", 17_600], ["forwarding", 300_000], ["rate match", 1526 * 720 - 17_600], ["serialise", 1526 * 80]]);
  });

  test("n hops take n headers and forwardings and one frame, not n frames", () => {
    const hops = (model: string, count: number): number => {
      const between = Object.fromEntries(Array.from({ length: count + 1 }, (_, index) => [`l${index}`, { model: "link/ethernet", params: { length: "0 m" } }]));
      const switches = Object.fromEntries(Array.from({ length: count }, (_, index) => [`s${index}`, { model, params: { forwarding: "300 ns" } }]));
      const path = Array.from({ length: count }, (_, index) => [`l${index}`, `s${index}`]).flat();
      return one(probe({ links: { ...between, ...switches }, probes: { stored: () => [need("last")] }, flows: [{ path: [...path, `l${count}`, "gw.probe.stored", { tap: "there" }], times: [0], payload: payloadOf(1526), stack: "raw", from: "s0.in@sof", to: "there" }] }));
    };
    for (const count of [1, 2, 10]) {
      assert.equal(hops(MODEL, count), count * (17_600 + 300_000) + 1_220_800);
      assert.equal(hops("switch/store-forward", count), count * (1_220_800 + 300_000) + 1_220_800);
    }
  });
});

describe("frames that meet", () => {
  const order = 1526 * 800;
  const gap = 12 * 800;

  test("one that finds its port taken leaves behind the other, with the gap", () => {
    const run = of({ sends: [{ from: "feed", to: "order", times: [0], payload: payloadOf(1526) }, { from: "other", to: "order", times: [1000], payload: payloadOf(1526) }] });
    assert.equal(one(run), 317_600 + order);
    assert.equal(one(run, 1), 317_600 + order + gap + order - 1000);
    assert.deepEqual(listed(run.segments(1)), [["header", 17_600], ["forwarding", 300_000], ["wait for wire", order + gap - 1000], ["serialise", order]]);
  });

  test("the next one may set out exactly when the gap is over", () => {
    const at = (time: number): number => one(of({ sends: [{ from: "feed", to: "order", times: [0], payload: payloadOf(1526) }, { from: "other", to: "order", times: [time], payload: payloadOf(72) }] }), 1);
    assert.equal(at(order + gap), 317_600 + 72 * 800);
    assert.equal(at(order + gap - 1), 317_600 + 72 * 800 + 1);
  });

  test("ports do not wait for each other, whoever feeds them", () => {
    const run = of({ links: { ...links(), log: {} }, sends: [{ from: "feed", to: "order", times: [0], payload: payloadOf(1526) }, { from: "other", to: "log", times: [0], payload: payloadOf(1526) }] });
    assert.deepEqual([one(run), one(run, 1)], [317_600 + order, 317_600 + order]);
  });
});

describe("arbitration", () => {
  const long = { payload: payloadOf(1526) };
  /** Five frames of 1526 B that are all ready before the port is free, each with its priority. */
  const contended = (arbitration: string, priorities: readonly number[], more = {}): number[] => {
    const names = priorities.map((_, index) => `in${index}`);
    const run = of({
      links: { ...Object.fromEntries(names.map((name) => [name, {}])), order: {} },
      params: { arbitration, ...more },
      sends: priorities.map((priority, index) => ({ from: names[index]!, to: "order", times: [index === 0 ? 0 : 100_000 + index], args: { priority }, ...long })),
    });
    const ends = priorities.map((_, index) => one(run, index) + (index === 0 ? 0 : 100_000 + index));
    return [...priorities.keys()].sort((a, b) => ends[a]! - ends[b]!);
  };

  test("first come, first served does not look at priorities", () => assert.deepEqual(contended("fifo", [0, 1, 7, 3, 7]), [0, 1, 2, 3, 4]));

  test("strict priority lets the highest go first, and stops nobody who has begun", () => assert.deepEqual(contended("priority", [0, 1, 7, 3, 7]), [0, 2, 4, 3, 1]));

  test("deficit round robin gives each its bytes a turn, and keeps what a frame did not fit into", () => {
    assert.deepEqual(contended("drr", [0, 0, 0, 1, 1], { weights: "1:1:1:1:1:1:1:1" }), [0, 3, 1, 4, 2]);
    assert.deepEqual(contended("drr", [0, 0, 0, 1, 1], { weights: "1:2:1:1:1:1:1:1" }), [0, 3, 4, 1, 2]);
    // What is less than a frame is saved up; two frames fit into a turn when it pays for both, to the byte.
    assert.deepEqual(contended("drr", [0, 0, 0, 1, 1], { quantum: "1518 B" }), contended("drr", [0, 0, 0, 1, 1], { quantum: "1000 B" }));
    assert.deepEqual(contended("drr", [0, 0, 0, 1, 1], { quantum: "3036 B" }), [0, 3, 4, 1, 2]);
    assert.deepEqual(contended("drr", [0, 0, 0, 1, 1], { quantum: "3035 B" }), [0, 3, 1, 4, 2]);
  });

  test("a wait for the port is a segment of the queue, to the picosecond", () => {
    const run = of({ params: { arbitration: "priority" }, sends: [{ from: "feed", to: "order", times: [0], ...long }, { from: "other", to: "order", times: [0], args: { priority: 7 }, ...long }] });
    assert.deepEqual(run.segments(0).filter(({ kind }) => kind === "queue").map(({ label, ps }) => [label, ps]), [["port of order", 1_220_800 + 9600]]);
    assert.deepEqual(run.segments(1).filter(({ kind }) => kind === "queue"), []);
  });

  test("a priority that 802.1Q does not have, or weights that are none, are refused", () => {
    assert.throws(() => contended("fifo", [8]), refusedWith("priority-range"));
    assert.throws(() => contended("drr", [0], { weights: "1:2" }), refusedWith("weights-malformed"));
    assert.throws(() => contended("drr", [0], { weights: "1:1:1:1:1:1:1:0" }), refusedWith("weights-malformed"));
    assert.throws(() => contended("drr", [0], { quantum: "63 B" }), refusedWith("quantum-range"));
  });
});

describe("queues", () => {
  const small = 64; // on the wire 76 bytes, 60 800 ps; in memory 68
  const burst = (count: number): number[] => Array<number>(count).fill(0);

  test("a frame that finds the shared memory full is dropped; memory is free again when a frame has left", () => {
    const run = (buffer: string, second: number): ProbeRun => of({ params: { "buffer.shared": buffer }, sends: [{ from: "feed", to: "order", times: [0], payload: small }, { from: "other", to: "order", times: [second], payload: small }] });
    assert.equal(run("136 B", 0).dropped("sw.memory full"), 0);
    assert.equal(run("135 B", 0).dropped("sw.memory full"), 1);
    // The first has left after its 76 bytes.
    assert.equal(run("68 B", 60_800).dropped("sw.memory full"), 0);
    assert.equal(run("68 B", 60_799).dropped("sw.memory full"), 1);
  });

  test("a queue has a limit of its own, and nothing of the memory is lost with a frame that it drops", () => {
    const run = of({ links: { ...links(), log: {} }, params: { "buffer.port": "68 B", "buffer.shared": "136 B" }, sends: [{ from: "feed", to: "order", times: burst(1), payload: small }, { from: "other", to: "order", times: [0], payload: small }, { from: "other", to: "log", times: [50_000], payload: small }] });
    assert.equal(run.dropped("sw.queue for order full"), 1);
    assert.equal(run.machine.completed, 2);
  });

  test("frames beyond the threshold are marked, not dropped", () => {
    const marks = (threshold: string): number => {
      const names = ["a", "b", "c", "d", "e"];
      const run = of({ links: { ...Object.fromEntries(names.map((name) => [name, {}])), order: {} }, params: { "ecn.threshold": threshold }, sends: names.map((from) => ({ from, to: "order", times: [0], payload: small })) });
      assert.equal(run.machine.completed, 5);
      return run.account("sw/ecn-marks");
    };
    assert.equal(marks("0 B"), 0);
    // Each finds 0, 68, 136, 204 and 272 B.
    assert.deepEqual([marks("67 B"), marks("68 B"), marks("203 B"), marks("272 B")], [4, 3, 2, 0]);
  });

  test("with virtual output queues the limit is one input's for one output, with input queues one input's for all", () => {
    // Two frames of `feed`, one for each port, while both ports are taken by frames of `other` and `third`.
    const dropped = (queueing: string): number => {
      const run = of({
        links: { ...links(), third: {}, log: {} },
        params: { queueing, "buffer.port": "1518 B" },
        sends: [
          { from: "other", to: "order", times: [0], payload: payloadOf(1526) },
          { from: "third", to: "log", times: [0], payload: payloadOf(1526) },
          { from: "feed", to: "order", times: [0], payload: payloadOf(800) },
          { from: "feed", to: "log", times: [0], payload: payloadOf(800) },
        ],
      });
      return run.machine.drops.reduce((sum, count) => sum + count, 0);
    };
    // An output's queue of 1518 B is full of the first frame; a queue of each pair holds one, and so does the input's but not both.
    assert.deepEqual([dropped("output"), dropped("voq"), dropped("input")], [2, 0, 1]);
  });
});

describe("a crossbar between virtual output queues", () => {
  const params = { queueing: "voq", fabric: "crossbar" };
  /** From one input a frame to a port of 1 Gbit/s, and one behind it to an idle port. */
  const behind = (more: Readonly<Record<string, string>>): ProbeRun => of({
    links: { feed: {}, slow: { rate: "1 Gbit/s" }, log: {} }, params: { ...params, ...more },
    sends: [{ from: "feed", to: "slow", times: [0], payload: payloadOf(72) }, { from: "feed", to: "log", times: [0], payload: payloadOf(72) }],
  });

  test("takes one frame at a time from an input, where a fast fabric feeds several ports at once", () => {
    const [crossed, fast] = [behind({}), behind({ fabric: "fast" })];
    const waits = crossed.segments(1).filter(({ label }) => label === "crossbar").map(({ kind, ps }) => [kind, ps]);
    // The first frame holds its input from 317.6 ns on for 84 bytes of the slow port; the second is ready 84 bytes of the input later.
    assert.deepEqual(waits, [["queue", 84 * 8000 - 84 * 800]]);
    assert.equal(one(crossed, 1) - one(fast, 1), 84 * 8000 - 84 * 800);
    assert.equal(one(crossed), one(fast));
  });

  test("lets a frame pass that is behind one whose port is taken", () => {
    const run = of({
      links: { ...links(), log: {} }, params,
      sends: [
        { from: "other", to: "order", times: [0], payload: payloadOf(1526) },
        { from: "feed", to: "order", times: [0], payload: payloadOf(72) },
        { from: "feed", to: "log", times: [0], payload: payloadOf(72), metric: ["sw.in@sof", "sw.out@sof"] },
      ],
    });
    assert.equal(one(run, 2), 317_600);
  });

  test("leaves no priority to arbitrate between, and has so many ports", () => {
    assert.throws(() => behind({ arbitration: "priority" }), refusedWith("fabric-arbitration"));
    const names = Array.from({ length: 65 }, (_, index) => `in${index}`);
    const many = (count: number) => of({ links: { ...Object.fromEntries(names.map((name) => [name, {}])), order: {} }, params, sends: names.slice(0, count).map((from) => ({ from, to: "order", times: [0] })) });
    assert.equal(many(64).latencies.length, 64);
    assert.throws(() => many(65), refusedWith("fabric-ports"));
  });
});

describe("the head of an input's queue", () => {
  const order = (1526 + 12) * 800;
  /** `other` takes the port `order`; then `feed` sends one frame there and one to the idle port `log`. */
  const second = (queueing: string): readonly [number, readonly [string, number][]] => {
    const run = of({
      links: { ...links(), log: {} },
      params: { queueing },
      sends: [
        { from: "other", to: "order", times: [0], payload: payloadOf(1526) },
        { from: "feed", to: "order", times: [0], payload: payloadOf(72) },
        { from: "feed", to: "log", times: [0], payload: payloadOf(72), metric: ["sw.in@sof", "sw.out@sof"] },
      ],
    });
    return [one(run, 2), listed(run.segments(2))];
  };

  test("blocks what is behind it, although its port is idle; virtual output queues do not", () => {
    assert.equal(second("output")[0], 317_600);
    assert.equal(second("voq")[0], 317_600);
    // The frame behind leaves when the one ahead has got its port and has been sent.
    const [latency, segments] = second("input");
    const ahead = order + 84 * 800;
    assert.deepEqual(segments.find(([label]) => label === "behind the head of its input"), ["behind the head of its input", ahead - 84 * 800]);
    assert.equal(latency, 317_600 + ahead - 84 * 800);
  });
});

describe("damaged frames", () => {
  test("are sent on and take the port's time; whoever stores them drops them", () => {
    const count = 200;
    const times = Array.from({ length: count }, (_, index) => index * 10_000_000);
    const run = of({ links: { feed: { loss: "20%" }, order: {} }, sends: [{ from: "feed", to: "order", times, payload: payloadOf(1526) }] });
    const lost = run.dropped("feed: bad frame check");
    assert.ok(lost > 20 && lost < 65, `${lost}`);
    const busy = run.machine.stages.busy[run.machine.program.stages.findIndex(({ name }) => name === "order.forward")]!;
    assert.equal(busy, count * (1526 + 12) * 800);
    assert.equal(run.machine.completed, count - lost);
  });
});

describe("copies", () => {
  test("leave by their links, and take their time there, without adding to the latency", () => {
    const bench = (copies: readonly string[]): ProbeRun => of({ links: { ...links(), log: {}, tape: {} }, sends: [{ from: "feed", to: "order", times: [0], payload: payloadOf(1526), args: { copies } }, { from: "other", to: "log", times: [0], payload: payloadOf(72), metric: ["sw.in@sof", "sw.out@sof"] }] });
    assert.deepEqual([one(bench([])), one(bench([]), 1)], [317_600 + 1_220_800, 317_600]);
    const run = bench(["log", "tape"]);
    assert.equal(one(run), 317_600 + 1_220_800);
    // The frame of the other input finds the copy ahead of it.
    assert.equal(one(run, 1), 317_600 + 1538 * 800);
    const names = run.machine.program.stages.map(({ name }) => name);
    assert.equal(run.machine.stages.busy[names.indexOf("tape.forward")], 1538 * 800);
  });
});

test("a switch without a link behind it is refused", () => {
  assert.throws(() => through({ model: MODEL, links: links(), sends: [{ from: "feed", to: "gw.probe.stored", times: [0] }] }), refusedWith("egress-missing"));
});
