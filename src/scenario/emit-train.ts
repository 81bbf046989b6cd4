import { OP } from "../engine/index.js";
import { Amount, type Step } from "../modeling/index.js";
import { Label } from "./assembler.js";
import type { PathCompiler } from "./path-compiler.js";

type StepOf<K extends Step["step"]> = Extract<Step, { step: K }>;

/** Messages that are longer than a piece go in pieces from here; if the path has none, nothing is emitted. */
export function emitDivide(path: PathCompiler, { cut }: StepOf<"divide">): void {
  const { assembler, registry, state } = path;
  const { content, piece, headers, work, group, label } = cut;
  if (state.train !== null) path.refuse("cut-twice", `the message goes in pieces already, cut by ${state.train.step}`, "let them meet before they are cut again: behind whoever receives them");
  if (!state.exceeds(content, piece)) return;
  const count = content.dividedUp(piece);
  const index = registry.forks.push({
    kind: "train", branches: [assembler.pc + 1], count: registry.amount(count), chunk: registry.amount(piece), content: registry.amount(content), pace: registry.amount(work), every: registry.amount(group), slots: null,
  }) - 1;
  path.leaveCarrier();
  state.train = { step: path.step, byAdapter: cut.byAdapter, headers, count, last: content.minus(new Amount((size) => (count.of(size) - 1) * piece.of(size))), payload: state.payload, wire: state.wire };
  state.recast(new Amount((size) => size), false);
  assembler.emit({ op: OP.fork, part: index, a: registry.categories.indexOf(cut.category), work: path.slot(label, "process") }, path.note(`cut: ${label}`, [...work.origins, ...piece.origins]));
  state.alignedTo = null;
}

/** Pieces that are ahead end here. The message waits for those that are not here yet, off the core, and is whole again. */
export function emitMeet(path: PathCompiler, { meeting }: StepOf<"meet">): void {
  const { assembler, registry, state } = path;
  const { train } = state;
  state.lost = null;
  if (train === null) return;
  const [ahead, late, end, sound] = [new Label(), new Label(), new Label(), new Label()];
  const ask = (kind: "companion" | "complete" | "torn", no: Label): void => void assembler.emit({ op: OP.branch, part: registry.choices.push({ kind }) - 1, a: no }, path.note(`choose: ${kind}`));
  const wait = path.slot(meeting.label, "join");
  const met = (): void => void assembler.emit({ op: OP.fork, part: registry.forks.push({ kind: "meeting", branches: [], count: -1, chunk: -1, slots: null }) - 1, wait }, path.note(`meet: ${meeting.label}`));
  const before = { ...state };
  ask("companion", ahead);
  path.emit(meeting.ahead);
  path.leaveCarrier();
  assembler.emit({ op: OP.free }, path.note("leave the core"));
  assembler.emit({ op: OP.joined }, path.note("a piece ahead of its message ends"));
  Object.assign(state, before);
  assembler.place(ahead);
  ask("complete", late);
  met();
  assembler.emit({ op: OP.jump, a: end }, path.note("joins again"));
  assembler.place(late);
  path.leaveCarrier();
  assembler.emit({ op: OP.free }, path.note("leave the core"));
  met();
  path.emit(meeting.back);
  assembler.place(end);
  Object.assign(state, { train: null, payload: train.payload, wire: train.wire, onCarrier: before.onCarrier, mayHold: true, alignedTo: null });
  ask("torn", sound);
  const whole = { ...state };
  path.emit(meeting.torn);
  Object.assign(state, whole);
  assembler.place(sound);
}
