import { ODDS, OBSERVER, OP, pieceEntry, type ForkSpec, type Program } from "../engine/index.js";
import { InternalFault } from "../errors/index.js";
import { usualAnswer } from "./floor-choices.js";
import type { Contribution, Floor } from "./floor-types.js";
import { nothingTaken, type Taken } from "./spans.js";

const MAX_STEPS = 1_000_000;

/**
 * The latency with one message in flight, mean draws and mean alignments, by walking the program: nobody to wait
 * for, polls and clock edges half a period away, moderation timers run to their end.
 */
export function zeroLoadFloor(program: Program, entry: number, payload: number): Floor {
  return new Walk(program, payload).run(entry);
}

class Walk {
  private readonly marks: Float64Array;
  private readonly contributions: Contribution[] = [];
  private readonly asides = new Map<number, readonly Contribution[]>();
  private t = 0;
  private first = 0;
  private readonly rounds = [0, 0];
  private whole = 0;
  /** Clock cycles passed since the last alignment, so that whole edges are counted, not rounded periods. */
  private cycles = 0;
  /** Clock on whose edge the cursor stood last, and when: there a second alignment waits for nothing. */
  private edge = { clock: -1, time: NaN };
  private holding = -1;
  /** While a message goes in pieces: when the last of those ahead has come, and what holds again when they have met. */
  private train: { latest: number; readonly cut: boolean; readonly payload: number; readonly taken: Taken | null } | null = null;
  /** A piece ahead of its message is being walked. */
  private companion = false;
  private stepsLeft = MAX_STEPS;
  /** When each stage and each direction of a bus is taken; kept only while branches or off-path work of one message go side by side. */
  private taken: Taken | null = null;
  /** The same of all off-path work outside of branches; null where no metric ends in any. */
  private readonly besides: Taken | null;

  constructor(private readonly program: Program, private payload: number) {
    this.marks = new Float64Array(program.marks).fill(NaN);
    this.besides = program.spawns.some(({ path }) => path >= 0) ? nothingTaken() : null;
  }

  run(entry: number): Floor {
    this.walk(entry);
    return { marks: this.marks, contributions: this.contributions, asides: this.asides };
  }

  /**
   * Walks off-path work and comes back to where it was started. Where metrics end in some, all of it is walked: what one piece
   * takes, another that was started later finds taken.
   */
  private spawn(pc: number): void {
    const { program, t, first, payload, holding, taken } = this;
    const index = program.part[pc] ?? -1;
    const measured = (program.spawns[index]?.path ?? -1) >= 0;
    if (!measured && (this.besides === null || taken !== null)) return;
    const [before, rounds, marks] = [this.contributions.length, [...this.rounds], this.marks.slice()];
    this.holding = -1;
    this.taken ??= this.besides;
    if (program.spawns[index]?.whole === true && this.train !== null) this.payload = this.train.payload;
    this.walk(program.a[pc] ?? -1);
    if (measured) this.asides.set(index, [...this.contributions]);
    else this.marks.set(marks);
    this.contributions.length = before;
    Object.assign(this.rounds, rounds);
    Object.assign(this, { t, first, payload, holding, taken });
  }

  private walk(entry: number): void {
    let pc = entry;
    while (pc >= 0) {
      if (--this.stepsLeft < 0) throw new InternalFault("the zero-load walk does not end");
      const before = this.t;
      const next = this.step(pc);
      if (this.t !== before) this.contributions.push({ pc, time: this.t - before });
      pc = next;
    }
  }

  private amount(index: number): number {
    return this.program.amounts[index]?.(this.payload) ?? 0;
  }

