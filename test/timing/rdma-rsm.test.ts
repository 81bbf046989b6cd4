// Goal: remote shared memory: posted stores, loads that stop the core, barriers and posted interrupts. Method: two hosts on a ring of
// four, one message alone against the listed stages, then longer ones and each refusal.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WirelatErrors } from "../../src/errors/index.js";
import { memorySystem } from "../support/memory-system.js";
import { listed } from "../support/probe.js";
import { testModel, type Bench, type Written } from "../support/model-tester.js";

type Params = Readonly<Record<string, Written>>;

const host = (rsm: Params = {}) => ({
  components: {
    cpu: { model: "host/core", params: { threads: { app: 3, irq: 2 } } },
    bus: { model: "bus/pcie" },
    ...memorySystem(),
    os: { model: "os/linux" },
    rsm: { model: "rdma/rsm", params: rsm },
  },
});

interface Options {
  readonly a?: Params;
  readonly ring?: Params;
  readonly region?: Params;
  readonly payload?: string;
  readonly messages?: number;
  readonly traffic?: Bench["traffic"];
}

const run = (path: Bench["path"], { a, ring, region, payload, messages, traffic }: Options = {}) =>
  testModel({
    instances: { a: host(a), b: host(), ring: { model: "link/sci", kind: "link", params: { length: "0 m", ...ring } } },
    regions: { "b.segment": { bytes: 4_194_304, pinned: true, rights: ["remote-write", "remote-read"], ...region } },
    path: [{ tap: "from" }, ...path, { tap: "to" }],
    payload: payload ?? "64 B",
    from: "from",
    to: "to",
    ...(messages === undefined ? {} : { messages }),
    ...(traffic === undefined ? {} : { traffic }),
  });

const PUT: Bench["path"][number] = ["a.rsm.put", { to: "b.segment", via: "ring" }];
const GET: Bench["path"][number] = ["a.rsm.get", { from: "b.segment", via: "ring" }];
const BARRIER: Bench["path"][number] = ["a.rsm.barrier", { to: "b.segment", via: "ring" }];
const pcie = (bytes: number): number => Math.round(bytes * 126.953125);
const refused = (path: Bench["path"], options: Options, code: string): void => void assert.throws(() => run(path, options), (error: unknown) => error instanceof WirelatErrors && error.errors[0]?.code === code);

describe("remote stores", () => {
  test("one packet: store, bus, adapter, ring, adapter, bus", () => {
    assert.deepEqual(listed(run([PUT]).segments()), [
      ["store", 150_000], ["store", pcie(88)], ["store flight", 150_000], ["adapter, send", 500_000], ["packet on the ring", 70_000], ["packet", 160_000], ["adapter, receive", 500_000], ["remote store", pcie(88)], ["remote store flight", 180_000],
    ]);
  });

  test("follow each other at the pace of the slowest part: the ring takes 160 ns for the 80 bytes of a packet, the core 150 ns", () => {
    const times = (options: Options) => ["64 B", "6400 B"].map((payload) => run([PUT], { ...options, payload }).latencies[0]!);
    const pace = (options: Options): number => (times(options)[1]! - times(options)[0]!) / 99;
    assert.equal(pace({}), 160_000);
    assert.equal(pace({ ring: { rate: "8 Gbit/s" } }), 150_000);
    assert.equal(pace({ a: { store: "1 us" } }), 1_000_000);
    assert.equal(pace({ a: { "tx-interval": "400 ns" } }), 400_000);
  });

  test("are two movements and no copy, and neither system takes part", () => {
    const one = run([PUT], { payload: "4096 B" });
    assert.equal(one.account("a/movements") + one.account("b/movements"), 2);
    assert.equal(one.account("b/interrupts") + one.account("b/syscalls") + one.account("a/copies"), 0);
    assert.equal(one.account("ring/bus-up-payload"), 4096);
    assert.equal(one.account("ring/bus-up-overhead"), 64 * (16 + 8));
  });

  test("a loop at the receiver can watch the last byte", () => {
    const watched: Bench["path"] = [["a.rsm.put", { to: "b.segment", via: "ring", flag: "last-byte" }], ["b.poll", { watch: "b.segment.flag", core: "app", loop: "20 ns" }]];
    assert.ok(run(watched).latencies[0]! - run([PUT]).latencies[0]! <= 20_000 + 25_000);
    refused([PUT, ["b.poll", { watch: "b.segment.flag", core: "app" }]], {}, "watch-unwritten");
  });

  test("a barrier waits for the echo and reads the adapter's status", () => {
    // The echo goes the other three links of the ring: 8 B at 2 ns behind three nodes.
    assert.equal(run([PUT, BARRIER]).latencies[0]! - run([PUT]).latencies[0]!, 3 * 70_000 + 16_000 + 790_000);
  });
});

describe("remote loads", () => {
  test("one line: the bus, the ring there, the other memory, the ring back", () => {
    assert.deepEqual(listed(run([GET]).segments()), [
      ["load", 790_000], ["adapter, send", 500_000], ["packet on the ring", 70_000], ["packet", 32_000], ["adapter, receive", 500_000], ["remote load request", 3047], ["remote load round trip", 596_953],
      ["remote load", pcie(84)], ["adapter, send", 500_000], ["packet on the ring", 70_000], ["packet on the ring", 70_000], ["packet on the ring", 70_000], ["packet", 160_000], ["adapter, receive", 500_000],
    ]);
  });

  test("stop the core: line follows line, each a whole round", () => {
    const [one, eight] = ["64 B", "512 B"].map((payload) => run([GET], { payload }).latencies[0]!);
    assert.equal(eight, 8 * one!);
    assert.ok(one! > 3 * 1_000_000, "a load costs more than a store that is posted");
  });

  test("the core is held meanwhile, so that another thread of it waits", () => {
    const both = run([GET], { messages: 2, traffic: { model: "traffic/burst", params: { count: 2, gap: "0 ns", period: "10 ms", payload: "64 B" } } });
    assert.equal(both.latencies[1], 2 * both.latencies[0]!);
  });
});

describe("the rest", () => {
  test("mapping costs its setup once", () => {
    assert.equal(run([["a.rsm.map", { to: "b.segment", via: "ring" }]]).latencies[0], 200_000_000);
  });

  test("a posted interrupt wakes a thread over there", () => {
    const woken = run([PUT, ["a.rsm.post", { to: "b.segment", via: "ring" }], "b.irq", ["b.wake", "app"]]);
    assert.equal(woken.account("b/interrupts"), 1);
    assert.equal(woken.account("a/doorbells"), 1);
    assert.ok(woken.latencies[0]! - run([PUT]).latencies[0]! > 3_000_000);
  });

  for (const [stage, times] of [["store", 1], ["tx", 1], ["rx", 0]] as const) {
    test(`${stage} of the sender is paid ${times === 1 ? "once" : "by loads alone"}`, () => {
      const slow = { a: { [stage]: "2 us" } };
      const usual = stage === "store" ? 150_000 : 500_000;
      assert.equal(run([PUT], slow).latencies[0]! - run([PUT]).latencies[0]!, times * (2_000_000 - usual));
    });
  }

  test("a segment must be pinned and its access list allow it", () => {
    refused([PUT], { region: { pinned: false } }, "region-not-pinned");
    refused([PUT], { region: { rights: ["remote-read"] } }, "region-rights");
    refused([GET], { region: { rights: ["remote-write"] } }, "region-rights");
    refused([["a.rsm.put", { to: "b.segment" }]], {}, "parameter-missing");
  });
});
