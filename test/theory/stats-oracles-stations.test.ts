import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as oracle from "../support/oracles.js";
import { agrees } from "../support/oracles/agreement.js";
import * as brute from "../support/oracles/brute-force.js";
import type { Prng } from "../support/prng.js";

const MESSAGES = 20_000;
/** Messages per unit of time; the mean service is that unit. */
const RATE = 0.7;
const uniformService = (random: Prng) => (): number => 0.5 + random.uniform();
const UNIFORM = { mean: 1, square: 1 + 1 / 12 };

function poissonQueue(service: (random: Prng) => () => number, whenIdle?: (random: Prng) => brute.IdleRule): (random: Prng) => Float64Array {
  return (random) => brute.fifoWaits(brute.poissonTimes(random, MESSAGES, RATE), service(random), whenIdle?.(random));
}

describe("closed forms of one server agree with a simulation by Lindley's recursion", () => {
  const exponentialService = (random: Prng) => (): number => random.exponential(1);

  test("M/M/1: mean, distribution and quantile of the wait", () => {
    const law = oracle.mm1(RATE, 1);
    const waits = poissonQueue(exponentialService);
    const p90 = law.waitQuantile(0.9);
    agrees("mean", law.wait, 0.05, (random) => brute.steadyMean(waits(random)));
    agrees("P(wait <= 2)", law.waitAtMost(2), 0.02, (random) => brute.steadyMean(waits(random).map((wait) => Number(wait <= 2))));
    agrees("P(wait <= p90)", 0.9, 0.02, (random) => brute.steadyMean(waits(random).map((wait) => Number(wait <= p90))));
    assert.equal(law.sojourn, law.wait + 1);
    assert.equal(law.waitQuantile(0.2), 0);
    assert.ok(Math.abs(law.sojournQuantile(0.5) - Math.LN2 / 0.3) < 1e-12);
  });

  test("M/D/1: mean and distribution of the wait", () => {
    const law = oracle.md1(RATE, 1);
    const waits = poissonQueue(() => () => 1);
    agrees("mean", law.wait, 0.05, (random) => brute.steadyMean(waits(random)));
    for (const t of [0, 0.4, 1, 3.7]) {
      agrees(`P(wait <= ${t})`, law.waitAtMost(t), 0.03, (random) => brute.steadyMean(waits(random).map((wait) => Number(wait <= t))));
    }
    assert.ok(Math.abs(law.waitAtMost(20) - 1) < 1e-5);
  });

  test("M/G/1 by Pollaczek and Khinchine, of which M/M/1 and M/D/1 are cases", () => {
    agrees("uniform service", oracle.mg1Wait(RATE, UNIFORM), 0.05, (random) => brute.steadyMean(poissonQueue(uniformService)(random)));
    assert.ok(Math.abs(oracle.mg1Wait(RATE, oracle.exponential(1)) - oracle.mm1(RATE, 1).wait) < 1e-12);
    assert.ok(Math.abs(oracle.mg1Wait(RATE, oracle.constant(1)) - oracle.md1(RATE, 1).wait) < 1e-12);
  });

  test("bursts of five", () => {
    agrees("wait", oracle.batchArrivalsWait(RATE / 5, 5, 1), 0.08, (random) => {
      const bursts = brute.poissonTimes(random, MESSAGES / 5, RATE / 5);
      return brute.steadyMean(brute.fifoWaits(Float64Array.from({ length: MESSAGES }, (_, index) => bursts[Math.floor(index / 5)] ?? NaN), () => 1));
    });
  });

  test("a sleeping server with a constant and with an exponential setup", () => {
    const constant = poissonQueue(uniformService, () => (arrival) => arrival + 3);
    agrees("constant", oracle.setupWait(RATE, UNIFORM, oracle.constant(3)), 0.05, (random) => brute.steadyMean(constant(random)));
    const random3 = poissonQueue(uniformService, (random) => (arrival) => arrival + random.exponential(3));
    agrees("exponential", oracle.setupWait(RATE, UNIFORM, oracle.exponential(3)), 0.05, (random) => brute.steadyMean(random3(random)));
  });

  test("a server that takes vacations", () => {
    const waits = poissonQueue(uniformService, (random) => (arrival, idleSince) => {
      let back = idleSince;
      while (back < arrival) back += 4 * random.uniform();
      return back;
    });
    agrees("wait", oracle.vacationWait(RATE, UNIFORM, { mean: 2, square: 16 / 3 }), 0.05, (random) => brute.steadyMean(waits(random)));
  });

  test("a server that starts at four waiting", () => {
    agrees("wait", oracle.nPolicyWait(RATE, UNIFORM, 4), 0.05, (random) => {
      return brute.steadyMean(brute.thresholdWaits(brute.poissonTimes(random, MESSAGES, RATE), 4, uniformService(random)));
    });
  });

  test("M/M/1/K: loss, and the sojourn of the accepted", () => {
    const law = oracle.mm1k(RATE, 1, 4);
    const run = (random: Prng): { loss: number; sojourn: number } => {
      const departures: number[] = [];
      let lost = 0;
      let sojourns = 0;
      for (const arrival of brute.poissonTimes(random, MESSAGES, RATE)) {
        if ((departures.at(-4) ?? 0) > arrival) { lost += 1; continue; }
        const departure = Math.max(arrival, departures.at(-1) ?? 0) + random.exponential(1);
        departures.push(departure);
        sojourns += departure - arrival;
      }
      return { loss: lost / MESSAGES, sojourn: sojourns / departures.length };
    };
    agrees("loss", law.loss, 0.05, (random) => run(random).loss);
    agrees("sojourn", law.sojourn, 0.03, (random) => run(random).sojourn);
    assert.ok(Math.abs(oracle.mm1k(1, 1, 4).loss - 0.2) < 1e-12);
    assert.ok(Math.abs(oracle.mm1k(RATE, 1, 200).sojourn - oracle.mm1(RATE, 1).sojourn) < 1e-9);
  });

  test("Kingman's bound lies above, and close under heavy load", () => {
    for (const load of [0.3, 0.7, 0.95]) {
      const exact = oracle.mm1(load, 1).wait;
      const bound = oracle.kingmanBound(load, 1, { arrival: 1 / load ** 2, service: 1 });
      assert.ok(bound >= exact);
      if (load === 0.95) assert.ok(bound < 1.1 * exact);
    }
  });
});

