import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { exp, log, normalCdf, normalQuantile } from "../../../src/random/index.js";
import { normalDensity } from "../../../src/random/normal.js";
import { relativeGrowth } from "../../../src/random/portable-math.js";
import { prng } from "../../support/prng.js";

/** Distance in units of the last place of `expected`. */
function unitsApart(actual: number, expected: number): number {
  const exponent = Math.max(-1074, Math.floor(Math.log2(Math.abs(expected))) - 52);
  return actual === expected ? 0 : Math.abs(actual - expected) / 2 ** exponent;
}

/** Written down once: additions, multiplications and divisions give these bits everywhere. */
const FIXED_SUM = 210.07022654448627;

/** Correctly rounded values, computed with 60 digits. */
const EXACT = {
  log: [[5e-324, -744.4400719213812], [2.2250738585072014e-308, -708.3964185322641], [1e-100, -230.25850929940458], [0.1, -2.3025850929940455], [0.5, -0.6931471805599453], [0.7071067811865475, -0.34657359027997275], [0.7071067811865476, -0.3465735902799726], [0.75, -0.2876820724517809], [0.9999999999999999, -1.1102230246251565e-16], [1.0000000000000002, 2.2204460492503128e-16], [1.1, 0.09531017980432493], [1.4142135623730951, 0.3465735902799727], [1.5, 0.4054651081081644], [2.0, 0.6931471805599453], [3.0, 1.0986122886681098], [10.0, 2.302585092994046], [1000000.0, 13.815510557964274], [9007199254740991.0, 36.7368005696771], [1e+100, 230.25850929940458], [1.7976931348623157e+308, 709.782712893384]],
  exp: [[-745.0, 5e-324], [-740.5, 2.5e-322], [-708.5, 2.006132305331306e-308], [-100.0, 3.720075976020836e-44], [-20.3, 1.5269401591266087e-09], [-1.0, 0.36787944117144233], [-0.34657359027997264, 0.7071067811865476], [-1e-10, 0.9999999999], [1e-10, 1.0000000001], [0.25, 1.2840254166877414], [0.34657359027997264, 1.414213562373095], [0.5, 1.6487212707001282], [1.0, 2.718281828459045], [2.5, 12.182493960703473], [10.0, 22026.465794806718], [36.7, 8681754200535380.0], [100.1, 2.9708288895158073e+43], [709.0, 8.218407461554972e+307], [709.78, 1.7928227943945155e+308]],
  normalCdf: [[-37.0, 5.725571222524577e-300], [-20.0, 2.7536241186062337e-89], [-8.3, 5.205569744890254e-17], [-6.0, 9.86587645037698e-10], [-3.0, 0.0013498980316300946], [-2.326, 0.010009275340867665], [-1.96, 0.024997895148220435], [-1.2, 0.11506967022170828], [-1.0, 0.15865525393145705], [-0.5, 0.3085375387259869], [-0.001, 0.49960105778608893], [0.0, 0.5], [0.3, 0.6179114221889527], [1.0, 0.8413447460685429], [1.96, 0.9750021048517795], [3.0, 0.9986501019683699]],
  normalQuantile: [[1e-300, -37.0470962993612], [1e-100, -21.273453560965326], [1e-20, -9.262340089798407], [1e-10, -6.361340902404057], [1e-05, -4.264890793922825], [0.001, -3.0902323061678136], [0.01, -2.326347874040841], [0.025, -1.9599639845400543], [0.074, -1.4466320671589785], [0.0751, -1.43882539275254], [0.1, -1.2815515655446004], [0.25, -0.6744897501960817], [0.4, -0.2533471031357997], [0.49, -0.025068908258711057], [0.51, 0.025068908258711057], [0.6, 0.2533471031357997], [0.9, 1.2815515655446006], [0.99, 2.3263478740408408], [0.999, 3.090232306167813]],
} as const;

/** Units in the last place by which each may miss the correctly rounded value. */
const CASES = [
  { name: "log", of: log, within: 1 },
  { name: "exp", of: exp, within: 1 },
  { name: "normalCdf", of: normalCdf, within: 128 },
  { name: "normalQuantile", of: normalQuantile, within: 16 },
] as const;

describe("portable functions", () => {
  for (const { name, of, within } of CASES) {
    test(`${name} is within ${within} units in the last place of the exact value`, () => {
      for (const [x, expected] of EXACT[name]) {
        const units = unitsApart(of(x), expected);
        assert.ok(units <= within, `${name}(${x}) is ${of(x)}, ${units} units from ${expected}`);
      }
    });
  }

  test("log and exp are within two units in the last place of this machine's over their whole range", () => {
    const random = prng(3);
    for (let at = 0; at < 100_000; at++) {
      const near = 2 ** ((random.uniform() - 0.5) * (at % 2 === 0 ? 2 : 2_000));
      assert.ok(unitsApart(log(near), Math.log(near)) <= 2, `log(${near})`);
      const x = (random.uniform() - 0.5) * (at % 2 === 0 ? 4 : 1_400);
      assert.ok(unitsApart(exp(x), Math.exp(x)) <= 2, `exp(${x})`);
    }
  });

  test("log and exp are exact where the answer is", () => {
    assert.deepEqual([log(1), log(0), log(Infinity), exp(0), exp(-Infinity), exp(Infinity), exp(-746), exp(710)], [0, -Infinity, Infinity, 1, 0, Infinity, 0, Infinity]);
    assert.deepEqual([log(-1), log(NaN), exp(NaN)], [NaN, NaN, NaN]);
  });

  test("log and exp keep the bits they were published with, on any machine", () => {
    let sum = 0;
    for (let at = 1; at <= 1_000; at++) sum += log(at / 7) * exp(-at / 100);
    assert.equal(sum, FIXED_SUM);
  });

  test("growth of e^x relative to x is smooth through 0", () => {
    assert.equal(relativeGrowth(0), 1);
    for (const x of [1e-12, -1e-12, 0.1, -0.3, 0.499, 0.501, -0.501, 3, -40]) {
      assert.ok(unitsApart(relativeGrowth(x), Math.expm1(x) / x) <= 8, `at ${x}`);
    }
  });

  test("the normal quantile undoes the normal distribution, and both are symmetric", () => {
    for (let z = -8; z <= 0; z += 0.01) assert.ok(Math.abs(normalQuantile(normalCdf(z)) - z) < 1e-13, `at ${z}`);
    for (const p of [0.001, 0.2, 0.4]) assert.equal(normalQuantile(1 - p), -normalQuantile(1 - (1 - p)));
    assert.ok(Math.abs(normalDensity(0) - 1 / Math.sqrt(2 * Math.PI)) < 1e-16);
  });
});
