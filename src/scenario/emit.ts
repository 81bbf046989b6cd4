import { OBSERVER, OP } from "../engine/index.js";
import { Label } from "./assembler.js";
import { type Amount, amountOf, ZERO, type Step, type PartOf } from "../modeling/index.js";
import { emitAll, emitChoose, emitInParallel, emitRepeat, emitSpawn } from "./emit-flow.js";
import { emitGather } from "./emit-gather.js";
import { emitNeed, emitTransmit } from "./emit-bytes.js";
import { emitArrive, emitEgress, settleBefore } from "./emit-link.js";
import { emitDivide, emitMeet } from "./emit-train.js";
import { emitLoss, emitRetry } from "./emit-retry.js";
import type { Instance } from "./instances.js";
import type { PathCompiler } from "./path-compiler.js";

type StepOf<K extends Step["step"]> = Extract<Step, { step: K }>;

/** Turns one step into instructions. One small function per step; the table is the list of what steps there are. */
const EMIT: { readonly [K in Step["step"]]: (path: PathCompiler, step: StepOf<K>) => void } = {
  delay: emitDelay,
  until: emitUntil,
  need: emitNeed,
  work: emitWork,
  "claim-stage": emitStage,
  transmit: emitTransmit,
  claim: emitClaim,
  release: emitRelease,
  transfer: emitTransfer,
  gather: emitGather,
  hold: emitHold,
  "leave-core": (path) => emitLeaveCore(path),
  cycles: emitCycles,
  order: emitOrder,
  scatter: emitScatter,
  "check-late": (path, step) => void path.assembler.emit({ op: OP.lateCheck, amount: path.registry.amount(step.within), a: path.account(step.account) }, path.note("check for work that came too late", step.within.origins)),
  "check-torn": (path) => void path.assembler.emit({ op: OP.tornCheck, a: path.account("torn-reads") }, path.note("check for a torn read")),
  choose: emitChoose,
  all: emitAll,
  race: emitAll,
  "in-parallel": emitInParallel,
  repeat: emitRepeat,
  retry: emitRetry,
  divide: emitDivide,
  meet: emitMeet,
  spawn: emitSpawn,
  move: emitMove,
  remap: emitRemap,
  count: (path, step) => emitCount(path, step.account, step.amount),
  answer: (path, step) => void path.assembler.emit({ op: OP.answer, a: step.claims }, path.note("answer for what others have claimed")),
  tap: (path, step) => path.tap(step.name),
  use: (path, step) => path.operation(step.target as Instance, step.operation, null, step.args),
  reframe: (path, step) => void (path.state.wire = step.bytes),
  bare: (path, step) => path.state.strip(step.bytes),
  recast: (path, step) => path.state.recast(step.payload, step.about),
  trigger: (path, step) => void (path.state.trigger = step.bytes),
  speculate: emitSpeculate,
  drop: emitDrop,
  arrive: emitArrive,
  egress: emitEgress,
};

export function emitStep(path: PathCompiler, step: Step): void {
  settleBefore(path, step.step);
  const thunk = step as unknown as { step: string; run?: () => void };
  if (thunk.step === "path") thunk.run?.();
  else if (Object.hasOwn(EMIT, step.step)) EMIT[step.step](path, step as never);
  else path.refuse("step-unknown", `${JSON.stringify(step)} is no step`, "make steps with delay, claim, use and the like");
}

export function emitLeaveCore(path: PathCompiler): void {
  path.leaveCarrier();
  path.state.mayHold = false;
  path.assembler.emit({ op: OP.free }, path.note("leave the core"));
}

export function emitCount(path: PathCompiler, account: string, amount: Amount, owner?: string): void {
  path.assembler.emit({ op: OP.count, a: path.account(account, owner), amount: path.registry.amount(amount) }, path.note(`count ${account}`));
}

function emitDelay(path: PathCompiler, step: StepOf<"delay">): void {
  const { amount, label, kind } = step;
  if (amount === ZERO) return;
  path.state.alignedTo = null;
  const work = path.slot(label, kind);
  const note = path.note(label, amount.origins);
  if (amount.sampler !== null) path.assembler.emit({ op: OP.draw, amount: path.registry.draw(amount, path.component(label)), work }, note);
  else path.assembler.emit({ op: step.streaming && !path.state.stored ? OP.stream : OP.delay, amount: path.registry.amount(amount), work }, note);
}

/** Back to the tap, and on from there. */
function emitUntil(path: PathCompiler, { tap, amount, label, kind }: StepOf<"until">): void {
  const mark = path.taps.get(tap)?.mark ?? path.refuse("tap-unknown", `there is no tap ${tap} before this step`);
  path.state.alignedTo = null;
  const slot = path.slot(label, kind);
  const index = path.registry.amount(amount);
  path.assembler.emit({ op: OP.lead, amount: index, a: mark, wait: slot, work: slot }, path.note(`since ${tap}`, amount.origins));
  path.assembler.emit({ op: OP.delay, amount: index, work: slot }, path.note(label, amount.origins));
}

