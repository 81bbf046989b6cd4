// Goal: the four ways in which a send call returns differ in when the caller goes on, in copies and in what the caller must not do.
// Method: one message over a link, with the time from the call to its return in closed form and the time to delivery; callers that use
// the buffer again a picosecond before and after they may; calls that come while the last one waits.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WirelatErrors } from "../../src/errors/index.js";
import { memorySystem } from "../support/memory-system.js";
import { testModel, type Bench, type Tested, type Written } from "../support/model-tester.js";

type Params = Readonly<Record<string, Written>>;

const host = (more: Bench["instances"][string]["components"]): Bench["instances"][string] => ({
  components: {
    cpu: { model: "host/core", params: { threads: { app: 1, kernel: 2, irq: 3 } } },
    ...memorySystem(),
    bus: { model: "bus/pcie" },
    nic: { model: "nic/generic", params: { "moderation.mode": "none" } },
    os: { model: "os/linux" },
    ...more,
  },
});

interface Setting {
  readonly payload?: string;
  readonly to?: "a.returned" | "delivered";
  readonly messages?: number;
  readonly rate?: string;
  readonly path?: Bench["path"];
}

const DELIVERED: Bench["path"] = ["lan", "b.nic.rx", "b.irq", "b.recv.receive", { tap: "delivered" }];

function send(params: Params, { payload = "64 B", to = "a.returned", messages = 1, rate = "1 kpps", path = ["a.sent", ...DELIVERED] }: Setting = {}): Tested {
  return testModel({
    instances: { a: host({ send: { model: "msg/send", params } }), b: host({ recv: { model: "msg/receive" } }), lan: { model: "link/ethernet", kind: "link", params: { length: "5 m" } } },
    path: [{ tap: "call" }, "a.send.send", "a.nic.tx", ...path],
    traffic: { model: "traffic/constant", params: { rate, payload } },
    from: "call",
    to,
    messages,
  });
}

const blocked = (params: Params, setting: Setting = {}): number => send(params, setting).latencies[0] ?? NaN;
const delivered = (params: Params, setting: Setting = {}): number => blocked(params, { ...setting, to: "delivered" });
const count = (tested: Tested, name: string): number => tested.account(`a/${name}`);
const pairs = (tested: Tested): (readonly [string, number])[] => tested.segments().map(({ label, ps }) => [label, ps]);

const CALL = 70_000 + 85_000;
/** Doorbell, descriptor, payload, MAC and PHY of a small frame. */
const ADAPTER = 180_000 + 600_000 + 615_996 + 100_000;
/** The completion entry goes ahead of the interrupt message, 40 B on the bus. */
const ENTRY = 5_078;
const INTERRUPT = 3_555 + 600_000 + 500_000 + 300_000 + 150_000;

describe("the time that the caller is blocked", () => {
  test("with a copy is that of the call and the copy, and grows with the size", () => {
    assert.equal(blocked({ how: "copy" }), CALL + 35_000 + 64 * 156.25);
    assert.equal(blocked({ how: "copy" }, { payload: "1408 B" }), CALL + 35_000 + 1408 * 156.25);
  });

  test("with an interrupt is that of the call and of a pin for each page", () => {
    assert.deepEqual(["1 B", "4096 B", "4097 B", "65536 B"].map((payload) => blocked({ how: "interrupt" }, { payload })), [1, 1, 2, 16].map((pages) => CALL + pages * 100_000));
  });

  test("copy-on-write is that of the call and the protection", () => {
    assert.deepEqual(["1 B", "4096 B", "4097 B", "65536 B"].map((payload) => blocked({ how: "copy-on-write" }, { payload })), [1, 1, 2, 16].map((pages) => CALL + 1_000_000 + (pages - 1) * 60_000));
  });

  test("in a blocking call lasts until the message has left and the caller has been woken, step by step", () => {
    const tested = send({ how: "blocking" });
    assert.equal(tested.latencies[0], CALL + 100_000 + 800_000 + ADAPTER + ENTRY + INTERRUPT + 1_200_000);
    assert.deepEqual(pairs(tested).slice(-6), [["interrupt message", 3_555], ["interrupt delivery", 600_000], ["interrupt handler", 500_000], ["softirq", 300_000], ["completion", 150_000], ["wake-up", 1_200_000]].map(([label, ps]) => [label === "interrupt message" ? "completion interrupt" : label, ps]));
    assert.equal(tested.floor, tested.latencies[0]);
  });

  test("is longer than without waiting, and the message is delivered no sooner", () => {
    const times = ["blocking", "copy", "interrupt", "copy-on-write"].map((how) => [blocked({ how }), delivered({ how })] as const);
    const [blocking, copy, interrupt, cow] = times as [readonly [number, number], readonly [number, number], readonly [number, number], readonly [number, number]];
    assert.ok(interrupt[0] === CALL + 100_000 && copy[0] < interrupt[0] && interrupt[0] < cow[0] && cow[0] < blocking[0]);
    // The kernel does for the others, on another core, what the blocking caller does itself.
    assert.equal(copy[1] - blocking[1], 45_000 - 100_000);
    assert.equal(interrupt[1], blocking[1]);
    assert.equal(cow[1] - interrupt[1], 1_000_000 - 100_000);
  });

  test("takes each time from its parameter", () => {
    const slow = { call: "185 ns", build: "900 ns", pin: "200 ns", clean: "250 ns" };
    assert.equal(blocked({ how: "blocking", ...slow }) - blocked({ how: "blocking" }), 4 * 100_000);
    assert.equal(blocked({ how: "copy-on-write", protect: "3 us", "protect-page": "1 us", page: "32 B" }), CALL + 3_000_000 + 1_000_000);
  });
});

