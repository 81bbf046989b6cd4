// Goal: the pipeline's time is that of its budget, segment by segment, and each of its options does what it says.
// Method: one tick on a quiet line, the clock's edges at known times; then series of ticks for what only two of them can show.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Machine, runToEnd } from "../../src/engine/index.js";
import type { WirelatError, WirelatErrors } from "../../src/errors/index.js";
import { CATALOGUE } from "../../src/models/index.js";
import { compile, readScenario } from "../../src/scenario/index.js";
import { memoryAccess } from "../support/fake-catalogue.js";
import { testModel, type Bench, type Tested, type Written } from "../support/model-tester.js";

type Path = Bench["path"];
type Params = Readonly<Record<string, Written>>;

const CYCLE = 102_400 / 33;
const edge = (cycles: number): number => Math.floor(cycles * CYCLE);
const LOGIC: Path = ["box.phy.rx", "box.mac.rx", "box.parse", "box.book", "box.strategy", "box.risk", "box.encode", "box.mac.tx", "box.phy.tx"];

interface Options {
  readonly from?: string;
  readonly path?: Path;
  readonly times?: readonly number[];
  readonly payload?: number;
}

/** Ticks at given times, or one; the feed has no length, so that a tick's first bit is in when it is sent. */
function trade(params: Params = {}, { from = "box.in@trigger", path = LOGIC, times = [0], payload = 64 }: Options = {}): Tested {
  const series = { times: Float64Array.from(times), payloads: new Uint32Array(times.length).fill(payload) };
  return testModel({
    instances: {
      box: { model: "fpga/pipeline", params: { phase: "zero", ...params } },
      feed: { model: "link/ethernet", params: { length: "0 m" } },
      order: { model: "link/ethernet", params: { length: "0 m" } },
    },
    path: ["feed", ...path, "order"],
    traffic: { model: "traffic/capture", params: { file: "none.pcap" }, series },
    from, to: "box.out@sof", messages: times.length,
  });
}

const one = (params: Params = {}, options: Options = {}): number => trade(params, options).latencies[0] ?? NaN;

/** The step with this name, with an argument. */
const withArgument = (name: string, argument: Written): Path => LOGIC.map((step) => (step === name ? [name, argument] : step));
const without = (...names: string[]): Path => LOGIC.filter((step) => !names.includes(String(step)));

function refusal(act: () => unknown): WirelatError {
  try {
    act();
  } catch (error) {
    const [first] = (error as WirelatErrors).errors;
    assert.ok(first !== undefined, String(error));
    return first;
  }
  throw new Error("nothing was refused");
}

// Trigger byte 70 is in at 56 000 ps; receive PMA and MAC delay it by 12 558 + 9309 ps; the next edge is number 26.
const SEEN = 56_000 + 12_558 + 9_309;
const FIRST_EDGE = 26;
const SENT = edge(FIRST_EDGE + 12) + 18_424;

