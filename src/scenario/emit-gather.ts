import { OP, type GatherSpec } from "../engine/index.js";
import type { Carrier, Step } from "../modeling/index.js";
import { Label } from "./assembler.js";
import type { PathCompiler } from "./path-compiler.js";

type Gather = Extract<Step, { step: "gather" }>;

/**
 * Joins a batch. With a carrier its code follows in place: what happens once per closing, then the poll that hands
 * the core to the members, then what happens when nobody is left. Members go on behind it.
 */
export function emitGather(path: PathCompiler, step: Gather): void {
  path.leaveCarrier();
  const { assembler, registry } = path;
  const index = registry.batch(step.part);
  const spec = registry.batches[index];
  if (spec === undefined) return;
  const waitSlot = path.slot(step.label, step.kind);
  const bytes = step.part.policy === null ? -1 : registry.amount(path.state.shape().stored);
  assembler.emit({ op: OP.join, part: index, amount: bytes, wait: waitSlot }, path.note(`join ${step.label}`, step.part.time.origins));
  spec.waitSlot = waitSlot;
  if (step.carrier === null) return;
  const members = new Label();
  const from = assembler.slots.length;
  // Other steps may join the same batch, each with slots of its own: the jump says which one this is.
  const gathers: GatherSpec[] = [...(spec.gathers ?? [])];
  const gather = { carrierSlots: [from, from] as const, slots: [from, from] as const, handOverSlot: 0, waitSlot, queueSlot: 0 };
  const place = gathers.push(gather) - 1;
  assembler.emit({ op: OP.jump, part: place, a: members }, path.note("members go on"));
  spec.carrier = assembler.pc;
  gathers[place] = { ...gather, ...emitCarrier(path, step.carrier, { index, members, from }) };
  spec.gathers = gathers;
  assembler.place(members);
  path.state.onCarrier = true;
  path.state.mayHold = false;
}

function emitCarrier(path: PathCompiler, carrier: Carrier, at: { readonly index: number; readonly members: Label; readonly from: number }): Partial<GatherSpec> {
  const { assembler, registry, state } = path;
  const { location, profile, stored, mayHold } = state;
  Object.assign(state, { mayHold: false, alignedTo: null, stored: true });
  path.emit(carrier.before);
  const handOver = path.slot("hand over to the kernel thread", "sched");
  const spec = registry.batches[at.index];
  if (spec === undefined) return {};
  const carrierSlots = [at.from, assembler.slots.length] as const;
  const queueSlot = path.slot("behind others in the batch", "queue");
  spec.weight = carrier.weight;
  spec.budget = carrier.budget;
  spec.budgetTime = carrier.budgetTime.of(0);
  spec.handOver = carrier.handOver.of(0);
  if (carrier.runs !== undefined) spec.runs = { most: carrier.runs.most, time: carrier.runs.time.of(0) };
  const look = assembler.emit({ op: OP.poll, part: at.index, a: at.members }, path.note("hand the core to the members"));
  if (carrier.deferral !== undefined) emitDeferral(path, carrier.deferral, at.index, look);
  path.emit(carrier.after);
  assembler.emit({ op: OP.rearm, part: at.index }, path.note("open the batch again"));
  assembler.emit({ op: OP.free }, path.note("leave the core"));
  assembler.emit({ op: OP.end }, path.note("the carrier ends"));
  Object.assign(state, { location, profile, stored, mayHold, alignedTo: null });
  return { carrierSlots, slots: [at.from, assembler.slots.length], handOverSlot: handOver, queueSlot };
}

/** Nobody is left: comes back a number of times before the batch may open again. */
function emitDeferral(path: PathCompiler, deferral: NonNullable<Carrier["deferral"]>, batch: number, look: number): void {
  const { assembler, registry } = path;
  const enough = new Label();
  const choice = registry.choices.push({ kind: "deferring", batch, polls: deferral.polls }) - 1;
  assembler.emit({ op: OP.branch, part: choice, a: enough }, path.note("look again later?"));
  assembler.emit({ op: OP.free }, path.note("leave the core"));
  path.emit([{ step: "delay", amount: deferral.time, label: "interrupts deferred", kind: "batch", streaming: false }, ...deferral.back]);
  assembler.emit({ op: OP.jump, a: look }, path.note("look again"));
  assembler.place(enough);
}
