// Goal: charts stay whole and readable where data are scarce, odd or many. Method: configurations of hand-made results.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  ccdfChart, changeChart, chartsFor, comparisonCharts, differenceChart, heatMapChart, histogramChart, loadChart, numericAxis, renderChart, timelineChart, twoAxes, utilisationChart,
  type NamedChart, type TimelineMessage,
} from "../../../src/chart/index.js";
import { differencesFrom } from "../../../src/experiment/index.js";
import { comparedPaths, type CdfPoint, type ComparedPath, type Difference, type PartChange, type ResourceUse, type Result } from "../../../src/result/index.js";
import { snapshotOf } from "../../support/chart-snapshot.js";
import { fpgaExample, kernelExample } from "../../support/example-result.js";
import { assertGolden } from "../../support/golden-file.js";

const KERNEL = kernelExample();

interface Axis {
  readonly type: string;
  readonly min: number;
  readonly max: number;
  readonly afterBuildTicks: (scale: { ticks: { value: number }[] }) => void;
  readonly ticks: { readonly callback: (value: number) => string };
}

function axis(chart: NamedChart, name: "x" | "y"): Axis {
  return (chart.config.options?.scales as unknown as Record<string, Axis>)[name] as Axis;
}

/** What the axis writes at its ticks. */
function tickLabels(chart: NamedChart, name: "x" | "y"): string[] {
  const scale = { ticks: [] as { value: number }[] };
  axis(chart, name).afterBuildTicks(scale);
  return scale.ticks.map(({ value }) => axis(chart, name).ticks.callback(value));
}

const data = (chart: NamedChart, dataset = 0): readonly unknown[] => (chart.config.data.datasets[dataset]?.data ?? []) as unknown as readonly unknown[];
const subtitle = (chart: NamedChart): string => (chart.config.options?.plugins?.subtitle?.text as string[]).join(" ");
const first = (result: Result = KERNEL): ComparedPath => comparedPaths([result])[0] as ComparedPath;

function withCdf(cdf: readonly CdfPoint[]): ComparedPath {
  const path = first();
  return { ...path, metric: { ...path.metric, cdf, count: Math.max(1, cdf.length), minPs: cdf[0]?.ps ?? 0, maxPs: cdf.at(-1)?.ps ?? 0 } };
}

const part = (index: number, deltaPs: number): PartChange => ({ step: `gw.s${index}`, label: "work", kind: "process", fromPs: 1000, toPs: 1000 + deltaPs, deltaPs });

function difference(deltas: readonly number[], fromPs: number): Difference {
  const deltaPs = deltas.reduce((sum, one) => sum + one, 0);
  const change = { fromPs, toPs: fromPs + deltaPs, deltaPs };
  return { name: "after", baseline: "before", design: "after", baselineDesign: "before", point: {}, confidence: 0.95, mean: { ...change, lowPs: null, highPs: null, distinct: null, by: null }, p50: null, p99: null, bands: [{ band: "all", ...change, parts: deltas.map((delta, index) => part(index, delta)) }], costs: [], precision: [] };
}

const message = (pieces: TimelineMessage["pieces"]): TimelineMessage =>
  ({ message: 7, source: "ticks", metric: "t2t", from: "gw.in@eof", to: "gw.out@sof", latencyPs: pieces.reduce((sum, piece) => sum + piece.ps, 0), pieces });

/** The kernel example at each pair of these values. */
function swept(across: readonly string[], down: readonly string[]): Result {
  const run = KERNEL.runs[0];
  assert.ok(run !== undefined);
  const runs = across.flatMap((rate, column) => down.map((time, row) => ({
    ...run, point: { "ticks.rate": rate, "gw.nic.moderation.time": time },
    metrics: run.metrics.map((metric) => ({ ...metric, percentiles: metric.percentiles.map((one) => (one.ps === null ? one : { ...one, ps: one.ps * (1 + column + 3 * row) })) })),
  })));
  return { ...KERNEL, runs };
}

