import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { pointsOf, type Expectation } from "../../../src/scenario/index.js";
import { caseOf, errorsOf, plainWith, read } from "./reading.js";

type Check = Extract<Expectation, { kind: "check" }>;

describe("the runs of a scenario", () => {
  test("are one without variants and sweep", () => {
    const scenario = read(plainWith(""));
    assert.deepEqual(scenario.cases.map((one) => [one.variant, one.point, one.askedBy]), [["base", {}, "sweep"]]);
    assert.deepEqual(scenario.points, [{}]);
  });

  test("are every variant at every point, in the order of the file", () => {
    const scenario = read(plainWith("variants: { x: {}, 9p: {} }\nsweep: { ticks.rate: [1 kpps, 2 kpps], ticks.payload: [64 B, 128 B] }\n"));
    assert.equal(scenario.cases.length, 12);
    assert.deepEqual(scenario.cases.slice(0, 5).map((one) => [one.variant, ...Object.values(one.point)]), [
      ["base", "1 kpps", "64 B"], ["base", "1 kpps", "128 B"], ["base", "2 kpps", "64 B"], ["base", "2 kpps", "128 B"], ["x", "1 kpps", "64 B"],
    ]);
    assert.equal(caseOf(scenario, "9p", { "ticks.rate": "2 kpps", "ticks.payload": "64 B" }).traffic[0]?.params["rate"]?.value, "2 kpps");
  });

  test("go along zipped axes together and across the others", () => {
    const scenario = read(plainWith("sweep: { zip: { ticks.rate: [1 kpps, 2 kpps], ticks.payload: [64 B, 128 B] }, run.seed: [1, 2, 3] }\n"));
    assert.deepEqual(scenario.points.map((point) => Object.values(point).join(" ")), ["1 kpps 64 B 1", "1 kpps 64 B 2", "1 kpps 64 B 3", "2 kpps 128 B 1", "2 kpps 128 B 2", "2 kpps 128 B 3"]);
    assert.equal(scenario.cases[5]?.scenario.run.seed, 3);
  });

  test("may zip several groups", () => {
    const scenario = read(plainWith("sweep: { zip: [{ ticks.rate: [1 kpps, 2 kpps], run.seed: [1, 2] }, { ticks.payload: [64 B, 128 B], run.messages: [10, 20] }] }\n"));
    assert.equal(scenario.points.length, 4);
  });

  test("have the sweep over the variant where both set something", () => {
    const scenario = read(plainWith("variants: { x: { ticks.rate: 9 kpps } }\nsweep: { ticks.rate: [1 kpps] }\n"));
    assert.equal(caseOf(scenario, "x").traffic[0]?.params["rate"]?.value, "1 kpps");
  });

  test("share what they do not change", () => {
    const rates = Array.from({ length: 2000 }, (_, index) => `${index + 1} pps`).join(", ");
    const scenario = read(plainWith(`sweep: { ticks.rate: [${rates}] }\n`));
    assert.equal(scenario.cases.length, 2000);
    assert.equal(scenario.cases[0]?.scenario.instances[0], scenario.cases[1999]?.scenario.instances[0]);
  });

  test("name each error once, however many meet it", () => {
    assert.equal(errorsOf(() => read(plainWith("variants: { x: {}, y: { ticks.rate: fast } }\nsweep: { run.seed: [1, 2, 3] }\n"))).length, 1);
  });
});

describe("a variant that must be refused", () => {
  test("is told apart from mistakes", () => {
    const scenario = read(plainWith("variants: { bad: { ticks.rate: fast }, good: {} }\nexpect:\n  - { rejects: bad, code: quantity-malformed, because: no number }\n"));
    assert.deepEqual(scenario.refused.map((one) => [one.variant, one.errors.map((error) => error.code)]), [["bad", ["quantity-malformed"]]]);
    assert.deepEqual(scenario.cases.map((one) => one.variant), ["base", "good"]);
  });
});

describe("the points of an expectation", () => {
  const points = (lines: string): readonly (readonly string[])[] => {
    const scenario = read(plainWith(lines));
    return scenario.expectations.filter((one): one is Check => one.kind === "check").map((one) => pointsOf(one, scenario.cases).map((point) => Object.values(point).join(" ")));
  };

  test("are all of the sweep, or those that `where` fits", () => {
    const lines = "sweep: { ticks.rate: [1 kpps, 2 kpps], run.seed: [1, 2] }\nexpect:\n  - { check: max(t2t) > 0 ns }\n  - { check: max(t2t) > 0 ns, where: { ticks.rate: 2 kpps } }\n  - max(t2t) > 0 ns\n";
    assert.deepEqual(points(lines), [["1 kpps 1", "1 kpps 2", "2 kpps 1", "2 kpps 2"], ["2 kpps 1", "2 kpps 2"], ["1 kpps 1", "1 kpps 2", "2 kpps 1", "2 kpps 2"]]);
  });

  test("may lie outside the sweep, for the variants that the check speaks of", () => {
    const lines = "variants: { x: {}, y: {} }\nsweep: { run.seed: [1, 2] }\nexpect:\n  - { check: max(t2t/x) > 0 ns, where: { ticks.payload: 1 KiB } }\n  - { check: max(t2t) > 0 ns, where: { run.seed: 1 } }\n  - { check: max(t2t/y) > 0 ns, where: { run.seed: 2, ticks.payload: 1 KiB, ticks.rate: 1 kpps } }\n";
    const asked = read(plainWith(lines)).cases.filter((one) => one.askedBy === "expectation");
    assert.deepEqual(asked.map((one) => [one.variant, ...Object.values(one.point)]), [["x", "1", "1 KiB"], ["x", "2", "1 KiB"], ["y", "2", "1 KiB", "1 kpps"]]);
    assert.equal(asked[0]?.scenario.traffic[0]?.params["payload"]?.value, "1 KiB");
    assert.deepEqual(points(lines), [["1 1 KiB", "2 1 KiB"], ["1"], ["2 1 KiB 1 kpps"]]);
  });
});
