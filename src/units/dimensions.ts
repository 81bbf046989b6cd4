import { multiply, rational, type Rational } from "./rational.js";

export type Dimension =
  | "duration" | "bytes" | "bits" | "data-rate" | "event-rate" | "frequency" | "transfer-rate"
  | "cycles" | "length" | "percent" | "money" | "stake" | "count";

/** What a place that takes a quantity accepts, and what it makes of it. */
export interface DimensionSpec {
  /** With its article, for sentences: "a data rate". */
  readonly name: string;
  readonly meaning: string;
  readonly example: string;
  /** What parsing gives: "ps per byte". */
  readonly gives: string;
  /** true: an integer in a `number`; false: an exact `Rational`. */
  readonly integer: boolean;
  /** true: parsing gives the time for one (ps per byte), which shrinks as the number grows. */
  readonly inverse: boolean;
  /** Accepted units for a reader, e.g. "ps, ns, us, ms, s, min, h". */
  readonly accepts: string;
  /** Accepted unit -> exact value of one of it, in what parsing gives. Wherever "us" stands, "µs" is accepted too. */
  readonly units: ReadonlyMap<string, Rational>;
}

type UnitTable = ReadonlyMap<string, Rational>;

const PS_PER_SECOND = 10n ** 12n;

const TIMES: UnitTable = table([
  ["ps", 1n], ["ns", 10n ** 3n], ["us", 10n ** 6n], ["ms", 10n ** 9n],
  ["s", PS_PER_SECOND], ["min", 60n * PS_PER_SECOND], ["h", 3600n * PS_PER_SECOND],
]);
const DECIMAL_SIZES: UnitTable = table([["B", 1n], ["kB", 10n ** 3n], ["MB", 10n ** 6n], ["GB", 10n ** 9n], ["TB", 10n ** 12n]]);
const BINARY_SIZES: UnitTable = table([["KiB", 2n ** 10n], ["MiB", 2n ** 20n], ["GiB", 2n ** 30n], ["TiB", 2n ** 40n]]);
const SIZES: UnitTable = new Map([...DECIMAL_SIZES, ...BINARY_SIZES]);
const BITS: UnitTable = table([["bit", 1n], ["kbit", 10n ** 3n], ["Mbit", 10n ** 6n], ["Gbit", 10n ** 9n], ["Tbit", 10n ** 12n]]);
const BITS_PER_SECOND: UnitTable = table([["bps", 1n], ["kbps", 10n ** 3n], ["Mbps", 10n ** 6n], ["Gbps", 10n ** 9n], ["Tbps", 10n ** 12n]]);
const DOLLARS: UnitTable = table([
  ["USD", 1n], ["kUSD", 10n ** 3n], ["MUSD", 10n ** 6n], ["GUSD", 10n ** 9n], ["TUSD", 10n ** 12n],
  ["buck", 1n], ["kilobuck", 10n ** 3n], ["megabuck", 10n ** 6n], ["gigabuck", 10n ** 9n], ["terabuck", 10n ** 12n],
]);

/** Data rate units in bits per second. */
const RATES: UnitTable = new Map([...renamed(BITS, "/s"), ...BITS_PER_SECOND, ...renamed(scaled(SIZES, rational(8)), "/s")]);
const EVENTS_PER_SECOND: UnitTable = table([
  ["pps", 1n], ["kpps", 10n ** 3n], ["Mpps", 10n ** 6n], ["Gpps", 10n ** 9n],
  ["/s", 1n], ["/ms", 10n ** 3n], ["/us", 10n ** 6n], ["/ns", 10n ** 9n],
  ["msg/s", 1n], ["kmsg/s", 10n ** 3n], ["Mmsg/s", 10n ** 6n],
]);
const HERTZ: UnitTable = table([["Hz", 1n], ["kHz", 10n ** 3n], ["MHz", 10n ** 6n], ["GHz", 10n ** 9n]]);

type Words = Omit<DimensionSpec, "integer" | "inverse" | "accepts">;

