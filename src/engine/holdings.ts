import { OP } from "./opcode.js";
import type { Program } from "./program.js";
import { begun, onward } from "./ways.js";

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
