import { WirelatError } from "../errors/index.js";
import { rational, type Rational } from "./rational.js";

/** Scenario files are untrusted: both limits keep the exact arithmetic tiny whatever the text. */
export const TEXT_LIMIT = 64;
export const EXPONENT_LIMIT = 40;

/** Regular expression source of an unsigned decimal numeral, e.g. 10_000 or 3.103 or 1e3. */
export const NUMERAL = String.raw`\d+(?:_\d+)*(?:\.\d+(?:_\d+)*)?(?:[eE][+-]?\d+)?`;

const LEADING_NUMERAL = new RegExp(`^[+-]?${NUMERAL}`, "u");
const WHOLE_NUMERAL = new RegExp(`^[+-]?${NUMERAL}$`, "u");
const UNIT_PART = /^ ?((?:[A-Za-zµμ%$]+(?: ?\/ ?[A-Za-zµμ$]+)?)|(?:\/ ?[A-Za-zµμ]+))$/u;
const NOT_FINITE = /^[+-]?\.?(?:nan|inf|infinity)(?![a-z])/iu;

/** A text cut into its number and its unit; the unit is "" for a bare number. */
export interface Parts {
  /** The number as written, sign included, for messages. */
  readonly numeral: string;
  readonly value: Rational;
  /** Without spaces, and with "us" for both spellings of the micro sign. */
  readonly unit: string;
}

/**
 * Cuts "10_000 pps" into its number and its unit, without asking what the unit means.
 * Errors: `quantity-malformed` for any other form, `quantity-range` for NaN, Infinity and exponents beyond ±40.
 */
export function splitQuantity(text: string): Parts {
  if (text.length > TEXT_LIMIT) throw malformed(text, `has ${text.length} characters; a quantity has at most ${TEXT_LIMIT}`, "shorten it");
  if (NOT_FINITE.test(text)) {
    throw new WirelatError("quantity-range", `${quoted(text)} is not finite`, { remedy: 'write a finite number, such as "16 us"' });
  }
  if (text.includes(",")) throw malformed(text, "has a comma", 'write no thousands comma ("10000" or "10_000"), and a point for decimals ("2.5")');
  if (/^[+-]?0x/iu.test(text)) throw malformed(text, "looks hexadecimal", "write the number in decimal digits");
  const numeral = LEADING_NUMERAL.exec(text)?.[0];
  if (numeral === undefined) throw malformed(text, "does not begin with a decimal number", 'write a number and then a unit, such as "16 us"');
  const rest = text.slice(numeral.length);
  const unit = rest === "" ? "" : UNIT_PART.exec(rest)?.[1];
  if (unit === undefined) throw malformed(text, whatFollows(rest), 'write one number, at most one space, and one unit, such as "16 us"');
  return { numeral, value: fromDecimal(numeral), unit: normalised(unit) };
}

/**
 * The exact value of a decimal numeral such as "-3.103", "10_000" or "1e3".
 * Errors: `quantity-malformed` for any other text, `quantity-range` for an exponent beyond ±40.
 */
export function fromDecimal(text: string): Rational {
  if (text.length > TEXT_LIMIT || !WHOLE_NUMERAL.test(text)) {
    throw malformed(text, "is not a decimal number", 'write digits with an optional fraction and exponent, such as "2.5" or "1e3"');
  }
  const [mantissa = "", exponentText = "0"] = text.replaceAll("_", "").split(/e/iu);
  const exponent = Number(exponentText);
  if (Math.abs(exponent) > EXPONENT_LIMIT) {
    throw new WirelatError("quantity-range", `${quoted(text)} has an exponent beyond ±${EXPONENT_LIMIT}`, {
      remedy: "use a unit near the size of the quantity and a small number",
    });
  }
  const [whole = "", fraction = ""] = mantissa.split(".");
  const digits = BigInt(whole + fraction);
  const power = exponent - fraction.length;
  // "-0.5" has a whole part "-0" whose sign stays in front of the joined digits, so nothing is lost.
  return power >= 0 ? rational(digits * 10n ** BigInt(power)) : rational(digits, 10n ** BigInt(-power));
}

/** Text from outside, made safe to print on one line: quoted, cut, and with control and direction characters spelled out. */
export function quoted(text: string): string {
  const shown = text.length > TEXT_LIMIT ? `${text.slice(0, TEXT_LIMIT)}…` : text;
  const spelled = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(shown).replace(/[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/gu, spelled);
}

function normalised(unit: string): string {
  return unit.replaceAll(" ", "").replace(/(^|\/)[µμ]s$/u, "$1us");
}

function whatFollows(rest: string): string {
  if (/\d/u.test(rest)) return "has more than one number";
  return `has ${quoted(rest)} where one unit should follow the number`;
}

function malformed(text: string, fault: string, remedy: string): WirelatError {
  return new WirelatError("quantity-malformed", `${quoted(text)} ${fault}`, { remedy });
}
