import { WirelatError } from "../errors/index.js";
import { ORDER, placeOfChild } from "./order.js";

/** No program needs more messages in flight at once; beyond it the scenario is overloaded and says so. */
export const MAX_TOKENS = 2 ** 20;
const FIRST_CAPACITY = 64;
/** In place of the parent of a branch whose race was decided without it. */
export const ORPHAN = -2;

function grown<T extends Float64Array | Int32Array>(column: T, length: number): T {
  const larger = new (column.constructor as new (length: number) => T)(length);
  larger.set(column as never);
  return larger;
}

/** One row per token: a message in flight, or one of its children. Rows are taken and given back; nothing is allocated per message. */
export class Tokens {
  capacity = FIRST_CAPACITY;
  /** First free row, linked through `next`. */
  private freeHead = 0;
  live = 0;
  peak = 0;

  pc = new Int32Array(FIRST_CAPACITY);
  /** Offset into the size table. */
  size = new Int32Array(FIRST_CAPACITY);
  /** Links a free list, or the queue in which the token waits. */
  next = new Int32Array(FIRST_CAPACITY);
  parent = new Int32Array(FIRST_CAPACITY);
  /** Branches still to arrive. */
  pending = new Int32Array(FIRST_CAPACITY);
  /** Branch that arrived last, -1 for none. */
  binding = new Int32Array(FIRST_CAPACITY);
  children = new Int32Array(FIRST_CAPACITY);
  core = new Int32Array(FIRST_CAPACITY);
  path = new Int32Array(FIRST_CAPACITY);
  source = new Int32Array(FIRST_CAPACITY);
  /** Slots that the token may write to, half open. */
  slotFrom = new Int32Array(FIRST_CAPACITY);
  slotTo = new Int32Array(FIRST_CAPACITY);
  /** Which of the ranks kept for its message is its own: 0 for the message itself. */
  place = new Int32Array(FIRST_CAPACITY);
  /** Number of the message; -1 for what works on its behalf. */
  number = new Int32Array(FIRST_CAPACITY);
  /** Number of the message whose metrics end in this off-path work; -1 for none. */
  aside = new Int32Array(FIRST_CAPACITY);
  /** A branch was dropped: its reason + 1, and 0 while there is none. */
  lost = new Int32Array(FIRST_CAPACITY);
  claims = new Int32Array(FIRST_CAPACITY);
  /** Server held, -1 for none. */
  holding = new Int32Array(FIRST_CAPACITY);
  /** Carrier on whose core a member of a batch is being served, -1 for none. */
  carrier = new Int32Array(FIRST_CAPACITY);
  /** Buffer that was written last on its behalf, -1 for none. */
  slot = new Int32Array(FIRST_CAPACITY);
  round0 = new Int32Array(FIRST_CAPACITY);
  round1 = new Int32Array(FIRST_CAPACITY);
  /** Payload of the whole message while a loop works on a chunk. */
  whole = new Float64Array(FIRST_CAPACITY);
  cursor = new Float64Array(FIRST_CAPACITY);
  /** When the message was sent. */
  begun = new Float64Array(FIRST_CAPACITY);
  /** A(0) of the profile that travels with the message. */
  first = new Float64Array(FIRST_CAPACITY);
  rank = new Float64Array(FIRST_CAPACITY);
  /** Number that keys this message's random draws. */
  draw = new Float64Array(FIRST_CAPACITY);
  /** When the last scattered unit lands. */
  landed = new Float64Array(FIRST_CAPACITY);
  /** What a queueing part needs to remember of a waiting token. */
  need = new Float64Array(FIRST_CAPACITY);
  rows: Float64Array;
  marks: Float64Array;

  constructor(readonly slots: number, readonly markCount: number) {
    this.rows = new Float64Array(FIRST_CAPACITY * slots);
    this.marks = new Float64Array(FIRST_CAPACITY * markCount);
    this.linkFree(0);
  }

  /** A cleared row; the caller sets what it needs. */
  take(): number {
    if (this.freeHead < 0) this.grow();
    const token = this.freeHead;
    this.freeHead = this.next[token]!;
    this.live++;
    if (this.live > this.peak) this.peak = this.live;
    this.parent[token] = -1;
    this.children[token] = 0;
    this.core[token] = -1;
    this.holding[token] = -1;
    this.carrier[token] = -1;
    this.claims[token] = 0;
    this.aside[token] = -1;
    this.lost[token] = 0;
    this.slot[token] = -1;
    this.round0[token] = 0;
    this.round1[token] = 0;
    this.landed[token] = 0;
    this.need[token] = 0;
    return token;
  }

  /** Forgets which taps the last owner of a row passed, and when. */
  unmark(token: number): void {
    this.marks.fill(NaN, token * this.markCount, (token + 1) * this.markCount);
  }

  give(token: number): void {
    this.next[token] = this.freeHead;
    this.freeHead = token;
    this.live--;
  }

  /** What a token does once more must not be drawn as it was before. */
  drawAnew(token: number): void {
    const own = this.place[token]!;
    this.draw[token]! += (placeOfChild(own, ++this.children[token]!) - own) * ORDER.childDraws;
  }

  get bytes(): number {
    return this.rows.byteLength + this.marks.byteLength + this.capacity * (22 * 4 + 8 * 8);
  }

  private linkFree(from: number): void {
    for (let token = from; token < this.capacity; token++) this.next[token] = token + 1;
    this.next[this.capacity - 1] = -1;
    this.freeHead = from;
  }

  private grow(): void {
    const from = this.capacity;
    const to = from * 2;
    if (to > MAX_TOKENS) {
      throw new WirelatError("overload", `more than ${MAX_TOKENS} messages and their companions are in flight: more comes in than can go out`, { remedy: "Lower the rate, send fewer messages, or let a full queue drop." });
    }
    for (const name of ["pc", "size", "next", "parent", "pending", "binding", "children", "core", "path", "source", "place", "number", "slotFrom", "slotTo", "aside", "lost", "claims", "holding", "carrier", "slot", "round0", "round1"] as const) this[name] = grown(this[name], to);
    for (const name of ["whole", "cursor", "begun", "first", "rank", "draw", "landed", "need"] as const) this[name] = grown(this[name], to);
    this.rows = grown(this.rows, to * this.slots);
    this.marks = grown(this.marks, to * this.markCount);
    this.capacity = to;
    this.linkFree(from);
  }
}