describe("the newer charts", () => {
  test("of a comparison are the golden ones", () => {
    const paths = comparedPaths([KERNEL, fpgaExample()]);
    const [baseline, ...others] = paths;
    assert.ok(baseline !== undefined && others.length > 0);
    const drawn = comparisonCharts(paths, differencesFrom(baseline, others)).filter(({ name }) => name.startsWith("difference"));
    assert.equal(drawn.length, others.length);
    for (const chart of drawn) assertGolden(`charts/compare-${chart.name}.config.json`, snapshotOf(chart));
  });

  test("of differences over a sweep is the golden one, says where they lie, and draws intervals of what is to be seen alone", async () => {
    const rate = (path: ComparedPath, text: string): ComparedPath => ({ ...path, run: { ...path.run, point: { "ticks.rate": text } } });
    const at = (text: string): readonly Difference[] => differencesFrom(rate(first(), text), comparedPaths([KERNEL]).slice(1).map((path) => rate(path, text)));
    // The same at each rate, but for p99: the busier, the less sure.
    const differences = ["1 kpps", "2 kpps", "16 kpps"].flatMap((text, index) => at(text).map((one): Difference => ({
      ...one, p99: one.p99 === null ? null : { ...one.p99, deltaPs: one.p99.deltaPs * (1 - 0.4 * index), lowPs: one.p99.deltaPs * (1 - 0.1 * index), highPs: one.p99.deltaPs * (1 - 0.6 * index) },
    })));
    assert.equal(differences.length, 3);
    const chart = changeChart("change", differences, "ticks.rate");
    assertGolden("charts/compare-change.config.json", snapshotOf(chart));
    assert.deepEqual(tickLabels(chart, "x"), ["1 kpps", "2 kpps", "16 kpps"]);
    assert.match(chart.alt, /^Difference against ticks\.rate\. unmoderated at 1 kpps: p50 −16[\d.]* µs, p99 −/u);
    const p99 = data(chart, 1) as readonly { readonly y: number; readonly low: number; readonly high: number }[];
    assert.deepEqual(p99.map(({ y, low, high }) => [y, low, high]), differences.map((one) => [one.p99?.deltaPs, one.p99?.lowPs, one.p99?.highPs]));
    assert.ok(axis(chart, "y").max >= (p99[2]?.high ?? Infinity) && axis(chart, "y").min <= (p99[0]?.low ?? -Infinity) && (p99[2]?.high ?? 0) > 0, "the line at zero is in the picture");
    assert.ok((await renderChart(chart, "svg")).length > 1000);
  });

  test("of a sweep over two axes and of one message are the golden ones", () => {
    const map = chartsFor(swept(["1 kpps", "20 kpps"], ["1 us", "16 us"])).filter(({ name }) => name.startsWith("heat-map"));
    assert.equal(map.length, 1);
    for (const chart of map) assertGolden(`charts/kernel-${chart.name}.config.json`, snapshotOf(chart));
    const pieces = [{ step: "gw.nic.rx", label: "receive", kind: "process", atPs: 0, ps: 150_000, waitedFor: null }, { step: "gw.app", label: "wait", kind: "queue", atPs: 150_000, ps: 1_000_000, waitedFor: 6 }] as const;
    assertGolden("charts/timeline.config.json", snapshotOf(timelineChart("timeline", message(pieces))));
  });
});

describe("a chart of nothing", () => {
  test("says so, and can be drawn", async () => {
    const empty = withCdf([]);
    const idle = { ...first(), run: { ...first().run, resources: [] } };
    const charts = [ccdfChart("a", []), histogramChart("b", empty), utilisationChart("c", idle), timelineChart("d", message([])), differenceChart("e", { ...difference([], 0), bands: [] })];
    const said = [/No run has samples/u, /has no samples/u, /Nothing was busy/u, /piece by piece/u, /has no breakdown/u];
    for (const [index, chart] of charts.entries()) {
      assert.match(subtitle(chart), said[index] as RegExp, chart.name);
      assert.ok((await renderChart(chart, "svg")).length > 500, chart.name);
    }
  });
});

describe("a single point", () => {
  test("gives axes with a width, and bins that hold all messages", () => {
    const one = withCdf([{ ps: 41_000, q: 1 }]);
    const chart = histogramChart("h", one);
    const bins = data(chart) as readonly { y: number }[];
    assert.ok(Math.abs(bins.reduce((sum, bin) => sum + bin.y, 0) - 100) < 1e-6);
    assert.ok(axis(chart, "x").max > axis(chart, "x").min);
    assert.ok(axis(ccdfChart("c", [one]), "x").max > axis(ccdfChart("c", [one]), "x").min);
  });

  test("beside another one leaves the bins between them empty", () => {
    const two = histogramChart("h", withCdf([{ ps: 40_000, q: 0.25 }, { ps: 60_000, q: 1 }]));
    const filled = (data(two) as readonly { y: number }[]).map(({ y }) => y).filter((y) => y > 0);
    assert.deepEqual(filled.map((y) => Math.round(y)), [25, 75]);
  });

  test("of a sweep is no axis, and no map", () => {
    const paths = comparedPaths([swept(["1 kpps"], ["1 us"])], { everyPoint: true });
    assert.equal(numericAxis(paths), null);
    assert.equal(twoAxes(paths), null);
    const flat = comparedPaths([swept(["1 kpps", "2 kpps"], ["1 us", "2 us"])], { everyPoint: true }).map((path) => ({ ...path, metric: first().metric }));
    assert.equal(twoAxes(flat)?.length, 2);
    assert.ok(heatMapChart("m", flat, ["ticks.rate", "gw.nic.moderation.time"]).alt.includes("1 kpps and 1 us"));
  });
});

