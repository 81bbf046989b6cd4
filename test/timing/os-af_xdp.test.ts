import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WirelatErrors } from "../../src/errors/index.js";
import { memorySystem } from "../support/memory-system.js";
import { testModel, type Bench, type Tested, type Written } from "../support/model-tester.js";

type Params = Readonly<Record<string, Written>>;

interface Setting {
  readonly xsk?: Params;
  readonly into?: "user" | "kernel";
  readonly steps?: Bench["path"];
  readonly more?: Partial<Bench>;
}

function run({ xsk = {}, into = "user", steps = ["gw.xsk.rx", { tap: "application" }, "gw.xsk.tx"], more = {} }: Setting = {}): Tested {
  const components = {
    cpu: { model: "host/core", params: { threads: { irq: 2, app: 3 } } },
    ...memorySystem(),
    bus: { model: "bus/pcie" },
    nic: { model: "nic/generic", params: { "moderation.mode": "none" } },
    afxdp: { model: "os/af_xdp", params: xsk },
  };
  const path: Bench["path"] = ["feed", ["gw.nic.rx", { into }], { tap: "begin" }, ...steps, { tap: "finish" }];
  return testModel({ instances: { gw: { components }, feed: { model: "link/ethernet" } }, path, from: "begin", to: "finish", ...more });
}
const listed = (tested: Tested): [string, number][] => tested.segments().filter(({ kind }) => kind !== "poll").map(({ label, ps }) => [label, ps]);
const accounts = (tested: Tested): number[] => ["interrupts", "syscalls", "copies", "switches"].map((name) => tested.account(`gw/${name}`));

const INTERRUPTED: [string, number][] = [["interrupt message", 3555], ["interrupt delivery", 600_000], ["interrupt handler", 500_000], ["softirq", 300_000]];
const KERNEL: [string, number][] = [["driver receive", 50_000], ["completion entry in cache", 20_000], ["program and redirection", 100_000]];
const TAKEN: [string, number][] = [["receive ring", 20_000], ["frame in cache", 50_000]];
const LINE: [string, number] = ["ring's line from the other core", 100_000];
const CALL: [string, number][] = [["system call", 70_000], ["send call", 250_000]];
const COPY = 15_000 + 20_000 + 64 * 156.25;

describe("a packet through an AF_XDP socket", () => {
  test("found by a spinning thread takes the listed steps and no others", () => {
    const tested = run();
    assert.deepEqual(listed(tested), [...INTERRUPTED, ...KERNEL, LINE, ...TAKEN, ["transmit ring", 30_000], ...CALL, ["driver send", 150_000]]);
    assert.deepEqual(accounts(tested), [1, 1, 0, 0]);
  });

  test("wakes a thread that sleeps", () => {
    const tested = run({ xsk: { drive: "interrupt" } });
    assert.deepEqual(listed(tested), [...INTERRUPTED, ...KERNEL, ["wake-up", 1_200_000], ["system call", 70_000], LINE, ...TAKEN, ["transmit ring", 30_000], ...CALL, ["driver send", 150_000]]);
    assert.deepEqual(accounts(tested), [1, 2, 0, 1]);
  });

  test("is fetched by a thread that polls the device through the kernel, without an interrupt", () => {
    const tested = run({ xsk: { drive: "busy-poll" } });
    assert.deepEqual(listed(tested), [["system call", 70_000], ...KERNEL, ...TAKEN, ["transmit ring", 30_000], ...CALL, ["driver send", 150_000]]);
    assert.deepEqual(accounts(tested), [0, 2, 0, 0]);
  });

  test("is copied each way when the device cannot work in the socket's memory", () => {
    const tested = run({ xsk: { data: "copy" }, into: "kernel" });
    const copies: [string, number][] = [["copy to user", COPY], ["copy to kernel", COPY]];
    assert.deepEqual(listed(tested), [...INTERRUPTED, ...KERNEL, copies[0]!, LINE, ...TAKEN, ["transmit ring", 30_000], copies[1]!, ...CALL, ["packet buffer", 250_000], ["driver send", 150_000]]);
    assert.deepEqual(accounts(tested), [1, 1, 2, 0]);
  });

  test("must lie where the mode expects it", () => {
    for (const [data, into] of [["copy", "user"], ["zero-copy", "kernel"]] as const) {
      assert.throws(() => run({ xsk: { data }, into }), (error) => error instanceof WirelatErrors && error.errors.every(({ code }) => code === "location-mismatch"));
    }
  });
});