describe("the budget of one trade", () => {
  test("is 12.558 ns receive, 15 cycles, 18.424 ns send and the wait for one clock edge", () => {
    assert.deepEqual(trade({}, { from: "box.in@sof" }).segments().map(({ step, label, kind, ps }) => [step, label, kind, ps]), [
      ["box.phy.rx", "PMA receive", "process", 12_558],
      ["box.mac.rx", "mac.rx", "process", 9_309],
      ["feed", "trigger byte", "serialise", 56_000],
      ["box.parse", "clock edge", "align", edge(FIRST_EDGE) - SEEN],
      ["box.parse", "parse", "process", edge(FIRST_EDGE + 2) - edge(FIRST_EDGE)],
      ["box.book", "book", "process", edge(FIRST_EDGE + 5) - edge(FIRST_EDGE + 2)],
      ["box.strategy", "strategy", "process", edge(FIRST_EDGE + 7) - edge(FIRST_EDGE + 5)],
      ["box.risk", "risk", "process", edge(FIRST_EDGE + 8) - edge(FIRST_EDGE + 7)],
      ["box.encode", "encode", "process", edge(FIRST_EDGE + 9) - edge(FIRST_EDGE + 8)],
      ["box.mac.tx", "mac.tx", "process", edge(FIRST_EDGE + 12) - edge(FIRST_EDGE + 9)],
      ["box.phy.tx", "PMA send", "process", 18_424],
    ]);
  });

  test("with the mean wait for an edge is 79.079 ns from trigger, 40.679 from the end, 135.079 from the start of the frame", () => {
    const floors = ["box.in@trigger", "box.in@eof", "box.in@sof"].map((from) => trade({}, { from }).floor);
    assert.deepEqual(floors, [79_079, 40_679, 135_079]);
  });

  test("varies by less than one cycle over every phase between line and clock", () => {
    const times = Array.from({ length: 3_200 }, (_, index) => index * 1_000_001);
    const { latencies } = trade({}, { times });
    const least = Math.min(...latencies);
    const most = Math.max(...latencies);
    assert.ok(least >= 77_527 && least <= 77_527 + 3, `${least}`);
    assert.ok(most - least > edge(1) - 5 && most - least <= edge(1) + 2, `${most - least}`);
    assert.ok(Math.abs(latencies.reduce((sum, one) => sum + one, 0) / latencies.length - 79_079) < 20);
  });

  test("on a clock recovered from the line waits for no edge at all", () => {
    const times = Array.from({ length: 100 }, (_, index) => index * 1_000_001);
    assert.deepEqual(new Set(trade({ phase: "locked" }, { times }).latencies), new Set([77_527]));
  });

  test("costs no copy, no interrupt and no movement inside the device", () => {
    const tested = trade();
    for (const account of ["box/copies", "box/interrupts", "box/syscalls", "box/movements"]) assert.equal(tested.account(account), 0);
  });
});

describe("the trigger byte", () => {
  test("counts from the payload's first byte, or from the frame's", () => {
    assert.equal(one({ "parse.trigger": "payload + 20 B" }), one({ "parse.trigger": "70 B" }));
    assert.equal(one({}, { from: "box.in@sof", path: withArgument("box.parse", { trigger: "payload + 20 B" }) }), SENT);
  });

  test("is never behind the frame's last byte", () => {
    assert.equal(one({ "parse.trigger": "9000 B", phase: "locked" }), one({ "parse.trigger": "118 B", phase: "locked" }));
    assert.equal(one({ "parse.trigger": "9000 B", phase: "locked" }, { from: "box.in@eof" }), 77_527);
  });

  test("may have to wait for the rest of its word", () => {
    const waits = { phase: "locked", "parse.wait": "word" };
    assert.equal(one(waits) - one({ phase: "locked" }), 2 * 800);
    assert.equal(one({ ...waits, "parse.trigger": "72 B" }) - one({ phase: "locked", "parse.trigger": "72 B" }), 0);
    assert.equal(one({ ...waits, datapath: "64 bit", clock: "161.1328125 MHz" }) - one({ phase: "locked", datapath: "64 bit", clock: "161.1328125 MHz" }), 2 * 800);
  });
});

describe("arguments of a step", () => {
  test("stand before the parameter of the same name", () => {
    for (const stage of ["parse", "book", "strategy", "risk", "encode", "mac.tx"]) {
      const longer = one({ [`${stage}.cycles`]: "9 cycles", phase: "locked" });
      assert.equal(one({ [`${stage}.cycles`]: "40 cycles", phase: "locked" }, { path: withArgument(`box.${stage}`, "9 cycles") }), longer, stage);
      assert.ok(longer > 77_527, stage);
    }
  });

  test("make the frame that is sent", () => {
    const busy = (frame: string): number => trade({}, { times: [0, 1_000], path: withArgument("box.encode", { frame }) }).latencies[1] ?? NaN;
    assert.equal(busy("1518 B") - busy("518 B"), 1_000 * 800);
  });
});

describe("a stored frame", () => {
  test("costs the bytes behind the trigger and a cycle through the buffer, and is moved into the device and out of it", () => {
    const tested = trade({ "mac.rx.mode": "store-forward" }, { from: "box.in@sof" });
    const stored = Math.ceil((118 * 800 + 12_558) / CYCLE);
    assert.equal(tested.latencies[0], edge(stored + 4 + 12) + 18_424);
    assert.equal(tested.account("box/movements"), 2);
    assert.equal(tested.account("box/copies"), 0);
  });
});

