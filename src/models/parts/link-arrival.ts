import { arrive, claim, release, type Amount, type Damage, type PartOf, type Step } from "../../modeling/index.js";

/** Room in the receiver's buffer that the sender must have before it sends. */
export interface Lent {
  readonly room: PartOf<"pool">;
  readonly units: Amount;
  readonly label: string;
  /** From the moment the room is free until the sender may use it again. */
  readonly back: Amount;
}

/** Takes the room; the receiver gives it back when the message has left its buffer. */
export function borrow(lent: Lent | null): readonly Step[] {
  return lent === null ? [] : [claim(lent.room, lent.units, lent.label)];
}

/** The end of a link: what it lent is to be given back, and what it damaged is to be noticed. */
export function arrival(lent: Lent | null, damages: readonly Damage[]): readonly Step[] {
  if (lent === null && damages.length === 0) return [];
  const settle = (taken: Amount): readonly Step[] => (lent === null ? [] : [release(lent.room, lent.units, taken.plus(lent.back))]);
  return [arrive({ settle, damages })];
}
