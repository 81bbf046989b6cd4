import { InternalFault, WirelatError } from "../errors/index.js";
import { componentKey, uniform } from "../random/index.js";
import { Agenda, TIMER } from "./agenda.js";
import { Batch, type BatchCloser } from "./batch.js";
import { Bus } from "./bus.js";
import { KeyedCache, Rings, Store } from "./choices.js";
import { Clock } from "./clock.js";
import { executed } from "./executed.js";
import { keysOf } from "./keys.js";
import { Ledger, type LedgerOptions } from "./ledger.js";
import { OP } from "./opcode.js";
import { ORDER, PHASE, placeOfChild } from "./order.js";
import { packedCode } from "./packed-code.js";
import { makePool } from "./make-pool.js";
import type { Pool } from "./pools.js";
import type { BatchSpec, GatherSpec, Program, SpawnSpec } from "./program.js";
import { QueueingStage, type Finished } from "./queues.js";
import { Sequence } from "./sequence.js";
import { Servers } from "./servers.js";
import { SizeTable } from "./size-table.js";
import { Source } from "./sources.js";
import { Stages } from "./stages.js";
import { INT, REAL, Tokens } from "./tokens.js";
import { Tracer, type TraceSink } from "./trace.js";
import { Trains } from "./trains.js";

export interface MachineOptions extends LedgerOptions {
  readonly seed: number;
  /** Messages to send in all. */
  readonly messages: number;
  /** Messages are sent before this time [ps] only; without it there is none. */
  readonly until?: number;
  /** Sends every claim through the calendar, even where nothing else is pending. Slower, and the same by design: tests compare. */
  readonly detour?: boolean;
  /** Tokens that there is room for at first; the room doubles whenever it is full, and by design nothing else changes: tests compare. */
  readonly room?: number;
  /** False executes the program as written, every claim with its event; the results are the same to the bit. */
  readonly fuse?: boolean;
  /** Follows every token and gives it what becomes of each: much slower, every claim with its event, and the same results. */
  readonly trace?: TraceSink;
}

/** All state of a run: the parts, the tokens and what has been counted. The interpreter moves it. */
export class Machine implements BatchCloser, Finished {
  readonly tokens: Tokens;
  readonly sizes: SizeTable;
  readonly agenda: Agenda;
  readonly ledger: Ledger;
  readonly stages: Stages;
  readonly queues: readonly (QueueingStage | null)[];
  readonly servers: Servers;
  readonly pools: readonly Pool[];
  readonly batches: readonly Batch[];
  readonly buses: readonly Bus[];
  readonly clocks: readonly Clock[];
  readonly caches: readonly KeyedCache[];
  readonly rings: Rings;
  readonly trains = new Trains(this);
  readonly stores: readonly Store[];
  /** Buffers unmapped since the last invalidation, for each cache of translations. */
  readonly unmapped: Float64Array;
  readonly sources: readonly Source[];
  readonly detour: boolean;
  /** Index of the category that wake-ups are charged to, -1 when the program has none. */
  readonly wakeCategory: number;
  /** Without a ledger: for benchmarks of the engine alone. */
  readonly bare: boolean;
  readonly counts: Float64Array;
  /** CPU time by core and category. */
  readonly cpu: Float64Array;
  readonly drops: Float64Array;
  readonly dropsOfSource: Float64Array;
  /** Some choice asks for the time since a mark, which off-path work must then know. */
  readonly marksAsked: boolean;
  /** Latest visibility that each ordering domain has granted. */
  readonly ordered: Float64Array;
  readonly drawKeys: Int32Array;
  /** Means of the exponential laws, -1 for the others. */
  readonly drawMeans: Float64Array;
  readonly choiceKeys: Int32Array;
  readonly scatterKeys: Int32Array;
  /** Keys by which each source's messages draw their flows. */
  readonly flowKeys: Int32Array;
  /** How often each counter of choices has been asked. */
  readonly turns: Float64Array;
  readonly jitterKeys: Int32Array;
  /** Rounds, spending and start of each batch's carrier. */
  readonly polled: Float64Array;
  readonly pollFrom: Float64Array;
  /** Runs of each batch's carrier since it last came to the processor, and when that was. */
  readonly pollRuns: Float64Array;
  readonly runsFrom: Float64Array;
  /** Looks of a deferring carrier that found nobody since one found somebody; and when the carrier last came back to look. */
  readonly idlePolls: Float64Array;
  readonly lookedAt: Float64Array;
  /** Members still to be served in the turn of each batch's carrier. */
  readonly turnLeft: Float64Array;
  /** Members that this turn has begun to serve. */
  readonly turnServed: Float64Array;
  /** The step at which the leader of each batch's carrier joined. */
  readonly gathers: (BatchSpec | GatherSpec)[];
  sent = 0;
  completed = 0;
  events = 0;
  ties = 0;
  /** Number of events after which others get their turn. */
  turnEnds = 0;
  /** Nothing is pending any more. */
  done = false;
  /** Events since time last moved on. */
  atOnce = 0;
  endTime = -0;
  /** The interpreter; given from outside, because what it calls must be able to call it. */
  execute: (token: number, others: boolean) => void = () => undefined;
  /** The records that it knows. */
  known: Int32Array | null = null;
  /** Member that is being served right now, -1 for none; and when the last one handed the core back. */
  serving = -1;
  handedBackAt = -0;