test("M/M/k waits agree with a simulation and Erlang's C with its published values", () => {
  agrees("three servers", oracle.mmkWait(2.1, 1, 3), 0.08, (random) => {
    return brute.steadyMean(brute.sharedQueueWaits(brute.poissonTimes(random, MESSAGES, 2.1), 3, () => random.exponential(1)));
  });
  assert.ok(Math.abs(oracle.erlangC(1, 0.7) - 0.7) < 1e-12);
  assert.ok(Math.abs(oracle.erlangC(2, 1) - 1 / 3) < 1e-12);
  assert.ok(Math.abs(oracle.mmkWait(RATE, 1, 1) - oracle.mm1(RATE, 1).wait) < 1e-12);
});

describe("priorities", () => {
  const classes = [
    { rate: 0.2, service: oracle.constant(1) },
    { rate: 0.3, service: oracle.exponential(0.8) },
    { rate: 0.1, service: oracle.constant(2) },
  ];

  /** All messages of one run, after the warm-up, of one class. */
  function served(random: Prng, preemptive: boolean, urgency: number): brute.PriorityJob[] {
    const jobs = classes.flatMap(({ rate }, own) => {
      return brute.poissonTimesUntil(random, MESSAGES, rate).map((arrival): brute.PriorityJob => {
        return { urgency: own, arrival, left: own === 1 ? random.exponential(0.8) : own === 0 ? 1 : 2, started: -1, ended: -1 };
      });
    });
    jobs.sort((a, b) => a.arrival - b.arrival);
    brute.serveByUrgency(jobs, classes.length, preemptive);
    return jobs.filter((job) => job.urgency === urgency && job.arrival > 0.1 * MESSAGES);
  }

  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

  test("without preemption follow Cobham", () => {
    oracle.nonPreemptiveWaits(classes).forEach((wait, urgency) => {
      agrees(`class ${urgency}`, wait, 0.08, (random) => mean(served(random, false, urgency).map((job) => job.started - job.arrival)));
    });
  });

  test("with preemption and resumption follow their own formula", () => {
    oracle.preemptiveResumeSojourns(classes).forEach((sojourn, urgency) => {
      agrees(`class ${urgency}`, sojourn, 0.08, (random) => mean(served(random, true, urgency).map((job) => job.ended - job.arrival)));
    });
  });

  test("of one class alone reduce to M/G/1", () => {
    const [only] = oracle.nonPreemptiveWaits([{ rate: RATE, service: UNIFORM }]);
    assert.ok(Math.abs((only ?? NaN) - oracle.mg1Wait(RATE, UNIFORM)) < 1e-12);
    const [sojourn] = oracle.preemptiveResumeSojourns([{ rate: RATE, service: UNIFORM }]);
    assert.ok(Math.abs((sojourn ?? NaN) - 1 - oracle.mg1Wait(RATE, UNIFORM)) < 1e-12);
  });
});

