import { OP } from "./opcode.js";
import type { Program } from "./program.js";

/** What is known of the server that a token holds when it comes to an instruction; a server's number is one that it holds for certain. */
export const enum HELD {
  nothing = -1,
  /** None or some: it depends on the way that the token came. */
  unknown = -2,
  /** No token comes there. */
  unreached = -3,
}

/**
 * What tokens hold at each instruction, followed from where they begin along every way that they may go. Whoever begins
 * (a message, off-path work, a branch, a carrier, a companion of a train) holds nothing: a member on its carrier's core
 * has that core, and not the carrier's server.
 */
export function holdings(program: Program): Int32Array {
  const held = new Int32Array(program.op.length).fill(HELD.unreached);
  const open: number[] = [];
  const reach = (pc: number, state: number): void => {
    const known = held[pc];
    if (known === undefined || known === state || known === HELD.unknown) return;
    held[pc] = known === HELD.unreached ? state : HELD.unknown;
    open.push(pc);
  };
  for (const { entry } of program.paths) reach(entry, HELD.nothing);
  for (let pc = open.pop(); pc !== undefined; pc = open.pop()) {
    const behind = heldBehind(program, pc, held[pc]!);
    for (const next of onward(program, pc)) reach(next, behind);
    for (const start of begun(program, pc)) reach(start, HELD.nothing);
  }
  return held;
}

function heldBehind(program: Program, pc: number, held: number): number {
  const part = program.part[pc]!;
  switch (program.op[pc]) {
    case OP.hold:
    case OP.holdPolling:
      return part;
    case OP.free:
      // What is known to be the server to keep is kept; of what is not known it may be.
      return part >= 0 && (held === part || held === HELD.unknown) ? held : HELD.nothing;
    default:
      return held;
  }
}

/** Where a token may be when it has executed an instruction. */
function onward(program: Program, pc: number): readonly number[] {
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
function begun(program: Program, pc: number): readonly number[] {
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
