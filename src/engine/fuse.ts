import { gatherCounts } from "./gather-counts.js";
import { HELD, holdings } from "./holdings.js";
import { inOrder } from "./in-order.js";
import { OP } from "./opcode.js";
import type { Program } from "./program.js";

/**
 * Finds the claims that need no event. A first-come first-served server that one instruction alone claims, by messages
 * that come to it in the order of their time, follows Lindley's recursion whenever it is worked out: nobody else can
 * come in between. The trajectory, the ledger and the fingerprint stay the same to the bit; only the detour through
 * the calendar goes.
 */
export function fuse(program: Program): Program {
  const claims = claimsPerStage(program);
  const held = holdings(program);
  const ordered = inOrder(program, held);
  const op = program.op.map((code, pc) => {
    const part = program.part[pc]!;
    const alone = isClaim(code) && claims[part] === 1 && program.stages[part]!.servers === 1 && program.stages[part]!.discipline === "fifo";
    // Without the event a held server would be given back ahead of its time: who wants it would not wait in line, and would go before others of that instant.
    return alone && ordered[pc] === 1 && held[pc] === HELD.nothing ? WITHOUT_EVENT[code]! : code;
  });
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