  /** Executes one instruction; the next one, or -1 at the end. */
  private step(pc: number): number {
    const { program } = this;
    switch (program.op[pc]) {
      case OP.end:
      case OP.drop:
      case OP.joined:
        return -1;
      case OP.jump:
        return program.a[pc] ?? -1;
      case OP.branch:
        return this.takes(program.part[pc] ?? 0) ? pc + 1 : program.a[pc] ?? -1;
      case OP.loop:
        return this.loop(pc);
      case OP.again: {
        const register = program.part[pc] ?? 0;
        this.rounds[register] = (this.rounds[register] ?? 0) + 1;
        if ((program.amount2[pc] ?? -1) >= 0) this.payload = this.whole;
        return program.a[pc] ?? -1;
      }
      case OP.poll:
        return program.a[pc] ?? -1;
      case OP.join:
        // One message alone leads its batch: what its carrier does comes before its own steps.
        this.advance(pc);
        return program.batches[program.part[pc] ?? 0]?.gathers === undefined ? pc + 1 : pc + 2;
      case OP.spawn:
        this.spawn(pc);
        return pc + 1;
      case OP.fork:
        this.fork(program.part[pc] ?? 0);
        return pc + 1;
      case OP.mark:
        this.marks[program.a[pc] ?? 0] = this.t;
        return pc + 1;
      default:
        this.advance(pc);
        return pc + 1;
    }
  }

  private advance(pc: number): void {
    const { program } = this;
    const value = this.amount(program.amount[pc] ?? -1);
    switch (program.op[pc]) {
      case OP.stage:
      case OP.stageInOrder:
        this.queueFor("stages", pc, this.amount(program.amount2[pc] ?? -1));
        this.t += value;
        return;
      case OP.delay:
      case OP.work:
      case OP.queue:
        this.t += value;
        return;
      case OP.stream:
        this.t += value;
        this.first += value;
        return;
      case OP.need:
        this.t = Math.max(this.t, this.first + value);
        return;
      case OP.needBlock:
        this.t = Math.max(this.t, this.first + value) + this.halfPeriod(program.part[pc] ?? 0);
        return;
      case OP.send:
      case OP.sendInOrder:
        this.queueFor("stages", pc, value);
        this.t += this.amount(program.amount2[pc] ?? -1);
        this.first = this.t;
        return;
      case OP.compute:
        this.t += program.amount2[pc] === 1 ? this.meanOf(program.amount[pc] ?? 0) : value;
        return;
      case OP.draw:
      case OP.drawStage:
      case OP.drawStageInOrder:
      case OP.drawQueue:
        this.t += this.meanOf(program.amount[pc] ?? 0);
        return;
      case OP.transfer: {
        const whole = value * this.amount(program.amount2[pc] ?? -1);
        this.queueFor("buses", pc, whole);
        this.t += whole;
        return;
      }
      case OP.lead:
        this.t -= value;
        return;
      default:
        this.waits(pc, value);
    }
  }

  private waits(pc: number, value: number): void {
    const { program } = this;
    const part = program.part[pc] ?? 0;
    switch (program.op[pc]) {
      case OP.align:
        if (this.edge.clock === part && this.edge.time === this.t) return;
        this.t += this.halfPeriod(part);
        this.cycles = 0;
        this.edge = { clock: part, time: this.t };
        return;
      case OP.order:
        this.t += value;
        return;
      case OP.cycles: {
        const clock = program.clocks[part];
        if (clock === undefined) return;
        const from = Math.floor((this.cycles * clock.num) / clock.den);
        this.cycles += program.a[pc] ?? 0;
        this.t += Math.floor((this.cycles * clock.num) / clock.den) - from;
        this.edge = { clock: part, time: this.t };
        return;
      }
      case OP.hold:
      case OP.holdPolling: {
        const amount = program.amount[pc] ?? -1;
        if (this.holding === part) return;
        this.holding = part;
        this.t += program.a[pc] === OBSERVER.poll ? Math.round((program.servers[part]?.period ?? 0) / 2) : amount < -1 ? this.meanOf(-2 - amount) : value;
        return;
      }
      case OP.free:
        this.holding = -1;
        return;
      case OP.join: {
        const batch = program.batches[part];
        if (batch !== undefined && batch.count > 1 && (batch.law === "timer-from-first" || batch.law === "timer-from-last")) this.t += batch.time;
        return;
      }
      case OP.scatter:
        this.t += Math.round((program.scatters[part]?.spread ?? 0) / 2);
        return;
      default:
        return;
    }
  }

  private meanOf(draw: number): number {
    return Math.round(this.program.draws[draw]?.sampler.mean() ?? 0);
  }

  private halfPeriod(clock: number): number {
    const { num, den } = this.program.clocks[clock] ?? { num: 0, den: 1 };
    return Math.round(num / den / 2);
  }

