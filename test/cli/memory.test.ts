// Goal: a run holds as much memory after millions of messages as after a few hundred thousand, and its page stays small. Method: processes of their own
// that tell their largest resident set when they end; of two runs the smaller, because when the collector comes is chance.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { readResult } from "../../src/result/index.js";
import { folderWith } from "../support/small-scenario.js";
import { PROJECT } from "../support/spawn-cli.js";

// Without its expectations, some of which are about runs of other scenarios, which would be made, too.
const [ALONE = ""] = readFileSync(join(PROJECT, "scenarios/fpga-t2t.yaml"), "utf8").split("\nexpect:");
const folder = folderWith({ "alone.yaml": ALONE });
const TELL = 'data:text/javascript,process.on("exit",()=>process.stderr.write("peak "+process.resourceUsage().maxRSS))';
const [SHORT, LONG] = [400_000, 4_000_000];
const MB = 1e6;

/** Peak memory in bytes of a run of the FPGA scenario with so many messages. */
function peakOf(messages: number, ...options: readonly string[]): number {
  const args = ["--import", TELL, "dist/cli/main.js", "run", join(folder, "alone.yaml"), "--variant", "base", "--messages", String(messages), "--quiet", "--out", join(folder, String(messages)), ...options];
  const { stderr } = spawnSync(process.execPath, args, { cwd: PROJECT, encoding: "utf8", env: { ...process.env, NODE_OPTIONS: undefined, NODE_TEST_CONTEXT: undefined } });
  const [, kibibytes] = /peak (\d+)$/u.exec(stderr) ?? [];
  assert.ok(kibibytes !== undefined, stderr);
  const read = readResult(readFileSync(join(folder, String(messages), "fpga-t2t/result.json"), "utf8"));
  assert.ok("result" in read && read.result.runs[0]?.messages.completed === messages);
  return Number(kibibytes) * 1024;
}

describe("the memory of a run", () => {
  test("does not grow with its messages, and stays below 150 MB without charts", () => {
    const [short, long] = [SHORT, LONG].map((messages) => Math.min(peakOf(messages, "--no-charts"), peakOf(messages, "--no-charts"))) as [number, number];
    assert.ok(long <= 150 * MB, `${Math.round(long / MB)} MB`);
    assert.ok(long <= 1.2 * short, `${Math.round(long / MB)} MB after ${LONG} messages, ${Math.round(short / MB)} MB after ${SHORT}`);
  });

  test("does not grow with charts and page either, and the page stays small", () => {
    const [short, long] = [peakOf(SHORT), peakOf(LONG)];
    assert.ok(long <= 1.2 * short, `${Math.round(long / MB)} MB after ${LONG} messages, ${Math.round(short / MB)} MB after ${SHORT}`);
    assert.ok(readFileSync(join(folder, String(LONG), "fpga-t2t/report.html")).length < 5 * MB);
  });
});
