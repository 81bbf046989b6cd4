import { OBSERVER, OP, type Instruction, type ServerSpec, type StageSpec } from "../../src/engine/index.js";

/** Instructions as tests write them: amounts are indices into the sketch's amounts, waits go to slot 0 and work to slot 1. */
const SLOTS = { wait: 0, work: 1 } as const;

export const delay = (amount: number): Instruction => ({ op: OP.delay, amount, work: 1 });
export const work = (amount: number, category = 0): Instruction => ({ op: OP.work, amount, a: category, work: 1 });
export const need = (amount: number): Instruction => ({ op: OP.need, amount, work: 1 });
export const stage = (part: number, latency: number, occupancy = latency): Instruction => ({ op: OP.stage, part, amount: latency, amount2: occupancy, ...SLOTS });
export const drawStage = (part: number, draw: number): Instruction => ({ op: OP.drawStage, part, amount: draw, ...SLOTS });
/** Displaced time goes to slot 2. */
export const queue = (part: number, service: number, klass = 0): Instruction => ({ op: OP.queue, part, amount: service, a: klass, b: 2, ...SLOTS });
export const drawQueue = (part: number, draw: number, klass = 0): Instruction => ({ op: OP.drawQueue, part, amount: draw, a: klass, b: 2, ...SLOTS });
export const send = (part: number, occupancy: number, flight: number): Instruction => ({ op: OP.send, part, amount: occupancy, amount2: flight, ...SLOTS });
export const claim = (part: number, units: number, refused = -1): Instruction => ({ op: OP.claim, part, amount: units, a: refused, ...SLOTS });
export const release = (part: number, units: number): Instruction => ({ op: OP.release, part, amount: units });
export const transfer = (part: number, unit: number, units: number, klass = 0): Instruction => ({ op: OP.transfer, part, amount: unit, amount2: units, a: klass, ...SLOTS });
export const join = (part: number): Instruction => ({ op: OP.join, part, wait: 0 });
export const branch = (choice: number, no: number): Instruction => ({ op: OP.branch, part: choice, a: no });
export const jump = (to: number): Instruction => ({ op: OP.jump, a: to });
export const fork = (index: number): Instruction => ({ op: OP.fork, part: index });
export const loop = (rounds: number, end: number, chunk = -1, register = 0): Instruction => ({ op: OP.loop, part: register, amount: rounds, a: end, amount2: chunk });
export const again = (start: number, chunk = -1, register = 0): Instruction => ({ op: OP.again, part: register, a: start, amount2: chunk });
export const spawn = (first: number): Instruction => ({ op: OP.spawn, a: first });
export const drop = (reason: number): Instruction => ({ op: OP.drop, a: reason });
export const count = (account: number, amount: number): Instruction => ({ op: OP.count, a: account, amount });
export const joined: Instruction = { op: OP.joined };
export const end: Instruction = { op: OP.end };
export const free: Instruction = { op: OP.free };
export const handBack: Instruction = { op: OP.handBack };

const OBSERVERS = { serve: OBSERVER.serve, poll: OBSERVER.poll, sleep: OBSERVER.sleep } as const;

/** Takes a server whose core has the same number; waking it costs `wake`. */
export function hold(server: number, wake: number, how: keyof typeof OBSERVERS = "serve"): Instruction {
  return { op: how === "poll" ? OP.holdPolling : OP.hold, part: server, amount: wake, a: OBSERVERS[how], b: server, amount2: -1, ...SLOTS };
}

export function server(of: Partial<ServerSpec> = {}): ServerSpec {
  return { name: "server", period: 0, phase: 0, jitter: 0, idle: null, ...of };
}

export function station(discipline: StageSpec["discipline"] = "fifo", servers = 1, name = "station"): StageSpec {
  return { name, servers, discipline };
}
