import { InternalFault } from "../errors/index.js";
import { atan, ln } from "./elementary.js";

/** Above this many degrees of freedom the expansion about the normal quantile is exact to 10^-12 and the finite sum only slow. */
const LARGEST_FINITE_SUM = 500;

/**
 * Quantile of Student's t distribution: the t that a variable with `freedom` degrees (an integer >= 1) stays below with probability `p`.
 * Relative error at most 10^-8 for p in 10^-6 .. 1 - 10^-6; the same bits on every machine.
 */
export function studentT(p: number, freedom: number): number {
  if (!(p > 0 && p < 1)) throw new InternalFault(`a t quantile needs 0 < p < 1, not ${p}`);
  if (!(Number.isInteger(freedom) && freedom >= 1)) throw new InternalFault(`a t quantile needs an integer of 1 or more degrees of freedom, not ${freedom}`);
  if (p < 0.5) return -studentT(1 - p, freedom);
  if (p === 0.5) return 0;
  if (freedom > LARGEST_FINITE_SUM) return expandedT(normalQuantile(p), freedom);
  return bisect((t) => centralProbability(t, freedom), 2 * p - 1);
}

/** P(-t < T < t) by the finite sums for integer degrees of freedom (Abramowitz and Stegun 26.7.3, 26.7.4). */
function centralProbability(t: number, freedom: number): number {
  const squaredCosine = freedom / (freedom + t * t);
  const sine = t / Math.sqrt(freedom + t * t);
  const odd = freedom % 2 === 1;
  let term = 1;
  let sum = freedom === 1 ? 0 : 1;
  for (let k = odd ? 2 : 1; k < freedom - 2; k += 2) {
    term *= (squaredCosine * k) / (k + 1);
    sum += term;
  }
  if (!odd) return sine * sum;
  return (2 / Math.PI) * (atan(t / Math.sqrt(freedom)) + sine * Math.sqrt(squaredCosine) * sum);
}

/** The argument >= 0 at which an increasing function reaches `target`, to the last bit. */
function bisect(increasing: (x: number) => number, target: number): number {
  let high = 1;
  while (increasing(high) < target) high *= 2;
  let low = high === 1 ? 0 : high / 2;
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return middle;
    if (increasing(middle) < target) low = middle;
    else high = middle;
  }
}

/** Quantile of t from that of the normal distribution (Abramowitz and Stegun 26.7.5). */
function expandedT(z: number, freedom: number): number {
  const s = z * z;
  const first = (z * (s + 1)) / 4;
  const second = (z * ((5 * s + 16) * s + 3)) / 96;
  const third = (z * (((3 * s + 19) * s + 17) * s - 15)) / 384;
  const fourth = (z * ((((79 * s + 776) * s + 1482) * s - 1920) * s - 945)) / 92160;
  return z + (first + (second + (third + fourth / freedom) / freedom) / freedom) / freedom;
}

type Coefficients = readonly number[];

// Rational approximations of Wichura, Algorithm AS 241 (PPND16), Applied Statistics 37 (1988); highest power first.
const CENTRE: readonly [Coefficients, Coefficients] = [
  [2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457, 13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608],
  [5226.495278852854561, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867, 5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1],
];
const NEAR_TAIL: readonly [Coefficients, Coefficients] = [
  [7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258, 3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734],
  [1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459, 0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1],
];
const FAR_TAIL: readonly [Coefficients, Coefficients] = [
  [2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093, 0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772],
  [2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4, 0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1],
];

/** Quantile of the standard normal distribution for p in 0.5 .. 1, relative error about 10^-15. */
function normalQuantile(p: number): number {
  const centred = p - 0.5;
  if (centred <= 0.425) return centred * rational(CENTRE, 0.180625 - centred * centred);
  const tail = Math.sqrt(-ln(1 - p));
  return tail <= 5 ? rational(NEAR_TAIL, tail - 1.6) : rational(FAR_TAIL, tail - 5);
}

function rational([above, below]: readonly [Coefficients, Coefficients], x: number): number {
  return polynomial(above, x) / polynomial(below, x);
}

function polynomial(coefficients: Coefficients, x: number): number {
  let value = 0;
  for (const coefficient of coefficients) value = value * x + coefficient;
  return value;
}
