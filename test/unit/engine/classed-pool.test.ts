// Goal: a pool whose claims have classes serves them by priority, or in turn by weight. Method: exact journeys; a brute-force
// arbiter for random arrivals.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { Instruction, PoolOrder, PoolSpec } from "../../../src/engine/index.js";
import { always, each, slotOf, travel, type Trip } from "../../support/journeys.js";
import { branch, claim, delay, jump, release } from "../../support/instructions.js";

const PRIORITY: PoolOrder = { kind: "priority", classes: 3 };
const arbiter = (order: PoolOrder): PoolSpec => ({ name: "arbiter", capacity: 1, whenFull: "block", refill: null, order });

interface Sent {
  readonly time: number;
  readonly klass: number;
  readonly service: number;
  readonly cost?: number;
}

/** Each message claims in its class, holds the unit for its service and gives it back. Amounts: unit, service, cost, in class 0, in class 1. */
function arbitrated(order: PoolOrder, sent: readonly Sent[], costly = false): Trip {
  const asked = (klass: number): Instruction => ({ ...claim(0, 0), b: klass, ...(costly ? { amount2: 2 } : {}) });
  return travel({
    times: sent.map((one) => one.time),
    code: [branch(0, 3), asked(0), jump(7), branch(1, 6), asked(1), jump(7), asked(2), delay(1), release(0, 0)],
    amounts: [...always(1), each(sent.map((one) => one.service)), each(sent.map((one) => one.cost ?? 1)), each(sent.map((one) => Number(one.klass === 0))), each(sent.map((one) => Number(one.klass === 1)))],
    choices: [{ kind: "size", amount: 3 }, { kind: "size", amount: 4 }],
    pools: [arbiter(order)],
  });
}

const order = (trip: Trip): number[] => trip.journeys.toSorted((one, other) => one.end - other.end).map((one) => one.index);
const queued = (klasses: readonly number[], service = 10): Sent[] => klasses.map((klass, index) => ({ time: index === 0 ? 0 : 1, klass, service }));

describe("a pool with priorities", () => {
  test("lets the lowest class go first, and within a class who came first; nobody who has begun is stopped", () => {
    const trip = arbitrated(PRIORITY, queued([2, 2, 1, 0, 1, 0]));
    assert.deepEqual(order(trip), [0, 3, 5, 2, 4, 1]);
    assert.deepEqual(slotOf(trip, 0), [0, 49, 29, 9, 39, 19]);
  });

  test("decides at the end of an instant: of those who find it free together the first class goes, whoever came first", () => {
    assert.deepEqual(order(arbitrated(PRIORITY, [{ time: 5, klass: 2, service: 10 }, { time: 5, klass: 1, service: 10 }, { time: 5, klass: 0, service: 10 }])), [2, 1, 0]);
  });

  test("a message of a better class that comes in the picosecond in which the unit comes back still goes first", () => {
    const sent = (late: number): Sent[] => [{ time: 0, klass: 0, service: 100 }, { time: 1, klass: 1, service: 10 }, { time: 100 + late, klass: 0, service: 10 }];
    assert.deepEqual(order(arbitrated(PRIORITY, sent(0))), [0, 2, 1]);
    assert.deepEqual(order(arbitrated(PRIORITY, sent(1))), [0, 1, 2]);
  });

  test("costs an idle message nothing", () => {
    const trip = arbitrated(PRIORITY, [{ time: 0, klass: 2, service: 10 }, { time: 10, klass: 2, service: 10 }]);
    assert.deepEqual(slotOf(trip, 0), [0, 0]);
  });
});

describe("a pool with weights", () => {
  const weighted = (...weights: readonly number[]): PoolOrder => ({ kind: "weighted", weights });

  test("serves each class in turn for as many claims as its weight says", () => {
    // Class 0 twice, class 1 once, class 2 once, while all have something to send.
    const trip = arbitrated(weighted(2, 1, 1), queued([0, 0, 0, 0, 0, 1, 1, 1, 2, 2]));
    assert.deepEqual(order(trip), [0, 5, 8, 1, 2, 6, 9, 3, 4, 7]);
  });

  test("a class that has nothing to send loses what is left of its weight", () => {
    const trip = arbitrated(weighted(8, 1, 1), [{ time: 0, klass: 0, service: 10 }, { time: 1, klass: 1, service: 10 }, { time: 2, klass: 1, service: 10 }, { time: 11, klass: 0, service: 10 }]);
    assert.deepEqual(order(trip), [0, 1, 3, 2]);
  });

  test("a claim may cost more than one: shares are then of what is sent, and the last of a turn may overdraw", () => {
    // 30 a turn for each; class 0 sends in 20s, class 1 in 10s: two of one, three of the other.
    const sent = [...queued([0, 0, 0, 0, 0]).map((one) => ({ ...one, cost: 20 })), ...queued([0, 1, 1, 1, 1, 1]).slice(1).map((one) => ({ ...one, cost: 10 }))];
    assert.deepEqual(order(arbitrated(weighted(30, 30, 30), sent, true)), [0, 5, 6, 7, 1, 2, 8, 9, 3, 4]);
  });
});