function emitWork(path: PathCompiler, step: StepOf<"work">): void {
  const { amount, label, kind } = step;
  if (!path.state.onCarrier && !path.state.mayHold) path.refuse("core-not-held", `${label} is CPU work, but the message holds no core`, "begin with an operation that takes one: wake, poll, irq");
  const category = path.registry.categories.indexOf(step.category);
  if (path.state.shared) return emitCompute(path, step, category);
  const work = path.slot(label, kind);
  const note = path.note(label, amount.origins);
  if (amount.sampler !== null) path.assembler.emit({ op: OP.draw, amount: path.registry.draw(amount, path.component(label)), a: category, work }, note);
  else path.assembler.emit({ op: OP.work, amount: path.registry.amount(amount), a: category, work }, note);
}

/** Work on a core that may be shared: whether it is, the core knows that the message holds when it comes here. */
function emitCompute(path: PathCompiler, { amount, label, kind }: StepOf<"work">, category: number): void {
  const drawn = amount.sampler !== null;
  const index = drawn ? path.registry.draw(amount, path.component(label)) : path.registry.amount(amount);
  const slots = { wait: path.slot(`run queue: ${label}`, "sched"), work: path.slot(label, kind), b: path.slot(label, "preempt") };
  path.assembler.emit({ op: OP.compute, amount: index, amount2: drawn ? 1 : -1, a: category, ...slots }, path.note(label, amount.origins));
}

function emitStage(path: PathCompiler, step: StepOf<"claim-stage">): void {
  if (!step.keepsCore) path.leaveCarrier();
  const { registry } = path;
  const { part, latency, occupancy, label, klass } = step;
  path.state.alignedTo = null;
  const index = registry.stage(part);
  const wait = path.slot(`wait for ${label}`, "queue");
  const work = path.slot(label, step.kind);
  const note = path.note(label, latency.origins);
  const random = latency.sampler !== null;
  if (part.discipline === "fifo") {
    if (random) path.assembler.emit({ op: OP.drawStage, part: index, amount: registry.draw(latency, path.component(label)), wait, work }, note);
    else path.assembler.emit({ op: OP.stage, part: index, amount: registry.amount(latency), amount2: registry.amount(occupancy), wait, work }, note);
    return;
  }
  const b = path.slot(label, part.discipline === "sharing" ? "contend" : "preempt");
  if (random) path.assembler.emit({ op: OP.drawQueue, part: index, amount: registry.draw(latency, path.component(label)), a: klass, b, wait, work }, note);
  else path.assembler.emit({ op: OP.queue, part: index, amount: registry.amount(latency), a: klass, b, wait, work }, note);
}

/** What a pool fills up by itself is spent, and nobody answers for it any more. */
function spend(path: PathCompiler, part: PartOf<"pool">): void {
  if (part.refill !== null) path.assembler.emit({ op: OP.answer, a: -1 }, path.note("spent, not given back"));
}

function emitClaim(path: PathCompiler, step: StepOf<"claim">): void {
  const { registry, assembler } = path;
  const { part, units, label, kind } = step;
  if (part.whenFull === "block") path.state.alignedTo = null;
  const wait = path.slot(label, kind);
  const index = registry.pool(part);
  if (part.refill === null) path.claimed.set(part, { label, step: path.step, place: path.place });
  // Claims happen in time order, and a member that is served runs ahead of time.
  if (step.onCore !== true) path.leaveCarrier();
  if (part.whenFull === "block") {
    const cost = step.within?.cost ?? null;
    const order = step.within === undefined ? {} : { b: step.within.klass, amount2: cost === null ? -1 : registry.amount(cost) };
    assembler.emit({ op: OP.claim, part: index, amount: registry.amount(units), wait, ...order }, path.note(`claim ${label}`, units.origins));
    spend(path, part);
    return;
  }
  const refused = new Label();
  assembler.emit({ op: OP.claim, part: index, amount: registry.amount(units), wait, a: refused }, path.note(`claim ${label}`, units.origins));
  spend(path, part);
  const { lost } = path.state;
  const note = path.note(`drop: ${label} full`);
  // Out of line, behind the end of the path: a granted claim falls through.
  path.atEnd(() => {
    assembler.place(refused);
    assembler.emit({ op: OP.free }, note);
    path.emit(step.undo);
    emitLoss(path, `${registry.name(part)} full`, { note, lost });
  });
}

function emitRelease(path: PathCompiler, step: StepOf<"release">): void {
  const { registry } = path;
  path.claimed.delete(step.part);
  path.assembler.emit({ op: OP.release, part: registry.pool(step.part), amount: registry.amount(step.units), amount2: step.later === ZERO ? -1 : registry.amount(step.later) }, path.note("release", step.later.origins));
}

