import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { IdleSpec } from "../../../src/engine/index.js";
import { always, each, slotOf, travel, type TimedSketch, type Trip } from "../../support/journeys.js";
import { delay, free, hold, queue, server, stage, station, work } from "../../support/instructions.js";
import { prng } from "../../support/prng.js";

const CORES = { cores: ["core 0", "core 1"], categories: ["user", "wake"] } as const;

describe("a server that is held", () => {
  test("serves in order of arrival, and a section with a wait inside keeps it held", () => {
    // Inside the section the first message waits at a stage whose queue takes events.
    const trip = travel({ ...CORES, times: [0, 10, 20], slots: ["queue", "process", "preempt"], code: [hold(0, 2), queue(0, 0), work(1), free], amounts: always(100, 5, 0), servers: [server()], stages: [station("priority")] });
    assert.deepEqual(trip.journeys.map((one) => one.end), [105, 210, 315]);
    assert.deepEqual(slotOf(trip, 0), [0, 95, 190]);
    assert.equal(trip.machine.servers.busy[0], 315);
    assert.equal(trip.machine.servers.holds[0], 3);
    assert.deepEqual([...trip.machine.cpu], [15, 0, 0, 0]);
  });

  test("one that comes as it is given back waits no time, and goes behind those who waited", () => {
    const trip = travel({ ...CORES, times: [0, 50, 100], slots: ["queue", "process", "preempt"], code: [hold(0, 1), queue(0, 0), free], amounts: always(100, 0), servers: [server()], stages: [station("priority")] });
    assert.deepEqual(trip.journeys.map((one) => one.end), [100, 200, 300]);
  });

  test("holding what is already held changes nothing, and is given back once", () => {
    const trip = travel({ ...CORES, times: [0, 1], code: [hold(0, 1), work(0), hold(0, 1), work(0), free, free], amounts: always(10, 0), servers: [server()] });
    assert.deepEqual(trip.journeys.map((one) => one.end), [20, 40]);
  });

  test("random sections, with and without waits inside, end when a recursion says", () => {
    const random = prng(4);
    let time = 0;
    const times = Array.from({ length: 800 }, () => (time += random.integer(200)));
    const service = times.map(() => random.integer(60));
    const flight = times.map(() => random.integer(90));
    let [held, idle] = [0, 0];
    const expected = times.map((at, index) => {
      const start = Math.max(at, held);
      idle = Math.max(start, idle) + service[index]!;
      held = idle + flight[index]!;
      return held;
    });
    const trip = travel({ ...CORES, times, code: [hold(0, 2), stage(0, 0), delay(1), free], amounts: [each(service), each(flight), () => 0], servers: [server()], stages: [station()] });
    assert.deepEqual(trip.journeys.map((one) => one.end), expected);
    assert.equal(trip.machine.servers.busy[0], expected.reduce((sum, end, index) => sum + end - Math.max(times[index]!, expected[index - 1] ?? 0), 0));
  });
});

