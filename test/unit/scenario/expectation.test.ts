import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FUNCTIONS, type Expectation } from "../../../src/scenario/index.js";
import { errorsOf, plainWith, read } from "./reading.js";

type Check = Extract<Expectation, { kind: "check" }>;

const MONEY = "  money: { value-of: t2t, stake: 1 MUSD / us }\nvariants: { unmoderated: {}, 9p: {}, deep-sleep: {} }\n";

function check(text: string): Check {
  const [one] = read(plainWith(`${MONEY}expect:\n  - check: "${text}"\n`)).expectations;
  assert.ok(one?.kind === "check");
  return one;
}

/** A check that is refused: its codes, and where in its text the first fault lies. */
function refusal(text: string): readonly [string, number] {
  const [error] = errorsOf(() => read(plainWith(`${MONEY}expect:\n  - check: ${text}\n`)));
  assert.ok(error?.place !== undefined);
  return [error.code, error.place.column - "  - check: ".length - 1];
}

describe("the grammar of checks", () => {
  const legal = [
    "p50(t2t) < 10 us", "copies(gw) == 2", "interrupts(gw) + syscalls(gw) == 0", "busy(gw.app) == 100%", "p50(t2t) in 2.7 us .. 3.7 us",
    "p50(t2t) - p50(t2t/unmoderated) in 0.9 us .. 1.4 us", "p50(t2t) < 0.5 * p50(kernel-udp-t2t:t2t/unmoderated)", "share(copy of t2t/unmoderated) < 2%",
    "p50(t2t/9p) < p50(t2t/unmoderated) < p50(t2t/deep-sleep)", "rate(t2t/9p) in 10 MB/s .. 45 MB/s", "rate(money) == 1 terabuck/s", "min(t2t) < 0 ns",
    "busy(gw.srv/9p) + busy(gw.srv) == 0%", "completed(t2t/9p) == 0%", "count(torn-reads) == 0", "p99.9(t2t) <= 1 ms", "p99.99(t2t)>=1us",
    "(p50(t2t) + p90(t2t)) / 2 < 9 us", "p50(t2t) / p50(t2t/9p) in 1..2", "2 * p50(t2t) > -5 ns", "value(money) < 3 MUSD", "p50(money) < 1 kUSD",
    "mmio-reads(gw) + doorbells(gw) <= 3", "share(payload write of t2t) < 10%", "bytes(feed) > 1 KiB", "p50(t2t)-p50(t2t/9p) < 1 us", "copies(gw) / 2 == 1",
    "busy(gw.app) * 2 < 150%", "p50(t2t) in 1 us .. 2 us + 3 us", "max(t2t) < 1 min", "min(t2t) > 1 /ms * 0 us * 1 us",
  ];
  for (const text of legal) test(`takes ${text}`, () => assert.equal(check(text).text, text));

  const illegal: readonly (readonly [string, string, number])[] = [
    ["p50(t2t)", "expectation-syntax", 8], ["p50(t2t) <", "expectation-syntax", 10], ["p50(t2t) = 1 us", "expectation-syntax", 9], ["p50(t2t) < 1 us us", "expectation-syntax", 16],
    ["median(t2t) < 1 us", "expectation-syntax", 0], ["p50(t2t) in 1 us", "expectation-syntax", 16], ["p50(t2t) < 1 us .. 2 us", "expectation-syntax", 16], ["copies(gw) == 2 of 3", "expectation-syntax", 15],
    ["p50(t2t) < 5", "expectation-types", 0], ["p50(t2t) < 5%", "expectation-types", 0], ["copies(gw) == 200%", "expectation-types", 0], ["share(copy of t2t) < 2", "expectation-types", 0],
    ["p50(t2t) + 1 < 1 us", "expectation-types", 9], ["rate(money) == 1 MB/s", "expectation-types", 0], ["p50(money) < 1 us", "expectation-types", 0],
    ["p50(t3t) < 1 us", "metric-unknown", 4], ["p50(gw) < 1 us", "metric-unknown", 4], ["copies(t2t) == 0", "instance-unknown", 7], ["copies(gq.app) == 0", "instance-unknown", 7],
    ["p50(t2t/slow) < 1 us", "variant-unknown", 4], ["share(t2t) < 1%", "expectation-syntax", 6], ["p50(copy of t2t) < 1 us", "expectation-syntax", 4], ["p50() < 1 us", "expectation-syntax", 4],
    ["copies(gw) < 1.5.2", "expectation-syntax", 16], ["((((p50(t2t))) < 1 us", "expectation-syntax", 15],
  ];
  for (const [text, code, offset] of illegal) test(`refuses ${text} where it is wrong`, () => assert.deepEqual(refusal(text), [code, offset]));

  test("knows every function that its documentation names", () => {
    const named = ["min", "mean", "max", "sd", "p50", "p90", "p99", "p99.9", "p99.99", "share", "copies", "movements", "interrupts", "syscalls", "switches", "busy", "useful", "bytes", "rate", "util", "drops", "completed", "count", "value"];
    assert.deepEqual(named.filter((name) => !FUNCTIONS.has(name)), []);
  });
});

describe("an expectation", () => {
  test("keeps its reason, its citation, its point and whether it counts totals", () => {
    const [one] = read(plainWith("expect:\n  - { check: drops(gw) == 0, because: nothing is lost, cite: tanenbaum-mos-8.2, total: true, where: { ticks.rate: 1 kpps } }\n")).expectations;
    assert.ok(one?.kind === "check");
    assert.deepEqual([one.because, one.cite, one.total, one.where], ["nothing is lost", "tanenbaum-mos-8.2", true, { "ticks.rate": "1 kpps" }]);
  });

  test("may stand without quotes inside { }", () => {
    assert.equal(read(plainWith("expect: [{ check: p50(t2t) - p90(t2t) in -9 us .. 7 us, because: x }]\n")).expectations.length, 1);
  });

  test("names the runs of other scenarios that it compares with, each once", () => {
    const { foreign } = read(plainWith("expect:\n  - p50(t2t) < p50(other:t2t/fast)\n  - p90(t2t) < p90(other:t2t/fast)\n  - p90(t2t) < p90(third:x)\n"));
    assert.deepEqual(foreign, [{ scenario: "other", variant: "fast" }, { scenario: "third", variant: "base" }]);
  });

  test("speaks of `latency` where the scenario names no metric", () => {
    const text = plainWith("expect: [p50(latency) < 1 us]\n").replace("metrics:\n  t2t: { from: gw.in@eof, to: gw.out@sof }\n", "");
    assert.equal(read(text).expectations.length, 1);
  });
});
