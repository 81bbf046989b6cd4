import { describe, test } from "node:test";
import { distribution } from "../../src/random/index.js";
import { OP, type ChoiceSpec, type Program, type StageSpec } from "../../src/engine/index.js";
import { branch, drawQueue, free, hold, jump, server, station } from "../support/instructions.js";
import { always, travel } from "../support/journeys.js";
import * as oracle from "../support/oracles.js";
import { prng } from "../support/prng.js";
import { poisson, sketch } from "../support/program.js";
import { UNIT, holds, means, replicas, type Replica } from "../support/replicas.js";

const MESSAGES = 20_000;

describe("priorities", () => {
  const classes = [
    { rate: 0.2, service: oracle.constant(1) },
    { rate: 0.3, service: oracle.exponential(0.8) },
    { rate: 0.1, service: oracle.constant(2) },
  ];
  const laws = [distribution.constant(UNIT), distribution.exponential(0.8 * UNIT), distribution.constant(2 * UNIT)];
  const SERVED = 3;
  const DISPLACED = 6;

  /** A Poisson stream split by chance is three Poisson streams. Class k waits in slot k, is served in 3 + k, displaced in 6. */
  function split(discipline: StageSpec["discipline"]): Program {
    const chance = (yes: number, component: string): ChoiceSpec => ({ kind: "chance", component, yes });
    const station1 = (klass: number) => ({ ...drawQueue(0, klass, klass), wait: klass, work: SERVED + klass, b: DISPLACED });
    return sketch({
      slots: ["queue", "queue", "queue", "process", "process", "process", "preempt"],
      code: [branch(0, 3), station1(0), jump(7), branch(1, 6), station1(1), jump(7), station1(2)],
      draws: laws.map((sampler, index) => ({ component: `service ${index}`, sampler })),
      choices: [chance(1 / 3, "first"), chance(3 / 4, "second")],
      stages: [station(discipline)],
      arrivals: poisson(UNIT / 0.6),
    });
  }
  const ofClass = (klass: number, of: (row: number, replica: Replica) => number) => (row: number, replica: Replica): number | null => (replica.at(row, SERVED + klass) > 0 ? of(row, replica) : null);

  test("without preemption follow Cobham", () => {
    const runs = replicas(MESSAGES, split("priority"));
    oracle.nonPreemptiveWaits(classes).forEach((theory, klass) => holds(`class ${klass}`, theory, 0.08, means(runs, ofClass(klass, (row, replica) => replica.at(row, klass)))));
  });

  test("with preemption and resumption follow their own formula", () => {
    const runs = replicas(MESSAGES, split("preemptive"));
    oracle.preemptiveResumeSojourns(classes).forEach((theory, klass) => holds(`class ${klass}`, theory, 0.08, means(runs, ofClass(klass, (row, replica) => replica.total(row)))));
  });
});

describe("shared bandwidth", () => {
  const shared = (law: ReturnType<typeof distribution.constant>): Replica[] =>
    replicas(MESSAGES, sketch({ slots: ["queue", "process", "contend"], code: [drawQueue(0, 0)], draws: [{ component: "size", sampler: law }], stages: [station("sharing")], arrivals: poisson(UNIT / 0.7) }));

  test("stretches the mean size alike, whatever the distribution of sizes", () => {
    const theory = oracle.processorSharingSojourn(1, 0.7);
    holds("constant", theory, 0.06, means(shared(distribution.constant(UNIT)), (row, replica) => replica.total(row)));
    holds("exponential", theory, 0.08, means(shared(distribution.exponential(UNIT)), (row, replica) => replica.total(row)));
  });

  test("stretches small and large alike", () => {
    const runs = shared(distribution.mixture([0.9, 0.1], [distribution.constant(0.5 * UNIT), distribution.constant(5.5 * UNIT)]));
    for (const size of [0.5, 5.5]) holds(`size ${size}`, oracle.processorSharingSojourn(size, 0.7), 0.1, means(runs, (row, replica) => (replica.at(row, 1) === size ? replica.total(row) : null)));
  });
});

