import { HELD } from "./holdings.js";
import { OP } from "./opcode.js";
import type { Program } from "./program.js";
import { begun, onward } from "./ways.js";

/** No way has been looked at yet; and the order has been lost, or is not known. */
const UNSEEN = -2;
const LOST = -1;

/**
 * 1 for each instruction that tokens execute in the order of their messages' numbers, and so of their time. Followed from
 * the entries of paths on: an instruction behind which the order holds begins a stretch that is named by it, and ways that
 * part and meet within one stretch, on which no time passes, change nothing. Once a token may have overtaken another the
 * order does not come back: at equal times the older message goes first, whoever came first.
 */
export function inOrder(program: Program, held: Int32Array): Uint8Array {
  const standing: Standing = { program, uniform: isUniform(program), held };
  const { length } = program.op;
  const since = new Int32Array(length + 1).fill(UNSEEN);
  const come = (pc: number, stretch: number): void => {
    since[pc] = since[pc] === UNSEEN || since[pc] === stretch ? stretch : LOST;
  };
  // What comes back comes behind others.
  for (let pc = 0; pc < length; pc++) for (const next of onward(program, pc)) if (next <= pc) come(next, LOST);
  program.paths.forEach(({ entry }, path) => come(entry, comesInOrder(program, path) ? entry : LOST));
  for (let pc = 0; pc < length; pc++) {
    const behind = since[pc]! < 0 ? LOST : stretchBehind(standing, pc, since[pc]!);
    for (const next of onward(program, pc)) if (next > pc) come(next, behind);
    // Off-path work has its own ranks, but those of one message lie before those of the next.
    for (const start of begun(program, pc)) come(start, program.op[pc] === OP.spawn && start > pc && behind >= 0 ? length + pc : LOST);
  }
  return Uint8Array.from(program.op, (_, pc) => (since[pc]! >= 0 ? 1 : 0));
}

interface Standing {
  readonly program: Program;
  /** All messages of a path have one size. */
  readonly uniform: boolean;
  readonly held: Int32Array;
}

function isUniform({ paths, sources }: Program): boolean {
  const payloads = paths.map((_, path) => new Set(sources.filter((source) => source.path === path).map((source) => source.payload)));
  return payloads.every(({ size }) => size <= 1) && sources.every(({ arrivals }) => arrivals.kind !== "series");
}

/** A client has its next number before its time has come: clients that think overtake one another, and the messages of other sources. */
function comesInOrder({ sources }: Program, path: number): boolean {
  const here = sources.filter((source) => source.path === path);
  return here.every(({ arrivals }) => arrivals.kind !== "closed" || (arrivals.population === 1 && here.length === 1));
}

/** The stretch that goes on or begins behind an instruction to which tokens come in order. */
function stretchBehind(standing: Standing, pc: number, stretch: number): number {
  switch (standing.program.op[pc]) {
    // No time passes, and nobody waits.
    case OP.mark:
    case OP.count:
    case OP.release:
    case OP.answer:
    case OP.free:
    case OP.spawn:
    case OP.jump:
    case OP.tornCheck:
    case OP.lateCheck:
      return stretch;
    default:
      return keepsOrder(standing, pc) ? pc : LOST;
  }
}

function keepsOrder({ program, uniform, held }: Standing, pc: number): boolean {
  const part = program.part[pc]!;
  switch (program.op[pc]) {
    case OP.work:
    case OP.delay:
    case OP.stream:
    case OP.need:
    case OP.needBlock:
    case OP.lead:
      // A time that depends on the size lets a small message overtake a large one; equal sizes cannot.
      return uniform;
    case OP.align:
    case OP.cycles:
    case OP.order:
    case OP.branch:
      return true;
    // First come is first served.
    case OP.stage:
      return program.stages[part]!.servers === 1 && (uniform || program.amount[pc] === program.amount2[pc]);
    case OP.send:
      return program.stages[part]!.servers === 1 && uniform;
    case OP.drawStage:
      return program.stages[part]!.servers === 1;
    // One that has had its first unit ahead of another has its last one ahead of it, whatever the arbiter: they are as many.
    case OP.transfer:
      return uniform;
    case OP.claim:
      return program.pools[part]!.order?.kind !== "sequence";
    case OP.hold:
    case OP.holdPolling:
      // Who has the server already would not stand in line.
      return held[pc] !== HELD.unknown;
    default:
      return false;
  }
}
