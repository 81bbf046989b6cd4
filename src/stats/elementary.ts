/**
 * Elementary functions from the four operations and the square root only.
 *
 * `Math.log` and its kin may differ in the last bit between machines; whatever reaches result.json must not.
 */

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

/** Natural logarithm of a finite `x` > 0, within two units in the last place, the same bits everywhere. */
export function ln(x: number): number {
  let exponent = 0;
  let mantissa = x;
  // Scaling by powers of two is exact, so the loops lose nothing.
  for (; mantissa > Math.SQRT2; exponent += 1) mantissa /= 2;
  for (; mantissa < Math.SQRT1_2; exponent -= 1) mantissa *= 2;
  const s = (mantissa - 1) / (mantissa + 1);
  const square = s * s;
  let series = 0;
  for (let k = 25; k >= 1; k -= 2) series = series * square + 1 / k;
  return exponent * LN2_HIGH + (2 * s * series + exponent * LN2_LOW);
}

/** Arc tangent of `x` >= 0 in radians, within a few units in the last place, the same bits everywhere. */
export function atan(x: number): number {
  let reduced = x;
  let factor = 1;
  // Each step halves the angle; below 0.1 the series needs nine terms.
  for (; reduced > 0.1; factor *= 2) reduced /= 1 + Math.sqrt(1 + reduced * reduced);
  const square = reduced * reduced;
  let series = 0;
  for (let k = 17; k >= 1; k -= 2) series = 1 / k - series * square;
  return factor * reduced * series;
}
