import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { arrivalTimes, arrivalsOf, trafficNamed } from "../support/arrival-times.js";

const traffic = trafficNamed("traffic/constant");

describe("messages at equal distances", () => {
  test("come every 1/rate from time zero", () => {
    assert.deepEqual(arrivalTimes(traffic, { rate: "20 kpps" }, { messages: 5 }), [0, 50e6, 100e6, 150e6, 200e6]);
  });

  test("keep the exact rate where 1/rate is no whole number of picoseconds", () => {
    const times = arrivalTimes(traffic, { rate: "3 Mpps" }, { messages: 3_001 });
    assert.deepEqual(times, times.map((_, index) => Math.floor((index * 1e6) / 3)));
    assert.equal(times[3_000], 1e9);
  });

  test("with jitter are late by at most that share of the distance, and never out of order", () => {
    for (const share of [0.25, 1]) {
      const times = arrivalTimes(traffic, { rate: "1 Mpps", jitter: `${share * 100}%` }, { messages: 4_000 });
      const late = times.map((time, index) => time - index * 1e6);
      assert.ok(Math.min(...late) >= 0 && Math.max(...late) < share * 1e6);
      assert.ok(Math.max(...late) > 0.99 * share * 1e6, "the whole width is used");
      assert.ok(Math.abs(late.reduce((sum, one) => sum + one, 0) / late.length / (share * 1e6) - 0.5) < 0.02);
      assert.ok(times.every((time, index) => index === 0 || time >= (times[index - 1] ?? 0)));
    }
  });

  test("cannot be shifted by more than the distance between two", () => {
    assert.throws(() => arrivalsOf(traffic, { jitter: "101%" }), { code: "traffic-jitter" });
  });
});
