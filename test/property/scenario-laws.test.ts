// Goal: inheritance, overrides, sweeps and checks obey their laws for inputs nobody thought of. Method: generated scenarios,
// paths and expressions, each held against the plain way of saying the same.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { WirelatErrors } from "../../src/errors/index.js";
import type { RunResult } from "../../src/result/index.js";
import { evaluate, readScenario, type CheckedScenario, type Expectation, type RawValue, type Scenario } from "../../src/scenario/index.js";
import { kernelExample } from "../support/example-result.js";
import { FAKE, memoryAccess, PLAIN } from "../support/fake-catalogue.js";

const read = (text: string, files: Readonly<Record<string, string>> = {}): Scenario => readScenario("main.yaml", { access: memoryAccess({ ...files, "main.yaml": text }), catalogue: FAKE });

/** What a checked scenario says, without where it was written. */
function said(checked: CheckedScenario): unknown {
  const plain = (value: unknown): unknown => {
    if (value instanceof Map) return Object.fromEntries([...(value as ReadonlyMap<string, RawValue>)].map(([key, raw]) => [key, plain(raw.value)]));
    return Array.isArray(value) ? (value as readonly RawValue[]).map((raw) => plain(raw.value)) : value;
  };
  const params = (all: Readonly<Record<string, RawValue>>): unknown => Object.fromEntries(Object.entries(all).map(([name, raw]) => [name, plain(raw.value)]).sort());
  const parts = checked.instances.flatMap((one) => [one, ...one.children]);
  return {
    instances: parts.map((one) => [one.name, one.use, one.model, params(one.params)]),
    traffic: checked.traffic.map((one) => [one.name, one.model, one.path, params(one.params)]),
    run: checked.run,
  };
}

function only(scenario: Scenario, variant: string): CheckedScenario {
  const found = scenario.cases.find((one) => one.variant === variant);
  assert.ok(found !== undefined);
  return found.scenario;
}

/** Parameters of the plain scenario with values that fit. */
const PARAMS: readonly (readonly [owner: string, name: string, values: readonly string[]])[] = [
  ["nic", "numa", ["0", "3"]], ["nic", "rx.ring", ["64", "4096"]], ["nic", "rx.pipeline", ["90 ns", "{ dist: exp, mean: 100 ns }"]], ["nic", "moderation.mode", ["none", "throttle"]],
  ["nic", "moderation.time", ["1 us", "250 us"]], ["nic", "moderation.frames", ["1", "64"]], ["nic", "tx.mode", ["inline"]], ["os", "busy_poll", ["5 us"]], ["os", "stack.rx", ["700 ns"]],
  ["os", "offloads", ["[gro, tso]"]], ["cpu", "idle", ["c1", "c6"]],
];
const setting = fc.constantFrom(...PARAMS).chain(([owner, name, values]) => fc.constantFrom(...values).map((value) => ({ owner, name, value })));
const settings = fc.uniqueArray(setting, { selector: (one) => `${one.owner}.${one.name}`, maxLength: 6 });

/** The plain scenario with the settings written into the host, dotted or nested. */
function written(all: readonly { owner: string; name: string; value: string }[], nested: boolean): string {
  const line = (name: string, value: string): string => {
    const [first = "", ...rest] = name.split(".");
    return nested && rest.length > 0 ? `${first}: { ${line(rest.join("."), value)} }` : `${name}: ${value}`;
  };
  const one = (owner: string): string => {
    const own = all.filter((entry) => entry.owner === owner);
    const groups = new Set(own.map((entry) => entry.name.split(".")[0]));
    // Nested keys of one group share its braces, which this notation cannot say; only then stay with dots.
    const together = nested && groups.size === own.length;
    return own.map((entry) => (together ? line(entry.name, entry.value) : `${entry.name}: ${entry.value}`)).join(", ");
  };
  const nic = one("nic");
  return PLAIN.replace("nic: { use: nic/plain }", `nic: { use: nic/plain${nic === "" ? "" : `, ${nic}`} }\n    os: { ${one("os")} }\n    cpu: { ${one("cpu")} }`);
}

describe("saying the same in another way", () => {
  test("a variant's override is the value written in place", () => {
    fc.assert(fc.property(settings, (all) => {
      const overrides = all.map(({ owner, name, value }) => `gw.${owner}.${name}: ${value}`).join(", ");
      const varied = read(`${PLAIN}variants: { x: { ${overrides} } }\n`);
      assert.deepEqual(said(only(varied, "x")), said(only(read(written(all, false)), "base")));
      assert.deepEqual(said(only(varied, "base")), said(only(read(PLAIN), "base")));
    }), { numRuns: 60 });
  });

  test("a dotted key is a nested one", () => {
    fc.assert(fc.property(settings, (all) => assert.deepEqual(said(only(read(written(all, true)), "base")), said(only(read(written(all, false)), "base")))), { numRuns: 60 });
  });

  test("what a child writes over its parent is what the parent would have said", () => {
    fc.assert(fc.property(settings, settings, (parent, child) => {
      const merged = [...parent.filter((one) => !child.some((other) => other.owner === one.owner && other.name === one.name)), ...child];
      const parts = ["nic", "os", "cpu"].map((owner) => `${owner}: { ${child.filter((one) => one.owner === owner).map(({ name, value }) => `${name}: ${value}`).join(", ")} }`);
      const inherited = read(`wirelat: 1\nextends: parent.yaml\nhosts: { gw: { ${parts.join(", ")} } }\n`, { "parent.yaml": written(parent, false) });
      assert.deepEqual(said(only(inherited, "base")), said(only(read(written(merged, false)), "base")));
    }), { numRuns: 60 });
  });

  test("a swept value is the value written in place", () => {
    fc.assert(fc.property(setting, ({ owner, name, value }) => {
      const swept = read(`${PLAIN}sweep: { gw.${owner}.${name}: [${value}] }\n`);
      assert.deepEqual(said(only(swept, "base")), said(only(read(written([{ owner, name, value }], false)), "base")));
    }), { numRuns: 30 });
  });
});

