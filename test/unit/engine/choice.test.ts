import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { LruCache } from "../../../src/engine/choices.js";
import { OP, type CacheSpec, type ChoiceSpec, type SourceSpec } from "../../../src/engine/index.js";
import { always, each, slotOf, timedProgram, travel, travelled, type Trip } from "../../support/journeys.js";
import { branch, claim, delay, free, hold, jump, release, server, work } from "../../support/instructions.js";
import { prng } from "../../support/prng.js";

const apart = (count: number, gap = 1_000): number[] => Array.from({ length: count }, (_, index) => index * gap);
/** Yes takes 1, no takes 2. */
const asked = (times: readonly number[], choice: ChoiceSpec, of: { caches?: CacheSpec[]; seed?: number } = {}): Trip =>
  travel({ times, code: [branch(0, 3), delay(0), jump(4), delay(1)], amounts: [...always(1, 2), (payload) => payload % 3], choices: [choice], caches: of.caches ?? [] }, { seed: of.seed ?? 1 });
const answers = (trip: Trip): boolean[] => trip.journeys.map((one) => one.latency === 1);
const share = (said: readonly boolean[]): number => said.filter(Boolean).length / said.length;

describe("a choice", () => {
  test("by size says yes where the amount is not zero", () => {
    assert.deepEqual(answers(asked(apart(6), { kind: "size", amount: 2 })), [false, true, true, false, true, true]);
  });

  test("by chance says yes as often as it should, never at 0, always at 1, and the same for the same seed", () => {
    const said = (yes: number, seed = 1): boolean[] => answers(asked(apart(10_000), { kind: "chance", component: "loss", yes }, { seed }));
    assert.equal(share(said(0)), 0);
    assert.equal(share(said(1)), 1);
    // Six standard deviations of a binomial.
    assert.ok(Math.abs(share(said(0.3)) - 0.3) < 6 * Math.sqrt((0.3 * 0.7) / 10_000));
    assert.deepEqual(said(0.3), said(0.3));
    assert.notDeepEqual(said(0.3), said(0.3, 2));
    // Common random numbers: who says yes at a smaller chance says yes at a larger one.
    const more = said(0.5);
    assert.ok(said(0.3).every((yes, index) => !yes || more[index]));
  });

  /** Answers of messages that belong to `count` flows. */
  const ofFlows = (messages: number, flows: NonNullable<SourceSpec["flows"]>, yes: (flow: number) => boolean, seed = 1): boolean[] => {
    const choice: ChoiceSpec = { kind: "flow", yes: Uint8Array.from({ length: flows.count }, (_, flow) => Number(yes(flow))) };
    const times = apart(messages);
    const program = timedProgram({ times, code: [branch(0, 3), delay(0), jump(4), delay(1)], amounts: always(1, 2), choices: [choice] });
    return answers(travelled({ ...program, sources: program.sources.map((source) => ({ ...source, flows })) }, times, { seed }));
  };

  test("by flow says the same to every message of a flow; flows in turn come round", () => {
    const said = ofFlows(12, { count: 4, order: "cyclic" }, (flow) => flow === 1 || flow === 2);
    assert.deepEqual(said, [0, 1, 2].flatMap(() => [false, true, true, false]));
    assert.deepEqual(answers(asked(apart(3), { kind: "flow", yes: Uint8Array.of(1) })), [true, true, true], "without flows all are of one");
  });

  test("by flow with drawn flows: each as often as the others, no two choices of one message contradict each other", () => {
    const count = 5;
    const on = Array.from({ length: count }, (_, wanted) => ofFlows(10_000, { count, order: "random" }, (flow) => flow === wanted));
    for (const said of on) assert.ok(Math.abs(share(said) - 0.2) < 6 * Math.sqrt((0.2 * 0.8) / 10_000));
    for (let message = 0; message < 10_000; message++) assert.equal(on.filter((said) => said[message]).length, 1);
    assert.notDeepEqual(on[0], ofFlows(10_000, { count, order: "random" }, (flow) => flow === 0, 2));
  });

  test("what works on behalf of a message asks for the same flow", () => {
    const choices: ChoiceSpec[] = [{ kind: "flow", yes: Uint8Array.of(0, 1, 0) }];
    // The message spawns a child that counts when the choice says yes; the message itself counts elsewhere.
    const code = [{ op: OP.spawn, a: 6, part: -1 }, branch(0, 3), { op: OP.count, a: 0, amount: 0 }, delay(0), jump(5), delay(0), branch(0, 8), { op: OP.count, a: 1, amount: 0 }];
    const program = timedProgram({ times: apart(30), code, amounts: always(1), choices, accounts: ["message", "child"] });
    const { machine } = travelled({ ...program, sources: program.sources.map((source) => ({ ...source, flows: { count: 3, order: "random" } })) }, apart(30));
    assert.ok(machine.counts[0]! > 0);
    // The message runs on into the child's part, so that it counts there, too.
    assert.equal(machine.counts[1], 2 * machine.counts[0]!);
  });

  test("one in so many says yes to each so-manieth, counted together wherever it is asked", () => {
    const every = (times: number): ChoiceSpec => ({ kind: "every", every: times, counter: 0 });
    assert.deepEqual(answers(asked(apart(7), every(3))), [false, false, true, false, false, true, false]);
    assert.deepEqual(answers(asked(apart(3), every(1))), [true, true, true]);
    // Two choices with one counter: each message asks twice, so every message's second question is the even one.
    const twice = travel({ times: apart(4), code: [branch(0, 2), delay(0), branch(1, 4), delay(1)], amounts: always(1, 2), choices: [every(2), every(2)] });
    assert.deepEqual(twice.journeys.map((one) => one.latency), [2, 2, 2, 2]);
  });

  const cache = (entries: number, kind: "cyclic" | "uniform", count: number): CacheSpec[] => [{ name: "cache", entries, keys: { kind, count } }];
  const hits = (entries: number, kind: "cyclic" | "uniform", count: number, messages = 3_000): boolean[] => answers(asked(apart(messages), { kind: "cache", cache: 0, component: "cache" }, { caches: cache(entries, kind, count) }));

  test("a cache that holds all keys misses each once; one entry short of a cycle it never hits", () => {
    assert.equal(hits(100, "cyclic", 100).filter((hit) => !hit).length, 100);
    assert.deepEqual(hits(100, "cyclic", 100).slice(0, 101), [...new Array<boolean>(100).fill(false), true]);
    assert.equal(share(hits(100, "cyclic", 101)), 0);
    assert.equal(share(hits(0, "cyclic", 1)), 0);
  });

  test("the least recently used key goes first, as in a list kept by hand", () => {
    const random = prng(6);
    const [fast, list] = [new LruCache(20), [] as number[]];
    for (let look = 0; look < 20_000; look++) {
      const key = Math.floor(50 * random.uniform() * random.uniform());
      const at = list.indexOf(key);
      assert.equal(fast.look(key), at >= 0, `look ${look}`);
      if (at >= 0) list.splice(at, 1);
      list.push(key);
      if (list.length > 20) list.shift();
    }
    assert.ok(fast.hits > 5_000 && fast.misses > 1_000);
  });

  test("asked for keys at random a cache hits as often as it holds them", () => {
    const trip = asked(apart(4_000), { kind: "cache", cache: 0, component: "cache" }, { caches: cache(20, "uniform", 50) });
    const said = answers(trip);
    assert.ok(Math.abs(share(said.slice(200)) - 0.4) < 0.05, `${share(said.slice(200))}`);
    assert.equal(trip.machine.caches[0]!.cache.hits, said.filter(Boolean).length);
    assert.equal(trip.machine.caches[0]!.cache.hits + trip.machine.caches[0]!.cache.misses, 4_000);
  });

  test("by room says whether a claim would be granted at once, and takes nothing itself", () => {
    const trip = travel({
      times: [0, 10, 100, 101], code: [branch(0, 3), claim(0, 1), jump(5), delay(2), jump(7), delay(0), release(0, 1)],
      amounts: always(100, 1, 7), choices: [{ kind: "room", pool: 0, amount: 1 }], pools: [{ name: "pool", capacity: 1, whenFull: "block", refill: null }],
    });
    assert.deepEqual(trip.journeys.map((one) => one.latency), [100, 7, 100, 7]);
  });

  test("by time since a mark says yes one picosecond beyond it", () => {
    const trip = travel({ times: [0, 1_000], code: [{ op: OP.mark, a: 2 }, delay(0), branch(0, 4), delay(1)], marks: 3, amounts: [each([50, 51]), ...always(5)], choices: [{ kind: "since", mark: 2, within: 50 }] });
    assert.deepEqual(trip.journeys.map((one) => one.latency), [50, 56]);
  });

  test("a cache of messages knows one that asks again, until others have pushed it out", () => {
    const asks = (entries: number): number[] => travel({
      times: [0, 1, 2], code: [branch(0, 2), delay(0), delay(2), branch(0, 5), delay(1)],
      amounts: always(1_000_000, 1, 10), choices: [{ kind: "cache", cache: 0, component: "table" }], caches: [{ name: "table", entries, keys: { kind: "message", count: Infinity } }],
    }).journeys.map((one) => one.latency);
    assert.deepEqual(asks(3), [11, 11, 11]);
    assert.deepEqual(asks(2), [10, 10, 10]);
  });

  test("hot keys have a share of their own: they stay in a cache that holds them, whatever else is asked for", () => {
    const spec = (entries: number): CacheSpec[] => [{ name: "cache", entries, keys: { kind: "uniform", count: 1_000, hot: { share: 0.9, count: 10 } } }];
    const said = answers(asked(apart(6_000), { kind: "cache", cache: 0, component: "cache" }, { caches: spec(100) }));
    const held = share(said.slice(1_000));
    // Nine in ten are hot; of the others 90 of 990 are held.
    assert.ok(Math.abs(held - (0.9 + (0.1 * 90) / 990)) < 0.02, `${held}`);
  });

  test("by spinning says yes while the thread is busy and for its window after, to the picosecond", () => {
    const trip = travel({
      times: [0, 100, 150, 151, 500], code: [branch(0, 4), hold(0, 2), work(0), jump(5), delay(1), free],
      amounts: always(100, 7, 0), choices: [{ kind: "spinning", server: 0, window: 50 }], cores: ["core"], servers: [server()],
    });
    // Busy 0-100, spinning to 150 from then on unless it serves again.
    assert.deepEqual(slotOf(trip, 1), [100, 100, 100, 100, 7]);
    const late = travel({ times: [0, 151], code: [branch(0, 4), hold(0, 2), work(0), jump(5), delay(1), free], amounts: always(100, 7, 0), choices: [{ kind: "spinning", server: 0, window: 50 }], cores: ["core"], servers: [server()] });
    assert.deepEqual(slotOf(late, 1), [100, 7]);
  });
});
