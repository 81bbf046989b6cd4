import type { Program } from "./program.js";

/** Words of one instruction in packed code: one cache line's half, and one array instead of eight for the hot loop to keep at hand. */
export const INSTRUCTION = 8;
export const PART = 1;
export const AMOUNT = 2;
export const AMOUNT2 = 3;
/** Column `a`: a jump's target, an account, a category, a class. */
export const TARGET = 4;
export const WAIT = 5;
export const WORK = 6;
/** The columns that the interpreter reads, instruction by instruction. */
export function packedCode(program: Program): Int32Array {
  const code = new Int32Array(program.op.length * INSTRUCTION);
  program.op.forEach((op, pc) => {
    code.set([op, program.part[pc]!, program.amount[pc]!, program.amount2[pc]!, program.a[pc]!, program.wait[pc]!, program.work[pc]!], pc * INSTRUCTION);
  });
  return code;
}
