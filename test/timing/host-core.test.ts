import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WirelatErrors } from "../../src/errors/index.js";
import { CATALOGUE } from "../../src/models/index.js";
import { BUNDLED_FOLDER, compile, diskFolder, readScenario, type FileFolder } from "../../src/scenario/index.js";
import { memorySystem } from "../support/memory-system.js";
import { testModel, type Bench, type Written } from "../support/model-tester.js";

type Params = Readonly<Record<string, Written>>;

function bench(path: Bench["path"], cpu: Params = {}, more: Partial<Bench> = {}, copier: Params = {}): Bench {
  const components = {
    cpu: { model: "host/core", params: { threads: { irq: 2, app: 3 }, ...cpu } },
    ...memorySystem({ copier }),
    bus: { model: "bus/pcie" },
    hca: { model: "rdma/hca" },
    os: { model: "os/linux" },
  };
  return { instances: { gw: { components } }, path: [{ tap: "begin" }, ...path, { tap: "finish" }], from: "begin", to: "finish", ...more };
}

const refused = (one: Bench): string[] => {
  try {
    testModel(one);
  } catch (error) {
    if (error instanceof WirelatErrors) return error.errors.map((each) => each.code);
    throw error;
  }
  return [];
};

/** One message every `period`, the first at 0. */
const every = (period: string): Bench["traffic"] => ({ model: "traffic/burst", params: { count: 1, period, payload: "64 B" } });

describe("work and copies", () => {
  test("the application's work takes its time on the thread that does it", () => {
    const tested = testModel(bench([["gw.run", { time: "1 us", core: "app" }]]));
    assert.deepEqual(tested.segments(), [{ step: "gw.run", label: "run", kind: "process", ps: 1_000_000 }]);
    assert.equal(tested.floor, 1_000_000);
  });

  for (const [payload, ps] of [["64 B", 45_000], ["0 B", 35_000], ["4 KiB", 675_000], ["65 B", 45_156]] as const) {
    test(`a copy of ${payload} takes setup, access and 156.25 ps a byte, rounded once: ${ps} ps`, () => {
      const tested = testModel(bench([["gw.run", { time: "1 ns", core: "app" }], ["gw.copy", { to: "kernel" }]], {}, { payload }));
      assert.equal(tested.segments().find((segment) => segment.kind === "copy")?.ps, ps);
      assert.deepEqual([tested.account("gw/copies"), tested.account("gw/movements")], [1, 1]);
    });
  }

  test("a cold copy crosses the memory bus three times, one with streaming stores twice, a cached one not at all", () => {
    const path: Bench["path"] = [["gw.run", { time: "1 ns", core: "app" }], ["gw.copy", { to: "kernel" }]];
    const crossed = (["cached", "streaming", "cold"] as const).map((memory) => testModel(bench(path, {}, {}, { memory })).account("gw/memory-bytes"));
    assert.deepEqual(crossed, [0, 128, 192]);
  });

  test("two threads on one core wait for each other, on two cores they do not", () => {
    const path: Bench["path"] = [["gw.run", { time: "1 us", core: "app" }]];
    const pair = { model: "traffic/burst", params: { count: 2, gap: "0 ns", period: "1 ms", payload: "64 B" } };
    const both: Bench["path"] = [...path, ["gw.run", { time: "1 us", core: "irq" }]];
    assert.deepEqual(testModel(bench(path, {}, { traffic: pair, messages: 2 })).latencies, [1_000_000, 2_000_000]);
    const apart = testModel(bench(both, {}, { traffic: pair, messages: 2 })).latencies;
    const shared = testModel(bench(both, { threads: { irq: 3, app: 3 } }, { traffic: pair, messages: 2 })).latencies;
    assert.deepEqual(apart, [2_000_000, 3_000_000]);
    assert.ok(Math.max(...shared) > 3_000_000, "four pieces of 1 us share one core");
  });
});

