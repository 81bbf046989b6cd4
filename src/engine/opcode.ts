/** What the machine can execute. A comment names the columns each one reads: part, amount, amount2, a, b, wait slot, work slot. */
export const OP = {
  /** Ends the token; a message is measured here. */
  end: 0,
  /** Cursor += amount. work */
  delay: 1,
  /** Like delay, while bytes stream through: the profile moves along. work */
  stream: 2,
  /** CPU work on the core that the token holds. amount, a = category, work */
  work: 3,
  /** Waits for the byte that arrives `amount` after the first one. work */
  need: 4,
  /** Claims a first-come first-served stage. part, amount = latency, amount2 = occupancy, a = 1 when alone and in order, wait, work */
  stage: 5,
  /** Claims a stage whose discipline needs a queue. part, amount = service, a = class, b = slot of displaced time, wait, work */
  queue: 6,
  /** Claims a transmitter for `amount` and flies for `amount2`; the bytes' profile starts anew. part = stage, a = 1 when alone and in order, wait, work */
  send: 7,
  /** Waits for the next clock edge. part, wait */
  align: 8,
  /** Passes whole clock cycles, from edge to edge. part, a = cycles, work */
  cycles: 9,
  /** Remembers the cursor. a = mark */
  mark: 10,
  /** Claims `amount` units of a pool. part, amount, wait, a = account of refusals */
  claim: 11,
  /** Gives `amount` units back. part, amount */
  release: 12,
  /** Joins a batch. part, wait */
  join: 13,
  /** Carrier of a batch: hands out the members. part, a = first instruction of a member, wait */
  poll: 14,
  /** A member gives the carrier back its cursor. */
  handBack: 15,
  /** Carrier opens the batch again. part */
  rearm: 16,
  /** Takes a server until free. part, amount = wake-up work, a = observer, b = core, wait, work = poll or wake, amount2 = account of wake-ups or -1 */
  hold: 17,
  /** Gives back the server that the token holds, if any. */
  free: 18,
  /** Moves a transfer over a bus. part, amount = one unit's time, amount2 = number of units, a = class, wait, work */
  transfer: 19,
  /** Starts an off-path token. a = its first instruction */
  spawn: 20,
  /** Starts branches and waits. part = fork index, wait */
  fork: 21,
  /** A branch reaches its join. */
  joined: 22,
  /** Goes to `a` if the choice says no. part, amount */
  branch: 23,
  /** Goes to `a`. */
  jump: 24,
  /** Begins a loop. part = register, amount = rounds, a = past the end, amount2 = payload of a full round or -1 */
  loop: 25,
  /** Ends a round. part = register, a = first instruction of the body */
  again: 26,
  /** Adds amount to an account. a = account, amount */
  count: 27,
  /** Ends the message unfinished. a = reason */
  drop: 28,
  /** Never becomes visible before what went ahead. part, wait */
  order: 29,
  /** Units of one transfer land in any order. part = scatter index, amount = units, work */
  scatter: 30,
  /** Reports a read that saw the flag before the data. a = account */
  tornCheck: 31,
  /** A chain of exclusive first-come first-served stages, without events. part = chain index */
  chain: 32,
  /** As delay, or as work, drawn. amount = distribution index, a = category or -1, work */
  draw: 33,
  /** As need, where bytes appear only at the end of their codeword. part = clock, amount, work */
  needBlock: 34,
  /** Speculation: goes back by amount, but not before mark `a` (-1: none). wait = join, work = overlap */
  lead: 35,
  /** As stage, service drawn. part, amount = distribution, wait, work */
  drawStage: 36,
  /** As queue, service drawn. part, amount = distribution, a = class, b = slot of displaced time, wait, work */
  drawQueue: 37,
} as const;
export type Op = (typeof OP)[keyof typeof OP];