describe("a sweep", () => {
  test("crosses its axes and zips what goes together", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 4 }), (rates, zipped, variants) => {
      const list = (count: number, unit: string): string => `[${Array.from({ length: count }, (_, index) => `${index + 1}${unit}`).join(", ")}]`;
      const names = Array.from({ length: variants }, (_, index) => `v${index}: {}`).join(", ");
      const scenario = read(`${PLAIN}sweep: { ticks.rate: ${list(rates, " kpps")}, zip: { run.seed: ${list(zipped, "")}, ticks.payload: ${list(zipped, " B")} } }\n${variants === 0 ? "" : `variants: { ${names} }\n`}`);
      assert.equal(scenario.points.length, rates * zipped);
      assert.equal(scenario.cases.length, rates * zipped * (variants + 1));
      assert.equal(new Set(scenario.cases.map((one) => one.variant + JSON.stringify(one.point))).size, scenario.cases.length);
      for (const { point, scenario: checked } of scenario.cases) assert.equal(`${point["run.seed"]} B`, point["ticks.payload"], String(checked.run.seed));
    }), { numRuns: 25 });
  });
});

const [run] = kernelExample().runs;
const text = (check: string): string => `${PLAIN}expect:\n  - check: ${JSON.stringify(check)}\n`;

/** Arithmetic on counts as text, with its value worked out beside it. */
const sum = fc.letrec<{ expression: readonly [string, number] }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4 },
    fc.integer({ min: 0, max: 999 }).map((value) => [String(value), value] as const),
    fc.constantFrom(["copies(gw)", 2] as const, ["movements(gw)", 4] as const, ["syscalls( gw )", 2] as const),
    fc.tuple(tie("expression"), fc.constantFrom("+", "-", "*"), tie("expression"), fc.constantFrom("", " ")).map(([left, operator, right, space]): readonly [string, number] => {
      const value = operator === "+" ? left[1] + right[1] : operator === "-" ? left[1] - right[1] : left[1] * right[1];
      return [`(${left[0]}${space}${operator}${space}${right[0]})`, value];
    }),
  ),
})).expression;

function holds(check: string, result: RunResult | undefined = run): boolean {
  const [expectation] = read(text(check)).expectations as readonly Extract<Expectation, { kind: "check" }>[];
  assert.ok(expectation !== undefined && result !== undefined);
  return evaluate(expectation, {}, { run: () => result, payload: () => 64 }).held;
}

describe("a check", () => {
  test("comes to what arithmetic says, and to nothing else", () => {
    fc.assert(fc.property(sum, ([expression, value]) => {
      fc.pre(Math.abs(value) < 1e12);
      const shown = value < 0 ? `0 - ${-value}` : String(value);
      assert.ok(holds(`${expression} == ${shown}`), `${expression} is not ${value}`);
      assert.ok(!holds(`${expression} < ${shown}`) && holds(`${expression} <= ${shown}`) && holds(`${expression} in ${shown} .. ${shown}`));
      assert.ok(!holds(`${expression} == ${shown} + 1`));
    }), { numRuns: 40 });
  });

  test("binds * and / closer than + and -", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 99 }), (a, b, c) => {
      assert.ok(holds(`${a} + ${b} * ${c} - copies(gw) == ${a + b * c - 2}`));
      assert.ok(holds(`${a * b} / ${b} + ${c} - copies(gw) == ${a + c - 2}`));
      assert.ok(holds(`${a} - ${b} - ${c} + copies(gw) == ${a - b - c < 0 ? `0 - ${b + c - a}` : a - b - c} + 2`));
    }), { numRuns: 20 });
  });

  test("of any text is read or refused with its place, and never throws anything else", () => {
    const piece = fc.constantFrom("p50", "(", ")", "t2t", "/", "*", "+", "-", "<", "<=", "==", "..", " in ", " of ", "copies(gw)", "p50(t2t)", "p99.9(t2t/base)", " 7 us", " 2%", "1e9", "0.5", " MB/s", ":", " ", "min", "%", "µs", "share(copy of t2t)", "é");
    fc.assert(fc.property(fc.oneof(fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join("")), fc.string({ maxLength: 40 })), (check) => {
      try {
        read(text(check));
      } catch (error) {
        assert.ok(error instanceof WirelatErrors, String(error));
        for (const one of error.errors) assert.ok(one.place !== undefined && one.place.line > 1, one.message);
      }
    }), { numRuns: 300 });
  });
});
