import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { shippedScenarios } from "../../scripts/shipped-scenarios.js";
import type { Explanation } from "../../src/experiment/index.js";
import type { Comparison, Result } from "../../src/result/index.js";
import { folderWith, SMALL, smallWith } from "../support/small-scenario.js";
import { PROJECT, spawnCli, type CliRun } from "../support/spawn-cli.js";

const folder = folderWith({ "small.yaml": SMALL, "other.yaml": smallWith(["id: small", "id: other"], ["cycles: 6", "cycles: 9"], ["[100 kpps, 200 kpps]", "[50 kpps, 200 kpps]"]) });
const cli = (...args: readonly string[]): Promise<CliRun> => spawnCli(args, { cwd: folder });

const namesIn = (table: string): string[] => [...table.matchAll(/^((?:small|other|base|slow)\S*) +[\d.]/gmu)].map((match) => match[1] ?? "");

describe("wirelat compare", () => {
  test("runs base variants at a sweep point that both have, and writes charts", async () => {
    const ran = await cli("compare", "small.yaml", "other.yaml", "--messages", "300");
    assert.equal(ran.code, 0, ran.stderr);
    assert.deepEqual(namesIn(ran.stdout), ["small", "other"]);
    assert.match(ran.stdout, /small \(delay, ticks\.rate = 200 kpps\)/u);
    const written = readdirSync(join(folder, "results/compare"));
    for (const name of ["compare.txt", "cdf.png", "cdf.svg", "waterfall.png"]) assert.ok(written.includes(name), `${name} is not among ${written.join(", ")}`);
  });

  test("FILE@VARIANT and --variant choose the variants", async () => {
    const [at, option] = await Promise.all([
      cli("compare", "small.yaml@base", "small.yaml@slow", "other.yaml", "--messages", "300", "--no-charts", "--out", "a"),
      cli("compare", "small.yaml", "other.yaml", "--variant", "slow", "--messages", "300", "--no-charts", "--out", "b"),
    ]);
    assert.deepEqual(namesIn(at.stdout), ["small/base", "small/slow", "other"]);
    assert.match(option.stdout, /^small +[\d.]/mu);
    const wrong = await cli("compare", "small.yaml", "--variant", "slwo");
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /no scenario here has a variant "slwo"[^]*Did you mean "slow"\?/u);
  });

  test("--metric chooses what is compared", async () => {
    const ran = await spawnCli(["compare", "scenarios/fpga-t2t.yaml", "--metric", "wire-to-wire", "--messages", "300", "--no-charts", "--out", join(folder, "c")]);
    assert.match(ran.stdout, /wire-to-wire is from box\.in@eof to box\.out@sof\./u);
    const wrong = await cli("compare", "small.yaml", "--messages", "300", "--metric", "dealy");
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /nothing here has a metric "dealy"; there are delay\. Did you mean "delay"\?/u);
  });

  test("sets results of earlier runs side by side, and JSON gives them back", async () => {
    await cli("run", "small.yaml", "--messages", "300", "--no-charts", "--out", "earlier", "--quiet");
    const [text, json] = await Promise.all([cli("compare", "earlier/small/result.json", "--no-charts"), cli("compare", "earlier/small", "--json")]);
    assert.deepEqual(namesIn(text.stdout), ["base", "slow"]);
    const comparison = JSON.parse(json.stdout) as Comparison;
    assert.deepEqual(comparison.results.map((result) => result.scenario.id), ["small"]);
    assert.deepEqual(comparison.differences.map(({ name, baseline, mean }) => [name, baseline, mean.distinct]), [["slow", "base", null]]);
    assert.equal(json.stderr, "");
  });

  test("sets sweep points side by side, each against the baseline there, and names those that there are", async () => {
    const [all, one, none, unnamed] = await Promise.all([
      cli("compare", "small.yaml@base", "small.yaml@slow", "--point", "all", "--messages", "600", "--out", "points"),
      cli("compare", "small.yaml", "--point", "rate=200kpps", "--messages", "300", "--json"),
      cli("compare", "small.yaml", "--point", "rate=300kpps"), cli("compare", "small.yaml", "--point", "200kpps"),
    ]);
    assert.equal(all.code, 0, all.stderr);
    assert.deepEqual([...all.stdout.matchAll(/^(\w+, \d+ kpps) +[\d.]+ /gmu)].map((match) => match[1]), ["base, 100 kpps", "base, 200 kpps", "slow, 100 kpps", "slow, 200 kpps"]);
    assert.match(all.stdout, /Differences by sweep point, in ns\n[^]*^slow, 100 kpps +base, 100 kpps +\+12\.41[^]*^slow, 200 kpps +base, 200 kpps +\+12\.41/mu);
    const written = readdirSync(join(folder, "points/compare"));
    for (const name of ["change.svg", "load.svg", "report.html"]) assert.ok(written.includes(name), `${name} is not among ${written.join(", ")}`);
    assert.deepEqual((JSON.parse(one.stdout) as Comparison).results.map(({ runs }) => runs.map(({ point }) => point)), [[{ "ticks.rate": "200 kpps" }]]);
    assert.deepEqual([none.code, unnamed.code], [2, 2]);
    assert.match(none.stderr, /small has no sweep point with ticks\.rate = 300kpps[^]*It has ticks\.rate = 100 kpps, or ticks\.rate = 200 kpps\./u);
    assert.match(unnamed.stderr, /--point 200kpps: expected a swept axis/u);
  });

  test("replicates both sides on the same seeds, and goes on until differences are as narrow as asked or the limit is reached", async () => {
    const busy = smallWith(["[100 kpps, 200 kpps]", "[4 Mpps]"], ["from: box.in@trigger", "from: intended"], ["{ box.parse.cycles: 6 }", "{ ticks.payload: 72 B }"]);
    writeFileSync(join(folder, "busy.yaml"), busy);
    const precise = (...more: readonly string[]): Promise<CliRun> => cli("compare", "busy.yaml@base", "busy.yaml@slow", "--messages", "1200", "--no-charts", "--out", `precise-${more.join("")}`, ...more);
    const [twice, reached, limited, other, alone] = await Promise.all([
      precise("--replications", "3"), precise("--precision", "mean=0.5%"), precise("--precision", "p99=0.001%", "--max-messages", "5000"), precise("--precision", "p90=1%"),
      cli("compare", "busy.yaml", "--precision", "mean=1%"),
    ]);
    assert.match(twice.stdout, /^base: 3 replications of 1,200 messages, 3,420 measured$[^]*Intervals of mean, p50, p99 from replications on the same seeds, pair by pair\./mu);
    assert.match(reached.stdout, /Difference of mean ± 0\.\d %, asked ± 0\.5 % of what it was before: reached\./u);
    assert.match(limited.stdout, /^slow: 4 replications of 1,200[^]*asked ± 0\.0 % of what it was before: not reached, because the limit of\n? *messages was: raise\n? *--max-messages\./mu);
    assert.match(other.stderr, /--precision asks for p90, but differences are told of mean, p50 and p99/u);
    assert.deepEqual([other.code, alone.code], [2, 2]);
    assert.match(alone.stderr, /--precision asks for the difference of paths that are both simulated here, and there is none/u);
  });

  test("gates on a change that is more than chance, and sets measured latencies beside simulated ones", async () => {
    const lines = Array.from({ length: 400 }, (_, index) => `${100 + (index % 7)} ns`);
    writeFileSync(join(folder, "measured.csv"), lines.join("\n"));
    let gates = 0;
    const gate = (...more: readonly string[]): Promise<CliRun> => cli("compare", "small.yaml@base", "small.yaml@slow", "--messages", "4000", "--no-charts", "--out", `gate-${++gates}`, ...more);
    const [slower, allowed, measured, named] = await Promise.all([
      gate("--fail-if", "mean > +5%"), gate("--fail-if", "mean > +50%"), gate("measured.csv", "--baseline", "measured"), gate("--baseline", "slwo"),
    ]);
    assert.equal(slower.code, 1, slower.stderr);
    assert.match(slower.stderr, /slow against base: mean went from [\d.]+ ns to [\d.]+ ns \(\+[\d.]+ %\), and mean > \+5% fails/u);
    assert.equal(allowed.code, 0, allowed.stderr);
    assert.match(measured.stdout, /^small\/base against measured$/mu);
    assert.equal(named.code, 2);
    assert.match(named.stderr, /--baseline slwo: nothing here has that name/u);
  });
});

