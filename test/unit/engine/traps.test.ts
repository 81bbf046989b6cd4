import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { OP, type Instruction } from "../../../src/engine/index.js";
import { always, each, endsOf, slotOf, travel, type TimedSketch } from "../../support/journeys.js";
import { branch, claim, delay, drawStage, free, hold, jump, queue, release, server, stage, station, work } from "../../support/instructions.js";
import { distribution } from "../../../src/random/index.js";
import { HEAD_OF_LINE_THROUGHPUT } from "../../support/oracles.js";
import { mean, run, sketch } from "../../support/program.js";
import { prng } from "../../support/prng.js";

/** Required behaviour in places where a plausible simulator goes wrong. The byte-by-byte ones have a file of their own. */

test("posted writes in order: the flag is never seen before the payload; relaxed, it is", () => {
  // Message 2k is the payload, 2k + 1 its flag a little later; each flies for a random time.
  const random = prng(4);
  const times = Array.from({ length: 16_000 }, (_, index) => Math.floor(index / 2) * 2_000 + (index % 2) * 3);
  const flights = each(times.map(() => random.integer(400)));
  const violations = (flight: Instruction): number => {
    const ends = endsOf({ times, code: [flight], amounts: [flights], orders: ["posted"] });
    return ends.filter((landed, index) => index % 2 === 1 && landed < ends[index - 1]!).length;
  };
  assert.equal(violations({ op: OP.order, part: 0, amount: 0, wait: 0, work: 1 }), 0);
  const relaxed = violations(delay(0));
  assert.ok(relaxed > 3_600 && relaxed < 4_400, `${relaxed} of 8,000 flags before their payload`);
});

test("a read that pushes writes lands behind every write that set out before it", () => {
  const random = prng(9);
  const times = Array.from({ length: 3_000 }, (_, index) => index * 50);
  // Every tenth is a read that flies in no time at all.
  const flights = times.map((_, index) => (index % 10 === 9 ? 0 : random.integer(3_000)));
  const ends = endsOf({ times, code: [{ op: OP.order, part: 0, amount: 0, wait: 0, work: 1 }], amounts: [each(flights)], orders: ["posted"] });
  for (let read = 9; read < ends.length; read += 10) assert.ok(ends.slice(0, read).every((write) => write <= ends[read]!));
});

test("coordinated omission: the same stalls give an open source a p99 of 910.9 µs and a closed one of 0.1 µs", () => {
  const [service, stall] = [100_000, 1_000_000_000];
  /** What the slowest hundredth of the messages reach or exceed. */
  const p99 = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.99)]! / 1e6;
  const messages = 100_000;
  // One message a microsecond; whichever comes first in each 10 ms takes 1 ms.
  const stalls = { code: [stage(0, 0)], amounts: [(payload: number) => (payload === 1 ? stall : service)], stages: [station()] };
  const times = Float64Array.from({ length: messages }, (_, index) => index * 1_000_000);
  const open = run(sketch({ ...stalls, arrivals: { kind: "series", times, payloads: Uint32Array.from(times, (_, index) => Number(index % 10_000 === 0)), loop: 0 } }), { messages });
  assert.equal(p99(open.latencies), 910.9);
  // A client that waits for its answer meets the same stalls, with one message each.
  const closed = run(
    sketch({
      code: [branch(0, 3), stage(0, 0), jump(4), stage(0, 1)], amounts: always(stall, service), stages: [station()], choices: [{ kind: "chance", component: "stall", yes: 1 / 10_000 }],
      arrivals: { kind: "closed", population: 1, think: distribution.constant(1_000_000 - service) },
    }),
    { messages },
  );
  assert.ok(closed.latencies.filter((latency) => latency === stall).length >= 3, "it does meet stalls");
  assert.equal(p99(closed.latencies), 0.1);
});

describe("ties at one picosecond", () => {
  test("a release at t serves the claim at t, a byte that becomes visible at a look is seen by it, an arrival at T beats the timer", () => {
    const pool = [{ name: "pool", capacity: 1, whenFull: "drop", refill: null } as const];
    // The first message's release at 100 comes from a queue's completion, the second's claim from an arrival at 100.
    const sketch1: TimedSketch = {
      times: [0, 100], slots: ["queue", "process", "preempt"], code: [claim(0, 0, 4), queue(0, 1), release(0, 0), jump(5), { op: OP.drop, a: 0 }],
      amounts: always(1, 100), pools: pool, reasons: ["full"], stages: [station("priority")],
    };
    assert.deepEqual(endsOf(sketch1), [100, 200]);
    const look: TimedSketch = { times: [300], code: [delay(0), hold(0, 1, "poll"), work(1), free], amounts: always(700, 0), cores: ["core"], servers: [server({ period: 1_000 })] };
    assert.deepEqual(slotOf(travel(look), 1), [700]);
    const timer: TimedSketch = {
      times: [0, 500], code: [{ op: OP.join, part: 0, wait: 0 }],
      batches: [{ name: "batch", law: "timer-from-first", time: 500, count: Infinity, carrier: -1, carrierSlots: [0, 0], slots: null, weight: 1, budget: 1, budgetTime: 1, handOver: 0, handOverSlot: 0, waitSlot: 0, queueSlot: 0 }],
    };
    assert.deepEqual(slotOf(travel(timer), 0), [500, 0]);
  });

  test("messages of one instant go in their own order, however they come to a stage", () => {
    // Paths of different length in instructions and in events, but equal time.
    const ways: Instruction[][] = [
      [branch(0, 3), delay(0), jump(5), delay(1), delay(1), stage(0, 2)],
      [branch(0, 3), stage(1, 0), jump(5), delay(1), delay(1), stage(0, 2)],
      [branch(0, 3), queue(2, 0), jump(5), delay(1), delay(1), stage(0, 2)],
    ];
    const ends = ways.map((code) =>
      endsOf({
        times: new Array<number>(40).fill(10), slots: ["queue", "process", "preempt"], code, amounts: [...always(100, 50, 7, 1), (index: number) => index % 2],
        choices: [{ kind: "size", amount: 4 }], stages: [station(), station("fifo", 40), station("sharing")],
      }),
    );
    assert.deepEqual(ends[0], ends[1]);
    assert.deepEqual(ends[0], Array.from({ length: 40 }, (_, index) => 110 + (index + 1) * 7));
  });
});

