import { OP } from "./opcode.js";
import type { ChoiceSpec, Program } from "./program.js";
import { without } from "./relocate.js";

/**
 * Leaves out what does nothing for the one payload that a path's messages have: transfers of no units, waits of no
 * time, choices by size. Paths whose payload varies or is cut on its way, and loops and fans that work on chunks, stay as
 * they are. Of all paths it leaves out marks that nobody reads and choices that always say yes.
 */
export function specialise(program: Program): Program {
  const payload = fixedPayloads(program);
  const op = Array.from(program.op);
  const gone = new Uint8Array(op.length);
  const marks = marksRead(program);
  for (let pc = 0; pc < op.length; pc++) {
    if (op[pc] === OP.mark && !marks.has(program.a[pc]!)) gone[pc] = 1;
    if (payload[pc]! >= 0 && doesNothing(program, pc, payload[pc]!)) gone[pc] = 1;
    if (op[pc] !== OP.branch) continue;
    const answer = knownAnswer(program, program.choices[program.part[pc]!]!, payload[pc]!);
    if (answer === true) gone[pc] = 1;
    if (answer === false) op[pc] = OP.jump;
  }
  return without({ ...program, op: Uint8Array.from(op) }, gone);
}

/** Payload with which each instruction is executed, -1 where it varies. */
function fixedPayloads(program: Program): Float64Array {
  const payload = new Float64Array(program.op.length).fill(-1);
  const starts = program.paths.map((path) => path.entry).sort((one, other) => one - other);
  for (const source of program.sources) {
    const entry = program.paths[source.path]!.entry;
    const end = starts.find((start) => start > entry) ?? program.op.length;
    const shared = program.sources.filter((other) => other.path === source.path).length > 1;
    const cut = program.forks.some(({ kind, branches: [first = -1] }) => kind === "train" && first > entry && first < end);
    payload.fill(source.arrivals.kind === "series" || shared || cut ? -1 : source.payload, entry, end);
  }
  for (let pc = 0; pc < program.op.length; pc++) {
    if (program.op[pc] === OP.loop && program.amount2[pc]! >= 0) payload.fill(-1, pc, program.a[pc]);
    const fork = program.op[pc] === OP.fork ? program.forks[program.part[pc]!]! : null;
    if (fork?.kind === "fan-out") payload.fill(-1, fork.branches[0]!, nextAfter(program, pc));
  }
  while (spread(program, payload));
  return payload;
}

/**
 * Off-path work and the carriers of batches stand elsewhere, and have the payload of whoever starts them: of a carrier anyone who joins.
 * True when that made a further payload vary; what they start in turn is then to be looked at again.
 */
function spread(program: Program, payload: Float64Array): boolean {
  let changed = false;
  const vary = (from: number): void => {
    const end = program.op.indexOf(OP.end, from);
    if (payload.subarray(from, end).every((one) => one < 0)) return;
    payload.fill(-1, from, end);
    changed = true;
  };
  const joined = program.batches.map(() => new Set<number>());
  program.op.forEach((op, pc) => {
    if (op === OP.spawn && payload[pc]! < 0) vary(program.a[pc]!);
    if (op === OP.join) joined[program.part[pc]!]!.add(payload[pc]!);
  });
  program.batches.forEach(({ carrier }, batch) => {
    const payloads = joined[batch]!;
    if (carrier >= 0 && (payloads.size > 1 || payloads.has(-1) || !payloads.has(payload[carrier]!))) vary(carrier);
  });
  return changed;
}

/** A fork is followed by a jump over its branches. */
function nextAfter(program: Program, fork: number): number {
  return program.op[fork + 1] === OP.jump ? program.a[fork + 1]! : program.op.length;
}

function marksRead(program: Program): Set<number> {
  const read = new Set(program.paths.flatMap((path) => path.metrics.flatMap((metric) => [metric.fromMark, metric.toMark])));
  for (const choice of program.choices) if (choice.kind === "since") read.add(choice.mark);
  program.op.forEach((code, pc) => {
    if (code === OP.lead) read.add(program.a[pc]!);
  });
  return read;
}

/** What a choice always says; null where that depends. */
function knownAnswer({ amounts, choices }: Program, choice: ChoiceSpec, payload: number): boolean | null {
  if (choice.kind === "size") return payload < 0 ? null : amounts[choice.amount]!(payload) !== 0;
  // One time in one; what counts with it must not miss its turns.
  if (choice.kind === "every") return choices.every((other) => other.kind !== "every" || other.counter !== choice.counter || other.every === 1) ? true : null;
  return null;
}

function doesNothing(program: Program, pc: number, payload: number): boolean {
  const value = (index: number): number => program.amounts[index]!(payload);
  switch (program.op[pc]) {
    case OP.delay:
    case OP.stream:
    case OP.work:
    case OP.count:
      return value(program.amount[pc]!) === 0;
    case OP.transfer:
      return value(program.amount2[pc]!) === 0;
    default:
      return false;
  }
}
