import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { OP, type ChoiceSpec } from "../../../src/engine/index.js";
import { specialise } from "../../../src/engine/specialise.js";
import { branch, delay, jump, transfer } from "../../support/instructions.js";
import { poisson, sketch } from "../../support/program.js";

const every = (times: number, counter = 0): ChoiceSpec => ({ kind: "every", every: times, counter });

/** Opcodes that are left of a choice between two delays, and of what stands behind it. */
function left(choices: readonly ChoiceSpec[]): number[] {
  const program = sketch({ code: [branch(0, 3), delay(0), jump(4), delay(0), transfer(0, 0, 1)], arrivals: poisson(1000), amounts: [() => 10, () => 0, () => 1], choices, buses: [{ name: "bus", arbiter: "fifo" }] });
  return [...specialise(program).op].slice(1, -2);
}

describe("what one payload makes plain", () => {
  test("a choice by size goes one way, and a transfer of nothing is none", () => {
    assert.deepEqual(left([{ kind: "size", amount: 2 }]), [OP.delay, OP.jump, OP.delay]);
    assert.deepEqual(left([{ kind: "size", amount: 1 }]), [OP.jump, OP.delay, OP.jump, OP.delay]);
  });

  test("a choice that says yes every time is none, unless another counts with it", () => {
    assert.deepEqual(left([every(1)]), [OP.delay, OP.jump, OP.delay]);
    assert.deepEqual(left([every(1), every(2, 1)]), [OP.delay, OP.jump, OP.delay]);
    assert.deepEqual(left([every(1), every(2)]), [OP.branch, OP.delay, OP.jump, OP.delay]);
    assert.deepEqual(left([every(2)]), [OP.branch, OP.delay, OP.jump, OP.delay]);
  });
});