describe("who stands behind whom", () => {
  /** An input-queued switch with n ports, saturated: every input has a cell at its head, which wants any output and blocks those behind it. */
  function throughput(ports: number): number {
    const cells = 12_000;
    const last = 3 * (ports - 1);
    const code = Array.from({ length: ports }, (_, output) => (output === ports - 1 ? [stage(output, 0)] : [branch(output, output * 3 + 3), stage(output, 0), jump(last + 1)])).flat();
    const { machine } = run(
      sketch({
        code, amounts: always(100), stages: Array.from({ length: ports }, () => station()),
        choices: Array.from({ length: ports - 1 }, (_, output) => ({ kind: "chance", component: `output ${output}`, yes: 1 / (ports - output) })),
        arrivals: { kind: "closed", population: ports, think: distribution.constant(0) },
      }),
      { messages: cells },
    );
    return cells / (machine.endTime / 100) / ports;
  }

  test("a saturated switch with one queue per input passes 0.75 of its lines with 2 ports and less with more", () => {
    for (const ports of [2, 3, 4, 8] as const) {
      const expected = HEAD_OF_LINE_THROUGHPUT[`${ports}`];
      assert.ok(Math.abs(throughput(ports) - expected) < 0.012, `${ports} ports: ${throughput(ports)} for ${expected}`);
    }
    assert.ok(throughput(32) < 0.61 && throughput(32) > 0.58);
  });

  test("a lost packet holds up those behind it on its own connection, and nobody else", () => {
    const timeout = 4_096_000;
    // Connections 0 and 1 take turns; a message holds its connection until it is delivered; message 10 is lost once.
    const times = Array.from({ length: 60 }, (_, index) => index * 100_000);
    const code = [branch(0, 6), hold(0, 2), delay(1), delay(0), free, jump(9), hold(1, 2), delay(1), free];
    const trip = travel({ times, code, amounts: [each(times.map((_, index) => (index === 10 ? timeout : 0))), ...always(20_000, 0), (index) => 1 - (index % 2)], choices: [{ kind: "size", amount: 3 }], cores: ["qp 0", "qp 1"], servers: [server(), server()] });
    const late = trip.journeys.filter((one) => one.latency > 20_000).map((one) => one.index);
    // Even messages that came during the timeout, and those that the queue behind it still delayed.
    assert.deepEqual(late, Array.from({ length: late.length }, (_, index) => 10 + index * 2));
    assert.ok(late.length > 20);
    assert.equal(trip.journeys[12]!.end, trip.journeys[10]!.end + 20_000);
  });
});

test("splitting a transfer into any units never changes its time on the link, and shifting all times shifts all ends", () => {
  const random = prng(33);
  let time = 0;
  const times = Array.from({ length: 300 }, () => (time += random.integer(9_000)));
  const whole = (units: number, shift: number): number[] =>
    travel({ times: times.map((at) => at + shift), code: [{ op: OP.transfer, part: 0, amount: 0, amount2: 1, a: 0, wait: 0, work: 1 }], amounts: always(5_040 / units, units), buses: [{ name: "link", arbiter: "fifo" }] }).journeys.map((one) => one.end - shift);
  for (const units of [2, 3, 7, 720, 5_040]) assert.deepEqual(whole(units, 0), whole(1, 0));
  assert.deepEqual(whole(7, 2 ** 52), whole(7, 0));
});

test("a random service is what was drawn: the segment equals the draw, and queues only add waits", () => {
  const drawn = (code: readonly Instruction[]): number[] => slotOf(travel({ times: Array.from({ length: 500 }, (_, index) => index * 90), code, draws: [{ component: "service", sampler: distribution.exponential(100) }], stages: [station()] }), 1);
  assert.deepEqual(drawn([drawStage(0, 0)]), drawn([{ op: OP.draw, amount: 0, a: -1, work: 1 }]));
  assert.ok(Math.abs(mean(drawn([drawStage(0, 0)])) - 100) < 30);
});