  readonly program: Program;
  readonly code: Int32Array;
  /** Of a traced run. */
  readonly tracer: Tracer | null;

  constructor(written: Program, readonly options: MachineOptions) {
    const { seed } = options;
    this.detour = options.detour === true;
    this.wakeCategory = written.categories.indexOf("wake");
    this.bare = options.bare === true;
    const program = executed(written, { fused: options.fuse !== false, traced: options.trace !== undefined });
    this.program = program;
    this.code = packedCode(program);
    this.tokens = new Tokens(Math.max(1, program.slots.length), Math.max(1, program.marks), options.room);
    this.sizes = new SizeTable(program.amounts);
    this.agenda = new Agenda(this.tokens, !this.bare);
    this.ledger = new Ledger(program, this.sizes, options);
    this.stages = new Stages(program.stages);
    this.queues = program.stages.map((spec, index) => (spec.discipline === "fifo" ? null : new QueueingStage(spec, index, this.agenda, { machine: this, seed })));
    this.servers = new Servers(program.servers, (server) => this.startPhase(program.servers[server]!, program.servers[server]!.period));
    this.pools = program.pools.map((spec, index) => makePool(spec, index, this));
    this.batches = program.batches.map((spec, index) => new Batch(spec, index, this.agenda, this));
    this.buses = program.buses.map((spec, index) => new Bus(spec, index, this.agenda, this));
    this.clocks = program.clocks.map((spec) => new Clock(spec, this.startPhase(spec, Math.floor(spec.num / spec.den))));
    this.caches = program.caches.map((spec) => new KeyedCache(spec, seed));
    this.rings = new Rings(program.rings);
    this.stores = program.stores.map((spec) => new Store(spec.capacity));
    this.unmapped = new Float64Array(program.caches.length);
    this.sources = program.sources.map((spec, index) => new Source(spec, index, this));
    this.counts = new Float64Array(program.accounts.length);
    this.cpu = new Float64Array(program.cores.length * program.categories.length);
    this.drops = new Float64Array(program.reasons.length);
    this.dropsOfSource = new Float64Array(program.sources.length);
    this.marksAsked = program.choices.some(({ kind }) => kind === "since") || program.op.some((op, pc) => op === OP.lead && program.a[pc]! >= 0);
    this.ordered = new Float64Array(program.orders.length);
    this.drawKeys = keysOf(seed, program.draws.map((draw) => draw.component));
    this.drawMeans = Float64Array.from(program.draws, ({ sampler }) => (sampler.law === "exponential" ? sampler.mean() : -1));
    this.choiceKeys = keysOf(seed, program.choices.map((choice) => ("component" in choice ? choice.component : "")));
    this.scatterKeys = keysOf(seed, program.scatters.map((scatter) => scatter.component));
    this.flowKeys = keysOf(seed, program.sources.map((source) => `${source.name}/flow`));
    this.turns = new Float64Array(1 + Math.max(-1, ...program.choices.map((choice) => (choice.kind === "every" ? choice.counter : -1))));
    this.jitterKeys = keysOf(seed, program.servers.map((server) => `${server.name}/jitter`));
    this.polled = new Float64Array(program.batches.length);
    this.pollFrom = new Float64Array(program.batches.length);
    this.pollRuns = new Float64Array(program.batches.length);
    this.runsFrom = new Float64Array(program.batches.length);
    this.idlePolls = new Float64Array(program.batches.length);
    this.lookedAt = new Float64Array(program.batches.length);
    this.turnLeft = new Float64Array(program.batches.length);
    this.turnServed = new Float64Array(program.batches.length);
    this.gathers = [...program.batches];
    this.tracer = options.trace === undefined ? null : new Tracer(written, this, options.trace);
  }

