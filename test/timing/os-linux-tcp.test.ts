// Goal: one connection takes its listed steps and no others, segments are cut, merged, acknowledged and delivered in order, and
// window and Nagle's rule hold senders back. Method: two hosts and a link; exact segments, counts of frames, gates to the picosecond.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { memorySystem } from "../support/memory-system.js";
import { testModel, type Bench, type Tested, type Written } from "../support/model-tester.js";

type Params = Readonly<Record<string, Written>>;

interface Setting {
  readonly a?: Params;
  readonly b?: Params;
  readonly os?: Params;
  readonly ack?: boolean;
  readonly more?: Partial<Bench>;
}

const host = (tcp: Params, os: Params = {}): Bench["instances"][string] => ({
  components: {
    cpu: { model: "host/core", params: { threads: { irq: 2, app: 3 } } },
    ...memorySystem(),
    bus: { model: "bus/pcie" },
    nic: { model: "nic/generic", params: { "moderation.mode": "none" } },
    os: { model: "os/linux", params: os },
    tcp: { model: "os/linux-tcp", params: tcp },
  },
});

const BACK = { ack: "lan", to: "a" } as const;

/** A writes, b reads: from the call at a to the data in user memory at b. */
function bench({ a = {}, b = {}, os = {}, ack = true, more = {} }: Setting = {}): Bench {
  const back = ack ? BACK : {};
  const path: Bench["path"] = [
    ["a.run", { time: "0 ns", core: "app" }], { tap: "call" }, ["a.tcp.tx", { to: "b" }], { tap: "handed" }, "a.nic.tx", "lan", "b.nic.rx", { tap: "landed" }, "b.irq", ["b.tcp.rx", back], { tap: "queued" },
    ["b.tcp.recv", { thread: "app", ...back }], ["b.copy", { to: "user" }], { tap: "got" },
  ];
  return { instances: { a: host(a), b: host(b, os), lan: { model: "link/ethernet" } }, path, from: "call", to: "got", ...more };
}

const pairs = (tested: Tested, index = 0): (readonly [string, number])[] => tested.segments(index).map(({ label, ps }) => [label, ps]);
const spaced = (rate: string, payload = "64 B"): Bench["traffic"] => ({ model: "traffic/constant", params: { rate, payload } });

describe("one small message", () => {
  test("takes the listed steps on its way down and no others", () => {
    assert.deepEqual(pairs(testModel(bench({ more: { to: "handed" } }))), [
      ["system call", 70_000], ["send call", 85_000], ["copy to kernel", 45_000], ["build segments", 700_000], ["queueing discipline", 150_000], ["driver send", 250_000],
    ]);
  });

  test("and on its way up", () => {
    assert.deepEqual(pairs(testModel(bench({ more: { from: "landed" } }))), [
      ["interrupt message", 3_555], ["interrupt delivery", 600_000], ["interrupt handler", 500_000], ["softirq", 300_000], ["driver receive", 350_000], ["GRO", 150_000], ["IP receive", 150_000],
      ["TCP and socket queue", 650_000], ["wake-up", 1_200_000], ["system call", 70_000], ["receive call", 135_000], ["copy to user", 45_000],
    ]);
  });

  test("is copied twice, and its acknowledgement moves no payload", () => {
    const tested = testModel(bench());
    assert.deepEqual(["a/copies", "b/copies", "a/movements", "b/movements", "lan/movements"].map(tested.account), [1, 1, 2, 2, 1]);
  });
});

describe("acknowledgements", () => {
  const interrupts = (setting: Setting, messages: number, rate = "1 kpps"): number => testModel(bench({ ...setting, more: { messages, traffic: spaced(rate) } })).account("a/interrupts");

  test("each segment has one of its own, which interrupts the sender", () => {
    assert.equal(interrupts({ b: { "ack.mode": "each" } }, 6), 6);
  });

  test("delayed, every second segment has one", () => {
    assert.equal(interrupts({}, 6), 3);
    assert.equal(interrupts({ b: { "ack.segments": 3 } }, 6), 2);
  });

  test("delayed, one that has no second is acknowledged when its time is over", () => {
    assert.equal(interrupts({}, 7), 4);
    // 100 ms apart no second comes within 40 ms.
    assert.equal(interrupts({}, 3, "10 pps"), 3);
  });

  test("none go back where the path names no way", () => {
    assert.equal(interrupts({ ack: false }, 6), 0);
  });

  test("cost the receiver a doorbell each, and are off the path", () => {
    const [each, none] = [{ b: { "ack.mode": "each" } }, { ack: false }].map((setting) => testModel(bench({ ...setting, more: { messages: 4 } })));
    assert.equal((each?.account("b/doorbells") ?? 0) - (none?.account("b/doorbells") ?? 0), 4);
    assert.deepEqual(each?.latencies, none?.latencies);
  });
});

