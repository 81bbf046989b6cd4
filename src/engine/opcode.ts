/**
 * What the machine can execute. A comment names the columns each one reads: part, amount, amount2, a, b, wait slot, work slot.
 * A const enum, so that the interpreter's cases are literals and its switch a jump table.
 */
export const enum OP {
  /** Ends the token; a message is measured here. */
  end,
  /** Cursor += amount. work */
  delay,
  /** Like delay, while bytes stream through: the profile moves along. work */
  stream,
  /** CPU work on the core that the token holds. amount, a = category, work */
  work,
  /** Waits for the byte that arrives `amount` after the first one. work */
  need,
  /** As need, where bytes appear only at the end of their codeword. part = clock, amount, work */
  needBlock,
  /** Waits for the next clock edge. part, wait */
  align,
  /** Passes whole clock cycles, from edge to edge. part, a = cycles, work */
  cycles,
  /** Remembers the cursor. a = mark */
  mark,
  /** Gives `amount` units back, `amount2` from now (-1: now). part, amount, amount2 */
  release,
  /** The token answers for `a` claims more, or fewer if negative: a message hands what it has claimed to its off-path work. a */
  answer,
  /** A member gives the carrier back its cursor. */
  handBack,
  /** Gives back the server that the token holds, if any and if it is not the part. part = server to keep, -1 for none */
  free,
  /** Starts an off-path token. a = its first instruction, part = its slots or -1 for any of the path */
  spawn,
  /** A branch reaches its join. */
  joined,
  /** Goes to `a`. */
  jump,
  /** Begins a loop. part = register, amount = rounds, a = past the end, amount2 = payload of a full round or -1 */
  loop,
  /** Ends a round. part = register, a = first instruction of the loop, amount2 as in loop */
  again,
  /** Adds amount to an account. a = account, amount */
  count,
  /** Ends the message unfinished. a = reason */
  drop,
  /** Units of one transfer land in any order. part = scatter index, amount = units, work */
  scatter,
  /** Reports a read that saw the flag before the data. a = account */
  tornCheck,
  /** Counts off-path work that has taken longer than amount since it was spawned. amount, a = account */
  lateCheck,
  /** Speculation: goes back by amount, but not before mark `a` (-1: none). wait = join, work = overlap */
  lead,
  /** As delay, or as work, drawn. amount = distribution index, a = category or -1, work */
  draw,
  /** As stage, send, drawStage where only this instruction claims it and messages come in order: no event is needed. */
  stageInOrder,
  sendInOrder,
  drawStageInOrder,
  /** A run of stageInOrder and drawStageInOrder up to instruction a; the other columns are those of the first. */
  chain,
  /** Of a traced program: notes what has become of the token. part = instruction as written, a = beginning, behind it or end */
  trace,

  // From here on instructions claim something shared: in time order, first come first served.

  /** Claims a first-come first-served stage. part, amount = latency, amount2 = occupancy, wait, work */
  stage,
  /** Claims a transmitter for `amount` and flies for `amount2`; the bytes' profile starts anew. part = stage, wait, work */
  send,
  /** As stage, service drawn. part, amount = distribution, wait, work */
  drawStage,
  /** Claims a stage whose discipline needs a queue. part, amount = service, a = class, b = slot of displaced time, wait, work */
  queue,
  /** As queue, service drawn. part, amount = distribution, a = class, b = slot of displaced time, wait, work */
  drawQueue,
  /**
   * CPU work on the core that the token holds, where cores are shared or taken away: at once on a core of its own, else in turn.
   * amount (amount2 = 1: a distribution), a = category, b = slot of displaced time, wait, work
   */
  compute,
  /** Claims `amount` units of a pool. part, amount, wait, a = where a refused claim goes */
  claim,
  /** Joins a batch. part, amount = bytes for the batch's policy (-1: none), wait */
  join,
  /** Takes a server until free. part, amount = wake-up work, a = observer, b = core, amount2 = account of wake-ups or -1, wait, work = poll or wake */
  hold,
  /** Moves a transfer over a bus. part, amount = one unit's time, amount2 = number of units, a = class, wait, work */
  transfer,
  /** Starts branches and waits. part = fork index */
  fork,
  /** Goes to `a` if the choice says no. part */
  branch,
  /** Sets out now, lands after amount, but not before what set out ahead. part, amount, wait, work */
  order,

  // These look at what has become visible, after all that happens at the same instant.

  /** As hold, by a polling observer. */
  holdPolling,
  /** Carrier of a batch: hands out the members. part, a = first instruction of a member */
  poll,
  /** Carrier opens the batch again. part */
  rearm,
}

/** Opcodes from which on an instruction waits for its turn, and from which on it looks. */
export const enum TURN {
  firstShared = OP.stage,
  firstObserving = OP.holdPolling,
}
export type Op = OP;
