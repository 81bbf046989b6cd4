import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { barAxis, timeAxis, timeLabel } from "../../../src/chart/time-axis.js";

const labels = (values: readonly number[]): string[] => {
  const axis = timeAxis(values);
  return axis.ticks.map(axis.label);
};

describe("an axis of time", () => {
  test("is logarithmic, with ticks at 1, 2 and 5, where 41 ns stands next to 7.7 us", () => {
    assert.equal(timeAxis([41_000, 7_701_641]).type, "logarithmic");
    assert.deepEqual(labels([41_000, 7_701_641]), ["20 ns", "50 ns", "100 ns", "200 ns", "500 ns", "1 µs", "2 µs", "5 µs", "10 µs"]);
  });

  test("has a tick for each power of ten only, over many decades", () => {
    assert.deepEqual(labels([900, 3e12]), ["1 ns", "10 ns", "100 ns", "1 µs", "10 µs", "100 µs", "1 ms", "10 ms", "100 ms", "1 s"]);
  });

  test("is linear as soon as one latency is zero or below, however far the others are", () => {
    assert.deepEqual([[-5_721, 7_701_641], [0, 7_701_641]].map((values) => timeAxis(values).type), ["linear", "linear"]);
    assert.deepEqual(labels([-5_721, 44_000]), ["0", "10", "20", "30", "40", "50"]);
    assert.equal(timeAxis([-5_721, 44_000]).unit, ", ns");
  });

  test("is linear where all lie close together, with as many decimals as its steps need", () => {
    assert.deepEqual(labels([23_708_000, 23_709_500]), ["23.7080", "23.7082", "23.7084", "23.7086", "23.7088", "23.7090", "23.7092", "23.7094", "23.7096"]);
  });

  test("has room around a single value, and something to show without any", () => {
    const one = timeAxis([41_000]);
    assert.ok(one.min < 41_000 && one.max > 41_000);
    assert.deepEqual([timeAxis([]).type, timeAxis([]).ticks.length > 1], ["linear", true]);
  });

  // Whatever the values: all inside (a billionth of the axis is far less than a dot), ticks inside and ascending, labels told apart and few enough for the width of a chart.
  test("holds all its values between its ends and labels no two ticks alike", () => {
    const value = fc.oneof(fc.integer({ min: -1e6, max: 1e6 }), fc.integer({ min: 1, max: 2 ** 53 }), fc.integer({ min: 7_700_000, max: 7_710_000 }));
    fc.assert(fc.property(fc.array(value, { minLength: 1, maxLength: 20 }), (values) => {
      const axis = timeAxis(values);
      const dust = (axis.max - axis.min) * 1e-9;
      assert.ok(values.every((one) => one >= axis.min - dust && one <= axis.max + dust), `${axis.min} to ${axis.max}`);
      assert.ok(axis.ticks.every((tick, index) => tick >= axis.min - dust && (index === 0 || tick > (axis.ticks[index - 1] ?? 0))));
      const texts = axis.ticks.map(axis.label);
      assert.equal(new Set(texts).size, texts.length, texts.join(" "));
      assert.ok(texts.length >= 2 && texts.length <= 18, `${texts.length} ticks`);
    }), { numRuns: 500 });
  });

  test("for bars starts at zero, or a little left of the most negative, and leaves room for a label at the right", () => {
    assert.equal(barAxis(0, 7_701_641).min, 0);
    assert.ok(barAxis(0, 7_701_641).max > 7_701_641 * 1.15);
    const signed = barAxis(-84_800, 79_000);
    assert.ok(signed.min < -84_800 && signed.min > -100_000);
    assert.ok(signed.ticks.includes(0));
  });

  test("writes times with a true minus and a true micro sign", () => {
    assert.deepEqual([-5_512.6, 7_701_641, 0].map(timeLabel), ["−5.513 ns", "7.702 µs", "0 ps"]);
  });
});
