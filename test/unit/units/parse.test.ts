import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  DIMENSION_NAMES, DIMENSIONS, parseBits, parseBytes, parseCount, parseCycles, parseDataRate, parseDuration, parseEventRate, parseFrequency,
  parseLength, parseMoney, parsePercent, parseQuantity, parseStake, parseTransferRate, rational, type Dimension,
} from "../../../src/units/index.js";

const K = 1000n;

/**
 * What one of each unit is, written here a second time and by hand, as a fraction in the canonical quantity of its dimension.
 * The test below also holds that no unit is accepted that this list does not name.
 */
const ONE: Readonly<Record<Exclude<Dimension, "stake" | "count">, Readonly<Record<string, bigint | readonly [bigint, bigint]>>>> = {
  duration: { ps: 1n, ns: 1_000n, us: 1_000_000n, ms: 1_000_000_000n, s: 1_000_000_000_000n, min: 60_000_000_000_000n, h: 3_600_000_000_000_000n },
  bytes: {
    B: 1n, kB: 1_000n, MB: 1_000_000n, GB: 1_000_000_000n, TB: 1_000_000_000_000n,
    KiB: 1_024n, MiB: 1_048_576n, GiB: 1_073_741_824n, TiB: 1_099_511_627_776n,
  },
  bits: { bit: 1n, kbit: 1_000n, Mbit: 1_000_000n, Gbit: 1_000_000_000n, Tbit: 1_000_000_000_000n },
  "data-rate": {
    "bit/s": 8n * K ** 4n, "kbit/s": 8n * K ** 3n, "Mbit/s": 8_000_000n, "Gbit/s": 8_000n, "Tbit/s": 8n,
    bps: 8n * K ** 4n, kbps: 8n * K ** 3n, Mbps: 8_000_000n, Gbps: 8_000n, Tbps: 8n,
    "B/s": K ** 4n, "kB/s": K ** 3n, "MB/s": 1_000_000n, "GB/s": 1_000n, "TB/s": 1n,
    "KiB/s": [1_000_000_000_000n, 1_024n], "MiB/s": [1_000_000_000_000n, 1_048_576n],
    "GiB/s": [1_000_000_000_000n, 1_073_741_824n], "TiB/s": [1_000_000_000_000n, 1_099_511_627_776n],
  },
  "event-rate": {
    pps: K ** 4n, kpps: K ** 3n, Mpps: 1_000_000n, Gpps: 1_000n, "/s": K ** 4n, "/ms": K ** 3n, "/us": 1_000_000n, "/ns": 1_000n,
    "msg/s": K ** 4n, "kmsg/s": K ** 3n, "Mmsg/s": 1_000_000n,
  },
  frequency: { Hz: K ** 4n, kHz: K ** 3n, MHz: 1_000_000n, GHz: 1_000n },
  "transfer-rate": { "GT/s": 1_000n },
  cycles: { cycle: 1n, cycles: 1n },
  length: { mm: [1n, 1000n], cm: [1n, 100n], m: 1n, km: 1000n },
  percent: { "%": [1n, 100n] },
  money: {
    USD: 1n, kUSD: K, MUSD: K ** 2n, GUSD: K ** 3n, TUSD: K ** 4n, buck: 1n, kilobuck: K, megabuck: K ** 2n, gigabuck: K ** 3n, terabuck: K ** 4n,
  },
};

/** Both result types as a fraction. */
function valueOf(text: string, dimension: Dimension): { num: bigint; den: bigint } {
  const value: unknown = parseQuantity(text, dimension);
  return typeof value === "number" ? rational(value) : (value as { num: bigint; den: bigint });
}

for (const [dimension, units] of Object.entries(ONE) as [Exclude<Dimension, "stake" | "count">, (typeof ONE)["duration"]][]) {
  describe(`the units of ${dimension}`, () => {
    for (const [unit, one] of Object.entries(units)) {
      const [num, den] = typeof one === "bigint" ? [one, 1n] : one;
      const first = num <= 2n ** 53n ? ["1", 1n] as const : ["1e4", 10_000n] as const;
      test(`1 ${unit} has its exact value`, () => {
        assert.deepEqual(valueOf(`${first[0]} ${unit}`, dimension), rational(num, den * first[1]));
        assert.deepEqual(valueOf(`${first[0]}${unit}`, dimension), rational(num, den * first[1]));
      });
    }
    test("there are no others", () => {
      assert.deepEqual([...DIMENSIONS[dimension].units.keys()].sort(), Object.keys(units).sort());
    });
  });
}

test("a stake is every unit of money over every unit of time, in dollars per second", () => {
  const perSecond: Readonly<Record<string, readonly [bigint, bigint]>> = {
    ps: [K ** 4n, 1n], ns: [K ** 3n, 1n], us: [K ** 2n, 1n], ms: [K, 1n], s: [1n, 1n], min: [1n, 60n], h: [1n, 3600n],
  };
  let checked = 0;
  for (const [money, dollars] of Object.entries(ONE.money)) {
    for (const [time, [num, den]] of Object.entries(perSecond)) {
      assert.deepEqual(parseStake(`7 ${money}/${time}`), rational(7n * (dollars as bigint) * num, den));
      checked += 1;
    }
  }
  assert.equal(DIMENSIONS.stake.units.size, checked);
});

