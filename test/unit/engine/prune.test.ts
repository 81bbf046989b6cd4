import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { OP, type ChoiceSpec, type Instruction, type Program } from "../../../src/engine/index.js";
import { HELD, holdings } from "../../../src/engine/holdings.js";
import { prune } from "../../../src/engine/prune.js";
import { again, branch, delay, drop, end, fork, free, handBack, hold, join, joined, jump, loop, server, spawn, work } from "../../support/instructions.js";
import { poisson, sketch, type ProgramSketch } from "../../support/program.js";

// Goal: only what does nothing goes. The opcodes that are left are compared with those that must be; that runs stay the
// same to the bit is what the property tests of fusion demand of every shipped scenario and of random programs.

const evenly: ChoiceSpec = { kind: "chance", component: "coin", yes: 0.5 };
const keeping = (part: number): Instruction => ({ ...free, part });

function program(code: readonly Instruction[], rest: Partial<ProgramSketch> = {}): Program {
  return sketch({ code, arrivals: poisson(1000), amounts: [() => 10], choices: [evenly], servers: [server(), server()], cores: ["one", "two"], reasons: ["lost"], ...rest });
}

/** Opcodes between the mark in front and the mark and the end behind. */
const left = (code: readonly Instruction[], rest: Partial<ProgramSketch> = {}): number[] => [...prune(program(code, rest)).op].slice(1, -2);

describe("what no token comes to", () => {
  test("is taken out, and with it the jump over it", () => {
    assert.deepEqual(left([jump(3), work(0), spawn(1), delay(0)]), [OP.delay]);
  });

  test("stays where a choice may lead to it", () => {
    assert.deepEqual(left([branch(0, 3), delay(0), jump(4), work(0)]), [OP.branch, OP.delay, OP.jump, OP.work]);
  });

  test("is not what tokens begin with: off-path work, branches, companions", () => {
    const spawned = [spawn(3), jump(5), delay(0), work(0), end];
    assert.deepEqual(left(spawned), [OP.spawn, OP.jump, OP.work, OP.end]);
    const forks = [{ kind: "all", branches: [3, 5], count: -1, chunk: -1, slots: null }] as const;
    assert.deepEqual(left([fork(0), jump(6), delay(0), joined, work(0), joined], { forks }), [OP.fork, OP.jump, OP.delay, OP.joined, OP.work, OP.joined]);
  });

  test("takes with it what only it led to", () => {
    assert.deepEqual(left([jump(5), branch(0, 4), work(0), jump(5), work(0), delay(0)]), [OP.delay]);
  });
});

describe("jumps", () => {
  test("lead to where the jump leads that they led to", () => {
    const pruned = prune(program([branch(0, 3), delay(0), jump(6), branch(0, 5), jump(7), jump(7), work(0), delay(0)]));
    assert.deepEqual([...pruned.op].slice(1, -2), [OP.branch, OP.delay, OP.jump, OP.branch, OP.jump, OP.work, OP.delay]);
    assert.deepEqual([1, 3, 4, 5].map((pc) => pruned.a[pc]), [4, 6, 7, 7]);
  });

  test("to the end of a token are that end, with its reason", () => {
    const pruned = prune(program([branch(0, 3), delay(0), jump(5), work(0), jump(6), delay(0), drop(0)]));
    assert.deepEqual([...pruned.op].slice(1), [OP.branch, OP.delay, OP.jump, OP.work, OP.drop, OP.delay, OP.drop]);
    assert.equal(pruned.a[5], 0);
  });

  test("back stay as they are: they go through the calendar", () => {
    const code = [branch(0, 3), delay(0), jump(0), work(0)];
    assert.deepEqual([...prune(program(code)).a].slice(1, 4), [4, -1, 1]);
    assert.deepEqual(left(code), [OP.branch, OP.delay, OP.jump, OP.work]);
  });

  test("behind a join stay where they name its members, and their carriers behind them", () => {
    const gather = { carrierSlots: [0, 0], slots: [0, 1], handOverSlot: 0, waitSlot: 0, queueSlot: 0 } as const;
    const batch = { name: "napi", law: "none", time: 0, count: 1, carrier: 2, weight: 1, budget: 1, budgetTime: 1, handOver: 0, ...gather, slots: null } as const;
    const code: Instruction[] = [join(0), { ...jump(5), part: 0 }, { op: OP.poll, part: 0, a: 5 }, { op: OP.rearm, part: 0 }, end, work(0), handBack];
    assert.deepEqual(left(code, { batches: [{ ...batch, gathers: [gather] }] }), [OP.join, OP.jump, OP.poll, OP.rearm, OP.end, OP.work, OP.handBack]);
  });
});

describe("giving back", () => {
  test("goes where nothing is held, and where what is held would be kept", () => {
    assert.deepEqual(left([free, keeping(0), hold(0, 0), keeping(0), work(0), free, free]), [OP.hold, OP.work, OP.free]);
  });

  test("stays where it depends on the way that the token came", () => {
    const code = [branch(0, 2), hold(0, 0), keeping(0), hold(0, 0), free];
    assert.deepEqual(left(code), [OP.branch, OP.hold, OP.free, OP.hold, OP.free]);
    assert.equal(holdings(program(code))[3], HELD.unknown);
    const rounds = [loop(0, 4), hold(0, 0), work(0), again(0), free];
    assert.deepEqual(left(rounds), [OP.loop, OP.hold, OP.work, OP.again, OP.free]);
  });

  test("off-path work and branches begin with nothing", () => {
    assert.deepEqual(left([hold(0, 0), spawn(4), free, jump(7), work(0), free, end, delay(0)]), [OP.hold, OP.spawn, OP.free, OP.jump, OP.work, OP.end, OP.delay]);
    const forks = [{ kind: "race", branches: [4, 6], count: -1, chunk: -1, slots: null }] as const;
    assert.deepEqual(left([hold(0, 0), fork(0), jump(6), free, joined, joined, free], { forks }), [OP.hold, OP.fork, OP.jump, OP.joined, OP.joined, OP.free]);
  });

  test("the companions of a train have nothing where their message may have something", () => {
    const forks = [{ kind: "train", branches: [3], count: 0, chunk: 0, content: 0, pace: 0, every: 0, slots: null }] as const;
    assert.deepEqual(left([hold(0, 0), fork(0), free], { forks }), [OP.hold, OP.fork, OP.free]);
  });

  test("a member of a batch has what it joined with, and its carrier's core is not its own", () => {
    const batch = { name: "napi", law: "none", time: 0, count: 1, carrier: 2, carrierSlots: [0, 0], slots: null, weight: 1, budget: 1, budgetTime: 1, handOver: 0, handOverSlot: 0, waitSlot: 0, queueSlot: 0 } as const;
    const code: Instruction[] = [join(0), hold(0, 0, "sleep"), { op: OP.poll, part: 0, a: 6 }, { op: OP.rearm, part: 0 }, free, end, work(0), handBack, free];
    assert.deepEqual(left(code, { batches: [batch] }), [OP.join, OP.hold, OP.poll, OP.rearm, OP.free, OP.end, OP.work, OP.handBack]);
  });
});
