import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { breakdownOf, comparedPaths, type ComparedPath, type Result } from "../../../src/result/index.js";
import { cdfChart, chartsFor, copiesChart, percentileChart, stepsChart, waterfallChart, type NamedChart } from "../../../src/chart/index.js";
import { snapshotOf } from "../../support/chart-snapshot.js";
import { fpgaExample, kernelExample } from "../../support/example-result.js";
import { assertGolden } from "../../support/golden-file.js";

const KERNEL = kernelExample();
const FPGA = fpgaExample();
const BOTH = comparedPaths([KERNEL, FPGA]);

interface Dataset {
  readonly label?: string;
  readonly data: readonly unknown[];
  readonly borderDash?: readonly number[];
  readonly borderColor?: string;
  readonly stepped?: string | false;
}

function datasets(chart: NamedChart): readonly Dataset[] {
  return chart.config.data.datasets as unknown as readonly Dataset[];
}

/** What the configuration says under a dotted name; undefined where it says nothing. */
function setting(chart: NamedChart, name: string): unknown {
  return name.split(".").reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], chart.config.options);
}

function text(chart: NamedChart, place: "title" | "subtitle"): string {
  return (setting(chart, `plugins.${place}.text`) as readonly string[]).join(" ");
}

/** The kernel example with other samples: these points of the distribution, of so many. */
function withCdf(count: number, cdf: readonly { readonly ps: number; readonly q: number }[]): ComparedPath[] {
  const runs = KERNEL.runs.slice(0, 1).map((run) => ({ ...run, metrics: run.metrics.map((metric) => ({ ...metric, count, cdf })) }));
  return comparedPaths([{ ...KERNEL, runs }]);
}

/** The kernel example with `variants` variants at `points` sweep points. */
function crowd(variants: number, points: number): Result {
  const one = KERNEL.runs.slice(0, 1);
  const runs = Array.from({ length: variants * points }, (_, index) =>
    one.map((run) => ({ ...run, variant: `v${index % variants}`, point: { "ticks.rate": `${Math.floor(index / variants) + 1} kpps` } }))).flat();
  return { ...KERNEL, runs };
}

describe("the configuration of a chart", () => {
  for (const chart of chartsFor(KERNEL)) {
    test(`of the kernel example is the golden one: ${chart.name}`, () => assertGolden(`charts/kernel-${chart.name}.config.json`, snapshotOf(chart)));
  }
  for (const chart of chartsFor([KERNEL, FPGA]).filter(({ name }) => !name.startsWith("steps-kernel"))) {
    test(`of the comparison is the golden one: ${chart.name}`, () => assertGolden(`charts/compare-${chart.name}.config.json`, snapshotOf(chart)));
  }

  test("says what is shown, where it comes from, and a unit on every axis", () => {
    for (const chart of chartsFor([KERNEL, FPGA])) {
      assert.ok(text(chart, "title").length > 10, chart.name);
      assert.match(text(chart, "subtitle"), /seed [13]/u, chart.name);
      assert.ok(chart.alt.length > 40, chart.name);
      const scales = Object.entries(setting(chart, "scales") as Record<string, { readonly title?: { readonly text: string } }>);
      const titles = scales.map(([, scale]) => scale.title?.text ?? "").filter((title) => title !== "");
      assert.ok(titles.length >= 1, chart.name);
      for (const title of titles) assert.match(title, /µs|ns|logarithmic|percentile|messages|per message/u, chart.name);
    }
  });

  test("has at most 300 points a line, whatever the result holds", () => {
    const cdf = Array.from({ length: 5000 }, (_, index) => ({ ps: 1000 + index, q: (index + 1) / 5000 }));
    for (const chart of [cdfChart("cdf", withCdf(5000, cdf)), percentileChart("percentiles", withCdf(5000, cdf))]) {
      const points = datasets(chart)[0]?.data ?? [];
      assert.ok(points.length > 250 && points.length <= 300, `${chart.name}: ${points.length}`);
      assert.equal(Object.values(points.at(-1) as object).includes(5999), true, `${chart.name} keeps the largest`);
    }
  });

  test("draws a constant latency as a line and few values as stairs", () => {
    const constant = withCdf(1000, [{ ps: 41_000, q: 1 }]);
    assert.deepEqual(datasets(cdfChart("cdf", constant))[0]?.data, [{ x: 41_000, y: 0 }, { x: 41_000, y: 100 }]);
    assert.deepEqual(datasets(percentileChart("p", constant))[0]?.data, [{ x: 1, y: 41_000 }, { x: 100, y: 41_000 }, { x: 2000, y: 41_000 }]);
    assert.equal(datasets(cdfChart("cdf", constant))[0]?.stepped, "before");
    assert.equal(datasets(cdfChart("cdf", BOTH))[0]?.stepped, false);
  });

  test("uses a linear axis where a latency is below zero", () => {
    assert.equal(setting(cdfChart("cdf", BOTH), "scales.x.type"), "linear");
    assert.equal(setting(cdfChart("cdf", comparedPaths([KERNEL, FPGA], { metric: "actionable" })), "scales.x.type"), "logarithmic");
  });

  test("gives each line a look of its own, also where two lines lie on each other", () => {
    const same = comparedPaths([FPGA], { metric: "actionable", everyPoint: true });
    const looks = datasets(cdfChart("cdf", same)).map((one) => `${one.borderColor} ${one.borderDash?.join(" ")}`);
    assert.equal(new Set(looks).size, 4);
    const twins = datasets(cdfChart("cdf", comparedPaths([FPGA], { metric: "actionable" })));
    assert.notDeepEqual(twins[0]?.borderDash, twins[1]?.borderDash);
  });
});