  private takes(index: number): boolean {
    const choice = this.program.choices[index];
    if (choice === undefined) return true;
    switch (choice.kind) {
      case "size":
      case "odds":
        return this.amount(choice.amount) >= (choice.kind === "size" ? 1 : ODDS / 2);
      case "companion":
        return this.companion;
      case "piece":
        return this.train?.cut === true;
      case "complete":
        return this.train === null || this.t >= this.train.latest;
      default:
        return usualAnswer(choice, this.program);
    }
  }

  private loop(pc: number): number {
    const { program } = this;
    const register = program.part[pc] ?? 0;
    const round = this.rounds[register] ?? 0;
    const chunk = program.amount2[pc] ?? -1;
    if (round >= this.amount(program.amount[pc] ?? -1)) {
      this.rounds[register] = 0;
      return program.a[pc] ?? -1;
    }
    if (chunk >= 0) {
      if (round === 0) this.whole = this.payload;
      this.payload = Math.min(this.amount(chunk), this.whole - round * this.amount(chunk));
    }
    return pc + 1;
  }

  /** Waits for what an earlier branch or other off-path work of the same message has taken, and takes it. */
  private queueFor(kind: "stages" | "buses", pc: number, occupancy: number): void {
    if (this.taken !== null) this.t = this.taken[kind].take(this.program.part[pc] ?? 0, this.t, occupancy);
  }

  /** Each branch on its own from here; the slowest binds, in a race the fastest. Pieces of one payload go one behind the other. */
  private fork(index: number): void {
    const fork = this.program.forks[index];
    if (fork === undefined) return;
    if (fork.kind === "fan-out") this.fanOut(fork);
    else if (fork.kind === "train") this.depart(fork);
    else if (fork.kind === "meeting") this.meet();
    else {
      const { t, first } = this;
      const ends = fork.branches.map((branch) => {
        this.t = t;
        this.first = first;
        this.walk(branch);
        return this.t;
      });
      this.t = fork.kind === "race" ? Math.min(...ends) : Math.max(...ends);
    }
  }

  /** The pieces ahead of the message go their way first; the last is the message itself. */
  private depart(fork: ForkSpec): void {
    const { t, first, payload, taken, holding } = this;
    const of = (amount: number | undefined): number => this.program.amounts[amount ?? -1]?.(payload) ?? 0;
    const [count, chunk, pace, every] = [of(fork.count), of(fork.chunk), of(fork.pace), of(fork.every)];
    const [listed, marks] = [this.contributions.length, this.marks.slice()];
    this.train = { latest: t, cut: count > 1, payload, taken };
    this.taken ??= nothingTaken();
    for (let piece = 0; piece < count - 1; piece++) {
      Object.assign(this, { stepsLeft: MAX_STEPS, companion: true, t: t + Math.floor(piece / every) * pace, first, payload: chunk, holding: -1 });
      this.walk(fork.branches[0] ?? -1);
      this.train.latest = Math.max(this.train.latest, this.t);
    }
    this.contributions.length = listed;
    this.marks.set(marks);
    Object.assign(this, { companion: false, t: t + Math.floor((count - 1) / every) * pace, first, payload: of(fork.content) - (count - 1) * chunk, holding });
  }

  private meet(): void {
    if (this.train !== null) Object.assign(this, { t: Math.max(this.t, this.train.latest), payload: this.train.payload, taken: this.train.taken, train: null });
  }

  /** The pieces set out together and queue for every stage and bus that they pass; the one that comes last binds and is what is listed. */
  private fanOut(fork: ForkSpec): void {
    const { t, first, payload, taken } = this;
    const count = this.amount(fork.count);
    const chunk = this.amount(fork.chunk);
    const listed = this.contributions.length;
    let last = { t, first, lines: [] as Contribution[] };
    this.taken ??= nothingTaken();
    for (let piece = 0; piece < count; piece++) {
      this.stepsLeft = MAX_STEPS;
      this.t = t;
      this.first = first;
      this.payload = Math.min(chunk, payload - piece * chunk);
      this.walk(pieceEntry(fork, piece, count));
      const lines = this.contributions.splice(listed);
      if (this.t >= last.t) last = { t: this.t, first: this.first, lines };
    }
    this.payload = payload;
    this.taken = taken;
    this.t = last.t;
    this.first = last.first;
    this.contributions.push(...last.lines);
  }
}
