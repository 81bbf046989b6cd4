export type { LatencySink, LedgerOptions, RowObserver } from "./ledger.js";
export { Machine, type MachineOptions } from "./machine.js";
export { OP, type Op } from "./opcode.js";
export { FIRST_MESSAGE_RANK, PHASE, PHASE_STRIDE, RANKS_PER_MESSAGE } from "./order.js";
export type * from "./program.js";
export type { Tokens } from "./tokens.js";
export { advance, runToEnd, start } from "./run.js";
export { OBSERVER, pieceEntry } from "./steps.js";
export type { TokenTrace, TracedLoser, TracedSegment, TraceSink } from "./trace.js";
