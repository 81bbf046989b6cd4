import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { WirelatError } from "../../src/errors/index.js";
import {
  add, compare, DIMENSION_NAMES, DIMENSIONS, divide, floorToInteger, formatBytes, formatDuration, formatDurationIn, fromDecimal, multiply,
  parseBytes, parseDuration, parseQuantity, patternFor, rational, roundToInteger, subtract, toNumber, type Dimension, type Rational,
} from "../../src/units/index.js";

const dimension = fc.constantFrom(...DIMENSION_NAMES);
const fraction = fc
  .tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.bigInt({ min: 1n, max: 10n ** 30n }))
  .map(([num, den]) => rational(num, den));

/** Either result of parsing as a fraction, or the code of the refusal. */
function outcome(text: unknown, where: Dimension): Rational | string {
  try {
    const value: unknown = parseQuantity(text, where, { signed: true });
    return typeof value === "number" ? rational(value) : (value as Rational);
  } catch (error) {
    assert.ok(error instanceof WirelatError, String(error));
    return error.code;
  }
}

describe("fractions", () => {
  test("adding and subtracting, multiplying and dividing undo each other", () => {
    fc.assert(fc.property(fraction, fraction, (left, right) => {
      assert.deepEqual(subtract(add(left, right), right), left);
      if (right.num !== 0n) assert.deepEqual(divide(multiply(left, right), right), left);
      assert.equal(compare(left, right), compare(subtract(left, right), rational(0)));
    }));
  });

  test("floor and rounding lie where they say", () => {
    fc.assert(fc.property(fc.bigInt(-(10n ** 20n), 10n ** 20n), fc.bigInt(100_000n, 10n ** 9n), (num, den) => {
      const value = rational(num, den);
      const above = subtract(value, rational(floorToInteger(value)));
      assert.ok(compare(above, rational(0)) >= 0 && compare(above, rational(1)) < 0);
      const off = subtract(rational(roundToInteger(value)), value);
      assert.ok(compare(off, rational(-1, 2)) > 0 && compare(off, rational(1, 2)) <= 0);
    }));
  });

  test("the nearest double is the one that reading the decimal gives", () => {
    // Number() of a decimal text is correctly rounded by the language, which makes it the oracle.
    const text = fc.tuple(fc.boolean(), fc.bigInt(0n, 10n ** 25n), fc.bigInt(0n, 10n ** 25n), fc.integer({ min: -40, max: 40 }));
    fc.assert(fc.property(text, ([minus, whole, decimals, exponent]) => {
      const numeral = `${minus ? "-" : ""}${whole}.${decimals}e${exponent}`;
      assert.equal(toNumber(fromDecimal(numeral)) + 0, Number(numeral) + 0);
    }), { numRuns: 1000 });
  });
});

