// Goal: a difference between two runs is called one when it is, and not when it is chance.
// Method: pairs of runs of one queue with different seeds (A/A), and with a service that is one per cent longer; how often each is told apart.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { OP } from "../../src/engine/index.js";
import { differencesFrom } from "../../src/experiment/index.js";
import { latencyNumbers, replicationNumbers, type ReplicationNumbers } from "../../src/experiment/latency-numbers.js";
import { replicationSeed } from "../../src/experiment/replications.js";
import { distribution } from "../../src/random/index.js";
import { comparedPaths, type ComparedPath } from "../../src/result/index.js";
import { LatencyRecorder, pairedStretches, sections, type Sections } from "../../src/stats/index.js";
import { kernelExample } from "../support/example-result.js";
import { poisson, run, sketch } from "../support/program.js";

const CONFIDENCE = 0.95;

/** Sojourn times of an M/M/1 queue at a load. */
function queue(seed: number, load: number, messages: number, service = 1_000_000): Sections {
  const program = sketch({
    code: [{ op: OP.drawStage, part: 0, amount: 0, wait: 0, work: 1 }], arrivals: poisson(1_000_000 / load),
    draws: [{ component: "service", sampler: distribution.exponential(service) }], stages: [{ name: "server", servers: 1, discipline: "fifo" }],
  });
  const { latencies } = run(program, { messages, seed });
  const found = sections(Float64Array.from(latencies));
  assert.ok(found !== null);
  return found;
}

const toldApart = (one: readonly number[], other: readonly number[]): boolean => {
  const { mean, halfWidth } = pairedStretches(one, other, CONFIDENCE);
  return Math.abs(mean) > halfWidth;
};

describe("the difference of two runs", () => {
  for (const [load, messages] of [[0.3, 6_400], [0.7, 16_000]] as const) {
    test(`with nothing but other random numbers is called chance in at least 94 % of 400 pairs, at a load of ${load}`, () => {
      const called = { means: 0, p50s: 0, p99s: 0 };
      for (let pair = 0; pair < 400; pair++) {
        const [one, other] = [queue(2 * pair, load, messages), queue(2 * pair + 1, load, messages)];
        for (const of of ["means", "p50s", "p99s"] as const) if (toldApart(one[of], other[of])) called[of]++;
      }
      for (const [of, count] of Object.entries(called)) assert.ok(count <= 24, `${of}: ${count} of 400 pairs were told apart`);
      assert.ok(Object.values(called).some((count) => count > 0), "an interval that never misses is too wide to be one of 95 %");
    });
  }

  test("of one per cent in the service is found every time on the same random numbers", () => {
    for (let seed = 0; seed < 40; seed++) {
      const [one, other] = [queue(seed, 0.3, 6_400), queue(seed, 0.3, 6_400, 1_010_000)];
      assert.ok(toldApart(other.means, one.means), `seed ${seed}`);
    }
  });
});

const UNIT = 1_000_000;
const RATE = 0.3;
/** Whatever else belongs to a path. */
const [EXAMPLE] = comparedPaths([kernelExample()]) as [ComparedPath];

/** An M/M/1 queue at an arrival rate of 0.3, replicated on the seeds that follow from one, as a path of a comparison. The law of the service has a name of its own where it is to draw other numbers. */
function replicated(seed: number, service: number, draws: string): ComparedPath {
  const program = sketch({
    code: [{ op: OP.drawStage, part: 0, amount: 0, wait: 0, work: 1 }], arrivals: poisson(UNIT / RATE),
    draws: [{ component: draws, sampler: distribution.exponential(service * UNIT) }], stages: [{ name: "server", servers: 1, discipline: "fifo" }],
  });
  const whole = new LatencyRecorder();
  const each: ReplicationNumbers[] = [];
  const seeds = Array.from({ length: 8 }, (_, index) => replicationSeed(seed, index));
  for (const one of seeds) {
    const own = new LatencyRecorder();
    for (const latency of run(program, { messages: 1_250, warmup: 50, seed: one }).latencies) own.record(latency);
    each.push(replicationNumbers(own));
    whole.merge(own);
  }
  return { ...EXAMPLE, run: { ...EXAMPLE.run, seeds }, metric: { ...EXAMPLE.metric, ...latencyNumbers(whole, { replications: each }), breakdowns: [] } };
}

// Of 200 intervals of 95 %, 190 ± 3.08 hold what is true; 180 to 199 are 3.2 standard deviations below and as much as it may be.
describe("the difference of two paths that were replicated on the same seeds, in 200 comparisons", () => {
  const sojourn = (service: number): number => 1 / (1 / service - RATE);
  for (const [name, service, draws] of [["nothing but other draws of the service", 1, "other"], ["a service that is 5 % longer", 1.05, "service"]] as const) {
    test(`of ${name} lies inside its interval as often as it should, and is told from chance accordingly`, (context) => {
      const mean = (sojourn(service) - sojourn(1)) * UNIT;
      // The sojourn is exponential, so that its quantiles are multiples of its mean.
      const truth = { mean, p50: mean * Math.LN2, p99: mean * Math.log(100) };
      const found = { mean: { held: 0, distinct: 0 }, p50: { held: 0, distinct: 0 }, p99: { held: 0, distinct: 0 } };
      for (let seed = 1; seed <= 200; seed++) {
        const [difference] = differencesFrom(replicated(seed, 1, "service"), [replicated(seed, service, draws)]);
        for (const of of ["mean", "p50", "p99"] as const) {
          const change = difference?.[of];
          assert.equal(change?.by, "replications");
          found[of].held += Number((change.lowPs ?? NaN) <= truth[of] && truth[of] <= (change.highPs ?? NaN));
          found[of].distinct += Number(change.distinct);
        }
      }
      context.diagnostic(JSON.stringify(found));
      for (const [of, { held, distinct }] of Object.entries(found)) {
        assert.ok(held >= 180 && held <= 199, `${of}: ${held} of 200 hold it`);
        if (draws === "other") assert.equal(distinct, 200 - held, `${of}: what leaves out the truth, which is zero, is called a difference`);
      }
      if (draws === "service") assert.deepEqual([found.mean.distinct, found.p50.distinct], [200, 200], "on the same draws five per cent are found every time");
    });
  }
});
