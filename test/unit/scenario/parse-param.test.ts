import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ErrorCode } from "../../../src/errors/index.js";
import {
  Amount, byteOffset, bytes, choice, chosen, cycleCount, dataRate, duration, eventRate, flag, frequency, gap, length, list, number, percent, Rate, text, threads,
  timing, unitIntervals, type ByteOffset, type Param, type UnitIntervals,
} from "../../../src/modeling/index.js";
import { parseParam } from "../../../src/scenario/index.js";
import { refusal } from "../units/refusal.js";

const any = chosen("for tests");
const place = { file: "main.yaml", line: 3, column: 7 };
const parse = (param: Param, value: unknown): unknown => parseParam(param, { value, place, evidence: null }, "gw.nic.x");

function amount(param: Param, value: unknown): number {
  const parsed = parse(param, value);
  assert.ok(parsed instanceof Amount);
  return parsed.of(0);
}

function period(param: Param, value: unknown): string {
  const parsed = parse(param, value);
  assert.ok(parsed instanceof Rate);
  return `${parsed.period.num}/${parsed.period.den}`;
}

describe("the value of a parameter", () => {
  test("is an amount in canonical terms for times, sizes, cycles and counts", () => {
    assert.equal(amount(duration(null, "", any), "1.5 us"), 1_500_000);
    assert.equal(amount(bytes(null, "", any), "4 KiB"), 4096);
    assert.equal(amount(cycleCount(null, "", any), "3 cycles"), 3);
    assert.equal(amount(cycleCount(null, "", any), 3), 3, "in { cycles: 3 } the unit is in the key");
    assert.equal(amount(number(null, "", any), 8192), 8192);
    assert.equal(amount(number(null, "", any), 0), 0);
    assert.equal(amount(number(null, "", any, 1), 1), 1);
  });

  test("is an exact rate for rates and clocks", () => {
    assert.equal(period(dataRate(null, "", any), "10 Gbit/s"), "800/1");
    assert.equal(period(eventRate(null, "", any), "20 kpps"), "50000000/1");
    assert.equal(period(frequency(null, "", any), "322.265625 MHz"), "102400/33");
  });

  test("is an exact fraction for lengths, in metres, and percentages", () => {
    assert.deepEqual(parse(length(null, "", any), "30 cm"), { num: 3n, den: 10n });
    assert.deepEqual(parse(percent(null, "", any), "12.5%"), { num: 1n, den: 8n });
  });

  test("is what it says for flags, choices, texts and lists", () => {
    assert.equal(parse(flag(false, "", any), true), true);
    assert.equal(parse(choice(["one", "two"], "one", "", any), "two"), "two");
    assert.equal(parse(text(null, "", any), "app"), "app");
    assert.deepEqual(parse(list([], "", any), ["one", "two"]), ["one", "two"]);
    assert.deepEqual(parse(list([], "", any), [{ value: "one", place, evidence: null }]), ["one"]);
  });

  test("is a map from threads to cores", () => {
    const cores = new Map([["irq", { value: 2, place, evidence: null }], ["app", { value: 3, place, evidence: null }]]);
    assert.deepEqual(parse(threads("", any), cores), { irq: 2, app: 3 });
    assert.deepEqual(parse(threads("", any), { app: 0 }), { app: 0 });
  });

  test("tells bytes of the frame from bytes of the payload", () => {
    const param = byteOffset(null, "", any);
    const inside = parse(param, "payload + 20 B") as ByteOffset;
    assert.deepEqual([inside.from, inside.bytes.of(0)], ["payload", 20]);
    const frame = parse(param, "70 B") as ByteOffset;
    assert.deepEqual([frame.from, frame.bytes.of(0)], ["frame", 70]);
    assert.equal((parse(param, "payload") as ByteOffset).bytes.of(0), 0);
  });

  test("counts unit intervals exactly, and knows line rate", () => {
    assert.deepEqual((parse(unitIntervals(null, "", any), "129.5 UI") as UnitIntervals).count, { num: 259n, den: 2n });
    assert.equal(parse(gap(null, "", any), "line-rate"), "line-rate");
    assert.equal(amount(gap(null, "", any), "1 us"), 1_000_000);
  });

  test("remembers its path, its text and why it is believed", () => {
    const parsed = parseParam(duration(null, "", any), { value: "16 us", place, evidence: { tag: "published", cite: "linux-mlx5-en-h" } }, "gw.nic.moderation.time");
    assert.ok(parsed instanceof Amount);
    assert.deepEqual(parsed.origins, [{ path: "gw.nic.moderation.time", text: "16 us", evidence: { tag: "published", cite: "linux-mlx5-en-h" } }]);
    const written = parse(duration(null, "", any), "1 us");
    assert.ok(written instanceof Amount);
    assert.equal(written.origins[0]?.evidence.tag, "chosen");
  });

  const wrong: readonly (readonly [string, Param, unknown, ErrorCode])[] = [
    ["a bare number where a unit is needed", duration(null, "", any), 16, "unit-missing"],
    ["a fraction of a picosecond", duration(null, "", any), "0.5 ps", "quantity-inexact"],
    ["a text for a flag", flag(false, "", any), "true", "value-kind"],
    ["an unknown choice", choice(["one", "two"], "one", "", any), "three", "value-choice"],
    ["a number for a choice", choice(["one", "two"], "one", "", any), 1, "value-kind"],
    ["a text for a list", list([], "", any), "one", "value-kind"],
    ["a list with numbers", list([], "", any), [1], "value-kind"],
    ["a core that is none", threads("", any), { app: 1.5 }, "quantity-range"],
    ["a count below the least that makes sense", number(1, "", any, 1), 0, "quantity-range"],
    ["nothing for a text", text(null, "", any), null, "value-kind"],
    ["a time without unit intervals", unitIntervals(null, "", any), "3 ns", "value-kind"],
    ["an unknown distribution", timing(null, "", any), { dist: "normal" }, "distribution-malformed"],
    ["a distribution without its name", timing(null, "", any), { p50: "1 us" }, "distribution-malformed"],
    ["a distribution with a value too many", timing(null, "", any), { dist: "exp", mean: "1 us", sd: "1 us" }, "distribution-malformed"],
    ["a distribution that contradicts itself", timing(null, "", any), { dist: "uniform", min: "2 us", max: "1 us" }, "distribution-parameter"],
  ];
  for (const [what, param, value, code] of wrong) {
    test(`is not ${what}`, () => {
      const { message } = refusal(code, () => parse(param, value));
      assert.ok(message.startsWith("gw.nic.x: "), message);
    });
  }
});

