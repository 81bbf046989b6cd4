import type { Agenda } from "./agenda.js";
import { PHASE, placeOfChild } from "./order.js";
import type { ForkSpec, Program } from "./program.js";
import type { SizeTable } from "./size-table.js";
import { INT, REAL, type Tokens } from "./tokens.js";

/** What is needed of the machine. */
export interface Station {
  readonly tokens: Tokens;
  readonly sizes: SizeTable;
  readonly agenda: Agenda;
  readonly program: Program;
  readonly cpu: Float64Array;
  child(of: number, pc: number, phase: PHASE): number;
  end(token: number): void;
}

/** A message that goes in pieces, one behind the other: its last piece is the message itself, those ahead are companions. */
interface Train {
  /** The message; -1 once it has been dropped. */
  message: number;
  readonly pieces: number;
  /** Companions under way. */
  left: number;
  /** A companion was lost. */
  torn: boolean;
  /** The message is where the pieces meet, and companions are not. */
  waits: boolean;
  /** Payload and rank of the message as a whole. */
  readonly payload: number;
  readonly rank: number;
}

/** Messages whose pieces are under way, and what became of them. */
export class Trains {
  private readonly of = new Map<number, Train>();
  /** Messages of which a piece was lost, until they are asked. */
  private readonly torn = new Set<number>();

  constructor(private readonly machine: Station) {}

  /** Sends companions ahead. All go on behind the fork, the message behind them. */
  depart(token: number, spec: ForkSpec, pc: number): void {
    const { machine } = this;
    const { tokens, sizes, agenda, program } = machine;
    const at = (index: number | undefined): number => sizes.values[tokens.ints[2 * token + INT.size]! + index!]!;
    const [count, chunk, content] = [at(spec.count), at(spec.chunk), at(spec.content)];
    const [pace, every] = [at(spec.pace), at(spec.every)];
    const train: Train = { message: token, pieces: count, left: count - 1, torn: false, waits: false, payload: sizes.payloadOf(tokens.ints[2 * token + INT.size]!), rank: tokens.reals[token + REAL.rank]! };
    const begin = tokens.reals[token + REAL.cursor]!;
    const after = (piece: number): number => Math.floor(piece / every) * pace;
    this.of.set(token, train);
    for (let piece = 0; piece < count - 1; piece++) {
      tokens.reals[token + REAL.cursor] = begin + after(piece);
      const companion = machine.child(token, pc + 1, PHASE.arrive);
      tokens.ints[2 * companion + INT.size] = sizes.row(chunk);
      this.of.set(companion, train);
    }
    // Where pieces want the same thing at the same time, the last goes last.
    const own = tokens.ints[2 * token + INT.place]!;
    tokens.reals[token + REAL.rank]! += placeOfChild(own, ++tokens.ints[2 * token + INT.children]!) - own;
    tokens.ints[2 * token + INT.size] = sizes.row(content - (count - 1) * chunk);
    tokens.reals[token + REAL.cursor] = begin + after(count - 1);
    tokens.reals[token + REAL.slots + program.work[pc]!]! += after(count - 1);
    if (tokens.ints[2 * token + INT.core]! >= 0) machine.cpu[tokens.ints[2 * token + INT.core]! + program.a[pc]!]! += after(count - 1);
    tokens.ints[2 * token + INT.pc] = pc + 1;
    agenda.resume(token, PHASE.arrive);
  }

  /** Whether it is a piece ahead of its message. */
  isCompanion(token: number): boolean {
    const train = this.of.get(token);
    return train !== undefined && train.message !== token;
  }

  /** Whether it is one of several. */
  isPiece(token: number): boolean {
    return (this.of.get(token)?.pieces ?? 1) > 1;
  }

  /** Whether nobody is under way any more that was sent ahead. */
  isComplete(token: number): boolean {
    return (this.of.get(token)?.left ?? 0) === 0;
  }

  /** Offset of the amounts of the whole message. */
  wholeOf(token: number): number {
    const { tokens, sizes } = this.machine;
    const train = this.of.get(token);
    return train === undefined ? tokens.ints[2 * token + INT.size]! : sizes.row(train.payload);
  }

  /** Whether a piece of a message that has met its companions was lost; answers once. */
  wasTorn(token: number): boolean {
    return this.torn.delete(token);
  }

  /** A companion has come to where the pieces meet. True if the token is one, and has ended. */
  arrive(token: number): boolean {
    const train = this.of.get(token);
    if (train === undefined || train.message === token) return false;
    const time = this.machine.tokens.reals[token + REAL.cursor]!;
    this.machine.end(token);
    this.leave(train, token, time);
    return true;
  }

  /** A token is dropped that may be a piece. */
  drop(token: number): void {
    const train = this.of.get(token);
    if (train === undefined) return;
    if (train.message === token) {
      train.message = -1;
      this.of.delete(token);
      return;
    }
    train.torn = true;
    this.leave(train, token, this.machine.tokens.reals[token + REAL.cursor]!);
  }

  /** The message is where its pieces meet, and is whole again once all are there. */
  meet(token: number): void {
    const train = this.of.get(token);
    if (train === undefined) this.machine.agenda.resume(token, PHASE.complete);
    else if (train.left === 0) this.whole(train);
    else train.waits = true;
  }

  private leave(train: Train, companion: number, time: number): void {
    this.of.delete(companion);
    train.left--;
    if (train.left > 0 || !train.waits) return;
    const { tokens, program } = this.machine;
    const { message } = train;
    tokens.reals[message + REAL.slots + program.wait[tokens.ints[2 * message + INT.pc]! - 1]!]! += time - tokens.reals[message + REAL.cursor]!;
    tokens.reals[message + REAL.cursor] = time;
    this.whole(train);
  }

  private whole(train: Train): void {
    const { tokens, sizes, agenda } = this.machine;
    const { message } = train;
    this.of.delete(message);
    tokens.reals[message + REAL.rank] = train.rank;
    tokens.ints[2 * message + INT.size] = sizes.row(train.payload);
    if (train.torn) this.torn.add(message);
    agenda.resume(message, PHASE.complete);
  }
}
