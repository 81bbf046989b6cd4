import { InternalFault } from "../errors/index.js";
import type { Instruction, Program, SlotSpec } from "../engine/index.js";
import type { Origin } from "../modeling/index.js";

/** A place in the program, known once its instruction is reached. */
export class Label {
  pc = -1;
}

/** What an instruction is for, for people: shown by `explain`, summed into the floor. */
export interface Note {
  readonly step: string;
  readonly text: string;
  readonly origins: readonly Origin[];
}

type Draft = Omit<Instruction, "a"> & { readonly a?: number | Label };

/** Collects instructions; labels may be used before they are placed. */
export class Assembler {
  private readonly drafts: Draft[] = [];
  readonly notes: Note[] = [];
  readonly slots: SlotSpec[] = [];

  get pc(): number {
    return this.drafts.length;
  }

  emit(draft: Draft, note: Note): number {
    this.drafts.push(draft);
    this.notes.push(note);
    return this.drafts.length - 1;
  }

  place(label: Label): void {
    label.pc = this.drafts.length;
  }

  slot(step: string, label: string, kind: string): number {
    this.slots.push({ step, label, kind });
    return this.slots.length - 1;
  }

  /** Index of the amount of the first instruction of a kind from a place on; undefined where there is none. */
  amountOfFirst(op: number, from: number): number | undefined {
    return this.drafts.find((draft, pc) => pc >= from && draft.op === op)?.amount;
  }

  columns(): Pick<Program, "op" | "part" | "amount" | "amount2" | "a" | "b" | "wait" | "work"> {
    const column = (read: (draft: Draft) => number): Int32Array => Int32Array.from(this.drafts.map(read));
    return {
      op: Uint8Array.from(this.drafts.map((draft) => draft.op)),
      part: column((draft) => draft.part ?? -1),
      amount: column((draft) => draft.amount ?? -1),
      amount2: column((draft) => draft.amount2 ?? -1),
      a: column((draft) => resolve(draft.a)),
      b: column((draft) => draft.b ?? -1),
      wait: column((draft) => draft.wait ?? 0),
      work: column((draft) => draft.work ?? 0),
    };
  }
}

function resolve(value: number | Label | undefined): number {
  if (!(value instanceof Label)) return value ?? -1;
  if (value.pc < 0) throw new InternalFault("a label was used but never placed");
  return value.pc;
}
