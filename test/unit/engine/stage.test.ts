import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { always, each, endsOf, slotOf, travel } from "../../support/journeys.js";
import { delay, stage, station } from "../../support/instructions.js";
import { prng } from "../../support/prng.js";

const atOnce = (count: number): number[] => new Array<number>(count).fill(0);
const spaced = (count: number, gap: number): number[] => Array.from({ length: count }, (_, index) => index * gap);

describe("a first-come first-served stage", () => {
  test("an uncontended path takes the sum of its steps, and nothing waits", () => {
    const trip = travel({ times: [1_000_003], code: [delay(0), stage(0, 1), delay(2), stage(1, 3, 4)], amounts: always(17, 230, 5, 99, 40), stages: [station(), station()] });
    assert.deepEqual(trip.journeys[0], { index: 0, arrival: 1_000_003, latency: 351, end: 1_000_354, segments: [0, 351] });
  });

  test("constant arrivals no faster than a constant server never wait", () => {
    const trip = travel({ times: spaced(500, 100), code: [stage(0, 0)], amounts: always(100), stages: [station()] });
    assert.ok(trip.journeys.every((one) => one.latency === 100 && one.segments[0] === 0));
  });

  test("of a batch at once the k-th waits k - 1 services", () => {
    const trip = travel({ times: atOnce(300), code: [stage(0, 0)], amounts: always(137), stages: [station()] });
    assert.deepEqual(slotOf(trip, 0), spaced(300, 137));
  });

  test("of a burst through a slower server the k-th waits (k - 1)(S - a)", () => {
    const trip = travel({ times: spaced(200, 60), code: [stage(0, 0)], amounts: always(85), stages: [station()] });
    assert.deepEqual(slotOf(trip, 0), spaced(200, 25));
  });

  test("behind a constant server one that is as fast or faster never makes anyone wait", () => {
    const random = prng(11);
    const times = spaced(400, 0).map(() => random.integer(30_000)).sort((a, b) => a - b);
    const amounts = always(100, 100, 99);
    const alone = endsOf({ times, code: [stage(0, 0)], amounts, stages: [station()] });
    const tandem = travel({ times, slots: ["queue", "process", "queue"], code: [stage(0, 0), { ...stage(1, 1), wait: 2 }, { ...stage(2, 2), wait: 2 }], amounts, stages: [station(), station(), station()] });
    assert.deepEqual(slotOf(tandem, 2), atOnce(400));
    assert.deepEqual(tandem.journeys.map((one) => one.end), alone.map((time) => time + 199));
  });

  test("a slower server behind takes all the waiting that the two make together", () => {
    const trip = travel({ times: atOnce(50), slots: ["queue", "process", "queue"], code: [stage(0, 0), { ...stage(1, 1), wait: 2 }], amounts: always(100, 140), stages: [station(), station()] });
    assert.deepEqual(slotOf(trip, 2), spaced(50, 40));
  });

  test("a pipelined stage starts one per interval and finishes each a latency later", () => {
    const random = prng(5);
    const times = spaced(300, 0).map(() => random.integer(9_000)).sort((a, b) => a - b);
    let next = -Infinity;
    const expected = times.map((time) => {
      const start = Math.max(time, next);
      next = start + 37;
      return start + 410;
    });
    assert.deepEqual(endsOf({ times, code: [stage(0, 0, 1)], amounts: always(410, 37), stages: [station()] }), expected);
  });

  test("k servers serve in order of arrival, each the first to come free, as told by brute force", () => {
    const random = prng(8);
    const times = spaced(500, 0).map(() => random.integer(20_000)).sort((a, b) => a - b);
    const services = times.map(() => random.integer(300));
    const free = [0, 0, 0];
    const expected = times.map((time, index) => {
      free.sort((a, b) => a - b);
      free[0] = Math.max(time, free[0]!) + services[index]!;
      return free[0]!;
    });
    assert.deepEqual(endsOf({ times, code: [stage(0, 0)], amounts: [each(services)], stages: [station("fifo", 3)] }), expected);
  });

  test("the busy time is the sum of the services, and a run that starts and ends empty obeys Little's law on its own path", () => {
    const random = prng(9);
    const times = spaced(400, 0).map(() => random.integer(40_000)).sort((a, b) => a - b);
    const services = times.map(() => random.integer(200));
    const { machine, journeys } = travel({ times, code: [stage(0, 0)], amounts: [each(services)], stages: [station()] });
    assert.equal(machine.stages.busy[0], services.reduce((sum, service) => sum + service, 0));
    assert.equal(machine.stages.bookedBeyond(0, machine.endTime - 1), 1);
    const changes = [...journeys.map((one) => [one.arrival, 1] as const), ...journeys.map((one) => [one.end, -1] as const)].sort((a, b) => a[0] - b[0]);
    let [area, inside, at] = [0, 0, 0];
    for (const [time, step] of changes) {
      area += inside * (time - at);
      inside += step;
      at = time;
    }
    assert.equal(area, journeys.reduce((sum, one) => sum + one.latency, 0));
    assert.equal(machine.ledger.paths[0]!.sums().reduce((sum, one) => sum + one, 0n), BigInt(area));
  });

  test("splitting one stage into two halves changes nothing on an idle resource", () => {
    const times = [7, 20_000, 50_000];
    const stages = [station(), station()];
    assert.deepEqual(endsOf({ times, code: [stage(0, 0)], amounts: always(10_000), stages }), endsOf({ times, code: [stage(0, 0), stage(1, 0)], amounts: always(5_000), stages }));
  });
});
