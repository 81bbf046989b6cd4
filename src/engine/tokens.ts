import { WirelatError } from "../errors/index.js";
import { ORDER, placeOfChild } from "./order.js";

/** No program needs more messages in flight at once; beyond it the scenario is overloaded and says so. */
export const MAX_TOKENS = 2 ** 20;
/** Numbers that there is room for at first; where records need no more, the compiler may take the arrays for constants. */
const FIRST_ROOM = 2 ** 17;
/** In place of the parent of a branch whose race was decided without it. */
export const ORPHAN = -2;
/** Numbers in a line of the cache. */
const LINE = 8;

/**
 * Where a token's whole numbers of 32 bits lie in its record: at `2 * token + …`. What every event needs is in the record's first line of the cache:
 * four doubles, then the first eight of these.
 */
export const enum INT {
  pc = 8,
  /** Offset into the size table. */
  size,
  round0,
  round1,
  claims,
  core,
  /** Links a free list, or the queue in which the token waits. */
  next,
  /** Server held, -1 for none. */
  holding,
  /** Carrier on whose core a member of a batch is being served, -1 for none. */
  carrier,
  /** Number of the message; -1 for what works on its behalf. */
  number,
  parent,
  path,
  source,
  /** Slots that the token may write to, half open. */
  slotFrom,
  slotTo,
  /** Which of the ranks kept for its message is its own: 0 for the message itself. */
  place,
  children,
  /** Number of the message whose metrics end in this off-path work; -1 for none. */
  aside,
  /** Buffer that was written last on its behalf, -1 for none. */
  slot,
  /** Branches still to arrive. */
  pending,
  /** Branch that arrived last, -1 for none. */
  binding,
  /** A branch was dropped: its reason + 1, and 0 while there is none. */
  lost,
  count,
}

/** Where its other numbers lie, at `token + …`: behind these the slots of its row, and then its marks. */
export const enum REAL {
  cursor,
  rank,
  /** Number that keys this message's random draws. */
  draw,
  /** Service of the stage that the token waits for, where it was drawn when the token began to wait; -1 otherwise. */
  ahead,
  /** A(0) of the profile that travels with the message. Behind the whole numbers, of which two take the place of one of these. */
  first = (INT.count + 1) >> 1,
  /** When the message was sent. */
  begun,
  /** What a queueing part needs to remember of a waiting token. */
  need,
  /** When the last scattered unit lands. */
  landed,
  /** Payload of the whole message while a loop works on a chunk. */
  whole,
  slots,
}

/** The records of all tokens: one block of memory with two views. */
export interface Records {
  readonly ints: Int32Array;
  readonly reals: Float64Array;
}

/**
 * A record for each token: a message in flight, or one of its children. A token is told by the place of its record's first double.
 * Records are taken and given back; nothing is allocated per message.
 */
export class Tokens implements Records {
  ints: Int32Array;
  reals: Float64Array;
  /** From one record to the next: an odd number of lines, so that not all records begin in the same few places of the cache. */
  readonly stride: number;
  /** Where the marks of a record begin. */
  readonly marksAt: number;
  live = 0;
  peak = 0;
  /** First record given back, linked through `next`, and the first that was never taken. */
  private freeHead = -1;
  private fresh = 0;

  constructor(readonly slots: number, readonly markCount: number, room?: number) {
    this.marksAt = REAL.slots + slots;
    const lines = Math.ceil((this.marksAt + markCount) / LINE);
    this.stride = (lines | 1) * LINE;
    const numbers = this.stride * (room ?? Math.max(1, Math.floor(FIRST_ROOM / this.stride)));
    this.reals = new Float64Array(numbers);
    this.ints = new Int32Array(this.reals.buffer);
  }

  /** A cleared record; the caller sets what it needs. */
  take(): number {
    const token = this.freeHead >= 0 ? this.freeHead : this.takeFresh();
    const { ints, reals } = this;
    this.freeHead = ints[2 * token + INT.next]!;
    this.live++;
    if (this.live > this.peak) this.peak = this.live;
    ints[2 * token + INT.parent] = -1;
    ints[2 * token + INT.children] = 0;
    ints[2 * token + INT.core] = -1;
    ints[2 * token + INT.holding] = -1;
    ints[2 * token + INT.carrier] = -1;
    ints[2 * token + INT.claims] = 0;
    ints[2 * token + INT.aside] = -1;
    ints[2 * token + INT.lost] = 0;
    ints[2 * token + INT.slot] = -1;
    ints[2 * token + INT.round0] = 0;
    ints[2 * token + INT.round1] = 0;
    reals[token + REAL.landed] = 0;
    reals[token + REAL.need] = 0;
    reals[token + REAL.ahead] = -1;
    return token;
  }

  /** Forgets which taps the last owner of a record passed, and when. */
  unmark(token: number): void {
    const from = token + this.marksAt;
    this.reals.fill(NaN, from, from + this.markCount);
  }

  /** A copy of its row of the ledger. */
  rowOf(token: number): Float64Array {
    return this.reals.slice(token + REAL.slots, token + this.marksAt);
  }

  /** A copy of its marks. */
  marksOf(token: number): Float64Array {
    return this.reals.slice(token + this.marksAt, token + this.marksAt + this.markCount);
  }

  /** Gives a token the marks of another. */
  copyMarks(to: number, from: number): void {
    const { marksAt } = this;
    this.reals.copyWithin(to + marksAt, from + marksAt, from + marksAt + this.markCount);
  }

  give(token: number): void {
    this.ints[2 * token + INT.next] = this.freeHead;
    this.freeHead = token;
    this.live--;
  }

  /** What a token does once more must not be drawn as it was before. */
  drawAnew(token: number): void {
    const own = this.ints[2 * token + INT.place]!;
    this.reals[token + REAL.draw]! += (placeOfChild(own, ++this.ints[2 * token + INT.children]!) - own) * ORDER.childDraws;
  }

  get bytes(): number {
    return this.reals.byteLength;
  }

  private takeFresh(): number {
    const token = this.fresh;
    if (token === this.reals.length) this.grow();
    this.fresh = token + this.stride;
    this.ints[2 * token + INT.next] = -1;
    return token;
  }

  private grow(): void {
    const from = this.reals.length;
    if (from >= MAX_TOKENS * this.stride) {
      throw new WirelatError("overload", `more than ${MAX_TOKENS} messages and their companions are in flight: more comes in than can go out`, { remedy: "Lower the rate, send fewer messages, or let a full queue drop." });
    }
    const to = Math.min(from * 2, MAX_TOKENS * this.stride);
    const { ints } = this;
    this.reals = new Float64Array(to);
    this.ints = new Int32Array(this.reals.buffer);
    this.ints.set(ints);
  }
}
