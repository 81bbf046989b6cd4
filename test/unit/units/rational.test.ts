import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { InternalFault } from "../../../src/errors/index.js";
import {
  add, compare, divide, floorToInteger, fromDecimal, multiply, rational, roundToInteger, subtract, toNumber,
} from "../../../src/units/index.js";
import { refusal } from "./refusal.js";

describe("rational", () => {
  test("a fraction is reduced and its denominator is positive", () => {
    assert.deepEqual(rational(6n, -4n), { num: -3n, den: 2n });
    assert.deepEqual(rational(-6, -4), { num: 3n, den: 2n });
    assert.deepEqual(rational(0n, -7n), { num: 0n, den: 1n });
    assert.deepEqual(rational(5), { num: 5n, den: 1n });
  });

  test("a fraction without a value is a fault of the program, not of the user", () => {
    assert.throws(() => rational(1n, 0n), InternalFault);
    assert.throws(() => divide(rational(1), rational(0)), InternalFault);
    assert.throws(() => rational(0.5), InternalFault);
    assert.throws(() => rational(NaN), InternalFault);
  });

  test("the four operations are those of school", () => {
    const half = rational(1, 2);
    const third = rational(1, 3);
    assert.deepEqual(add(half, third), rational(5, 6));
    assert.deepEqual(subtract(third, half), rational(-1, 6));
    assert.deepEqual(multiply(half, rational(2, 3)), third);
    assert.deepEqual(divide(half, rational(-1, 3)), rational(-3, 2));
  });

  test("fractions compare by value, across signs", () => {
    assert.equal(compare(rational(1, 3), rational(1, 2)), -1);
    assert.equal(compare(rational(2, 4), rational(1, 2)), 0);
    assert.equal(compare(rational(-1, 3), rational(-1, 2)), 1);
  });

  test("halves round up, towards plus infinity", () => {
    const rounded = [-5, -3, -1, 1, 3, 5].map((odd) => roundToInteger(rational(odd, 2)));
    assert.deepEqual(rounded, [-2, -1, 0, 1, 2, 3]);
    assert.equal(roundToInteger(rational(-7, 3)), -2);
    assert.equal(roundToInteger(rational(499_999, 1_000_000)), 0);
  });

  test("the floor of a negative fraction lies below it", () => {
    assert.deepEqual([rational(-1, 2), rational(-4, 2), rational(7, 2), rational(0)].map(floorToInteger), [-1, -2, 3, 0]);
  });

  test("2^53 is still an integer of the simulator and the next one is not", () => {
    assert.equal(roundToInteger(rational(2n ** 53n)), 2 ** 53);
    assert.equal(floorToInteger(rational(-(2n ** 53n))), -(2 ** 53));
    assert.match(refusal("quantity-range", () => roundToInteger(rational(2n ** 53n + 1n))).message, /9007199254740993 is beyond 2\^53/u);
    assert.match(refusal("quantity-range", () => floorToInteger(rational(-(10n ** 60n)))).message, /a number of 62 digits/u);
  });

  test("the nearest double is found where dividing two doubles would miss it", () => {
    assert.equal(toNumber(rational(102_400, 33)), 102_400 / 33);
    // 2^53 + 1 lies halfway and rounds to even; a 1e-60 more decides for the upper neighbour.
    assert.equal(toNumber(rational(2n ** 53n + 1n)), 2 ** 53);
    assert.equal(toNumber(add(rational(2n ** 53n + 1n), rational(1n, 10n ** 60n))), 2 ** 53 + 2);
    assert.equal(toNumber(rational(-1n, 10n ** 40n)), -1e-40);
    assert.equal(toNumber(rational(10n ** 400n)), Infinity);
    assert.equal(toNumber(rational(1n, 2n ** 1022n)), 2 ** -1022);
  });
});

describe("fromDecimal", () => {
  test("a decimal numeral keeps every digit", () => {
    assert.deepEqual(fromDecimal("322.265625"), rational(20_625, 64));
    assert.deepEqual(fromDecimal("-0.5"), rational(-1, 2));
    assert.deepEqual(fromDecimal("+1_000.000_1"), rational(10_000_001, 10_000));
    assert.deepEqual(fromDecimal("1e3"), rational(1000));
    assert.deepEqual(fromDecimal("25E-1"), rational(5, 2));
    assert.deepEqual(fromDecimal("1.5e+1"), rational(15));
  });

  test("every other form is refused", () => {
    for (const text of ["", " 1", "1 ", "1.", ".5", "1__0", "_1", "1_", "1_.5", "1e", "e1", "1e1.5", "--1", "0x1", "1,0", "NaN", "١", "1\n"]) {
      refusal("quantity-malformed", () => fromDecimal(text));
    }
    refusal("quantity-malformed", () => fromDecimal("1".repeat(65)));
  });

  test("an exponent beyond 40 is refused before any power is taken", () => {
    assert.deepEqual(fromDecimal("1e40"), rational(10n ** 40n));
    assert.deepEqual(fromDecimal("1e-40"), rational(1n, 10n ** 40n));
    for (const text of ["1e41", "1e-41", "0e400", "1e999999999999999999999999999999"]) refusal("quantity-range", () => fromDecimal(text));
  });
});
