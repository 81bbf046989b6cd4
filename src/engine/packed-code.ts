import type { Program } from "./program.js";

/** Where packed code holds what of an instruction, counted from its opcode: one array instead of eight for the hot loop to keep at hand. */
export const enum CODE {
  part = 1,
  amount,
  amount2,
  /** Column `a`: a jump's target, an account, a category, a class. */
  target,
  wait,
  work,
  /** Words of one instruction: half a line of the cache. */
  words = 8,
  /** From words to instructions: a division would be checked for a remainder. */
  shift = 3,
}

/** The columns that the interpreter reads, instruction by instruction. */
export function packedCode(program: Program): Int32Array {
  const code = new Int32Array(program.op.length * CODE.words);
  program.op.forEach((op, pc) => {
    code.set([op, program.part[pc]!, program.amount[pc]!, program.amount2[pc]!, program.a[pc]!, program.wait[pc]!, program.work[pc]!], pc * CODE.words);
  });
  return code;
}
