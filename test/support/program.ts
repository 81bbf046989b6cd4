import { distribution } from "../../src/random/index.js";
import { Machine, OP, runToEnd, type ArrivalSpec, type Instruction, type LatencySink, type MachineOptions, type Program } from "../../src/engine/index.js";

/** What a test states of a program; everything else is empty. Slots are named by their index. */
export interface ProgramSketch extends Partial<Omit<Program, "op" | "part" | "amount" | "amount2" | "a" | "b" | "wait" | "work" | "slots" | "paths" | "sources">> {
  readonly code: readonly Instruction[];
  /** Kinds of the slots. */
  readonly slots?: readonly string[];
  readonly arrivals: ArrivalSpec;
  readonly payload?: number;
}

/** A one-path program that measures from mark 0 (first instruction) to mark 1 (last before the end); both are added. */
export function sketch(of: ProgramSketch): Program {
  const code: Instruction[] = [{ op: OP.mark, a: 0 }, ...of.code.map(shifted), { op: OP.mark, a: 1 }, { op: OP.end }];
  const column = (read: (one: Instruction) => number | undefined, absent: number): Int32Array => Int32Array.from(code, (one) => read(one) ?? absent);
  const kinds = of.slots ?? ["queue", "process"];
  return {
    op: Uint8Array.from(code, (one) => one.op),
    part: column((one) => one.part, -1),
    amount: column((one) => one.amount, -1),
    amount2: column((one) => one.amount2, -1),
    a: column((one) => one.a, -1),
    b: column((one) => one.b, -1),
    wait: column((one) => one.wait, 0),
    work: column((one) => one.work, 0),
    amounts: of.amounts ?? [],
    draws: of.draws ?? [],
    slots: kinds.map((kind, index) => ({ step: "test", label: String(index), kind })),
    marks: of.marks ?? 2,
    accounts: of.accounts ?? [],
    reasons: of.reasons ?? [],
    cores: of.cores ?? [],
    categories: of.categories ?? ["user", "wake"],
    stages: of.stages ?? [],
    servers: of.servers ?? [],
    pools: of.pools ?? [],
    batches: of.batches ?? [],
    buses: of.buses ?? [],
    clocks: of.clocks ?? [],
    forks: of.forks ?? [],
    spawns: of.spawns ?? [],
    choices: of.choices ?? [],
    caches: of.caches ?? [],
    rings: of.rings ?? [],
    stores: of.stores ?? [],
    scatters: of.scatters ?? [],
    orders: of.orders ?? [],
    paths: [{ name: "test", entry: 0, slots: [0, kinds.length], metrics: [{ name: "latency", fromMark: 0, toMark: 1, fromEdge: -1, toEdge: -1, slots: [0, kinds.length] }] }],
    sources: [{ name: "source", path: 0, arrivals: of.arrivals, payload: of.payload ?? 64 }],
  };
}

/** Jump targets in a sketch count from its own first instruction; the mark in front moves them by one. */
const JUMPS = new Set<number>([OP.branch, OP.jump, OP.loop, OP.again, OP.spawn, OP.poll]);
function shifted(one: Instruction): Instruction {
  if ((one.op === OP.claim || JUMPS.has(one.op)) && one.a !== undefined && one.a >= 0) return { ...one, a: one.a + 1 };
  return one;
}

export interface Ran {
  readonly machine: Machine;
  readonly latencies: number[];
}

/** Runs a program to its end and keeps every latency. */
export function run(program: Program, options: Partial<MachineOptions> = {}): Ran {
  const latencies: number[] = [];
  const sink: LatencySink = { record: (latency) => void latencies.push(latency) };
  const machine = new Machine(program, { seed: 1, messages: 1000, warmup: 0, sampleLimit: 0, sinks: program.paths.map((path) => path.metrics.map(() => sink)), ...options });
  runToEnd(machine);
  return { machine, latencies };
}

export const poisson = (mean: number): ArrivalSpec => ({ kind: "renewal", gap: distribution.exponential(mean) });
export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
