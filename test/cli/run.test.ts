import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { readResult, type Result } from "../../src/result/index.js";
import { folderWith, SMALL, smallWith } from "../support/small-scenario.js";
import { spawnCli, type CliRun } from "../support/spawn-cli.js";

const folder = folderWith({
  "small.yaml": SMALL,
  "failing.yaml": smallWith(["id: small", "id: failing"], ["copies(box) == 0", "copies(box) == 3"]),
  "more/second.yaml": smallWith(["id: small", "id: second"]),
  "more/third.yaml": smallWith(["id: small", "id: third"]),
});

const run = (...args: readonly string[]): Promise<CliRun> => spawnCli(["run", ...args], { cwd: folder });

function resultIn(text: string): Result {
  const read = readResult(text);
  assert.ok("result" in read, "problem" in read ? read.problem : "");
  return read.result;
}

const medians = (result: Result): (number | null | undefined)[] => result.runs.map((one) => one.metrics[0]?.percentiles[0]?.ps);

describe("wirelat run", () => {
  test("prints the report, writes result, summary and charts, names their relative paths, and exits with 0", async () => {
    const ran = await run("small.yaml", "--messages", "400");
    assert.equal(ran.code, 0, ran.stderr);
    assert.equal(ran.stderr, "");
    assert.match(ran.stdout, /^A small pipeline\n/u);
    assert.match(ran.stdout, /Expectations {2}2 held/u);
    const paths = [...ran.stdout.matchAll(/^ {2}(results\/small\/\S+)$/gmu)].map((match) => match[1] ?? "");
    for (const name of ["result.json", "summary.txt", "report.html", "cdf-delay.png", "cdf-delay.svg"]) assert.ok(paths.includes(`results/small/${name}`), `${name} is not among ${paths.join(", ")}`);
    assert.deepEqual(paths.map((path) => path.slice("results/small/".length)).sort(), readdirSync(join(folder, "results/small")).sort());
    for (const path of paths) {
      const bytes = readFileSync(join(folder, path));
      if (path.endsWith(".png")) assert.equal(bytes.toString("latin1", 1, 4), "PNG");
      if (path.endsWith(".svg")) assert.match(bytes.toString("utf8", 0, 200), /<svg /u);
    }
    const text = readFileSync(join(folder, "results/small/result.json"), "utf8");
    assert.equal(resultIn(text).runs.length, 4);
    assert.ok(!text.includes(folder), "the result names a folder of this machine");
    assert.match(readFileSync(join(folder, "results/small/summary.txt"), "utf8"), /Expectations {2}2 held/u);
  });

  test("--json prints the result and nothing else, writes nothing, and gives the same bytes again", async () => {
    const args = ["small.yaml", "--json", "--messages", "300"];
    const [first, again] = await Promise.all([run(...args), run(...args)]);
    assert.equal(first.code, 0, first.stderr);
    assert.equal(first.stderr, "");
    assert.equal(first.stdout, again.stdout);
    const result = resultIn(first.stdout);
    assert.deepEqual(result.runs.map((one) => `${one.variant} ${one.point["ticks.rate"]}`), ["base 100 kpps", "base 200 kpps", "slow 100 kpps", "slow 200 kpps"]);
    assert.equal(result.runs[0]?.messages.sent, 300);
    assert.equal(result.runs[0]?.messages.measured, 285);
    assert.ok(!existsSync(join(folder, "results/none")));
  });

  test("--replications merges runs and --precision makes as many as it needs; the report and the result say how many", async () => {
    const ran = await run("small.yaml", "--variant", "base", "--messages", "1000", "--replications", "3", "--no-charts");
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /^Replications .*\n\nbase, 100 kpps: 3 replications of 1,000 messages, 2,850 measured$/mu);
    const asked = await run("small.yaml", "--variant", "base", "--messages", "1000", "--json", "--precision", "mean=5%,p50=10%", "--precision", "p90=20%", "--max-messages", "20000");
    assert.equal(asked.code, 0, asked.stderr);
    const [first] = resultIn(asked.stdout).runs;
    assert.deepEqual([first?.seeds, first?.precision.map((one) => [one.of, one.asked, one.held])], [[1], [["mean", 0.05, true], ["p50", 0.1, true], ["p90", 0.2, true]]]);
  });

  test("--precision asks for one metric by its name, and a run may end by time and have intervals of another level", async () => {
    writeFileSync(join(folder, "timed.yaml"), smallWith(["id: small", "id: timed"], ["messages: 2000, warmup: 100", "time: 20 ms, confidence: 99%"], ["[100 kpps, 200 kpps]", "[100 kpps]"]));
    const ran = await run("timed.yaml", "--variant", "base", "--precision", "delay:p50=5%", "--no-charts");
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /^base, 100 kpps: 1 replication of [\d,]+ messages, [\d,]+ measured; p50 of delay ± [\d.]+ %, asked ± 5\.0 %$/mu);
    assert.match(ran.stdout, /99 % confidence interval/u);
    const wrong = await run("timed.yaml", "--precision", "dealy:p50=5%");
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /precision asks for the metric "dealy", but there are delay[^]*Did you mean "delay"\?/u);
  });

  for (const [args, message] of [
    [["--precision", "p98=2%"], "--precision p98=2%: expected mean, p50, p90, p99, p99.9, p99.99, then = and a share"],
    [["--precision", "mean=0%"], "--precision mean=0%: expected"],
    [["--precision", "mean=2"], "--precision mean=2: expected"],
    [["--precision", "p99"], "--precision p99: expected"],
    [["--precision", "p99=2%,p99=3%"], "--precision asks twice for the same statistic"],
    [["--precision", "delay:p99=2%,delay:p99=3%"], "--precision asks twice for the same statistic"],
    [["--precision", ":p99=2%"], "--precision :p99=2%: expected"],
    [["--max-messages", "5"], "--max-messages bounds what --precision may take"],
    [["--replications", "0"], "--replications 0: expected a whole number from 1"],
    [["--replications", "10001"], "--replications 10001: expected a whole number from 1 to 10000"],
  ] as const) {
    test(`refuses ${args.join(" ")}`, async () => {
      const { code, stderr } = await run("small.yaml", ...args);
      assert.equal(code, 2);
      assert.ok(stderr.includes(message) && stderr.includes("[option-value]"), stderr);
    });
  }

  test("--json --out writes the very bytes that it prints", async () => {
    const ran = await run("small.yaml", "--json", "--messages", "300", "--no-charts", "--out", "kept");
    assert.equal(ran.stdout, readFileSync(join(folder, "kept/small/result.json"), "utf8"));
    assert.deepEqual(readdirSync(join(folder, "kept/small")).sort(), ["result.json", "summary.txt"]);
  });

  test("the seed decides the random numbers, and each seed its own", async () => {
    const json = async (seed: string): Promise<string> => (await run("small.yaml", "--json", "--messages", "300", "--seed", seed)).stdout;
    const [one, same, other] = await Promise.all([json("5"), json("5"), json("6")]);
    assert.equal(one, same);
    assert.equal(resultIn(one).seed, 5);
    assert.notDeepEqual(resultIn(one).runs.map((it) => it.fingerprint), resultIn(other).runs.map((it) => it.fingerprint));
  });

  test("--set changes a parameter everywhere, and an axis that it sets is swept no longer", async () => {
    const [plain, set, axis] = await Promise.all([
      run("small.yaml", "--json", "--messages", "300"),
      run("small.yaml", "--json", "--messages", "300", "--set", "box.mac.tx.cycles=9", "--set", "feed.length=30 m"),
      run("small.yaml", "--json", "--messages", "300", "--set", "ticks.rate=150kpps"),
    ]);
    const [before, after, fixed] = [resultIn(plain.stdout), resultIn(set.stdout), resultIn(axis.stdout)];
    assert.ok(medians(after).every((median, index) => (median ?? 0) > (medians(before)[index] ?? Infinity)));
    assert.notEqual(before.inputs, after.inputs);
    assert.deepEqual(fixed.runs.map((one) => [one.variant, one.point]), [["base", {}], ["slow", {}]]);
  });

  test("--variant runs that variant alone and says which expectations were left out", async () => {
    const result = resultIn((await run("small.yaml", "--json", "--messages", "300", "--variant", "slow")).stdout);
    assert.deepEqual(new Set(result.runs.map((one) => one.variant)), new Set(["slow"]));
    assert.deepEqual(result.expectations, []);
    assert.ok(result.warnings.some((warning) => warning.startsWith("2 of 2 expectations speak of runs that were not made")));
  });

  test("an expectation that fails gives exit code 1; --quiet prints only it, with its place", async () => {
    const [loud, quiet] = await Promise.all([run("failing.yaml", "--no-charts", "--messages", "300"), run("failing.yaml", "--quiet", "--no-charts", "--messages", "300", "--out", "quiet")]);
    assert.equal(loud.code, 1);
    assert.match(loud.stdout, /✗ copies\(box\) == 3/u);
    assert.equal(quiet.code, 1);
    assert.equal(quiet.stdout, "");
    assert.match(quiet.stderr, /^failing\.yaml:30:14: copies\(box\) == 3 at ticks\.rate = 100 kpps: found 0 == 3\n/u);
  });

  test("several files, and all of a folder, run one after the other", async () => {
    const ran = await run("small.yaml", "more", "--json", "--messages", "200");
    assert.equal(ran.code, 0, ran.stderr);
    const results = JSON.parse(ran.stdout) as Result[];
    assert.deepEqual(results.map((result) => result.scenario.id), ["small", "second", "third"]);
  });

  test("charts of an earlier result do not stay beside a newer one", async () => {
    await run("small.yaml", "--messages", "200", "--out", "stale", "--variant", "base");
    assert.ok(existsSync(join(folder, "stale/small/steps-base.png")));
    await run("small.yaml", "--messages", "200", "--out", "stale", "--variant", "base", "--no-charts");
    assert.deepEqual(readdirSync(join(folder, "stale/small")).sort(), ["result.json", "summary.txt"]);
  });
});
