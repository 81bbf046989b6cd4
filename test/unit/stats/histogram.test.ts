import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { InternalFault } from "../../../src/errors/index.js";
import { Histogram } from "../../../src/stats/index.js";

/** What a histogram of `sample` between two outliers gives back for it. */
function readBack(sample: number, bits?: number): number {
  const histogram = new Histogram(bits);
  histogram.recordAll(Float64Array.of(Number.MIN_SAFE_INTEGER, sample, Number.MAX_SAFE_INTEGER));
  return histogram.ranked().at(2);
}

describe("a log-linear histogram", () => {
  test("keeps integers below 2^10 and their negatives exactly, zero among them", () => {
    for (let sample = -1023; sample <= 1023; sample += 1) assert.equal(readBack(sample), sample);
  });

  test("stays within 2^-10 at and beside every power of two, up to the largest safe integer, for both signs", () => {
    for (let exponent = 9; exponent <= 53; exponent += 1) {
      for (const offset of [-2, -1, 0, 1, 2]) {
        const sample = 2 ** exponent + offset;
        if (!Number.isSafeInteger(sample)) continue;
        for (const signed of [sample, -sample]) {
          assert.ok(Math.abs(readBack(signed) - signed) <= sample * 2 ** -10, `${signed} came back as ${readBack(signed)}`);
        }
      }
    }
  });

  test("reaches its stated error, so that the statement is not idle", () => {
    const sample = 2 ** 40;
    assert.equal(Math.abs(readBack(sample) - sample) / sample, 2 ** -10);
    assert.equal(Math.abs(readBack(sample, 4) - sample) / sample, 2 ** -5);
  });

  test("keeps the smallest and the largest sample exactly", () => {
    const histogram = new Histogram();
    histogram.recordAll(Float64Array.of(1_234_567_891, 1_234_567_892, 1_234_567_899));
    assert.equal(histogram.ranked().at(1), 1_234_567_891);
    assert.equal(histogram.ranked().at(3), 1_234_567_899);
    assert.ok(histogram.ranked().at(2) >= 1_234_567_891 && histogram.ranked().at(2) <= 1_234_567_899);
  });

  test("refuses to merge with one of another resolution", () => {
    assert.throws(() => new Histogram(9).merge(new Histogram(8)), InternalFault);
    assert.throws(() => new Histogram(0), InternalFault);
  });
});
