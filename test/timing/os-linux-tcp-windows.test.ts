// Goal: what is on its way is bounded by the congestion window and the receiver's, acknowledgements clock both, losses are made up for
// and delivery is in order. Method: two hosts 10 ms apart, where all but the flight hardly counts; closed forms in round trips.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { memorySystem } from "../support/memory-system.js";
import { testModel, type Bench, type Tested, type Written } from "../support/model-tester.js";

type Params = Readonly<Record<string, Written>>;

interface Setting {
  readonly a?: Params;
  readonly b?: Params;
  readonly lan?: Params;
  readonly nic?: Params;
  readonly more?: Partial<Bench>;
}

/** 2000 km of fibre at 4.9 ns a metre, one way; all else takes less than a millisecond. */
const FLIGHT = 9.8e9;
const TRIP = 2 * FLIGHT;
const FAR: Params = { length: "2000000 m" };
const MSS = 1448;

const host = (tcp: Params, nic: Params = {}): Bench["instances"][string] => ({
  components: {
    cpu: { model: "host/core", params: { threads: { irq: 2, app: 3 }, idle: "poll" } },
    ...memorySystem(),
    bus: { model: "bus/pcie" },
    nic: { model: "nic/generic", params: { "moderation.mode": "none", ...nic } },
    os: { model: "os/linux" },
    tcp: { model: "os/linux-tcp", params: { window: "64 MiB", ...tcp } },
  },
});

const BACK = { ack: "lan", to: "a" } as const;
const PATH: Bench["path"] = [
  ["a.run", { time: "0 ns", core: "app" }], { tap: "call" }, ["a.tcp.tx", { to: "b" }], "a.nic.tx", "lan", "b.nic.rx", "b.irq", ["b.tcp.rx", BACK], { tap: "queued" }, ["b.tcp.recv", { thread: "app", ...BACK }], ["b.copy", { to: "user" }], { tap: "got" },
];

const bench = (payload: string, { a = {}, b = {}, lan = FAR, nic = {}, more = {} }: Setting = {}): Bench => ({
  instances: { a: host(a), b: host(b, nic), lan: { model: "link/ethernet", params: lan } }, path: PATH, from: "call", to: "got", traffic: { model: "traffic/constant", params: { rate: "0.2 pps", payload, stack: "tcp" } }, ...more,
});
const send = (payload: string, setting: Setting = {}): Tested => testModel(bench(payload, setting));
/** Round trips before the last segment could set out. */
const rounds = (tested: Tested, index = 0): number => {
  const waited = ((tested.latencies[index] ?? NaN) - FLIGHT) / TRIP;
  assert.ok(waited - Math.floor(waited + 1e-9) < 0.06, `${waited} is nearly a whole number`);
  return Math.floor(waited + 1e-9);
};
const waited = (tested: Tested, label: string, index = 0): number => tested.segments(index).filter((one) => one.label === label).reduce((sum, { ps }) => sum + ps, 0);
const series = (...messages: readonly (readonly [number, number])[]): Partial<Bench> => ({
  messages: messages.length,
  traffic: { model: "traffic/capture", params: { file: "none.pcap" }, series: { times: Float64Array.from(messages, ([at]) => at), payloads: Uint32Array.from(messages, ([, size]) => size) } },
});

