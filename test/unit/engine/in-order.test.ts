import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { OP, type ArrivalSpec, type ChoiceSpec, type Instruction } from "../../../src/engine/index.js";
import { holdings } from "../../../src/engine/holdings.js";
import { inOrder } from "../../../src/engine/in-order.js";
import { distribution } from "../../../src/random/index.js";
import { again, branch, claim, count, delay, drop, end, fork, free, hold, join, joined, jump, loop, queue, release, send, server, spawn, stage, station, transfer, work } from "../../support/instructions.js";
import { poisson, sketch, type ProgramSketch } from "../../support/program.js";

// Goal: the instructions to which messages come in the order of their numbers, and no others. The probe is a claim behind
// what is tried; that runs are then the same to the bit is what the property tests of fusion demand.

const evenly: ChoiceSpec = { kind: "chance", component: "coin", yes: 0.5 };
const probe = stage(3, 0);
const clients = (population: number): ArrivalSpec => ({ kind: "closed", population, think: distribution.uniform(0, 900) });
const ofTwoSizes: ArrivalSpec = { kind: "series", times: Float64Array.of(0, 5), payloads: Uint32Array.of(10, 20), loop: 0 };

/** Whether messages come in order to the probes. */
function probes(code: readonly Instruction[], rest: Partial<ProgramSketch> = {}): boolean[] {
  const program = sketch({
    code, arrivals: poisson(1000), amounts: [() => 10, (payload) => payload], draws: [{ component: "draw", sampler: distribution.exponential(500) }], choices: [evenly], reasons: ["full"], accounts: ["bytes"], orders: ["visible"],
    stages: [station(), station("fifo", 2), station("priority"), station()], servers: [server(), server({ period: 64 })], cores: ["one", "two"],
    pools: [{ name: "credits", capacity: 2, whenFull: "block", refill: null }, { name: "ring", capacity: 2, whenFull: "drop", refill: null }, { name: "turns", capacity: 1, whenFull: "block", refill: null, order: { kind: "sequence" } }],
    buses: [{ name: "bus", arbiter: "round-robin" }], clocks: [{ name: "clock", num: 64, den: 3, phase: 0 }], ...rest,
  });
  const ordered = inOrder(program, holdings(program));
  return [...program.op.keys()].filter((pc) => program.op[pc] === OP.stage && program.part[pc] === probe.part).map((pc) => ordered[pc] === 1);
}
/** Whether what is tried keeps the order of messages of one size. */
const keeps = (code: readonly Instruction[], rest: Partial<ProgramSketch> = {}): boolean => probes([...code, probe], rest).every((one) => one);

describe("messages stay in order", () => {
  test("through what takes as long for each, and through servers, buses and pools that serve who comes first", () => {
    for (const code of [
      [], [delay(0)], [{ op: OP.align, part: 0, wait: 0 }], [stage(0, 0, 1)], [send(0, 1, 0)], [{ op: OP.order, part: 0, amount: 0, wait: 0, work: 1 }],
      [transfer(0, 0, 1)], [claim(0, 1), delay(0), release(0, 1)], [hold(0, 0), work(0), free], [hold(1, 0, "poll"), work(0), free],
    ]) assert.ok(keeps(code), JSON.stringify(code));
  });

  test("but not through several servers, choices of the queue, drawn times, loops, forks and batches", () => {
    const forks = [{ kind: "race", branches: [3], count: -1, chunk: -1, slots: null }] as const;
    const batches = [{ name: "batch", law: "none", time: 0, count: 2, carrier: -1, carrierSlots: [0, 0], slots: null, weight: 1, budget: 1, budgetTime: 1, handOver: 0, handOverSlot: 0, waitSlot: 0, queueSlot: 0 }] as const;
    for (const code of [[stage(1, 0)], [queue(2, 0)], [{ op: OP.draw, amount: 0, a: -1, work: 1 }], [loop(0, 3), delay(0), again(0)], [fork(0), jump(3), joined], [join(0)], [claim(2, 0)]]) {
      assert.ok(!keeps(code, { forks, batches }), JSON.stringify(code));
    }
  });

  test("of different sizes only where the size makes no difference", () => {
    for (const code of [[transfer(0, 0, 1)], [delay(1)], [send(0, 1, 0)], [stage(0, 0, 1)]]) assert.ok(!keeps(code, { arrivals: ofTwoSizes }), JSON.stringify(code));
    for (const code of [[count(0, 1)], [stage(0, 1)], [hold(0, 0), free]]) assert.ok(keeps(code, { arrivals: ofTwoSizes }), JSON.stringify(code));
  });

  test("of several sources only where these send one size", () => {
    for (const [payload, same] of [[64, 1], [65, 0]] as const) {
      const program = sketch({ code: [delay(0), probe], arrivals: poisson(1000), amounts: [() => 10], stages: [station(), station(), station(), station()] });
      const sources = [...program.sources, { name: "other", path: 0, arrivals: poisson(1000), payload }];
      assert.equal(inOrder({ ...program, sources }, holdings(program))[2], same);
    }
  });

  test("of clients only where there is one: several think, and overtake one another", () => {
    assert.ok(keeps([], { arrivals: clients(1) }));
    assert.ok(!keeps([], { arrivals: clients(2) }));
  });
});

describe("where ways part and meet", () => {
  test("each way has messages in order, and so has what is behind if no time has passed on either", () => {
    assert.deepEqual(probes([branch(0, 3), probe, jump(4), count(0, 0), delay(0)]), [true]);
    assert.deepEqual(probes([branch(0, 3), count(0, 0), jump(4), probe, delay(0)]), [true]);
    assert.deepEqual(probes([branch(0, 3), count(0, 0), jump(4), release(0, 0), probe]), [true]);
    assert.deepEqual(probes([branch(0, 3), delay(0), jump(4), count(0, 0), probe]), [false]);
  });

  test("a way back loses the order", () => {
    assert.deepEqual(probes([probe, delay(0), branch(0, 4), jump(0)]), [false]);
  });

  test("a refused claim leads to a way of its own", () => {
    assert.deepEqual(probes([claim(1, 0, 4), probe, release(1, 0), jump(6), probe, drop(0)]), [true, true]);
  });

  test("a server that some have already is no queue", () => {
    assert.ok(!keeps([hold(0, 0), branch(0, 3), free, hold(0, 0)]));
  });
});

describe("off-path work", () => {
  test("stands in the order of those on whose behalf it is done", () => {
    assert.deepEqual(probes([spawn(2), jump(4), probe, end, delay(0)]), [true]);
    assert.deepEqual(probes([{ op: OP.draw, amount: 0, a: -1, work: 1 }, spawn(3), jump(5), probe, end, delay(0)]), [false]);
  });

  test("that different steps start comes in any order", () => {
    assert.deepEqual(probes([spawn(4), delay(0), spawn(4), jump(6), probe, end, delay(0)]), [false]);
  });
});
