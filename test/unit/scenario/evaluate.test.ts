import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ExpectationResult, RunResult } from "../../../src/result/index.js";
import { evaluate, evaluateRefusal, type Expectation, type ExpectationData, type Point } from "../../../src/scenario/index.js";
import { kernelExample } from "../../support/example-result.js";
import { PLAIN } from "../../support/fake-catalogue.js";
import { read } from "./reading.js";

type Check = Extract<Expectation, { kind: "check" }>;

const { runs } = kernelExample();
const point: Point = { "ticks.rate": "20 kpps" };

/** The example's runs, with a metric worth money and the same runs as another scenario's. */
const data: ExpectationData = {
  run: (scenario, variant, at) => (scenario === null || scenario === "other" ? priced(runs.find((one) => one.variant === variant && one.point["ticks.rate"] === at["ticks.rate"])) : null),
  payload: (scenario) => (scenario === "other" ? null : 64),
};

function priced(run: RunResult | undefined): RunResult | null {
  const [metric] = run?.metrics ?? [];
  if (run === undefined || metric === undefined) return null;
  return { ...run, metrics: [metric, { ...metric, name: "money", value: { dollarsPerSecond: 1e12, meanDollars: metric.meanPs } }] };
}

const SCENARIO = PLAIN.replace("metrics:\n", "metrics:\n  money: { value-of: t2t, stake: 1 MUSD / us }\n");

function checkOf(text: string, more = ""): Check {
  const [one] = read(`${SCENARIO}variants: { unmoderated: {} }\nexpect:\n  - { check: "${text}"${more}, because: reasons, cite: somewhere }\n`).expectations;
  assert.ok(one?.kind === "check");
  return one;
}

const found = (text: string, more = "", at = point): ExpectationResult => evaluate(checkOf(text, more), at, data);

