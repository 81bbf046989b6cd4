// Goal: a controller that serves memory without its host's processors, at three speeds and for all sizes. Method: reads over presets'
// packets, with the stages of the controller changed one at a time.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { memorySystem, type MemoryParams } from "../support/memory-system.js";
import { packet } from "../support/firewire-arithmetic.js";
import { testModel, type Bench, type Written } from "../support/model-tester.js";

type Params = Readonly<Record<string, Written>>;

const host = (firewire: Params, memory: MemoryParams = {}) => ({
  components: {
    cpu: { model: "host/core", params: { threads: { app: 3, other: 4 } } },
    bus: { model: "bus/pcie" },
    ...memorySystem(memory),
    firewire: { model: "firewire/ohci", params: firewire },
  },
});

const read = (options: { readonly dbg?: Params; readonly target?: Params; readonly memory?: MemoryParams; readonly payload?: string; readonly argument?: Params; readonly more?: Bench["path"] } = {}) =>
  testModel({
    instances: { dbg: host(options.dbg ?? {}), target: host(options.target ?? {}, options.memory), fw: { model: "bus/firewire", kind: "link", params: { "gap-count": 5, length: "0 m" } } },
    regions: { "target.image": { bytes: 4_194_304, pinned: true, below: 2 ** 32 } },
    path: [{ tap: "ask" }, ["dbg.firewire.read", { via: "fw", from: "target.image", ...options.argument }], ...(options.more ?? []), { tap: "got" }],
    payload: options.payload ?? "8 B",
    from: "ask",
    to: "got",
  });
const total = (options: Parameters<typeof read>[0] = {}): number => read(options).latencies[0]!;

describe("the FireWire controller", () => {
  for (const [stage, side] of [["post", "dbg"], ["tx", "dbg"], ["rx", "dbg"], ["physical", "target"]] as const) {
    test(`${stage} of the ${side === "dbg" ? "asking" : "answering"} side is paid once`, () => {
      const slow = { [side]: { [stage]: "5 us" } };
      const usual = { post: 300, tx: 400, rx: 400, physical: 1500 }[stage];
      assert.equal(total(slow) - total(), 5_000_000 - usual * 1000);
    });
  }

  test("what the memory system adds to a device's read delays the answer", () => {
    assert.equal(total({ memory: { iommu: { mode: "strict" } } }) - total(), 260_000);
  });

  test("a read of more than a packet's data is cut into packets, each asked for by itself", () => {
    const responses = (payload: string) => read({ payload, dbg: { payload: "512 B" } }).account("fw/bus-up-overhead") / 46;
    assert.deepEqual(["512 B", "520 B", "2048 B"].map(responses), [1, 2, 4]);
  });

  test("several requests on their way at once overlap the target's fetch with the bus", () => {
    const [one, four] = [{ outstanding: 1 }, { outstanding: 4 }].map((dbg) => total({ payload: "8192 B", dbg: { ...dbg, fair: false }, target: { physical: "10 us" } }));
    assert.ok(four! < one! - 3 * 8_000_000, `${four} against ${one}`);
    assert.ok(four! > 4 * packet(2072), "the bus carries one packet at a time");
  });

  test("the thread that asks may be another, and can find the data by polling", () => {
    const run = read({ argument: { core: "other" }, more: [["dbg.poll", { watch: "cq", core: "other", loop: "20 ns" }]] });
    assert.equal(run.account("dbg/polls"), 1);
    assert.throws(() => read({ argument: { core: "nobody" } }));
  });
});