describe("a pool with deficits", () => {
  const deficit = (...quanta: readonly number[]): PoolOrder => ({ kind: "deficit", quanta });
  /** A first claim that nothing competes with, then what waits for it. */
  const waiting = (...rest: readonly { readonly klass: number; readonly cost: number }[]): Sent[] => [{ time: 0, klass: 2, cost: 1, service: 10 }, ...rest.map((one) => ({ ...one, time: 1, service: 10 }))];

  test("serves a class as far as its quantum pays, and keeps the rest for its next turn", () => {
    // 30 a turn. Class 0 sends in 20s: one and 10 left, then 40 for two and nothing left. Class 1 in 10s: three, three.
    const claims = [...Array.from({ length: 4 }, () => ({ klass: 0, cost: 20 })), ...Array.from({ length: 6 }, () => ({ klass: 1, cost: 10 }))];
    assert.deepEqual(order(arbitrated(deficit(30, 30, 30), waiting(...claims), true)), [0, 1, 5, 6, 7, 2, 3, 8, 9, 10, 4]);
  });

  test("a class of which nobody waits keeps nothing", () => {
    // Class 0 leaves 10 behind and is empty; had it kept them, its 40 would fit into the next turn.
    const sent = [...waiting({ klass: 0, cost: 20 }, { klass: 1, cost: 30 }, { klass: 1, cost: 30 }), { time: 25, klass: 0, cost: 40, service: 10 }];
    assert.deepEqual(order(arbitrated(deficit(30, 30, 30), sent, true)), [0, 1, 2, 3, 4]);
  });

  test("a claim that costs many quanta gets them turn by turn", () => {
    const sent = waiting({ klass: 0, cost: 100 }, ...Array.from({ length: 5 }, () => ({ klass: 1, cost: 30 })));
    assert.deepEqual(order(arbitrated(deficit(30, 30, 30), sent, true)), [0, 2, 3, 4, 1, 5, 6]);
  });

  test("random claims are served as a plain account of every class says", () => {
    const claim = fc.record({ klass: fc.nat(2), cost: fc.integer({ min: 1, max: 50 }) });
    fc.assert(fc.property(fc.array(claim, { minLength: 1, maxLength: 25 }), fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: 1, max: 60 }))), (claims, quanta) => {
      const queues = [0, 1, 2].map((klass) => claims.flatMap((one, index) => (one.klass === klass ? [{ index: index + 1, cost: one.cost }] : [])));
      const served = [0];
      const purse = [0, 0, 0];
      // The first claim, of class 2, was the last turn.
      for (let klass = 0; queues.some((queue) => queue.length > 0); klass = (klass + 1) % 3) {
        const queue = queues[klass]!;
        if (queue.length > 0) purse[klass]! += quanta[klass]!;
        for (let next = queue[0]; next !== undefined && next.cost <= purse[klass]!; next = queue[0]) {
          purse[klass]! -= next.cost;
          served.push(next.index);
          queue.shift();
        }
        if (queue.length === 0) purse[klass] = 0;
      }
      assert.deepEqual(order(arbitrated(deficit(...quanta), waiting(...claims), true)), served);
    }), { numRuns: 300 });
  });
});

/** Who goes next, step by step: all that have come by the time the unit is free are looked at. */
function bruteForce(sent: readonly Sent[]): number[] {
  const waiting = new Set(sent.keys());
  const ends: number[] = [];
  let free = 0;
  while (waiting.size > 0) {
    const now = Math.max(free, Math.min(...[...waiting].map((index) => sent[index]!.time)));
    const there = [...waiting].filter((index) => sent[index]!.time <= now);
    const [next = -1] = there.sort((one, other) => sent[one]!.klass - sent[other]!.klass || one - other);
    waiting.delete(next);
    free = now + sent[next]!.service;
    ends[next] = free;
  }
  return ends;
}

test("random arrivals of three priorities end as a brute-force arbiter says, to the picosecond", () => {
  const message = fc.record({ gap: fc.nat(12), klass: fc.nat(2), service: fc.integer({ min: 1, max: 20 }) });
  fc.assert(fc.property(fc.array(message, { minLength: 1, maxLength: 30 }), (drawn) => {
    let time = 0;
    const sent = drawn.map(({ gap, klass, service }) => ({ time: (time += gap), klass, service }));
    assert.deepEqual(arbitrated(PRIORITY, sent).journeys.map((one) => one.end), bruteForce(sent));
  }), { numRuns: 300 });
});

test("whether a pool is filled beyond a mark can be asked, to the picosecond and the unit", () => {
  // Each holds 3 of 10 units for 100; yes takes 7 more.
  const code = [branch(0, 2), delay(2), claim(0, 0), delay(1), release(0, 0)];
  const of = (above: number): number[] => travel({ times: [0, 1, 2, 99, 100], code, amounts: always(3, 100, 7), pools: [{ name: "pool", capacity: 100, whenFull: "block", refill: null }], choices: [{ kind: "filled", pool: 0, above }] }).journeys.map((one) => one.latency);
  assert.deepEqual(of(2), [100, 107, 107, 107, 107]);
  assert.deepEqual(of(5), [100, 100, 107, 107, 107]);
  assert.deepEqual(of(6), [100, 100, 100, 107, 100]);
  assert.deepEqual(of(9), [100, 100, 100, 100, 100]);
});
