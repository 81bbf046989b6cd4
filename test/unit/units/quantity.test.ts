import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  DIMENSION_NAMES, DIMENSIONS, parseBytes, parseCount, parseCycles, parseDataRate, parseDuration, parseEventRate, parseFrequency, parseLength,
  parsePercent, parseQuantity, parseStake, parseTransferRate, rational,
} from "../../../src/units/index.js";
import { refusal } from "./refusal.js";

describe("a bare number", () => {
  test("is refused with the number in the unit of the place and all that the place accepts", () => {
    for (const input of ["16", 16]) {
      const { message, remedy } = refusal("unit-missing", () => parseDuration(input));
      assert.equal(message, '"16" is a bare number; a duration needs a unit');
      assert.equal(remedy, 'write "16 us"; accepted: ps, ns, us, ms, s, min, h');
    }
  });

  test("is refused in every place but a count, zero too", () => {
    for (const dimension of DIMENSION_NAMES.filter((name) => name !== "count")) {
      for (const input of ["0", 0, "1e3", 2.5, "1_000"]) {
        const { remedy } = refusal("unit-missing", () => parseQuantity(input, dimension));
        assert.ok(remedy.includes(DIMENSIONS[dimension].accepts), remedy);
      }
    }
  });
});

describe("a value that is not text", () => {
  test("is named for what it is", () => {
    const kinds: readonly (readonly [unknown, string])[] = [
      [null, "nothing (null)"], [undefined, "nothing (null)"], [true, "true"], [false, "false"], [["1 us"], "a list"], [{ us: 1 }, "a map"],
      [new Map(), "a map"], [5n, "a bigint"], [() => 1, "a function"],
    ];
    for (const [input, kind] of kinds) {
      const { message, remedy } = refusal("quantity-malformed", () => parseBytes(input));
      assert.equal(message, `${kind} is not a size`);
      assert.equal(remedy, 'write a text such as "64 B"');
      refusal("quantity-malformed", () => parseCount(input));
    }
  });

  test("is refused when it is a number that is not finite", () => {
    for (const input of [NaN, Infinity, -Infinity]) {
      refusal("quantity-range", () => parseDuration(input));
      refusal("quantity-range", () => parseCount(input));
    }
  });
});

describe("a text of another form", () => {
  test("is refused as malformed", () => {
    const texts = [
      "", " ", "ns", "ns 5", " 5 ns", "5 ns ", "5  ns", "5\tns", "5\nns", "5 ns\n", "5\u00a0ns",
      "5. ns", ".5 ns", "5 . 5 ns", "1__0 ns", "5_ ns", "--5 ns",
      "+-5 ns", "- 5 ns", "1e ns", "5 ns 3 us", "5 ns 3", "5 3 ns", "5 ns x",
      "5 n s", "5 ns;", "(5 ns)", "5 ns²", "½ ns", "٥ ns", "0x10 ns", "0x1p ns",
      "-0X1 ns", "5 ns..6 ns", "5 // ns", "5 /", "5 ns/", "5 ns/us/ms", "5  / s", "three ns", "~5 ns", "5±1 ns", "info ns", "nanoseconds",
    ];
    for (const text of texts) refusal("quantity-malformed", () => parseDuration(text, { signed: true }));
  });

  test("with a comma hears that there is no thousands comma", () => {
    for (const text of ["1,000 ns", "1,5 ns", "5 ns, 6 ns"]) {
      assert.match(refusal("quantity-malformed", () => parseDuration(text)).remedy, /no thousands comma/u);
    }
  });

  test("is cut and spelled out, so that a message stays one short line", () => {
    const long = refusal("quantity-malformed", () => parseDuration(`${"9".repeat(100_000)} ns`));
    assert.match(long.message, /^"9{64}…" has 100003 characters; a quantity has at most 64$/u);
    const hostile = refusal("quantity-malformed", () => parseDuration("5 \u001b[2J\u009b\u202e\u2066\n"));
    assert.ok(/^[\x20-\x7e]*$/u.test(hostile.message), hostile.message);
    assert.match(hostile.message, /\\u001b.*\\u009b\\u202e\\u2066\\n/u);
  });

  test("of 64 characters is read and of 65 is not", () => {
    assert.equal(parseDuration(`${"0".repeat(60)}7 ns`), 7000);
    refusal("quantity-malformed", () => parseDuration(`${"0".repeat(61)}7 ns `.trimEnd().padStart(65, "0")));
  });
});

