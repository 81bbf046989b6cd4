import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WirelatError } from "../../../src/errors/index.js";
import { componentKey, uniform, uniformOpen } from "../../../src/random/index.js";
import { birthdaySpacingsZ, gapZ, LIMIT_Z, pairsZ, serialZ, uniformityZ } from "./goodness.js";

const DRAWS = 1 << 18;

type Draw = (at: number) => number;
const drawn = (draw: Draw): Float64Array => Float64Array.from({ length: DRAWS }, (_, at) => draw(at));

const [KEY0, KEY1] = componentKey(1, "nic/rx");
const COMPONENTS = Array.from({ length: DRAWS }, (_, at) => componentKey(1, `core${at}`));
/** A source's salt, as it stands above the number of a message. */
const SALT = 0x9a3c5 * 2 ** 32;

/** Every way in which the simulator walks through its draws, and some in which only bad hashing shows. */
const WALKS: Readonly<Record<string, Draw>> = {
  "messages of one component": (at) => uniform(KEY0, KEY1, at, 0),
  "messages of a source with a high number": (at) => uniform(KEY0, KEY1, SALT + at, 0),
  "messages under a key of zeros": (at) => uniform(0, 0, at, 0),
  "messages under a key of ones": (at) => uniform(-1, -1, at, 0),
  "every 4,096th message": (at) => uniform(KEY0, KEY1, at * 4_096, 0),
  "every 2^32nd message": (at) => uniform(KEY0, KEY1, at * 2 ** 32, 0),
  "messages in Gray code": (at) => uniform(KEY0, KEY1, at ^ (at >> 1), 0),
  "draws of one message": (at) => uniform(KEY0, KEY1, 12_345, at),
  "draws of one message in steps of 65,536": (at) => uniform(KEY0, KEY1, 12_345, (at & 0xffff) * 65_536 + (at >> 16)),
  "four draws of each message": (at) => uniform(KEY0, KEY1, at >> 2, at & 3),
  "components for one message": (at) => uniform(COMPONENTS[at]![0], COMPONENTS[at]![1], 7, 0),
  "sixteen components for each message": (at) => uniform(COMPONENTS[at & 15]![0], COMPONENTS[at & 15]![1], at >> 4, 0),
  "neighbouring first keys": (at) => uniform(at, KEY1, 7, 0),
  "neighbouring second keys": (at) => uniform(KEY0, at, 7, 0),
  seeds: (at) => uniform(...componentKey(at, "nic/rx"), 0, 0),
  "the low bits of each draw": (at) => (uniform(KEY0, KEY1, at, 0) * 2 ** 21) % 1,
};

