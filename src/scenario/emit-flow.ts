import { ODDS, OP, type ChoiceSpec } from "../engine/index.js";
import { Amount, type Chance, type Choice, type Pages, type Step } from "../modeling/index.js";
import { Label } from "./assembler.js";
import { settleArrivals } from "./emit-link.js";
import type { PathCompiler } from "./path-compiler.js";
import type { Registry } from "./registry.js";

type StepOf<K extends Step["step"]> = Extract<Step, { step: K }>;

/** Two ways through; both must leave the payload in the same place. */
export function emitChoose(path: PathCompiler, step: StepOf<"choose">): void {
  const { assembler, state } = path;
  const no = new Label();
  const end = new Label();
  assembler.emit({ op: OP.branch, part: choiceIndex(path, step.choice), a: no }, path.note(`choose: ${step.choice.kind}`));
  const before = { location: state.location, profile: state.profile, stored: state.stored, arrivedBy: state.arrivedBy, payload: state.payload, wire: state.wire, onCarrier: state.onCarrier, mayHold: state.mayHold };
  path.emit(step.yes);
  settleArrivals(path);
  const after = { location: state.location, onCarrier: state.onCarrier, mayHold: state.mayHold };
  assembler.emit({ op: OP.jump, a: end }, path.note("joins again"));
  assembler.place(no);
  Object.assign(state, before);
  state.alignedTo = null;
  path.emit(step.no);
  settleArrivals(path);
  assembler.place(end);
  if (state.location !== after.location) path.refuse("location-mismatch", `one way leaves the data in ${after.location ?? "no place"}, the other in ${state.location ?? "no place"}`);
  state.onCarrier ||= after.onCarrier;
  state.mayHold ||= after.mayHold;
  state.alignedTo = null;
}

function choiceIndex(path: PathCompiler, choice: Choice): number {
  const { registry } = path;
  const name = choice.kind === "chance" ? path.component(choice.name, choice.of) : path.component(choice.kind);
  switch (choice.kind) {
    case "chance":
      return registry.choices.push(chanceOf(registry, name, choice.probability)) - 1;
    case "size":
      return registry.choices.push({ kind: "size", amount: registry.amount(new Amount((payload) => (choice.test(payload) ? 1 : 0))) }) - 1;
    case "hit":
      return registry.choices.push({ kind: "cache", component: name, cache: registry.cache(choice.cache) }) - 1;
    case "behind":
      return registry.choices.push({ kind: "behind" }) - 1;
    case "filled":
      return registry.choices.push({ kind: "filled", pool: registry.pool(choice.pool), above: choice.above }) - 1;
    case "taken":
      return registry.choices.push({ kind: "taken", pool: registry.pool(choice.pool) }) - 1;
    case "flow":
      return registry.choices.push({ kind: "flow", yes: Uint8Array.from({ length: path.state.flows.count }, (_, flow) => Number(choice.test(flow))) }) - 1;
    case "shrink":
      return registry.choices.push({ kind: "shrink", pool: registry.pool(choice.pool), to: choice.to }) - 1;
    case "enter":
      return registry.choices.push({ kind: "enter", pool: registry.pool(choice.pool) }) - 1;
    case "piece":
      return registry.choices.push({ kind: "piece" }) - 1;
    case "companion":
      return registry.choices.push({ kind: "companion" }) - 1;
    case "every":
      return registry.choices.push({ kind: "every", every: choice.turn.every, counter: registry.turn(choice.turn) }) - 1;
    case "room":
      return registry.choices.push({ kind: "room", pool: registry.pool(choice.pool), amount: registry.amount(choice.units) }) - 1;
    case "since":
      return registry.choices.push({ kind: "since", mark: path.taps.get(choice.tap)?.mark ?? path.refuse("tap-unknown", `there is no tap ${choice.tap} before this step`), within: choice.within.of(0) }) - 1;
    case "decided":
      return registry.choices.push({ kind: "decided" }) - 1;
    case "next-buffer":
      return registry.choices.push({ kind: "slot", ring: registry.ring(choice.ring) }) - 1;
    case "page-cached":
      return registry.choices.push({ kind: "page", cache: registry.cache(choice.cache), ...pagesOf(registry, choice.pages) }) - 1;
    case "invalidates":
      return registry.choices.push({ kind: "unmap", cache: registry.cache(choice.cache), ...pagesOf(registry, choice.pages), batch: choice.batch }) - 1;
    case "fits":
      return registry.choices.push({ kind: "fill", store: registry.filled(choice.store, choice.ring, registry.amount(choice.bytes)), bytes: registry.amount(choice.bytes) }) - 1;
    case "warm":
      return registry.choices.push({ kind: "warm", window: choice.window.of(0) }) - 1;
    case "kept":
      return registry.choices.push({ kind: "kept", store: registry.store(choice.store) }) - 1;
    default:
      return registry.choices.push({ kind: "spinning", server: registry.spinning(choice.server, choice.window.of(0)), window: choice.window.of(0) }) - 1;
  }
}

/** Where the chance differs from payload to payload, it is kept in the size table as a share of ODDS. */
function chanceOf(registry: Registry, component: string, probability: Chance): ChoiceSpec {
  if (typeof probability === "number") return { kind: "chance", component, yes: probability };
  return { kind: "odds", component, amount: registry.amount(new Amount((payload) => Math.round(probability(payload) * ODDS))) };
}

