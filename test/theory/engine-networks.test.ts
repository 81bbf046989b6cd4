import { describe, test } from "node:test";
import assert from "node:assert/strict";
import { distribution } from "../../src/random/index.js";
import type { BatchSpec, Program } from "../../src/engine/index.js";
import { drawStage, join, stage, station } from "../support/instructions.js";
import { always } from "../support/journeys.js";
import * as oracle from "../support/oracles.js";
import { poisson, sketch } from "../support/program.js";
import { UNIT, holds, means, replicas, type Replica } from "../support/replicas.js";

const MESSAGES = 20_000;
const total = (row: number, replica: Replica): number => replica.total(row);

describe("networks of queues", () => {
  const exponentials = (means: readonly number[]) => means.map((mean, index) => ({ component: `station ${index}`, sampler: distribution.exponential(mean * UNIT) }));

  test("Jackson: exponential stations in series, each as if alone", () => {
    const rates = [1, 1.25, 2];
    const program = sketch({
      slots: ["queue", "process", "queue", "process", "queue", "process"],
      code: rates.map((_, index) => ({ ...drawStage(index, index), wait: index * 2, work: index * 2 + 1 })),
      draws: exponentials(rates.map((rate) => 1 / rate)), stages: rates.map(() => station()), arrivals: poisson(UNIT / 0.7),
    });
    const runs = replicas(MESSAGES, program);
    holds("sojourn", oracle.jacksonSojourn(0.7, rates), 0.06, means(runs, total));
    rates.forEach((rate, index) => holds(`station ${index}`, 1 / (rate - 0.7), 0.08, means(runs, (row, replica) => replica.at(row, index * 2) + replica.at(row, index * 2 + 1))));
  });

  test("M/D/1 in series: behind an equal server nobody waits", () => {
    const program = sketch({ slots: ["queue", "process", "queue"], code: [stage(0, 0), { ...stage(1, 0), wait: 2 }], amounts: always(UNIT), stages: [station(), station()], arrivals: poisson(UNIT / 0.7) });
    const runs = replicas(5_000, program);
    assert.ok(runs.every(({ machine }) => machine.ledger.paths[0]!.sums()[2] === 0n));
    holds("first wait", oracle.md1(0.7, 1).wait, 0.15, means(runs, (row, replica) => replica.at(row, 0)));
  });

  test("closed: mean value analysis, response and throughput, for few and many clients", () => {
    const demands = [1, 0.7, 0.4];
    for (const population of [1, 3, 12]) {
      const law = oracle.meanValueAnalysis(demands, population, 5);
      const program = sketch({
        code: demands.map((_, index) => drawStage(index, index)), draws: exponentials(demands), stages: demands.map(() => station()),
        arrivals: { kind: "closed", population, think: distribution.exponential(5 * UNIT) },
      });
      const runs = replicas(MESSAGES, program);
      holds(`response of ${population}`, law.response, 0.04, means(runs, total));
      holds(`throughput of ${population}`, law.throughput, 0.02, runs.map(({ machine }) => (MESSAGES / machine.endTime) * UNIT));
      for (const { machine } of runs) assert.ok((MESSAGES / machine.endTime) * UNIT <= 1.05 * oracle.throughputBound(demands, population, 5));
    }
  });
});

describe("three coalescers that look alike", () => {
  const batch = (of: Partial<BatchSpec>): BatchSpec => ({
    name: "batch", law: "none", time: 0, count: Infinity, carrier: -1, carrierSlots: [0, 0], slots: null, weight: 1, budget: 1, budgetTime: 1, handOver: 0, handOverSlot: 0, waitSlot: 0, queueSlot: 0, ...of,
  });
  /** 200,000 messages a second; with a timer of 16 µs. */
  const GAP = 5_000_000;
  const through = (law: BatchSpec["law"], time: number, count = Infinity, messages = MESSAGES): Replica[] =>
    replicas(messages, sketch({ code: [join(0)], batches: [batch({ law, time, count })], arrivals: poisson(GAP) }) satisfies Program);
  const wait = (row: number, replica: Replica): number => replica.at(row, 0);
  const sizes = (runs: readonly Replica[]): number[] => runs.map(({ machine }) => machine.sent / machine.batches[0]!.closings);
  const LAWS = [["timer-from-first", oracle.timerFromFirst], ["throttle", (rate: number, gap: number) => oracle.throttle(rate, gap)], ["timer-from-last", oracle.timerFromLast]] as const;

  test("at 200,000 a second and 16 µs they add 9.9, 7.9 and 60.3 µs", () => {
    const first = through("timer-from-first", 16_000_000);
    holds("timer from first", 9.905, 0.01, means(first, wait));
    holds("throttle", 7.899, 0.01, means(through("throttle", 16_000_000), wait));
    holds("timer from last, at most 32", 60.26, 0.03, means(through("timer-from-last", 16_000_000, 32), wait));
  });

  for (const [law, closed] of LAWS) {
    for (const x of [0.1, 1, 3]) {
      test(`${law}, ${x} messages to a timer: mean wait and mean batch, with and without a limit`, () => {
        const free = through(law, x * GAP);
        const theory = closed(1 / 5, x * 5);
        holds("wait", theory.wait, 0.06, means(free, wait));
        holds("batch", theory.batch, 0.03, sizes(free));
        if (law === "throttle") return;
        for (const limit of [2, 5]) {
          const limited = through(law, x * GAP, limit);
          const bound = law === "timer-from-first" ? oracle.timerFromFirst(1 / 5, x * 5, limit) : oracle.timerFromLast(1 / 5, x * 5, limit);
          holds(`wait, at most ${limit}`, bound.wait, 0.03, means(limited, wait));
          holds(`batch, at most ${limit}`, bound.batch, 0.02, sizes(limited));
        }
      });
    }
  }

  test("timer from first: waits are uniform below the timer, with an atom at it", () => {
    const runs = through("timer-from-first", 16_000_000);
    for (const w of [1, 6, 12, 15.9]) holds(`P(wait <= ${w})`, oracle.timerFromFirstAtMost(w, 0.2, 16), 0.06, means(runs, (row, replica) => Number(replica.at(row, 0) <= w)));
    holds("atom", 1 / (1 + 3.2), 0.02, means(runs, (row, replica) => Number(replica.at(row, 0) === 16)));
  });

  test("throttled, those who come after the gap pass at once, and only those", () => {
    holds("share", Math.exp(-1) / (1 + Math.exp(-1)), 0.02, means(through("throttle", GAP), (row, replica) => Number(replica.at(row, 0) === 0)));
  });

  test("few messages wait the whole timer, or throttled next to nothing; many wait half of it either way", () => {
    const few = GAP / 200;
    holds("from first, few", (few / UNIT) * (2.005 / 2.01), 0.005, means(through("timer-from-first", few), (row, replica) => replica.at(row, 0)));
    holds("throttled, few", (0.0025 * few) / UNIT, 0.5, means(through("throttle", few), wait));
    holds("from first, many", oracle.timerFromFirst(1 / 5, 500).wait, 0.01, means(through("timer-from-first", 100 * GAP), wait));
    holds("throttled, many", 250, 0.01, means(through("throttle", 100 * GAP), wait));
  });
});
