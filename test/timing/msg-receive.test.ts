// Goal: the four ways in which a receiver learns of a message take their listed steps and no others. Method: one message from the
// adapter's write to user memory, exact segments; bursts, in which a handler holds up the messages behind it and a woken thread does not.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { memorySystem } from "../support/memory-system.js";
import { testModel, type Bench, type Tested, type Written } from "../support/model-tester.js";

type Params = Readonly<Record<string, Written>>;

function receive(params: Params, more: Partial<Bench> = {}, run: Bench["path"] = []): Tested {
  const components = {
    cpu: { model: "host/core", params: { threads: { irq: 2, app: 3 } } },
    ...memorySystem(),
    bus: { model: "bus/pcie" },
    nic: { model: "nic/generic", params: { "moderation.mode": "none" } },
    os: { model: "os/linux" },
    recv: { model: "msg/receive", params },
  };
  return testModel({
    instances: { b: { components }, lan: { model: "link/ethernet" } },
    path: ["lan", "b.nic.rx", { tap: "begin" }, "b.irq", "b.recv.receive", ...run, { tap: "got" }], from: "begin", to: "got", ...more,
  });
}

const pairs = (tested: Tested): (readonly [string, number])[] => tested.segments().map(({ label, ps }) => [label, ps]);
const counts = (tested: Tested): readonly number[] => ["syscalls", "switches", "copies"].map((name) => tested.account(`b/${name}`));

const INTERRUPT = [["interrupt message", 3_555], ["interrupt delivery", 600_000], ["interrupt handler", 500_000], ["softirq", 300_000], ["protocol", 900_000]] as const;
const COPY = ["copy to user", 45_000] as const;

describe("one message", () => {
  test("wakes a thread that waits", () => {
    const tested = receive({});
    assert.deepEqual(pairs(tested), [...INTERRUPT, ["wake-up", 1_200_000], ["system call", 70_000], ["receive call", 135_000], COPY]);
    assert.deepEqual(counts(tested), [1, 1, 1]);
  });

  test("is found by a thread that polls, at its next look: no switch, half a turn in the mean", () => {
    const tested = receive({ how: "poll" });
    const [look, ...rest] = pairs(tested).slice(INTERRUPT.length);
    assert.equal(look?.[0], "polling receiver");
    assert.ok((look?.[1] ?? NaN) <= 300_000);
    assert.deepEqual(rest, [["system call", 70_000], ["receive call", 135_000], COPY]);
    assert.deepEqual(counts(tested), [1, 0, 1]);
    assert.equal(tested.floor, INTERRUPT.reduce((sum, [, ps]) => sum + ps, 0) + 150_000 + 250_000);
    assert.equal((receive({ how: "poll", loop: "600 ns" }).floor ?? 0) - (tested.floor ?? 0), 150_000);
  });

  test("pops up a thread: no switch, no call, but a thread to be made", () => {
    const tested = receive({ how: "pop-up" });
    assert.deepEqual(pairs(tested), [...INTERRUPT, ["pop-up thread made", 800_000], COPY]);
    assert.deepEqual(counts(tested), [0, 0, 1]);
  });

  test("is handled where it arrives", () => {
    const tested = receive({ how: "handler" });
    assert.deepEqual(pairs(tested), [...INTERRUPT, ["handler called", 60_000], COPY]);
    assert.deepEqual(counts(tested), [0, 0, 1]);
  });

  test("takes each time from its parameter", () => {
    const latency = (params: Params): number => receive(params).latencies[0] ?? NaN;
    assert.equal(latency({ protocol: "1 us", receive: "235 ns" }) - latency({}), 200_000);
    assert.equal(latency({ how: "pop-up", "pop-up": "2 us" }) - latency({ how: "pop-up" }), 1_200_000);
    assert.equal(latency({ how: "handler", handler: "160 ns" }) - latency({ how: "handler" }), 100_000);
  });
});

describe("messages that meet", () => {
  const burst: Partial<Bench> = { traffic: { model: "traffic/burst", params: { count: 2, gap: "0 ns", period: "10 ms", payload: "64 B" } }, messages: 2 };

  test("a handler holds up the message behind it for as long as it runs; a pop-up thread does not", () => {
    const second = (how: string, run: string): number => receive({ how }, burst, [["b.run", run]]).latencies[1] ?? NaN;
    assert.equal(second("handler", "10 us") - second("handler", "1 us"), 2 * 9_000_000);
    // Both messages' threads share one core, so the second runs behind the first there; the kernel's core is free meanwhile.
    assert.ok(second("pop-up", "10 us") < second("handler", "10 us"));
  });
});
