// Goal: what an adapter does with large sends: it cuts them into frames of their own on the wire, fetched a few at a time after one
// doorbell, and may merge them again at the far end under one completion entry and one interrupt.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { memorySystem } from "../support/memory-system.js";
import { testModel, type Bench, type Tested, type Written } from "../support/model-tester.js";

type Params = Readonly<Record<string, Written>>;
const MSS = 1448;

interface Setting {
  readonly payload?: number;
  readonly nic?: Params;
  readonly merge?: boolean;
  readonly path?: Bench["path"];
  readonly messages?: number;
}

const host = (nic: Params): NonNullable<Bench["instances"][string]["components"]> => ({
  cpu: { model: "host/core", params: { threads: { irq: 2, app: 3 } } },
  ...memorySystem(),
  bus: { model: "bus/pcie" },
  nic: { model: "nic/generic", params: { "moderation.mode": "none", ...nic } },
  dpdk: { model: "os/dpdk" },
});

function run({ payload = 10 * MSS, nic = {}, merge = true, path, messages = 1 }: Setting = {}): Tested {
  const pieces: Bench["path"] = [["a.nic.tx", { segment: true }], "lan", ["b.nic.rx", { into: "user", merge }], ...(merge ? [] : ["b.nic.replenish"])];
  const whole: Bench["path"] = [{ tap: "ready" }, "a.nic.offload", { tap: "told" }, { chunk: MSS, parallel: pieces }, ...(merge ? ["b.nic.merged"] : []), { tap: "landed" }, ...(merge ? ["b.nic.replenish"] : [])];
  return testModel({
    instances: { a: { components: host(nic) }, b: { components: host({}) }, lan: { model: "link/ethernet", params: { length: "0 m" } } },
    path: [["a.run", { time: "0 ns", core: "app" }], ...(path ?? whole)],
    traffic: { model: "traffic/constant", params: { rate: "1 kpps", payload: `${payload} B`, stack: "tcp" } },
    from: "ready", to: "landed", messages,
  });
}
const FRAME = MSS + 54 + 12; // preamble and check sequence included
const GAP = 12;

describe("a large send", () => {
  test("is announced once and goes out as frames of their own", () => {
    const tested = run();
    assert.deepEqual([tested.account("a/doorbells"), tested.account("lan/movements")], [1, 10]);
    assert.equal(tested.account("lan/moved-bytes"), 10 * MSS);
    const single = run({ path: [{ tap: "ready" }, { chunk: MSS, parallel: ["a.nic.tx", "lan", ["b.nic.rx", "user"], "b.nic.replenish"] }, { tap: "landed" }] });
    assert.equal(single.account("a/doorbells"), 10, "without the offload each frame has its doorbell");
  });

  test("follows its own frames without a pause on the wire", () => {
    const took = (payload: number, engines: number): number => run({ payload, nic: { "tx.engines": engines } }).latencies[0]!;
    // Nine frames more take nine frames' time, gaps included: a read of 0.8 us is faster than a frame on the wire.
    assert.equal(took(10 * MSS, 1) - took(MSS, 1), 9 * (FRAME + GAP) * 800);
    // Several reads at once share the link: the first frame's data come among those of three others, some 150 ns each.
    const shared = took(10 * MSS, 4) - took(10 * MSS, 1);
    assert.ok(shared > 300_000 && shared < 700_000, String(shared));
  });

  test("waits for the bus where that is slower than the wire", () => {
    const narrow = (engines: number): number => {
      const components = { ...host({ "tx.engines": engines }), bus: { model: "bus/pcie", params: { link: "gen1 x1" } } };
      const path: Bench["path"] = [["a.run", { time: "0 ns", core: "app" }], { tap: "ready" }, "a.nic.offload", { chunk: MSS, parallel: [["a.nic.tx", { segment: true }], "lan"] }, { tap: "landed" }];
      return testModel({ instances: { a: { components }, lan: { model: "link/ethernet" } }, path, traffic: { model: "traffic/constant", params: { rate: "1 kpps", payload: `${10 * MSS} B`, stack: "tcp" } }, from: "ready", to: "landed" }).latencies[0]!;
    };
    // One read after the other leaves the link idle for a round trip each.
    assert.ok(narrow(1) - narrow(4) > 4_000_000, `${narrow(1)} ${narrow(4)}`);
  });
});

describe("frames that the device merges", () => {
  test("have one completion entry instead of ten, and give every descriptor back", () => {
    const [merged, apart] = [run(), run({ merge: false })];
    const up = (tested: Tested): number => tested.account("b/bus-up-payload");
    assert.equal(up(apart) - up(merged), 9 * 16);
    // As many as the ring has, again and again: none is lost.
    const small = run({ messages: 30 });
    assert.equal(small.latencies.length, 30);
    assert.ok(small.machine.pools.every((pool) => !pool.spec.name.endsWith(".ring") || pool.lowest > 1000));
  });

  test("are announced once all are there: a completion entry and its flight behind the last", () => {
    const [merged, apart] = [run(), run({ merge: false })].map((tested) => tested.latencies[0]!);
    // A piece that is merged writes no entry of its own (5.078 ns); the one for all is written when the last is visible.
    assert.equal(merged! - apart!, 5078 + 180_000 + 20_000 - 5078);
  });
});
