import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { InternalFault } from "../../../src/errors/index.js";
import {
  formatBytes, formatCount, formatDuration, formatDurationIn, formatPercent, formatRate, parseDataRate, rational, type DurationUnit,
} from "../../../src/units/index.js";

describe("formatDuration", () => {
  test("picks the largest unit that gives at least one, and trims zeros", () => {
    const rows: readonly (readonly [number, string])[] = [
      [0, "0 ps"], [-0, "0 ps"], [1, "1 ps"], [999, "999 ps"], [1000, "1 ns"], [1500, "1.5 ns"], [825_238, "825.238 ns"], [999_999, "999.999 ns"],
      [7_702_000, "7.702 us"], [16_000_000, "16 us"], [1_020_000, "1.02 us"], [5e9, "5 ms"], [1e12, "1 s"], [2 ** 53, "9007.199 s"],
      [-38_400, "-38.4 ns"], [-1, "-1 ps"],
    ];
    for (const [ps, text] of rows) assert.equal(formatDuration(ps), text);
  });

  test("rounds to the third decimal, halves away from zero, and moves up a unit when that makes a thousand", () => {
    assert.equal(formatDuration(1_234_499), "1.234 us");
    assert.equal(formatDuration(1_234_500), "1.235 us");
    assert.equal(formatDuration(-1_234_500), "-1.235 us");
    assert.equal(formatDuration(999_999_499), "999.999 us");
    assert.equal(formatDuration(999_999_500), "1 ms");
  });

  test("prints the fraction of a mean", () => {
    assert.equal(formatDuration(0.25), "0.25 ps");
    assert.equal(formatDuration(12.3456), "12.346 ps");
    assert.equal(formatDuration(999.9996), "1 ns");
    assert.equal(formatDuration(-0.0001), "0 ps");
  });

  test("keeps to a unit when told to", () => {
    const rows: readonly (readonly [number, DurationUnit, string])[] = [
      [7_702_000, "ns", "7702 ns"], [7_702_000, "ms", "0.008 ms"],
      [1500, "ps", "1500 ps"], [-1500, "ns", "-1.5 ns"], [1, "s", "0 s"], [-1, "s", "0 s"],
    ];
    for (const [ps, unit, text] of rows) assert.equal(formatDurationIn(ps, unit), text);
    assert.throws(() => formatDurationIn(1, "fortnight" as DurationUnit), InternalFault);
  });
});

describe("the other formats", () => {
  test("sizes are exact while they are small or whole multiples of 1024", () => {
    const rows: readonly (readonly [number, string])[] = [
      [0, "0 B"], [64, "64 B"], [1500, "1500 B"], [9999, "9999 B"],
      [1024, "1 KiB"], [1536, "1536 B"], [4096, "4 KiB"], [2 ** 21, "2 MiB"], [3 * 2 ** 29, "1536 MiB"], [2 ** 40, "1 TiB"],
      [9999 * 1024, "9999 KiB"], [10_001 * 1024, "10.241 MB"], [10_000, "10 kB"], [1_234_567, "1.235 MB"], [999_999_999, "1 GB"], [1.5e12, "1.5 TB"], [70.25, "70.25 B"], [-64, "-64 B"],
    ];
    for (const [bytes, text] of rows) assert.equal(formatBytes(bytes), text);
  });

  test("rates are printed in bits per second", () => {
    assert.equal(formatRate(rational(800)), "10 Gbit/s");
    assert.equal(formatRate(rational(8)), "1 Tbit/s");
    assert.equal(formatRate(parseDataRate("15.754 GB/s")), "126.032 Gbit/s");
    assert.equal(formatRate(parseDataRate("1 bit/s")), "1 bit/s");
    assert.equal(formatRate(parseDataRate("1e6 Tbit/s")), "1000000 Tbit/s");
    assert.throws(() => formatRate(rational(0)), InternalFault);
    assert.throws(() => formatRate(rational(-800)), InternalFault);
  });

  test("percentages have two decimals at most and no negative zero", () => {
    const rows: readonly (readonly [number, string])[] = [
      [0, "0%"], [-1e-9, "0%"], [0.125, "12.5%"], [1 / 3, "33.33%"], [1, "100%"], [10, "1000%"], [-0.05, "-5%"],
    ];
    for (const [fraction, text] of rows) assert.equal(formatPercent(fraction), text);
  });

  test("counts have commas between thousands", () => {
    const rows: readonly (readonly [number, string])[] = [
      [0, "0"], [999, "999"], [1000, "1,000"], [12_345, "12,345"], [1_234_567, "1,234,567"], [-12_345, "-12,345"], [1234.5, "1,234.5"], [2.9996, "3"],
      [0.0625, "0.063"], [2 ** 53 - 1, "9,007,199,254,740,991"],
    ];
    for (const [count, text] of rows) assert.equal(formatCount(count), text);
  });

  test("what is not finite is a fault and never printed", () => {
    for (const print of [formatDuration, formatBytes, formatPercent, formatCount]) {
      assert.throws(() => print(NaN), InternalFault);
      assert.throws(() => print(-Infinity), InternalFault);
    }
  });
});
