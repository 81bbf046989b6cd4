import { OP, TURN } from "./opcode.js";
import type { Program, SizeFunction } from "./program.js";
import { relocate, targets, type Line } from "./relocate.js";

/** Besides claims of what is shared: instructions at which a token may wait, end, go elsewhere or become of another size. */
const TURNS: ReadonlySet<number> = new Set([OP.end, OP.joined, OP.drop, OP.jump, OP.loop, OP.again, OP.handBack]);

/**
 * Brings together what is counted between two places where a token may have to wait, and counts once what goes to one
 * account. Nothing else happens in between, so that the sums are the same whenever they are looked at between events;
 * and what stood around a count now stands together.
 */
export function gatherCounts(program: Program): Program {
  const amounts = [...program.amounts];
  const lines: Line[] = [];
  const moved = new Int32Array(program.op.length + 1);
  const begins = targets(program);
  for (const { entry } of program.paths) begins.add(entry);
  let from = 0;
  for (let pc = 0; pc <= program.op.length; pc++) {
    const turn = pc === program.op.length || isTurn(program.op[pc]!);
    if (turn || begins.has(pc)) {
      lines.push(...gathered(program, from, pc, amounts));
      from = turn ? pc + 1 : pc;
    }
    moved[pc] = lines.length;
    if (turn && pc < program.op.length) lines.push(pc);
  }
  return relocate({ ...program, amounts }, lines, moved);
}

function isTurn(op: number): boolean {
  return op >= TURN.firstShared || TURNS.has(op);
}

/** The instructions from `from` up to `to`, the counts among them first. */
function gathered(program: Program, from: number, to: number, amounts: SizeFunction[]): Line[] {
  const counts = new Map<number, number[]>();
  const others: number[] = [];
  for (let pc = from; pc < to; pc++) {
    if (program.op[pc] !== OP.count) others.push(pc);
    else counts.set(program.a[pc]!, [...(counts.get(program.a[pc]!) ?? []), pc]);
  }
  return [...[...counts.values()].map((pcs) => together(program, pcs, amounts)), ...others];
}

/** One count in place of those that add to the same account. */
function together(program: Program, pcs: readonly number[], amounts: SizeFunction[]): Line {
  if (pcs.length === 1) return pcs[0]!;
  const parts = pcs.map((pc) => program.amounts[program.amount[pc]!]!);
  return { op: OP.count, a: program.a[pcs[0]!]!, amount: amounts.push((payload) => parts.reduce((sum, part) => sum + part(payload), 0)) - 1 };
}