test("processor sharing stretches every size alike, whatever the distribution", () => {
  for (const draw of [(random: Prng): number => 0.5 + random.uniform(), (random: Prng): number => (random.uniform() < 0.9 ? 0.5 : 5.5)]) {
    agrees("sojourn / size", oracle.processorSharingSojourn(1, RATE), 0.08, (random) => {
      const arrivals = brute.poissonTimes(random, MESSAGES, RATE);
      return brute.steadyMean(brute.processorSharingStretch(arrivals, Float64Array.from(arrivals, () => draw(random))));
    });
  }
});

describe("acceptance of replications", () => {
  const samples = Array.from({ length: 30 }, (_, index) => 100 + (index % 2 === 0 ? 1 : -1));

  test("needs the theory inside, the interval narrow and thirty of them", () => {
    const rule = { confidence: 0.999, maxRelativeHalfWidth: 0.01 };
    assert.ok(oracle.acceptReplications(samples, 100.5, rule).accepted);
    assert.match(oracle.acceptReplications(samples, 101, rule).explanation, /outside/);
    assert.match(oracle.acceptReplications(samples, 100.5, { ...rule, maxRelativeHalfWidth: 0.005 }).explanation, /too wide/);
    assert.throws(() => oracle.acceptReplications(samples.slice(1), 100, rule), RangeError);
  });

  test("rejects a theory that is a few percent off", () => {
    const law = oracle.mm1(RATE, 1);
    const waits = brute.replications(30, (random) => brute.steadyMean(poissonQueue((source) => () => source.exponential(1))(random)));
    assert.ok(!oracle.acceptReplications(waits, law.wait * 1.08, { confidence: 0.999, maxRelativeHalfWidth: 0.08 }).accepted);
  });
});

test("closed forms refuse a load without a steady state", () => {
  for (const call of [
    (): unknown => oracle.mm1(1, 1), (): unknown => oracle.md1(1, 1), (): unknown => oracle.mg1Wait(1, UNIFORM), (): unknown => oracle.erlangC(2, 2),
    (): unknown => oracle.batchArrivalsWait(1, 5, 1), (): unknown => oracle.nonPreemptiveWaits([{ rate: 1, service: UNIFORM }]),
    (): unknown => oracle.preemptiveResumeSojourns([{ rate: 1, service: UNIFORM }]), (): unknown => oracle.processorSharingSojourn(1, 1),
    (): unknown => oracle.kingmanBound(1, 1, { arrival: 1, service: 1 }),
  ]) assert.throws(call, RangeError);
});
