// Goal: a crossbar holds an input and an output for each claim, matches as many as it can, and nobody starves. Method: random claims, whose
// intervals must not overlap at either port and must begin as soon as both are free (a maximal matching); iSLIP's pointers by hand.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { Instruction } from "../../../src/engine/index.js";
import { always, each, travel } from "../../support/journeys.js";
import { branch, claim, delay, jump, release } from "../../support/instructions.js";

const PORTS = 3;
const CLASSES = PORTS ** 2;

interface Sent {
  readonly time: number;
  readonly input: number;
  readonly output: number;
  readonly service: number;
}

interface Passed extends Sent {
  readonly begin: number;
  readonly end: number;
}

/** Each message claims its input and its output, holds them for its service and gives them back. */
function passed(sent: readonly Sent[]): readonly Passed[] {
  const klassOf = (one: Sent): number => one.input * PORTS + one.output;
  const block = 5;
  const code = Array.from({ length: CLASSES }, (_, klass): Instruction[] => [
    branch(klass, block * (klass + 1)), { ...claim(0, 0), b: klass }, delay(1), release(0, 2 + klass), jump(block * CLASSES),
  ]).flat();
  const trip = travel({
    times: sent.map((one) => one.time), code,
    amounts: [...always(1), each(sent.map((one) => one.service)), ...always(...Array.from({ length: CLASSES }, (_, klass) => klass + 1)), ...Array.from({ length: CLASSES }, (_, klass) => each(sent.map((one) => Number(klassOf(one) === klass))))],
    choices: Array.from({ length: CLASSES }, (_, klass) => ({ kind: "size", amount: 2 + CLASSES + klass })),
    pools: [{ name: "crossbar", capacity: PORTS, whenFull: "block", refill: null, order: { kind: "crossbar", ports: PORTS } }],
  });
  return sent.map((one, index) => {
    const end = trip.journeys.find((journey) => journey.index === index)?.end ?? NaN;
    return { ...one, begin: end - one.service, end };
  });
}

describe("a crossbar", () => {
  test("lets claims of different inputs and outputs go side by side, and those that share one behind each other", () => {
    const all = [[0, 0], [1, 1], [2, 2], [0, 1], [1, 0]].map(([input = 0, output = 0], at) => ({ time: at < 3 ? 0 : 1, input, output, service: 10 }));
    assert.deepEqual(passed(all).map((one) => one.begin), [0, 0, 0, 10, 10]);
  });

  test("a claim whose output is taken holds up nobody of its input", () => {
    const sent = [{ time: 0, input: 0, output: 0, service: 100 }, { time: 1, input: 1, output: 0, service: 10 }, { time: 2, input: 1, output: 1, service: 10 }];
    assert.deepEqual(passed(sent).map((one) => one.begin), [0, 100, 2]);
  });

  test("an output grants to its inputs in turn, and an input accepts its outputs in turn", () => {
    // All inputs want output 0 again and again.
    const wanting = [0, 0, 1, 1, 2, 2].map((input) => ({ time: 0, input, output: 0, service: 10 }));
    assert.deepEqual(passed(wanting).map((one) => one.begin), [0, 30, 10, 40, 20, 50]);
    const offering = [0, 0, 1, 1, 2, 2].map((output) => ({ time: 0, input: 0, output, service: 10 }));
    assert.deepEqual(passed(offering).map((one) => one.begin), [0, 30, 10, 40, 20, 50]);
  });

  test("when all want all, everybody is matched in every slot once the pointers have moved apart", () => {
    const rounds = 6;
    const sent = Array.from({ length: CLASSES * rounds }, (_, at) => ({ time: 0, input: at % PORTS, output: Math.floor(at / PORTS) % PORTS, service: 10 }));
    const end = Math.max(...passed(sent).map((one) => one.end));
    assert.ok(end >= rounds * PORTS * 10 && end < (rounds + 1) * PORTS * 10, `${end}`);
  });

  test("random claims never overlap at a port, and none waits while both of its ports are free", () => {
    const message = fc.record({ gap: fc.nat(8), input: fc.nat(PORTS - 1), output: fc.nat(PORTS - 1), service: fc.integer({ min: 1, max: 20 }) });
    fc.assert(fc.property(fc.array(message, { minLength: 1, maxLength: 30 }), (drawn) => {
      let time = 0;
      const done = passed(drawn.map(({ gap, ...one }) => ({ ...one, time: (time += gap) })));
      for (const one of done) {
        assert.ok(one.begin >= one.time);
        const meeting = done.filter((other) => other !== one && (other.input === one.input || other.output === one.output));
        for (const other of meeting) assert.ok(other.end <= one.begin || other.begin >= one.end, "two at one port");
        // Whoever waits is kept by somebody until the moment at which it begins.
        if (one.begin > one.time) assert.ok(meeting.some((other) => other.end === one.begin), "waited for nobody");
        for (let at = one.time; at < one.begin; at++) assert.ok(meeting.some((other) => other.begin <= at && at < other.end), `idle at ${at}`);
      }
    }), { numRuns: 200 });
  });
});
