import { OP, PHASE, type Instruction } from "../../src/engine/index.js";
import type { TimedSketch } from "./journeys.js";

interface Message {
  readonly index: number;
  pc: number;
  time: number;
  readonly first: number;
  readonly rounds: number[];
  held: number;
}
interface Pending {
  readonly time: number;
  readonly phase: number;
  readonly index: number;
  readonly run: () => void;
}

/**
 * The same language, executed in the plainest way: one event per instruction, a sorted list for a calendar, a list for every queue.
 * It knows delays, stages, waits for bytes, blocking pools, held servers (served at once or after a wake-up) and loops; it shares
 * no line with the engine.
 */
class NaiveSimulator {
  private readonly agenda: Pending[] = [];
  readonly ends: number[];
  private readonly freeAt: number[][];
  private readonly pools: { left: number; readonly waiting: { readonly message: Message; readonly units: number }[] }[];
  private readonly servers: { holder: number; idleSince: number; readonly waiting: Message[] }[];

  constructor(private readonly of: TimedSketch) {
    this.ends = of.times.map(() => -1);
    this.freeAt = (of.stages ?? []).map((stage) => new Array<number>(stage.servers).fill(0));
    this.pools = (of.pools ?? []).map((pool) => ({ left: pool.capacity, waiting: [] }));
    this.servers = (of.servers ?? []).map(() => ({ holder: -1, idleSince: 0, waiting: [] }));
  }

  run(): void {
    const { agenda } = this;
    this.of.times.forEach((time, index) => this.resume({ index, pc: 0, time, first: time, rounds: [0, 0], held: -1 }));
    while (agenda.length > 0) {
      agenda.sort((a, b) => a.time - b.time || a.phase - b.phase || a.index - b.index);
      agenda.shift()!.run();
    }
  }

  private resume(message: Message): void {
    // Giving back comes before anything that is claimed at the same instant.
    const op = this.of.code[message.pc]?.op;
    const phase = op === OP.release || op === OP.free ? PHASE.complete : PHASE.arrive;
    this.agenda.push({ time: message.time, phase, index: message.index, run: () => this.execute(message) });
  }

  private onwards(message: Message, time = message.time, pc = message.pc + 1): void {
    message.time = time;
    message.pc = pc;
    this.resume(message);
  }

  private execute(message: Message): void {
    const one = this.of.code[message.pc];
    if (one === undefined) this.ends[message.index] = message.time;
    else if (one.op === OP.delay) this.onwards(message, message.time + this.value(message, one.amount));
    else if (one.op === OP.need) this.onwards(message, Math.max(message.time, message.first + this.value(message, one.amount)));
    else if (one.op === OP.stage) this.stage(message, one);
    else if (one.op === OP.claim) this.claim(message, one);
    else if (one.op === OP.release) this.release(message, one);
    else if (one.op === OP.hold) this.hold(message, one);
    else if (one.op === OP.free) this.free(message);
    else if (one.op === OP.loop || one.op === OP.again) this.loop(message, one);
    else throw new Error(`the naive simulator does not know instruction ${one.op}`);
  }

  private value(message: Message, amount: number | undefined): number {
    return this.of.amounts![amount!]!(message.index);
  }

  private stage(message: Message, one: Instruction): void {
    const clocks = this.freeAt[one.part!]!.sort((a, b) => a - b);
    const start = Math.max(message.time, clocks[0]!);
    clocks[0] = start + this.value(message, one.amount2);
    this.onwards(message, start + this.value(message, one.amount));
  }

  private claim(message: Message, one: Instruction): void {
    const pool = this.pools[one.part!]!;
    const units = this.value(message, one.amount);
    if (pool.waiting.length > 0 || pool.left < units) return void pool.waiting.push({ message, units });
    pool.left -= units;
    this.onwards(message);
  }

  private release(message: Message, one: Instruction): void {
    const pool = this.pools[one.part!]!;
    pool.left += this.value(message, one.amount);
    const { time } = message;
    const serve = (): void => {
      for (let [first] = pool.waiting; first !== undefined && first.units <= pool.left; [first] = pool.waiting) {
        pool.waiting.shift();
        pool.left -= first.units;
        this.onwards(first.message, time);
      }
    };
    this.agenda.push({ time, phase: PHASE.grant, index: -1, run: serve });
    this.onwards(message);
  }

  private hold(message: Message, one: Instruction): void {
    const server = this.servers[one.part!]!;
    if (server.holder >= 0) return void server.waiting.push(message);
    server.holder = message.index;
    message.held = one.part!;
    this.onwards(message, message.time + (server.idleSince < message.time ? this.value(message, one.amount) : 0));
  }

  private free(message: Message): void {
    const server = this.servers[message.held]!;
    const heir = server.waiting.shift();
    const { time } = message;
    server.idleSince = time;
    server.holder = heir === undefined ? -1 : heir.index;
    if (heir !== undefined) {
      heir.held = message.held;
      this.agenda.push({ time, phase: PHASE.grant, index: heir.index, run: () => this.onwards(heir, time) });
    }
    this.onwards(message);
  }

  private loop(message: Message, one: Instruction): void {
    const { rounds } = message;
    const register = one.part!;
    if (one.op === OP.again) {
      rounds[register]!++;
      return this.onwards(message, message.time, one.a!);
    }
    if (rounds[register]! < this.value(message, one.amount)) return this.onwards(message);
    rounds[register] = 0;
    this.onwards(message, message.time, one.a!);
  }
}

/** When every message of the program ends. */
export function naiveEnds(of: TimedSketch): number[] {
  const simulator = new NaiveSimulator(of);
  simulator.run();
  return simulator.ends;
}
