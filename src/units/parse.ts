import { DIMENSIONS, type Dimension } from "./dimensions.js";
import { quantityOf, type ParseOptions } from "./quantity.js";
import type { Rational } from "./rational.js";

// Each function takes anything a YAML value can be and throws `WirelatError` with a `quantity-*` or `unit-*` code:
// malformed text, a missing, unknown or ambiguous unit, a value out of range, or one finer than can be held exactly.

/** "3.103 ns" -> 3103, integer picoseconds. Units: ps, ns, us (µs), ms, s, min, h. Finer than 1 ps is `quantity-inexact`. */
export function parseDuration(input: unknown, options: ParseOptions = {}): number {
  return Number(quantityOf(input, "duration", options).num);
}

/** "4 KiB" -> 4096 bytes. Units: B, kB, MB, GB, TB (powers of 1000) and KiB, MiB, GiB, TiB (powers of 1024). */
export function parseBytes(input: unknown): number {
  return Number(quantityOf(input, "bytes", {}).num);
}

/** "64 bit" -> 64 bits. Units: bit, kbit, Mbit, Gbit, Tbit. */
export function parseBits(input: unknown): number {
  return Number(quantityOf(input, "bits", {}).num);
}

/** "10 Gbit/s" -> exactly 800 ps per byte. Units: bit/s to Tbit/s, bps to Tbps, B/s to TB/s, KiB/s to TiB/s. */
export function parseDataRate(input: unknown): Rational {
  return quantityOf(input, "data-rate", {});
}

/** "20 kpps" -> exactly 50 000 000 ps per event. Units: pps to Gpps, msg/s to Mmsg/s, /s, /ms, /us, /ns. */
export function parseEventRate(input: unknown): Rational {
  return quantityOf(input, "event-rate", {});
}

/** "322.265625 MHz" -> the period of exactly 102400/33 ps. Units: Hz, kHz, MHz, GHz. */
export function parseFrequency(input: unknown): Rational {
  return quantityOf(input, "frequency", {});
}

/** "8 GT/s" -> exactly 125 ps per transfer. Unit: GT/s. */
export function parseTransferRate(input: unknown): Rational {
  return quantityOf(input, "transfer-rate", {});
}

/** "3 cycles" -> 3. Units: cycle, cycles. */
export function parseCycles(input: unknown): number {
  return Number(quantityOf(input, "cycles", {}).num);
}

/** "30 cm" -> exactly 3/10 metre. Units: mm, cm, m, km. */
export function parseLength(input: unknown): Rational {
  return quantityOf(input, "length", {});
}

/** "50%" -> exactly 1/2. May exceed 100 %. */
export function parsePercent(input: unknown): Rational {
  return quantityOf(input, "percent", {});
}

/** "2 MUSD" -> 2 000 000 dollars. Units: USD to TUSD, buck to terabuck. */
export function parseMoney(input: unknown): Rational {
  return quantityOf(input, "money", {});
}

/** "1 MUSD / us" or "1 terabuck/s" -> 10^12 dollars per second. Units: one of money, "/", one of time. */
export function parseStake(input: unknown): Rational {
  return quantityOf(input, "stake", {});
}

/** 1000, "1000", "1_000" or "1e3" -> 1000: a bare integer, zero or more. The only place where a bare number is legal. */
export function parseCount(input: unknown): number {
  return Number(quantityOf(input, "count", {}).num);
}

/** What parsing a quantity of each dimension gives. */
export type IntegerDimension = "duration" | "bytes" | "bits" | "cycles" | "count";
export type QuantityOf<D extends Dimension> = D extends IntegerDimension ? number : Rational;

/** Any of the above by the name of its dimension: an integer for `IntegerDimension`, else an exact `Rational`. */
export function parseQuantity<D extends Dimension>(input: unknown, dimension: D, options: ParseOptions = {}): QuantityOf<D> {
  const value = quantityOf(input, dimension, options);
  const result: number | Rational = DIMENSIONS[dimension].integer ? Number(value.num) : value;
  return result as QuantityOf<D>;
}
