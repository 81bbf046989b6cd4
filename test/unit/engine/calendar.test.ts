import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Calendar } from "../../../src/engine/calendar.js";
import { InternalFault, WirelatError } from "../../../src/errors/index.js";

/** Payloads in the order in which they come out. */
function drained(calendar: Calendar): number[] {
  const payloads: number[] = [];
  while (calendar.size > 0) payloads.push(calendar.pop());
  return payloads;
}

/** A calendar with `count` further events, all due at `time`, whose payloads begin at 1,000,000. */
function crowdedCalendar(count: number, time: number): Calendar {
  const calendar = new Calendar();
  for (let event = 0; event < count; event++) calendar.push(time, event, 1_000_000 + event);
  return calendar;
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

/** As many as stand in the sorted list, one more than that, and enough for every part of the wheel. */
const SIZES = [1, 15, 16, 17, 39, 40, 41, 64, 65, 1_000, 5_000];

describe("the event calendar", () => {
  test("is empty at first, with its head at infinity", () => {
    const calendar = new Calendar();
    assert.deepEqual([calendar.size, calendar.headTime, calendar.headRank], [0, Infinity, Infinity]);
  });

  test("gives events by time, then by rank, and leaves the key of the last one in its fields", () => {
    const calendar = new Calendar();
    calendar.push(20, 1, 1);
    calendar.push(10, 9, 2);
    calendar.push(10, 3, 3);
    assert.deepEqual([calendar.headTime, calendar.headRank], [10, 3]);
    assert.equal(calendar.pop(), 3);
    assert.deepEqual([calendar.time, calendar.rank, calendar.headTime, calendar.headRank], [10, 3, 10, 9]);
    assert.deepEqual(drained(calendar), [2, 1]);
    assert.deepEqual([calendar.time, calendar.rank, calendar.headTime], [20, 1, Infinity]);
  });

  for (const size of SIZES) {
    test(`gives ${size} events with one key as they came`, () => {
      const calendar = new Calendar();
      for (let event = 0; event < size; event++) calendar.push(5, 2 ** 50, event);
      assert.deepEqual(drained(calendar), upTo(size));
    });

    test(`gives ${size} events that came in reverse in their order`, () => {
      const calendar = new Calendar();
      for (let event = size - 1; event >= 0; event--) calendar.push(event * 777, 0, event);
      assert.deepEqual(drained(calendar), upTo(size));
    });

    test(`keeps equal keys in order among ${size} events while it changes between list and wheel`, () => {
      const calendar = new Calendar();
      for (let event = 0; event < 5; event++) calendar.push(1e6, 3, event);
      for (let event = 0; event < size; event++) calendar.push(event, 3, -1);
      for (let event = 5; event < 9; event++) calendar.push(1e6, 3, event);
      for (let event = 0; event < size; event++) assert.equal(calendar.pop(), -1);
      for (let event = 9; event < 12; event++) calendar.push(1e6, 3, event);
      assert.deepEqual(drained(calendar), upTo(12));
    });

    test(`lets an event of smaller rank at the present time come first among ${size} others`, () => {
      const calendar = crowdedCalendar(size, 50);
      calendar.push(10, 7, 0);
      assert.equal(calendar.pop(), 0);
      calendar.push(10, 2, 1);
      calendar.push(10, 1, 2);
      assert.deepEqual([calendar.headTime, calendar.headRank], [10, 1]);
      assert.deepEqual([calendar.pop(), calendar.pop()], [2, 1]);
      assert.equal(calendar.size, size);
    });
  }

  test("gives equal keys as they came when they waited in the near, middle and far future by turns", () => {
    for (const distance of [1e3, 1e5, 1e7, 1e9, 1e12, 1e15]) {
      const calendar = new Calendar();
      for (let event = 0; event < 200; event++) calendar.push(event * 100, 0, -1);
      for (let event = 0; event < 60; event++) {
        calendar.push(20_000 + distance, 1, event);
        calendar.push(calendar.time + 19_000, 0, -1);
        calendar.pop();
      }
      while (calendar.headRank === 0) calendar.pop();
      assert.deepEqual(drained(calendar).filter((payload) => payload >= 0), upTo(60), `distance ${distance}`);
    }
  });

  test("holds the whole of simulated time, and negative payloads", () => {
    for (const others of [0, 100]) {
      const calendar = crowdedCalendar(others, 10);
      calendar.push(Number.MAX_SAFE_INTEGER, 1, -2_147_483_648);
      calendar.push(0, 1, 2_147_483_647);
      assert.equal(calendar.pop(), 2_147_483_647);
      assert.equal(drained(calendar).at(-1), -2_147_483_648);
      assert.equal(calendar.time, Number.MAX_SAFE_INTEGER);
    }
  });

  test("refuses an event before the present, after the end of time or at no time, and says which", () => {
    for (const others of [0, 100]) {
      const calendar = crowdedCalendar(others, 500);
      calendar.push(100, 0, 1);
      calendar.pop();
      for (const time of [99, -1, NaN]) {
        assert.throws(() => calendar.push(time, 0, 1), (error) => error instanceof InternalFault && error.message.includes(`at ${time} ps was scheduled at 100 ps`));
      }
      for (const time of [2 ** 53, Infinity]) {
        assert.throws(() => calendar.push(time, 0, 1), (error) => error instanceof WirelatError && error.code === "time-horizon");
      }
      assert.equal(calendar.size, others);
    }
  });

  test("refuses to give an event when it has none", () => {
    assert.throws(() => new Calendar().pop(), InternalFault);
  });

  test("forgets everything when it is cleared, and begins at time 0 again", () => {
    for (const count of [5, 3_000]) {
      const calendar = crowdedCalendar(count, 700);
      calendar.push(1e15, 0, 1);
      calendar.pop();
      calendar.clear();
      assert.deepEqual([calendar.size, calendar.headTime, calendar.time], [0, Infinity, -0]);
      for (let event = 0; event < 100; event++) calendar.push(event % 10, 0, event);
      assert.deepEqual(drained(calendar), upTo(100).sort((a, b) => (a % 10) - (b % 10) || a - b));
    }
  });

  test("holds 65,536 events in at most 34 bytes each, and in no more after a million holds", () => {
    const calendar = new Calendar();
    let state = 1;
    const delay = (): number => (state = Math.imul(state, 0x2c9277b5) + 0x3c6ef372) >>> 12;
    for (let event = 0; event < 65_536; event++) calendar.push(delay(), event, event);
    const { bytes } = calendar;
    assert.ok(bytes / 65_536 <= 34, `${bytes / 65_536} bytes an event`);
    for (let hold = 0; hold < 1_000_000; hold++) {
      const payload = calendar.pop();
      calendar.push(calendar.time + delay(), hold, payload);
    }
    assert.ok(calendar.bytes <= bytes, `${calendar.bytes} bytes after ${bytes}`);
  });
});
