import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WirelatError } from "../../../src/errors/index.js";
import { componentKey, distribution, exponential, ExponentialStream, exponentialTime, normalCdf, type Distribution } from "../../../src/random/index.js";
import { kolmogorov, LIMIT_Z } from "./goodness.js";

const DRAWS = 100_000;
const KS_LIMIT = 1.95;
const [KEY0, KEY1] = componentKey(2, "law");
const Z99 = 2.3263478740408408;

const sampled = (law: Distribution, index = 0): Float64Array => Float64Array.from({ length: DRAWS }, (_, message) => law.sample(KEY0, KEY1, message, index));

function average(values: Float64Array, of: (x: number) => number): { mean: number; error: number } {
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    sum += of(value);
    squares += of(value) ** 2;
  }
  const mean = sum / values.length;
  return { mean, error: Math.sqrt((squares / values.length - mean * mean) / values.length) };
}

function erlangCdf(stages: number, mean: number): (x: number) => number {
  return (x) => {
    const rate = (x * stages) / mean;
    let term = 1;
    let sum = 1;
    for (let stage = 1; stage < stages; stage++) sum += term *= rate / stage;
    return 1 - Math.exp(-rate) * sum;
  };
}

function truncatedNormalCdf({ mean, deviation, low, high }: { mean: number; deviation: number; low: number; high: number }): (x: number) => number {
  const at = (x: number): number => normalCdf((x - mean) / deviation);
  return (x) => (at(x) - at(low)) / (at(high) - at(low));
}

const CUT = { mean: 1e6, deviation: 3e5, low: 2e5, high: 1.5e6 };
const ABOVE = { mean: 1e6, deviation: 1e5, low: 1.4e6, high: 3e6 };
const MEASURED = Float64Array.of(9e5, 1e5, 2e5, 2e5, 8e5);

/** Each law with its distribution function; at a scale where rounding to whole picoseconds does not show. */
const LAWS: Readonly<Record<string, { law: Distribution; cdf: (x: number) => number }>> = {
  uniform: { law: distribution.uniform(1e6, 5e6), cdf: (x) => (x - 1e6) / 4e6 },
  exponential: { law: distribution.exponential(1e7), cdf: (x) => 1 - Math.exp(-x / 1e7) },
  "normal, cut on both sides": { law: distribution.truncatedNormal(CUT), cdf: truncatedNormalCdf(CUT) },
  "normal, four deviations up": {
    law: distribution.truncatedNormal(ABOVE),
    cdf: (x) => (normalCdf(-4) - normalCdf((ABOVE.mean - x) / ABOVE.deviation)) / (normalCdf(-4) - normalCdf(-20)),
  },
  lognormal: { law: distribution.lognormal(2e6, 6e6), cdf: (x) => (x <= 0 ? 0 : normalCdf(Math.log(x / 2e6) / (Math.log(3) / Z99))) },
  "pareto, shape 1.1": { law: distribution.pareto(1.1, 1e6, 1e10), cdf: (x) => (1 - (1e6 / x) ** 1.1) / (1 - 1e-4 ** 1.1) },
  "pareto, shape 1": { law: distribution.pareto(1, 1e6, 1e8), cdf: (x) => (1 - 1e6 / x) / 0.99 },
  "pareto, shape 2": { law: distribution.pareto(2, 1e6, 1e8), cdf: (x) => (1 - (1e6 / x) ** 2) / (1 - 1e-4) },
  "pareto, shape 3.5": { law: distribution.pareto(3.5, 1e6, 2e6), cdf: (x) => (1 - (1e6 / x) ** 3.5) / (1 - 0.5 ** 3.5) },
  "erlang, 1 stage": { law: distribution.erlang(1, 1e7), cdf: erlangCdf(1, 1e7) },
  "erlang, 4 stages": { law: distribution.erlang(4, 1e7), cdf: erlangCdf(4, 1e7) },
  "erlang, 30 stages": { law: distribution.erlang(30, 1e7), cdf: erlangCdf(30, 1e7) },
  empirical: {
    law: distribution.empirical([0, 1e6, 4e6, 5e6, 9e6]),
    cdf: (x) => (x < 1e6 ? x / 1e6 : x < 4e6 ? 1 + (x - 1e6) / 3e6 : x < 5e6 ? 2 + (x - 4e6) / 1e6 : 3 + (x - 5e6) / 4e6) / 4,
  },
  hyperexponential: { law: distribution.hyperexponential([9, 1], [1e6, 2e7]), cdf: (x) => 1 - 0.9 * Math.exp(-x / 1e6) - 0.1 * Math.exp(-x / 2e7) },
  "mixture of mixtures": {
    law: distribution.mixture([1, 3], [distribution.uniform(0, 1e6), distribution.mixture([1, 0, 1], [distribution.uniform(1e6, 2e6), distribution.constant(7), distribution.exponential(1e6)])]),
    cdf: (x) => 0.25 * Math.min(1, x / 1e6) + 0.375 * Math.min(1, Math.max(0, x / 1e6 - 1)) + 0.375 * (1 - Math.exp(-x / 1e6)),
  },
};