  /** A token that works on behalf of `of`: off its path, with a row of its own, from that one's cursor on or from now. */
  child(of: number, pc: number, phase: PHASE): number {
    const { tokens } = this;
    const token = tokens.take();
    const time = phase === PHASE.complete ? this.agenda.calendar.time : tokens.reals[of + REAL.cursor]!;
    const own = tokens.ints[2 * of + INT.place]!;
    const place = placeOfChild(own, ++tokens.ints[2 * of + INT.children]!);
    tokens.ints[2 * token + INT.pc] = pc;
    tokens.ints[2 * token + INT.size] = tokens.ints[2 * of + INT.size]!;
    tokens.ints[2 * token + INT.number] = -1;
    tokens.ints[2 * token + INT.place] = place;
    tokens.ints[2 * token + INT.slotFrom] = tokens.ints[2 * of + INT.slotFrom]!;
    tokens.ints[2 * token + INT.slotTo] = tokens.ints[2 * of + INT.slotTo]!;
    tokens.ints[2 * token + INT.path] = tokens.ints[2 * of + INT.path]!;
    tokens.ints[2 * token + INT.source] = tokens.ints[2 * of + INT.source]!;
    tokens.reals[token + REAL.cursor] = time;
    tokens.reals[token + REAL.first] = time;
    tokens.ints[2 * token + INT.slot] = tokens.ints[2 * of + INT.slot]!;
    tokens.reals[token + REAL.rank] = tokens.reals[of + REAL.rank]! + place - own;
    tokens.reals[token + REAL.draw] = tokens.reals[of + REAL.draw]! + (place - own) * ORDER.childDraws;
    this.agenda.resume(token, phase);
    return token;
  }

  /**
   * Starts off-path work. What metrics end in takes along the segments and the marks of the message so far, so that its own
   * complete them.
   */
  spawn(of: number, pc: number, spec: SpawnSpec | null): void {
    const { tokens } = this;
    const token = this.child(of, pc, PHASE.arrive);
    if (spec === null) return;
    this.narrow(token, spec.slots);
    if (spec.whole === true) tokens.ints[2 * token + INT.size] = this.trains.wholeOf(of);
    const number = tokens.ints[2 * of + INT.number]!;
    if (spec.path >= 0 || this.marksAsked) tokens.copyMarks(token, of);
    if (spec.path < 0 || number < 0) return;
    const [from, to] = this.program.paths[spec.path]!.slots;
    tokens.reals.copyWithin(token + REAL.slots + from, of + REAL.slots + from, of + REAL.slots + to);
    tokens.ints[2 * token + INT.slotFrom] = from;
    tokens.ints[2 * token + INT.slotTo] = to;
    tokens.ints[2 * token + INT.path] = spec.path;
    tokens.ints[2 * token + INT.aside] = number;
    tokens.reals[token + REAL.begun] = tokens.reals[of + REAL.begun]!;
  }

  /** Tells a child which slots are its own, so that the others need not be looked at. */
  narrow(child: number, slots: readonly [number, number] | null): void {
    if (slots === null) return;
    this.tokens.ints[2 * child + INT.slotFrom] = slots[0];
    this.tokens.ints[2 * child + INT.slotTo] = slots[1];
  }

  bytesOf(token: number): number {
    const amount = this.program.amount[this.tokens.ints[2 * token + INT.pc]! - 1]!;
    return amount < 0 ? 0 : this.sizes.values[this.tokens.ints[2 * token + INT.size]! + amount]!;
  }

  startCarrier(batch: number, leader: number): void {
    const spec = this.program.batches[batch]!;
    const gather = this.gatherOf(spec, leader);
    this.gathers[batch] = gather;
    const entry = spec.gathers === undefined ? spec.carrier : this.tokens.ints[2 * leader + INT.pc]! + 1;
    this.narrow(this.child(leader, entry, PHASE.complete), gather.slots);
    this.startRuns(batch);
    this.idlePolls[batch] = 0;
    this.lookedAt[batch] = -1;
  }

  /** Where the parts of a member belong: the entry that the jump behind its join names. */
  gatherOf(spec: BatchSpec, member: number): BatchSpec | GatherSpec {
    return spec.gathers?.[this.program.part[this.tokens.ints[2 * member + INT.pc]!]!] ?? spec;
  }

  /** A carrier comes to the processor: what it may spend is counted from its first look. */
  startRuns(batch: number): void {
    this.polled[batch] = 0;
    this.pollFrom[batch] = -1;
    this.pollRuns[batch] = 0;
  }

  /** A queue or a bus has served a token that waited in it. */
  finished(token: number, waited: number, served: number, displaced: number): void {
    const { tokens, program } = this;
    const pc = tokens.ints[2 * token + INT.pc]!;
    const base = token + REAL.slots;
    tokens.reals[base + program.wait[pc]!]! += waited;
    tokens.reals[base + program.work[pc]!]! += served;
    if (program.op[pc] === OP.compute) this.cpu[tokens.ints[2 * token + INT.core]! + program.a[pc]!]! += served;
    if (displaced !== 0) tokens.reals[base + program.b[pc]!]! += displaced;
    tokens.reals[token + REAL.cursor] = this.agenda.calendar.time;
    tokens.ints[2 * token + INT.pc] = pc + 1;
    this.agenda.resume(token, PHASE.complete);
  }

