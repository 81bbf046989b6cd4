/**
 * Logarithm and exponential from additions, multiplications and divisions alone. The language fixes these to the last bit, and leaves
 * Math.log and Math.exp to each machine; a result that is the same everywhere cannot use those.
 */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const LARGEST_EXPONENT = 709.782712893384;
const SMALLEST_EXPONENT = -745.1332191019412;
const LOWEST_POWER = -1074;

/** 2^-1074 … 2^1023. */
const POWERS_OF_TWO = (() => {
  const powers = new Float64Array(2_098);
  for (let at = 1_074, power = 1; at < powers.length; at++, power *= 2) powers[at] = power;
  for (let at = 1_073, power = 0.5; at >= 0; at--, power /= 2) powers[at] = power;
  return powers;
})();

/** 2/3, 2/5, 2/7 …: log((1+s)/(1−s)) = 2s + s·(2/3·s² + 2/5·s⁴ + …). */
const LOG_SERIES = Float64Array.from({ length: 11 }, (_, at) => 2 / (2 * at + 3));
/** 1/2!, 1/3! … */
const EXP_SERIES = (() => {
  const series = new Float64Array(13);
  for (let at = 0, factorial = 1; at < series.length; at++) {
    factorial *= at + 2;
    series[at] = 1 / factorial;
  }
  return series;
})();

const BITS = new DataView(new ArrayBuffer(8));

/** Natural logarithm, within one unit in the last place or so; NaN below 0, −∞ at 0. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return Infinity;
  const subnormal = x < 2 ** -1022;
  BITS.setFloat64(0, subnormal ? x * 2 ** 54 : x);
  const high = BITS.getInt32(0);
  let exponent = (high >> 20) - 1023 - (subnormal ? 54 : 0);
  let mantissaHigh = (high & 0xfffff) | 0x3ff00000;
  // The mantissa is taken from (0.7, 1.42), so that numbers near 1 have exponent 0 and nothing cancels.
  if ((high & 0xfffff) > 0x6a09e) {
    mantissaHigh -= 0x00100000;
    exponent++;
  }
  BITS.setInt32(0, mantissaHigh);
  const f = BITS.getFloat64(0) - 1;
  const s = f / (2 + f);
  const z = s * s;
  let r = 0;
  for (let at = LOG_SERIES.length - 1; at >= 0; at--) r = z * (LOG_SERIES[at] + r);
  const half = 0.5 * f * f;
  // 2s + s·r = f − (f²/2 − s·(f²/2 + r)), in which the leading term is exact.
  return exponent * LN2_HIGH - (half - (s * (half + r) + exponent * LN2_LOW) - f);
}

/** e to the x, within one unit in the last place or so. */
export function exp(x: number): number {
  if (x > LARGEST_EXPONENT) return Infinity;
  if (x < SMALLEST_EXPONENT) return 0;
  if (x !== x) return NaN;
  const power = Math.floor(x * 1.4426950408889634 + 0.5);
  const high = x - power * LN2_HIGH;
  const low = power * LN2_LOW;
  const r = high - low;
  let tail = 0;
  for (let at = EXP_SERIES.length - 1; at >= 0; at--) tail = r * (EXP_SERIES[at] + tail);
  const value = 1 + (high - (low - r * tail));
  if (power > 1023) return value * 2 * POWERS_OF_TWO[power - 1 - LOWEST_POWER];
  if (power < -1021) return value * POWERS_OF_TWO[power + 60 - LOWEST_POWER] * 2 ** -60;
  return value * POWERS_OF_TWO[power - LOWEST_POWER];
}

/** (e^x − 1)/x, also near 0, where it is 1. */
export function relativeGrowth(x: number): number {
  if (Math.abs(x) > 0.5) return (exp(x) - 1) / x;
  let sum = 0;
  for (let at = EXP_SERIES.length - 1; at >= 0; at--) sum = x * (EXP_SERIES[at] + sum);
  return 1 + sum;
}