describe("laws that durations are drawn from", () => {
  for (const [name, { law, cdf }] of Object.entries(LAWS)) {
    test(`${name}: draws follow the distribution function (Kolmogorov and Smirnov, 99.9 %)`, () => {
      const distance = kolmogorov(sampled(law), cdf);
      assert.ok(distance < KS_LIMIT, `${distance}`);
    });

    test(`${name}: draws have the mean and second moment that the law states, and stay within its ends`, () => {
      const values = sampled(law, 1);
      for (const [stated, of] of [[law.mean(), (x: number) => x], [law.secondMoment(), (x: number) => x * x]] as const) {
        const { mean, error } = average(values, of);
        assert.ok(Math.abs(mean - stated) < LIMIT_Z * error, `${mean} ± ${error}, stated ${stated}`);
      }
      assert.ok(values.every((value) => Number.isInteger(value) && value >= law.min && value <= law.max));
    });

    test(`${name}: the stated moments are the integrals of the distribution function`, () => {
      const end = law.max < Infinity ? law.max : law.mean() * 1_000;
      const [first, second] = momentsOf(cdf, law.min, end);
      assert.ok(Math.abs(law.mean() / first - 1) < 1e-6, `${law.mean()} and ${first}`);
      assert.ok(Math.abs(law.secondMoment() / second - 1) < 1e-6, `${law.secondMoment()} and ${second}`);
    });
  }

  test("a constant is what it is", () => {
    const law = distribution.constant(1_234);
    assert.deepEqual([law.sample(1, 2, 3, 4), law.mean(), law.secondMoment(), law.min, law.max, law.squaredVariation()], [1_234, 1_234, 1_234 ** 2, 1_234, 1_234, 0]);
  });

  test("laws without spread give one value", () => {
    const laws = [distribution.uniform(7, 7), distribution.lognormal(7, 7), distribution.pareto(2, 7, 7), distribution.empirical([7]), distribution.empirical([7, 7, 7])];
    for (const law of laws) {
      assert.deepEqual([law.sample(1, 2, 3, 4), law.min, law.max], [7, 7, 7], law.law);
      assert.ok(Math.abs(law.mean() - 7) < 1e-14 && Math.abs(law.secondMoment() - 49) < 1e-13 && law.squaredVariation() < 1e-14, law.law);
    }
  });

  test("squared variation: 1 for an exponential, 1/k for k stages, more for a hyperexponential", () => {
    assert.equal(distribution.exponential(5e5).squaredVariation(), 1);
    assert.ok(Math.abs(distribution.erlang(4, 1e6).squaredVariation() - 0.25) < 1e-15);
    assert.ok(distribution.hyperexponential([9, 1], [1e6, 2e7]).squaredVariation() > 5);
  });

  test("an empirical law keeps its own copy of the values, in any order", () => {
    const given = Float64Array.from(MEASURED);
    const law = distribution.empirical(given);
    const before = sampled(law);
    given.fill(0);
    assert.deepEqual(sampled(law), before);
    assert.deepEqual([law.min, law.max, law.mean()], [1e5, 9e5, 425_000]);
  });

  test("parts of a mixture, stages of an erlang and later attempts draw numbers of their own", () => {
    const pair = distribution.mixture([1, 1], [distribution.uniform(0, 1e9), distribution.uniform(0, 1e9)]);
    const plain = distribution.uniform(0, 1e9);
    const same = sampled(pair).filter((value, message) => Math.abs(value - plain.sample(KEY0, KEY1, message, 0)) < 1e4).length;
    assert.ok(same < 15, `${same} of ${DRAWS} draws agree, 2 by chance`);
  });

  test("draws that are made together are those that are made one by one", () => {
    const stream = new ExponentialStream(1e6, [KEY0, KEY1], 1000);
    const times = new Float64Array(1000);
    for (const first of [0, 1_000, 2 ** 31 - 500, 2 ** 32 - 1_000]) {
      stream.fill(times, 999, first | 0);
      assert.deepEqual([...times], [...Array.from({ length: 999 }, (_, row) => exponentialTime(1e6, KEY0, KEY1, first + row, 0)), 0]);
    }
  });

  test("the standard exponential has the moments 1, 2, 6 and 24, and its tail beyond the ziggurat", () => {
    const values = Float64Array.from({ length: 500_000 }, (_, message) => exponential(KEY0, KEY1, message, 0));
    for (const [power, expected] of [[1, 1], [2, 2], [3, 6], [4, 24]] as const) {
      const { mean, error } = average(values, (x) => x ** power);
      assert.ok(Math.abs(mean - expected) < LIMIT_Z * error, `moment ${power}: ${mean} ± ${error}`);
    }
    for (const edge of [0.1, 1, 4, 7.697117470131, 9, 10]) {
      const beyond = values.filter((x) => x > edge).length;
      const expected = values.length * Math.exp(-edge);
      assert.ok(Math.abs(beyond - expected) < LIMIT_Z * Math.sqrt(expected), `${beyond} beyond ${edge}, expected ${expected}`);
    }
    assert.ok(kolmogorov(values, (x) => 1 - Math.exp(-x)) < KS_LIMIT);
  });

  test("draws are the same on every machine: these never change", () => {
    const laws = Object.values(LAWS).map(({ law }) => law);
    assert.deepEqual(laws.map((law) => law.sample(11, -22, 2 ** 40 + 5, 3)), FIXED);
  });
});

