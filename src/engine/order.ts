/**
 * The order of events at one instant: update, then observe, then decide.
 * A rank is `phase * PHASE_STRIDE + sequence`; the sequence comes from the message, not from the order of
 * scheduling, so that executing a message ahead of the calendar can never change how a tie falls.
 */
export const PHASE = { complete: 0, arrive: 1, expire: 2, observe: 3, grant: 4 } as const;
export type Phase = (typeof PHASE)[keyof typeof PHASE];

export const PHASE_STRIDE = 2 ** 48;
/** Tokens of one message (children, carriers) share its number; this many ranks are kept for them. */
export const RANKS_PER_MESSAGE = 1024;
/** Ranks below this belong to timers of parts, so that a timer and a message never share a rank. */
export const FIRST_MESSAGE_RANK = 2 ** 24;
