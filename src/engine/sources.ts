import { InternalFault } from "../errors/index.js";
import { componentKey, ExponentialStream, exponentialTime, uniform } from "../random/index.js";
import { TIMER, type Agenda } from "./agenda.js";
import { BLOCK, type Block } from "./block.js";
import { Express, type ExpressHost } from "./express.js";
import type { LedgerOptions } from "./ledger.js";
import { PHASE, rankOf } from "./order.js";
import type { ArrivalSpec, SourceSpec } from "./program.js";
import { INT, REAL, type Tokens } from "./tokens.js";

type Arrivals<Kind> = Extract<ArrivalSpec, { readonly kind: Kind }>;

/** What a source needs of the machine. */
export interface SourceHost extends ExpressHost {
  readonly tokens: Tokens;
  readonly agenda: Agenda;
  readonly options: LedgerOptions & { readonly seed: number; readonly messages: number; readonly until?: number };
  /** Messages sent so far, by all sources. */
  sent: number;
}

/**
 * Makes messages at their intended times. A message's draws are keyed by the source's name and the message's
 * index in it, so that a further source changes none of them, and messages of two sources draw nothing alike where they pass the same component.
 */
export class Source {
  private readonly timer: number;
  private readonly key0: number;
  private readonly key1: number;
  private index = 0;
  /** Number that keys the draws of its first message; those of the others follow. */
  readonly firstDraw: number;
  /** Time without jitter of the next message, and its remainder in 1/den ps. */
  private base = -0;
  private remainder = 0;
  private inBurst = 0;
  private burstStart = -0;
  private state = 0;
  private stateEnds = -1;
  private draws = 0;
  /** Intended time of the next message. */
  nextAt = -0;

  /** A client of a closed source asks anew when its message has ended. */
  readonly closed: boolean;
  private readonly agenda: Agenda;
  /** Carries the messages of a path that needs no events; null for others. */
  private readonly express: Express | null;
  /** Gap between the messages of a burst, 0 for others. */
  private readonly burstGap: number;
  /** Mean of exponential gaps, -1 for others. */
  private readonly gapMean: number;
  /** Draws the gaps of a whole block where they are exponential and nothing ends them, null for others. */
  private readonly gaps: ExponentialStream | null;
  private readonly entry: number;
  private readonly slots: readonly [number, number];
  /** From this time on it sends nothing. */
  private readonly until: number;

  constructor(readonly spec: SourceSpec, private readonly number: number, private readonly machine: SourceHost) {
    if (neverSends(spec)) throw new InternalFault(`the source ${spec.name} has no state in which it sends, or none that lasts`);
    this.agenda = machine.agenda;
    this.timer = this.agenda.newTimer(TIMER.source, number);
    this.gapMean = spec.arrivals.kind === "renewal" && spec.arrivals.gap.law === "exponential" ? spec.arrivals.gap.mean() : -1;
    this.burstGap = spec.arrivals.kind === "burst" ? spec.arrivals.gap(spec.payload) : 0;
    this.closed = spec.arrivals.kind === "closed";
    this.express = machine.program.paths[spec.path]!.express === true ? new Express(machine, spec.path, spec.arrivals.kind !== "series") : null;
    this.entry = machine.program.paths[spec.path]!.entry;
    this.slots = machine.program.paths[spec.path]!.slots;
    this.until = machine.options.until ?? Infinity;
    const key = componentKey(machine.options.seed, spec.name);
    [this.key0, this.key1] = key;
    // The others begin a long way from it and from each other, each where its name says, among a thousand million numbers.
    this.firstDraw = number === 0 ? 0 : this.key0 >>> 2;
    this.gaps = this.gapMean >= 0 && this.until === Infinity ? new ExponentialStream(this.gapMean, key, BLOCK.rows) : null;
  }

  start(): void {
    if (this.spec.arrivals.kind === "closed") return this.startClients(this.spec.arrivals.population);
    this.scheduleNext();
  }

  /** Makes the message whose time has come and schedules the next; the token if nothing else comes first, -1 otherwise. */
  expire(): number {
    if (this.express !== null) {
      this.sendBlock(this.express);
      return -1;
    }
    const token = this.begin();
    if (token < 0) return -1;
    this.scheduleNext();
    if (this.agenda.isNext(token, PHASE.arrive)) return token;
    this.agenda.resume(token, PHASE.arrive);
    return -1;
  }

  /** Sends as many messages as an express path takes at once, and comes back for the next. */
  private sendBlock(express: Express): void {
    const { machine } = this;
    const { block } = express;
    const from = machine.sent;
    const most = Math.min(BLOCK.rows, machine.options.messages - from);
    const more = this.gaps !== null && most === BLOCK.rows ? this.fillBlock(block, this.gaps) : this.fillRows(block, most);
    express.run(from, this.firstDraw + this.index - block.count);
    machine.sent += block.count;
    if (more && machine.sent < machine.options.messages) this.schedule();
  }

  /** Makes messages one by one, `most` of them at most; false when the source has no more. */
  private fillRows(block: Block, most: number): boolean {
    let more = most > 0;
    block.count = 0;
    while (more && block.count < most) {
      block.cursor[block.count] = this.nextAt;
      block.size[block.count] = this.sizeRow();
      block.count++;
      this.index++;
      more = this.next();
    }
    return more;
  }

  /** Makes a whole block of messages of one size, whose gaps are drawn together. */
  private fillBlock(block: Block, gaps: ExponentialStream): boolean {
    const { cursor } = block;
    gaps.fill(cursor, BLOCK.rows, this.index + 1);
    let at = this.nextAt;
    for (let row = 0; row < BLOCK.rows; row++) {
      const gap = cursor[row];
      cursor[row] = at;
      at += gap;
    }
    this.nextAt = at;
    block.size.fill(this.sizeRow());
    block.count = BLOCK.rows;
    this.index += BLOCK.rows;
    return true;
  }