describe("keyed draws", () => {
  test("are a function of seed, component, message and index: these never change", () => {
    const fixed = [componentKey(0, ""), componentKey(1, "nic/rx"), componentKey(2 ** 53 - 1, "Ωπ"), uniform(1, 2, 3, 4), uniform(-5, 6, 2 ** 52 + 12_345, 70_000), uniformOpen(0, 0, 0, 0)];
    assert.deepEqual(fixed, FIXED);
  });

  test("differ when the component, the seed, the message or the index differs", () => {
    const keys = [componentKey(1, "a"), componentKey(1, "b"), componentKey(2, "a"), componentKey(1, "aa"), componentKey(1, "a "), componentKey(1 + 2 ** 32, "a")];
    const draws = keys.flatMap(([key0, key1]) => [0, 1, 2 ** 32, 2 ** 33 + 1].flatMap((message) => [0, 1, 65_536].map((index) => uniform(key0, key1, message, index))));
    assert.equal(new Set(draws).size, keys.length * 12);
  });

  test("stay in [0, 1), the open ones in (0, 1)", () => {
    let least = 1;
    let most = 0;
    for (let at = 0; at < DRAWS; at++) {
      const u = uniform(KEY0, KEY1, at, 1);
      const open = uniformOpen(KEY0, KEY1, at, 1);
      assert.ok(u >= 0 && u < 1 && open > 0 && open < 1);
      assert.ok(Math.abs(open - u) <= 2 ** -52, "both are the same draw");
      least = Math.min(least, u);
      most = Math.max(most, u);
    }
    assert.ok(least < 1e-4 && most > 1 - 1e-4);
  });

  test("never repeat over the messages of one component, whose 64 bits are a permutation", () => {
    const seen = new Set(drawn((at) => uniform(KEY0, KEY1, at, 0)));
    // Among 2^18 draws of 53 bits one pair is expected to agree with probability 4e-6.
    assert.equal(seen.size, DRAWS);
  });

  test("refuse a seed that is not a whole number from 0 to 2^53 − 1", () => {
    for (const seed of [-1, 0.5, NaN, Infinity, 2 ** 53]) {
      assert.throws(() => componentKey(seed, "a"), (error) => error instanceof WirelatError && error.code === "random-seed");
    }
  });

  for (const [name, draw] of Object.entries(WALKS)) {
    test(`look independent and uniform over ${name}`, () => {
      const values = drawn(draw);
      const results = {
        "chi-square, 256 cells": uniformityZ(values, 256),
        "chi-square, 4,099 cells": uniformityZ(values, 4_099),
        "pairs, 64 × 64": pairsZ(values, 64),
        "gaps": gapZ(values),
        "birthday spacings": birthdaySpacingsZ(values, 4_096),
        ...Object.fromEntries([1, 2, 3, 4, 16, 256].map((lag) => [`correlation at lag ${lag}`, serialZ(values, lag)])),
      };
      for (const [result, z] of Object.entries(results)) assert.ok(Math.abs(z) < LIMIT_Z, `${result}: ${z} standard deviations`);
    });

    test(`have balanced bits over ${name}`, () => {
      const ones = new Float64Array(32);
      for (let at = 0; at < DRAWS; at++) {
        const bits = draw(at) * 2 ** 32;
        for (let bit = 0; bit < 32; bit++) ones[bit]! += (bits >>> bit) & 1;
      }
      ones.forEach((count, bit) => {
        const z = (count - DRAWS / 2) / Math.sqrt(DRAWS / 4);
        assert.ok(Math.abs(z) < LIMIT_Z, `bit ${bit}: ${z} standard deviations`);
      });
    });
  }

  test("change each of their 53 bits with probability one half when any one bit of the input changes", () => {
    // 106 input bits × 53 output bits: 5,618 proportions over 8,192 draws; 5.5 standard deviations come once in 5,000 such tests by chance.
    const trials = 8_192;
    const inputs = [...bits(0, 32), ...bits(1, 32), ...bits(2, 32), ...bits(3, 10)];
    const worst = { z: 0, where: "" };
    for (const { word, bit } of inputs) {
      const changes = new Float64Array(53);
      for (let at = 0; at < trials; at++) countChanges(changes, { word, bit, at });
      changes.forEach((count, out) => {
        const z = Math.abs(count - trials / 2) / Math.sqrt(trials / 4);
        if (z > worst.z) Object.assign(worst, { z, where: `input word ${word} bit ${bit}, output bit ${out}` });
      });
    }
    assert.ok(worst.z < 5.5, `${worst.where}: ${worst.z} standard deviations`);
  });
});

const bits = (word: number, count: number): { word: number; bit: number }[] => Array.from({ length: count }, (_, bit) => ({ word, bit }));

/** Draws with one bit of one argument changed and counts which bits of the result change with it. */
function countChanges(changes: Float64Array, { word, bit, at }: { word: number; bit: number; at: number }): void {
  const [key0, key1] = COMPONENTS[at]!;
  const flip = (of: number): number => (of === word ? 1 << bit : 0);
  const before = uniform(key0, key1, at, at & 7);
  const after = uniform(key0 ^ flip(0), key1 ^ flip(1), (at ^ flip(2)) >>> 0, (at & 7) ^ flip(3));
  const high = Math.floor(before * 2 ** 32) ^ Math.floor(after * 2 ** 32);
  const low = ((before * 2 ** 32) % 1) * 2 ** 21 ^ ((after * 2 ** 32) % 1) * 2 ** 21;
  for (let out = 0; out < 32; out++) changes[out]! += (high >>> out) & 1;
  for (let out = 0; out < 21; out++) changes[32 + out]! += (low >>> out) & 1;
}

/** Written down once from this generator: a change of any of them changes every result ever published. */
const FIXED: readonly unknown[] = [[-219528234, 2110255783], [-1574841101, 728818098], [1597387867, -1544804248], 0.43957258717105174, 0.09769383467976889, 0.31013995510865133];