function emitTransfer(path: PathCompiler, step: StepOf<"transfer">): void {
  path.leaveCarrier();
  const { registry } = path;
  path.assembler.emit(
    { op: OP.transfer, part: registry.bus(step.part), amount: registry.amount(step.unit), amount2: registry.amount(step.units), a: step.klass, wait: path.slot(`wait for ${step.label}`, "arbitrate"), work: path.slot(step.label, "serialise") },
    path.note(step.label, step.unit.origins),
  );
}

const HOW = { serve: OBSERVER.serve, poll: OBSERVER.poll, sleep: OBSERVER.sleep } as const;
const NOTICE = { serve: "queue", poll: "poll", sleep: "wake" } as const;

function emitHold(path: PathCompiler, step: StepOf<"hold">): void {
  path.leaveCarrier();
  const { registry } = path;
  const { how, amount, jitter, label, wakeAccount } = step.options;
  const component = path.component(label);
  const server = how === "poll" ? registry.polled(step.part, amount, { jitter: jitter.of(0), component }) : registry.server(step.part);
  const wake = how === "sleep" ? amount : amountOf(0);
  path.state.shared ||= step.part.shares !== null;
  path.state.mayHold = true;
  // Whoever takes another core leaves the one it has.
  path.assembler.emit({ op: OP.free, part: server }, path.note("leave another core"));
  path.assembler.emit(
    { op: how === "poll" ? OP.holdPolling : OP.hold, part: server, a: HOW[how], b: server, amount: wake.sampler === null ? registry.amount(wake) : -2 - registry.draw(wake, component), amount2: wakeAccount === null ? -1 : path.account(wakeAccount), wait: path.slot(`wait for ${label}`, "queue"), work: path.slot(label, NOTICE[how]) },
    path.note(`${how}: ${label}`, amount.origins),
  );
}

function emitCycles(path: PathCompiler, step: StepOf<"cycles">): void {
  const part = path.registry.clock(step.part);
  if (path.state.alignedTo !== step.part) path.assembler.emit({ op: OP.align, part, wait: path.slot("clock edge", "align") }, path.note("wait for a clock edge"));
  path.state.alignedTo = step.part;
  if (step.cycles === 0) return;
  path.assembler.emit({ op: OP.cycles, part, a: step.cycles, work: path.slot(step.label, "process") }, path.note(`${step.label}: ${step.cycles} cycles`, step.origins));
}

function emitOrder(path: PathCompiler, step: StepOf<"order">): void {
  path.leaveCarrier();
  const { registry } = path;
  path.assembler.emit(
    { op: OP.order, part: registry.order(step.part), amount: registry.amount(step.flight), wait: path.slot(`behind what went ahead: ${step.label}`, "order"), work: path.slot(step.label, "propagate") },
    path.note(step.label, step.flight.origins),
  );
}

function emitScatter(path: PathCompiler, step: StepOf<"scatter">): void {
  const index = path.registry.scatters.push({ component: path.component(step.label), spread: step.spread.of(0) }) - 1;
  path.assembler.emit({ op: OP.scatter, part: index, amount: path.registry.amount(step.units), work: path.slot(step.label, "order") }, path.note(step.label, step.spread.origins));
}

function emitDrop(path: PathCompiler, { reason, unlessHeld }: StepOf<"drop">): void {
  if (unlessHeld && path.claimed.size > 0) return;
  const whole = unlessHeld ? `${path.current?.instance ?? path.step}: ${reason}` : reason;
  emitLoss(path, whole, { note: path.note(`drop: ${whole}`), lost: path.state.lost });
}

function emitSpeculate(path: PathCompiler, step: StepOf<"speculate">): void {
  const mark = step.notBefore === null ? -1 : path.taps.get(step.notBefore)?.mark ?? path.refuse("tap-unknown", `there is no tap ${step.notBefore} before this step`);
  path.state.alignedTo = null;
  path.assembler.emit({ op: OP.lead, amount: path.registry.amount(step.lead), a: mark, wait: path.slot("wait for the start", "join"), work: path.slot("speculative start", "overlap") }, path.note("start before the decision", step.lead.origins));
}

function emitRemap(path: PathCompiler, step: StepOf<"remap">): void {
  const { state } = path;
  if (state.location !== null && state.location !== step.from) path.refuse("location-mismatch", `makes data in ${step.from} data in ${step.to}, but they are in ${state.location}`);
  state.location = step.to;
}

function emitMove(path: PathCompiler, step: StepOf<"move">): void {
  const { state } = path;
  if (state.bare) return;
  if (state.location !== null && state.location !== step.from) path.refuse("location-mismatch", `moves data from ${step.from}, but it is in ${state.location}`);
  state.location = step.to;
  if (state.about !== null) return;
  emitCount(path, "movements", amountOf(1));
  emitCount(path, "moved-bytes", step.bytes);
  if (step.by !== "cpu") return;
  emitCount(path, "copies", amountOf(1));
  emitCount(path, "copied-bytes", step.bytes);
}
