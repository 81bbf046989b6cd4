// What takes a server away by itself: where the outages lie, and what work becomes that meets them.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Rings, Store } from "../../../src/engine/choices.js";
import { Timeline } from "../../../src/engine/timeline.js";
import { distribution } from "../../../src/random/index.js";

const regular = (every: number, time: number, name = "tick") => ({ name, every: distribution.constant(every), time: distribution.constant(time) });
/** Start of the first outage: where work of no time has to wait. */
const firstStart = (timeline: Timeline): number => {
  let at = 0;
  while (timeline.takes(at, 0) === 0) at++;
  return at;
};

describe("a timeline", () => {
  const timeline = new Timeline("core", [regular(1000, 100)], 7);
  const start = firstStart(new Timeline("core", [regular(1000, 100)], 7));

  test("begins anywhere in the first period, by its name and the seed", () => {
    assert.ok(start >= 0 && start < 1000);
    assert.equal(firstStart(new Timeline("core", [regular(1000, 100)], 7)), start);
    const starts = new Set([1, 2, 3, 4, 5].map((seed) => firstStart(new Timeline("core", [regular(1000, 100)], seed))));
    assert.ok(starts.size >= 4);
  });

  test("lets work end at the very moment at which an outage begins", () => {
    assert.equal(timeline.takes(start + 100, 900), 900);
    assert.equal(timeline.takes(start + 100, 901), 1001);
  });

  test("delays work by all outages that it meets, also those that the delay brings", () => {
    assert.equal(timeline.takes(start + 100, 9 * 900 + 1), 9 * 1000 + 1);
  });

  test("keeps who comes during an outage until it is over", () => {
    assert.equal(timeline.takes(start + 40, 5), 65);
    assert.equal(timeline.takes(start + 40, 0), 60);
    assert.equal(timeline.takes(start + 100, 0), 0);
  });

  test("counts the work that was done between two times", () => {
    assert.equal(timeline.done(start + 100, start + 1000), 900);
    assert.equal(timeline.done(start + 50, start + 1050), 900);
    for (const work of [1, 500, 900, 901, 5000]) assert.equal(timeline.done(start + 130, start + 130 + timeline.takes(start + 130, work)), work);
  });

  test("puts one outage behind another that is under way", () => {
    const two = new Timeline("core", [regular(1000, 600, "long"), regular(1000, 300, "other")], 3);
    // Of every 1000 ps 900 are taken, however the two fall.
    assert.ok(Math.abs(two.takes(0, 100_000) - 1_000_000) <= 1000);
  });
});

describe("a store of buffers", () => {
  test("is filled to the brim, then what was written longest ago goes", () => {
    const store = new Store(100);
    assert.deepEqual([store.fill(1, 40), store.fill(2, 60), store.fill(3, 10)], [true, true, false]);
    assert.deepEqual([1, 2, 3].map((buffer) => store.has(buffer)), [false, true, true]);
    assert.equal(store.fill(2, 20), true, "smaller than before");
    assert.equal(store.fill(4, 70), true);
    assert.equal(store.fill(5, 71), false, "the others go for it");
    assert.deepEqual([2, 3, 4, 5].map((buffer) => store.has(buffer)), [false, false, false, true]);
  });

  test("does not keep what is larger than itself", () => {
    const store = new Store(100);
    store.fill(1, 50);
    assert.equal(store.fill(2, 101), false);
    assert.deepEqual([store.has(1), store.has(2)], [true, false]);
  });
});

describe("rings", () => {
  test("give their buffers in turn, each its own numbers", () => {
    const rings = new Rings([{ name: "a", slots: 2 }, { name: "b", slots: 3 }]);
    assert.deepEqual([rings.next(0), rings.next(1), rings.next(0), rings.next(0), rings.next(1)], [0, 2, 1, 0, 3]);
  });

  test("pages hold as many buffers as fit", () => {
    const rings = new Rings([{ name: "a", slots: 8 }, { name: "b", slots: 8 }]);
    const page = (slot: number, ring = 0): number => rings.page({ ring, buffer: 2048, page: 4096 }, slot);
    assert.deepEqual([0, 1, 2, 3, 7].map((slot) => page(slot)), [0, 0, 1, 1, 3]);
    assert.notEqual(page(0), page(8, 1));
  });
});
