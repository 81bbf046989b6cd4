import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { Calendar } from "../../src/engine/calendar.js";
import { ORDER } from "../../src/engine/order.js";
import { prng, type Prng } from "../support/prng.js";

/** The end of simulated time. */
const LATEST = Number.MAX_SAFE_INTEGER;

/** What a calendar must do, in the plainest way: a binary heap of objects, numbered as they arrive. */
class PlainHeap {
  private readonly heap: { time: number; rank: number; payload: number; arrival: number }[] = [];
  private arrivals = 0;

  private before(one: number, other: number): boolean {
    const a = this.heap[one]!;
    const b = this.heap[other]!;
    return a.time !== b.time ? a.time < b.time : a.rank !== b.rank ? a.rank < b.rank : a.arrival < b.arrival;
  }

  private swap(one: number, other: number): void {
    const held = this.heap[one]!;
    this.heap[one] = this.heap[other]!;
    this.heap[other] = held;
  }

  push(time: number, rank: number, payload: number): void {
    this.heap.push({ time, rank, payload, arrival: this.arrivals++ });
    for (let at = this.heap.length - 1; at > 0 && this.before(at, (at - 1) >> 1); at = (at - 1) >> 1) this.swap(at, (at - 1) >> 1);
  }

  pop(): { time: number; rank: number; payload: number } {
    const first = this.heap[0]!;
    const last = this.heap.pop()!;
    if (this.heap.length === 0) return first;
    this.heap[0] = last;
    for (let at = 0; ; ) {
      let least = at;
      for (const child of [at * 2 + 1, at * 2 + 2]) if (child < this.heap.length && this.before(child, least)) least = child;
      if (least === at) return first;
      this.swap(at, least);
      at = least;
    }
  }

  get head(): { time: number; rank: number } | undefined {
    return this.heap[0];
  }

  get size(): number {
    return this.heap.length;
  }
}

/** A calendar and the plain heap, doing the same and compared at each step. */
class Pair {
  readonly calendar = new Calendar();
  readonly plain = new PlainHeap();
  private payload = 0;

  push(time: number, rank: number): void {
    const payload = this.payload++ % 2 === 0 ? this.payload : ~this.payload;
    this.calendar.push(time, rank, payload);
    this.plain.push(time, rank, payload);
    this.compareHeads();
  }

  pop(): void {
    const expected = this.plain.pop();
    const payload = this.calendar.pop();
    if (payload !== expected.payload || this.calendar.time !== expected.time || this.calendar.rank !== expected.rank) {
      assert.deepEqual({ time: this.calendar.time, rank: this.calendar.rank, payload }, { time: expected.time, rank: expected.rank, payload: expected.payload });
    }
    this.compareHeads();
  }

  get now(): number {
    return this.calendar.time;
  }

  get size(): number {
    return this.plain.size;
  }

  drain(): void {
    while (this.size > 0) this.pop();
  }

  private compareHeads(): void {
    const { calendar, plain } = this;
    if (calendar.size === plain.size && calendar.headTime === (plain.head?.time ?? Infinity) && calendar.headRank === (plain.head?.rank ?? Infinity)) return;
    assert.deepEqual([calendar.size, calendar.headTime, calendar.headRank], [plain.size, plain.head?.time ?? Infinity, plain.head?.rank ?? Infinity]);
  }
}

type Delay = (random: Prng, now: number) => number;

/** Every kind of delay that has broken or slowed down a calendar: each gives the time until an event is due. */
const DELAYS: Readonly<Record<string, Delay>> = {
  exponential: (random) => Math.round(random.exponential(1e6)),
  uniform: (random) => random.integer(2_000_000),
  bimodal: (random) => (random.uniform() < 0.9 ? random.integer(1_000) : 1e9 + random.integer(1_000)),
  "rarely far": (random) => Math.round(random.exponential(random.uniform() < 0.01 ? 1e12 : 1e6)),
  "one day or now": (random) => (random.uniform() < 0.5 ? 0 : 1e15),
  pareto: (random) => Math.min(1e13, Math.round(1_000 * (1 - random.uniform()) ** (-1 / 1.1))),
  "heavy ties": (random) => random.integer(4) * 1_000,
  clocked: (random, now) => (Math.floor(now / 6_400) + 1 + random.integer(20)) * 6_400 - now,
  constant: () => 5_000,
  "no delay": () => 0,
  "all orders of magnitude": (random) => Math.floor(2 ** (random.uniform() * 46)),
  "few picoseconds": (random) => random.integer(3),
};
const delayName = fc.constantFrom(...Object.keys(DELAYS));

