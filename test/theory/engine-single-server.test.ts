import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { distribution } from "../../src/random/index.js";
import { OP, type ArrivalSpec, type Instruction, type Program, type Sampler, type StageSpec } from "../../src/engine/index.js";
import { always } from "../support/journeys.js";
import { claim, drawStage, drop, free, hold, join, jump, release, server, stage, station } from "../support/instructions.js";
import * as oracle from "../support/oracles.js";
import { prng } from "../support/prng.js";
import { poisson, sketch } from "../support/program.js";
import { UNIT, holds, means, replicas, type Replica } from "../support/replicas.js";

const MESSAGES = 20_000;
const RATE = 0.7;
const UNIFORM = { law: distribution.uniform(0.5 * UNIT, 1.5 * UNIT), moments: { mean: 1, square: 1 + 1 / 12 } };
const draws = (...laws: readonly Sampler[]) => laws.map((sampler, index) => ({ component: `service ${index}`, sampler }));
const wait = (row: number, replica: Replica): number => replica.at(row, 0);
const waitAtMost = (t: number) => (row: number, replica: Replica): number => Number(replica.at(row, 0) <= t + 1e-9);

function queueOf(service: Sampler, rate = RATE, stages: readonly StageSpec[] = [station()]): Program {
  return sketch({ code: [drawStage(0, 0)], draws: draws(service), stages, arrivals: poisson(UNIT / rate) });
}

describe("one server, fed by a Poisson stream", () => {
  test("M/M/1: mean, distribution and quantile of the wait, and the exponential sojourn", () => {
    const law = oracle.mm1(RATE, 1);
    const runs = replicas(MESSAGES, queueOf(distribution.exponential(UNIT)));
    holds("mean wait", law.wait, 0.06, means(runs, wait));
    for (const t of [0, 0.5, 2, 5]) holds(`P(wait <= ${t})`, law.waitAtMost(t), 0.03, means(runs, waitAtMost(t)));
    for (const q of [0.9, 0.99]) holds(`P(wait <= p${q * 100})`, q, 0.02, means(runs, waitAtMost(law.waitQuantile(q))));
    holds("P(sojourn <= median)", 0.5, 0.03, means(runs, (row, replica) => Number(replica.total(row) <= law.sojournQuantile(0.5))));
  });

  test("M/D/1: mean and distribution of the wait", () => {
    const law = oracle.md1(RATE, 1);
    const runs = replicas(MESSAGES, sketch({ code: [stage(0, 0)], amounts: always(UNIT), stages: [station()], arrivals: poisson(UNIT / RATE) }));
    holds("mean wait", law.wait, 0.06, means(runs, wait));
    for (const t of [0, 0.4, 1, 3.7]) holds(`P(wait <= ${t})`, law.waitAtMost(t), 0.02, means(runs, waitAtMost(t)));
  });

  test("M/G/1 by Pollaczek and Khinchine: a uniform and a widely spread service", () => {
    holds("uniform", oracle.mg1Wait(RATE, UNIFORM.moments), 0.06, means(replicas(MESSAGES, queueOf(UNIFORM.law)), wait));
    const spread = distribution.hyperexponential([0.9, 0.1], [0.5 * UNIT, 5.5 * UNIT]);
    holds("hyperexponential", oracle.mg1Wait(0.5, { mean: 1, square: 2 * (0.9 * 0.25 + 0.1 * 30.25) }), 0.08, means(replicas(2 * MESSAGES, queueOf(spread, 0.5)), wait));
  });

  test("M/M/k by Erlang's C", () => {
    holds("three servers", oracle.mmkWait(2.1, 1, 3), 0.08, means(replicas(MESSAGES, queueOf(distribution.exponential(UNIT), 2.1, [station("fifo", 3)])), wait));
  });

  test("Poisson bursts of five at a constant server", () => {
    const program = (seed: number): Program => {
      const random = prng(seed);
      let time = 0;
      const times = Float64Array.from({ length: MESSAGES }, (_, index) => (time += index % 5 === 0 ? Math.round(random.exponential((5 * UNIT) / RATE)) : 0));
      return sketch({ code: [stage(0, 0)], amounts: always(UNIT), stages: [station()], arrivals: { kind: "series", times, payloads: new Uint32Array(MESSAGES), loop: 0 } });
    };
    holds("wait", oracle.batchArrivalsWait(RATE / 5, 5, 1), 0.08, means(replicas(MESSAGES, program), wait));
  });

  test("Kingman's bound lies above a queue of regular arrivals", () => {
    const arrivals: ArrivalSpec = { kind: "renewal", gap: distribution.erlang(4, UNIT / 0.9) };
    const runs = replicas(MESSAGES, sketch({ code: [drawStage(0, 0)], draws: draws(UNIFORM.law), stages: [station()], arrivals }));
    const bound = oracle.kingmanBound(0.9, 1, { arrival: 1 / 0.81 / 4, service: 1 / 12 });
    const mean = runs.reduce((sum, replica) => sum + Number(replica.machine.ledger.paths[0]!.sums()[0]) / replica.count / UNIT, 0) / runs.length;
    assert.ok(mean < bound && mean > 0.5 * bound, `${mean} under ${bound}`);
  });
});