  /** A client of a closed source has its answer and thinks before it asks again. */
  recycle(token: number): void {
    const { arrivals } = this.spec;
    if (arrivals.kind !== "closed") return;
    this.nextAt = this.agenda.tokens.reals[token + REAL.cursor]! + arrivals.think.sample(this.key0, this.key1, this.index, 0);
    if (this.nextAt < this.until) this.injectClient();
  }

  private startClients(population: number): void {
    for (let client = 0; client < population; client++) this.injectClient();
  }

  /** A new message at `nextAt`: its token, or -1 when no more are wanted. */
  private begin(): number {
    const { machine } = this;
    const number = machine.sent;
    if (number >= machine.options.messages) return -1;
    machine.sent = number + 1;
    const token = machine.tokens.take();
    this.fill(token, number);
    // Who looks at rows must not take the marks of an earlier message in this row for those of this one.
    if (machine.options.observer !== undefined) machine.tokens.unmark(token);
    return token;
  }

  private fill(token: number, number: number): void {
    const { machine } = this;
    const { tokens } = machine;
    tokens.ints[2 * token + INT.pc] = this.entry;
    tokens.ints[2 * token + INT.size] = this.sizeRow();
    tokens.ints[2 * token + INT.path] = this.spec.path;
    tokens.ints[2 * token + INT.source] = this.number;
    tokens.ints[2 * token + INT.number] = number;
    tokens.ints[2 * token + INT.place] = 0;
    tokens.ints[2 * token + INT.slotFrom] = this.slots[0];
    tokens.ints[2 * token + INT.slotTo] = this.slots[1];
    tokens.reals[token + REAL.cursor] = this.nextAt;
    tokens.reals[token + REAL.first] = this.nextAt;
    tokens.reals[token + REAL.begun] = this.nextAt;
    tokens.reals[token + REAL.rank] = rankOf(number);
    tokens.reals[token + REAL.draw] = this.firstDraw + this.index++;
  }

  private injectClient(): void {
    const token = this.begin();
    if (token >= 0) this.agenda.resume(token, PHASE.arrive);
  }

  private scheduleNext(): void {
    if (this.next()) this.schedule();
  }

  private schedule(): void {
    this.agenda.due[this.timer] = Infinity;
    this.agenda.setTimer(this.timer, this.nextAt - this.agenda.calendar.time, PHASE.complete);
  }

  /** Sets the intended time of message `index`; false when the source has run dry, or its time is over. */
  private next(): boolean {
    return this.arrive() && this.nextAt < this.until;
  }

  private arrive(): boolean {
    const { arrivals } = this.spec;
    switch (arrivals.kind) {
      case "constant":
        return this.nextConstant(arrivals);
      case "renewal":
        this.nextAt += this.gapMean >= 0 ? exponentialTime(this.gapMean, this.key0, this.key1, this.index, 0) : arrivals.gap.sample(this.key0, this.key1, this.index, 0);
        return true;
      case "burst":
        return this.nextInBurst(arrivals);
      case "on-off":
        return this.nextOnOff(arrivals);
      case "series":
        return this.nextInSeries(arrivals);
      default:
        return false;
    }
  }

  private nextConstant({ num, den, jitter }: Arrivals<"constant">): boolean {
    this.nextAt = this.base;
    this.remainder += num % den;
    this.base += Math.floor(num / den);
    if (this.remainder >= den) {
      this.remainder -= den;
      this.base++;
    }
    if (jitter !== 0) this.nextAt += Math.floor(uniform(this.key0, this.key1, this.index, 0) * jitter * (num / den));
    return true;
  }

  private nextInBurst({ count, period }: Arrivals<"burst">): boolean {
    this.nextAt = this.burstStart + this.inBurst * this.burstGap;
    if (++this.inBurst === count) {
      this.inBurst = 0;
      this.burstStart += period;
    }
    return true;
  }

  /** Markov-modulated Poisson process: the state's own clock competes with the next arrival. */
  private nextOnOff({ rates, sojourns }: Arrivals<"on-off">): boolean {
    let from = this.nextAt;
    for (;;) {
      if (this.stateEnds < 0) this.stateEnds = from + this.exponentialDraw(sojourns[this.state]!);
      const gap = rates[this.state]! > 0 ? this.exponentialDraw(rates[this.state]!) : Infinity;
      if (from + gap <= this.stateEnds) {
        this.nextAt = from + gap;
        return true;
      }
      from = this.stateEnds;
      this.stateEnds = -1;
      this.state = (this.state + 1) % rates.length;
    }
  }

  private exponentialDraw(mean: number): number {
    return exponentialTime(mean, this.key0, this.key1, this.draws++, 1);
  }

  private nextInSeries({ times, loop }: Arrivals<"series">): boolean {
    const turn = Math.floor(this.index / times.length);
    if (turn > 0 && loop <= 0) return false;
    this.nextAt = times[this.index % times.length]! + turn * loop;
    return true;
  }

  /** Offset into the size table of the next message. */
  private sizeRow(): number {
    const { arrivals, payload } = this.spec;
    return this.machine.sizes.row(arrivals.kind === "series" ? arrivals.payloads[this.index % arrivals.payloads.length]! : payload);
  }
}

/** Looking for its next message it would go round its states for ever. */
function neverSends({ arrivals }: SourceSpec): boolean {
  return arrivals.kind === "on-off" && (!arrivals.rates.some((period, state) => period > 0 && arrivals.sojourns[state]! > 0));
}
