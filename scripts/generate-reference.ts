import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { shippedScenarios, type Shipped } from "./shipped-scenarios.js";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
export const REFERENCE = join(ROOT, "results/reference");

/** Runs a shipped scenario in full as a user would, without charts; the path of the summary it writes. */
export function runForSummary({ id, file }: Shipped, out: string): string {
  const args = [join(ROOT, "dist/cli/main.js"), "run", `scenarios/${file}`, "--no-charts", "--quiet", "--out", out];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8", timeout: 120_000, env: { ...process.env, NO_COLOR: "1" } });
  if (status !== 0) throw new Error(`wirelat run ${file} ended with exit code ${String(status)}\n${stderr}`);
  return join(out, id, "summary.txt");
}

/** All of them, or those whose ids are named. */
function main(wanted: readonly string[]): void {
  const out = mkdtempSync(join(tmpdir(), "wirelat-reference-"));
  if (wanted.length === 0) rmSync(REFERENCE, { recursive: true, force: true });
  mkdirSync(REFERENCE, { recursive: true });
  const chosen = shippedScenarios().filter(({ id }) => wanted.length === 0 || wanted.includes(id));
  for (const shipped of chosen) copyFileSync(runForSummary(shipped, out), join(REFERENCE, `${shipped.id}.txt`));
  rmSync(out, { recursive: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.slice(2));