/** Every dimension with its units: the one table behind parsing, error messages, documentation and the editor schema. */
export const DIMENSIONS: Readonly<Record<Dimension, DimensionSpec>> = {
  duration: integer({ name: "a duration", meaning: "a length of time", example: "16 us", gives: "ps", units: TIMES }),
  bytes: integer({
    name: "a size", meaning: "an amount of memory or data; kB is 1000 bytes and KiB is 1024", example: "64 B", gives: "bytes", units: SIZES,
  }),
  bits: integer({
    name: "a number of bits", meaning: "an amount of data counted in bits, such as the width of a bus", example: "64 bit", gives: "bits",
    units: BITS,
  }),
  "data-rate": inverse({
    name: "a data rate", meaning: "how fast data moves; bps and bit/s count bits, B/s counts bytes", example: "10 Gbit/s",
    gives: "ps per byte",
    units: periods(scaled(RATES, rational(1, 8))),
  }),
  "event-rate": inverse({
    name: "an event rate", meaning: "how often something happens: packets or messages in a time", example: "20 kpps",
    gives: "ps per event",
    units: periods(EVENTS_PER_SECOND),
  }),
  frequency: inverse({
    name: "a frequency", meaning: "how often a clock ticks", example: "322.265625 MHz", gives: "period in ps", units: periods(HERTZ),
  }),
  "transfer-rate": inverse({
    name: "a transfer rate", meaning: "symbols per second on one lane of a bus, before encoding", example: "8 GT/s",
    gives: "ps per transfer",
    units: periods(table([["GT/s", 10n ** 9n]])),
  }),
  cycles: integer({
    name: "a number of cycles", meaning: "a time counted in cycles of the clock it belongs to", example: "3 cycles", gives: "cycles",
    units: table([["cycles", 1n], ["cycle", 1n]]),
  }),
  length: exact({
    name: "a length", meaning: "a distance, such as that of a cable", example: "5 m", gives: "metres",
    units: new Map([["mm", rational(1, 1000)], ["cm", rational(1, 100)], ["m", rational(1)], ["km", rational(1000)]]),
  }),
  percent: exact({
    name: "a percentage", meaning: "a share of a whole", example: "50%", gives: "fraction of one", units: new Map([["%", rational(1, 100)]]),
  }),
  money: exact({ name: "an amount of money", meaning: "US dollars; a buck is one dollar", example: "250 kUSD", gives: "dollars", units: DOLLARS }),
  stake: {
    ...exact({
      name: "a stake", meaning: "what time is worth: money per time", example: "1 MUSD / us", gives: "dollars per second", units: stakes(),
    }),
    accepts: `${listed(DOLLARS)}, each per ${listed(TIMES)}`,
  },
  count: {
    ...integer({
      name: "a count", meaning: "a plain number of things, not negative", example: "1000", gives: "things", units: table([["", 1n]]),
    }),
    accepts: "no unit",
  },
};

export const DIMENSION_NAMES: readonly Dimension[] = Object.keys(DIMENSIONS) as Dimension[];

function integer(words: Words): DimensionSpec {
  return { ...words, integer: true, inverse: false, accepts: listed(words.units) };
}

function exact(words: Words): DimensionSpec {
  return { ...words, integer: false, inverse: false, accepts: listed(words.units) };
}

function inverse(words: Words): DimensionSpec {
  return { ...words, integer: false, inverse: true, accepts: listed(words.units) };
}

function listed(units: UnitTable): string {
  return [...units.keys()].join(", ");
}

function table(rows: readonly (readonly [string, bigint])[]): UnitTable {
  return new Map(rows.map(([unit, one]) => [unit, rational(one)]));
}

function renamed(units: UnitTable, suffix: string): UnitTable {
  return new Map([...units].map(([unit, one]) => [unit + suffix, one]));
}

function scaled(units: UnitTable, factor: Rational): UnitTable {
  return new Map([...units].map(([unit, one]) => [unit, multiply(one, factor)]));
}

/** Times per second -> picoseconds between two. */
function periods(perSecond: UnitTable): UnitTable {
  return new Map([...perSecond].map(([unit, often]) => [unit, rational(PS_PER_SECOND * often.den, often.num)]));
}

function stakes(): UnitTable {
  const pairs: [string, Rational][] = [];
  for (const [money, dollars] of DOLLARS) {
    for (const [time, ps] of TIMES) pairs.push([`${money}/${time}`, rational(dollars.num * PS_PER_SECOND, ps.num)]);
  }
  return new Map(pairs);
}
