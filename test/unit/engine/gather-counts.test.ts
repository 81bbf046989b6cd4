import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { OP, type Instruction, type Program } from "../../../src/engine/index.js";
import { gatherCounts } from "../../../src/engine/gather-counts.js";
import { branch, claim, count, delay, jump, release, work } from "../../support/instructions.js";
import { poisson, run, sketch } from "../../support/program.js";

// Goal: counts stand together and once for each account, but never beyond a place where a token may have to wait.

function program(code: readonly Instruction[]): Program {
  return sketch({
    code, arrivals: poisson(1000), accounts: ["copied", "moved"], cores: ["one"], pools: [{ name: "credits", capacity: 4, whenFull: "block", refill: null }],
    amounts: [() => 10, (payload) => payload, (payload) => payload * 3], choices: [{ kind: "chance", component: "coin", yes: 0.5 }],
  });
}
const ops = ({ op }: Program): number[] => [...op].slice(1, -2);

describe("counts", () => {
  test("of one stretch come first, one for each account, and what stood between them stands together", () => {
    const written = program([count(0, 1), delay(0), count(1, 0), delay(0), count(0, 2), delay(0)]);
    const gathered = gatherCounts(written);
    assert.deepEqual([...gathered.op].slice(0, 6), [OP.count, OP.count, OP.mark, OP.delay, OP.delay, OP.delay]);
    assert.deepEqual([0, 1].map((pc) => gathered.amounts[gathered.amount[pc]!]!(7)), [7 + 21, 10]);
    assert.deepEqual([...gathered.a].slice(0, 2), [0, 1]);
    assert.deepEqual([...run(gathered, { fuse: false }).machine.counts], [...run(written, { fuse: false }).machine.counts]);
  });

  test("are made before units come back, and behind what had to be waited for", () => {
    const code = [claim(0, 0), delay(0), release(0, 0), count(0, 1), claim(0, 0), delay(0), count(0, 1), release(0, 0)];
    assert.deepEqual(ops(gatherCounts(program(code))), [OP.claim, OP.count, OP.delay, OP.release, OP.claim, OP.count, OP.delay, OP.release]);
  });

  test("stay on their own side of where ways part and meet", () => {
    const code = [delay(0), branch(0, 4), work(0), count(0, 1), delay(0), count(0, 1)];
    const gathered = gatherCounts(program(code));
    assert.deepEqual(ops(gathered), [OP.delay, OP.branch, OP.count, OP.work, OP.count, OP.delay]);
    assert.equal(gathered.a[2], 5);
    assert.deepEqual(ops(gatherCounts(program([delay(0), jump(2), work(0), count(0, 1)]))), [OP.delay, OP.jump, OP.count, OP.work]);
  });
});
