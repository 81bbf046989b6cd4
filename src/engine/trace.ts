import { OP } from "./opcode.js";
import { messageOf } from "./order.js";
import type { Instruction, Program } from "./program.js";
import { relocate, type Line } from "./relocate.js";
import { INT, REAL, type Tokens } from "./tokens.js";

/** What an inserted instruction notes: a token's beginning, what has become of it behind an instruction, its end. */
export const NOTE = { begin: 0, behind: 1, end: 2 } as const;

/** Behind these a token does not go on, or has never moved in time. */
const UNNOTED: ReadonlySet<number> = new Set([OP.end, OP.drop, OP.joined, OP.jump, OP.loop, OP.again, OP.branch, OP.count, OP.handBack, OP.spawn, OP.rearm, OP.tornCheck, OP.lateCheck]);
const LAST: ReadonlySet<number> = new Set([OP.end, OP.drop, OP.joined]);

/**
 * The same program with an instruction behind each one that takes time, which notes what it came to. It runs to the same
 * trajectory, and a program that is not to be traced has nothing of it.
 */
export function instrumented(program: Program): Program {
  const entries = new Set([
    ...program.paths.map((path) => path.entry),
    ...program.batches.map((batch) => batch.carrier),
    ...program.forks.flatMap((fork) => fork.branches),
    ...Array.from(program.op, (op, pc) => (op === OP.spawn ? program.a[pc]! : -1)),
  ]);
  // Nothing may stand between a join and the jump that tells where its members belong: what became of them is noted where they go on.
  const led = (pc: number): boolean => program.op[pc] === OP.join && program.op[pc + 1] === OP.jump;
  const joins = new Map(Array.from(program.op, (_, pc) => [led(pc) ? program.a[pc + 1]! : -1, pc]));
  const lines: Line[] = [];
  const moved = new Int32Array(program.op.length + 1);
  const note = (pc: number, kind: number): Instruction => ({ op: OP.trace, part: pc, a: kind });
  program.op.forEach((op, pc) => {
    moved[pc] = lines.length;
    const joined = joins.get(pc);
    if (joined !== undefined) lines.push(note(joined, NOTE.behind));
    if (entries.has(pc)) lines.push(note(pc, NOTE.begin));
    if (LAST.has(op)) lines.push(note(pc, NOTE.end));
    lines.push(pc);
    if (!UNNOTED.has(op) && !led(pc)) lines.push(note(pc, NOTE.behind));
  });
  moved[program.op.length] = lines.length;
  return relocate(program, lines, moved);
}

/** A piece of a token's time. `ps` is negative for an overlap only. */
export interface TracedSegment {
  readonly slot: number;
  /** Instruction of the program as it was written. */
  readonly pc: number;
  /** When it began; it ends `ps` later. */
  readonly at: number;
  readonly ps: number;
  /** Message that had what this one waited for, -1 where nobody did or none is known. */
  readonly blocker: number;
}

/**
 * A branch that did not decide when its message went on: where all are waited for, how much longer it could have taken for free; in
 * a race, how much later it came.
 */
export interface TracedLoser {
  readonly segments: readonly TracedSegment[];
  readonly slack: number;
  /** Instruction at which the branches part. */
  readonly fork: number;
}

/** A token from its beginning to its end. */
export interface TokenTrace {
  /** Number of the message that it is, or works for. */
  readonly message: number;
  /** 0 for the message itself, otherwise which of those that work for it. */
  readonly place: number;
  readonly source: number;
  readonly path: number;
  readonly payload: number;
  readonly start: number;
  readonly end: number;
  readonly segments: readonly TracedSegment[];
  readonly losers: readonly TracedLoser[];
  /** Times of the marks that it has passed; NaN for others. */
  readonly marks: Float64Array;
  /** False when it was dropped. */
  readonly finished: boolean;
}

/** Takes what becomes of each token, in the order in which they end. */
export type TraceSink = (trace: TokenTrace) => void;

interface Open {
  readonly rank: number;
  readonly place: number;
  readonly start: number;
  readonly segments: TracedSegment[];
  readonly losers: TracedLoser[];
  readonly shadow: Float64Array;
  at: number;
}