describe("a check on results", () => {
  const holding: readonly (readonly [string, string])[] = [
    ["min(t2t) >= 23.701641 us", "23.702 us >= 23.702 us"],
    ["p50(t2t) in 23 us .. 25 us", "23.83 us in 23 us .. 25 us"],
    ["p50(t2t) - p50(t2t/unmoderated) == 16 us", "16 us == 16 us"],
    ["1 us < p50(t2t/unmoderated) < p50(t2t) < 1 ms", "1 us < 7.83 us < 23.83 us < 1 ms"],
    ["copies(gw) == 2", "2 == 2"],
    ["copies(gw) + syscalls(gw) == 4", "4 == 4"],
    ["mmio-reads(gw) == 0", "0 == 0"],
    ["doorbells(gw) == 1", "1 == 1"],
    ["busy(gw.irq) == 16%", "16% == 16%"],
    ["busy(gw.cpu.irq) == busy(gw.irq)", "16% == 16%"],
    ["useful(gw.app) in 25% .. 27%", "26% in 25% .. 27%"],
    ["busy(gw) in 20% .. 22%", "21% in 20% .. 22%"],
    ["util(feed) < 1%", "0.52% < 1%"],
    ["completed(t2t/unmoderated) == 100%", "100% == 100%"],
    ["completed(t2t) < 100%", "99.98% < 100%"],
    ["rate(t2t) in 1.3 MB/s .. 1.4 MB/s", "1.344 MB/s in 1.3 MB/s .. 1.4 MB/s"],
    ["rate(money) == 1 terabuck/s", "1,000,000,000,000 USD/s == 1,000,000,000,000 USD/s"],
    ["value(money/unmoderated) > 7 MUSD", "7,951,424.428 USD > 7,000,000 USD"],
    ["share(batch of t2t) > 60%", "66.8% > 60%"],
    ["share(gw.copy of t2t) == share(copy to user of t2t)", "1.04% == 1.04%"],
    ["count(torn-reads) == 0", "0 == 0"],
    ["p50(other:t2t/unmoderated) == p50(t2t/unmoderated)", "7.83 us == 7.83 us"],
    ["p50(t2t) / p50(t2t/unmoderated) in 3 .. 3.1", "3.043 in 3 .. 3.1"],
  ];
  for (const [text, shown] of holding) {
    test(`holds: ${text}`, () => {
      const result = found(text);
      assert.deepEqual([result.held, result.found], [true, shown]);
    });
  }

  const failing = ["p50(t2t) < 23 us", "p50(t2t) > 24 us", "p50(t2t) in 1 us .. 2 us", "p50(t2t) in 24 us .. 25 us", "copies(gw) == 3", "1 us < p50(t2t) < p50(t2t/unmoderated)", "copies(gw) < 2", "copies(gw) > 2"];
  for (const text of failing) test(`does not hold: ${text}`, () => assert.equal(found(text).held, false));

  test("divides what was delivered, warm-up included, by the whole time", () => {
    const [run] = runs;
    assert.ok(run !== undefined);
    const seconds = (durationPs: number): ExpectationData => ({ ...data, run: () => ({ ...run, durationPs, messages: { sent: 24, completed: 24, measured: 20, dropped: {} } }) });
    assert.equal(evaluate(checkOf("rate(t2t) == 1536 B/s"), point, seconds(1e12)).held, true);
    assert.equal(evaluate(checkOf("rate(t2t) == 768 B/s"), point, seconds(2e12)).held, true);
  });

  test("counts totals where it is told to", () => {
    assert.equal(found("copies(gw) == 400000", ", total: true").held, true);
    assert.equal(found("drops(t2t) == 37", ", total: true").held, true);
    assert.equal(found("drops(t2t) < 0.001").held, true);
  });

  test("says why a value cannot be told, and does not hold then", () => {
    assert.match(found("share(cpoy of t2t) < 2%", "", { "ticks.rate": "1 kpps" }).found, /no time of t2t is of a kind, of a step or under a label "cpoy"; its steps are /u);
    assert.deepEqual([found("p99.99(t2t) > 0 ns", "", { "ticks.rate": "1 kpps" }).held, found("p99.99(t2t) > 0 ns", "", { "ticks.rate": "1 kpps" }).found], [false, "p99.99(t2t) has too few samples beyond it"]);
    assert.equal(found("p50(t2t) > 0 ns", "", { "ticks.rate": "7 kpps" }).found, "there is no run of base at this point");
    assert.equal(found("p50(third:t2t) > 0 ns").found, "there is no run of third:base at this point");
    assert.equal(found("rate(other:t2t) > 0 B/s").found, "the payload of the messages is not known");
    assert.match(found("busy(gw.srv) > 0%").found, /^the run has no part gw\.srv; it has feed, gw\.pcie/u);
    assert.match(found("p50(other:x) > 0 ns").found, /^the run has no metric x; it has t2t, money/u);
  });

  test("carries its reason, its citation, its place and its point", () => {
    const { because, cite, place, check, point: at } = found("copies(gw) == 2");
    assert.deepEqual([because, cite, check, at], ["reasons", "somewhere", "copies(gw) == 2", point]);
    assert.match(place, /^main\.yaml:\d+:14$/u);
  });
});

describe("a refusal", () => {
  const [expectation] = read(`${PLAIN}variants: { bad: {} }\nexpect: [{ rejects: bad, code: region-not-pinned, because: pages move }]\n`).expectations;

  test("holds when the variant is refused with the code, and not otherwise", () => {
    assert.ok(expectation?.kind === "rejects");
    assert.deepEqual(evaluateRefusal(expectation, ["region-not-pinned"]).held, true);
    assert.deepEqual([evaluateRefusal(expectation, ["key-unknown"]).held, evaluateRefusal(expectation, ["key-unknown"]).found], [false, "bad was refused: key-unknown"]);
    assert.deepEqual([evaluateRefusal(expectation, []).held, evaluateRefusal(expectation, []).found], [false, "bad was accepted"]);
  });
});
