import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { InternalFault, type WirelatError } from "../../../src/errors/index.js";
import { type ForkSpec, OP, ORDER } from "../../../src/engine/index.js";
import { placeOfChild } from "../../../src/engine/order.js";
import { distribution } from "../../../src/random/index.js";
import { always, each, endsOf, slotOf, travel, type TimedSketch } from "../../support/journeys.js";
import { again, branch, claim, count, delay, drop, end, fork, free, hold, joined, jump, loop, queue, release, server, spawn, stage, station, work } from "../../support/instructions.js";
import { run, sketch } from "../../support/program.js";

const SLOTS = ["queue", "process", "process"];
/** Jump targets of a fork count from the mark in front, one more than in the sketch. */
const forks = (kind: ForkSpec["kind"], branches: readonly number[], counts = -1, chunk = -1): ForkSpec[] => [{ kind, branches: branches.map((pc) => pc + 1), count: counts, chunk, slots: null }];

describe("a fork", () => {
  const two = (kind: "all" | "race", times: readonly number[], left: readonly number[], right: readonly number[]): TimedSketch => ({
    times, slots: SLOTS, code: [fork(0), jump(6), delay(0), joined, { ...delay(1), work: 2 }, joined], amounts: [each(left), each(right)], forks: forks(kind, [2, 4]),
  });

  test("of all branches the last one binds, and only its segments are the message's", () => {
    const trip = travel(two("all", [0, 10, 1_000], [50, 20, 7], [30, 90, 7]));
    assert.deepEqual(trip.journeys.map((one) => one.latency), [50, 90, 7]);
    assert.deepEqual(trip.journeys.map((one) => one.segments), [[0, 50, 0], [0, 0, 90], [0, 7, 0]]);
  });

  test("of a race the first one in time binds, whichever is executed first; of two at once the one declared first", () => {
    const trip = travel(two("race", [0, 10, 1_000], [50, 20, 7], [30, 90, 7]));
    assert.deepEqual(trip.journeys.map((one) => one.segments), [[0, 0, 30], [0, 20, 0], [0, 7, 0]]);
    assert.equal(trip.machine.completed, 3);
    assert.equal(trip.machine.tokens.live, 0);
  });

  test("the losers of a race go on and use what they use, off the path", () => {
    // The slow branch takes the stage that a later message needs.
    const trip = travel({ times: [0, 120], slots: SLOTS, code: [fork(0), jump(7), delay(0), joined, delay(1), stage(0, 2), joined, stage(0, 3)], amounts: always(10, 100, 500, 0), stages: [station()], forks: forks("race", [2, 4]) });
    assert.deepEqual(trip.journeys.map((one) => one.segments), [[0, 10, 0], [470, 10, 0]]);
  });

  test("branches may wait for things that other messages hold", () => {
    const sketch: TimedSketch = {
      times: [0, 5], slots: ["queue", "process", "preempt"], code: [fork(0), jump(8), hold(0, 1), work(0), free, joined, queue(0, 0), joined],
      amounts: always(100, 0), forks: forks("all", [2, 6]), cores: ["core"], servers: [server()], stages: [station("priority")],
    };
    assert.deepEqual(endsOf(sketch), [100, 200]);
  });

  test("a fan-out runs one branch per chunk, the last one short, and the slowest binds", () => {
    // Chunks of 3 bytes; a branch takes 10 per byte of its own.
    const sketch: TimedSketch = {
      times: new Array<number>(11).fill(0), slots: SLOTS, code: [fork(0), jump(4), stage(0, 2), joined], stages: [station("fifo", 2)],
      amounts: [(payload) => Math.ceil(payload / 3), () => 3, (payload) => payload * 10], forks: forks("fan-out", [2], 0, 1),
    };
    const trip = travel({ ...sketch, times: Array.from({ length: 11 }, (_, index) => index * 1_000) });
    // Two servers: chunks go 3 | 3, then 3 | rest.
    assert.deepEqual(trip.journeys.map((one) => one.latency), [0, 10, 20, 30, 30, 30, 30, 40, 50, 60, 60]);
    assert.equal(trip.machine.stages.busy[0], 550);
  });

  test("the first and the last of several pieces may differ from those between; one alone is like those between", () => {
    // Pieces in a queue: 10 each, the first 100, the last 1000.
    const trip = travel({
      times: [0, 10_000, 20_000, 30_000], slots: SLOTS, code: [fork(0), jump(8), stage(0, 1), joined, stage(0, 2), joined, stage(0, 3), joined], stages: [station()],
      amounts: [each([1, 2, 3, 5]), ...always(10, 100, 1_000, 1)], forks: forks("fan-out", [2, 4, 6], 0, 4),
    });
    assert.deepEqual(trip.journeys.map((one) => one.latency), [10, 1_100, 1_110, 1_130]);
  });

  const lossy = (kind: ForkSpec["kind"], first: readonly number[], second: readonly number[]): TimedSketch => ({
    times: first.map((_, index) => index * 1_000), slots: SLOTS, code: [fork(0), jump(8), delay(0), drop(0), joined, { ...delay(1), work: 2 }, branch(0, 3), joined], amounts: [each(first), each(second), (payload) => payload % 2],
    forks: forks(kind, [2, 5]), reasons: ["lost"], choices: [{ kind: "size", amount: 2 }],
  });

  test("of a race goes on when a branch is lost, and is lost itself with the last", () => {
    // The first branch is always lost; the second comes in for odd messages only.
    const { machine, journeys } = travel(lossy("race", [10, 10, 90, 90], [50, 50, 50, 50]));
    assert.deepEqual(journeys.map((one) => [one.index, one.latency, ...one.segments]), [[1, 50, 0, 0, 50], [3, 50, 0, 0, 50]]);
    assert.deepEqual([machine.completed, machine.drops[0], machine.dropsOfSource[0], machine.tokens.live], [2, 2, 2, 0]);
    assert.equal(machine.endTime, 3_090);
  });

  test("of all branches is lost when one is, once nobody is under way", () => {
    const { machine } = travel(lossy("all", [10, 90], [50, 50]));
    assert.deepEqual([machine.completed, machine.drops[0], machine.endTime, machine.tokens.live], [0, 2, 1_090, 0]);
  });

  test("a branch of a race can ask whether another has come first", () => {
    // The first branch takes its time; the second waits for 50 and only works on if nobody has come.
    const late: TimedSketch = {
      times: [0, 1_000], slots: SLOTS, code: [fork(0), jump(9), delay(0), joined, { ...delay(1), work: 2 }, branch(0, 7), joined, count(0, 2), joined],
      amounts: [each([30, 70]), ...always(50, 1)], forks: forks("race", [2, 4]), accounts: ["worked"], choices: [{ kind: "decided" }],
    };
    const { machine, journeys } = travel(late);
    assert.deepEqual(journeys.map((one) => one.latency), [30, 50]);
    assert.equal(machine.counts[0], 1);
  });

  test("a fan-out of thousands ends once", () => {
    const trip = travel({ times: [0, 3], slots: SLOTS, code: [fork(0), jump(4), stage(0, 2), joined], amounts: always(5_000, 1, 7), stages: [station()], forks: forks("fan-out", [2], 0, 1) });
    assert.deepEqual(trip.journeys.map((one) => one.end), [5_000 * 7, 10_000 * 7]);
    assert.equal(trip.machine.completed, 2);
  });

  test("forks nest, and forks in a loop add up round by round", () => {
    const nested: TimedSketch = {
      times: [0], slots: SLOTS, code: [fork(0), jump(9), fork(1), jump(6), delay(0), joined, joined, delay(1), joined, delay(2)],
      amounts: always(30, 50, 5), forks: [...forks("all", [2, 7]), ...forks("all", [4, 4])],
    };
    assert.deepEqual(endsOf(nested), [55]);
    const rounds: TimedSketch = { times: [0], slots: SLOTS, code: [loop(2, 8), fork(0), jump(7), delay(0), joined, delay(1), joined, again(0)], amounts: always(30, 50, 2_000), forks: forks("all", [3, 5]) };
    assert.deepEqual(endsOf(rounds), [100_000]);
  });
});

