import { HELD, holdings } from "./holdings.js";
import { OP } from "./opcode.js";
import type { Program } from "./program.js";
import { JUMPS, without } from "./relocate.js";

/**
 * Takes out what no token comes to, what gives back no server, and the jumps that then lead to what
 * follows them. What comes of a token stays the same to the bit, and so does the order of what is shared: a jump back,
 * which goes through the calendar, stays as it is.
 */
export function prune(program: Program): Program {
  const straight = shortened(program, holdings(program));
  // Shorter ways leave out more.
  const gone = Uint8Array.from(holdings(straight), (state, pc) => (state === HELD.unreached || isIdle(straight, pc, state) ? 1 : 0));
  for (let pc = gone.length - 1; pc >= 0; pc--) {
    if (gone[pc] === 0 && leadsOn(straight, pc) && gone.indexOf(0, pc + 1) >= straight.a[pc]!) gone[pc] = 1;
  }
  return without(straight, gone);
}

/** Giving back does nothing when nothing is held, or what would be kept. */
function isIdle(program: Program, pc: number, held: number): boolean {
  return program.op[pc] === OP.free && (held === HELD.nothing || (held >= 0 && held === program.part[pc]));
}

/** Jumps forward that may be taken another way: not those behind a join, by which the members of its batch are known. */
function leadsOn(program: Program, pc: number): boolean {
  if (program.op[pc] !== OP.jump || program.a[pc]! <= pc) return false;
  return program.op[pc - 1] !== OP.join || program.batches[program.part[pc - 1]!]!.gathers === undefined;
}

const LAST: ReadonlySet<number> = new Set([OP.end, OP.joined, OP.drop]);

/** Who would jump to a jump goes to where that leads; who would jump to the end ends. */
function shortened(program: Program, held: Int32Array): Program {
  const op = Uint8Array.from(program.op);
  const a = Int32Array.from(program.a);
  const final = (pc: number): number => {
    if (leadsOn(program, pc)) return final(program.a[pc]!);
    return isIdle(program, pc, held[pc]!) ? final(pc + 1) : pc;
  };
  for (let pc = 0; pc < op.length; pc++) {
    // Taken further a jump back could become one forward.
    if (!JUMPS.has(op[pc]!) || a[pc]! < 0 || (op[pc] === OP.jump && a[pc]! <= pc)) continue;
    a[pc] = final(a[pc]!);
    if (!leadsOn(program, pc) || !LAST.has(program.op[a[pc]!]!)) continue;
    op[pc] = program.op[a[pc]!]!;
    a[pc] = program.a[a[pc]!]!;
  }
  return { ...program, op, a };
}
