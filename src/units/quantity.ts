import { WirelatError } from "../errors/index.js";
import { ambiguityOf } from "./ambiguous.js";
import { DIMENSIONS, type Dimension, type DimensionSpec } from "./dimensions.js";
import { compare, divide, EXACT_LIMIT, multiply, rational, type Rational } from "./rational.js";
import { quoted, splitQuantity, type Parts } from "./syntax.js";
import { dimensionsOf, suggestUnit } from "./suggest.js";

export interface ParseOptions {
  /** Accept a negative quantity, such as a difference of two durations. Rates are never negative. */
  readonly signed?: boolean;
}

const LARGEST = rational(EXACT_LIMIT);

/**
 * The exact value of a quantity, in what its dimension gives; an integer wherever the dimension promises one.
 * Takes anything a YAML file can hold. Errors: every `quantity-*` and `unit-*` code.
 */
export function quantityOf(input: unknown, dimension: Dimension, options: ParseOptions): Rational {
  const spec = DIMENSIONS[dimension];
  const text = textOf(input, dimension);
  const parts = splitQuantity(text);
  const one = spec.units.get(parts.unit);
  if (one === undefined) throw unitFault(text, parts, dimension);
  if (parts.numeral.startsWith("-") && (spec.inverse || options.signed !== true)) {
    const least = spec.inverse ? "above zero" : "zero or more";
    throw new WirelatError("quantity-range", `${quoted(text)} is negative; ${spec.name} here is ${least}`, { remedy: "remove the minus sign" });
  }
  const value = spec.inverse ? timeForOne(text, parts.value, one, spec) : multiply(parts.value, one);
  if (spec.integer) requireInteger(text, value, spec);
  return value;
}

/** The text of a quantity; a bare number has none, except where a count is wanted. */
function textOf(input: unknown, dimension: Dimension): string {
  if (typeof input === "string") return input;
  const spec = DIMENSIONS[dimension];
  if (typeof input !== "number") {
    throw new WirelatError("quantity-malformed", `${kindOf(input)} is not ${spec.name}`, {
      remedy: `write ${dimension === "count" ? spec.example : `a text such as "${spec.example}"`}`,
    });
  }
  if (!Number.isFinite(input)) {
    throw new WirelatError("quantity-range", `${input} is not finite`, { remedy: `write ${spec.name} such as "${spec.example}"` });
  }
  return String(input);
}

function kindOf(input: unknown): string {
  if (input === null || input === undefined) return "nothing (null)";
  if (typeof input === "boolean") return `${input}`;
  if (Array.isArray(input)) return "a list";
  return typeof input === "object" ? "a map" : `a ${typeof input}`;
}

/** What is wrong with a unit that the dimension does not have: missing, ambiguous, another dimension's, or unknown. */
function unitFault(text: string, { numeral, unit }: Parts, dimension: Dimension): WirelatError {
  const spec = DIMENSIONS[dimension];
  const accepted = `accepted: ${spec.accepts}`;
  if (unit === "") {
    const example = spec.example.replace(/^[\d.]+/u, numeral);
    const message = `${quoted(text)} is a bare number; ${spec.name} needs a unit`;
    return new WirelatError("unit-missing", message, { remedy: `write "${example}"; ${accepted}` });
  }
  const ambiguity = ambiguityOf(unit, numeral, dimension);
  if (ambiguity !== undefined) {
    return new WirelatError("unit-ambiguous", `${quoted(text)}: "${unit}" ${ambiguity.meanings}`, { remedy: ambiguity.remedy });
  }
  const [other] = dimensionsOf(unit);
  if (other !== undefined) {
    const message = `${quoted(text)}: "${unit}" is a unit of ${DIMENSIONS[other].name}; ${spec.name} is wanted here`;
    return new WirelatError("unit-unknown", message, { remedy: `write ${spec.name} such as "${spec.example}"; ${accepted}` });
  }
  const near = suggestUnit(unit, dimension);
  const remedy = near === undefined ? accepted : `did you mean "${numeral} ${near}"? ${capitalised(accepted)}`;
  return new WirelatError("unit-unknown", `${quoted(text)}: "${unit}" is not a unit of ${spec.name}`, { remedy });
}

/** 10 Gbit/s -> 800 ps per byte: `one` is the time at a rate of one unit. */
function timeForOne(text: string, often: Rational, one: Rational, spec: DimensionSpec): Rational {
  if (often.num === 0n) {
    throw new WirelatError("quantity-range", `${quoted(text)} is zero; ${spec.name} must be above zero`, { remedy: "leave out what never happens" });
  }
  const time = divide(one, often);
  if (compare(time, LARGEST) > 0) {
    const message = `${quoted(text)} is slower than once in 2^53 ps (2.5 hours), the longest time the simulator holds`;
    throw new WirelatError("quantity-range", message, { remedy: `use a higher rate; ${spec.name} is written such as "${spec.example}"` });
  }
  return time;
}

function requireInteger(text: string, value: Rational, spec: DimensionSpec): void {
  if (value.den !== 1n) {
    throw new WirelatError("quantity-inexact", `${quoted(text)} is not a whole number of ${spec.gives}`, { remedy: roundingRemedy(spec) });
  }
  if (value.num > EXACT_LIMIT || value.num < -EXACT_LIMIT) {
    const limit = spec.gives === "ps" ? "2^53 ps (2.5 hours), the longest time" : "2^53, the largest integer";
    throw new WirelatError("quantity-range", `${quoted(text)} is beyond ${limit} the simulator holds exactly`, { remedy: "use a smaller quantity" });
  }
}

function roundingRemedy(spec: DimensionSpec): string {
  if (spec.gives !== "ps") return "write a whole number";
  return "round it to whole picoseconds; a clock period is exact when written as a frequency";
}

function capitalised(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
