import { OP } from "./opcode.js";
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
/** Of a chain: which one. */
export const CHAIN = 7;

/** A run of stages whose service is a fixed time for each payload: the server of each and the index of its amount. */
export interface Chain {
  readonly servers: Int32Array;
  readonly services: Int32Array;
}

/** The chains of a program that ask for nothing but fixed services, by the instruction they begin with. */
export function chainsOf(program: Program, base: Int32Array): ReadonlyMap<number, Chain> {
  const chains = new Map<number, Chain>();
  program.op.forEach((op, pc) => {
    if (op !== OP.chain) return;
    const links = Array.from({ length: program.a[pc]! - pc }, (_, index) => pc + index);
    if (links.some((link) => program.amount2[link]! < 0 || program.amount2[link] !== program.amount[link])) return;
    chains.set(pc, { servers: Int32Array.from(links, (link) => base[program.part[link]!]!), services: Int32Array.from(links, (link) => program.amount[link]!) });
  });
  return chains;
}

/** The columns that the interpreter reads, instruction by instruction. */
export function packedCode(program: Program): Int32Array {
  const code = new Int32Array(program.op.length * INSTRUCTION);
  program.op.forEach((op, pc) => {
    code.set([op, program.part[pc]!, program.amount[pc]!, program.amount2[pc]!, program.a[pc]!, program.wait[pc]!, program.work[pc]!], pc * INSTRUCTION);
  });
  return code;
}
