import { OP } from "./opcode.js";
import type { Instruction, Program } from "./program.js";

/** Instructions whose column `a` is a place in the program. */
export const JUMPS: ReadonlySet<number> = new Set([OP.jump, OP.branch, OP.loop, OP.again, OP.spawn, OP.poll, OP.claim]);

/** Places where tokens come from elsewhere, in whatever order. */
export function targets(program: Program): Set<number> {
  const places = new Set<number>();
  program.op.forEach((op, pc) => {
    if (JUMPS.has(op)) places.add(program.a[pc]!);
    if (op === OP.fork) for (const branch of program.forks[program.part[pc]!]!.branches) places.add(branch);
    if (op === OP.join) places.add(program.batches[program.part[pc]!]!.carrier);
  });
  return places;
}

/** A line of a program that is laid out anew: where it stood, or an instruction that is new. */
export type Line = number | Instruction;

/** Lays a program out anew. `lines` says what stands where, `moved` where what was at each place is found now. */
export function relocate(program: Program, lines: readonly Line[], moved: Int32Array): Program {
  const target = (pc: number): number => (pc < 0 ? pc : moved[pc]!);
  const column = (from: Int32Array, fresh: (one: Instruction) => number): Int32Array => Int32Array.from(lines, (line) => (typeof line === "number" ? from[line]! : fresh(line)));
  const a = program.a.map((one, pc) => (JUMPS.has(program.op[pc]!) ? target(one) : one));
  return {
    ...program,
    op: Uint8Array.from(lines, (line) => (typeof line === "number" ? program.op[line]! : line.op)),
    part: column(program.part, (one) => one.part ?? -1),
    amount: column(program.amount, (one) => one.amount ?? -1),
    amount2: column(program.amount2, (one) => one.amount2 ?? -1),
    a: column(a, (one) => one.a ?? -1),
    b: column(program.b, (one) => one.b ?? -1),
    wait: column(program.wait, (one) => one.wait ?? 0),
    work: column(program.work, (one) => one.work ?? 0),
    forks: program.forks.map((fork) => ({ ...fork, branches: fork.branches.map(target) })),
    batches: program.batches.map((batch) => ({ ...batch, carrier: target(batch.carrier) })),
    paths: program.paths.map((path) => ({ ...path, entry: target(path.entry) })),
  };
}

/** Takes the instructions out of which `gone` is 1; who would come to one of them comes to what follows it. */
export function without(program: Program, gone: Uint8Array): Program {
  const moved = new Int32Array(gone.length + 1);
  const lines: number[] = [];
  for (let pc = 0; pc < gone.length; pc++) {
    if (gone[pc] === 0) lines.push(pc);
    moved[pc + 1] = lines.length;
  }
  return relocate(program, lines, moved);
}
