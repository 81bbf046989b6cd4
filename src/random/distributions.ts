import { WirelatError } from "../errors/index.js";
import { Distribution, type Moments } from "./distribution.js";
import { normalCdf, normalDensity, normalQuantile } from "./normal.js";
import { exp, log, relativeGrowth } from "./portable-math.js";

/** Simulated time is exact up to here. */
const LIMIT = 2 ** 53;
/** A larger multiple of the mean of an exponential would be drawn with probability e^−100. */
const EXPONENTIAL_REACH = 100;
/** Largest standard normal that a draw can give. */
const NORMAL_REACH = 8.3;
const MOST_STAGES = 1_000;
const LEAST_PROBABILITY = 1e-9;
const Z99 = normalQuantile(0.99);

function refuse(law: string, expectation: string, remedy: string): never {
  throw new WirelatError("distribution-parameter", `${law}: ${expectation}`, { remedy });
}

/** A finite duration that is not negative; with `positive`, not 0 either. */
function checkDuration(law: string, name: string, value: number, positive = false): void {
  if (value >= 0 && value <= LIMIT && !(positive && value === 0)) return;
  refuse(law, `${name} is ${value}, but must be a duration ${positive ? "above" : "from"} 0 and at most 2^53 ps`, `Give ${name} as a duration, e.g. \`1 us\`.`);
}

function checkReach(law: string, largest: number): void {
  if (largest <= LIMIT) return;
  refuse(law, `draws can exceed 2^53 ps, the longest time that is exact`, "Give a shorter or a less spread law.");
}

/** Always `value`, which is a whole number of picoseconds. Throws `distribution-parameter`. */
function constant(value: number): Distribution {
  checkDuration("constant", "the value", value);
  if (!Number.isInteger(value)) refuse("constant", `the value is ${value}, but must be a whole number of picoseconds`, "Round it.");
  return new Distribution("constant", { mean: value, secondMoment: value * value, min: value, max: value }, Float64Array.of(value));
}

/** Uniform from `low` to `high`. Throws `distribution-parameter`. */
function uniform(low: number, high: number): Distribution {
  checkRange("uniform", low, high);
  const secondMoment = (low * low + low * high + high * high) / 3;
  return new Distribution("uniform", { mean: (low + high) / 2, secondMoment, min: low, max: high }, Float64Array.of(low, high - low));
}

function checkRange(law: string, low: number, high: number): void {
  checkDuration(law, "the lower end", low);
  checkDuration(law, "the upper end", high);
  if (low > high) refuse(law, `the lower end ${low} lies above the upper end ${high}`, "Exchange them.");
}

/** Exponential with the given mean. Throws `distribution-parameter`. */
function exponential(mean: number): Distribution {
  checkDuration("exponential", "the mean", mean, true);
  checkReach("exponential", mean * EXPONENTIAL_REACH);
  return new Distribution("exponential", { mean, secondMoment: 2 * mean * mean, min: 0, max: Infinity }, Float64Array.of(mean));
}

export interface TruncatedNormal {
  /** Mean and standard deviation of the normal before its ends are cut off. */
  readonly mean: number;
  readonly deviation: number;
  readonly low: number;
  readonly high: number;
}

/** A normal of which only what lies from `low` to `high` occurs; its own mean differs from `mean` unless it is cut evenly. Throws `distribution-parameter`. */
function truncatedNormal({ mean, deviation, low, high }: TruncatedNormal): Distribution {
  checkDuration("normal", "the mean", mean);
  checkDuration("normal", "the standard deviation", deviation, true);
  checkRange("normal", low, high);
  const from = (low - mean) / deviation;
  const to = (high - mean) / deviation;
  // Probabilities are exact in relative terms in the lower tail only: a range above the mean is drawn as its mirror image.
  const mirrored = from > 0;
  const below = mirrored ? normalCdf(-to) : normalCdf(from);
  const inside = (mirrored ? normalCdf(-from) : normalCdf(to)) - below;
  if (!(inside >= LEAST_PROBABILITY)) refuse("normal", `hardly any of the law (${inside}) lies from ${low} to ${high}`, "Move the range towards the mean or use another law.");
  const shift = (normalDensity(from) - normalDensity(to)) / inside;
  const spread = 1 + (from * normalDensity(from) - to * normalDensity(to)) / inside;
  const moments: Moments = {
    mean: mean + deviation * shift,
    secondMoment: mean * mean + 2 * mean * deviation * shift + deviation * deviation * spread,
    min: low,
    max: high,
  };
  return new Distribution("truncatedNormal", moments, Float64Array.of(mean, mirrored ? -deviation : deviation, below, inside, low, high));
}