describe("a waterfall", () => {
  test("stacks the parts of each path to its latency", () => {
    const bars = datasets(waterfallChart("waterfall", BOTH));
    for (const [index, path] of BOTH.entries()) {
      const band = breakdownOf(path.metric, "p50");
      const sum = bars.reduce((total, bar) => total + Number(bar.data[index]), 0);
      assert.ok(band !== null && Math.abs(sum - band.totalPs / band.messages) < 1e-3, path.name);
    }
  });

  test("as a staircase ends where the latency ends, also where steps are summed up", () => {
    for (const path of [...BOTH, longPath()]) {
      const stairs = (datasets(stepsChart("steps", path))[0]?.data ?? []) as readonly (readonly [number, number])[];
      const band = breakdownOf(path.metric, "p50");
      const last = stairs.at(-2)?.[1] ?? Number.NaN;
      assert.ok(band !== null && Math.abs(last - band.totalPs / band.messages) < 1e-3, path.name);
      assert.deepEqual(stairs.at(-1), [0, (band?.totalPs ?? 0) / (band?.messages ?? 1)]);
      assert.ok(stairs.length <= 30, `${stairs.length} lines`);
      assert.ok(stairs.slice(1, -1).every((stair, index) => Math.abs(stair[0] - (stairs[index]?.[1] ?? Number.NaN)) < 1e-3));
    }
  });
});

/** A path of 200 steps, long and short by turns. */
function longPath(): ComparedPath {
  const segments = Array.from({ length: 200 }, (_, index) => ({ step: `s${index}`, label: "work", kind: "process" as const, sumPs: 1000 + (index % 17) * 500 }));
  const totalPs = segments.reduce((sum, one) => sum + one.sumPs, 0);
  const [path] = comparedPaths([KERNEL]);
  assert.ok(path !== undefined);
  return { ...path, metric: { ...path.metric, breakdowns: [{ band: "p50", messages: 1, totalPs, segments }] } };
}

describe("the charts of a result", () => {
  test("have unique names that fit file names", () => {
    for (const results of [KERNEL, FPGA, [KERNEL, FPGA], crowd(9, 3), crowd(30, 1)]) {
      const names = chartsFor(results).map((chart) => chart.name);
      assert.equal(new Set(names).size, names.length, names.join(" "));
      assert.ok(names.every((name) => /^[a-z0-9-]+$/u.test(name)), names.join(" "));
    }
  });

  test("are split by sweep point, then into portions, where one picture would hold too many lines", () => {
    const names = (result: Result): string[] => chartsFor(result).map((chart) => chart.name).filter((name) => name.startsWith("cdf"));
    assert.deepEqual(names(crowd(2, 4)), ["cdf-t2t"]);
    assert.deepEqual(names(crowd(4, 3)), ["cdf-t2t-1-kpps", "cdf-t2t-2-kpps", "cdf-t2t-3-kpps"]);
    assert.deepEqual(names(crowd(10, 1)), ["cdf-t2t-1-kpps-part-1", "cdf-t2t-1-kpps-part-2"]);
  });

  test("of nothing are none, and empty ones say that they are empty", () => {
    assert.deepEqual(chartsFor([]), []);
    assert.deepEqual(chartsFor({ ...KERNEL, runs: [] }), []);
    const empty = [cdfChart("a", []), percentileChart("b", []), waterfallChart("c", []), copiesChart("d", [])];
    for (const chart of empty) assert.match(text(chart, "subtitle"), /^No run has/u);
  });
});