describe("a speculative order", () => {
  const lead = 58 * 800;

  test("starts so early that the first byte that depends on the decision is just in time", () => {
    const early = trade({ "mac.tx.start": "speculative" });
    assert.equal(early.latencies[0], one() - lead);
    assert.deepEqual(early.segments().filter(({ kind }) => kind === "overlap").map(({ ps }) => ps), [-lead]);
    assert.ok(one({ "mac.tx.start": "speculative" }, { from: "box.in@eof" }) < 0);
  });

  test("leads by the bytes that are committed", () => {
    assert.equal(one() - one({ "mac.tx.start": "speculative", "mac.tx.commit": "22 B" }), 22 * 800);
  });

  test("never starts before its tick has been seen", () => {
    const tested = trade({ "mac.tx.start": "speculative", "mac.tx.commit": "500 B" }, { from: "box.in@sof" });
    assert.equal(tested.latencies[0], 12_558 + 9_309 + 18_424);
    assert.ok(tested.segments().some(({ label, kind }) => label === "wait for the start" && kind === "join"));
  });
});

describe("a second clock", () => {
  test("costs its synchroniser and the wait for one of its edges, and times everything behind it", () => {
    const crossed = { "cdc.between": ["strategy", "risk"], "cdc.cycles": "3 cycles", "cdc.clock": "100 MHz" };
    const segments = trade(crossed).segments();
    const behind = segments.filter(({ step }) => ["box.risk", "box.encode", "box.mac.tx"].includes(step));
    assert.deepEqual(behind.filter(({ kind }) => kind === "process").map(({ label, ps }) => [label, ps]), [
      ["clock crossing", 30_000], ["risk", 10_000], ["encode", 10_000], ["mac.tx", 30_000],
    ]);
    const waits = behind.filter(({ kind }) => kind === "align");
    assert.ok(waits.length <= 1 && waits.every(({ ps }) => ps < 10_000));
    assert.equal(segments.find(({ label }) => label === "strategy")?.ps, edge(FIRST_EDGE + 7) - edge(FIRST_EDGE + 5));
  });

  test("stands between two stages that follow each other, or the scenario is refused", () => {
    assert.equal(refusal(() => trade({ "cdc.between": ["parse", "risk"] })).code, "fpga-crossing");
    assert.equal(refusal(() => trade({ "cdc.between": ["strategy", "risc"] })).code, "fpga-crossing");
    assert.equal(refusal(() => trade({ "cdc.between": ["strategy"] })).code, "fpga-crossing");
    assert.ok(trade({ "cdc.between": ["book", "risk"] }, { path: without("box.strategy") }).latencies.length === 1);
  });
});

describe("the order book's memory", () => {
  test("adds what it takes beyond block RAM", () => {
    const locked = one({ phase: "locked" });
    const taken = (params: Params): number => one({ phase: "locked", ...params }) - locked;
    assert.equal(taken({ "book.memory": "uram" }), edge(1));
    assert.equal(taken({ "book.memory": "sram" }), 12_000);
    assert.equal(taken({ "book.memory": "ddr" }), 80_000);
    assert.equal(one({ phase: "locked" }, { path: withArgument("box.book", { memory: "ddr" }) }) - locked, 80_000);
  });

  test("keeps its port for as long, so that a tick behind another waits in the FIFO", () => {
    const apart = 104_000;
    const slow = { "book.memory": "ddr", "book.ddr": "200 ns", phase: "locked" };
    const [first = NaN, second = NaN] = trade(slow, { times: [0, 0] }).latencies;
    assert.equal(second - first, 200_000 + edge(1) - apart);
  });

  test("has two ports, and no others", () => {
    assert.equal(one({}, { path: withArgument("box.book", { port: 2 }) }), one());
    assert.equal(refusal(() => trade({ "book.port": 3 })).code, "fpga-port");
  });
});

