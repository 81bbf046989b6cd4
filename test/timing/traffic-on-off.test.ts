import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { arrivalTimes, trafficNamed } from "../support/arrival-times.js";

const traffic = trafficNamed("traffic/on-off");

describe("a busy and a quiet state that take turns", () => {
  test("send at the mean of both rates, weighted by how long each state lasts", () => {
    const times = arrivalTimes(traffic, { busy: "1 Mpps", quiet: "100 kpps", "busy-time": "10 us", "quiet-time": "30 us" }, { messages: 60_000, seed: 2 });
    const rate = times.length / ((times.at(-1) ?? 0) / 1e6);
    assert.ok(Math.abs(rate / ((1 * 10 + 0.1 * 30) / 40) - 1) < 0.05, `${rate} per us`);
  });

  test("come in bursts: counts in windows vary far more than those of a Poisson process", () => {
    const times = arrivalTimes(traffic, { busy: "1 Mpps", quiet: "1 kpps", "busy-time": "100 us", "quiet-time": "1 ms" }, { messages: 20_000, seed: 3 });
    const window = 1e8;
    const counts = new Array<number>(Math.floor((times.at(-1) ?? 0) / window)).fill(0);
    for (const time of times) if (Math.floor(time / window) < counts.length) counts[Math.floor(time / window)] = (counts[Math.floor(time / window)] ?? 0) + 1;
    const mean = counts.reduce((sum, one) => sum + one, 0) / counts.length;
    const variance = counts.reduce((sum, one) => sum + (one - mean) ** 2, 0) / counts.length;
    assert.ok(counts.length > 1_000 && variance > 10 * mean, `variance ${variance}, mean ${mean}`);
  });

  test("are refused when no state lasts", () => {
    assert.throws(() => arrivalTimes(traffic, { "busy-time": "0 ns", "quiet-time": "0 ns" }, { messages: 1, seed: 1 }), { code: "traffic-states" });
    assert.equal(arrivalTimes(traffic, { "busy-time": "10 us", "quiet-time": "0 ns" }, { messages: 100, seed: 1 }).length, 100, "one that does is enough");
  });

  test("with two states of one rate are a Poisson process", () => {
    const times = arrivalTimes(traffic, { busy: "1 Mpps", quiet: "1 Mpps", "busy-time": "3 us", "quiet-time": "7 us" }, { messages: 20_000, seed: 4 });
    const gaps = times.map((time, index) => time - (times[index - 1] ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const square = gaps.reduce((sum, gap) => sum + gap * gap, 0) / gaps.length;
    assert.ok(Math.abs(mean / 1e6 - 1) < 0.03, `${mean}`);
    assert.ok(Math.abs(square / mean ** 2 - 2) < 0.15, "the squared variation of an exponential gap is 1");
  });
});
