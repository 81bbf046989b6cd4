import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { WirelatError } from "../../../src/errors/index.js";
import { OP, type Instruction, type PoolSpec } from "../../../src/engine/index.js";
import { always, each, endsOf, slotOf, travel } from "../../support/journeys.js";
import { branch, claim, delay, drop, end, jump, release, spawn, stage, station } from "../../support/instructions.js";
import { tokenBucketDepartures } from "../../support/oracles.js";
import { countedBucketDepartures } from "../../support/oracles/brute-force.js";
import { prng } from "../../support/prng.js";

const pool = (capacity: number, of: Partial<PoolSpec> = {}): PoolSpec => ({ name: "pool", capacity, whenFull: "block", refill: null, ...of });
const everyone = (count: number): number[] => new Array<number>(count).fill(0);

describe("a pool", () => {
  test("with w credits and a round trip R a server of time S passes one per max(S, R / w)", () => {
    for (const [credits, round, service] of [[1, 1_000, 100], [4, 1_000, 100], [10, 1_000, 100], [16, 1_000, 100], [3, 700, 300]] as const) {
      const ends = endsOf({ times: everyone(400), code: [claim(0, 0), stage(0, 1), delay(2), release(0, 0)], amounts: always(1, service, round - service), stages: [station()], pools: [pool(credits)] });
      const perRound = credits * Math.max(service, round / credits);
      // From one round to the next every message is later by exactly the time that `credits` messages take.
      for (let index = credits * 2; index + credits < 400; index++) assert.equal(ends[index + credits]! - ends[index]!, perRound, `${credits} credits, message ${index}`);
    }
  });

  test("waiters are served first come, first served, even if a later one asks for less", () => {
    const trip = travel({ times: [0, 10, 20], code: [claim(0, 0), delay(1), release(0, 0)], amounts: [each([3, 4, 1]), ...always(100)], pools: [pool(4)] });
    assert.deepEqual(trip.journeys.map((one) => one.end), [100, 200, 300]);
    assert.deepEqual(slotOf(trip, 0), [0, 90, 180]);
  });

  test("a claim is granted in the very picosecond of the release that it waits for", () => {
    const trip = travel({ times: [0, 50, 100], code: [claim(0, 0), delay(1), release(0, 0)], amounts: always(1, 100), pools: [pool(1)] });
    assert.deepEqual(slotOf(trip, 0), [0, 50, 100]);
    assert.deepEqual(trip.journeys.map((one) => one.end), [100, 200, 300]);
  });

  test("what a message has claimed may be given back by its off-path work, and others wait for that", () => {
    const answer = (claims: number): Instruction => ({ op: OP.answer, a: claims });
    // The message ends at once; its work gives the unit back 70 later.
    const code = [claim(0, 0), answer(-1), spawn(5), delay(1), jump(9), answer(1), delay(2), release(0, 0), end];
    const trip = travel({ times: [0, 10, 200], code, amounts: always(1, 5, 70), pools: [pool(1)] });
    assert.deepEqual(trip.journeys.map((one) => one.end), [5, 75, 205]);
    assert.throws(() => travel({ times: [0], code: [claim(0, 0), spawn(4), delay(1), jump(7), delay(2), release(0, 0), end], amounts: always(1, 5, 70), pools: [pool(1)] }), /claims/);
  });

  test("can be asked whether a unit is to be had, to the picosecond", () => {
    // Yes (taken) takes 7; no claims and holds for 100.
    const code = [branch(0, 3), delay(2), jump(6), claim(0, 0), delay(1), release(0, 0)];
    const trip = travel({ times: [0, 1, 99, 100, 199, 200], code, amounts: always(1, 100, 7), pools: [pool(1)], choices: [{ kind: "taken", pool: 0 }] });
    assert.deepEqual(trip.journeys.map((one) => one.latency).sort((x, y) => x - y), [7, 7, 7, 100, 100, 100]);
    assert.deepEqual(trip.journeys.filter((one) => one.latency === 100).map((one) => one.index), [0, 3, 5]);
  });

  test("several releases may be needed for one claim, and one release may serve several", () => {
    const trip = travel({ times: [0, 1, 2, 3, 4], code: [claim(0, 0), delay(1), release(0, 0)], amounts: [each([1, 2, 3, 1, 2]), each([100, 300, 50, 10, 10])], pools: [pool(3)] });
    assert.deepEqual(trip.journeys.map((one) => one.end), [100, 301, 351, 361, 361]);
  });

  test("a release that lies ahead counts from its time on and no sooner", () => {
    const code = [claim(0, 0), { ...release(0, 0), amount2: 1 }, delay(2)];
    assert.deepEqual(endsOf({ times: [0, 10, 99, 100], code, amounts: always(1, 100, 3), pools: [pool(1)] }), [3, 103, 203, 303]);
    const refused = travel({ times: [0, 99, 100], code: [claim(0, 0, 2), jump(3), drop(0), { ...release(0, 0), amount2: 1 }], amounts: always(1, 100), reasons: ["full"], pools: [pool(1, { whenFull: "drop" })] });
    assert.deepEqual(refused.journeys.map((one) => one.index), [0, 2]);
  });

  test("a claim in the picosecond of a release does not take it from the first waiter, nor make it wait for the next", () => {
    const trip = travel({ times: [0, 0, 10, 100], code: [claim(0, 0), delay(1), release(0, 0)], amounts: [...always(1), each([100, 500, 7, 7])], pools: [pool(2)] });
    assert.deepEqual(trip.journeys.map((one) => one.end), [100, 500, 107, 114]);
  });

  test("a full pool that drops refuses at once, and only then", () => {
    const trip = travel({ times: [0, 1, 99, 100, 101], code: [claim(0, 0, 2), jump(3), drop(0), delay(1), release(0, 0)], amounts: always(1, 100), reasons: ["full"], pools: [pool(1, { whenFull: "drop" })] });
    assert.deepEqual(trip.journeys.map((one) => one.index), [0, 3]);
    assert.equal(trip.machine.drops[0], 3);
    assert.equal(trip.machine.dropsOfSource[0], 3);
    assert.equal(trip.machine.pools[0]!.refusals, 3);
    assert.equal(trip.machine.completed + trip.machine.drops[0]!, trip.machine.sent);
  });

  test("after everything has ended all units are back", () => {
    const random = prng(21);
    const times = [...everyone(300).map(() => random.integer(30_000)).sort((a, b) => a - b), 10_000_000];
    const units = times.map((_, index) => (index === 300 ? 7 : 1 + random.integer(5)));
    const trip = travel({ times, code: [claim(0, 0), delay(1), release(0, 0)], amounts: [each(units), each(times.map(() => random.integer(900)))], pools: [pool(7)] });
    // The last one asks for all of it.
    assert.equal(trip.journeys[300]!.segments[0], 0);
    assert.equal(trip.machine.pools[0]!.lowest, 0);
    assert.equal(trip.machine.pools[0]!.claims, 301);
  });

  test("a claim that the pool can never grant is refused with its numbers", () => {
    const tooMuch = (refill: PoolSpec["refill"]) => () => travel({ times: [0], code: [claim(0, 0)], amounts: always(9), pools: [pool(8, { refill })] });
    for (const refill of [null, { num: 10, den: 1 }]) assert.throws(tooMuch(refill), (error: WirelatError) => error.code === "claim-too-large" && /9 of the 8/.test(error.message));
  });
});