interface Arrived {
  readonly segments: readonly TracedSegment[];
  readonly losers: readonly TracedLoser[];
  readonly end: number;
}

/** What a tracer reads of a run. */
export interface Traced {
  readonly marksAsked: boolean;
  readonly tokens: Tokens;
  readonly sizes: { payloadOf(row: number): number };
  readonly stages: { readonly base: Int32Array; readonly servers: Int32Array; readonly freeAt: Float64Array };
}

/** Follows every token of an instrumented program. Made for looking closely, not for speed: it allocates as it goes. */
export class Tracer {
  private readonly open = new Map<number, Open>();
  /** Branches that have come to their join, by the token that waits there. */
  private readonly arrived = new Map<number, Arrived[]>();
  /** Who had each part last, by kind and number. */
  private readonly holders = new Map<string, number>();
  private readonly freeAt: Float64Array;

  constructor(private readonly program: Program, private readonly run: Traced, private readonly sink: TraceSink) {
    this.freeAt = Float64Array.from(run.stages.freeAt);
  }

  /** Number of the oldest message that is under way, or that something works for; Infinity for none. */
  get oldest(): number {
    let oldest = Infinity;
    for (const { rank } of this.open.values()) oldest = Math.min(oldest, messageOf(rank));
    return oldest;
  }

  /** A token has come to an inserted instruction; its cursor is in its record. */
  note(token: number, pc: number, kind: number): void {
    if (kind === NOTE.begin) return this.begin(token);
    const open = this.open.get(token);
    // A branch that another fork's loop sends back to its beginning is still the same token.
    if (open === undefined) return;
    if (kind === NOTE.behind) this.behind(token, pc, open);
    else this.end(token, pc, open);
  }

  private begin(token: number): void {
    const { tokens } = this.run;
    // The last piece of a message that is cut is the message itself, with another rank on its way.
    const known = this.open.get(token);
    if (known !== undefined && known.place === tokens.ints[2 * token + INT.place]! && messageOf(known.rank) === messageOf(tokens.reals[token + REAL.rank]!)) return;
    const shadow = tokens.rowOf(token);
    this.arrived.delete(token);
    const open: Open = { rank: tokens.reals[token + REAL.rank]!, place: tokens.ints[2 * token + INT.place]!, start: tokens.reals[token + REAL.cursor]!, at: tokens.reals[token + REAL.cursor]!, segments: [], losers: [], shadow };
    if (tokens.ints[2 * token + INT.aside]! >= 0) this.inherited(token, open);
    // Where a choice asks for them, what works for a message has the marks that it had passed.
    else if (!this.run.marksAsked || tokens.ints[2 * token + INT.place] === 0) tokens.unmark(token);
    this.open.set(token, open);
  }

  /** Off-path work in which metrics end has the segments of its message so far, but no longer who stood in its way. */
  private inherited(token: number, open: Open): void {
    const { tokens } = this.run;
    for (let slot = tokens.ints[2 * token + INT.slotFrom]!; slot < tokens.ints[2 * token + INT.slotTo]!; slot++) open.at -= open.shadow[slot]!;
    for (let slot = tokens.ints[2 * token + INT.slotFrom]!; slot < tokens.ints[2 * token + INT.slotTo]!; slot++) {
      const ps = open.shadow[slot]!;
      if (ps === 0) continue;
      open.segments.push({ slot, pc: -1, at: open.at, ps, blocker: -1 });
      open.at += ps;
    }
  }

  private behind(token: number, pc: number, open: Open): void {
    const { tokens } = this.run;
    const blocker = this.blockerOf(pc, messageOf(tokens.reals[token + REAL.rank]!));
    if (this.program.op[pc] === OP.fork) this.joined(token, pc, open);
    const base = token + REAL.slots;
    for (let slot = tokens.ints[2 * token + INT.slotFrom]!; slot < tokens.ints[2 * token + INT.slotTo]!; slot++) {
      const ps = tokens.reals[base + slot]! - open.shadow[slot]!;
      if (ps === 0) continue;
      open.shadow[slot] = tokens.reals[base + slot]!;
      open.segments.push({ slot, pc, at: open.at, ps, blocker: slot === this.program.wait[pc] ? blocker : -1 });
      open.at += ps;
    }
  }

