import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { readResult } from "../../src/result/index.js";
import { folderWith, SMALL, smallWith } from "../support/small-scenario.js";
import { PROJECT, spawnCli } from "../support/spawn-cli.js";

const ENTRY = join(PROJECT, "dist/cli/main.js");
const LONG = smallWith(["messages: 2000", "messages: 60000"], ["[100 kpps, 200 kpps]", "[100 kpps, 110 kpps, 120 kpps, 130 kpps, 140 kpps, 150 kpps, 160 kpps, 170 kpps, 180 kpps, 190 kpps]"]);
const folder = folderWith({ "small.yaml": SMALL, "long.yaml": smallWith(["id: small", "id: long"]).replace(SMALL.slice(SMALL.indexOf("run:")), LONG.slice(LONG.indexOf("run:"))) });

/** Without a terminal nothing may hold an escape code. */
const ESCAPE = /\u001b/u;

describe("what the process prints and how it ends", () => {
  test("in a pipe there is no colour and no rewritten line; FORCE_COLOR brings colour back", async () => {
    const args = ["run", "small.yaml", "--no-charts", "--messages", "200"];
    const [plain, forced] = await Promise.all([spawnCli(args, { cwd: folder, env: { NO_COLOR: undefined } }), spawnCli(args, { cwd: folder, env: { NO_COLOR: undefined, FORCE_COLOR: "1" } })]);
    assert.doesNotMatch(plain.stdout + plain.stderr, ESCAPE);
    assert.match(forced.stdout, ESCAPE);
  });

  test("a reader that goes away ends the printing, not the work, and is no error", async () => {
    const child = spawn("sh", ["-c", `"$0" "$1" run small.yaml --no-charts --messages 300 --out piped | head -n 1; echo done >&2`, process.execPath, ENTRY], { cwd: folder });
    let [out, err] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
    await new Promise((resolve) => child.on("close", resolve));
    assert.equal(out, "A small pipeline\n");
    assert.equal(err, "done\n");
    assert.ok("result" in readResult(readFileSync(join(folder, "piped/small/result.json"), "utf8")));
  });

  test("Ctrl-C ends with 130 and keeps the runs that were finished", async () => {
    const child = spawn(process.execPath, [ENTRY, "run", "long.yaml", "--no-charts", "--out", "stopped"], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    let [out, err] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
    const timer = setTimeout(() => child.kill("SIGINT"), 1500);
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
    clearTimeout(timer);
    assert.equal(code, 130, `${out}${err}`);
    const read = readResult(readFileSync(join(folder, "stopped/long/result.json"), "utf8"));
    assert.ok("result" in read);
    const { runs, warnings } = read.result;
    assert.ok(runs.length > 0 && runs.length < 20, `${runs.length} runs`);
    assert.ok(runs.every((run) => run.messages.completed === 60_000));
    assert.ok(warnings.includes(`Interrupted after ${runs.length} of 20 runs.`), warnings.join("\n"));
    assert.match(out, /Interrupted after/u);
  });

  test("--version, --help with examples, and completion answer on standard output", async () => {
    const [version, help, runHelp, script, names] = await Promise.all([
      spawnCli(["--version"]), spawnCli(["--help"]), spawnCli(["run", "--help"]), spawnCli(["completion"]), spawnCli(["--get-yargs-completions", "wirelat", ""]),
    ]);
    const { version: packaged } = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")) as { version: string };
    assert.equal(version.stdout, `${packaged}\n`);
    assert.match(help.stdout, /wirelat compare [^]*Examples:[^]*Exit codes: 0 all held/u);
    assert.match(runHelp.stdout, /--set [^]*Examples:/u);
    assert.match(script.stdout, /wirelat/u);
    assert.match(names.stdout, /^run/mu);
    for (const one of [version, help, runHelp, script, names]) assert.deepEqual([one.code, one.stderr], [0, ""]);
  });
});
