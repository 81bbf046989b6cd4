import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { readResult, type Result } from "../../src/result/index.js";
import { folderWith, SMALL, smallWith } from "../support/small-scenario.js";
import { PROJECT, spawnCli } from "../support/spawn-cli.js";

const ENTRY = join(PROJECT, "dist/cli/main.js");
const LONG = smallWith(["messages: 2000", "messages: 200000"], ["[100 kpps, 200 kpps]", "[100 kpps, 110 kpps, 120 kpps, 130 kpps, 140 kpps, 150 kpps, 160 kpps, 170 kpps, 180 kpps, 190 kpps]"]);
const folder = folderWith({ "small.yaml": SMALL, "long.yaml": smallWith(["id: small", "id: long"]).replace(SMALL.slice(SMALL.indexOf("run:")), LONG.slice(LONG.indexOf("run:"))) });

/** Without a terminal nothing may hold an escape code. */
const ESCAPE = /\u001b/u;

/** The result that an interrupted command has left; null where it left none. */
function kept(id: string): Result | null {
  const file = join(folder, "stopped", id, "result.json");
  if (!existsSync(file)) return null;
  const read = readResult(readFileSync(file, "utf8"));
  assert.ok("result" in read);
  return read.result;
}

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

  // The signal is sent once the first scenario has been written, so that neither a slow nor a fast machine decides what is seen.
  test("Ctrl-C ends with 130 and keeps the runs that were finished", async () => {
    const child = spawn(process.execPath, [ENTRY, "run", "small.yaml", "long.yaml", "--no-charts", "--out", "stopped"], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    let [out, err] = ["", ""];
    child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (!out.includes("Written") && (out + text).includes("Written")) setTimeout(() => child.kill("SIGINT"), 700);
      out += text;
    });
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
    assert.equal(code, 130, `${out}${err}`);
    assert.equal(err, "");
    assert.equal(kept("small")?.runs.length, 4);
    const long = kept("long");
    if (long === null) return;
    assert.ok(long.runs.length > 0 && long.runs.length < 20 && long.runs.every((run) => run.messages.completed === 200_000), `${long.runs.length} runs`);
    assert.ok(long.warnings.includes(`Interrupted after ${long.runs.length} of 20 runs.`), long.warnings.join("\n"));
    assert.match(out, /Interrupted after/u);
  });

  test("Ctrl-C while tables are written keeps the result and leaves no half of a table behind", async () => {
    const child = spawn(process.execPath, [ENTRY, "run", "small.yaml", "--messages", "400000", "--variant", "base", "--no-charts", "--csv", "--parquet", "--out", "cut"], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    const written = (): string[] => readdirSync(join(folder, "cut/small"));
    child.stdout.once("data", () => {
      const look = setInterval(() => {
        if (!existsSync(join(folder, "cut/small")) || !written().some((name) => name.endsWith(".csv.part"))) return;
        clearInterval(look);
        child.kill("SIGINT");
      }, 20);
      child.once("close", () => clearInterval(look));
    });
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
    assert.equal(code, 130);
    assert.deepEqual(written().sort(), ["result.json", "summary.txt"]);
  });

  test("--version, --help with examples, and completion answer on standard output", async () => {
    const [version, help, short, runHelp, script, names] = await Promise.all([
      spawnCli(["--version"]), spawnCli(["--help"]), spawnCli(["-h"]), spawnCli(["run", "--help"]), spawnCli(["completion"]), spawnCli(["--get-yargs-completions", "wirelat", ""]),
    ]);
    const { version: packaged } = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")) as { version: string };
    assert.equal(version.stdout, `${packaged}\n`);
    assert.match(help.stdout, /wirelat compare [^]*Examples:[^]*Exit codes: 0 all held/u);
    assert.equal(short.stdout, help.stdout);
    assert.match(runHelp.stdout, /--set [^]*Examples:/u);
    assert.match(script.stdout, /wirelat/u);
    assert.match(names.stdout, /^run/mu);
    for (const one of [version, help, short, runHelp, script, names]) assert.deepEqual([one.code, one.stderr], [0, ""]);
  });
});
