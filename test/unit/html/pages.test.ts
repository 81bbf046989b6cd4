// Goal: a page says everything, lets nothing out or in, and treats text of others as text. Method: pages of hand-made results, with a
// script that is only text, taken apart with patterns; what a browser makes of a page is tested in test/cli/report-page.test.ts.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { comparedPairs, differencesFrom, differencesOfPairs, runScenario, type Explored } from "../../../src/experiment/index.js";
import { comparePage, pageCharts, runPage, type PageData, type PageTools, type RunPage } from "../../../src/html/index.js";
import { CATALOGUE } from "../../../src/models/index.js";
import { comparedPaths, type Result } from "../../../src/result/index.js";
import type { Source } from "../../../src/scenario/index.js";
import { fpgaExample, kernelExample } from "../../support/example-result.js";
import { readText } from "../../support/read-text.js";
import { smallWith } from "../../support/small-scenario.js";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("base64");
const TOOLS: PageTools = { script: "console.log('</', 1)", sha256 };
const SOURCES: ReadonlyMap<string, Source> = new Map([["linux-sysctl-net", { title: "Documentation for /proc/sys/net", by: "kernel.org", year: 2024, where: "docs.kernel.org", note: "defaults" }]]);
const HOSTILE = `</script><img src=x onerror="alert(1)">'&`;

const EXPLORED: readonly Explored[] = [{
  name: "base, 1 kpps", of: 2000,
  messages: [{
    why: "p99",
    journey: {
      message: 17, source: "ticks", path: "t2t", payload: 64, metric: "t2t", from: "gw.in@eof", to: "gw.out@sof", startPs: 5_000_000, latencyPs: 900, branches: [{ step: "gw.look", slackPs: 40 }],
      pieces: [
        { step: "gw.nic.rx", label: "payload write", kind: "serialise", atPs: 0, ps: 300, waitedFor: null },
        { step: "gw.run", label: "wait for core", kind: "queue", atPs: 300, ps: 600, waitedFor: 16 },
      ],
    },
  }],
}];

function pageOf(result: Result, more: Partial<RunPage> = {}, tools: PageTools = TOOLS): string {
  return runPage({ result, explored: EXPLORED, sources: SOURCES, scenario: { name: "my.yaml", text: "wirelat: 1 # a < b" }, ...more }, tools);
}

/** The page without its data and script: what is shown. */
function shown(page: string): string {
  return page.slice(page.indexOf("<body>")).replaceAll(/<script[\s\S]*?<\/script>/gu, "");
}

function dataOf(page: string): PageData {
  return JSON.parse(/<script type="application\/json" id="page-data">([\s\S]*?)<\/script>/u.exec(page)?.[1] ?? "") as PageData;
}

/** A script as large as the real one. */
const BIG_TOOLS: PageTools = { ...TOOLS, script: `/*${"-".repeat(300_000)}*/` };

/** So many runs with as much in each as a long path has. */
function heavy(result: Result, count: number): Result {
  const [run] = result.runs;
  assert.ok(run !== undefined);
  const metrics = run.metrics.map((metric) => ({
    ...metric,
    cdf: Array.from({ length: 400 }, (_, index) => ({ ps: 1_000_000 + 12_345 * index, q: (index + 1) / 400 })),
    breakdowns: metric.breakdowns.map((band) => ({ ...band, segments: Array.from({ length: 120 }, (_, index) => ({ step: "gw.nic.rx", label: `piece ${index} of a long path`, kind: "process" as const, sumPs: band.totalPs / 120 })) })),
  }));
  return { ...result, runs: Array.from({ length: count }, (_, index) => ({ ...run, metrics, variant: `variant-${index % 20}`, point: { "ticks.rate": `${1 + Math.floor(index / 20)} kpps` } })) };
}

