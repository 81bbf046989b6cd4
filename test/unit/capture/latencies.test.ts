import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseLatencies } from "../../../src/capture/index.js";
import { WirelatError } from "../../../src/errors/index.js";

describe("a file of measured latencies", () => {
  test("holds one a line with its unit; comments, empty lines and a heading are left out", () => {
    assert.deepEqual([...parseLatencies("latency\n7.3 us\n\n# warm-up over\n812 ns  # cold\n-5 ns\r\n", "f.csv")], [7_300_000, 812_000, -5_000]);
  });

  test("takes the unit of bare numbers from its heading, and of several columns the last", () => {
    assert.deepEqual([...parseLatencies("latency_ns\n7\n1.5\n", "f.csv")], [7_000, 1_500]);
    assert.deepEqual([...parseLatencies("time;latency [us]\n1;7\n2;8.25\n", "f.csv")], [7_000_000, 8_250_000]);
  });

  const cases: readonly (readonly [string, number, RegExp])[] = [
    ["7\n", 1, /"7" has no unit/u], ["3 us\nsoon\n", 2, /"soon" is not a time/u], ["", 1, /no latency in it/u], ["3 us\n4 lightyears\n", 2, /"4 lightyears" is not a time/u],
  ];
  for (const [text, line, message] of cases) {
    test(`is refused with its line: ${JSON.stringify(text)}`, () => {
      assert.throws(() => parseLatencies(text, "f.csv"), (error) => error instanceof WirelatError && error.code === "latency-file" && error.place?.line === line && message.test(error.message));
    });
  }
});
