import assert from "node:assert/strict";
import { test } from "node:test";
import { atan, ln } from "../../../src/stats/elementary.js";
import { prng } from "../../support/prng.js";

test("the portable logarithm and arc tangent agree with the machine's to a few units in the last place", () => {
  const random = prng(1);
  for (let index = 0; index < 20_000; index += 1) {
    const x = random.uniform() * 10 ** (random.integer(40) - 20) + 1e-300;
    assert.ok(Math.abs(ln(x) - Math.log(x)) <= 1e-15 * Math.max(1, Math.abs(Math.log(x))), `ln ${x}`);
    assert.ok(Math.abs(atan(x) - Math.atan(x)) <= 1e-15 * Math.atan(x), `atan ${x}`);
  }
  assert.equal(ln(1), 0);
  assert.equal(atan(0), 0);
});