describe("the page of a run", () => {
  const result = kernelExample();
  const page = pageOf(result);

  test("has a row for each run, with percentiles and their intervals", () => {
    const rows = /<section id="runs"[\s\S]*?<\/section>/u.exec(page)?.[0] ?? "";
    assert.equal(rows.match(/<tr><th scope="row" class="text">(?:base|unmoderated)<\/th>/gu)?.length, 2 * result.runs.length, "latencies and messages");
    const p50 = result.runs[0]?.metrics[0]?.percentiles[0];
    assert.ok(rows.includes(`data-sort="${p50?.ps}"`));
    assert.match(rows, /<small>\d+\.\d+ … \d+\.\d+<\/small>/u);
    assert.match(rows, /receive ring full 37/u);
  });

  test("names every chart, gives each its size and its words, and has data to draw the very same", () => {
    const charts = pageCharts({ kind: "run", result, explored: EXPLORED });
    assert.ok(charts.length > 10);
    const data = dataOf(page);
    assert.deepEqual(pageCharts(data).map(({ name, alt, height }) => [name, alt, height]), charts.map(({ name, alt, height }) => [name, alt, height]));
    for (const { name, width, height } of charts) {
      assert.ok(page.includes(`<figure class="chart" data-chart="${name}">`), name);
      assert.ok(page.includes(`<canvas width="${width}" height="${height}" role="img" tabindex="0"`), name);
      assert.ok(page.includes(`aria-describedby="words-${name}"`) && page.includes(`<p id="words-${name}">`), name);
    }
  });

  test("shows where the time goes, adding to the mean of each band", () => {
    const time = /<section id="time"[\s\S]*?<\/section>/u.exec(page)?.[0] ?? "";
    assert.equal(time.match(/<details/gu)?.length, result.runs.length);
    assert.match(time, /moderation timer/u);
    assert.match(time, /<tfoot><tr><th scope="row" class="text">total/u);
  });

  test("says what was expected, whether it held and why, and leads from citations to the sources", () => {
    const failed = result.expectations.filter(({ held }) => !held).length;
    assert.equal(page.match(/✗ failed/gu)?.length, failed);
    assert.ok(failed > 0);
    for (const link of page.matchAll(/href="#(source-[^"]+)"/gu)) assert.ok(page.includes(`id="${link[1]}"`), link[1]);
    assert.match(page, /<cite>Documentation for \/proc\/sys\/net<\/cite>\. kernel\.org, 2024, docs\.kernel\.org\./u);
    assert.match(page, /<dt id="source-pcie-model"><code>pcie-model<\/code><\/dt><dd>not in the bibliography/u);
    for (const warning of result.warnings) assert.ok(page.includes(warning.replaceAll("'", "&#39;")), warning);
    assert.match(page, /wirelat: 1 # a &lt; b/u);
  });

  test("tells of single messages piece by piece, and for whom they waited", () => {
    const messages = /<section id="messages"[\s\S]*?<\/section>/u.exec(page)?.[0] ?? "";
    assert.match(messages, /p99: message 17, 900 ps/u);
    assert.match(messages, /message 16<\/td>/u);
    assert.match(messages, /could have taken 40 ps longer/u);
    assert.ok(!pageOf(result, { explored: [] }).includes('id="messages"'));
  });

  test("has a caption for every table, a name for every landmark, and each id once", () => {
    assert.equal(page.match(/<table/gu)?.length, page.match(/<caption>/gu)?.length);
    for (const section of page.matchAll(/<section id="([^"]+)" aria-labelledby="([^"]+)"/gu)) assert.ok(page.includes(`<h2 id="${section[2]}"`));
    const ids = [...shown(page).matchAll(/ id="([^"]+)"/gu)].map((match) => match[1]);
    assert.equal(new Set(ids).size, ids.length);
    for (const link of page.matchAll(/<li><a href="#([^"]+)"/gu)) assert.ok(ids.includes(link[1] ?? ""), link[1]);
  });

  test("allows its own script and style by hash, and nothing else", () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/u.exec(page)?.[1] ?? "";
    const style = /<style>([\s\S]*?)<\/style>/u.exec(page)?.[1] ?? "";
    assert.equal(policy, `default-src 'none'; script-src 'sha256-${sha256(TOOLS.script ?? "")}'; style-src 'sha256-${sha256(style)}'; img-src data:; base-uri 'none'; form-action 'none'`);
    assert.doesNotMatch(shown(page), /\s(?:style|on[a-z]+)=|(?:src|href)="(?!#)/u);
  });

  test("stays the same for the same data, and small for many runs", () => {
    assert.equal(page, pageOf(kernelExample()));
    const [run] = result.runs;
    assert.ok(run !== undefined);
    const many = { ...result, runs: Array.from({ length: 80 }, (_, index) => ({ ...run, point: { "ticks.rate": `${index + 1} kpps` } })) };
    const large = pageOf(many);
    assert.ok(large.length < 5e6 - 400e3, `${large.length} bytes without a script`);
    assert.ok(large.includes("56 runs without parts and resources on this page"));
  });

  for (const count of [300, 900, 2500, 10_000]) {
    test(`of ${count} runs stays below 5 MB, says what it leaves out, and draws what it has`, () => {
      const large = pageOf(heavy(result, count), {}, BIG_TOOLS);
      assert.ok(Buffer.byteLength(large) < 5e6, `${Buffer.byteLength(large)} bytes`);
      assert.match(shown(large), new RegExp(`So that this page stays below 5 MB it has [^.]*of ${count} runs[^]*result\\.json holds everything\\.`, "u"));
      const charts = pageCharts(dataOf(large));
      assert.ok(charts.length > 5 && charts.some(({ name }) => name.startsWith("load")) && charts.some(({ name }) => name.startsWith("waterfall")));
      const figures = [...large.matchAll(/<figure class="chart" data-chart="([^"]+)"/gu)].map(([, name]) => name);
      assert.deepEqual(new Set(figures), new Set(charts.map(({ name }) => name)));
      assert.ok([...shown(large).matchAll(/<tr>/gu)].length > 50);
    });
  }

  test("of a scenario with six hundred runs stays below 5 MB and has a row for each", async () => {
    const rates = Array.from({ length: 300 }, (_, index) => `${100 + index} kpps`).join(", ");
    const scenario = readText(smallWith(["[100 kpps, 200 kpps]", `[${rates}]`]));
    const swept = await runScenario(scenario, { catalogue: CATALOGUE, messages: 30 });
    assert.equal(swept.runs.length, 600);
    const large = pageOf(swept, {}, BIG_TOOLS);
    assert.ok(Buffer.byteLength(large) < 5e6, `${Buffer.byteLength(large)} bytes`);
    assert.ok(shown(large).includes("399 kpps"));
    const data = dataOf(large);
    assert.ok(data.kind === "run" && data.result.runs.length === 600);
    const [load] = pageCharts(data).filter(({ name }) => name === "load");
    assert.deepEqual(load?.config.data.datasets.map((set) => set.data.length), [300, 300]);
  });

  test("of a result whose texts alone are too large leaves texts out", () => {
    const [expectation] = result.expectations;
    assert.ok(expectation !== undefined);
    const wordy = { ...result, warnings: Array.from({ length: 20_000 }, (_, index) => `warning ${index} ${"x".repeat(200)}`), expectations: Array.from({ length: 9000 }, (_, index) => ({ ...expectation, held: index > 5, found: `${index} ${"y".repeat(300)}` })) };
    const large = pageOf(wordy, { scenario: { name: "big.yaml", text: "<".repeat(1 << 20) } }, BIG_TOOLS);
    assert.ok(Buffer.byteLength(large) < 5e6);
    assert.match(shown(large), /of 9000 expectations, those that failed first[^]*of 20000 warnings[^]*neither single messages nor the scenario/u);
    assert.equal([...shown(large).matchAll(/✗ failed/gu)].length, 6);
  });

  test("without its script has tables, says so, and runs nothing", () => {
    const plain = pageOf(result, {}, { script: null, sha256 });
    assert.doesNotMatch(plain, /<script/u);
    assert.match(plain, /script-src 'none'/u);
    assert.match(plain, /tables and no charts/u);
  });
});

describe("text of others", () => {
  const kernel = kernelExample();
  const hostile: Result = {
    ...kernel,
    scenario: { ...kernel.scenario, id: HOSTILE, title: HOSTILE, about: HOSTILE, source: [HOSTILE] },
    warnings: [HOSTILE],
    expectations: kernel.expectations.map((one) => ({ ...one, check: HOSTILE, because: HOSTILE, cite: HOSTILE, found: HOSTILE, place: HOSTILE })),
    runs: kernel.runs.map((run) => ({
      ...run, variant: `${run.variant}${HOSTILE}`, point: { [HOSTILE]: HOSTILE }, messages: { ...run.messages, dropped: { [HOSTILE]: 3 } },
      metrics: run.metrics.map((metric) => ({ ...metric, name: HOSTILE, from: HOSTILE, breakdowns: metric.breakdowns.map((band) => ({ ...band, segments: band.segments.map((one) => ({ ...one, step: HOSTILE, label: HOSTILE })) })) })),
      resources: run.resources.map((one) => ({ ...one, name: HOSTILE })), costs: run.costs.map((one) => ({ ...one, owner: HOSTILE })),
    })),
  };

  test("never becomes an element, an attribute or the end of a script, in a page of a run", () => {
    const page = pageOf(hostile, { sources: new Map([[HOSTILE, { title: HOSTILE, by: HOSTILE, year: null, where: HOSTILE, note: HOSTILE }]]), scenario: { name: HOSTILE, text: HOSTILE } });
    assert.doesNotMatch(page, /<img/u);
    assert.doesNotMatch(shown(page), /onerror="/u);
    assert.equal(page.match(/<\/script/giu)?.length, 2, "the ends of the data and of the script");
    const data = dataOf(page);
    assert.ok(data.kind === "run" && data.result.scenario.title === HOSTILE, "the data are whole");
    assert.ok((page.match(/&lt;img/gu)?.length ?? 0) > 40);
  });

  test("nor in a page of a comparison", () => {
    const page = comparePage({ results: [hostile], metric: null, differences: [], explored: EXPLORED.map((one) => ({ ...one, name: HOSTILE })), sources: new Map() }, TOOLS);
    assert.doesNotMatch(page, /<img/u);
    assert.equal(page.match(/<\/script/giu)?.length, 2);
  });
});

describe("the page of a comparison", () => {
  const results = [kernelExample(), fpgaExample()];
  const [baseline, ...others] = comparedPaths(results);
  assert.ok(baseline !== undefined);
  const differences = differencesFrom(baseline, others);
  const firsts = results.map((result) => ({ ...result, runs: result.runs.filter((run, index) => result.runs.findIndex((other) => other.variant === run.variant) === index) }));
  const page = comparePage({ results: firsts, metric: null, differences, explored: [], sources: SOURCES }, TOOLS);

  test("sets the paths side by side, and tells each difference with its interval and its parts", () => {
    for (const { name } of comparedPaths(results)) assert.ok(page.includes(`<th scope="row" class="text">${name}</th>`), name);
    for (const one of differences) {
      assert.ok(page.includes(`<h3>${one.name} against ${one.baseline}</h3>`));
      assert.ok(page.includes(`data-sort="${one.mean.deltaPs}"`));
    }
    assert.equal(page.match(/Where the difference between/gu)?.length, 2 * differences.reduce((sum, { bands }) => sum + bands.length, 0), "a caption and a name each");
  });

  test("has the data of its charts", () => {
    const charts = pageCharts(dataOf(page));
    assert.ok(charts.some(({ name }) => name.startsWith("difference-")));
    for (const { name } of charts) assert.ok(page.includes(`data-chart="${name}"`), name);
  });

  test("follows messages of the paths that were simulated for it, and says of which it has none", () => {
    const [first] = EXPLORED;
    assert.ok(first !== undefined);
    const messages = (explored: readonly Explored[]): string => /<section id="messages"[\s\S]*?<\/section>/u.exec(comparePage({ results: firsts, metric: null, differences, explored, sources: SOURCES }, TOOLS))?.[0] ?? "";
    const some = messages([{ ...first, name: "fpga-t2t/base" }]);
    assert.match(some, /Message 17 of fpga-t2t\/base: 900 ps/u);
    assert.match(some, /data-chart="message-0-0-timeline"/u);
    assert.match(some, /No messages of kernel-udp-t2t\/base; kernel-udp-t2t\/unmoderated; fpga-t2t\/speculative: only paths that were simulated/u);
    assert.match(messages([]), /^<section id="messages"[^]*No messages of kernel-udp-t2t\/base; [^]*<\/ul><\/section>$/u);
    assert.doesNotMatch(messages([]), /<select/u);
  });

  test("of several sweep points has a row for each difference, and its parts folded away", () => {
    const [kernel] = results;
    assert.ok(kernel !== undefined);
    const paths = comparedPaths([kernel], { everyPoint: true });
    const pairs = comparedPairs(paths, null) ?? [];
    const swept = differencesOfPairs(pairs, [{ of: 0.99, share: 0.01 }]);
    const whole = comparePage({ results: [kernel], metric: null, differences: swept, explored: [], sources: SOURCES }, TOOLS);
    const chapter = /<section id="differences"[\s\S]*?<\/section>/u.exec(whole)?.[0] ?? "";
    for (const [rate, one] of [["1 kpps", swept[0]], ["20 kpps", swept[1]]] as const) {
      assert.match(chapter, new RegExp(`<th scope="row" class="text">unmoderated</th><td class="text">base, ${rate}</td><td[^>]*>${rate}</td>`, "u"));
      assert.ok(chapter.includes(`<summary>unmoderated, ${rate} against base, ${rate}</summary>`));
      assert.ok(one !== undefined && one.mean.lowPs !== null && chapter.includes(`data-sort="${one.mean.deltaPs}"`));
    }
    assert.match(chapter, /Difference of p99 ± [\d.]+ %, asked ± 1\.0 % of what it was before: /u);
    assert.ok(pageCharts(dataOf(whole)).some(({ name }) => name === "change"));
  });

  test("of hundreds of paths stays below 5 MB, says what it leaves out, and draws what it has", () => {
    const [kernel] = results;
    assert.ok(kernel !== undefined);
    const many = heavy(kernel, 600);
    const differences = differencesOfPairs(comparedPairs(comparedPaths([many], { everyPoint: true }), null) ?? []);
    assert.ok(differences.length > 500);
    const large = comparePage({ results: [many], metric: null, differences, explored: [], sources: SOURCES }, BIG_TOOLS);
    assert.ok(Buffer.byteLength(large) < 5e6, `${Buffer.byteLength(large)} bytes`);
    assert.match(shown(large), /So that this page stays below 5 MB it has charts, costs and parts of \d+ of 600 runs/u);
    const charts = pageCharts(dataOf(large)).map(({ name }) => name);
    for (const kind of ["change", "load", "cdf", "steps", "difference"]) assert.ok(charts.some((name) => name.startsWith(kind)), kind);
    assert.deepEqual(new Set([...large.matchAll(/<figure class="chart" data-chart="([^"]+)"/gu)].map(([, name]) => name)), new Set(charts));
  });

  test("of nothing says that there is nothing", () => {
    assert.match(comparePage({ results: [], metric: null, differences: [], explored: [], sources: SOURCES }, TOOLS), /Nothing to compare/u);
  });
});
