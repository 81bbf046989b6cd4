import { DIMENSIONS, type Dimension } from "./dimensions.js";
import type { ParseOptions } from "./quantity.js";
import { NUMERAL, TEXT_LIMIT } from "./syntax.js";

/**
 * Source of a regular expression (ECMAScript, with or without the "u" flag) for the texts that have the form of this dimension.
 * It is the editors' half of the check: range, exactness and size of the exponent are only known by parsing.
 */
export function patternFor(dimension: Dimension, options: ParseOptions = {}): string {
  const { units, inverse } = DIMENSIONS[dimension];
  const sign = options.signed === true && !inverse ? "[+-]?" : "\\+?";
  const number = `^(?=.{1,${TEXT_LIMIT}}$)${sign}${NUMERAL}`;
  if (dimension === "count") return `${number}$`;
  return `${number} ?(?:${[...units.keys()].map(unitPattern).join("|")})$`;
}

/** Every character of a unit stands for itself, except that a space may surround "/" and that "us" has three spellings. */
function unitPattern(unit: string): string {
  const spelled = unit.replace(/(^|\/)us$/u, "$1[uµμ]s");
  // A leading "/" already has its space before it: the one between number and unit.
  return spelled.startsWith("/") ? spelled.replace("/", "/ ?") : spelled.replace("/", " ?/ ?");
}
