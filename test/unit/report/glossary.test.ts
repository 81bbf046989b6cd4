// Goal: whatever a user can see in a table, a chart or a file is described, and every description is whole. Method: names are collected
// from where they are made (constants, headings in the sources, configurations of charts, the format of results) and looked up.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { EXHIBITS } from "../../../scripts/gallery-list.js";
import * as charts from "../../../src/chart/index.js";
import { TERMS } from "../../../src/cli/terms.js";
import { differencesFrom } from "../../../src/experiment/index.js";
import { ACCOUNTS, CATEGORIES } from "../../../src/modeling/steps.js";
import { GROUPS, termsCalled } from "../../../src/report/index.js";
import { comparedPaths, RESULT_FORMAT, SEGMENT_KINDS, type Shape } from "../../../src/result/index.js";
import { FUNCTIONS } from "../../../src/scenario/index.js";
import { PROJECT } from "../../support/spawn-cli.js";
import { fpgaExample, kernelExample } from "../../support/example-result.js";

const missing = (names: Iterable<string>, group?: string): string[] =>
  [...names].filter((name) => !termsCalled(TERMS, name).some((term) => group === undefined || term.group === group));

/** Headings of tables as the sources write them; the unit that a heading adds is no part of its name. */
function headings(): string[] {
  const files = ["src/report", "src/cli"].flatMap((folder) => readdirSync(join(PROJECT, folder)).filter((name) => name.endsWith(".ts")).map((name) => join(PROJECT, folder, name)));
  const found = files.flatMap((file) => [...readFileSync(file, "utf8").matchAll(/(?:head: |\b(?:left|right)\()(?:"((?:[^"\\]|\\.)*)"|`([^`]*)`)/gu)].map((match) => match[1] ?? match[2] ?? ""));
  const names = found.map((text) => text.replaceAll("-\\n", "").replaceAll("\\n", " ").trim().replace(/ \$\{scale\.unit\}$/u, ""));
  return [...new Set(names)].filter((name) => name !== "" && !name.includes("${"));
}

describe("the glossary", () => {
  test("describes every kind of segment, account, category and function", () => {
    assert.equal(SEGMENT_KINDS.length, 20);
    assert.deepEqual(missing(SEGMENT_KINDS, "Segment kinds"), []);
    assert.ok(ACCOUNTS.length > 20);
    assert.deepEqual(missing(ACCOUNTS, "Costs"), []);
    assert.deepEqual(missing([...CATEGORIES, "stall", "poll-empty", "idle"], "Processor time"), []);
    assert.deepEqual(missing([...FUNCTIONS.keys()], "Functions of expectations"), []);
    assert.deepEqual(missing(["core", "link", "bus", "stage", "pool", "batch"], "Resources"), []);
  });

  test("describes accounts also as results spell them", () => {
    const fields = ACCOUNTS.map((one) => one.replaceAll(/-([a-z])/gu, (_, letter: string) => letter.toUpperCase()));
    assert.deepEqual(missing(fields, "Costs"), []);
  });

  test("describes every statistic that a table can show", () => {
    const runs = kernelExample().runs;
    const percentiles = new Set(runs.flatMap((run) => run.metrics.flatMap((metric) => metric.percentiles.map((one) => `p${Number((one.q * 100).toFixed(6))}`))));
    assert.equal(percentiles.size, 5);
    assert.deepEqual(missing([...percentiles, "n", "min", "mean", "sd", "max", "floor"], "Latency statistics"), []);
  });

  test("describes every heading that a table has", () => {
    const found = headings();
    assert.ok(found.length >= 40, `only ${found.length} headings were found`);
    assert.deepEqual(missing(found), []);
  });

  test("describes every field of a result", () => {
    const names: string[] = [];
    const collect = (shape: Shape, path: string): void => {
      if ("of" in shape) return collect(shape.of, path);
      for (const [name, field] of shape.kind === "object" ? Object.entries(shape.fields) : []) {
        names.push(`${path}${name}`);
        collect(field, `${path}${name}.`);
      }
    };
    collect(RESULT_FORMAT, "");
    assert.ok(names.length > 70, `${names.length}`);
    assert.deepEqual(missing(names, "Fields of result.json"), []);
  });

  test("describes every chart and the axes that it has", () => {
    const paths = comparedPaths([kernelExample(), fpgaExample()]);
    const [path] = paths;
    assert.ok(path !== undefined);
    const timeline = charts.timelineChart("timeline", { message: 1, source: "ticks", metric: "t2t", from: "a", to: "b", latencyPs: 5000, pieces: [{ step: "a", label: "b", kind: "poll", atPs: 0, ps: 5000, waitedFor: null }] });
    const drawn = [...charts.comparisonCharts(paths, differencesFrom(path, paths.slice(1))), ...charts.chartsFor(kernelExample()), timeline];
    const kinds = new Set(drawn.map(({ name }) => /^[a-z]+(?:-map)?/u.exec(name)?.[0] ?? name));
    assert.deepEqual(missing(kinds, "Charts"), []);
    const map = "heat-map"; // Drawn only of a sweep over two axes, whose names are its axes' titles.
    const change = charts.changeChart("change", differencesFrom(path, paths.slice(1)).map((one) => ({ ...one, point: { "ticks.rate": "1 kpps" } })), "ticks.rate");
    drawn.push(change);
    assert.deepEqual([...kinds, map, "change"].sort(), EXHIBITS.map((one) => one.chart).sort());
    assert.deepEqual(TERMS.filter((term) => term.group === "Charts").map((term) => term.name).sort(), EXHIBITS.map((one) => one.chart).sort());
    const titles = new Set(drawn.flatMap(({ config }) => Object.values((config.options?.scales ?? {}) as Record<string, { title?: { text?: string } }>).map((scale) => scale.title?.text ?? "")));
    const axes = [...titles].filter((title) => title !== "").map((title) => title.replace(/ \([^)]*\)$/u, "").replace(/, (?:ps|ns|µs|ms|s|%)$/u, "").replace(/^ticks\.rate$/u, "swept value"));
    assert.ok(axes.length >= 6);
    assert.deepEqual(missing(axes, "Axes of charts"), []);
  });

  test("is whole: every term has a unit, a meaning and a way, in a group, once", () => {
    for (const term of TERMS) {
      assert.ok(term.unit !== "" && term.meaning.endsWith(".") && term.how.endsWith("."), JSON.stringify(term));
      assert.ok(GROUPS.includes(term.group), term.group);
    }
    const names = TERMS.map((term) => `${term.group}: ${term.name}`);
    assert.deepEqual(names.filter((name, index) => names.indexOf(name) !== index), []);
    assert.deepEqual(GROUPS.filter((group) => !TERMS.some((term) => term.group === group)), []);
  });

  test("finds a name however it is spelt, and nothing for what is none", () => {
    assert.deepEqual(termsCalled(TERMS, "MMIO\nreads").map((term) => term.name), ["mmio-reads", "mmio-reads()"]);
    assert.deepEqual(termsCalled(TERMS, "copy").map((term) => term.group), ["Segment kinds", "Processor time"]);
    assert.deepEqual(termsCalled(TERMS, "relativeError").map((term) => term.name), ["runs.metrics.relativeError"]);
    assert.deepEqual(termsCalled(TERMS, "copyx"), []);
    assert.deepEqual(missing(["no-such-thing"]), ["no-such-thing"]);
  });
});
