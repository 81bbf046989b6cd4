import { InternalFault } from "../errors/index.js";
import { divide, rational, toNumber, type Rational } from "./rational.js";

export type DurationUnit = "ps" | "ns" | "us" | "ms" | "s";

type UnitSizes = readonly (readonly [unit: string, size: number])[];

const DURATION_UNITS: readonly (readonly [DurationUnit, number])[] = [["ps", 1], ["ns", 1e3], ["us", 1e6], ["ms", 1e9], ["s", 1e12]];
const DECIMAL_UNITS: UnitSizes = [["B", 1], ["kB", 1e3], ["MB", 1e6], ["GB", 1e9], ["TB", 1e12]];
const BINARY_UNITS: UnitSizes = [["TiB", 2 ** 40], ["GiB", 2 ** 30], ["MiB", 2 ** 20], ["KiB", 2 ** 10]];
const RATE_UNITS: UnitSizes = [["bit/s", 1], ["kbit/s", 1e3], ["Mbit/s", 1e6], ["Gbit/s", 1e9], ["Tbit/s", 1e12]];

/** A size that is a whole number below this of some unit is printed so: "1500 B" and "1536 KiB" tell more than "1.5 kB" and "1.573 MB". */
const WHOLE_BELOW = 10_000;

/**
 * Picoseconds in the largest unit of ps, ns, us, ms, s that gives at least 1, with at most three decimals: 7 702 000 -> "7.702 us".
 * Halves round away from zero. Exact (parsing gives it back) below 1 us, and above it for whole thousandths of the unit.
 */
export function formatDuration(ps: number): string {
  return inLargestUnit(ps, DURATION_UNITS);
}

/** Picoseconds in the unit asked for, with at most three decimals: (1500, "ns") -> "1.5 ns". */
export function formatDurationIn(ps: number, unit: DurationUnit): string {
  const size = DURATION_UNITS.find(([name]) => name === unit)?.[1];
  if (size === undefined) throw new InternalFault(`"${unit}" is not a unit that durations are printed in`);
  return `${decimalText(inUnit(ps, size))} ${unit}`;
}

/**
 * Bytes: "4 KiB" for fewer than 10 000 whole KiB, MiB, GiB or TiB, "1500 B" for fewer than 10 000 bytes,
 * else powers of 1000 with at most three decimals ("1.235 MB"). A mean may be fractional.
 */
export function formatBytes(bytes: number): string {
  const binary = BINARY_UNITS.find(([, size]) => bytes !== 0 && bytes % size === 0 && Math.abs(bytes) < WHOLE_BELOW * size);
  if (binary !== undefined) return `${decimalText(inUnit(bytes / binary[1], 1))} ${binary[0]}`;
  if (Math.abs(bytes) < WHOLE_BELOW) return `${decimalText(inUnit(bytes, 1))} B`;
  return inLargestUnit(bytes, DECIMAL_UNITS);
}

/** A data rate given as ps per byte, in bits per second with at most three decimals: 800 -> "10 Gbit/s". */
export function formatRate(psPerByte: Rational): string {
  if (psPerByte.num <= 0n) throw new InternalFault("a data rate is printed from a time per byte above zero");
  return inLargestUnit(toNumber(divide(rational(8n * 10n ** 12n), psPerByte)), RATE_UNITS);
}

/** A fraction of one as a percentage with at most two decimals: 0.125 -> "12.5%". */
export function formatPercent(fraction: number): string {
  return `${trimmed(finite(fraction * 100).toFixed(2))}%`;
}

/** A count with commas between thousands, and at most three decimals for means: 12345 -> "12,345". For reading: it does not parse. */
export function formatCount(count: number): string {
  const [whole = "", fraction] = decimalText(inUnit(count, 1)).split(".");
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/gu, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

function inLargestUnit(value: number, units: UnitSizes): string {
  // Judged after rounding, so that 999.9996 us becomes "1 ms" and never "1000 us".
  const [unit, size] = units.find(([, one]) => inUnit(value, one).whole < 1000) ?? units.at(-1) ?? ["", 1];
  return `${decimalText(inUnit(value, size))} ${unit}`;
}

/** A value cut to three decimals of a unit. */
interface Decimal {
  readonly negative: boolean;
  readonly whole: number;
  readonly thousandths: number;
}

/**
 * The value in units of `size`, a power of 1000, to the nearest thousandth, halves away from zero.
 * Remainders of doubles are exact, so integers up to 2^53 lose nothing before that one rounding.
 */
function inUnit(value: number, size: number): Decimal {
  const magnitude = Math.abs(finite(value));
  const rest = magnitude % size;
  const whole = (magnitude - rest) / size;
  const step = size / 1000;
  const beyond = rest % step;
  const thousandths = size === 1 ? Math.round(rest * 1000) : (rest - beyond) / step + (2 * beyond >= step ? 1 : 0);
  const carried = thousandths === 1000;
  return { negative: value < 0, whole: carried ? whole + 1 : whole, thousandths: carried ? 0 : thousandths };
}

function decimalText({ negative, whole, thousandths }: Decimal): string {
  return trimmed(`${negative ? "-" : ""}${whole}.${String(thousandths).padStart(3, "0")}`);
}

/** Without the zeros that end a fraction: "1.500" -> "1.5", "-0.00" -> "0". */
function trimmed(decimal: string): string {
  const short = decimal.replace(/\.?0+$/u, "");
  return short === "-0" ? "0" : short;
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw new InternalFault(`${value} was to be printed as a quantity`);
  return value;
}
