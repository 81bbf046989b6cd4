/** A unit of time that a column of numbers shares, and how many decimals it prints. */
export interface TimeScale {
  readonly unit: string;
  readonly ps: number;
  readonly decimals: number;
}

const UNITS = [{ unit: "s", ps: 1e12 }, { unit: "ms", ps: 1e9 }, { unit: "us", ps: 1e6 }, { unit: "ns", ps: 1e3 }, { unit: "ps", ps: 1 }] as const;

// A value below a twentieth of the unit would keep only one or two digits; above a million digits stop being read.
const TOO_SMALL = 0.05;
const TOO_LARGE = 1e6;

/** The one scale for all `values` (ps): the unit of the largest, or a smaller one where the smallest would lose its digits. */
export function scaleFor(values: readonly number[]): TimeScale {
  const sizes = values.filter((value) => Number.isFinite(value) && value !== 0).map(Math.abs);
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
  const smallest = sizes.reduce((least, size) => Math.min(least, size), largest);
  let index = UNITS.findIndex((one) => largest >= one.ps);
  if (index < 0) index = UNITS.length - 1;
  while (index < UNITS.length - 1 && smallest / unitAt(index).ps < TOO_SMALL && largest / unitAt(index + 1).ps < TOO_LARGE) index++;
  const { unit, ps } = unitAt(index);
  return { unit, ps, decimals: decimalsFor(largest / ps, ps) };
}

function unitAt(index: number): (typeof UNITS)[number] {
  return UNITS[index] ?? UNITS[UNITS.length - 1] ?? { unit: "ps", ps: 1 };
}

function decimalsFor(size: number, ps: number): number {
  if (ps === 1) return 0;
  if (size < 1000) return 3;
  return size < 10_000 ? 2 : 1;
}

/** `ps` as a number in the scale's unit, without the unit. */
export function inScale(ps: number, scale: TimeScale): string {
  return fixed(ps / scale.ps, scale.decimals);
}

/** A number with so many decimals; never "-0.000". */
export function fixed(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? text.replace("-", "") : text;
}

/** A share 0..1 as a percentage with one decimal and no sign, e.g. "15.6". */
export function percentText(share: number): string {
  return fixed(share * 100, 1);
}

/** A count per message: whole numbers as they are, others with two decimals, large ones without. */
export function countText(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 1000) return fixed(value, 0);
  return fixed(value, 2);
}

/** An amount of money to four digits, and to the cent: "$1,234", "$0.08". Loading the machine's locales would take longer than the rest of a report. */
export function dollarsText(amount: number): string {
  const digits = Math.abs(Number(amount.toPrecision(4)));
  // A hundred times four digits are four digits again, so that half a cent is not lost to rounding.
  const shown = digits < 1000 ? Math.round(Number((digits * 100).toPrecision(4))) / 100 : digits;
  return `$${amount < 0 ? "-" : ""}${String(shown).replace(/\B(?=(?:\d{3})+$)/gu, ",")}`;
}
