import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { mser5 } from "../../../src/stats/index.js";
import { prng } from "../../support/prng.js";

function noise(seed: number, count: number): Float64Array {
  const random = prng(seed);
  return Float64Array.from({ length: count }, () => random.normal());
}

describe("MSER-5", () => {
  test("cuts a decaying transient off and little more", () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const series = noise(seed, 4_000).map((value, index) => value + 20 * Math.exp(-index / 100));
      const { index, failed } = mser5(series);
      assert.ok(!failed && index >= 200 && index <= 1_200, `seed ${seed}: cut at ${index}`);
    }
  });

  test("cuts exactly at a step", () => {
    const series = noise(1, 2_000).map((value, index) => value / 100 + (index < 350 ? 50 : 0));
    const { index, failed } = mser5(series);
    assert.ok(!failed && index >= 350 && index <= 500, `cut at ${index}`);
  });

  test("keeps a steady or a constant series", () => {
    assert.deepEqual(mser5(new Float64Array(1_000).fill(7_701_641)), { index: 0, failed: false });
    const { index, failed } = mser5(noise(6, 10_000));
    assert.ok(!failed && index < 2_500, `cut at ${index}`);
  });

  test("is not led astray by a constant end between rare spikes", () => {
    const random = prng(8);
    const series = Float64Array.from({ length: 20_000 }, () => (random.uniform() < 0.001 ? 100 : 7));
    assert.equal(mser5(series).failed, false);
  });

  test("fails on a series that never settles and on one too short to tell", () => {
    assert.equal(mser5(Float64Array.from({ length: 1_000 }, (_, index) => index)).failed, true);
    assert.deepEqual(mser5(new Float64Array(49)), { index: 0, failed: true });
  });
});