describe("a stage that takes a message only every so many cycles", () => {
  const apart = 104_000;

  for (const stage of ["parse", "strategy", "risk", "encode"]) {
    test(`makes the next tick wait: ${stage}`, () => {
      const { latencies } = trade({ [`${stage}.ii`]: "100 cycles", phase: "locked" }, { times: [0, 0, 0] });
      const wait = Math.round(100 * CYCLE) - apart;
      assert.deepEqual(latencies.map((latency) => latency - (latencies[0] ?? 0)), [0, wait, 2 * wait]);
    });
  }

  test("lets the next tick in on the very edge where it is free again", () => {
    const { latencies } = trade({ "strategy.ii": "100 cycles" }, { times: [0, 0] });
    const [first = NaN, second = NaN] = latencies;
    const waited = second + apart - first;
    assert.ok(Math.abs(waited - 100 * CYCLE) <= 1, `${waited}`);
  });

  test("drops what the FIFO cannot hold, because the wire cannot be stopped", () => {
    const times = new Array<number>(50).fill(0);
    const dropped = (fifo: string): number => trade({ "strategy.ii": "100 cycles", fifo }, { times }).machine.drops.reduce((sum, one) => sum + one, 0);
    assert.equal(dropped("64 KiB"), 0);
    assert.ok(dropped("400 B") > 20);
    assert.ok(dropped("400 B") < 50);
  });
});

describe("two feeds that meet in one pipeline", () => {
  /** A tick on either feed at the same time; each has a link of its own for its order, and the second a port of the book. */
  function met(second: Readonly<{ port: number }>): readonly number[] {
    const side = (name: string, port: number): string => `
  ${name}: [feed-${name}, box.phy.rx, box.mac.rx, box.parse, { box.book: { port: ${port} } }, box.strategy, box.risk, box.encode, box.mac.tx, box.phy.tx, order-${name}]`;
    const text = `
wirelat: 1
id: two
devices: { box: { use: fpga/pipeline, phase: zero } }
links:
  feed-a: { use: link/ethernet, length: 0 m }
  feed-b: { use: link/ethernet, length: 0 m }
  order-a: { use: link/ethernet, length: 0 m }
  order-b: { use: link/ethernet, length: 0 m }
traffic:
  ticks-a: { use: traffic/burst, count: 1, period: 1 ms, path: a }
  ticks-b: { use: traffic/burst, count: 1, period: 1 ms, path: b }
paths:${side("a", 1)}${side("b", second.port)}
metrics: { t2t: { from: "@intended", to: box.out@sof } }
`;
    const scenario = readScenario("two.yaml", { access: memoryAccess({ "two.yaml": text }), catalogue: CATALOGUE }).cases[0]?.scenario;
    assert.ok(scenario !== undefined);
    const compiled = compile(scenario, CATALOGUE);
    const latencies: number[] = [];
    const sink = { record: (latency: number) => void latencies.push(latency) };
    runToEnd(new Machine(compiled.program, { seed: 1, messages: 2, warmup: 0, sampleLimit: 0, sinks: [[sink], [sink]] }));
    return latencies;
  }

  test("wait for each other by one cycle when they come in the same", () => {
    const [first = NaN, second = NaN] = met({ port: 1 });
    assert.equal(first, SENT);
    assert.equal(second, edge(FIRST_EDGE + 13) + 18_424);
  });

  test("meet at the strategy when each has a port of its own", () => {
    assert.deepEqual(met({ port: 2 }), [SENT, edge(FIRST_EDGE + 13) + 18_424]);
  });
});

describe("a pipeline that keeps up", () => {
  test("adds at most one cycle and the wait for the wire to any tick of a line-rate burst", () => {
    const { latencies } = trade({}, { times: new Array<number>(50).fill(0) });
    assert.equal(latencies.length, 50);
    assert.ok(Math.max(...latencies) - Math.min(...latencies) <= edge(1) + 2);
  });

  test("is refused when a word a cycle is slower than the line", () => {
    assert.equal(refusal(() => trade({ clock: "156.25 MHz" })).code, "fpga-datapath");
    assert.equal(refusal(() => trade({ datapath: "16 bit" })).code, "fpga-datapath");
    assert.equal(trade({ clock: "156.25 MHz", datapath: "64 bit" }).latencies.length, 1);
  });
});
