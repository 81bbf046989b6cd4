// Goal: `wirelat run --all` finds every scenario below a folder, says of each in one line how it did, and ends with the right code.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { readResult } from "../../src/result/index.js";
import { folderWith, SMALL, smallWith } from "../support/small-scenario.js";
import { PROJECT, spawnCli } from "../support/spawn-cli.js";

const other = (id: string): string => smallWith(["id: small", `id: ${id}`]);
const folder = folderWith({
  "good/small.yaml": SMALL,
  "good/questions/q1.yaml": other("q1"),
  "good/hardware/fpga/own.yaml": "preset: fpga/own\nmodel: fpga/pipeline\ntitle: Mine\nabout: Mine.\nparams: {}\n",
  "mixed/small.yaml": SMALL,
  "mixed/deep/failing.yaml": smallWith(["id: small", "id: failing"], ["copies(box) == 0", "copies(box) == 3"]),
  "empty/hardware/fpga/own.yaml": "preset: fpga/own\n",
});

const all = (...args: readonly string[]) => spawnCli(["run", ...args, "--all", "--messages", "300"], { cwd: folder });

describe("wirelat run --all", () => {
  test("runs what lies below too, a line each and a total, passes presets over, and writes nothing", async () => {
    const ran = await all("good");
    assert.equal(ran.code, 0, ran.stderr);
    assert.deepEqual(ran.stdout.trimEnd().split("\n"), [
      "ok         2 of 2 held,   4 runs  small: A small pipeline",
      "ok         2 of 2 held,   4 runs  q1: A small pipeline",
      "2 scenarios, 4 of 4 expectations held",
    ]);
    assert.ok(!existsSync(join(folder, "results")));
  });

  test("marks what failed, says what was found, goes on with the rest, and exits with 1", async () => {
    const ran = await all("mixed");
    assert.equal(ran.code, 1, ran.stderr);
    assert.match(ran.stdout, /^ok {9}2 of 2 held, {3}4 runs {2}small: .*\nFAILED {5}1 of 3 held, {3}4 runs {2}failing: .*\n2 scenarios, 3 of 5 expectations held; failed: failing\n$/u);
    assert.match(ran.stderr, /^mixed\/deep\/failing\.yaml:\d+:\d+: copies\(box\) == 3.*: found 0/u);
  });

  test("writes results where --out says so, and --json prints them all", async () => {
    const ran = await all("good", "--out", "kept", "--json", "--no-charts");
    assert.equal(ran.code, 0, ran.stderr);
    const results = JSON.parse(ran.stdout) as unknown[];
    assert.deepEqual(results.map((one) => "result" in readResult(JSON.stringify(one))), [true, true]);
    assert.ok(existsSync(join(folder, "kept/q1/result.json")));
  });

  test("refuses a folder with nothing but presets", async () => {
    const ran = await all("empty");
    assert.equal(ran.code, 2);
    assert.match(ran.stderr, /empty holds no scenario: no file in it ends in \.yaml.*\[file-unreadable\]/su);
  });

  test("without a folder runs what comes with the package, from wherever it is asked", async () => {
    const ran = await spawnCli(["run", "--all", "--messages", "20", "--variant", "base"], { cwd: folder });
    assert.notEqual(ran.code, 2, ran.stderr);
    assert.match(ran.stdout, /kernel-udp-t2t: /u);
    assert.ok(!ran.stdout.includes(PROJECT));
  });
});