  /** Takes over the segments of the branch that decided, and gives the others their slack. */
  private joined(token: number, pc: number, open: Open): void {
    const { tokens } = this.run;
    const base = token + REAL.slots;
    const branches = this.arrived.get(token) ?? [];
    this.arrived.delete(token);
    const binding = branches.find((branch) => this.decided(branch, token, open));
    if (binding === undefined) return;
    for (const segment of binding.segments) {
      open.segments.push(segment);
      open.shadow[segment.slot] = tokens.reals[base + segment.slot]!;
    }
    open.losers.push(...binding.losers);
    for (const branch of branches) if (branch !== binding) open.losers.push({ segments: branch.segments, slack: Math.abs(binding.end - branch.end), fork: pc });
    open.at = binding.end;
  }

  /** Whether it was this branch that the token's time and segments were taken from. */
  private decided(branch: Arrived, token: number, open: Open): boolean {
    const { tokens } = this.run;
    if (branch.end !== tokens.reals[token + REAL.cursor]!) return false;
    const base = token + REAL.slots;
    const sums = new Map<number, number>();
    for (const { slot, ps } of branch.segments) sums.set(slot, (sums.get(slot) ?? 0) + ps);
    for (let slot = tokens.ints[2 * token + INT.slotFrom]!; slot < tokens.ints[2 * token + INT.slotTo]!; slot++) if (tokens.reals[base + slot]! - open.shadow[slot]! !== (sums.get(slot) ?? 0)) return false;
    return true;
  }

  private end(token: number, pc: number, open: Open): void {
    const { tokens } = this.run;
    this.open.delete(token);
    const { rank, segments, losers } = open;
    const parent = tokens.ints[2 * token + INT.parent]!;
    if (this.program.op[pc] === OP.joined && parent >= 0) {
      const others = this.arrived.get(parent) ?? [];
      others.push({ segments, losers, end: tokens.reals[token + REAL.cursor]! });
      this.arrived.set(parent, others);
      return;
    }
    this.sink({
      message: messageOf(rank), place: tokens.ints[2 * token + INT.place]!, source: tokens.ints[2 * token + INT.source]!, path: tokens.ints[2 * token + INT.path]!, payload: this.run.sizes.payloadOf(tokens.ints[2 * token + INT.size]!), start: open.start, end: tokens.reals[token + REAL.cursor]!,
      segments, losers, marks: tokens.marksOf(token), finished: this.program.op[pc] !== OP.drop,
    });
  }

  /** Who had last what this instruction takes; from now on it is `message`. */
  private blockerOf(pc: number, message: number): number {
    const part = this.program.part[pc]!;
    switch (this.program.op[pc]) {
      case OP.stage:
      case OP.send:
      case OP.drawStage:
        return this.handOver(`stage ${part} ${this.serverTaken(part)}`, message);
      case OP.queue:
      case OP.drawQueue:
        return this.handOver(`queue ${part}`, message);
      case OP.transfer:
        return this.handOver(`bus ${part}`, message);
      case OP.hold:
      case OP.holdPolling:
        return this.handOver(`server ${part}`, message);
      case OP.order:
        return this.handOver(`order ${part}`, message);
      case OP.release:
        this.holders.set(`pool ${part}`, message);
        return -1;
      case OP.claim:
        return this.holders.get(`pool ${part}`) ?? -1;
      default:
        return -1;
    }
  }

  private handOver(part: string, message: number): number {
    const before = this.holders.get(part) ?? -1;
    this.holders.set(part, message);
    return before;
  }

  /** The server of a stage that was booked since one last looked. */
  private serverTaken(stage: number): number {
    const { base, servers, freeAt } = this.run.stages;
    let taken = base[stage]!;
    for (let server = taken; server < base[stage]! + servers[stage]!; server++) {
      if (freeAt[server] !== this.freeAt[server]) taken = server;
      this.freeAt[server] = freeAt[server]!;
    }
    return taken;
  }
}