/** Ranks repeat, so that events with one key are common; a later rank may be smaller than one already taken at the same time. */
function rankFrom(random: Prng, distinct: number): number {
  return random.integer(5) * ORDER.phaseStride + random.integer(distinct);
}

/** Fills to `size`, holds for `steps` steps, drains. */
function hold(pair: Pair, random: Prng, plan: { delay: Delay; size: number; steps: number; ranks: number }): void {
  const push = (): void => pair.push(Math.min(LATEST, pair.now + plan.delay(random, pair.now)), rankFrom(random, plan.ranks));
  while (pair.size < plan.size) push();
  for (let step = 0; step < plan.steps && pair.size > 0; step++) {
    pair.pop();
    push();
  }
}

describe("the calendar against a plain heap", () => {
  test("gives the same events in the same order for every kind of delay, size and mix of ranks", () => {
    const plan = fc.record({ seed: fc.nat(), name: delayName, size: fc.integer({ min: 1, max: 300 }), ranks: fc.constantFrom(1, 3, 1_000_000) });
    fc.assert(
      fc.property(plan, ({ seed, name, size, ranks }) => {
        const pair = new Pair();
        hold(pair, prng(seed), { delay: DELAYS[name]!, size, steps: 1_500, ranks });
        pair.drain();
      }),
      { numRuns: 150 },
    );
  });

  test("gives the same while size and kind of delay change, across the change from list to wheel and back", () => {
    const phase = fc.record({ name: delayName, size: fc.constantFrom(0, 1, 5, 9, 15, 16, 25, 39, 40, 41, 42, 64, 130, 700, 3_000), steps: fc.integer({ min: 0, max: 400 }) });
    fc.assert(
      fc.property(fc.nat(), fc.array(phase, { minLength: 2, maxLength: 8 }), (seed, phases) => {
        const pair = new Pair();
        const random = prng(seed);
        for (const { name, size, steps } of phases) {
          while (pair.size > size) pair.pop();
          hold(pair, random, { delay: DELAYS[name]!, size, steps, ranks: 50 });
        }
        pair.drain();
      }),
      { numRuns: 80 },
    );
  });

  test("gives the same under any sequence of pushes and pops", () => {
    const command = fc.oneof(
      { weight: 5, arbitrary: fc.tuple(fc.integer({ min: 0, max: 1_000 }), fc.integer({ min: 0, max: 5 })) },
      { weight: 1, arbitrary: fc.tuple(fc.integer({ min: 0, max: 2 ** 50 }), fc.integer({ min: 0, max: 5 })) },
      { weight: 4, arbitrary: fc.constant("pop" as const) },
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: 600, size: "max" }), (commands) => {
        const pair = new Pair();
        for (const each of commands) {
          if (each !== "pop") pair.push(Math.min(LATEST, pair.now + each[0]), each[1]);
          else if (pair.size > 0) pair.pop();
        }
        pair.drain();
      }),
      { numRuns: 300 },
    );
  });

  for (const name of Object.keys(DELAYS)) {
    test(`gives the same with 100,000 pending events, delays: ${name}`, () => {
      const pair = new Pair();
      const random = prng(20_260);
      hold(pair, random, { delay: DELAYS[name]!, size: 100_000, steps: 60_000, ranks: 1_000 });
      pair.drain();
      assert.equal(pair.calendar.size, 0);
    });
  }

  test("gives the same when a dense burst falls into a calendar that was laid out for events far apart", () => {
    // The burst overflows the front, and the buckets are chosen anew from a part of what is pending.
    const random = prng(11);
    for (let round = 0; round < 60; round++) {
      const pair = new Pair();
      const far = 260 + random.integer(200);
      for (let event = 0; event < far; event++) pair.push(1e10 + event * 1e9 + random.integer(1_000_000), random.integer(4));
      for (let event = 0; event < 40; event++) pair.push(pair.now + 1e9 + random.integer(1_000), 0);
      for (let step = 0; step < 400 && pair.size > 0; step++) {
        pair.pop();
        const burst = random.integer(6);
        for (let event = 0; event < burst; event++) pair.push(pair.now + random.integer(2_000), random.integer(4));
      }
      pair.drain();
    }
  });

  test("gives 65,536 events at one time by rank, and those of one rank as they came, also when they go on without delay", () => {
    const pair = new Pair();
    const random = prng(5);
    for (let event = 0; event < 65_536; event++) pair.push(1_000, rankFrom(random, 10_000));
    for (let event = 0; event < 65_536; event++) {
      pair.pop();
      pair.push(1_000, rankFrom(random, 10_000));
    }
    pair.drain();
    assert.equal(pair.now, 1_000);
  });
});