function pagesOf(registry: Registry, { ring, buffer, page }: Pages): { readonly ring: number; readonly buffer: number; readonly page: number } {
  return { ring: registry.ring(ring), buffer: buffer.of(0), page: page.of(0) };
}

export function emitAll(path: PathCompiler, step: StepOf<"all"> | StepOf<"race">): void {
  const { assembler, registry } = path;
  path.leaveCarrier();
  const labels = step.branches.map(() => new Label());
  const end = new Label();
  const branches: number[] = [];
  const index = registry.forks.push({ kind: step.step, branches, count: -1, chunk: -1, slots: null }) - 1;
  const from = assembler.slots.length;
  assembler.emit({ op: OP.fork, part: index }, path.note(`${step.step}: ${step.label}`));
  assembler.emit({ op: OP.jump, a: end }, path.note("joined"));
  const { location, profile, stored, arrivedBy, payload, wire } = path.state;
  step.branches.forEach((branch, at) => {
    Object.assign(path.state, { location, profile, stored, arrivedBy, payload, wire, alignedTo: null });
    assembler.place(labels[at] as Label);
    branches.push(assembler.pc);
    path.emit(branch);
    endBranch(path);
  });
  assembler.place(end);
  setSlots(path, index, from);
}

export function emitInParallel(path: PathCompiler, step: StepOf<"in-parallel">): void {
  const { assembler, registry } = path;
  path.leaveCarrier();
  const end = new Label();
  const branches: number[] = [];
  const index = registry.forks.push({ kind: "fan-out", branches, count: registry.amount(step.count), chunk: registry.amount(step.chunk), slots: null }) - 1;
  const from = assembler.slots.length;
  assembler.emit({ op: OP.fork, part: index }, path.note(`in parallel: ${step.label}`));
  assembler.emit({ op: OP.jump, a: end }, path.note("joined"));
  const { location, profile, stored } = path.state;
  for (const body of [step.body, ...(step.ends === null ? [] : [step.ends.first, step.ends.last])]) {
    Object.assign(path.state, { location, profile, stored, alignedTo: null });
    branches.push(assembler.pc);
    path.emit(body);
    endBranch(path);
  }
  assembler.place(end);
  setSlots(path, index, from);
}

function setSlots(path: PathCompiler, fork: number, from: number): void {
  const spec = path.registry.forks[fork];
  if (spec !== undefined) spec.slots = [from, path.assembler.slots.length];
}

function endBranch(path: PathCompiler): void {
  settleArrivals(path);
  path.leaveCarrier();
  path.assembler.emit({ op: OP.free }, path.note("leave the core"));
  path.assembler.emit({ op: OP.joined }, path.note("branch ends"));
  path.state.alignedTo = null;
}

export function emitRepeat(path: PathCompiler, step: StepOf<"repeat">): void {
  const { assembler, registry, state } = path;
  if (state.loopDepth >= 2) path.refuse("loop-too-deep", "loops nest at most two deep");
  const register = state.loopDepth++;
  const end = new Label();
  const chunk = step.chunk === null ? -1 : registry.amount(step.chunk);
  const start = assembler.emit({ op: OP.loop, part: register, amount: registry.amount(step.count), a: end, amount2: chunk }, path.note("repeat", step.count.origins));
  state.alignedTo = null;
  path.emit(step.body);
  settleArrivals(path);
  path.leaveCarrier();
  assembler.emit({ op: OP.again, part: register, a: start, amount2: chunk }, path.note("again"));
  assembler.place(end);
  state.alignedTo = null;
  state.loopDepth--;
}

/** Off-path work: the child runs it while the message goes on. Its code and its slots come behind the end of the path. */
export function emitSpawn(path: PathCompiler, step: StepOf<"spawn">): void {
  const { assembler, registry } = path;
  const body = new Label();
  const { train } = path.state;
  const whole = step.whole === true && train !== null;
  const part = registry.spawns.push({ slots: [0, 0], path: -1, ...(whole ? { whole } : {}) }) - 1;
  const claims = step.holding.length;
  for (const pool of step.holding) path.claimed.delete(pool);
  if (claims > 0) assembler.emit({ op: OP.answer, a: -claims }, path.note("hand over what is claimed"));
  assembler.emit({ op: OP.spawn, a: body, part }, path.note("spawn"));
  const here = path.bookmark();
  const passed = path.markCount;
  path.atEnd(() => {
    here();
    const from = assembler.slots.length;
    path.aside = { spawn: part, slots: [path.firstSlot, from], passed };
    Object.assign(path.state, { onCarrier: false, mayHold: false, alignedTo: null, lost: null, ...(whole ? { train: null, payload: train.payload, wire: train.wire } : {}) });
    assembler.place(body);
    if (claims > 0) assembler.emit({ op: OP.answer, a: claims }, path.note("take over what is claimed"));
    path.emit(step.body);
    settleArrivals(path);
    assembler.emit({ op: OP.free }, path.note("leave the core"));
    assembler.emit({ op: OP.end }, path.note("off-path work ends"));
    Object.assign(registry.spawns[part] as object, { slots: [from, assembler.slots.length] });
    path.aside.slots[1] = assembler.slots.length;
  });
}
