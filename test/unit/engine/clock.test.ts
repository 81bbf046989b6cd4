import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { OP, type ClockSpec, type Instruction } from "../../../src/engine/index.js";
import { always, each, slotOf, travel } from "../../support/journeys.js";
import { delay, need, send, station } from "../../support/instructions.js";
import { prng } from "../../support/prng.js";

const clock = (num: number, den: number, phase: ClockSpec["phase"] = 0): ClockSpec => ({ name: "clock", num, den, phase });
const align: Instruction = { op: OP.align, part: 0, wait: 0 };
const cycles = (count: number): Instruction => ({ op: OP.cycles, part: 0, a: count, work: 1 });
/** 322.265625 MHz, the clock of a 10G receiver. */
const MAC = [102_400, 33] as const;

/** Edge k of num / den, by big integers. */
const edge = (k: number, num: number, den: number): number => Number((BigInt(k) * BigInt(num)) / BigInt(den));

describe("a clock with a rational period", () => {
  test("after 10^9 cycles the edge is the floor of 10^9 periods, exactly", () => {
    const trip = travel({ times: [0], code: [cycles(1_000_000_000)], clocks: [clock(...MAC)] });
    assert.equal(trip.journeys[0]!.latency, edge(1_000_000_000, ...MAC));
    assert.equal(trip.journeys[0]!.latency, 3_103_030_303_030);
  });

  test("k cycles, one at a time or together, from any edge, take exactly the difference of the edges", () => {
    for (const first of [0, 1, 7, 32, 33, 34, 1_000_001]) {
      const start = edge(first, ...MAC);
      for (const count of [1, 2, 5, 33, 40]) {
        const expected = edge(first + count, ...MAC) - start;
        assert.equal(travel({ times: [start], code: [align, cycles(count)], clocks: [clock(...MAC)] }).journeys[0]!.latency, expected);
        assert.equal(travel({ times: [start], code: new Array<Instruction>(count).fill(cycles(1)), clocks: [clock(...MAC)] }).journeys[0]!.latency, expected);
      }
    }
  });

  for (const [num, den, phase] of [[...MAC, 0], [...MAC, 1_234], [4_000, 1, 0], [6_400, 1, 17], [10_000, 3, 5]] as const) {
    test(`aligning waits until the first edge at or after now: ${num}/${den} ps, phase ${phase}`, () => {
      const random = prng(num + den);
      const edges = Array.from({ length: 400 }, (_, k) => edge(k, num, den) + phase);
      const near = [...edges.slice(0, 60), ...edges.slice(0, 60).map((at) => at + 1), ...edges.slice(1, 60).map((at) => at - 1)];
      const times = [...near, ...Array.from({ length: 200 }, () => random.integer(edges.at(-1)!))].sort((a, b) => a - b);
      const expected = times.map((time) => (time < phase ? edges[0]! : edges.find((at) => at >= time)!) - time);
      // A clock has run for ever: before its phase there are edges too.
      const trip = travel({ times, code: [align], clocks: [clock(num, den, phase)] });
      trip.journeys.forEach((one) => {
        if (one.arrival >= phase) assert.equal(one.latency, expected[one.index], `at ${one.arrival}`);
        assert.ok(one.latency >= 0 && one.latency <= Math.ceil(num / den));
      });
      assert.deepEqual(slotOf(trip, 1), times.map(() => 0));
    });
  }

  test("a random phase is drawn once per run and from the seed", () => {
    const wait = (seed: number): number => travel({ times: [1_000_000], code: [align], clocks: [clock(1_000_000, 1, "random")] }, { seed }).journeys[0]!.latency;
    const waits = Array.from({ length: 50 }, (_, seed) => wait(seed));
    assert.deepEqual(waits, Array.from({ length: 50 }, (_, seed) => wait(seed)));
    assert.ok(new Set(waits).size > 45 && Math.min(...waits) < 200_000 && Math.max(...waits) > 800_000);
  });
});

describe("waiting for bytes", () => {
  test("a need waits until its byte has come, and not if it has come already", () => {
    const trip = travel({ times: [100], code: [need(0), delay(1), need(2)], amounts: always(800, 50, 820) });
    assert.deepEqual(trip.journeys[0]!.segments, [0, 850]);
  });

  test("what streams moves the bytes along; what is worked on does not", () => {
    const stream: Instruction = { op: OP.stream, amount: 0, work: 1 };
    assert.equal(travel({ times: [0], code: [stream, need(1)], amounts: always(300, 1_000) }).journeys[0]!.latency, 1_300);
    assert.equal(travel({ times: [0], code: [delay(0), need(1)], amounts: always(300, 1_000) }).journeys[0]!.latency, 1_000);
  });

  test("what a sender has sent comes with a profile of its own", () => {
    const trip = travel({ times: [0, 100], code: [send(0, 0, 1), need(2)], amounts: always(400, 70, 250), stages: [station()] });
    assert.deepEqual(trip.journeys.map((one) => one.segments), [[0, 320], [300, 320]]);
  });

  test("behind forward error correction a byte is there at the end of its codeword", () => {
    const block: Instruction = { op: OP.needBlock, part: 0, amount: 0, work: 1 };
    const times = [0, 1, 5_119, 5_120, 12_345];
    const bytes = [0, 64, 1, 6_000, 777];
    const trip = travel({ times, code: [block], amounts: [each(bytes)], clocks: [clock(5_120, 1)] });
    assert.deepEqual(trip.journeys.map((one) => one.end), times.map((time, index) => Math.ceil((time + bytes[index]!) / 5_120) * 5_120));
  });
});