describe("a token bucket", () => {
  const bucket = (depth: number, num: number, den = 1): PoolSpec[] => [pool(depth, { refill: { num, den } })];
  // Tokens of a bucket are spent, not given back: the release balances the token's own count only, into a pool of no account.
  const through = (times: number[], lengths: number[], pools: PoolSpec[]): number[] =>
    endsOf({ times, code: [claim(0, 0), release(1, 0)], amounts: [each(lengths)], pools: [...pools, pool(0)] });

  test("a burst of B at once through a bucket of σ: the last is late by (B - σ) / ρ", () => {
    for (const [burst, depth] of [[10, 4], [4, 4], [3, 4], [50, 1]] as const) {
      const ends = through(everyone(burst), everyone(burst).map(() => 1), bucket(depth, 250));
      assert.equal(ends.at(-1), Math.max(0, (burst - depth) * 250));
    }
  });

  test("departures follow the max-plus recursion, message by message", () => {
    const random = prng(77);
    let time = 0;
    const arrivals = everyone(500).map(() => ({ time: (time += random.integer(4_000)), length: 1 + random.integer(9) }));
    const ends = through(arrivals.map((one) => one.time), arrivals.map((one) => one.length), bucket(12, 400));
    assert.deepEqual(ends, tokenBucketDepartures(arrivals, 12, 1 / 400).map((at) => Math.round(at)));
    assert.deepEqual(ends, countedBucketDepartures(arrivals, 12, 1 / 400).map((at) => Math.round(at)));
  });

  test("a message that comes as the next token does is served behind the one that waits for it", () => {
    assert.deepEqual(through([0, 10, 250, 250], [1, 1, 1, 1], bucket(1, 250)), [0, 250, 500, 750]);
  });

  test("a rate that is no whole number of picoseconds loses nothing in the long run", () => {
    const ends = through(everyone(3_001), everyone(3_001).map(() => 1), bucket(1, 1_000, 3));
    assert.deepEqual(ends, ends.map((_, index) => Math.ceil((index * 1_000) / 3)));
  });
});
