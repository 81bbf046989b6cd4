import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { serveByUrgency, type PriorityJob } from "../../support/oracles/brute-force.js";
import { always, each, travel, type Trip } from "../../support/journeys.js";
import { branch, jump, queue, station } from "../../support/instructions.js";
import { prng } from "../../support/prng.js";

const SLOTS = ["queue", "process", "preempt"];

/** Messages of class 0 and 1 at one station. */
function twoClasses(discipline: "priority" | "preemptive", jobs: readonly { time: number; urgency: number; service: number }[]): Trip {
  return travel({
    times: jobs.map((job) => job.time),
    slots: SLOTS,
    code: [branch(0, 3), queue(0, 0, 1), jump(4), queue(0, 0, 0)],
    amounts: [each(jobs.map((job) => job.service)), each(jobs.map((job) => job.urgency))],
    choices: [{ kind: "size", amount: 1 }],
    stages: [station(discipline)],
  });
}

function randomJobs(seed: number, count: number): { time: number; urgency: number; service: number }[] {
  const random = prng(seed);
  let time = 0;
  return Array.from({ length: count }, () => ({ time: (time += random.integer(120)), urgency: random.integer(2), service: 1 + random.integer(100) }));
}

function bruteEnds(jobs: readonly { time: number; urgency: number; service: number }[], preemptive: boolean): number[] {
  const served: PriorityJob[] = jobs.map((job) => ({ urgency: job.urgency, arrival: job.time, left: job.service, started: -1, ended: 0 }));
  serveByUrgency(served, 2, preemptive);
  return served.map((job) => job.ended);
}

describe("a stage that looks at its queue", () => {
  test("priority: the urgent pass those who wait, not the one in service", () => {
    const trip = twoClasses("priority", [{ time: 0, urgency: 1, service: 100 }, { time: 1, urgency: 1, service: 100 }, { time: 2, urgency: 0, service: 10 }]);
    assert.deepEqual(trip.journeys.map((one) => one.end), [100, 210, 110]);
    assert.deepEqual(trip.journeys.map((one) => one.segments), [[0, 100, 0], [109, 100, 0], [98, 10, 0]]);
  });

  test("preemptive: the urgent displace the one in service, which resumes where it was", () => {
    const trip = twoClasses("preemptive", [{ time: 0, urgency: 1, service: 100 }, { time: 30, urgency: 0, service: 50 }, { time: 40, urgency: 0, service: 7 }, { time: 90, urgency: 1, service: 5 }]);
    assert.deepEqual(trip.journeys.map((one) => one.end), [157, 80, 87, 162]);
    assert.deepEqual(trip.journeys.map((one) => one.segments), [[0, 100, 57], [0, 50, 0], [40, 7, 0], [67, 5, 0]]);
  });

  test("who arrives as a service ends comes too late to displace it", () => {
    const trip = twoClasses("preemptive", [{ time: 0, urgency: 1, service: 100 }, { time: 100, urgency: 0, service: 50 }]);
    assert.deepEqual(trip.journeys.map((one) => one.segments), [[0, 100, 0], [0, 50, 0]]);
  });

  for (const discipline of ["priority", "preemptive"] as const) {
    test(`${discipline}: at the instant a service ends, the urgent who come at that instant are there to be chosen`, () => {
      const trip = twoClasses(discipline, [{ time: 0, urgency: 1, service: 100 }, { time: 1, urgency: 1, service: 10 }, { time: 100, urgency: 0, service: 5 }]);
      assert.deepEqual(trip.journeys.map((one) => one.segments), [[0, 100, 0], [104, 10, 0], [0, 5, 0]]);
    });

    test(`${discipline}: 2,000 random jobs end when a brute force says, to the picosecond`, () => {
      const jobs = randomJobs(discipline.length, 2_000);
      const trip = twoClasses(discipline, jobs);
      assert.deepEqual(trip.journeys.map((one) => one.end), bruteEnds(jobs, discipline === "preemptive"));
      assert.equal(trip.machine.queues[0]!.busy, jobs.reduce((sum, job) => sum + job.service, 0));
    });
  }

  const shared = (times: number[], services: number[]): Trip =>
    travel({ times, slots: ["queue", "process", "contend"], code: [queue(0, 0)], amounts: [each(services)], stages: [station("sharing")] });

  test("sharing: alone a job takes its own time, two take twice as long while both are there", () => {
    assert.deepEqual(shared([10], [77]).journeys[0]!.segments, [0, 77, 0]);
    const trip = shared([0, 100, 1_000], [200, 50, 1]);
    assert.deepEqual(trip.journeys.map((one) => one.end), [250, 200, 1_001]);
    assert.deepEqual(trip.journeys.map((one) => one.segments), [[0, 200, 50], [0, 50, 50], [0, 1, 0]]);
  });

  test("sharing: n equal jobs at once all end at n services", () => {
    for (const n of [2, 3, 7, 10]) {
      const ends = shared(new Array<number>(n).fill(5), new Array<number>(n).fill(1_000)).journeys.map((one) => one.end);
      assert.deepEqual(ends, new Array<number>(n).fill(5 + n * 1_000), `${n} jobs`);
    }
  });

  test("sharing is work-conserving: a busy period lasts as long as its services, within a picosecond for each that leaves", () => {
    const random = prng(3);
    const times = Array.from({ length: 300 }, (_, index) => index * 50 + random.integer(50));
    const services = times.map(() => 60 + random.integer(400));
    const { machine, journeys } = shared(times, services);
    const total = services.reduce((sum, service) => sum + service, 0);
    assert.ok(machine.endTime >= times[0]! + total && machine.endTime <= times[0]! + total + 1, `ends at ${machine.endTime} for ${times[0]! + total}`);
    assert.ok(journeys.every((one) => one.segments[2]! >= 0));
  });

  test("a job of no length leaves at once", () => {
    assert.deepEqual(twoClasses("preemptive", [{ time: 5, urgency: 1, service: 0 }]).journeys[0]!.latency, 0);
    assert.deepEqual(shared([5, 5], [0, 10]).journeys.map((one) => one.latency), [0, 10]);
    assert.deepEqual(always(3)[0]!(0), 3);
  });
});