describe("a polling observer", () => {
  const polled = (times: readonly number[], phase: number, period: number): Trip =>
    travel({ ...CORES, times, code: [hold(0, 1, "poll"), work(0), free], amounts: always(30, 0), servers: [server({ period, phase })] });

  test("sees what has come at its next look, and what comes at the look itself at once", () => {
    const trip = polled([0, 101, 199, 300, 400], 0, 100);
    // Looks go on every 100 from when the last work ended: 0 | 30, 130 | 160, 260 | 290, 390 | 420.
    assert.deepEqual(trip.journeys.map((one) => one.end), [30, 160, 290, 420, 450]);
    assert.deepEqual(slotOf(trip, 1), [30, 59, 91, 120, 30]);
    assert.deepEqual(slotOf(trip, 0), [0, 0, 0, 0, 20]);
  });

  test("its first look is at its phase", () => {
    assert.deepEqual(polled([0], 40, 100).journeys[0]!.latency, 70);
    assert.deepEqual(polled([40], 40, 100).journeys[0]!.latency, 30);
    assert.deepEqual(polled([41], 40, 100).journeys[0]!.latency, 129);
  });

  test("10^9 empty looks cost no event, and the next one is still found exactly", () => {
    const trip = polled([0, 1_000_000_000_077], 0, 1_000);
    assert.equal(trip.journeys[1]!.end, Math.ceil((1_000_000_000_077 - 30) / 1_000) * 1_000 + 60);
    assert.ok(trip.machine.events < 10, `${trip.machine.events} events`);
  });

  test("in step with the loop a steady sender always finds the same phase; out of step it walks through the exact residues", () => {
    for (const gap of [730, 737, 799, 1_051]) {
      const waits = slotOf(polled(Array.from({ length: 200 }, (_, index) => 1_000 + index * gap), 7, 100), 1).map((time) => time - 30);
      assert.equal(waits[0], 7);
      // The loop goes on from the end of the last work: what is left of the gap, up to the next look.
      assert.deepEqual(waits.slice(1), waits.slice(0, -1).map((last) => (((last + 30 - gap) % 100) + 100) % 100), `gap ${gap}`);
      assert.equal(new Set(waits).size, gap === 730 ? 1 : 100);
    }
  });

  test("jitter is drawn from the seed and the server's name, within its bound", () => {
    const waits = (seed: number, name: string): number[] => {
      const times = Array.from({ length: 100 }, (_, index) => 1_000 + index * 1_000);
      return slotOf(travel({ ...CORES, times, code: [hold(0, 0, "poll"), free], amounts: always(0), servers: [server({ name, period: 100, jitter: 40 })] }, { seed }), 1);
    };
    assert.deepEqual(waits(1, "a"), waits(1, "a"));
    assert.notDeepEqual(waits(1, "a"), waits(2, "a"));
    assert.notDeepEqual(waits(1, "a"), waits(1, "b"));
    assert.ok(waits(1, "a").every((wait) => wait >= 0 && wait < 140));
  });
});

describe("a sleeping server", () => {
  const STATES = [{ name: "C1", exit: 10, residency: 50 }, { name: "C6", exit: 100, residency: 500 }];
  const exits = (governor: IdleSpec["governor"], gaps: readonly number[]): number[] => {
    let time = 0;
    const times = gaps.map((gap) => (time += gap + 200));
    const sketch: TimedSketch = { ...CORES, times, code: [hold(0, 0, "sleep"), work(1), free], amounts: always(3, 20), servers: [server({ idle: { governor, states: STATES } })] };
    return slotOf(travel(sketch), 1).map((one) => one - 20 - 3);
  };

  test("deepest: the exit is paid after every idle time, but not by who finds it busy or just freed", () => {
    const trip = travel({ ...CORES, times: [1, 50, 144, 145, 1_000], code: [hold(0, 0, "sleep"), work(1), free], amounts: always(3, 20), servers: [server({ idle: { governor: "deepest", states: STATES } })] });
    assert.deepEqual(slotOf(trip, 1), [123, 20, 20, 20, 123]);
    assert.deepEqual(trip.journeys.map((one) => one.end), [124, 144, 164, 184, 1_123]);
    assert.deepEqual([...trip.machine.cpu], [100, 206, 0, 0]);
    assert.equal(trip.machine.servers.busy[0], 123 + 60 + 123);
  });

  test("ladder: constant idle times just below and at a residency pay the shallower and the deeper exit", () => {
    for (const [idle, exit] of [[49, 0], [50, 10], [499, 10], [500, 100]] as const) {
      const gap = idle + 3 + exit + 20 - 200;
      assert.deepEqual(exits("ladder", new Array<number>(30).fill(gap)).slice(1), new Array<number>(29).fill(exit), `idle ${idle}`);
    }
  });

  test("prediction: the state follows the mean of the last eight idle times, never the present one", () => {
    const long = 10_000;
    const found = exits("predict", [long, long, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, long, long]);
    assert.equal(found[0], 0, "nothing is known yet");
    assert.equal(found[1], 100);
    assert.equal(found[2], 100, "a short idle time after long ones pays the deep exit");
    assert.equal(found[12], 10, "eight short ones are remembered");
    assert.equal(found[13], 10, "a long idle time after short ones pays the shallow exit");
  });

  test("no governor sees the future: without the last arrival all earlier exits are as they were", () => {
    const random = prng(12);
    const gaps = Array.from({ length: 60 }, () => random.integer(900));
    for (const governor of ["deepest", "ladder", "predict"] as const) {
      const all = exits(governor, gaps);
      for (let count = 1; count < 60; count++) assert.deepEqual(exits(governor, gaps.slice(0, count)), all.slice(0, count), `${governor}, ${count} arrivals`);
    }
  });
});
