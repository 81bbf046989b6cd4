// Goal: the classes and rates of dynamic interrupt throttling are those of the gigabit drivers, at every boundary.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { classAfter, distanceOf, rateAfter, throttling, type TrafficClass } from "../../../src/models/parts/interrupt-throttling.js";

const after = (before: TrafficClass, frames: number, bytes: number): TrafficClass => classAfter(before, { frames, bytes });

describe("classes of traffic", () => {
  test("change at the drivers' boundaries and nowhere else", () => {
    const rows: [TrafficClass, number, number, TrafficClass][] = [
      ["lowest", 4, 513, "low"], ["lowest", 4, 512, "lowest"], ["lowest", 5, 5000, "lowest"], ["lowest", 1, 8001, "bulk"], ["lowest", 1, 8000, "low"],
      ["low", 2, 511, "lowest"], ["low", 2, 512, "low"], ["low", 3, 300, "low"], ["low", 1, 2001, "bulk"], ["low", 5, 10_000, "low"],
      ["low", 9, 10_001, "bulk"], ["low", 10, 12_000, "low"], ["low", 10, 12_001, "bulk"], ["low", 36, 36_000, "lowest"], ["low", 35, 36_000, "low"],
      ["bulk", 1, 5999, "low"], ["bulk", 4, 6000, "bulk"], ["bulk", 36, 25_001, "low"], ["bulk", 35, 25_001, "bulk"], ["bulk", 36, 25_000, "bulk"],
    ];
    for (const [before, frames, bytes, expected] of rows) assert.equal(after(before, frames, bytes), expected, `${before}, ${frames} frames, ${bytes} B`);
    for (const traffic of ["lowest", "low", "bulk"] as const) assert.equal(after(traffic, 0, 0), traffic, "an interrupt for nothing says nothing");
  });
});

describe("the rate", () => {
  test("falls at once and rises by a quarter at a time", () => {
    assert.equal(rateAfter(20_000, 4_000), 4_000);
    const rising = [4_000];
    while (rising[rising.length - 1]! < 20_000) rising.push(rateAfter(rising[rising.length - 1]!, 20_000));
    assert.deepEqual(rising, [4_000, 5_000, 6_250, 7_812, 9_765, 12_206, 15_257, 19_071, 20_000]);
  });

  test("is kept by a timer of whole units of 256 ns", () => {
    assert.deepEqual([70_000, 20_000, 4_000].map(distanceOf), [55 * 256_000, 195 * 256_000, 976 * 256_000]);
  });
});

describe("the policy", () => {
  const settled = (conservative: boolean, frames: number, bytes: number): number => {
    const policy = throttling(conservative)();
    for (let interrupt = 0; interrupt < 100; interrupt++) policy.served(frames, bytes, 0);
    return policy.time;
  };

  test("gives lone small frames the highest rate, or in the conservative setting the middle one", () => {
    assert.equal(settled(false, 1, 106), distanceOf(70_000));
    assert.equal(settled(true, 1, 106), distanceOf(20_000));
  });

  test("gives bulk the lowest, and begins in the middle", () => {
    assert.equal(settled(true, 9, 13_500), distanceOf(4_000));
    assert.equal(throttling(true)().time, distanceOf(20_000));
    assert.equal(throttling(true)().count, Infinity);
  });

  test("of one device says nothing to another", () => {
    const make = throttling(true);
    const [one, other] = [make(), make()];
    for (let interrupt = 0; interrupt < 9; interrupt++) one.served(9, 13_500, 0);
    assert.equal(other.time, distanceOf(20_000));
  });
});
