import { OP } from "../engine/index.js";
import type { Step } from "../modeling/index.js";
import { Label, type Note } from "./assembler.js";
import type { PathCompiler } from "./path-compiler.js";

/**
 * From here on what is dropped is not gone: it goes through the steps that notice and make up for it, and begins here again. Those
 * steps stand here, so that the time they take lies between the taps around them.
 */
export function emitRetry(path: PathCompiler, { lost, tap }: Extract<Step, { step: "retry" }>): void {
  const { assembler, registry, state } = path;
  const [noticed, begin, anew] = [new Label(), new Label(), new Label()];
  path.leaveCarrier();
  const again = assembler.pc;
  if (tap !== null) path.tap(tap);
  assembler.emit({ op: OP.jump, a: begin }, path.note("begins"));
  const before = { ...state };
  assembler.place(noticed);
  // What is sent again meets chances of its own.
  assembler.emit({ op: OP.branch, part: registry.choices.push({ kind: "anew" }) - 1, a: anew }, path.note("choose: anew"));
  assembler.place(anew);
  path.emit(lost);
  path.leaveCarrier();
  assembler.emit({ op: OP.free }, path.note("leave the core"));
  assembler.emit({ op: OP.jump, a: again }, path.note("once more"));
  assembler.place(begin);
  Object.assign(state, before, { lost: noticed, alignedTo: null });
}

/** The end of a message, or the way to what makes up for its loss. */
export function emitLoss(path: PathCompiler, reason: string, at: { readonly note: Note; readonly lost: Label | null }): void {
  const { assembler } = path;
  if (at.lost === null) return void assembler.emit({ op: OP.drop, a: path.registry.reason(reason) }, at.note);
  assembler.emit({ op: OP.handBack }, at.note);
  assembler.emit({ op: OP.free }, at.note);
  assembler.emit({ op: OP.jump, a: at.lost }, at.note);
}
