import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { arrivalTimes, arrivalsOf, trafficNamed } from "../support/arrival-times.js";

const traffic = trafficNamed("traffic/burst");
/** A frame of 64 B payload with its gap at 10 Gbit/s. */
const lineTime = (payload: number): number => (payload + 66) * 800;

describe("bursts", () => {
  test("come every period, their messages as close as asked for", () => {
    assert.deepEqual(arrivalTimes(traffic, { count: 3, gap: "10 ns", period: "1 us" }, { messages: 7 }), [0, 10e3, 20e3, 1e6, 1_010e3, 1_020e3, 2e6]);
  });

  test("at line rate follow each other as the first link can carry them", () => {
    assert.deepEqual(arrivalTimes(traffic, { count: 3, period: "1 us" }, { messages: 4, lineTime }), [0, 104_000, 208_000, 1e6]);
    assert.deepEqual(arrivalTimes(traffic, { count: 2, period: "5 us", payload: "1472 B" }, { messages: 2, payload: 1472, lineTime }), [0, 1_230_400]);
  });

  test("of one message are a steady source", () => {
    assert.deepEqual(arrivalTimes(traffic, { count: 1, period: "1 us" }, { messages: 3, lineTime }), [0, 1e6, 2e6]);
  });

  test("that are empty or last until the next begins are refused", () => {
    assert.throws(() => arrivalsOf(traffic, { count: 0 }), { code: "traffic-burst" });
    assert.throws(() => arrivalsOf(traffic, { count: 11, gap: "100 ns", period: "1 us" }), { code: "traffic-burst" });
    assert.doesNotThrow(() => arrivalsOf(traffic, { count: 10, gap: "100 ns", period: "1 us" }));
  });
});
