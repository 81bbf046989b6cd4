import { arrive, claim, percent, chosen, release, toNumber, type Amount, type Damage, type PartOf, type Rational, type Step } from "../../modeling/index.js";

/** Bit errors, as links declare them. */
export const LOSS = percent("0%", "share of frames that bit errors damage on the way; whoever looks at the check sequence drops them", chosen("a link in order"));

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

/** How bit errors damage a frame, and what whoever sent it does then; null: nothing. */
export function damagesOf(loss: Rational, lost: unknown): readonly Damage[] {
  return loss.num === 0n ? [] : [{ probability: toNumber(loss), lost: (lost as readonly Step[] | undefined) ?? null }];
}

/** The end of a link: what it lent is to be given back, and what it damaged is to be noticed. */
export function arrival(lent: Lent | null, damages: readonly Damage[]): readonly Step[] {
  if (lent === null && damages.length === 0) return [];
  const settle = (taken: Amount): readonly Step[] => (lent === null ? [] : [release(lent.room, lent.units, taken.plus(lent.back))]);
  return [arrive({ settle, damages })];
}