describe("the rings", () => {
  const burst = (count: number): Partial<Bench> => ({ traffic: { model: "traffic/burst", params: { count, gap: "line-rate", period: "1 ms", payload: "64 B" } }, messages: count });
  const drops = (tested: Tested): Record<string, number> => Object.fromEntries([...tested.machine.drops].map((count, at): [string, number] => [tested.compiled.program.reasons[at] ?? "", count]).filter(([, count]) => count > 0));
  const steps: Bench["path"] = ["gw.xsk.rx", ["gw.run", "1 us"], "gw.xsk.tx"];

  test("drop what finds no free frame, and what finds the receive ring full", () => {
    const few = run({ xsk: { frames: 4 }, steps, more: burst(40) });
    assert.ok((drops(few)["gw.afxdp.frames full"] ?? 0) > 0);
    assert.equal(few.latencies.length + (drops(few)["gw.afxdp.frames full"] ?? 0), 40);
    const short = run({ xsk: { "ring.rx": 4 }, steps, more: burst(40) });
    assert.equal(short.latencies.length + (drops(short)["gw.afxdp.received full"] ?? 0), 40);
    assert.ok(short.latencies.length < 40);
    assert.deepEqual(drops(run({ steps, more: burst(40) })), {});
  });

  test("give frames back: as many messages as there are frames may pass again and again", () => {
    const slow: Partial<Bench> = { traffic: { model: "traffic/constant", params: { rate: "10 kpps", payload: "64 B" } }, messages: 50 };
    assert.equal(run({ xsk: { frames: 1 }, steps, more: slow }).latencies.length, 50);
    assert.equal(run({ xsk: { frames: 1 }, steps: ["gw.xsk.rx", "gw.xsk.recycle"], more: slow }).latencies.length, 50);
  });

  test("hold the frames that an application fills itself, until they have been sent", () => {
    const own: Partial<Bench> = { path: [["gw.run", { time: "0 ns", core: "app" }], { tap: "begin" }, "gw.xsk.take", "gw.xsk.tx", { tap: "finish" }] };
    const tested = run({ more: own });
    assert.deepEqual(listed(tested), [["free frame", 20_000], ["transmit ring", 30_000], ...CALL, ["driver send", 150_000]]);
    assert.equal(run({ xsk: { frames: 1 }, more: { ...own, traffic: { model: "traffic/constant", params: { rate: "10 kpps", payload: "64 B" } }, messages: 9 } }).latencies.length, 9);
  });

  test("keep a sender waiting while none of the transmit ring's entries is free", () => {
    const wide = run({ xsk: { drive: "interrupt", "ring.tx": 1 }, steps, more: burst(5) });
    assert.equal(wide.latencies.length, 5);
  });
});

describe("sending", () => {
  const steps: Bench["path"] = ["gw.xsk.rx", "gw.xsk.tx"];
  const pair: Partial<Bench> = { traffic: { model: "traffic/burst", params: { count: 24, gap: "line-rate", period: "1 ms", payload: "64 B" } }, messages: 24 };

  test("takes no call while the driver is at work on the other core, unless told to call always", () => {
    const needed = run({ steps, more: pair }).account("gw/syscalls");
    const always = run({ xsk: { "send-call": "always" }, steps, more: pair }).account("gw/syscalls");
    assert.equal(always, 24);
    assert.ok(needed < 24, String(needed));
  });
});