describe("slow start", () => {
  test("doubles the window each round trip, from ten segments on", () => {
    // n segments need the least r with 10 × (2^r - 1) >= n flights, the first of which does not wait.
    for (const segments of [1, 10, 11, 30, 31, 70, 71, 150]) {
      const flights = Math.ceil(Math.log2(segments / 10 + 1));
      assert.equal(rounds(send(`${segments * MSS} B`)), Math.max(1, flights) - 1, `${segments} segments`);
    }
  });

  test("takes 100 KiB in four flights of 10, 20, 40 and one segment: three round trips of waiting", () => {
    const tested = send("102400 B", { a: { mss: "1460 B" } });
    assert.equal(rounds(tested), 3);
    assert.ok(Math.abs(waited(tested, "congestion window") / TRIP - 3) < 0.06);
    assert.equal(tested.account("lan/movements"), 71);
  });

  test("begins with the window that is set", () => {
    assert.equal(rounds(send(`${40 * MSS} B`, { a: { "congestion.initial": 40 } })), 0);
    assert.equal(rounds(send(`${40 * MSS} B`, { a: { "congestion.initial": 39 } })), 1);
    assert.equal(rounds(send(`${40 * MSS} B`, { a: { "congestion.initial": 2 } })), 4);
  });

  test("ends at the threshold; from there the window grows by one segment a round trip", () => {
    // Flights of 10, then 11, 12, 13 …: 46 segments in four.
    const setting = { a: { "congestion.threshold": `${10 * MSS} B` }, b: { "ack.mode": "each" } };
    assert.equal(rounds(send(`${46 * MSS} B`, setting)), 3);
    assert.equal(rounds(send(`${47 * MSS} B`, setting)), 4);
  });

  test("goes on where the message before left off, but not after a pause", () => {
    const two = (apart: number): Tested => send("64 B", { more: series([0, 70 * MSS], [apart, 40 * MSS]) });
    // After three flights the window is of 80 segments; 40 of them fit into it at once.
    assert.equal(rounds(two(100e9), 1), 0);
    // Ten seconds are fifty timeouts: it is 10 segments again, and 40 need three flights.
    assert.equal(rounds(two(10e12), 1), 2);
  });
});

describe("the receiver's window", () => {
  test("bounds what is on its way: so many bytes a round trip", () => {
    const tested = send(`${100 * MSS} B`, { a: { "congestion.initial": 1000 }, b: { window: `${20 * MSS} B` } });
    // Five flights of twenty.
    assert.equal(rounds(tested), 4);
    assert.ok(waited(tested, "receive window") > 3.9 * TRIP);
    const rate = (100 * MSS) / ((tested.latencies[0] ?? NaN) - FLIGHT + TRIP);
    assert.ok(Math.abs(rate / ((20 * MSS) / TRIP) - 1) < 0.02, "window / round trip");
  });
});

describe("acknowledgements", () => {
  test("that are worked on in one go let all that they cover go, which is one hand-over for the adapter", () => {
    const tested = send(`${20 * MSS} B`, { more: series([0, 20 * MSS], [1e12, 64]) });
    // The first ten at once, the next ten when five acknowledgements have come, the small message.
    assert.equal(tested.account("a/doorbells"), 3);
  });

  test("that are lost leave it to the next one to tell", () => {
    // Of the frames in either direction three in ten are lost.
    const tested = send("1000 B", { lan: { ...FAR, loss: "30%" }, more: { messages: 40, traffic: { model: "traffic/constant", params: { rate: "0.05 pps", payload: "1000 B", stack: "tcp" } } } });
    assert.equal(tested.latencies.length, 40);
    // An acknowledgement that was lost is told of 40 ms later, and no window stays shut.
    assert.equal(waited(tested, "congestion window", 39), 0);
  });
});

