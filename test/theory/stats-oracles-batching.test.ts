import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as oracle from "../support/oracles.js";
import { agrees } from "../support/oracles/agreement.js";
import * as brute from "../support/oracles/brute-force.js";
import type { Prng } from "../support/prng.js";

const MESSAGES = 20_000;

describe("coalescers", () => {
  const rate = 0.2;
  const timer = 16;

  test("give at 200 kpps and 16 us the values worked out beforehand", () => {
    assert.equal(oracle.timerFromFirst(rate, timer).wait.toFixed(3), "9.905");
    assert.equal(oracle.throttle(rate, timer).wait.toFixed(3), "7.899");
    assert.equal(oracle.timerFromLast(rate, timer, 32).wait.toFixed(2), "60.26");
  });

  test("reach their limits for few and for many messages", () => {
    for (const [law, few, many] of [[oracle.timerFromFirst, 1, 0.5], [oracle.throttle, 0, 0.5]] as const) {
      assert.ok(Math.abs(law(1e-9, timer).wait - few * timer) < 1e-6);
      assert.ok(Math.abs(law(1e6, timer).wait - many * timer) < 1e-4);
    }
    for (const law of [oracle.timerFromFirst, oracle.timerFromLast]) {
      assert.ok(Math.abs(law(1e-9, timer, 32).wait - timer) < 1e-6);
      assert.ok(Math.abs(law(1e3, timer, 32).wait / (31 / 2e3) - 1) < 1e-9);
      assert.ok(Math.abs(law(rate, timer, 4_000).wait / law(rate, timer).wait - 1) < 1e-9);
    }
  });

  const laws = [
    ["timer from first", oracle.timerFromFirst(rate, timer), Infinity, (first: number): number => first + timer],
    ["timer from first, at most 4", oracle.timerFromFirst(rate, timer, 4), 4, (first: number): number => first + timer],
    ["throttle", oracle.throttle(rate, timer), Infinity, (_first: number, _latest: number, released: number): number => released + timer],
    ["timer from last", oracle.timerFromLast(rate, 8), Infinity, (_first: number, latest: number): number => latest + 8],
    ["timer from last, at most 32", oracle.timerFromLast(rate, timer, 32), 32, (_first: number, latest: number): number => latest + timer],
  ] as const;
  for (const [name, law, limit, due] of laws) {
    test(`${name}: wait and batch size agree with a simulation`, () => {
      const run = (random: Prng): brute.Coalesced => brute.coalesce(brute.poissonTimes(random, MESSAGES, rate), limit, due);
      agrees("wait", law.wait, 0.05, (random) => brute.steadyMean(run(random).waits));
      agrees("batch", law.batch, 0.05, (random) => {
        const { waits, releases } = run(random);
        return waits.length / releases;
      });
    });
  }

  test("the wait for a timer from the first has an atom at the timer", () => {
    agrees("P(wait <= 8)", oracle.timerFromFirstAtMost(8, rate, timer), 0.05, (random) => {
      const { waits } = brute.coalesce(brute.poissonTimes(random, MESSAGES, rate), Infinity, (first) => first + timer);
      return brute.steadyMean(waits.map((wait) => Number(wait <= 8)));
    });
    assert.ok(Math.abs(1 - oracle.timerFromFirstAtMost(timer - 1e-9, rate, timer) - 1 / 4.2) < 1e-9);
    assert.equal(oracle.timerFromFirstAtMost(timer, rate, timer), 1);
    assert.equal(oracle.timerFromFirstAtMost(-1, rate, timer), 0);
  });
});

describe("polls", () => {
  test("of a constant period at a uniform phase", () => {
    const law = oracle.pollConstant(25);
    const wait = (random: Prng, power: number): number => {
      return brute.steadyMean(brute.poissonTimes(random, MESSAGES, 0.01).map((arrival) => (Math.ceil(arrival / 25) * 25 - arrival - (power === 2 ? 12.5 : 0)) ** power));
    };
    agrees("mean", law.mean, 0.02, (random) => wait(random, 1));
    agrees("variance", law.variance, 0.02, (random) => wait(random, 2));
    assert.equal(law.max, 25);
  });

  test("of a random period wait longer than half of it", () => {
    agrees("mean", oracle.pollRandom({ mean: 10, square: 400 / 3 }), 0.03, (random) => {
      let look = 0;
      return brute.steadyMean(brute.poissonTimes(random, MESSAGES, 0.01).map((arrival) => {
        while (look < arrival) look += 20 * random.uniform();
        return look - arrival;
      }));
    });
  });

  test("around one hundred queues at 25 ns take 1.25 us to come by", () => {
    assert.equal(oracle.pollRoundRobin(100, 25), 1_250);
  });
});
