// Goal: what happens in the pipeline when something is full, slow or wrong: memories with ports, stages that say when they are ready,
// frames that turn out to be bad, and two boxes in one path that both start early. Method: ticks at given times, the clock locked.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WirelatErrors } from "../../../src/errors/index.js";
import { testModel, type Bench, type Tested, type Written } from "../../support/model-tester.js";

type Params = Readonly<Record<string, Written>>;

const CYCLE = 102_400 / 33;
const cycles = (count: number): number => Math.round(count * CYCLE);
/** A tick of 118 bytes and its gap at 10 Gbit/s. */
const APART = 104_000;
const STAGES = ["phy.rx", "mac.rx", "parse", "book", "strategy", "risk", "encode", "mac.tx", "phy.tx"];
const through = (box: string): string[] => STAGES.map((stage) => `${box}.${stage}`);

/** Ticks at once, as fast as the line takes them, through one box; or what else a bench says. */
function trade(params: Params, count: number, more: Partial<Bench> = {}): Tested {
  const link = { model: "link/ethernet", params: { length: "0 m" } };
  const box = { model: "fpga/pipeline", params: { phase: "locked", ...params } };
  const series = { times: new Float64Array(count), payloads: new Uint32Array(count).fill(64) };
  return testModel({
    instances: { box, feed: link, order: link, second: { model: "fpga/pipeline", params: { phase: "locked", ...params } }, between: link },
    path: ["feed", ...through("box"), "order"], traffic: { model: "traffic/capture", params: { file: "none.pcap" }, series },
    from: "box.in@trigger", to: "box.out@sof", messages: count, ...more,
  });
}

const drops = (tested: Tested): Record<string, number> =>
  Object.fromEntries(tested.compiled.program.reasons.map((reason, index): [string, number] => [reason, tested.machine.drops[index] ?? 0]).filter(([, count]) => count > 0));
const busyOf = (tested: Tested, part: string): number => tested.machine.stages.busy[tested.compiled.program.stages.findIndex((stage) => stage.name === part)] ?? NaN;
const lowest = (tested: Tested, part: string): number => tested.machine.pools[tested.compiled.program.pools.findIndex((pool) => pool.name === part)]?.lowest ?? NaN;

describe("a book that is also written", () => {
  const slow = { "book.memory": "ddr", "book.ddr": "200 ns", "book.ddr-write": "300 ns" };

  test("answers as early, but keeps its port for the write as well", () => {
    const [read = NaN, readBehind = NaN] = trade(slow, 2).latencies;
    const [updated = NaN, behind = NaN] = trade({ ...slow, "book.access": "update" }, 2).latencies;
    assert.equal(updated, read);
    assert.equal(readBehind - read, 200_000 + cycles(1) - APART);
    assert.equal(behind - updated, 500_000 + cycles(1) - APART);
  });

  test("takes the cycles of a write in memories of the device", () => {
    const behind = (params: Params): number => {
      const [first = NaN, second = NaN] = trade({ "book.access": "update", "book.write": "100 cycles", ...params }, 2).latencies;
      return second - first;
    };
    for (const memory of ["bram", "uram"]) assert.equal(behind({ "book.memory": memory }), cycles(1) + cycles(100) - APART, memory);
    assert.equal(behind({ "book.memory": "sram", "book.sram": "100 ns", "book.sram-write": "90 ns" }), cycles(1) + 190_000 - APART);
  });

  test("has one port outside the device", () => {
    for (const memory of ["sram", "ddr"]) {
      assert.throws(() => trade({ "book.memory": memory, "book.port": 2 }, 1), (error) => error instanceof WirelatErrors && error.errors[0]?.code === "fpga-port", memory);
    }
    assert.equal(trade({ "book.memory": "uram", "book.port": 2 }, 1).latencies.length, 1);
  });
});

describe("stages that say when they are ready", () => {
  const ready = { flow: "ready", "strategy.ii": "100 cycles" };

  test("cost nothing while nobody waits, and as much as a shared FIFO where only one is slow", () => {
    assert.deepEqual(trade({ flow: "ready" }, 20).latencies, trade({}, 20).latencies);
    assert.deepEqual(trade({ ...ready, fifo: "64 KiB" }, 20).latencies, trade({ "strategy.ii": "100 cycles", fifo: "64 KiB" }, 20).latencies);
  });

  test("hold up whoever is ahead, back to the wire, where the FIFO fills and drops", () => {
    const tested = trade({ ...ready, fifo: "400 B", depth: 1 }, 60);
    assert.equal(lowest(tested, "box.port1Room"), 0, "the book is held up by the strategy");
    assert.ok(lowest(tested, "box.fifo") < 118, "and the FIFO by the book");
    const lost = drops(tested)["box.fifo full"] ?? 0;
    // 59 gaps of 104 ns last as long as 19.8 services; besides these, the first, one in each of two places and three in the FIFO come through.
    assert.equal(lost + tested.latencies.length, 60);
    assert.ok(tested.latencies.length >= 20 + 4 && tested.latencies.length <= 20 + 7, `${tested.latencies.length}`);
  });

  test("take one more message for each place more that a stage has", () => {
    const passed = [1, 2, 4].map((depth) => trade({ ...ready, fifo: "400 B", depth }, 60).latencies.length);
    // One place more in the book and one in the strategy.
    assert.deepEqual(passed.map((one) => one - (passed[0] ?? 0)), [0, 2, 6]);
  });
});

describe("a frame whose check sequence is wrong", () => {
  const share = { "mac.rx.bad": "30%", fifo: "64 KiB" };
  const count = 1000;
  /** Five standard deviations of a binomial count. */
  const near = (found: number): void => assert.ok(Math.abs(found - 300) < 5 * Math.sqrt(count * 0.3 * 0.7), `${found}`);

  test("is known before it goes on where frames are stored", () => {
    const tested = trade({ ...share, "mac.rx.mode": "store-forward", "strategy.ii": "2 cycles" }, count);
    const { "bad check sequence": bad = 0, ...others } = drops(tested);
    near(bad);
    assert.deepEqual(others, {});
    assert.ok(Math.abs(busyOf(tested, "box.strategy") - (count - bad) * cycles(2)) <= count);
  });

  test("loads every stage where it was cut through, and its order is aborted", () => {
    const tested = trade({ ...share, "strategy.ii": "2 cycles" }, count);
    const { "order aborted: bad check sequence": aborted = 0, ...others } = drops(tested);
    near(aborted);
    assert.deepEqual(others, {});
    assert.equal(tested.latencies.length, count - aborted);
    assert.ok(Math.abs(busyOf(tested, "box.strategy") - count * cycles(2)) <= count);
  });

  test("is none where none is said to be", () => assert.deepEqual(drops(trade({ fifo: "64 KiB" }, 200)), {}));
});

describe("two boxes in one path that both start early", () => {
  test("know each its own frame: the second never starts before it has seen what the first sent", () => {
    const early = { "mac.tx.start": "speculative", "mac.tx.commit": "500 B" };
    const path = ["feed", ...through("box"), "between", ...through("second"), "order"];
    const seen = 12_558 + 3 * 3_103 + 18_424;
    const took = (from: string, to: string): number => trade(early, 1, { path, from, to }).latencies[0] ?? NaN;
    for (const box of ["box", "second"]) assert.ok(Math.abs(took(`${box}.in@sof`, `${box}.out@sof`) - seen) <= 2, box);
  });
});
