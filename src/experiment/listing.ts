import { OBSERVER, OP, type Op, type Program } from "../engine/index.js";
import { formatBytes, formatDuration } from "../units/index.js";

const NAMES: Readonly<Record<Op, string>> = {
  [OP.end]: "end", [OP.delay]: "delay", [OP.stream]: "stream", [OP.work]: "work", [OP.need]: "need", [OP.needBlock]: "need-block", [OP.align]: "align",
  [OP.cycles]: "cycles", [OP.mark]: "mark", [OP.release]: "release", [OP.answer]: "answer", [OP.handBack]: "hand-back", [OP.free]: "free", [OP.spawn]: "spawn", [OP.joined]: "joined",
  [OP.jump]: "jump", [OP.loop]: "loop", [OP.again]: "again", [OP.count]: "count", [OP.drop]: "drop", [OP.scatter]: "scatter", [OP.tornCheck]: "torn-check", [OP.lateCheck]: "late-check",
  [OP.lead]: "lead", [OP.draw]: "draw", [OP.stageInOrder]: "stage", [OP.sendInOrder]: "send", [OP.drawStageInOrder]: "draw-stage", [OP.chain]: "chain", [OP.trace]: "trace",
  [OP.stage]: "stage", [OP.send]: "send", [OP.drawStage]: "draw-stage", [OP.queue]: "queue", [OP.drawQueue]: "draw-queue", [OP.compute]: "compute", [OP.claim]: "claim", [OP.join]: "join",
  [OP.hold]: "hold", [OP.transfer]: "transfer", [OP.fork]: "fork", [OP.branch]: "branch", [OP.order]: "order", [OP.holdPolling]: "hold", [OP.poll]: "poll",
  [OP.rearm]: "rearm",
};

/** What the instruction at `pc` does, as the listing calls it. */
export function opcodeName(program: Program, pc: number): string {
  return NAMES[program.op[pc] as Op];
}

/** Instructions whose zero-load time is the mean of something that varies: an alignment, a poll, a draw. */
export function isMean(program: Program, pc: number): boolean {
  switch (program.op[pc] as Op) {
    case OP.align:
    case OP.needBlock:
    case OP.draw:
    case OP.drawStage:
    case OP.drawStageInOrder:
    case OP.drawQueue:
    case OP.scatter:
    case OP.holdPolling:
      return true;
    case OP.hold:
      return program.a[pc] === OBSERVER.poll;
    default:
      return false;
  }
}

/** The values of one instruction for a payload, in words; empty where it has none. */
export function operands(program: Program, pc: number, payload: number): string {
  const column = (from: Int32Array): number => program.amounts[from[pc] ?? -1]?.(payload) ?? 0;
  const amount = column(program.amount);
  switch (program.op[pc] as Op) {
    case OP.delay:
    case OP.stream:
    case OP.work:
    case OP.compute:
    case OP.need:
    case OP.needBlock:
    case OP.lead:
      return formatDuration(amount);
    case OP.stage:
    case OP.stageInOrder:
      return joined(formatDuration(amount), program.amount2[pc] === program.amount[pc] ? "" : `occupied ${formatDuration(column(program.amount2))}`, nameOf(program.stages, program.part[pc]));
    case OP.send:
    case OP.sendInOrder:
      return joined(`occupied ${formatDuration(amount)}`, `flight ${formatDuration(column(program.amount2))}`, nameOf(program.stages, program.part[pc]));
    case OP.queue:
      return joined(formatDuration(amount), nameOf(program.stages, program.part[pc]));
    case OP.transfer: {
      const units = column(program.amount2);
      return joined(units === 1 ? formatDuration(amount) : `${units} x ${formatDuration(amount)}`, nameOf(program.buses, program.part[pc]));
    }
    case OP.count:
      return joined(String(amount), program.accounts[program.a[pc] ?? -1] ?? "");
    default:
      return otherOperands(program, pc, amount);
  }
}

function otherOperands(program: Program, pc: number, amount: number): string {
  const part = program.part[pc] ?? -1;
  const target = `to ${program.a[pc]}`;
  switch (program.op[pc] as Op) {
    case OP.draw:
    case OP.drawStage:
    case OP.drawStageInOrder:
    case OP.drawQueue:
      return `mean ${formatDuration(Math.round(program.draws[program.amount[pc] ?? -1]?.sampler.mean() ?? 0))}`;
    case OP.align:
      return nameOf(program.clocks, part);
    case OP.cycles:
      return joined(`${program.a[pc]} cycles`, nameOf(program.clocks, part));
    case OP.claim:
    case OP.release:
      return joined(String(amount), nameOf(program.pools, part));
    case OP.join:
    case OP.rearm:
    case OP.poll:
      return nameOf(program.batches, part);
    case OP.hold:
    case OP.holdPolling:
      return held(program, pc, amount);
    case OP.branch:
      return `if not ${target}`;
    case OP.jump:
    case OP.again:
    case OP.spawn:
      return target;
    case OP.loop:
      return joined(`${amount} rounds`, (program.amount2[pc] ?? -1) < 0 ? "" : `${formatBytes(program.amounts[program.amount2[pc] ?? -1]?.(0) ?? 0)} a round`);
    default:
      return "";
  }
}

function held(program: Program, pc: number, wake: number): string {
  const server = program.servers[program.part[pc] ?? -1];
  const polls = server !== undefined && server.period > 0 && isMean(program, pc);
  return joined(server?.name ?? "", polls ? `looks every ${formatDuration(server.period)}` : "", wake > 0 ? `wake-up ${formatDuration(wake)}` : "");
}

function nameOf(parts: readonly { readonly name: string }[], index: number | undefined): string {
  return parts[index ?? -1]?.name ?? "";
}

function joined(...words: readonly string[]): string {
  return words.filter((word) => word !== "").join(", ");
}