  /** A part's timer has come. Returns the token of a message that a source has made and that is next, -1 otherwise. */
  expireTimer(timer: number): number {
    const { agenda } = this;
    if (agenda.due[timer] !== agenda.calendar.time) return -1;
    agenda.due[timer] = Infinity;
    const part = agenda.timerPart[timer]!;
    switch (agenda.timerKind[timer]) {
      case TIMER.source:
        return this.sources[part]!.expire();
      case TIMER.batch:
        this.batches[part]!.expire();
        break;
      case TIMER.queue:
        this.queues[part]!.expire();
        break;
      case TIMER.bus:
        this.buses[part]!.expire();
        break;
      default:
        this.pools[part]!.expire();
    }
    return -1;
  }

  /** Ends a token. A message (no parent, not a carrier) is measured; its row and its claims must be clean. */
  end(token: number): void {
    const { tokens } = this;
    const time = tokens.reals[token + REAL.cursor]!;
    if (tokens.ints[2 * token + INT.claims] !== 0) throw new InternalFault(`a token ends at ${time} ps holding ${tokens.ints[2 * token + INT.claims]} claims`);
    if (time > this.endTime) this.endTime = time;
    const number = tokens.ints[2 * token + INT.number]!;
    if (number >= 0) this.complete(token, number);
    else if (tokens.ints[2 * token + INT.aside]! >= 0) this.ledger.finish(tokens, token, tokens.ints[2 * token + INT.aside]!, tokens.ints[2 * token + INT.path]!);
    else this.ledger.clear(tokens, token);
    tokens.give(token);
  }

  /** Nobody could give back what the message has: whoever comes next would wait for ever. */
  private lostWithClaims(time: number, reason: number): WirelatError {
    const remedy = "Make room, so that nothing is lost there, or let nothing be held across it: a window, a connection, a list of calls.";
    return new WirelatError("loss-unhandled", `a message is lost at ${time} ps (${this.program.reasons[reason]}) while it holds what a later step was to give back`, { remedy });
  }

  /** Ends a message unfinished. */
  drop(token: number, reason: number): void {
    const { tokens } = this;
    const time = tokens.reals[token + REAL.cursor]!;
    if (tokens.ints[2 * token + INT.claims] !== 0) throw this.lostWithClaims(time, reason);
    const parent = tokens.ints[2 * token + INT.parent]!;
    // One of several branches or pieces: whether the message is lost with it is known when the others are.
    if (parent === -1 && !this.trains.isCompanion(token)) this.drops[reason]!++;
    if (time > this.endTime) this.endTime = time;
    this.ledger.clear(tokens, token);
    // Off-path work that is dropped is not a message that is lost.
    if (tokens.ints[2 * token + INT.number]! >= 0) {
      this.dropsOfSource[tokens.ints[2 * token + INT.source]!]!++;
      this.sources[tokens.ints[2 * token + INT.source]!]!.recycle(token);
    }
    this.trains.drop(token);
    for (const pool of this.pools) if (pool instanceof Sequence) pool.forget(token);
    tokens.give(token);
    if (parent >= 0) this.loseBranch(parent, time, reason);
  }

  /** A branch was dropped. All that is left of a race may still win it; of other forks the message is lost once nobody is under way. */
  private loseBranch(parent: number, time: number, reason: number): void {
    const { tokens } = this;
    tokens.ints[2 * parent + INT.lost] = reason + 1;
    if (time > tokens.reals[parent + REAL.cursor]!) tokens.reals[parent + REAL.cursor] = time;
    if (--tokens.ints[2 * parent + INT.pending]! === 0) this.loseForked(parent);
  }

  /** The message of a fork of which a branch was dropped, now that no other is under way. */
  loseForked(parent: number): void {
    const { tokens } = this;
    const best = tokens.ints[2 * parent + INT.binding]!;
    if (best >= 0) {
      if (tokens.reals[best + REAL.cursor]! > tokens.reals[parent + REAL.cursor]!) tokens.reals[parent + REAL.cursor] = tokens.reals[best + REAL.cursor]!;
      this.end(best);
    }
    this.drop(parent, tokens.ints[2 * parent + INT.lost]! - 1);
  }

  private complete(token: number, number: number): void {
    const { tokens } = this;
    this.completed++;
    this.ledger.finish(tokens, token, number, tokens.ints[2 * token + INT.path]!);
    const source = this.sources[tokens.ints[2 * token + INT.source]!]!;
    if (source.closed) source.recycle(token);
  }

  private startPhase(part: { readonly name: string; readonly phase: number | "random" }, period: number): number {
    if (part.phase !== "random") return part.phase;
    const [key0, key1] = componentKey(this.options.seed, `${part.name}/phase`);
    return Math.floor(uniform(key0, key1, 0, 0) * period);
  }
}
