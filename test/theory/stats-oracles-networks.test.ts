import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as oracle from "../support/oracles.js";
import { agrees } from "../support/oracles/agreement.js";
import * as brute from "../support/oracles/brute-force.js";
import { prng } from "../support/prng.js";

const MESSAGES = 20_000;
/** Messages per unit of time, at stations of rate 1 and above. */
const RATE = 0.7;

describe("networks", () => {
  test("a tandem of exponential stations follows Jackson", () => {
    agrees("sojourn", oracle.jacksonSojourn(RATE, [1, 1.25]), 0.05, (random) => {
      const arrivals = brute.poissonTimes(random, MESSAGES, RATE);
      const services = arrivals.map(() => random.exponential(1));
      let next = 0;
      const waits = brute.fifoWaits(arrivals, () => services[next++] ?? NaN);
      const middle = arrivals.map((arrival, index) => arrival + (waits[index] ?? NaN) + (services[index] ?? NaN));
      const second = brute.fifoWaits(middle, () => random.exponential(0.8));
      return 0.8 + brute.steadyMean(second.map((wait, index) => wait + (middle[index] ?? NaN) - (arrivals[index] ?? NaN)));
    });
    assert.throws(() => oracle.jacksonSojourn(1, [1]), RangeError);
  });

  test("a closed network follows mean value analysis, Little and its bounds", () => {
    const demands = [1, 0.5, 0.25];
    const { throughput, response } = oracle.meanValueAnalysis(demands, 6, 3);
    agrees("throughput", throughput, 0.02, (random) => brute.closedThroughput(random, { demands, population: 6, think: 3 }, 10_000));
    assert.ok(Math.abs(response - (6 / throughput - 3)) < 1e-12);
    assert.ok(throughput < oracle.throughputBound(demands, 6, 3));
    assert.ok(Math.abs(oracle.meanValueAnalysis(demands, 1, 3).throughput - oracle.throughputBound(demands, 1, 3)) < 1e-12);
    assert.equal(oracle.throughputBound(demands, 1_000, 3), 1);
  });

  test("a saturated input-queued switch loses to the head of the line what Karol, Hluchyj and Morgan found", () => {
    for (const [ports, slots] of [[2, 20_000], [3, 10_000], [4, 8_000], [8, 5_000]] as const) {
      const limit = oracle.HEAD_OF_LINE_THROUGHPUT[`${ports}`];
      agrees(`${ports} ports`, limit, 0.005, (random) => brute.headOfLineThroughput(random, ports, slots));
    }
    const many = brute.headOfLineThroughput(prng(1), 256, 2_000);
    assert.ok(Math.abs(many - oracle.HEAD_OF_LINE_THROUGHPUT.many) < 0.005, `${many}`);
  });

  test("a token bucket departs by the max-plus form when its tokens are counted", () => {
    for (let seed = 1; seed <= 50; seed += 1) {
      const random = prng(seed);
      const arrivals = [...brute.poissonTimes(random, 60, 0.05)].map((time) => ({ time, length: 1 + random.integer(30) }));
      const derived = oracle.tokenBucketDepartures(arrivals, 40, 0.8);
      brute.countedBucketDepartures(arrivals, 40, 0.8).forEach((counted, index) => {
        assert.ok(Math.abs(counted - (derived[index] ?? NaN)) < 1e-9, `seed ${seed}, message ${index}`);
      });
    }
    const burst = Array.from({ length: 10 }, () => ({ time: 0, length: 10 }));
    assert.equal(oracle.tokenBucketDepartures(burst, 40, 0.5).at(-1), 120);
  });
});