describe("quantities", () => {
  test("k of a unit is exactly k times one, as integer arithmetic has it", () => {
    const decimal = fc.tuple(fc.bigInt(0n, 10n ** 15n), fc.nat({ max: 12 }));
    fc.assert(fc.property(dimension, fc.nat(), decimal, (where, pick, [digits, places]) => {
      const { units, inverse, integer } = DIMENSIONS[where];
      const [unit = "", one = rational(1)] = [...units][pick % units.size] ?? [];
      const shifted = digits.toString().padStart(places + 1, "0");
      const numeral = places === 0 ? shifted : `${shifted.slice(0, -places)}.${shifted.slice(-places)}`;
      const scale = 10n ** BigInt(places);
      const found = outcome(`${numeral} ${unit}`.trimEnd(), where);
      const [num, den] = inverse ? [one.num * scale, one.den * digits] : [one.num * digits, one.den * scale];
      if (den === 0n) assert.equal(found, "quantity-range");
      else if (integer && num % den !== 0n) assert.equal(found, "quantity-inexact");
      else if ((integer || inverse) && num > den * 2n ** 53n) assert.equal(found, "quantity-range");
      else assert.deepEqual(found, rational(num, den));
    }), { numRuns: 2000 });
  });

  test("durations below a microsecond, and whole thousandths above, are printed and read back the same", () => {
    fc.assert(fc.property(fc.integer({ min: -999_999, max: 999_999 }), (ps) => {
      assert.equal(parseDuration(formatDuration(ps), { signed: true }), ps + 0);
    }));
    fc.assert(fc.property(fc.integer({ min: -999_999, max: 999_999 }), fc.constantFrom(1, 1e3, 1e6, 1e9), (count, step) => {
      assert.equal(parseDuration(formatDuration(count * step), { signed: true }), count * step + 0);
    }));
    fc.assert(fc.property(fc.maxSafeInteger(), (ps) => {
      assert.equal(parseDuration(formatDurationIn(ps, "ns"), { signed: true }), ps + 0);
    }));
  });

  test("any printed duration is within half of its last digit, and has one to three digits before the point below a second", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (ps) => {
      const text = formatDuration(ps);
      const back = Math.abs(parseDuration(text) - ps);
      assert.ok(back <= ps * 0.0005 + 1e-9, `${text} for ${ps}`);
      if (ps < 9e11) assert.match(text, /^[1-9]\d{0,2}(?:\.\d{0,2}[1-9])? /u);
    }));
  });

  test("sizes below 10 000 and up to 9999 KiB, MiB, GiB or TiB are printed and read back the same", () => {
    fc.assert(fc.property(fc.nat({ max: 9_999 }), (bytes) => assert.equal(parseBytes(formatBytes(bytes)), bytes)));
    fc.assert(fc.property(fc.nat({ max: 8191 }), fc.constantFrom(2 ** 10, 2 ** 20, 2 ** 30, 2 ** 40), (count, unit) => {
      assert.equal(parseBytes(formatBytes(count * unit)), count * unit);
    }));
  });
});

describe("texts from outside", () => {
  const anyUnit = fc.constantFrom(...DIMENSION_NAMES.flatMap((name) => [...DIMENSIONS[name].units.keys()]), "µs", "μs", "Gb", "KB", "m$", "x");
  const numeral = fc.constantFrom("0", "42", "1_000", "2.5", "1e3", "1E-2", "1e41", "007", "1.", ".5", "1__0", "1e", "NaN", "0x1", "9".repeat(20));
  const gap = fc.constantFrom("", " ", " ", "  ", "\n", "_", ",", "/");
  const spaced = anyUnit.chain((unit) => fc.constantFrom(unit, unit.replace("/", " / "), unit.replace("/", " /"), unit.replace("/", "  /"), `${unit} `));
  const almost = fc.tuple(fc.constantFrom("", "", "+", "-", " "), numeral, gap, spaced).map((pieces) => pieces.join(""));
  const text = fc.oneof(almost, fc.string(), fc.string({ unit: "binary", maxLength: 80 }));

  test("the pattern accepts exactly what parsing takes, but for the size of the number", () => {
    let taken = 0;
    fc.assert(fc.property(fc.oneof(almost, almost, text), dimension, (input, where) => {
      const found = outcome(input, where);
      const numeric = found === "quantity-range" || found === "quantity-inexact";
      const form = new RegExp(patternFor(where, { signed: true }), "u").test(input);
      if (form) assert.ok(typeof found !== "string" || numeric, `${JSON.stringify(input)} as ${where}: ${String(found)}`);
      else assert.equal(typeof found, "string", `${JSON.stringify(input)} as ${where} was read`);
      if (form) taken += 1;
    }), { numRuns: 20_000 });
    assert.ok(taken > 100, `only ${taken} texts had the form, too few to say anything`);
  });

  test("anything at all is read or refused with a code and a one-line message, at once", () => {
    fc.assert(fc.property(fc.oneof(fc.anything(), text), dimension, (input, where) => {
      try {
        parseQuantity(input, where);
      } catch (error) {
        assert.ok(error instanceof WirelatError, String(error));
        assert.ok(error.remedy !== undefined && error.message.length < 600 && error.remedy.length < 300);
        assert.doesNotMatch(error.message + error.remedy, /[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/u);
      }
    }), { numRuns: 3000 });
  });
});
