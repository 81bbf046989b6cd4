import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { arrivalTimes, trafficNamed } from "../support/arrival-times.js";

const traffic = trafficNamed("traffic/poisson");
const gapsOf = (times: readonly number[]): number[] => times.map((time, index) => time - (times[index - 1] ?? 0));

describe("messages at random", () => {
  const gaps = gapsOf(arrivalTimes(traffic, { rate: "1 Mpps" }, { messages: 40_000, seed: 5 }));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;

  test("come at the rate on average", () => assert.ok(Math.abs(mean / 1e6 - 1) < 0.016, `${mean}: more than 3 standard errors off`));

  test("have exponential gaps: the shares beyond one, two and three means are e^-1, e^-2, e^-3", () => {
    for (const times of [1, 2, 3]) {
      const share = gaps.filter((gap) => gap > times * 1e6).length / gaps.length;
      const expected = Math.exp(-times);
      assert.ok(Math.abs(share - expected) < 4 * Math.sqrt((expected * (1 - expected)) / gaps.length), `${times}: ${share}`);
    }
  });

  test("have gaps that do not depend on the one before", () => {
    const correlation = gaps.slice(1).reduce((sum, gap, index) => sum + (gap - mean) * ((gaps[index] ?? 0) - mean), 0) / gaps.length / mean ** 2;
    assert.ok(Math.abs(correlation) < 4 / Math.sqrt(gaps.length), `${correlation}`);
  });

  test("come at other times with another seed, and at the same with the same", () => {
    const times = (seed: number): number[] => arrivalTimes(traffic, { rate: "1 Mpps" }, { messages: 50, seed });
    assert.deepEqual(times(5), times(5));
    assert.notDeepEqual(times(5), times(6));
  });
});
