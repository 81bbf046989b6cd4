import { distribution, exponential } from "../../dist/random/index.js";
import { OP, type ArrivalSpec, type Instruction, type Program } from "../../dist/engine/index.js";

// The benchmarks run the compiled program: only there are the opcodes literals, as they are for users.

const MEAN_GAP = 1_000_000;

/** Tokens that each come back after an exponential delay, `rounds` times: the hold model. */
export function phold(tokens: number, rounds: number): Program {
  return program({
    code: [
      { op: OP.loop, part: 0, amount: 0, a: 5 },
      { op: OP.draw, amount: 0 },
      { op: OP.stage, part: 0, amount: 1, amount2: 1 },
      { op: OP.again, part: 0, a: 1 },
    ],
    arrivals: { kind: "closed", population: tokens, think: distribution.constant(1) },
    amounts: [() => rounds, () => 0],
    draws: [distribution.exponential(MEAN_GAP)],
    stages: 1,
  });
}

/** M/M/1 at a load of 0.8. */
export const mm1 = (): Program => program({ code: [{ op: OP.drawStage, part: 0, amount: 0 }], arrivals: poisson(), draws: [distribution.exponential(0.8 * MEAN_GAP)], stages: 1 });

const STAGES = 12;
const SERVICE = 600_000;

/** Poisson arrivals through twelve first-come first-served stages with exponential service, the busiest at a load of 0.6. */
export const pipelineExponential = (): Program =>
  program({ code: stages((part) => ({ op: OP.drawStage, part, amount: part })), arrivals: poisson(), draws: Array.from({ length: STAGES }, () => distribution.exponential(SERVICE)), stages: STAGES });

/** The same with constant service. */
export const pipelineConstant = (): Program =>
  program({ code: stages((part) => ({ op: OP.stage, part, amount: 0, amount2: 0 })), arrivals: poisson(), amounts: [() => SERVICE], stages: STAGES });

const poisson = (): ArrivalSpec => ({ kind: "renewal", gap: distribution.exponential(MEAN_GAP) });
const stages = (one: (part: number) => Instruction): Instruction[] => Array.from({ length: STAGES }, (_, part) => one(part));

interface Workload {
  readonly code: readonly Instruction[];
  readonly arrivals: ArrivalSpec;
  readonly amounts?: Program["amounts"];
  readonly draws?: readonly Program["draws"][number]["sampler"][];
  readonly stages: number;
}

function program(of: Workload): Program {
  const code: Instruction[] = [{ op: OP.mark, a: 0 }, ...of.code, { op: OP.mark, a: 1 }, { op: OP.end }];
  const column = (read: (one: Instruction) => number | undefined, absent: number): Int32Array => Int32Array.from(code, (one) => read(one) ?? absent);
  return {
    op: Uint8Array.from(code, (one) => one.op),
    part: column((one) => one.part, -1),
    amount: column((one) => one.amount, -1),
    amount2: column((one) => one.amount2, -1),
    a: column((one) => one.a, -1),
    b: column((one) => one.b, -1),
    wait: column(() => 0, 0),
    work: column(() => 1, 1),
    amounts: of.amounts ?? [],
    draws: (of.draws ?? []).map((sampler, index) => ({ component: `draw ${index}`, sampler })),
    slots: [{ step: "stage", label: "wait", kind: "queue" }, { step: "stage", label: "work", kind: "process" }],
    marks: 2,
    accounts: [], reasons: [], cores: [], categories: [], servers: [], pools: [], batches: [], buses: [], clocks: [], forks: [], spawns: [], choices: [], caches: [], rings: [], stores: [], scatters: [], orders: [],
    stages: Array.from({ length: of.stages }, (_, index) => ({ name: `stage ${index}`, servers: 1, discipline: "fifo" as const })),
    paths: [{ name: "path", entry: 0, slots: [0, 2], metrics: [{ name: "latency", fromMark: 0, toMark: 1, fromEdge: -1, toEdge: -1, slots: [0, 2] }] }],
    sources: [{ name: "source", path: 0, arrivals: of.arrivals, payload: 64 }],
  };
}

/**
 * What the pipeline comes to without an engine: Lindley's recursion in a plain loop over the same arrivals. It says how fast the machine is,
 * and what no simulator can be faster than. Returns the sum of the latencies, so that nothing of it can be left out.
 */
export function plainLoop(messages: number, drawn: boolean): number {
  const freeAt = new Float64Array(STAGES);
  let arrival = 0;
  let sum = 0;
  for (let message = 0; message < messages; message++) {
    arrival += Math.floor(MEAN_GAP * exponential(1, 2, message, 0) + 0.5);
    let at = arrival;
    for (let stage = 0; stage < STAGES; stage++) {
      const free = freeAt[stage]!;
      at = (free > at ? free : at) + (drawn ? Math.floor(SERVICE * exponential(stage, 7, message, 0) + 0.5) : SERVICE);
      freeAt[stage] = at;
    }
    sum += at - arrival;
  }
  return sum;
}