describe("the quantities that a scenario is written with", () => {
  test("durations are whole picoseconds", () => {
    assert.equal(parseDuration("3.103 ns"), 3103);
    assert.equal(parseDuration("1e3 ns"), 1_000_000);
    assert.equal(parseDuration("0.5 ns"), 500);
    assert.equal(parseDuration("0 ns"), 0);
    assert.equal(parseDuration("+16 us"), 16_000_000);
    assert.equal(parseDuration("0.25 min"), 15_000_000_000_000);
    assert.equal(parseDuration("9007199254740992 ps"), 2 ** 53);
  });

  test("both micro signs and the letter u are the same microsecond, alone and after a slash", () => {
    for (const micro of ["u", "\u00b5", "\u03bc"]) {
      assert.equal(parseDuration(`2.5 ${micro}s`), 2_500_000);
      assert.deepEqual(parseEventRate(`2 /${micro}s`), rational(500_000));
      assert.deepEqual(parseStake(`1 MUSD / ${micro}s`), rational(10n ** 12n));
    }
  });

  test("a difference of durations may be negative where that is asked for", () => {
    assert.equal(parseDuration("-38.4 ns", { signed: true }), -38_400);
    assert.equal(parseQuantity("-9007199254740992 ps", "duration", { signed: true }), -(2 ** 53));
    assert.ok(Object.is(parseDuration("-0 ns", { signed: true }), 0));
  });

  test("sizes tell 1000 from 1024, and a fraction of a unit may still be whole bytes", () => {
    assert.equal(parseBytes("64 B"), 64);
    assert.equal(parseBytes("1.5 KiB"), 1536);
    assert.equal(parseBytes("4 kB"), 4000);
    assert.equal(parseBits("0.5 kbit"), 500);
  });

  test("data rates are exact picoseconds per byte", () => {
    assert.deepEqual(parseDataRate("10 Gbit/s"), rational(800));
    assert.deepEqual(parseDataRate("10Gbps"), rational(800));
    assert.deepEqual(parseDataRate("15.754 GB / s"), rational(500_000, 7877));
    assert.deepEqual(parseDataRate("393.216 Mbit/s"), rational(15_625_000, 768));
  });

  test("clock periods are exact: 322.265625 MHz is 102400/33 ps and not 3.103 ns", () => {
    assert.deepEqual(parseFrequency("322.265625 MHz"), rational(102_400, 33));
    assert.deepEqual(parseFrequency("156.25 MHz"), rational(6400));
    assert.deepEqual(parseFrequency("644.53125 MHz"), rational(51_200, 33));
  });

  test("event and transfer rates are exact times for one", () => {
    assert.deepEqual(parseEventRate("10_000 pps"), rational(100_000_000));
    assert.deepEqual(parseEventRate("14.88 Mpps"), rational(6_250_000, 93));
    assert.deepEqual(parseEventRate("3 / s"), rational(10n ** 12n, 3n));
    assert.deepEqual(parseTransferRate("8 GT/s"), rational(125));
    assert.deepEqual(parseTransferRate("0.1 GT/s"), rational(10_000));
  });

  test("cycles, lengths, percentages and money are what they say", () => {
    assert.equal(parseCycles("3 cycles"), 3);
    assert.equal(parseCycles("1 cycle"), 1);
    assert.deepEqual(parseLength("30 cm"), rational(3, 10));
    assert.deepEqual(parsePercent("50%"), rational(1, 2));
    assert.deepEqual(parsePercent("2 %"), rational(1, 50));
    assert.deepEqual(parsePercent("150%"), rational(3, 2));
    assert.deepEqual(parseMoney("0.25 MUSD"), rational(250_000));
  });

  test("a million dollars per microsecond is a terabuck per second", () => {
    assert.deepEqual(parseStake("1 MUSD / us"), rational(10n ** 12n));
    assert.deepEqual(parseStake("1 terabuck/s"), parseStake("1 MUSD / us"));
  });

  test("a count is the one bare number, as text or as a YAML number", () => {
    assert.equal(parseCount("1000"), 1000);
    assert.equal(parseCount("1_000"), 1000);
    assert.equal(parseCount("1e3"), 1000);
    assert.equal(parseCount(1000), 1000);
    assert.equal(parseCount(0), 0);
    assert.equal(parseCount("9007199254740992"), 2 ** 53);
  });

  test("parseQuantity gives what the function of the dimension gives, for every example of the table", () => {
    const alone: Readonly<Record<Dimension, (input: unknown) => unknown>> = {
      duration: parseDuration, bytes: parseBytes, bits: parseBits, "data-rate": parseDataRate, "event-rate": parseEventRate,
      frequency: parseFrequency, "transfer-rate": parseTransferRate, cycles: parseCycles, length: parseLength, percent: parsePercent,
      money: parseMoney, stake: parseStake, count: parseCount,
    };
    for (const dimension of DIMENSION_NAMES) {
      const { example, integer, name, meaning, gives } = DIMENSIONS[dimension];
      assert.deepEqual(parseQuantity(example, dimension), alone[dimension](example));
      assert.equal(typeof parseQuantity(example, dimension), integer ? "number" : "object", dimension);
      for (const words of [name, meaning, gives]) assert.notEqual(words, "");
    }
    assert.equal(DIMENSION_NAMES.length, Object.keys(alone).length);
  });
});