describe("a large send", () => {
  const large = (setting: Setting, payload: string, more: Partial<Bench> = {}): Tested => testModel(bench({ ...setting, more: { payload, ...more } }));

  test("crosses the link as segments of 1448 bytes and a last one with the rest", () => {
    const tested = large({}, "10000 B");
    assert.equal(tested.account("lan/movements"), 7);
    assert.equal(tested.account("lan/moved-bytes"), 10_000);
    assert.equal(tested.account("b/copied-bytes"), 10_000);
    assert.deepEqual([tested.account("a/copies"), tested.account("b/copies")], [1, 1]);
  });

  test("is built once, and rung for once, when the adapter cuts it, segment by segment when not", () => {
    const labels = ["build segments", "queueing discipline", "driver send", "the same for what follows"];
    const built = (a: Params): number => large({ a }, "10000 B").segments().reduce((sum, { label, ps }) => (labels.includes(label) ? sum + ps : sum), 0);
    const once = 700_000 + 150_000 + 250_000;
    // 5000 bytes are three segments: groups of three, three and one.
    assert.deepEqual([built({}), built({ offload: false }), built({ "offload-limit": "5000 B" })], [once, 7 * once, 3 * once]);
    const doorbells = (a: Params): number => large({ a, ack: false }, "10000 B").account("a/doorbells");
    assert.deepEqual([doorbells({}), doorbells({ offload: false }), doorbells({ "offload-limit": "5000 B" })], [1, 7, 3]);
  });

  test("whose segments the adapter cuts is on the wire without a pause", () => {
    const series = (payload: string): number => large({ a: { "congestion.initial": 100 } }, payload, { from: "handed", to: "landed" }).latencies[0] ?? NaN;
    // Each further full segment takes as long as its frame, 1448 + 42 + 4 + 8 bytes, and the gap of 12.
    assert.equal(series("28960 B") - series("14480 B"), 10 * (1448 + 42 + 4 + 8 + 12) * 800);
  });

  test("is merged on its way up: segments that follow one in the same turn climb no further than GRO", () => {
    const merged = large({}, "14480 B", { to: "queued" });
    const alone = large({ os: { weight: 1 } }, "14480 B", { to: "queued" });
    assert.ok((alone.latencies[0] ?? 0) > (merged.latencies[0] ?? 0), "a turn of one merges nothing");
  });

  test("has an acknowledgement for every second segment", () => {
    // A second, small message gives the acknowledgements of the first the time to come back.
    const series = { times: Float64Array.from([0, 1e9]), payloads: Uint32Array.from([14_480, 64]) };
    const more = { messages: 2, traffic: { model: "traffic/capture", params: { file: "none.pcap" }, series } };
    const doorbells = (b: Params): number => large({ b }, "14480 B", more).account("b/doorbells");
    const frames = doorbells({ "ack.mode": "each" }) - doorbells({ "ack.segments": 10 });
    // Ten of them instead of one.
    assert.equal(frames, 9);
  });
});

describe("order and window", () => {
  test("messages are delivered in the order in which they were sent", () => {
    const count = 40;
    // Sizes tell the messages apart.
    const series = { times: Float64Array.from({ length: count }, (_, index) => index * 100_000), payloads: Uint32Array.from({ length: count }, (_, index) => 64 + 16 * index) };
    const tested = testModel(bench({ more: { messages: count, traffic: { model: "traffic/capture", params: { file: "none.pcap" }, series } } }));
    const copies = Array.from({ length: count }, (_, index) => tested.segments(index).find(({ label }) => label === "copy to user")?.ps);
    assert.deepEqual(copies, Array.from({ length: count }, (_, index) => 35_000 + (64 + 16 * index) * 156.25));
  });

  test("a send waits for room in the window, to the byte", () => {
    const waits = (window: string): number => {
      const tested = testModel(bench({ b: { window }, more: { messages: 2, traffic: { model: "traffic/burst", params: { count: 2, gap: "0 ns", period: "100 ms", payload: "1000 B" } } } }));
      return tested.segments(1).find(({ label }) => label === "receive window")?.ps ?? 0;
    };
    assert.equal(waits("2000 B"), 0);
    assert.ok(waits("1999 B") > 1e6, String(waits("1999 B")));
  });

  test("one that is larger than the window takes all of it and goes", () => {
    assert.equal(testModel(bench({ b: { window: "500 B" }, more: { messages: 3, payload: "1000 B" } })).latencies.length, 3);
  });
});

describe("Nagle's rule", () => {
  const second = (a: Params, payload: string): number => {
    const tested = testModel(bench({ a, more: { messages: 2, traffic: { model: "traffic/burst", params: { count: 2, gap: "10 us", period: "1 s", payload } } } }));
    return tested.latencies[1] ?? NaN;
  };

  test("holds a small segment back until the delayed acknowledgement of the one before: 40 ms", () => {
    assert.ok(second({}, "64 B") < 20e6);
    const held = second({ nagle: true }, "64 B");
    assert.ok(held > 40e9 && held < 40.05e9, String(held));
  });

  test("lets full segments go", () => {
    assert.equal(second({ nagle: true }, "1448 B"), second({}, "1448 B"));
    assert.ok(second({ nagle: true }, "1447 B") > 40e9);
  });

  test("hardly delays anything when each segment is acknowledged at once", () => {
    const run = (nagle: boolean): number => testModel(bench({ a: { nagle }, b: { "ack.mode": "each" }, more: { messages: 2, traffic: { model: "traffic/burst", params: { count: 2, gap: "10 us", period: "1 s", payload: "64 B" } } } })).latencies[1] ?? NaN;
    assert.ok(run(true) - run(false) < 20e6);
  });
});