test("ranks of children follow from the program: none is the message's own, none is another's", () => {
  const seen = new Set([0]);
  const add = (place: number): number => {
    assert.ok(!seen.has(place) && place > 0 && place < ORDER.ranksPerMessage, `${place}`);
    seen.add(place);
    return place;
  };
  for (let child = 1; child <= 2_047; child++) {
    const place = add(placeOfChild(0, child));
    for (let grandchild = 1; grandchild <= 31; grandchild++) add(placeOfChild(place, grandchild));
  }
  for (let ordinal = 2_048; ordinal < 100_000; ordinal++) assert.ok(placeOfChild(0, ordinal) > 0 && placeOfChild(0, ordinal) < ORDER.ranksPerMessage);
  const deep = new Set(Array.from({ length: 30 }, (_, index) => placeOfChild(33, index + 1)));
  assert.equal(deep.size, 30);
});

describe("off-path work", () => {
  test("costs what it costs, and the message does not wait for it", () => {
    const trip = travel({ times: [0, 10], slots: SLOTS, code: [delay(0), spawn(4), delay(0), jump(7), stage(0, 1), count(0, 2), end], amounts: always(5, 1_000, 3), accounts: ["work"], stages: [station()] });
    assert.deepEqual(trip.journeys.map((one) => one.latency), [10, 10]);
    assert.equal(trip.machine.counts[0], 6);
    assert.equal(trip.machine.stages.busy[0], 2_000);
    assert.equal(trip.machine.endTime, 2_005);
    assert.equal(trip.machine.completed, 2);
  });

  test("delays others only through what it holds", () => {
    const trip = travel({ times: [0, 10], code: [stage(0, 0), spawn(3), jump(5), stage(0, 1), end], amounts: always(5, 100), stages: [station()] });
    assert.deepEqual(slotOf(trip, 0), [0, 95]);
  });

  test("that is dropped is not a lost message: nothing is missing at its source, and a closed one gets no client more", () => {
    const program = sketch({ code: [delay(0), spawn(3), jump(4), drop(0)], amounts: always(10), reasons: ["full"], arrivals: { kind: "closed", population: 1, think: distribution.constant(90) } });
    const { machine } = run(program, { messages: 50 });
    assert.deepEqual([machine.completed, machine.drops[0], machine.dropsOfSource[0]], [50, 50, 0]);
    assert.equal(machine.endTime, 49 * 100 + 10);
  });

  test("in which a metric ends completes what its message had taken until then", () => {
    const program = sketch({
      slots: [...SLOTS, "process"], code: [claim(0, 3), delay(0), { op: OP.answer, a: -1 }, { ...spawn(6), part: 0 }, { ...delay(1), work: 1 }, jump(11), { op: OP.answer, a: 1 }, { ...delay(2), work: 3 }, { op: OP.mark, a: 2 }, release(0, 3), end],
      amounts: always(5, 1_000, 30, 1), marks: 3, spawns: [{ slots: [3, 4], path: 1 }], pools: [{ name: "pool", capacity: 1, whenFull: "block", refill: null }],
      arrivals: { kind: "series", times: Float64Array.from([0, 10]), payloads: Uint32Array.from([0, 0]), loop: 0 },
    });
    const aside = { ...program.paths[0]!, slots: [0, 4] as const, metrics: [{ name: "aside", fromMark: 0, toMark: 2, fromEdge: -1, toEdge: -1, slots: [0, 4] as const }] };
    const kept: number[] = [];
    const sinks = [{ record: () => undefined }, { record: (latency: number) => void kept.push(latency) }].map((sink) => [sink]);
    const { machine } = run({ ...program, paths: [...program.paths, aside] }, { messages: 2, sinks });
    // The second message waits for the claim until the first one's work has given it back.
    assert.deepEqual(kept, [35, 25 + 35]);
    assert.deepEqual([machine.completed, machine.ledger.paths[0]!.measured, machine.ledger.paths[1]!.measured], [2, 2, 2]);
  });

  test("tens of thousands may be started by one message, and rows grow under it", () => {
    const trip = travel({ times: [0], code: [loop(0, 4), spawn(5), delay(1), again(0), jump(7), delay(2), end], amounts: always(20_000, 1, 1_000_000) });
    assert.equal(trip.journeys[0]!.latency, 20_000);
    assert.equal(trip.machine.endTime, 19_999 + 1_000_000);
    assert.equal(trip.machine.completed, 1);
    assert.ok(trip.machine.tokens.peak > 20_000);
    assert.equal(trip.machine.tokens.live, 0);
  });
});