describe("sleep states", () => {
  const wake: Bench["path"] = [["gw.wake", "app"]];
  const exitOf = (cpu: Params, period: string, message = 1): number => {
    const tested = testModel(bench(wake, cpu, { traffic: every(period), messages: message + 1 }));
    return (tested.segments(message).find((segment) => segment.kind === "wake")?.ps ?? 0) - 1_200_000;
  };
  // The first message finds its thread at work; the next comes a period minus its 205 ns later.
  const ladder = { idle: "c6", governor: "ladder" };

  test("a core that polls while idle pays only the wake-up of the thread", () => {
    assert.equal(exitOf({ idle: "poll" }, "1 ms"), 0);
  });

  test("the exit is that of the state whose residency has passed, to the picosecond", () => {
    assert.deepEqual(["2204 ns", "2205 ns", "20204 ns", "20205 ns", "600204 ns", "600205 ns"].map((period) => exitOf(ladder, period)), [0, 2e6, 2e6, 10e6, 10e6, 133e6]);
  });

  test("no deeper state is entered than allowed", () => {
    assert.deepEqual(["c1", "c1e", "c6"].map((idle) => exitOf({ idle, governor: "deepest" }, "5 us")), [2e6, 10e6, 133e6]);
    assert.deepEqual(["c1", "c1e", "c6"].map((idle) => exitOf({ idle, governor: "ladder" }, "5 ms")), [2e6, 10e6, 133e6]);
  });

  test("a predicting governor cannot know the first long gap, and knows the second", () => {
    const predict = { idle: "c6", governor: "predict" };
    assert.equal(exitOf(predict, "5 ms", 1), 0, "nothing has been seen yet");
    assert.equal(exitOf(predict, "5 ms", 2), 133e6);
  });

  test("another processor's table changes the exit", () => {
    assert.equal(exitOf({ idle: "c6", governor: "ladder", "c6.exit": "170 us", "c6.residency": "384 us" }, "500 us"), 170e6);
  });

  test("a thread that still runs is neither woken nor switched to", () => {
    const burst = { model: "traffic/burst", params: { count: 3, gap: "0 ns", period: "1 ms", payload: "64 B" } };
    const tested = testModel(bench(wake, {}, { traffic: burst, messages: 6 }));
    assert.equal(tested.account("gw/switches"), 1, "only the second burst finds it asleep, and only its first message");
    assert.equal(tested.account("gw/syscalls"), 6);
  });
});

describe("what is refused", () => {
  test("a thread that the host does not have", () => {
    assert.deepEqual(refused(bench([["gw.run", { time: "1 us", core: "nobody" }]])), ["thread-unknown"]);
  });

  test("a loop that watches what nothing writes", () => {
    assert.deepEqual(refused(bench([["gw.poll", { watch: "cq" }]])), ["watch-unwritten"]);
    assert.deepEqual(refused(bench([["gw.poll", { watch: "gw.mailbox" }]])), ["watch-unwritten"]);
    const regions = { "gw.mailbox": { bytes: 4096, pinned: true, rights: ["remote-write"], numa: 0 } };
    assert.deepEqual(refused(bench([["gw.poll", { watch: "gw.mailbox.flag" }]], {}, { regions })), ["watch-unwritten"]);
  });
});

describe("the preset of another processor", () => {
  test("brings the sleep states of its own table", () => {
    const file = "wirelat: 1\nid: one\ntitle: one\nhosts: { gw: { use: host/xeon-ice-lake-linux, cores: { app: 3 }, cpu: { idle: c6 } } }\ntraffic: { t: { use: traffic/constant, rate: 1 kpps, payload: 64 B, path: p } }\npaths: { p: [ tap: begin, gw.run: { time: 1 us, core: app }, tap: finish ] }\nmetrics: { m: { from: begin, to: finish } }\nrun: { messages: 1, warmup: 0, seed: 1 }\n";
    const own: FileFolder = { label: (name) => name, has: (name) => name === "one.yaml", list: () => [], read: () => Buffer.from(file) };
    const scenario = readScenario("one.yaml", { access: { own, bundled: diskFolder(BUNDLED_FOLDER, "scenarios") }, catalogue: CATALOGUE });
    const [only] = scenario.cases;
    assert.ok(only !== undefined);
    const idle = compile(only.scenario, CATALOGUE).program.servers[0]?.idle;
    assert.deepEqual(idle?.states.map(({ name, exit, residency }) => [name, exit, residency]), [["c1", 1e6, 1e6], ["c1e", 4e6, 4e6], ["c6", 128e6, 384e6]]);
  });
});
