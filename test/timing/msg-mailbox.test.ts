// Goal: a mailbox keeps exactly so many messages and bytes for a receiver who is late, and does with the next one what it was told.
// Method: bursts while the receiver works, counted to the message; exact segments of one message; the time of a refusal and its retry.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { memorySystem } from "../support/memory-system.js";
import { testModel, type Bench, type Tested, type Written } from "../support/model-tester.js";

type Params = Readonly<Record<string, Written>>;

interface Setting {
  readonly count?: number;
  readonly payload?: string;
  readonly run?: string;
  readonly messages?: number;
}

function box(params: Params, { count = 1, payload = "64 B", run = "200 us", messages = count }: Setting = {}): Tested {
  const components = {
    cpu: { model: "host/core", params: { threads: { irq: 2, app: 3 } } },
    ...memorySystem(),
    bus: { model: "bus/pcie" },
    nic: { model: "nic/generic", params: { "moderation.mode": "none" } },
    os: { model: "os/linux" },
    box: { model: "msg/mailbox", params },
  };
  const bench: Bench = {
    instances: { b: { components }, lan: { model: "link/ethernet" } },
    path: ["lan", "b.nic.rx", { tap: "begin" }, "b.irq", "b.put", { tap: "filed" }, "b.take", ["b.run", run], { tap: "got" }],
    traffic: { model: "traffic/burst", params: { count, gap: "5 us", period: "100 ms", payload } },
    from: "begin", to: "got", messages,
  };
  return testModel(bench);
}

const kinds = (tested: Tested, index: number, kind: string): number => tested.segments(index).filter((one) => one.kind === kind).reduce((sum, { ps }) => sum + ps, 0);
const waits = (tested: Tested, count: number, label: string): number => Array.from({ length: count }, (_, index) => tested.segments(index).filter((one) => one.label === label).length).reduce((sum, one) => sum + one, 0);
const dropped = (tested: Tested): number => tested.machine.drops.reduce((sum, one) => sum + one, 0);

describe("one message", () => {
  test("is put in and taken out in the listed steps", () => {
    assert.deepEqual(box({}, { run: "1 us" }).segments().slice(-6).map(({ label, ps }) => [label, ps]), [
      ["put into the mailbox", 200_000], ["wake-up", 1_200_000], ["system call", 70_000], ["taken out", 150_000], ["copy to user", 45_000], ["run", 1_000_000],
    ]);
    assert.equal((box({ put: "300 ns", take: "250 ns" }).latencies[0] ?? 0) - (box({}).latencies[0] ?? 0), 200_000);
  });
});

describe("a full mailbox", () => {
  // The receiver takes the first message out at once and works on it; the others wait, so many of them in the mailbox.
  test("that drops keeps as many as it has slots, and loses the rest", () => {
    assert.deepEqual([9, 10, 12].map((count) => dropped(box({ overflow: "drop" }, { count }))), [0, 1, 3]);
    assert.deepEqual([3, 4].map((count) => dropped(box({ overflow: "drop", slots: 2 }, { count }))), [0, 1]);
  });

  test("that blocks lets the next message wait for the first slot that comes free, and loses none", () => {
    const [fits, more] = [9, 10].map((count) => box({}, { count }));
    assert.deepEqual([dropped(fits!), dropped(more!)], [0, 0]);
    assert.equal(waits(fits!, 9, "mailbox slot"), 0);
    assert.equal(waits(more!, 10, "mailbox slot"), 1);
    const waited = more!.segments(9).find(({ label }) => label === "mailbox slot");
    // The tenth comes 45 us after the first; a slot comes free when the receiver, 200 us later, takes the second out.
    assert.ok(waited?.kind === "credit" && Math.abs(waited.ps - 155e6) < 3e6, String(waited?.ps));
  });

  test("may be full of bytes before it is full of messages", () => {
    assert.deepEqual([4, 5].map((count) => dropped(box({ overflow: "drop", bytes: "3000 B" }, { count, payload: "1000 B" }))), [0, 1]);
    assert.equal(waits(box({ bytes: "3000 B" }, { count: 5, payload: "1000 B" }), 5, "mailbox bytes"), 1);
  });

  test("that refuses makes the sender try again, exactly from the first message beyond its slots", () => {
    const [fits, more] = [9, 10].map((count) => box({ overflow: "nak" }, { count }));
    assert.deepEqual([fits!.account("b/naks"), fits!.account("b/retries"), dropped(fits!)], [0, 0, 0]);
    // A slot comes free after some 155 us; a refusal and the sender's patience take 28 us.
    assert.deepEqual([more!.account("b/naks"), more!.account("b/retries"), dropped(more!)], [6, 6, 0]);
    assert.equal(kinds(more!, 9, "retry"), 6 * 28_000_000);
  });

  test("that refuses too often loses the message", () => {
    const lost = box({ overflow: "nak", "nak.tries": 5 }, { count: 10 });
    assert.deepEqual([lost.account("b/naks"), dropped(lost), lost.latencies.length], [5, 1, 9]);
    assert.equal(dropped(box({ overflow: "nak", "nak.tries": 7 }, { count: 10 })), 0);
  });

  test("takes the times of a refusal from its parameters", () => {
    const more = box({ overflow: "nak", "nak.round": "10 us", "nak.patience": "40 us" }, { count: 10 });
    assert.equal(kinds(more, 9, "retry"), more.account("b/naks") * 50_000_000);
  });

  test("is empty again after a pause", () => {
    const tested = box({ overflow: "drop" }, { count: 9, messages: 27 });
    assert.deepEqual([dropped(tested), tested.latencies.length], [0, 27]);
  });
});
