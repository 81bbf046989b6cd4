/** Every error code the tool can give, with what it means. The documentation and a test hold this table to the code that throws. */
export const CODES = {
  // quantities
  "quantity-malformed": "the text is not a number followed by a unit",
  "unit-missing": "a bare number where a unit is required",
  "unit-unknown": "the unit is not one that this place accepts",
  "unit-ambiguous": "the unit has more than one common meaning",
  "quantity-range": "the quantity is negative, not finite, or too large for its place",
  "quantity-inexact": "the quantity is finer than the simulator can hold exactly",
} as const;

export type ErrorCode = keyof typeof CODES;
