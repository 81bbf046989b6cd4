/**
 * The order of events at one instant: update, then observe, then decide.
 * A rank is `phase * phaseStride + sequence`; the sequence comes from the message, not from the order of
 * scheduling, so that executing a message ahead of the calendar can never change how a tie falls.
 */
export const enum PHASE {
  complete,
  arrive,
  expire,
  observe,
  grant,
}

/** Enums, as all constants of the hot loop are: what a module imports by name is read anew from the other module each time. */
export const enum ORDER {
  phaseStride = 2 ** 48,
  /** Tokens of one message (children, carriers) share its number; this many ranks are kept for them. */
  ranksPerMessage = 2 ** 16,
  /** Of these, so many belong to each child of the message itself and its children. */
  ranksPerChild = 32,
  /** Draws of a message are keyed by its number; those of its children lie so far apart. */
  childDraws = 2 ** 33,
  /** Ranks below this belong to timers of parts, so that a timer and a message never share a rank. */
  firstMessageRank = 2 ** 24,
}

/** Rank of a message among those of one phase, and the number of the message to which a rank belongs. */
export function rankOf(message: number): number {
  return ORDER.firstMessageRank + message * ORDER.ranksPerMessage;
}

export function messageOf(rank: number): number {
  return Math.floor((rank - ORDER.firstMessageRank) / ORDER.ranksPerMessage);
}

/**
 * Where the `ordinal`-th child, from 1, of the token at place `own` stands among the ranks of its message; never at 0, the
 * message's own place. It follows from the program alone, not from who is executed first. Distinct for 2,047 children of a
 * message and 31 of each of them; for more, or for those of a deeper level, only most likely so.
 */
export function placeOfChild(own: number, ordinal: number): number {
  if (own === 0 && ordinal < ORDER.ranksPerMessage / ORDER.ranksPerChild) return ordinal * ORDER.ranksPerChild;
  if (own !== 0 && own % ORDER.ranksPerChild === 0 && ordinal < ORDER.ranksPerChild) return own + ordinal;
  const mixed = Math.imul(own ^ Math.imul(ordinal, 0x85ebca77), 0x9e3779b1);
  return 1 + ((mixed ^ (mixed >>> 15)) >>> 0) % (ORDER.ranksPerMessage - 1);
}
