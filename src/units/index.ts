export { DIMENSION_NAMES, DIMENSIONS, type Dimension, type DimensionSpec } from "./dimensions.js";
export { formatBytes, formatCount, formatDuration, formatDurationIn, formatPercent, formatRate, type DurationUnit } from "./format.js";
export {
  parseBits, parseBytes, parseCount, parseCycles, parseDataRate, parseDuration, parseEventRate, parseFrequency, parseLength, parseMoney,
  parsePercent, parseQuantity, parseStake, parseTransferRate, type IntegerDimension, type QuantityOf,
} from "./parse.js";
export { patternFor } from "./pattern.js";
export type { ParseOptions } from "./quantity.js";
export {
  add, compare, divide, EXACT_LIMIT, floorToInteger, multiply, rational, roundToInteger, subtract, toNumber, type Rational,
} from "./rational.js";
export { suggestUnit } from "./suggest.js";
export { fromDecimal, quoted } from "./syntax.js";