describe("wirelat explain", () => {
  test("tells of single messages piece by piece, and refuses two selections at once", async () => {
    const [worst, one, both, wrong] = await Promise.all([
      cli("explain", "small.yaml", "--worst", "2", "--messages", "300"), cli("explain", "small.yaml", "--message", "7", "--json"),
      cli("explain", "small.yaml", "--message", "7", "--at", "p50"), cli("explain", "small.yaml", "--at", "median"),
    ]);
    assert.equal(worst.code, 0, worst.stderr);
    assert.equal(worst.stdout.match(/^Message \d+ of ticks on through, 64 B: delay [\d.]+ ns, box\.in@trigger to box\.out@sof/gmu)?.length, 2);
    assert.match(worst.stdout, /align/u);
    assert.match(one.stdout, /"message": 7/u);
    assert.equal(both.code, 2);
    assert.match(both.stderr, /--message, --worst and --at are given together/u);
    assert.match(wrong.stderr, /--at median: expected a percentile/u);
  });

  test("the zero-load budget of the kernel path adds to its published sum, line by line", async () => {
    const ran = await spawnCli(["explain", join(PROJECT, "scenarios/kernel-udp-t2t.yaml"), "--variant", "unmoderated", "--json"]);
    assert.equal(ran.code, 0, ran.stderr);
    const explanation = JSON.parse(ran.stdout) as Explanation;
    const metric = explanation.paths[0]?.metrics[0];
    assert.equal(metric?.floorPs, 7_701_641);
    assert.equal(metric.budget.reduce((sum, line) => sum + line.ps, 0), 7_701_641);
    assert.ok(metric.budget.every((line) => line.text !== "branches that do not bind"));
  });

  test("every number has a path, a text, a tag and a source; what the scenario says is told from defaults", async () => {
    const [json, text] = await Promise.all([cli("explain", "small.yaml", "--json"), cli("explain", "small.yaml")]);
    const explanation = JSON.parse(json.stdout) as Explanation;
    const numbers = explanation.paths.flatMap((path) => path.instructions.flatMap((one) => one.numbers));
    assert.ok(numbers.length > 5);
    for (const number of numbers) assert.ok(number.path !== "" && number.text !== "" && number.tag.length > 0 && number.source !== "", JSON.stringify(number));
    const trigger = numbers.find((number) => number.path === "box.parse.trigger");
    assert.deepEqual([trigger?.by, trigger?.text], ["scenario", "payload + 20 B"]);
    assert.equal(numbers.find((number) => number.path === "feed.rate")?.by, "default");
    assert.match(text.stdout, /Zero-load budget of delay, box\.in@trigger to box\.out@sof/u);
    assert.match(text.stdout, /wait for a clock edge +[\d.]+ ns +mean/u);
  });
});