describe("a pure delay", () => {
  test("M/G/∞: sojourns are the delays, and an arrival finds a Poisson number under way", () => {
    const load = 3;
    const found = Array.from({ length: 30 }, (_, index) => {
      const random = prng(index);
      let time = 0;
      const times = Array.from({ length: 10_000 }, () => (time += Math.round(random.exponential(UNIT / load))));
      const { journeys } = travel({ times, code: [{ op: OP.draw, amount: 0, a: -1, work: 1 }], draws: [{ component: "flight", sampler: distribution.uniform(0, 2 * UNIT) }] }, { seed: index });
      const ends = journeys.map((one) => one.end).sort((a, b) => a - b);
      let gone = 0;
      return journeys.slice(1_000).map((one) => {
        while (gone < ends.length && ends[gone]! <= one.arrival) gone++;
        return one.index - gone;
      });
    });
    const share = (said: (number: number) => boolean): number[] => found.map((numbers) => numbers.filter(said).length / numbers.length);
    holds("mean", load, 0.02, found.map((numbers) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length));
    holds("none", Math.exp(-load), 0.08, share((number) => number === 0));
    holds("three", (Math.exp(-load) * load ** 3) / 6, 0.03, share((number) => number === 3));
  });
});

describe("a polling observer", () => {
  const polled = (jitter: number): Replica[] =>
    replicas(MESSAGES, sketch({ code: [hold(0, 0, "poll"), free], amounts: always(0), servers: [server({ period: UNIT, phase: "random", jitter: jitter * UNIT })], cores: ["core"], arrivals: poisson(1_000.3 * UNIT) }));

  test("finds a Poisson message after P / 2 on the average, with variance P² / 12, never later than P", () => {
    const law = oracle.pollConstant(1);
    const runs = polled(0);
    // Two that come between the same looks are found by the same one: the second waits behind the first.
    const late = (row: number, replica: Replica): number => replica.total(row);
    holds("mean", law.mean, 0.01, means(runs, late));
    holds("second moment", law.variance + law.mean ** 2, 0.02, means(runs, (row, replica) => late(row, replica) ** 2));
    holds("uniform", 0.25, 0.02, means(runs, (row, replica) => Number(late(row, replica) <= 0.25)));
    holds("never later", 1, 1e-9, means(runs, (row, replica) => Number(late(row, replica) < law.max)));
  });

  test("with jitter half of its bound later", () => {
    holds("mean", 0.5 + 0.2, 0.01, means(polled(0.4), (row, replica) => replica.total(row)));
  });

  test("a loop over k sources finds each after half its cycle on the average", () => {
    const [k, look] = [4, 0.3 * UNIT];
    const servers = Array.from({ length: k }, (_, index) => server({ name: `source ${index}`, period: k * look, phase: index * look }));
    const ways = [1 / 4, 1 / 3, 1 / 2].map((yes, index): ChoiceSpec => ({ kind: "chance", component: `source ${index}`, yes }));
    const found = (index: number) => [hold(index, 0, "poll"), free, jump(14)];
    const code = [branch(0, 4), ...found(0), branch(1, 8), ...found(1), branch(2, 12), ...found(2), hold(3, 0, "poll"), free];
    const runs = replicas(MESSAGES, sketch({ code, amounts: always(0), servers, choices: ways, cores: servers.map((one) => one.name), arrivals: poisson(1_000.3 * UNIT) }));
    holds("mean", oracle.pollRoundRobin(k, look / UNIT), 0.01, means(runs, (row, replica) => replica.total(row)));
  });
});

describe("a cache with independent references", () => {
  test("costs the hit and the penalty of its misses; of equal keys it holds as many as it has entries", () => {
    const [entries, keys, penalty] = [30, 100, 20];
    const program = (cached: Program["choices"][number]): Program =>
      sketch({ code: [branch(0, 2), jump(3), { op: OP.delay, amount: 0, work: 1 }, { op: OP.delay, amount: 1, work: 1 }], amounts: always(penalty * UNIT, UNIT), choices: [cached], caches: [{ name: "cache", entries, keys: { kind: "uniform", count: keys } }], arrivals: poisson(UNIT) });
    const theory = 1 + (1 - entries / keys) * penalty;
    holds("least recently used", theory, 0.02, means(replicas(MESSAGES, program({ kind: "cache", cache: 0, component: "cache" })), (row, replica) => replica.total(row)));
    holds("by chance", theory, 0.02, means(replicas(MESSAGES, program({ kind: "chance", component: "hit", yes: entries / keys })), (row, replica) => replica.total(row)));
  });
});