describe("parameters of laws", () => {
  const refused: Readonly<Record<string, () => unknown>> = {
    "a constant that is not whole": () => distribution.constant(1.5),
    "a negative constant": () => distribution.constant(-1),
    "a uniform law upside down": () => distribution.uniform(2, 1),
    "a uniform law to infinity": () => distribution.uniform(0, Infinity),
    "an exponential of mean 0": () => distribution.exponential(0),
    "an exponential that reaches beyond the end of time": () => distribution.exponential(1e15),
    "a mean that is no number": () => distribution.exponential(NaN),
    "a normal of no deviation": () => distribution.truncatedNormal({ ...CUT, deviation: 0 }),
    "a normal cut where nothing is": () => distribution.truncatedNormal({ mean: 1e6, deviation: 1, low: 2e6, high: 3e6 }),
    "a lognormal whose p99 lies below p50": () => distribution.lognormal(2, 1),
    "a lognormal that reaches beyond the end of time": () => distribution.lognormal(1, 1e6),
    "a pareto of shape 0": () => distribution.pareto(0, 1, 2),
    "a pareto from 0": () => distribution.pareto(1, 0, 2),
    "an erlang of no stage": () => distribution.erlang(0, 1),
    "an erlang of half a stage": () => distribution.erlang(1.5, 1),
    "an empirical law of nothing": () => distribution.empirical([]),
    "an empirical law with a negative value": () => distribution.empirical([1, -1]),
    "an empirical law with a value that is no number": () => distribution.empirical([1, NaN]),
    "a mixture of nothing": () => distribution.mixture([], []),
    "a mixture with too few weights": () => distribution.mixture([1], [distribution.constant(1), distribution.constant(2)]),
    "a mixture with a negative weight": () => distribution.mixture([2, -1], [distribution.constant(1), distribution.constant(2)]),
    "a mixture without weight": () => distribution.mixture([0], [distribution.constant(1)]),
  };
  for (const [name, make] of Object.entries(refused)) {
    test(`${name} is refused with a remedy`, () => {
      assert.throws(make, (error) => error instanceof WirelatError && error.code === "distribution-parameter" && error.remedy !== undefined && error.message.length > 20);
    });
  }
});

/** E[X] = ∫ (1 − F) and E[X²] = ∫ 2x (1 − F), by Simpson's rule over steps that grow with x; F is 0 below `from`. */
function momentsOf(cdf: (x: number) => number, from: number, to: number): [number, number] {
  const steps = 60_000;
  const scale = 1e4;
  const last = Math.log1p((to - from) / scale);
  let first = 0;
  let second = 0;
  for (let at = 0; at <= steps; at++) {
    const y = (at / steps) * last;
    const x = from + scale * Math.expm1(y);
    const weight = ((at === 0 || at === steps ? 1 : at % 2 === 1 ? 4 : 2) * last * scale * Math.exp(y)) / (3 * steps);
    const above = 1 - Math.min(1, Math.max(0, cdf(x)));
    first += weight * above;
    second += weight * 2 * x * above;
  }
  return [from + first, from * from + second];
}

/** Written down once from these laws: a change of any of them changes every result ever published. */
const FIXED: readonly number[] = [
  4510317, 19082513, 1293577, 1403080, 3463768, 6746988, 7622150, 2857043, 1583845, 4293253, 9533695, 10335659, 7041267, 429325, 949499,
];