describe("a quantity out of range", () => {
  test("is not finite, in every spelling of YAML and JavaScript", () => {
    for (const text of ["NaN ns", "NaN", ".nan", ".inf", "-.inf", "Infinity ns", "+Infinity", "-inf s", "INF"]) {
      assert.match(refusal("quantity-range", () => parseDuration(text)).message, /is not finite/u);
    }
  });

  test("has an exponent that no quantity needs", () => {
    for (const text of ["1e400 ns", "1e-400 ns", "0e41 ns", `1e${"9".repeat(50)} ns`]) {
      assert.match(refusal("quantity-range", () => parseDuration(text)).message, /exponent beyond ±40/u);
    }
  });

  test("is beyond 2^53 ps, by a single picosecond too", () => {
    for (const text of ["9007199254740993 ps", "2.6 h", "151 min", "9008 s", "1e40 h"]) {
      assert.match(refusal("quantity-range", () => parseDuration(text)).message, /beyond 2\^53 ps \(2\.5 hours\)/u);
    }
    refusal("quantity-range", () => parseDuration("-9007199254740993 ps", { signed: true }));
    refusal("quantity-range", () => parseBytes("9008 TB"));
    refusal("quantity-range", () => parseCount("9007199254740993"));
    refusal("quantity-range", () => parseCount(1e21));
  });

  test("is negative", () => {
    assert.equal(refusal("quantity-range", () => parseDuration("-5 ns")).message, '"-5 ns" is negative; a duration here is zero or more');
    for (const dimension of DIMENSION_NAMES) {
      refusal("quantity-range", () => parseQuantity(`-${DIMENSIONS[dimension].example}`, dimension));
    }
    refusal("quantity-range", () => parseCount(-1));
    refusal("quantity-range", () => parseDuration("-0 ns"));
  });

  test("is a negative rate, even where signs are accepted", () => {
    assert.match(refusal("quantity-range", () => parseQuantity("-1 Gbit/s", "data-rate", { signed: true })).message, /above zero/u);
  });

  test("is a rate of zero, or one too slow for the simulator's clock", () => {
    for (const [dimension, unit] of [["data-rate", "Gbit/s"], ["event-rate", "pps"], ["frequency", "Hz"], ["transfer-rate", "GT/s"]] as const) {
      assert.match(refusal("quantity-range", () => parseQuantity(`0 ${unit}`, dimension)).message, /is zero; .* must be above zero/u);
      assert.match(refusal("quantity-range", () => parseQuantity(`1e-40 ${unit}`, dimension)).message, /slower than once in 2\^53 ps/u);
    }
  });
});

test("the slowest rate is once in exactly 2^53 ps", () => {
  // 10^12 / 2^53 per second is 5^12 / 2^41, a decimal fraction of 41 places.
  const slowest = (5n ** 12n * 5n ** 41n).toString().padStart(41, "0");
  assert.deepEqual(parseEventRate(`0.${slowest} pps`), rational(2n ** 53n));
  refusal("quantity-range", () => parseEventRate(`0.${slowest.slice(0, -1)}4 pps`));
});

describe("a quantity finer than can be held", () => {
  test("is refused, not rounded", () => {
    assert.equal(refusal("quantity-inexact", () => parseDuration("0.5 ps")).message, '"0.5 ps" is not a whole number of ps');
    refusal("quantity-inexact", () => parseDuration("3.1031 ns"));
    refusal("quantity-inexact", () => parseDuration("1e-40 h"));
    refusal("quantity-inexact", () => parseBytes("1.5 B"));
    refusal("quantity-inexact", () => parseBytes("0.0001 KiB"));
    refusal("quantity-inexact", () => parseCycles("2.5 cycles"));
    assert.equal(refusal("quantity-inexact", () => parseCount(1.5)).message, '"1.5" is not a whole number of things');
  });
});

describe("a unit that the place does not accept", () => {
  test("is met with the nearest one that it does", () => {
    assert.equal(refusal("unit-unknown", () => parseDuration("16 usec")).remedy, 'did you mean "16 us"? Accepted: ps, ns, us, ms, s, min, h');
    assert.match(refusal("unit-unknown", () => parseDuration("16 NS")).remedy, /did you mean "16 ns"/u);
    assert.match(refusal("unit-unknown", () => parseDataRate("1 Mbits/s")).remedy, /did you mean "1 Mbit\/s"/u);
    assert.match(refusal("unit-unknown", () => parseBytes("4 kib")).remedy, /did you mean "4 KiB"/u);
  });

  test("lists what is accepted when nothing is near", () => {
    assert.equal(refusal("unit-unknown", () => parseDuration("16 parsec")).remedy, "accepted: ps, ns, us, ms, s, min, h");
    refusal("unit-unknown", () => parseDuration("5 fs"));
    refusal("unit-unknown", () => parseBytes("5 µs/µB"));
  });

  test("is said to be of another kind when it is", () => {
    const wrong = refusal("unit-unknown", () => parseEventRate("5 MHz"));
    assert.equal(wrong.message, '"5 MHz": "MHz" is a unit of a frequency; an event rate is wanted here');
    assert.match(wrong.remedy, /such as "20 kpps"/u);
    assert.match(refusal("unit-unknown", () => parseDataRate("10 GB")).message, /a unit of a size; a data rate is wanted/u);
    assert.match(refusal("unit-unknown", () => parseFrequency("8 GT/s")).message, /a unit of a transfer rate/u);
    assert.match(refusal("unit-unknown", () => parseTransferRate("8 GHz")).message, /a unit of a frequency/u);
    assert.match(refusal("unit-unknown", () => parseStake("1 USD")).message, /a unit of an amount of money/u);
    assert.match(refusal("unit-unknown", () => parseLength("5 min")).message, /a unit of a duration/u);
    assert.match(refusal("unit-unknown", () => parseCount("5 pps")).remedy, /accepted: no unit/u);
    assert.match(refusal("unit-unknown", () => parsePercent("5 B")).remedy, /accepted: %/u);
  });

  test("is never taken for one that only looks like it", () => {
    for (const text of ["5 Ms", "5 MS", "5 mS", "5 S", "5 H", "5 Min", "5 uS", "5 µ", "5 u", "5 M/s"]) {
      refusal("unit-unknown", () => parseDuration(text));
    }
    for (const text of ["5 mbps", "5 mbit/s", "5 gbps", "5 mB/s", "5 Kbit/s", "5 kib/s"]) refusal("unit-unknown", () => parseDataRate(text));
  });
});
