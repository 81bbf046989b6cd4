import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { OP, type Instruction } from "../../../src/engine/index.js";
import { always, each, slotOf, travel, type Trip } from "../../support/journeys.js";
import { delay } from "../../support/instructions.js";
import { prng } from "../../support/prng.js";

const flight = (amount: number): Instruction => ({ op: OP.order, part: 0, amount, wait: 0, work: 1 });
const lead = (amount: number, notBefore = -1): Instruction => ({ op: OP.lead, amount, a: notBefore, wait: 0, work: 2 });

describe("an ordering domain", () => {
  test("what set out later does not land earlier", () => {
    const trip = travel({ times: [0, 10, 20, 500], code: [flight(0)], amounts: [each([100, 5, 200, 1])], orders: ["posted"] });
    assert.deepEqual(trip.journeys.map((one) => one.end), [100, 100, 220, 501]);
    assert.deepEqual(trip.journeys.map((one) => one.segments), [[0, 100], [85, 5], [0, 200], [0, 1]]);
  });

  test("with random flights landings are the running maximum of what each would be alone", () => {
    const random = prng(2);
    let time = 0;
    const times = Array.from({ length: 1_000 }, () => (time += random.integer(40)));
    const flights = times.map(() => random.integer(400));
    let latest = 0;
    const expected = times.map((at, index) => (latest = Math.max(latest, at + flights[index]!)));
    assert.deepEqual(travel({ times, code: [flight(0)], amounts: [each(flights)], orders: ["posted"] }).journeys.map((one) => one.end), expected);
  });
});

describe("scattered units", () => {
  const code: Instruction[] = [{ op: OP.scatter, part: 0, amount: 0, work: 1 }, { op: OP.tornCheck, a: 0 }];
  const scattered = (units: number, spread: number): Trip =>
    travel({ times: Array.from({ length: 2_000 }, (_, index) => index * 10), code, amounts: always(units), accounts: ["torn"], scatters: [{ component: "writes", spread }] });

  test("one unit, or units that all land at once, are never torn", () => {
    assert.equal(scattered(1, 500).machine.counts[0], 0);
    assert.equal(scattered(8, 0).machine.counts[0], 0);
    assert.equal(scattered(8, 1).machine.counts[0], 0);
  });

  test("of n units the last sent is the last to land in one case of n", () => {
    for (const units of [2, 4, 8]) {
      const torn = scattered(units, 1_000_000).machine.counts[0]! / 2_000;
      assert.ok(Math.abs(torn - (1 - 1 / units)) < 0.05, `${units} units: ${torn}`);
    }
    assert.ok(slotOf(scattered(4, 100), 1).every((one) => one >= 0 && one < 100));
  });
});

describe("a speculative start", () => {
  test("goes back by its lead as overlap, but not before what it depends on", () => {
    const slots = ["join", "process", "overlap"];
    // Mark 2 is set after the first delay.
    const mark: Instruction = { op: OP.mark, a: 2 };
    const trip = travel({ times: [1_000], slots, marks: 3, code: [delay(0), mark, delay(1), lead(2, 2), delay(0)], amounts: always(100, 300, 250) });
    assert.deepEqual(trip.journeys[0]!.segments, [0, 500, -250]);
    const bound = travel({ times: [1_000], slots, marks: 3, code: [delay(0), mark, delay(1), lead(2, 2), delay(0)], amounts: always(100, 300, 450) });
    assert.deepEqual(bound.journeys[0]!.segments, [150, 500, -450]);
    assert.equal(bound.journeys[0]!.latency, 200);
  });
});
