import { DIMENSIONS, formatBytes, formatCount, formatDuration, formatPercent, fromDecimal, parseQuantity, toNumber, type Dimension } from "../units/index.js";

/**
 * What a quantity is: exponents of time (ps), size (bytes) and money (dollars); and where all are zero, whether it is a
 * share, a count, or a plain number that fits either.
 */
export interface Kind {
  readonly time: number;
  readonly size: number;
  readonly money: number;
  readonly plain: "share" | "count" | "number";
}

const kind = (time: number, size: number, money: number, plain: Kind["plain"] = "number"): Kind => ({ time, size, money, plain });

export const KINDS = {
  time: kind(1, 0, 0), size: kind(0, 1, 0), money: kind(0, 0, 1), "data rate": kind(-1, 1, 0), "event rate": kind(-1, 0, 0), "money per time": kind(-1, 0, 1),
  share: kind(0, 0, 0, "share"), count: kind(0, 0, 0, "count"), number: kind(0, 0, 0, "number"),
} as const;
export type KindName = keyof typeof KINDS;

/** Dimensions of units that may stand in a check, what they are, and whether parsing gives the time for one. */
const LITERALS: readonly (readonly [Dimension, KindName])[] = [
  ["duration", "time"], ["bytes", "size"], ["data-rate", "data rate"], ["event-rate", "event rate"], ["frequency", "event rate"],
  ["percent", "share"], ["money", "money"], ["stake", "money per time"],
];

const PS_PER_SECOND = 1e12;

/** A number with a unit in canonical terms: ps, bytes, dollars and their quotients. Null where the unit is none that checks use. */
export function literalOf(numeral: string, unit: string): { readonly value: number; readonly kind: Kind } | null {
  const spelled = unit.replaceAll(" ", "").replace(/(^|\/)[µμ]s$/u, "$1us");
  const entry = LITERALS.find(([dimension]) => DIMENSIONS[dimension].units.has(spelled));
  if (entry === undefined) return null;
  const [dimension, name] = entry;
  // Nothing happens at a rate of zero, but a rate may well be compared with it.
  if (DIMENSIONS[dimension].inverse && fromDecimal(numeral).num === 0n) return { value: 0, kind: KINDS[name] };
  const parsed = parseQuantity(`${numeral} ${unit}`, dimension);
  const value = typeof parsed === "number" ? parsed : toNumber(parsed);
  const canonical = DIMENSIONS[dimension].inverse ? 1 / value : dimension === "stake" ? value / PS_PER_SECOND : value;
  return { value: canonical, kind: KINDS[name] };
}

const isPlain = (one: Kind): boolean => one.time === 0 && one.size === 0 && one.money === 0;

/** What a sum, a difference or a comparison is of; null where the two do not fit. */
export function sumKind(left: Kind, right: Kind): Kind | null {
  if (left.time !== right.time || left.size !== right.size || left.money !== right.money) return null;
  if (left.plain === right.plain) return left;
  if (!isPlain(left) || left.plain === "share" || right.plain === "share") return null;
  return KINDS.count;
}

/** What a product or a quotient is of. A share or a number of something is that thing. */
export function productKind(left: Kind, right: Kind, operator: "*" | "/"): Kind {
  const sign = operator === "*" ? 1 : -1;
  const exponents = kind(left.time + sign * right.time, left.size + sign * right.size, left.money + sign * right.money);
  if (!isPlain(exponents) || !isPlain(left)) return exponents;
  if (right.plain === "number") return left;
  return operator === "*" && left.plain === "number" ? right : exponents;
}

/** "a time", "an event rate": for messages. */
export function withArticle(of: Kind): string {
  const name = kindName(of);
  return `${/^[aeiou]/u.test(name) ? "an" : "a"} ${name}`;
}

export function kindName(of: Kind): string {
  const known = Object.entries(KINDS).find(([, one]) => one.time === of.time && one.size === of.size && one.money === of.money && (!isPlain(of) || one.plain === of.plain));
  return known === undefined ? "product of quantities" : known[0] === "number" ? "plain number" : known[0];
}

/** A value for a reader, e.g. "7.702 us". */
export function formatValue(value: number, of: Kind): string {
  if (!Number.isFinite(value)) return String(value);
  switch (kindName(of)) {
    case "time":
      return formatDuration(value);
    case "size":
      return formatBytes(value);
    case "share":
      return formatPercent(value);
    case "data rate":
      return formatDataRate(value * PS_PER_SECOND);
    case "event rate":
      return `${formatCount(value * PS_PER_SECOND)} /s`;
    case "money":
      return `${formatCount(value)} USD`;
    case "money per time":
      return `${formatCount(value * PS_PER_SECOND)} USD/s`;
    default:
      return formatCount(value);
  }
}

/** Bytes a second in powers of 1000, as rates are written. */
function formatDataRate(perSecond: number): string {
  const units: readonly (readonly [string, number])[] = [["GB/s", 1e9], ["MB/s", 1e6], ["kB/s", 1e3], ["B/s", 1]];
  const [unit, size] = units.find(([, one]) => Math.abs(perSecond) >= one) ?? ["B/s", 1];
  return `${formatCount(perSecond / size)} ${unit}`;
}
