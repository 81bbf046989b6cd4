import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { BusSpec } from "../../../src/engine/index.js";
import { each, travel, type Trip } from "../../support/journeys.js";
import { branch, jump, transfer } from "../../support/instructions.js";
import { prng } from "../../support/prng.js";

interface Wish {
  readonly time: number;
  readonly unit: number;
  readonly units: number;
  readonly klass?: number;
}

/** Class 1 goes through the first transfer instruction, class 0 through the second. */
function moved(arbiter: BusSpec["arbiter"], wishes: readonly Wish[]): Trip {
  return travel({
    times: wishes.map((wish) => wish.time),
    code: [branch(0, 3), transfer(0, 0, 1, 1), jump(4), transfer(0, 0, 1, 0)],
    amounts: [each(wishes.map((wish) => wish.unit)), each(wishes.map((wish) => wish.units)), each(wishes.map((wish) => wish.klass ?? 0))],
    choices: [{ kind: "size", amount: 2 }],
    buses: [{ name: "bus", arbiter }],
  });
}

/** Unit by unit, with a list for a queue: at every boundary those who have come are looked at anew. */
function bruteEnds(arbiter: BusSpec["arbiter"], wishes: readonly Wish[]): number[] {
  const ends = wishes.map(() => 0);
  const left = wishes.map((wish) => wish.units);
  const queue: number[] = [];
  let [now, next] = [0, 0];
  const admit = (through: number): void => {
    while (next < wishes.length && wishes[next]!.time <= through) queue.push(next++);
  };
  for (let served = 0; served < wishes.length; ) {
    admit(now);
    if (queue.length === 0) {
      now = wishes[next]!.time;
      continue;
    }
    const best = arbiter === "priority" ? Math.min(...queue.map((one) => wishes[one]!.klass ?? 0)) : 0;
    const at = arbiter === "priority" ? queue.findIndex((one) => (wishes[one]!.klass ?? 0) === best) : 0;
    const one = queue[at]!;
    queue.splice(at, 1);
    now += wishes[one]!.unit;
    if (--left[one]! === 0) {
      ends[one] = now;
      served++;
      continue;
    }
    // Those who came during the unit stand ahead of the one that has just had its turn.
    if (arbiter !== "fifo") admit(now);
    if (arbiter === "fifo") queue.unshift(one);
    else queue.push(one);
  }
  return ends;
}

describe("a bus", () => {
  test("alone a transfer takes the time of its units, however they are cut", () => {
    for (const [unit, units] of [[1_200, 1], [600, 2], [100, 12], [1, 1_200]] as const) {
      assert.deepEqual(moved("round-robin", [{ time: 5, unit, units }]).journeys[0]!.segments, [0, 1_200]);
    }
  });

  test("first come first served: nobody's units come between", () => {
    const trip = moved("fifo", [{ time: 0, unit: 10, units: 10 }, { time: 5, unit: 10, units: 2 }, { time: 6, unit: 7, units: 1 }]);
    assert.deepEqual(trip.journeys.map((one) => one.end), [100, 120, 127]);
    assert.deepEqual(trip.journeys.map((one) => one.segments[0]), [0, 95, 114]);
  });

  test("in turns: units alternate from the first boundary after the second has come", () => {
    const trip = moved("round-robin", [{ time: 0, unit: 10, units: 5 }, { time: 15, unit: 10, units: 2 }]);
    assert.deepEqual(trip.journeys.map((one) => one.end), [70, 50]);
    assert.deepEqual(trip.journeys.map((one) => one.segments), [[20, 50], [15, 20]]);
  });

  test("in turns: one that comes on a boundary has the next unit", () => {
    const trip = moved("round-robin", [{ time: 0, unit: 10, units: 3 }, { time: 10, unit: 10, units: 1 }]);
    assert.deepEqual(trip.journeys.map((one) => one.end), [40, 20]);
  });

  test("by urgency: the urgent wait for the unit on the bus, not for the transfer", () => {
    const trip = moved("priority", [{ time: 0, unit: 10, units: 10, klass: 1 }, { time: 12, unit: 10, units: 3, klass: 0 }]);
    assert.deepEqual(trip.journeys.map((one) => one.end), [130, 50]);
    assert.deepEqual(trip.journeys.map((one) => one.segments[0]), [30, 8]);
  });

  test("by urgency: of transfers of one unit, too, the urgent pass those who wait", () => {
    const trip = moved("priority", [{ time: 0, unit: 10, units: 1, klass: 1 }, { time: 1, unit: 10, units: 1, klass: 1 }, { time: 2, unit: 10, units: 1, klass: 0 }, { time: 3, unit: 10, units: 4, klass: 1 }]);
    assert.deepEqual(trip.journeys.map((one) => one.end), [10, 30, 20, 70]);
  });

  for (const arbiter of ["fifo", "round-robin", "priority"] as const) {
    test(`${arbiter}: random transfers end when a brute force says, and the bus is busy for exactly their units`, () => {
      const random = prng(arbiter.length);
      let time = 0;
      const wishes = Array.from({ length: 1_500 }, (): Wish => ({ time: (time += 1 + random.integer(260)), unit: 1 + random.integer(40), units: 1 + random.integer(9), klass: random.integer(2) }));
      const trip = moved(arbiter, wishes);
      const expected = bruteEnds(arbiter, wishes);
      const wrong = trip.journeys.filter((one) => one.end !== expected[one.index]);
      assert.deepEqual(wrong.map((one) => [one.index, one.end, expected[one.index]]), []);
      assert.equal(trip.machine.buses[0]!.busy, wishes.reduce((sum, wish) => sum + wish.unit * wish.units, 0));
      assert.equal(trip.machine.buses[0]!.units, wishes.reduce((sum, wish) => sum + wish.units, 0));
      assert.ok(trip.journeys.every((one) => one.segments[1] === wishes[one.index]!.unit * wishes[one.index]!.units));
    });
  }

  test("a transfer of nothing claims nothing: it does not even wait for its turn", () => {
    const trip = moved("round-robin", [{ time: 0, unit: 10, units: 4 }, { time: 5, unit: 10, units: 0 }, { time: 6, unit: 10, units: 1 }]);
    assert.deepEqual(trip.journeys.map((one) => one.end), [50, 5, 20]);
  });
});