/** Lognormal with the given median and 99th percentile. Throws `distribution-parameter`. */
function lognormal(p50: number, p99: number): Distribution {
  checkDuration("lognormal", "p50", p50, true);
  checkDuration("lognormal", "p99", p99, true);
  if (p99 < p50) refuse("lognormal", `p99 (${p99}) lies below p50 (${p50})`, "Exchange them.");
  const sigma = log(p99 / p50) / Z99;
  checkReach("lognormal", p50 * exp(sigma * NORMAL_REACH));
  const moments: Moments = { mean: p50 * exp((sigma * sigma) / 2), secondMoment: p50 * p50 * exp(2 * sigma * sigma), min: 0, max: sigma === 0 ? p50 : Infinity };
  return new Distribution("lognormal", sigma === 0 ? { ...moments, min: p50 } : moments, Float64Array.of(p50, sigma));
}

/** Pareto with the given shape (smaller is heavier), cut off at `high`. Throws `distribution-parameter`. */
function pareto(shape: number, low: number, high: number): Distribution {
  if (!(shape >= 0.01 && shape <= 1_000)) refuse("pareto", `the shape is ${shape}, but must be from 0.01 to 1000`, "A heavy tail has a shape between 1 and 2.");
  checkDuration("pareto", "the lower end", low, true);
  checkRange("pareto", low, high);
  const span = log(high / low);
  const inside = shape * span * relativeGrowth(-shape * span);
  // ∫ x^(power−shape−1) dx from low to high, over the same with power 0, in units of low^power.
  const moment = (power: number): number => (span === 0 ? 1 : (shape * span * relativeGrowth((power - shape) * span)) / inside);
  const moments: Moments = { mean: low * moment(1), secondMoment: low * low * moment(2), min: low, max: high };
  return new Distribution("pareto", moments, Float64Array.of(low, -1 / shape, inside, high));
}

/** Sum of `stages` equal exponentials, with the given mean in all. Throws `distribution-parameter`. */
function erlang(stages: number, mean: number): Distribution {
  if (!(Number.isInteger(stages) && stages >= 1 && stages <= MOST_STAGES)) {
    refuse("erlang", `${stages} stages, but it must be a whole number from 1 to ${MOST_STAGES}`, "Use a normal law where there are more.");
  }
  checkDuration("erlang", "the mean", mean, true);
  checkReach("erlang", mean * EXPONENTIAL_REACH);
  const moments: Moments = { mean, secondMoment: mean * mean * (1 + 1 / stages), min: 0, max: Infinity };
  return new Distribution("erlang", moments, Float64Array.of(mean / stages, stages));
}

/** The law of measured values, in any order: its quantiles run in straight lines from each value to the next. Throws `distribution-parameter`. */
function empirical(values: ArrayLike<number>): Distribution {
  if (values.length === 0) refuse("empirical", "there are no values", "Give at least one.");
  const sorted = Float64Array.from(values).sort();
  sorted.forEach((value) => checkDuration("empirical", "a value", value));
  const last = sorted.length - 1;
  let first = last === 0 ? sorted[0] : 0;
  let second = last === 0 ? sorted[0] * sorted[0] : 0;
  for (let at = 0; at < last; at++) {
    const low = sorted[at];
    const high = sorted[at + 1];
    first += (low + high) / 2 / last;
    second += (low * low + low * high + high * high) / 3 / last;
  }
  return new Distribution("empirical", { mean: first, secondMoment: second, min: sorted[0], max: sorted[last] }, sorted);
}

/** One of `parts` at a time, each as often as its weight says; the weights need not sum to 1. Throws `distribution-parameter`. */
function mixture(weights: readonly number[], parts: readonly Distribution[]): Distribution {
  if (weights.length !== parts.length || parts.length === 0) {
    refuse("mixture", `${weights.length} weights for ${parts.length} parts`, "Give each part one weight, and at least one part.");
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!weights.every((weight) => weight >= 0) || !(total > 0 && total < Infinity)) refuse("mixture", `the weights are ${weights.join(", ")}`, "Give weights of 0 or more, one at least above 0.");
  const used = parts.filter((_, at) => weights[at] > 0);
  const shares = weights.filter((weight) => weight > 0).map((weight) => weight / total);
  const averaged = (of: (part: Distribution) => number): number => used.reduce((sum, part, at) => sum + shares[at] * of(part), 0);
  const moments: Moments = {
    mean: averaged((part) => part.mean()),
    secondMoment: averaged((part) => part.secondMoment()),
    min: Math.min(...used.map((part) => part.min)),
    max: Math.max(...used.map((part) => part.max)),
  };
  let cumulative = 0;
  return new Distribution("mixture", moments, Float64Array.from(shares, (share) => (cumulative += share)), used);
}

/** Mixture of exponentials. Throws `distribution-parameter`. */
function hyperexponential(weights: readonly number[], means: readonly number[]): Distribution {
  return mixture(weights, means.map((mean) => exponential(mean)));
}

/** Makes laws: all parameters are durations in picoseconds unless they say otherwise. */
export const distribution = { constant, uniform, exponential, truncatedNormal, lognormal, pareto, erlang, empirical, mixture, hyperexponential } as const;
