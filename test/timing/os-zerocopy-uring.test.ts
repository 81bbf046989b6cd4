// Goal: a send through shared rings takes its listed steps, with a call, with a polling kernel thread, with buffers registered
// once or pinned each time. Method: exact segments and processor time of one send.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { memorySystem } from "../support/memory-system.js";
import { testModel, type Bench, type Tested, type Written } from "../support/model-tester.js";


type Params = Readonly<Record<string, Written>>;

function bench(uring: Params = {}, more: Partial<Bench> = {}): Bench {
  const components = {
    cpu: { model: "host/core", params: { threads: { irq: 2, app: 3, sq: 4 } } },
    ...memorySystem(),
    bus: { model: "bus/pcie" },
    nic: { model: "nic/generic", params: { "moderation.mode": "none" } },
    os: { model: "os/linux" },
    tcp: { model: "os/linux-tcp" },
    uring: { model: "os/zerocopy-uring", params: uring },
  };
  return {
    instances: { gw: { components }, out: { model: "link/ethernet" } }, path: [["gw.run", { time: "0 ns", core: "app" }], { tap: "call" }, "gw.uring.tx", { tap: "handed" }, "gw.nic.tx", "out"],
    payload: "10000 B", from: "call", to: "handed", ...more,
  };
}

const pairs = (tested: Tested): (readonly [string, number])[] => tested.segments().map(({ label, ps }) => [label, ps]);
const spent = (tested: Tested): number => [...tested.machine.cpu].reduce((total, time) => total + time, 0);
const TAIL = [["request taken", 150_000], ["send call", 85_000]] as const;
const DOWN = [["build segments", 700_000], ["queueing discipline", 150_000], ["driver send", 250_000]] as const;

describe("a send through shared rings", () => {
  test("takes the listed steps and no others, whatever the size", () => {
    for (const [payload, frames] of [["1 B", 1], ["10000 B", 7], ["65160 B", 45]] as const) {
      const tested = testModel(bench({}, { payload }));
      assert.deepEqual(pairs(tested), [["request entry", 60_000], ["system call", 70_000], ...TAIL, ...DOWN]);
      assert.deepEqual(["copies", "movements", "syscalls"].map((name) => tested.account(`gw/${name}`)), [0, frames, 1]);
    }
  });

  test("leaves two completion entries, which are taken without a call", () => {
    const tested = testModel(bench());
    assert.equal(spent(tested) - (tested.latencies[0] ?? NaN), 150_000 + 80_000 + 60_000);
  });

  test("pins its pages each time where they are not registered", () => {
    const tested = testModel(bench({ register: "each" }));
    assert.deepEqual(pairs(tested), [["request entry", 60_000], ["system call", 70_000], ...TAIL, ["pages pinned", 150_000 + 3 * 80_000], ...DOWN]);
    assert.equal(spent(tested) - spent(testModel(bench())), 150_000 + 3 * 80_000 + 3 * 40_000);
  });

  test("needs no call where a kernel thread polls, which finds the entry at its next look", () => {
    const tested = testModel(bench({ poll: true }));
    const [entry, look, ...rest] = pairs(tested);
    assert.deepEqual([entry, rest], [["request entry", 60_000], [...TAIL, ...DOWN]]);
    assert.equal(look?.[0], "kernel thread at the ring");
    assert.ok((look?.[1] ?? -1) >= 0 && (look?.[1] ?? NaN) <= 100_000);
    assert.equal(tested.account("gw/syscalls"), 0);
    const many = testModel(bench({ poll: true, "poll-loop": "1 us" }, { messages: 400, traffic: { model: "traffic/poisson", params: { rate: "1 kpps", payload: "64 B" } } }));
    const looks = Array.from({ length: 400 }, (_, index) => many.segments(index).find(({ kind }) => kind === "poll")?.ps ?? 0);
    const mean = looks.reduce((sum, one) => sum + one, 0) / looks.length;
    assert.ok(Math.abs(mean - 500_000) < 45_000, String(mean));
  });
});