describe("a segment that is lost", () => {
  /** Seeds tell which segments are lost: the first with the wanted number of repetitions. */
  const lossy = (payload: string, setting: Setting, retries: number): Tested => {
    for (let seed = 1; seed < 400; seed++) {
      const tested = send(payload, { ...setting, more: { seed, ...setting.more } });
      if (tested.account("a/retries") === retries) return tested;
    }
    throw new Error("no seed loses as many");
  };

  test("costs the timeout when nothing behind it tells of it", () => {
    const sound = send("1000 B").latencies[0] ?? NaN;
    const lost = lossy("1000 B", { lan: { ...FAR, loss: "20%" } }, 1).latencies[0] ?? NaN;
    // From its sending, not from where it was lost: the timeout, and the work of sending it again.
    const cost = lost - sound;
    assert.ok(cost >= 200e9 && cost < 200e9 + 2e6, String(cost));
    const longer = lossy("1000 B", { a: { rto: "300 ms" }, lan: { ...FAR, loss: "20%" } }, 1).latencies[0] ?? NaN;
    assert.equal(longer - lost, 100e9);
  });

  test("costs one round trip when three behind it tell of it", () => {
    const setting = { a: { "congestion.initial": 40 }, lan: { ...FAR, loss: "3%" } };
    const sound = send(`${30 * MSS} B`, { a: { "congestion.initial": 40 } }).latencies[0] ?? NaN;
    const costs: number[] = [];
    for (let seed = 1; seed < 40; seed++) {
      const tested = send(`${30 * MSS} B`, { ...setting, more: { seed } });
      if (tested.account("a/retries") === 1) costs.push(((tested.latencies[0] ?? NaN) - sound) / TRIP);
    }
    assert.ok(costs.length >= 5, "seeds that lose one");
    // One of the last three has not three behind it, and costs the timeout: ten round trips and a bit.
    assert.ok(costs.filter((cost) => cost > 0.95 && cost < 1.05).length >= costs.length / 2, costs.join(" "));
    for (const cost of costs) assert.ok((cost > 0.95 && cost < 1.05) || (cost > 10 && cost < 10.3), costs.join(" "));
  });

  test("is not gone, wherever it was lost: every message arrives", () => {
    const tested = send(`${8 * MSS} B`, { lan: { ...FAR, loss: "10%" }, more: { messages: 100 } });
    assert.equal(tested.latencies.length, 100);
    assert.ok(tested.account("a/retries") > 50);
  });

  test("is sent again also when a full ring has dropped it", () => {
    const tested = send(`${60 * MSS} B`, { a: { "congestion.initial": 100 }, nic: { "moderation.mode": "timer-from-first", "moderation.time": "50 us", "rx.ring": 16 }, more: { messages: 3 } });
    assert.equal(tested.latencies.length, 3);
    assert.ok(tested.account("a/retries") > 3);
  });

  test("halves the window: what comes next takes longer", () => {
    const setting = { a: { "congestion.initial": 40 }, lan: { ...FAR, loss: "3%" } };
    // Two messages, 60 ms apart: the second finds the window that the loss has left.
    for (let seed = 1; seed < 60; seed++) {
      const tested = send("64 B", { ...setting, more: { seed, ...series([0, 30 * MSS], [60e9, 30 * MSS]) } });
      // One loss, of which reports have told.
      if (tested.account("a/retries") !== 1 || (tested.latencies[0] ?? NaN) > FLIGHT + 1.1 * TRIP) continue;
      assert.equal(rounds(tested, 1), 1);
      assert.equal(rounds(send("64 B", { a: setting.a, more: series([0, 30 * MSS], [60e9, 30 * MSS]) }), 1), 0);
      return;
    }
    assert.fail("no seed loses one segment of the first message");
  });
});

describe("delivery", () => {
  test("is in order: bytes behind a gap wait until it is filled, and are told why", () => {
    for (let seed = 1; seed < 60; seed++) {
      const tested = send("64 B", { lan: { ...FAR, loss: "10%" }, more: { seed, ...series([0, 1000], [1e9, 1000]) } });
      const lost = waited(tested, "retransmission timeout", 0);
      if (tested.account("a/retries") !== 1 || lost === 0) continue;
      // The second has arrived 199 ms before the first, and is held back for as long.
      const held = waited(tested, "earlier bytes of the connection", 1);
      assert.ok(held > 198.9e9 && held < 199.1e9, String(held));
      assert.equal(tested.segments(1).find(({ label }) => label === "earlier bytes of the connection")?.kind, "order");
      return;
    }
    assert.fail("no seed loses the first message");
  });
});
