import { TIMER, type Agenda } from "./agenda.js";
import { PHASE } from "./order.js";
import type { BatchPolicy, BatchSpec, Program } from "./program.js";
import type { SizeTable } from "./size-table.js";
import { INT, REAL } from "./tokens.js";

/** What a batch asks of the machine when it closes. */
export interface BatchCloser {
  /** Starts the carrier of a closed batch now, on behalf of `leader`. */
  startCarrier(batch: number, leader: number): void;
  /** Bytes of a token that waits in a batch, as its join states them. */
  bytesOf(token: number): number;
  readonly sizes: SizeTable;
  end(token: number): void;
}

/**
 * Groups tokens. Three laws of when a group closes, which are not the same thing:
 * - `timer-from-first`: the timer starts with the first member;
 * - `timer-from-last`: every member restarts it;
 * - `throttle`: two closings lie at least the timer apart, the first comes at once.
 * A batch with a carrier stays shut while the carrier works (interrupts masked) until it is opened again; a policy
 * may then set timer and count anew.
 */
export class Batch {
  private readonly timer: number;
  head = -1;
  tail = -1;
  size = 0;
  /** Members' arrivals: of the first now waiting and of the last. */
  private firstAt = -0;
  private lastAt = -0;
  private lastClosing = -Infinity;
  /** When the batch last closed: members that came before share the carrier's segments. */
  closedAt = -0;
  open = true;
  closings = 0;
  released = 0;
  peak = 0;
  private readonly policy: BatchPolicy | null;
  /** Members served since the batch was last opened, and their bytes. */
  private servedMembers = 0;
  private servedBytes = 0;

  constructor(readonly spec: BatchSpec, private readonly index: number, private readonly agenda: Agenda, private readonly machine: BatchCloser & { readonly program: Pick<Program, "wait"> }) {
    this.timer = agenda.newTimer(TIMER.batch, index);
    this.policy = spec.policy?.() ?? null;
  }

  join(token: number): void {
    const { tokens } = this.agenda;
    const now = this.agenda.calendar.time;
    tokens.ints[2 * token + INT.next] = -1;
    if (this.size === 0) {
      this.head = token;
      this.firstAt = now;
    } else tokens.ints[2 * this.tail + INT.next] = token;
    this.tail = token;
    this.lastAt = now;
    this.size++;
    if (this.size > this.peak) this.peak = this.size;
    if (this.open) this.consider();
  }

  /** Takes the first member; -1 when none waits. */
  takeFirst(): number {
    const token = this.head;
    if (token < 0) return -1;
    const { ints, reals } = this.agenda.tokens;
    this.head = ints[2 * token + INT.next]!;
    this.size--;
    this.released++;
    if (this.size > 0) this.firstAt = reals[this.head + REAL.cursor]!;
    if (this.policy !== null) {
      this.servedMembers++;
      this.servedBytes += this.machine.bytesOf(token);
    }
    return token;
  }

  /** The carrier has finished; members that came meanwhile are considered at once. */
  reopen(): void {
    this.open = true;
    if (this.policy !== null) {
      this.policy.served(this.servedMembers, this.servedBytes, this.agenda.calendar.time);
      this.servedMembers = 0;
      this.servedBytes = 0;
    }
    if (this.size > 0) this.consider();
  }

  expire(): void {
    if (this.open && this.size > 0) this.close();
  }

  private consider(): void {
    const { law } = this.spec;
    const { count, time: delay } = this.policy ?? this.spec;
    const now = this.agenda.calendar.time;
    if (law === "none" || this.size >= count) return this.close();
    let due = this.firstAt + delay;
    if (law === "timer-from-last") due = this.lastAt + delay;
    if (law === "throttle") due = this.lastClosing + delay;
    // A closing that is due now still lets arrivals of this instant in: the timer expires after them.
    this.agenda.setTimer(this.timer, due > now ? due - now : 0, PHASE.expire);
  }

  private close(): void {
    const now = this.agenda.calendar.time;
    this.agenda.cancel(this.timer);
    this.lastClosing = now;
    this.closedAt = now;
    this.closings++;
    if (this.spec.carrier >= 0) {
      this.open = false;
      this.machine.startCarrier(this.index, this.head);
    } else this.releaseAll();
  }

  private absorbSecond(leader: number): void {
    const { tokens } = this.agenda;
    const member = tokens.ints[2 * leader + INT.next]!;
    tokens.ints[2 * leader + INT.next] = tokens.ints[2 * member + INT.next]!;
    this.size--;
    this.released++;
    // It goes on as part of the first, which gives back what both have claimed.
    const { sizes } = this.machine;
    tokens.ints[2 * leader + INT.size] = sizes.row(sizes.payloadOf(tokens.ints[2 * leader + INT.size]!) + sizes.payloadOf(tokens.ints[2 * member + INT.size]!));
    tokens.ints[2 * member + INT.claims] = 0;
    this.machine.end(member);
  }

  private releaseAll(): void {
    const { tokens } = this.agenda;
    const now = this.agenda.calendar.time;
    if (this.spec.merges === true) for (const leader = this.head; this.size > 1; ) this.absorbSecond(leader);
    for (let token = this.takeFirst(); token >= 0; token = this.takeFirst()) {
      // Different steps may join one batch: the wait is charged to the one that this member came by.
      const slot = this.machine.program.wait[tokens.ints[2 * token + INT.pc]! - 1]!;
      tokens.reals[token + REAL.slots + slot]! += now - tokens.reals[token + REAL.cursor]!;
      tokens.reals[token + REAL.cursor] = now;
      this.agenda.resume(token, PHASE.complete);
    }
  }
}
