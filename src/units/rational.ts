import { InternalFault, WirelatError } from "../errors/index.js";

/** An exact fraction: reduced, with a positive denominator. Rates and clock periods are kept so, and rounded once, as a whole duration. */
export interface Rational {
  readonly num: bigint;
  readonly den: bigint;
}

/** Up to here every integer is exact in a double; as picoseconds it is 2.5 hours. */
export const EXACT_LIMIT = 2n ** 53n;

/** The fraction num / den, reduced. Numbers must be integers; a zero denominator or a fractional number is an `InternalFault`. */
export function rational(num: bigint | number, den: bigint | number = 1n): Rational {
  const top = toBigInt(num);
  const bottom = toBigInt(den);
  if (bottom === 0n) throw new InternalFault(`the fraction ${top}/0 has no value`);
  const shared = greatestCommonDivisor(magnitude(top), magnitude(bottom));
  const sign = bottom < 0n ? -1n : 1n;
  return { num: (sign * top) / shared, den: (sign * bottom) / shared };
}

export function add(left: Rational, right: Rational): Rational {
  return rational(left.num * right.den + right.num * left.den, left.den * right.den);
}

export function subtract(left: Rational, right: Rational): Rational {
  return rational(left.num * right.den - right.num * left.den, left.den * right.den);
}

export function multiply(left: Rational, right: Rational): Rational {
  return rational(left.num * right.num, left.den * right.den);
}

/** left / right; a zero divisor is an `InternalFault`. */
export function divide(left: Rational, right: Rational): Rational {
  return rational(left.num * right.den, left.den * right.num);
}

/** -1, 0 or 1 as left is less than, equal to or greater than right. */
export function compare(left: Rational, right: Rational): -1 | 0 | 1 {
  const difference = left.num * right.den - right.num * left.den;
  if (difference === 0n) return 0;
  return difference < 0n ? -1 : 1;
}

/**
 * The double nearest to the fraction, ties to even; Infinity beyond the largest double.
 * Exact for every magnitude from 2^-1022 (about 1e-308) up; below that the last bit may be off.
 */
export function toNumber(value: Rational): number {
  const top = magnitude(value.num);
  if (top <= EXACT_LIMIT && value.den <= EXACT_LIMIT) return Number(value.num) / Number(value.den);
  // A quotient of at least 64 bits whose last bit also stands for the remainder rounds as the true value does.
  const shift = Math.max(0, 68 + bitsAtMost(value.den) - bitsAtMost(top));
  const scaled = top << BigInt(shift);
  const quotient = scaled / value.den;
  const sticky = scaled % value.den === 0n ? quotient : quotient | 1n;
  // Two steps, because 2^-shift alone can underflow where the result does not.
  const half = Math.floor(shift / 2);
  const size = Number(sticky) * 2 ** -half * 2 ** (half - shift);
  return value.num < 0n ? -size : size;
}

/** The nearest integer, halves up (towards +infinity: 2.5 -> 3, -2.5 -> -2). Beyond ±2^53 it is `quantity-range`. */
export function roundToInteger(value: Rational): number {
  return exactInteger(floorDivide(2n * value.num + value.den, 2n * value.den));
}

/** The greatest integer not above the value (-0.5 -> -1). Beyond ±2^53 it is `quantity-range`. */
export function floorToInteger(value: Rational): number {
  return exactInteger(floorDivide(value.num, value.den));
}

function exactInteger(value: bigint): number {
  if (magnitude(value) <= EXACT_LIMIT) return Number(value);
  throw new WirelatError("quantity-range", `${clipped(value)} is beyond 2^53, the largest integer the simulator holds exactly`, {
    remedy: "use a smaller quantity; as picoseconds 2^53 is about 2.5 hours",
  });
}

function clipped(value: bigint): string {
  const digits = value.toString();
  return digits.length <= 40 ? digits : `a number of ${digits.length} digits`;
}

function floorDivide(num: bigint, den: bigint): bigint {
  const quotient = num / den;
  return num < 0n && num % den !== 0n ? quotient - 1n : quotient;
}

function toBigInt(value: bigint | number): bigint {
  if (typeof value === "bigint") return value;
  if (!Number.isInteger(value)) throw new InternalFault(`a fraction is made of integers, not of ${value}`);
  return BigInt(value);
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}

/** An upper bound of the length in bits, at most 3 too large. */
function bitsAtMost(value: bigint): number {
  return value.toString(16).length * 4;
}

function greatestCommonDivisor(left: bigint, right: bigint): bigint {
  let [a, b] = [left, right];
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}
