import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { PathStep } from "../../../src/scenario/index.js";
import { PLAIN } from "../../support/fake-catalogue.js";
import { base, read } from "./reading.js";

const steps = (lines: string): readonly PathStep[] => base(PLAIN.replace("    - gw.run: 1 us\n", lines)).paths[0]?.steps.slice(2, -3) ?? [];
const names = (list: readonly PathStep[] | undefined): readonly string[] => (list ?? []).map((step) => (step.kind === "operation" || step.kind === "tap" ? step.name : step.kind));

describe("the steps of a path", () => {
  test("are names, or names with an argument", () => {
    const [first, second, third] = steps("    - gw.irq\n    - gw.wake: app\n    - gw.copy: { to: user }\n");
    assert.ok(first?.kind === "operation" && second?.kind === "operation" && third?.kind === "operation");
    assert.deepEqual([first.argument, second.argument?.value], [null, "app"]);
    assert.ok(third.argument?.value instanceof Map);
    assert.equal((third.argument.value as ReadonlyMap<string, { value: unknown }>).get("to")?.value, "user");
    assert.deepEqual([second.place.line, second.place.column, second.place.path], [17, 7, "paths.t2t[3].gw.wake"]);
  });

  test("fork into branches that all count, or of which the first counts", () => {
    const [all, race] = steps("    - all: [[gw.irq, gw.run: 1 us], [gw.irq]]\n    - race: [gw.irq, [gw.run: 2 us]]\n");
    assert.ok(all?.kind === "all" && race?.kind === "race");
    assert.deepEqual(all.branches.map(names), [["gw.irq", "gw.run"], ["gw.irq"]]);
    assert.deepEqual(race.branches.map(names), [["gw.irq"], ["gw.run"]]);
  });

  test("spawn what is not waited for", () => {
    const [spawn] = steps("    - spawn: [gw.irq]\n");
    assert.ok(spawn?.kind === "spawn");
    assert.deepEqual(names(spawn.body), ["gw.irq"]);
  });

  test("repeat so many times, or until the payload is through", () => {
    const [times, until] = steps("    - repeat: { times: 3, do: [gw.irq] }\n    - repeat:\n        until: payload\n        chunk: 8192 B\n        do:\n          - gw.irq\n          - tap: inner\n");
    assert.ok(times?.kind === "repeat" && until?.kind === "repeat");
    assert.deepEqual([times.times, times.chunk, until.times, until.chunk, names(until.body)], [3, null, null, 8192, ["gw.irq", "tap"].map((name) => (name === "tap" ? "inner" : name))]);
  });

  test("cut the payload into parts that go side by side", () => {
    const [parallel] = steps("    - parallel: { chunk: 1448 B, do: [gw.irq, tap: inner] }\n");
    assert.ok(parallel?.kind === "parallel");
    assert.deepEqual([parallel.chunk, names(parallel.body)], [1448, ["gw.irq", "inner"]]);
  });

  test("take one of two ways by chance", () => {
    const [branch] = steps("    - branch: { chance: 12.5%, yes: [gw.irq] }\n");
    assert.ok(branch?.kind === "branch");
    assert.deepEqual([branch.probability, names(branch.yes), branch.no], [0.125, ["gw.irq"], []]);
  });

  test("nest", () => {
    const [outer] = steps("    - all: [[repeat: { times: 2, do: [{ race: [[gw.irq], [gw.irq]] }] }]]\n");
    assert.ok(outer?.kind === "all");
    const [inner] = outer.branches[0] ?? [];
    assert.ok(inner?.kind === "repeat" && inner.body[0]?.kind === "race");
  });
});

describe("the taps of a metric", () => {
  const tapsOf = (from: string, to: string): readonly unknown[] => {
    const [metric] = base(PLAIN.replace("from: gw.in@eof, to: gw.out@sof", `from: ${from}, to: ${to}`)).metrics;
    assert.ok(metric?.kind === "span");
    return [metric.from, metric.to];
  };

  test("name a byte on a wire", () => {
    assert.deepEqual(tapsOf("gw.in@trigger", "gw.out@byte:58"), [{ tap: "gw.in", byte: { at: "trigger" } }, { tap: "gw.out", byte: { at: "byte", byte: 58 } }]);
    assert.deepEqual(tapsOf("gw.in@sfd", "gw.out@eof"), [{ tap: "gw.in", byte: { at: "sfd" } }, { tap: "gw.out", byte: { at: "eof" } }]);
  });

  test("mean the last bit in and the first bit out where they name none", () => {
    assert.deepEqual(tapsOf("gw.in", "gw.out"), [{ tap: "gw.in", byte: { at: "eof" } }, { tap: "gw.out", byte: { at: "sof" } }]);
  });

  test("may be points in software, and the intended time", () => {
    assert.deepEqual(tapsOf('"@intended"', "done"), [{ tap: "intended", byte: { at: "point" } }, { tap: "done", byte: { at: "point" } }]);
    assert.deepEqual(tapsOf("intended", "done"), tapsOf('"@intended"', "done"));
  });

  test("are the compiler's choice without metrics", () => {
    assert.deepEqual(base(PLAIN.replace(/metrics:\n.*\n/u, "")).metrics, []);
  });

  test("may be worth money", () => {
    const { cases } = read(`${PLAIN}  money: { value-of: t2t, stake: 1 MUSD / us }\n`);
    const money = cases[0]?.scenario.metrics[1];
    assert.ok(money?.kind === "value");
    assert.deepEqual([money.of, money.dollarsPerSecond], ["t2t", 1e12]);
  });
});