describe("a distribution", () => {
  const law = (value: unknown): Amount => {
    const parsed = parse(timing(null, "", any), value);
    assert.ok(parsed instanceof Amount);
    return parsed;
  };

  test("has a sampler, and its mean for a value", () => {
    const laws: readonly (readonly [unknown, number])[] = [
      [{ dist: "exp", mean: "1 us" }, 1_000_000],
      [{ dist: "uniform", min: "1 us", max: "3 us" }, 2_000_000],
      [{ dist: "erlang", stages: 4, mean: "1 us" }, 1_000_000],
      [{ dist: "normal-truncated", mean: "5 us", sd: "1 us", min: "4 us", max: "6 us" }, 5_000_000],
      [{ dist: "lognormal", p50: "2 us", p99: "2 us" }, 2_000_000],
      [{ dist: "pareto", shape: 1, min: "1 us", max: "1 us" }, 1_000_000],
      [{ dist: "mixture", of: [{ weight: 1, value: "1 us" }, { weight: 3, dist: "constant", value: "5 us" }] }, 4_000_000],
      [{ mixture: [{ weight: 1, value: "1 us" }, { weight: 1, value: "3 us" }] }, 2_000_000],
      [{ dist: "empirical", file: "x.csv", samples: Float64Array.of(1_000_000, 3_000_000) }, 2_000_000],
      [{ empirical: "x.csv", samples: Float64Array.of(1_000_000, 3_000_000) }, 2_000_000],
    ];
    for (const [value, mean] of laws) {
      const parsed = law(value);
      assert.equal(parsed.of(64), mean, JSON.stringify(value));
      assert.ok(parsed.sampler !== null, `${JSON.stringify(value)} is not random`);
      const draw = parsed.sampler.sample(1, 2, 3, 4);
      assert.ok(Number.isInteger(draw) && draw >= 0);
    }
  });

  test("is a plain time when it is constant", () => {
    assert.equal(law({ dist: "constant", value: "1 us" }).sampler, null);
    assert.equal(law("1 us").sampler, null);
    assert.equal(law("1 us").of(0), 1_000_000);
  });
});
