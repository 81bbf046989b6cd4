import { gatherCounts } from "./gather-counts.js";
import { OP } from "./opcode.js";
import type { Program } from "./program.js";
import { targets } from "./relocate.js";

/**
 * Finds the claims that need no event. A first-come first-served server that one instruction alone claims, by messages
 * that come to it in the order of their time, follows Lindley's recursion whenever it is worked out: nobody else can
 * come in between. The trajectory, the ledger and the fingerprint stay the same to the bit; only the detour through
 * the calendar goes.
 */
export function fuse(program: Program): Program {
  const op = Uint8Array.from(program.op);
  const claims = claimsPerStage(program);
  const entries = new Set(program.paths.map((path) => path.entry));
  const elsewhere = targets(program);
  const uniform = program.sources.every((source) => source.arrivals.kind !== "series");
  let inOrder = false;
  for (let pc = 0; pc < op.length; pc++) {
    if (entries.has(pc) || elsewhere.has(pc)) inOrder = !elsewhere.has(pc);
    const code = program.op[pc]!;
    const part = program.part[pc]!;
    const alone = isClaim(code) && claims[part] === 1 && program.stages[part]!.servers === 1 && program.stages[part]!.discipline === "fifo";
    if (inOrder && alone) op[pc] = WITHOUT_EVENT[code]!;
    inOrder = keepsOrder(program, pc, { inOrder, uniform });
  }
  const gathered = gatherCounts({ ...program, op });
  const paths = gathered.paths.map((path) => ({ ...path, express: isExpress(gathered, path.entry) }));
  return { ...gathered, ...chainsOf(gathered), paths };
}

const ALONE: ReadonlySet<number> = new Set([
  OP.delay, OP.stream, OP.need, OP.needBlock, OP.align, OP.cycles, OP.mark, OP.count, OP.draw, OP.lead, OP.free, OP.stageInOrder, OP.sendInOrder, OP.drawStageInOrder,
]);

/** Whether a message's whole way needs no event. With one source the numbers of the messages are then the same, whoever else there is. */
function isExpress(program: Program, entry: number): boolean {
  const [source] = program.sources;
  if (program.sources.length !== 1 || source === undefined || source.arrivals.kind === "closed") return false;
  let pc = entry;
  while (ALONE.has(program.op[pc]!)) pc++;
  return program.op[pc] === OP.end;
}

const WITHOUT_EVENT: Readonly<Record<number, number>> = { [OP.stage]: OP.stageInOrder, [OP.send]: OP.sendInOrder, [OP.drawStage]: OP.drawStageInOrder };

function isClaim(code: number): boolean {
  return code === OP.stage || code === OP.send || code === OP.drawStage;
}

function claimsPerStage(program: Program): Int32Array {
  const claims = new Int32Array(program.stages.length);
  program.op.forEach((code, pc) => {
    if (isClaim(code) || code === OP.queue || code === OP.drawQueue) claims[program.part[pc]!]!++;
  });
  return claims;
}

interface Standing {
  readonly inOrder: boolean;
  readonly uniform: boolean;
}

/**
 * Whether messages stand in the order of their numbers, and so of their time, behind this instruction. Once one may have
 * overtaken another the order does not come back: at equal times the older message goes first, whoever came first.
 */
function keepsOrder(program: Program, pc: number, standing: Standing): boolean {
  const { inOrder, uniform } = standing;
  switch (program.op[pc]) {
    case OP.mark:
    case OP.count:
    case OP.work:
    case OP.delay:
    case OP.stream:
    case OP.need:
    case OP.needBlock:
    case OP.lead:
      // A time that depends on the size lets a small message overtake a large one; equal sizes cannot.
      return inOrder && (uniform || program.op[pc] === OP.mark || program.op[pc] === OP.count);
    case OP.align:
    case OP.cycles:
    case OP.release:
    case OP.answer:
      return inOrder;
    // First come is first served.
    case OP.stage:
      return inOrder && program.stages[program.part[pc]!]!.servers === 1 && (uniform || program.amount[pc] === program.amount2[pc]);
    case OP.send:
      return inOrder && program.stages[program.part[pc]!]!.servers === 1 && uniform;
    case OP.drawStage:
      return inOrder && program.stages[program.part[pc]!]!.servers === 1;
    case OP.claim:
    case OP.order:
      return inOrder;
    default:
      return false;
  }
}

/** Runs of such stages are executed in one go: the first becomes a chain that names their end. */
function chainsOf(program: Program): Pick<Program, "op" | "a"> {
  const op = Uint8Array.from(program.op);
  const a = Int32Array.from(program.a);
  for (let pc = 0; pc < op.length; pc++) {
    let end = pc;
    while (program.op[end] === OP.stageInOrder || program.op[end] === OP.drawStageInOrder) end++;
    if (end - pc < 2) continue;
    op[pc] = OP.chain;
    a[pc] = end;
    pc = end - 1;
  }
  return { op, a };
}