describe("wirelat models and check", () => {
  test("models lists models, traffic and presets, and prints one of each", async () => {
    const [all, model, traffic, preset] = await Promise.all([cli("models"), cli("models", "nic/generic"), cli("models", "traffic/poisson"), cli("models", "nic/generic-10g")]);
    assert.match(all.stdout, /^Models\n[^]*nic\/generic [^]*^Traffic\n[^]*traffic\/poisson [^]*^Presets\n[^]*nic\/generic-10g /mu);
    assert.match(model.stdout, /Parameters\n[^]*estimated \S+ \S+ \.\. [^]*Operations\n[^]*rx/u);
    assert.match(traffic.stdout, /rate {2}event rate; default 100 kpps/u);
    assert.match(preset.stdout, /A preset of nic\/generic/u);
    const wrong = await cli("models", "nic/genric");
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /Did you mean "nic\/generic"\?/u);
  });

  test("check tells the runs of scenarios that are right, and runs and writes nothing", async () => {
    const ran = await cli("check", "small.yaml", "other.yaml");
    assert.equal(ran.code, 0, ran.stderr);
    assert.equal(ran.stdout, "small.yaml: ok, 4 runs, 2 expectations\nother.yaml: ok, 4 runs, 2 expectations\n");
    assert.ok(!existsSync(join(folder, "results/small")));
  });

  test("a folder stands for its scenarios and for those of the folders in it, but not for their presets", async () => {
    mkdirSync(join(folder, "set/questions"), { recursive: true });
    mkdirSync(join(folder, "set/hardware"), { recursive: true });
    writeFileSync(join(folder, "set/one.yaml"), smallWith(["id: small", "id: one"]));
    writeFileSync(join(folder, "set/questions/two.yaml"), smallWith(["id: small", "id: two"]));
    writeFileSync(join(folder, "set/hardware/part.yaml"), "preset: link/part\n");
    const ran = await cli("check", "set");
    assert.deepEqual([ran.code, ran.stdout], [0, "set/one.yaml: ok, 4 runs, 2 expectations\nset/questions/two.yaml: ok, 4 runs, 2 expectations\n"], ran.stderr);
  });
});

describe("the shipped scenarios", () => {
  const shipped = shippedScenarios().map(({ file }) => `scenarios/${file}`);

  // That each of them keeps its promises is tested elsewhere; here it is that several make one run.
  test("several of them run together, and each gives a result", async () => {
    const several = ["kernel-udp-t2t", "dpdk-t2t", "rdma-poll-byte", "fpga-t2t", "questions/q03"].map((id) => `scenarios/${id}.yaml`);
    const ran = await spawnCli(["run", ...several, "--json", "--quiet", "--messages", "400"]);
    assert.ok(ran.code === 0 || ran.code === 1, ran.stderr);
    const results = JSON.parse(ran.stdout) as Result[];
    assert.equal(results.length, several.length);
    for (const result of results) {
      assert.ok(result.runs.length > 0 && result.runs.every((run) => run.metrics.length > 0 && run.messages.completed > 0), result.scenario.id);
      assert.ok(result.expectations.length > 0, result.scenario.id);
    }
  });

  test("all of them pass the check", async () => {
    const ran = await spawnCli(["check", "scenarios"]);
    assert.equal(ran.code, 0, ran.stderr);
    assert.equal(ran.stdout.trimEnd().split("\n").length, shipped.length);
  });
});