describe("negative values", () => {
  test("make every axis linear and stay inside it", () => {
    const path = withCdf([{ ps: -5_000, q: 0.5 }, { ps: 20_000, q: 1 }]);
    for (const chart of [ccdfChart("c", [path]), histogramChart("h", path)]) {
      assert.equal(axis(chart, "x").type, "linear", chart.name);
      assert.ok(axis(chart, "x").min <= -5_000, chart.name);
    }
    const back = timelineChart("t", message([{ step: "gw.in", label: "trigger", kind: "overlap", atPs: 0, ps: -38_000, waitedFor: null }, { step: "gw.run", label: "run", kind: "process", atPs: -38_000, ps: 60_000, waitedFor: null }]));
    assert.ok(axis(back, "x").min <= -38_000 && axis(back, "x").max > 22_000);
    const below = differenceChart("d", difference([-3_000, -9_000], 5_000));
    assert.ok(axis(below, "x").min <= -7_000);
  });

  test("of a map have shades too", () => {
    const paths = comparedPaths([swept(["1 kpps", "2 kpps"], ["1 us", "2 us"])], { everyPoint: true })
      .map((path, index) => ({ ...path, metric: { ...path.metric, percentiles: [{ q: 0.5, ps: 1000 * index - 2000, lowPs: null, highPs: null }] } }));
    assert.match(heatMapChart("m", paths, ["ticks.rate", "gw.nic.moderation.time"]).alt, /−2 ns/u);
  });
});

