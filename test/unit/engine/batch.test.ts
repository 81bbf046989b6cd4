import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { BatchSpec } from "../../../src/engine/index.js";
import { coalesce, type DueRule } from "../../support/oracles/brute-force.js";
import { slotOf, travel, type Trip } from "../../support/journeys.js";
import { branch, join, jump } from "../../support/instructions.js";
import { prng } from "../../support/prng.js";

const batch = (of: Partial<BatchSpec>): BatchSpec => ({
  name: "batch", law: "none", time: 0, count: Infinity, carrier: -1, carrierSlots: [0, 0], slots: null, weight: 64, budget: 300, budgetTime: Infinity, handOver: 0, handOverSlot: 0, waitSlot: 0, queueSlot: 0, ...of,
});
const through = (law: BatchSpec["law"], time: number, count: number, times: number[]): Trip => travel({ times, code: [join(0)], batches: [batch({ law, time, count })] });

describe("a batch", () => {
  test("without a law everyone passes at once", () => {
    assert.deepEqual(slotOf(through("none", 0, Infinity, [0, 0, 5]), 0), [0, 0, 0]);
  });

  test("timer from first: the arrival at exactly the timer's end is still let in, the next picosecond is not", () => {
    assert.deepEqual(slotOf(through("timer-from-first", 100, Infinity, [0, 30, 100, 101]), 0), [100, 70, 0, 100]);
  });

  test("timer from last: every arrival starts it again, the one at exactly its end too", () => {
    assert.deepEqual(slotOf(through("timer-from-last", 100, Infinity, [0, 100, 199, 300]), 0), [299, 199, 100, 100]);
  });

  test("throttle: the first passes at once, others wait until the gap is over; an arrival at its end passes with them", () => {
    assert.deepEqual(slotOf(through("throttle", 100, Infinity, [0, 1, 99, 100, 150, 400]), 0), [0, 99, 1, 0, 50, 0]);
  });

  test("the count releases at once whatever the law, and the next batch starts afresh", () => {
    const times = [0, 10, 20, 30, 31, 32];
    for (const law of ["timer-from-first", "timer-from-last"] as const) assert.deepEqual(slotOf(through(law, 1_000, 3, times), 0), [20, 10, 0, 2, 1, 0], law);
    assert.deepEqual(slotOf(through("throttle", 1_000, 3, times), 0), [0, 20, 10, 0, 999, 998]);
  });

  test("charges the wait to the step by which a member came", () => {
    // Every second one joins by a step whose wait has a slot of its own.
    const code = [branch(0, 3), { ...join(0), wait: 1 }, jump(4), join(0)];
    const trip = travel({ times: [0, 30], code, batches: [batch({ law: "timer-from-first", time: 100 })], choices: [{ kind: "every", every: 2, counter: 0 }] });
    assert.deepEqual(trip.journeys.map((one) => one.segments.slice(0, 2)), [[100, 0], [0, 70]]);
  });

  test("a timer that was cancelled by the count does not close the next batch early, though it was due at the same time", () => {
    // The first batch arms 100; the count closes it; the second arms 100 + 50; the third, again closed by count, arms nothing.
    assert.deepEqual(slotOf(through("timer-from-first", 100, 2, [0, 50, 50, 120]), 0), [50, 0, 70, 0]);
    assert.deepEqual(slotOf(through("timer-from-first", 100, 2, [0, 0, 0, 100, 100]), 0), [0, 0, 100, 0, 100]);
  });

  const RULES: Record<string, (time: number) => DueRule> = {
    "timer-from-first": (time) => (first) => first + time,
    "timer-from-last": (time) => (_, latest) => latest + time,
    throttle: (time) => (_, latest, released) => Math.max(latest, released + time),
  };
  for (const [law, rule] of Object.entries(RULES)) {
    test(`${law}: random arrivals wait as a brute force says, to the picosecond`, () => {
      for (const [seed, count] of [[1, Infinity], [2, 4], [3, 2], [4, 1]] as const) {
        const random = prng(seed);
        let time = 0;
        const times = Array.from({ length: 600 }, () => (time += 1 + random.integer(120)));
        const expected = coalesce(Float64Array.from(times), count, rule(100));
        const trip = through(law as BatchSpec["law"], 100, count, times);
        assert.deepEqual(slotOf(trip, 0).slice(0, expected.waits.length), [...expected.waits], `count ${count}`);
        assert.ok(expected.waits.length > 500);
      }
    });
  }
});
