import assert from "node:assert/strict";
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { assertGolden } from "../support/golden-file.js";
import { folderWith, SMALL, smallWith } from "../support/small-scenario.js";
import { spawnCli, type CliRun } from "../support/spawn-cli.js";

const folder = folderWith({
  "small.yaml": SMALL,
  "twin.yaml": SMALL,
  "broken.yaml": smallWith(["length: 3 m", "lenght: 3 m"], ["rate: 100 kpps", "rate: 100"], ["slow: { box.parse.cycles: 6 }", "slow: { box.prase.cycles: 6 }"], ["p50(delay/slow)", "p50(delay/fast)"]),
  "dead.yaml": smallWith(["box: { use: fpga/ull-10g }", "box: { use: fpga/ull-10g, risk.cycles: 2 }"]),
  "lost.yaml": smallWith(["copies(box) == 0", "p50(delay) < p50(nowhere:delay)"]),
  "not.json": "{}",
  "old.json": '{"schema":"wirelat/result/0"}',
  "empty/readme.txt": "no scenario",
});

const cli = (...args: readonly string[]): Promise<CliRun> => spawnCli(args, { cwd: folder });

/** Every refusal: exit code 2, nothing on standard output, and what standard error says. */
async function refused(args: readonly string[], pattern: RegExp): Promise<void> {
  const ran = await cli(...args);
  assert.equal(ran.code, 2, `${args.join(" ")}: ${ran.stdout}${ran.stderr}`);
  assert.equal(ran.stdout, "");
  assert.match(ran.stderr, pattern);
}

describe("wrong input", () => {
  test("every error of a broken scenario is shown with place, excerpt, remedy and code", async () => {
    const ran = await cli("run", "broken.yaml");
    assert.equal(ran.code, 2);
    assert.equal(ran.stdout, "");
    assertGolden("cli/broken.txt", ran.stderr);
  });

  test("check prints the errors of all files together, as text and as JSON", async () => {
    const [text, json] = await Promise.all([cli("check", "broken.yaml", "dead.yaml", "small.yaml"), cli("check", "broken.yaml", "dead.yaml", "--json")]);
    assert.equal(text.code, 2);
    assert.match(text.stderr, /broken\.yaml:\d+:\d+[^]*dead\.yaml:\d+:\d+/u);
    const { errors } = JSON.parse(json.stderr) as { errors: { code: string; place: { file: string; line: number } }[] };
    assert.deepEqual(errors.at(-1), { ...errors.at(-1), code: "parameter-dead", place: { ...errors.at(-1)?.place, file: "dead.yaml", line: 6 } });
    assert.equal(json.stdout, "");
  });

  test("a parameter that nothing rests on is an error at the place where it stands", async () => {
    await refused(["run", "dead.yaml"], /^dead\.yaml:6:\d+ {2}\S*\n {2}box\.risk\.cycles is given, but no step of any path rests on it/u);
    await refused(["run", "small.yaml", "--set", "box.risk.cycles=2"], /^--set:1:1[^]*\[parameter-dead\]/u);
  });

  test("an expectation about a scenario that is nowhere is an error", () => refused(["run", "lost.yaml"], /refers to the scenario nowhere[^]*\[reference-unknown\]/u));
  test("two scenarios with one id are refused", () => refused(["run", "small.yaml", "twin.yaml"], /small\.yaml and twin\.yaml both have the id small/u));
  test("a variant that does not exist is refused with the nearest name", () => refused(["run", "small.yaml", "--variant", "slwo"], /has no variant "slwo"; it has base, slow\. Did you mean "slow"\?/u));
  test("a file that does not exist is refused", () => refused(["run", "none.yaml"], /none\.yaml cannot be read: there is no such file/u));
  test("a folder without scenarios is refused", () => refused(["run", "empty"], /empty holds no scenario/u));
  test("run without a file says what is missing", () => refused(["run"], /no scenario file was named/u));
  test("compare refuses what is no result, and a result of another format", async () => {
    await refused(["compare", "not.json"], /not\.json is not a result of wirelat run: it has no "schema"/u);
    await refused(["compare", "old.json"], /its format is "wirelat\/result\/0"[^]*\[result-version\]/u);
    await refused(["compare", "none.json"], /none\.json cannot be read: there is no such file/u);
  });

  test("a folder that cannot be written is refused", { skip: process.getuid?.() === 0 ? "the superuser may write everywhere" : false }, async () => {
    mkdirSync(join(folder, "locked"));
    chmodSync(join(folder, "locked"), 0o500);
    await refused(["run", "small.yaml", "--quiet", "--out", "locked"], /locked\/small cannot be written/u);
  });
});

describe("wrong command lines", () => {
  test("no command", () => refused([], /no command was given\. The commands are run, compare, explain, models, describe, schema, new, check/u));
  test("only options, none of which is a command", () => refused(["--seed", "1"], /no command was given/u));
  test("an unknown command, with the nearest one", () => refused(["rnu", "x.yaml"], /wirelat has no command "rnu"\. Did you mean "wirelat run"\?/u));
  test("a file where a command belongs", () => refused(["small.yaml"], /Did you mean "wirelat run small\.yaml"\?/u));
  test("an unknown option, with the nearest one", () => refused(["run", "small.yaml", "--mesages", "5"], /wirelat run has no option --mesages\. Did you mean --messages\?/u));
  test("an option of another command", () => refused(["models", "--seed", "1"], /wirelat models has no option --seed/u));
  for (const value of ["abc", "-1", "1.5", "1e3", "", "9007199254740993"]) {
    test(`a seed of ${JSON.stringify(value)}`, () => refused(["run", "small.yaml", "--seed", value], /--seed/u));
  }
  test("no messages", () => refused(["run", "small.yaml", "--messages", "0"], /--messages 0: expected a whole number from 1/u));
  test("a seed that is given twice", () => refused(["run", "small.yaml", "--seed", "1", "--seed", "2"], /--seed is given 2 times/u));
  test("--set without a value, twice the same, and of nothing", async () => {
    await refused(["run", "small.yaml", "--set", "box.clock"], /--set box\.clock: expected a dotted path, "=" and a value/u);
    await refused(["run", "small.yaml", "--set", "a.b=1", "--set", "a.b=2"], /--set gives a\.b twice/u);
    await refused(["run", "small.yaml", "--set", "box.prase.cycles=2"], /\[override-unknown\]/u);
  });
});