describe("copies", () => {
  test("are none, but for the one that copies", () => {
    assert.deepEqual(["blocking", "copy", "interrupt", "copy-on-write"].map((how) => count(send({ how }), "copies")), [0, 1, 0, 0]);
  });

  test("and interrupts at the sender: a kernel that has its copy needs none", () => {
    assert.deepEqual(["blocking", "copy", "interrupt", "copy-on-write"].map((how) => count(send({ how }), "interrupts")), [1, 0, 1, 1]);
  });
});

describe("a buffer that is used again", () => {
  // From the return to the completion: the kernel's way down, the adapter, the interrupt.
  const free = 800_000 + ADAPTER + ENTRY + INTERRUPT;

  test("before the interrupt makes a torn send; at the interrupt or later it does not", () => {
    const torn = (reuse: string): number => count(send({ how: "interrupt", reuse }), "torn-sends");
    assert.deepEqual([torn("0 ns"), torn("1 ns"), torn(`${free - 1} ps`), torn(`${free} ps`), torn("1 ms")], [0, 1, 1, 0, 0]);
  });

  test("costs a page fault and the copy after all, copy-on-write", () => {
    const late = free + 800_000;
    const touched = (reuse: string): readonly number[] => ["page-faults", "copies"].map((name) => count(send({ how: "copy-on-write", reuse }), name));
    assert.deepEqual([touched("0 ns"), touched("1 ns"), touched(`${late - 1} ps`), touched(`${late} ps`)], [[0, 0], [1, 1], [1, 1], [0, 0]]);
  });

  test("is no hazard with a copy, nor in a blocking call", () => {
    assert.deepEqual(["blocking", "copy"].map((how) => count(send({ how, reuse: "1 ns" }), "torn-sends")), [0, 0]);
  });
});

describe("a caller", () => {
  test("that is blocked cannot call again; one that is not can", () => {
    const second = (how: string): number => send({ how }, { messages: 2, rate: "500 kpps" }).latencies[1] ?? NaN;
    const blocking = blocked({ how: "blocking" });
    // The second call comes 2 us after the first.
    assert.equal(second("blocking"), 2 * blocking - 2_000_000);
    assert.equal(second("copy"), blocked({ how: "copy" }));
  });

  test("may wait for the other side's acknowledgement, which comes the whole way back", () => {
    const path: Bench["path"] = ["a.sent", ...DELIVERED, ["b.run", "100 ns"], "b.udp.tx", "b.nic.tx", "lan", "a.nic.rx", "a.irq", "a.acknowledged"];
    const params = { how: "blocking", until: "acknowledged" };
    const tested = send(params, { path });
    assert.ok((tested.latencies[0] ?? 0) > delivered({ how: "blocking" }) + 5_000_000);
    assert.equal(count(tested, "interrupts"), 1, "the acknowledgement's, not the completion's");
  });

  test("that does not wait for one has no use for it", () => {
    const path: Bench["path"] = ["a.sent", ...DELIVERED, "a.acknowledged"];
    const codes = (params: Params): string[] => {
      try {
        send(params, { path });
      } catch (error) {
        if (error instanceof WirelatErrors) return error.errors.map(({ code }) => code);
        throw error;
      }
      return [];
    };
    assert.deepEqual(codes({ how: "copy" }), ["acknowledgement-unwanted"]);
    assert.deepEqual(codes({ how: "blocking" }), ["acknowledgement-unwanted"]);
  });
});
