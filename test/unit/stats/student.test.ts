import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { InternalFault } from "../../../src/errors/index.js";
import { studentT } from "../../../src/stats/index.js";

/** Degrees of freedom, two-sided confidence, critical value as printed in textbooks (three decimals). */
const PUBLISHED = [
  [1, 0.95, 12.706], [2, 0.95, 4.303], [5, 0.95, 2.571], [10, 0.95, 2.228], [30, 0.95, 2.042], [60, 0.95, 2.0], [120, 0.95, 1.98],
  [1, 0.999, 636.619], [5, 0.999, 6.869], [10, 0.999, 4.587], [29, 0.999, 3.659], [120, 0.999, 3.373], [7, 0.9, 1.895], [15, 0.99, 2.947],
] as const;

/** Degrees of freedom, probability, quantile computed with 40 digits from the incomplete beta function. */
const PRECISE = [
  [1, 0.6, 0.32491969623290634], [1, 0.975, 12.706204736174705], [1, 0.9995, 636.6192487687197], [2, 0.6, 0.28867513459481287], [2, 0.975, 
4.302652729749464], [2, 0.9995, 31.59905457644362], [3, 0.6, 0.2766706623326899], [3, 0.975, 3.1824463052837095], [3, 0.9995, 12.923978636687483], 
[10, 0.6, 0.2601848294920802], [10, 0.975, 2.228138851986275], [10, 0.9995, 4.586893858702636], [29, 0.6, 0.25568363457125615], [29, 0.975, 
2.0452296421327043], [29, 0.9995, 3.659405019466333], [30, 0.6, 0.2556053649519128], [30, 0.975, 2.042272456301238], [30, 0.9995, 3.645958635042022], 
[120, 0.6, 0.25390952321492855], [120, 0.975, 1.979930405082441], [120, 0.9995, 3.3734537685625003], [500, 0.6, 0.2534819498516656], [500, 0.975, 
1.9647198374673678], [500, 0.9995, 3.31009115152267], [501, 0.6, 0.25348168061172266], [501, 0.975, 1.9647103221754831], [501, 0.9995, 
3.3100518908531598], [2000, 0.6, 0.2533808068206654], [2000, 0.975, 1.9611508260994381], [2000, 0.9995, 3.2953981367297396], [1000000, 0.6, 
0.25334717053784167], [1000000, 0.975, 1.959966356814107], [1000000, 0.9995, 3.290536461248691]
] as const;

describe("the quantile of Student's t", () => {
  test("equals the published tables", () => {
    for (const [freedom, confidence, value] of PUBLISHED) {
      assert.equal(Number(studentT((1 + confidence) / 2, freedom).toFixed(3)), value, `${freedom} degrees, ${confidence}`);
    }
  });

  test("is right to 1 part in 10^8, also where the finite sum hands over to the expansion", () => {
    for (const [freedom, p, value] of PRECISE) {
      assert.ok(Math.abs(studentT(p, freedom) / value - 1) < 1e-8, `${freedom} degrees, ${p}: ${studentT(p, freedom)}`);
    }
  });

  test("stays far inside its stated error just above the hand-over, at the end of the stated range", () => {
    // 4.809970897415221 with 40 digits; leaving out the last term of the expansion would be off by 4e-9.
    assert.ok(Math.abs(studentT(0.999999, 501) / 4.809970897415221 - 1) < 1e-10);
  });

  test("is symmetric about zero", () => {
    assert.equal(studentT(0.5, 7), 0);
    assert.equal(studentT(0.25, 7), -studentT(0.75, 7));
  });

  test("falls with the degrees of freedom", () => {
    for (let freedom = 2; freedom < 600; freedom += 1) assert.ok(studentT(0.975, freedom) < studentT(0.975, freedom - 1), `${freedom}`);
  });

  test("does not exist outside its domain", () => {
    for (const [p, freedom] of [[0, 5], [1, 5], [NaN, 5], [0.9, 0], [0.9, 2.5]] as const) assert.throws(() => studentT(p, freedom), InternalFault);
  });
});