describe("a loop", () => {
  test("repeats its body; no round is a way past it", () => {
    assert.deepEqual(endsOf({ times: [0, 1_000, 2_000], code: [loop(0, 3), delay(1), again(0), delay(2)], amounts: [each([0, 1, 7]), ...always(10, 1)] }), [1, 1_011, 2_071]);
  });

  test("loops nest two deep", () => {
    assert.deepEqual(endsOf({ times: [0], code: [loop(0, 6), loop(1, 4, -1, 1), delay(2), again(1, -1, 1), delay(3), again(0)], amounts: always(3, 4, 10, 1) }), [123]);
  });

  test("in chunks: every round sees its own bytes, the last what is left, and behind it the message is whole again", () => {
    const trip = travel({ times: new Array<number>(30).fill(0), code: [loop(0, 4, 1), delay(2), count(0, 3), again(0, 1), delay(2)], amounts: [(payload) => Math.ceil(payload / 8), () => 8, (payload) => payload * payload, (payload) => payload], accounts: ["bytes"] });
    const square = (bytes: number): number => Math.floor(bytes / 8) * 64 + (bytes % 8) ** 2 + bytes ** 2;
    assert.deepEqual(trip.journeys.map((one) => one.latency), trip.journeys.map((one) => square(one.index)));
    assert.equal(trip.machine.counts[0], (29 * 30) / 2);
  });

  test("retries add their timeouts: k losses cost the way without loss and k timeouts", () => {
    const losses = [0, 1, 2, 5];
    assert.deepEqual(endsOf({ times: losses.map(() => 0), code: [loop(0, 3), delay(1), again(0), delay(2)], amounts: [each(losses), ...always(4_096, 700)] }), losses.map((k) => k * 4_096 + 700));
  });
});