describe("one server that is not always there", () => {
  const served: Instruction = { op: OP.draw, amount: 0, a: 0, work: 1 };
  const held = (how: "sleep" | "poll", amounts: readonly number[], servers: Program["servers"]): Program =>
    sketch({ slots: ["queue", "process", "wake"], code: [{ ...hold(0, 0, how), work: 2 }, served, free], draws: draws(UNIFORM.law), amounts: always(...amounts), servers, cores: ["core"], arrivals: poisson(UNIT / RATE) });
  const away = (row: number, replica: Replica): number => replica.at(row, 0) + replica.at(row, 2);

  test("a core that sleeps and wakes: M/G/1 with setup", () => {
    const idle = { governor: "deepest", states: [{ name: "C6", exit: 2 * UNIT, residency: 0 }] } as const;
    holds("exit and wake-up", oracle.setupWait(RATE, UNIFORM.moments, oracle.constant(3)), 0.05, means(replicas(MESSAGES, held("sleep", [UNIT], [server({ idle })])), away));
  });

  test("a loop that looks now and then: M/G/1 with repeated vacations of its period", () => {
    holds("period of 4", oracle.vacationWait(RATE, UNIFORM.moments, oracle.constant(4)), 0.05, means(replicas(MESSAGES, held("poll", [0], [server({ period: 4 * UNIT, phase: "random" })])), away));
  });

  test("interrupts only at four waiting, then served until empty: N-policy", () => {
    // Members: 1 draws on the carrier's core, then leaves it. The carrier: hold, poll, rearm, free, end.
    const code: Instruction[] = [
      join(0), { ...hold(0, 0), wait: 2, work: 2 }, { op: OP.poll, part: 0, a: 6 }, { op: OP.rearm, part: 0 }, free, { op: OP.end }, served, { op: OP.handBack },
    ];
    const batch = {
      name: "batch", law: "timer-from-first", time: 2 ** 50, count: 4, carrier: 2, carrierSlots: [2, 3], slots: null, weight: 1, budget: Infinity, budgetTime: Infinity,
      handOver: 0, handOverSlot: 2, waitSlot: 0, queueSlot: 3,
    } as const;
    const program = sketch({ slots: ["batch", "process", "wake", "queue"], code, draws: draws(UNIFORM.law), amounts: always(0), servers: [server()], cores: ["core"], batches: [batch], arrivals: poisson(UNIT / RATE) });
    // The last messages wait for a fourth that never comes.
    holds("wait", oracle.nPolicyWait(RATE, UNIFORM.moments, 4), 0.05, means(replicas(MESSAGES, program), (row, replica) => (row < replica.count - 10 ? replica.at(row, 0) + replica.at(row, 3) : null)));
  });
});

describe("one server with few places", () => {
  test("M/M/1/K: loss, and the sojourn of those who were let in", () => {
    const law = oracle.mm1k(RATE, 1, 4);
    const code = [claim(0, 0, 2), jump(3), drop(0), drawStage(0, 0), release(0, 0)];
    const pools = [{ name: "places", capacity: 4, whenFull: "drop", refill: null } as const];
    const runs = replicas(MESSAGES, sketch({ code, amounts: always(1), draws: draws(distribution.exponential(UNIT)), stages: [station()], pools, reasons: ["full"], arrivals: poisson(UNIT / RATE) }));
    holds("loss", law.loss, 0.05, runs.map(({ machine }) => machine.drops[0]! / machine.sent));
    holds("sojourn", law.sojourn, 0.03, means(runs, (row, replica) => replica.total(row)));
    for (const { machine } of runs) assert.equal(machine.completed + machine.drops[0]!, MESSAGES);
  });
});