describe("many parts", () => {
  test("of a difference are summed up, and the staircase still ends at the other mean", () => {
    const deltas = Array.from({ length: 60 }, (_, index) => (index % 2 === 0 ? 1 : -1) * (100 + 10 * index));
    const stairs = data(differenceChart("d", difference(deltas, 50_000))) as readonly (readonly [number, number])[];
    assert.equal(stairs.length, 17);
    assert.equal(stairs.at(-2)?.[1], stairs.at(-1)?.[1]);
    assert.equal(stairs.at(-1)?.[1], 50_000 + deltas.reduce((sum, one) => sum + one, 0));
  });

  test("of a run are cut to the busiest, and what is hardly busy is not told to be idle", () => {
    const resources = Array.from({ length: 40 }, (_, index): ResourceUse => ({ name: `gw.s${index}`, kind: "stage", busy: (index + 1) / 10_000, categories: {}, bytes: {}, peak: 0 }));
    const chart = utilisationChart("u", { ...first(), run: { ...first().run, resources } });
    assert.equal(data(chart).length, 24);
    assert.match(chart.alt, /gw\.s39 0\.4 %, gw\.s38 0\.39 %, gw\.s37 0\.38 %/u);
  });

  test("of a timeline leave room for the longest label behind the last bar", () => {
    const waits = (waitedFor: number | null): TimelineMessage => message([{ step: "gw.app", label: "wait", kind: "queue", atPs: 0, ps: 1_000_000, waitedFor }]);
    const [short, long] = [axis(timelineChart("t", waits(null)), "x").max, axis(timelineChart("t", waits(1_234_567_890)), "x").max];
    assert.ok(long > 1.4 * 1_000_000 && short < 1.25 * 1_000_000, `${short} ${long}`);
  });

  test("of a sweep stand at their values, those too close together without a number", () => {
    const rates = ["1 kpps", "1.01 kpps", "20 kpps", "2 Mpps"];
    const paths = comparedPaths([swept(rates, ["1 us"])], { everyPoint: true });
    assert.equal(numericAxis(paths), "ticks.rate");
    const chart = loadChart("l", paths, "ticks.rate");
    assert.deepEqual((data(chart) as readonly { x: number }[]).map(({ x }) => x), [1000, 1010, 20_000, 2_000_000]);
    assert.deepEqual(tickLabels(chart, "x"), ["1 kpps", "20 kpps", "2 Mpps"]);
    assert.equal(numericAxis(comparedPaths([swept(["some", "many"], ["on", "off"])], { everyPoint: true })), null);
  });

  test("of a sweep have a curve from theory where the result has one, with the simulated means as dots beside it", () => {
    const result = swept(["1 kpps", "20 kpps", "50 kpps"], ["1 us"]);
    const runs = result.runs.map((run) => ({ ...run, point: { "ticks.rate": run.point["ticks.rate"] ?? "" } }));
    const { variant, metrics: [metric] } = runs[0] as (typeof runs)[number];
    const points = [1000, 25_000, 50_000].map((perSecond) => ({ perSecond, meanPs: 1_000_000 + perSecond }));
    const curve = { variant, metric: metric?.name ?? "", axis: "ticks.rate", law: "M/D/1" as const, because: "q is the slowest", points };
    const drawn = (theory: (typeof result)["theory"]) => loadChart("l", comparedPaths([{ ...result, runs, theory }], { everyPoint: true }), "ticks.rate");
    const lines = (chart: ReturnType<typeof drawn>) => chart.config.data.datasets as unknown as readonly { label: string; data: readonly { x: number; y: number }[]; showLine?: boolean }[];
    const [plain, more] = [drawn([]), drawn([curve])];
    assert.equal(lines(more).length, lines(plain).length + 2);
    const [dots, line] = lines(more).slice(-2);
    assert.deepEqual(dots?.data, runs.map((run) => ({ x: 1000 * Number.parseFloat(run.point["ticks.rate"]), y: run.metrics[0]?.meanPs })));
    assert.equal(dots.showLine, false);
    assert.match(line?.label ?? "", /M\/D\/1 mean \(Pollaczek–Khinchine\)/u);
    assert.deepEqual(line?.data, points.map(({ perSecond, meanPs }) => ({ x: perSecond, y: meanPs })));
    assert.match(more.alt, /The mean of .* follows M\/D\/1: q is the slowest\.$/u);
    assert.deepEqual(lines(drawn([{ ...curve, axis: "other.rate" }, { ...curve, points: [] }])), lines(plain));
  });

  test("of a map have their times only where these fit", async () => {
    const drawn = async (columns: number): Promise<string> => {
      const rates = Array.from({ length: columns }, (_, index) => `${index + 1} kpps`);
      const [chart] = chartsFor(swept(rates, ["1 us", "2 us"])).filter(({ name }) => name.startsWith("heat-map"));
      assert.ok(chart !== undefined);
      return new TextDecoder().decode(await renderChart(chart, "svg"));
    };
    const times = (svg: string, digits: RegExp): number => [...svg.matchAll(digits)].length;
    assert.equal(times(await drawn(3), />23\.70\d µs</gu), 1);
    assert.equal(times(await drawn(13), />23\.7 µs</gu), 1);
    assert.equal(times(await drawn(40), />[\d.]+ µs</gu), 0);
  });

  test("of many variants are portions of whole variants", () => {
    const one = swept(["1 kpps", "20 kpps", "50 kpps"], ["1 us"]).runs.map(({ point, ...run }) => ({ ...run, point: { "ticks.rate": point["ticks.rate"] ?? "" } }));
    const runs = Array.from({ length: 9 }, (_, index) => one.map((run) => ({ ...run, variant: `v${index}` }))).flat();
    const loads = chartsFor({ ...KERNEL, runs }).filter(({ name }) => name.startsWith("load"));
    assert.deepEqual(loads.map(({ name, config }) => [name, config.data.datasets.length]), [["load-part-1", 8], ["load-part-2", 8], ["load-part-3", 2]]);
    assert.ok(loads.every((chart) => data(chart).length === 3));
  });

  test("of the run with the most to do are shown, not those of the first sweep point", () => {
    const runs = KERNEL.runs.filter((run) => run.variant === "base").map((run, index) => ({ ...run, resources: run.resources.map((one) => ({ ...one, busy: index === 1 ? 0.5 : 0.01, categories: {} })) }));
    assert.equal(runs.length, 2);
    const chart = chartsFor({ ...KERNEL, runs }).find(({ name }) => name === "utilisation-base");
    assert.match(chart?.title ?? "", /20 kpps/u);
  });
});