describe("the engine refuses", () => {
  const fault = (sketch: TimedSketch, text: RegExp) => assert.throws(() => travel(sketch), (error: Error) => error instanceof InternalFault && text.test(error.message));

  test("a token that ends with a claim", () => {
    const pools = [{ name: "pool", capacity: 4, whenFull: "block", refill: null } as const];
    fault({ times: [0], code: [claim(0, 0)], amounts: always(1), pools }, /ends at 0 ps holding 1 claims/);
    fault({ times: [0], code: [hold(0, 0)], amounts: always(0), cores: ["core"], servers: [server()] }, /holding 1 claims/);
  });

  test("a message that is lost with a claim, which is the scenario's fault", () => {
    const pools = [{ name: "pool", capacity: 4, whenFull: "block", refill: null } as const];
    assert.throws(() => travel({ times: [0], code: [claim(0, 0), drop(0)], amounts: always(1), pools, reasons: ["lost"] }), { code: "loss-unhandled", message: /^a message is lost at 0 ps \(lost\) while it holds/ });
  });

  test("a claim given back twice", () => {
    fault({ times: [0], code: [claim(0, 0), release(0, 0), release(0, 0)], amounts: always(1), pools: [{ name: "pool", capacity: 4, whenFull: "block", refill: null }] }, /holding -1 claims/);
  });

  test("a message that waits for what nobody gives back", () => {
    fault({ times: [0, 1], code: [claim(0, 0), claim(0, 0), release(0, 0), release(0, 0)], amounts: always(1), pools: [{ name: "pool", capacity: 1, whenFull: "block", refill: null }] }, /2 messages never ended/);
  });

  test("loops without delay", () => {
    for (const code of [[jump(0)], [stage(0, 0), jump(0)], [delay(0), spawn(3), jump(0), jump(3)]]) {
      assert.throws(() => travel({ times: [0], code, amounts: always(0), stages: [station()] }), (error: WirelatError) => error.code === "zero-delay-loop" && /events at 0 ps/.test(error.message));
    }
  });
});
