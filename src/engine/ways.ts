import { OP } from "./opcode.js";
import type { Program } from "./program.js";

/** Where a token may be when it has executed an instruction. */
export function onward(program: Program, pc: number): readonly number[] {
  const target = program.a[pc]!;
  switch (program.op[pc]) {
    case OP.end:
    case OP.drop:
    case OP.joined:
      return [];
    case OP.jump:
    case OP.again:
      return [target];
    case OP.branch:
    case OP.loop:
      return [pc + 1, target];
    case OP.claim:
      return target < 0 ? [pc + 1] : [pc + 1, target];
    case OP.join:
      return [pc + 1, ...memberEntries(program, program.part[pc]!)];
    default:
      return [pc + 1];
  }
}

/** Where the members of a batch go on when its carrier has come to them; who joined at a step of several goes on behind it. */
function memberEntries(program: Program, batch: number): number[] {
  if (program.batches[batch]!.gathers !== undefined) return [];
  return [...program.op.keys()].filter((pc) => program.op[pc] === OP.poll && program.part[pc] === batch).map((pc) => program.a[pc]!);
}

/** Where others begin because a token executes an instruction. */
export function begun(program: Program, pc: number): readonly number[] {
  const part = program.part[pc]!;
  switch (program.op[pc]) {
    case OP.spawn:
      return [program.a[pc]!];
    case OP.fork:
      // The companions of a train go on behind the fork, as their message does.
      return program.forks[part]!.kind === "train" ? [pc + 1] : program.forks[part]!.branches;
    case OP.join: {
      const { carrier, gathers } = program.batches[part]!;
      if (carrier < 0) return [];
      // Behind the jump that is behind the join.
      return gathers === undefined ? [carrier] : [pc + 2];
    }
    default:
      return [];
  }
}
