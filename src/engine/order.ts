/**
 * The order of events at one instant: update, then observe, then decide.
 * A rank is `phase * PHASE_STRIDE + sequence`; the sequence comes from the message, not from the order of
 * scheduling, so that executing a message ahead of the calendar can never change how a tie falls.
 */
export const PHASE = { complete: 0, arrive: 1, expire: 2, observe: 3, grant: 4 } as const;
export type Phase = (typeof PHASE)[keyof typeof PHASE];

export const PHASE_STRIDE = 2 ** 48;
/** Tokens of one message (children, carriers) share its number; this many ranks are kept for them. */
export const RANKS_PER_MESSAGE = 2 ** 16;
/** Draws of a message are keyed by its number; those of its children lie so far apart. */
export const CHILD_DRAWS = 2 ** 33;
/** Of these, so many belong to each child of the message itself and its children. */
const RANKS_PER_CHILD = 32;
/** Ranks below this belong to timers of parts, so that a timer and a message never share a rank. */
export const FIRST_MESSAGE_RANK = 2 ** 24;

/**
 * Where the `ordinal`-th child, from 1, of the token at place `own` stands among the ranks of its message; never at 0, the
 * message's own place. It follows from the program alone, not from who is executed first. Distinct for 2,047 children of a
 * message and 31 of each of them; for more, or for those of a deeper level, only most likely so.
 */
export function placeOfChild(own: number, ordinal: number): number {
  if (own === 0 && ordinal < RANKS_PER_MESSAGE / RANKS_PER_CHILD) return ordinal * RANKS_PER_CHILD;
  if (own !== 0 && own % RANKS_PER_CHILD === 0 && ordinal < RANKS_PER_CHILD) return own + ordinal;
  const mixed = Math.imul(own ^ Math.imul(ordinal, 0x85ebca77), 0x9e3779b1);
  return 1 + ((mixed ^ (mixed >>> 15)) >>> 0) % (RANKS_PER_MESSAGE - 1);
}
