import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
export const REFERENCE = join(ROOT, "results/reference");

/** Names of the shipped scenarios, without folder and ending. */
export function shippedScenarios(): string[] {
  return readdirSync(join(ROOT, "scenarios")).flatMap((name) => (name.endsWith(".yaml") ? [name.slice(0, -".yaml".length)] : []));
}

/** Runs a shipped scenario in full as a user would, without charts; the path of the summary it writes. */
export function runForSummary(id: string, out: string): string {
  const args = [join(ROOT, "dist/cli/main.js"), "run", `scenarios/${id}.yaml`, "--no-charts", "--quiet", "--out", out];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8", timeout: 120_000, env: { ...process.env, NO_COLOR: "1" } });
  if (status !== 0) throw new Error(`wirelat run ${id} ended with exit code ${String(status)}\n${stderr}`);
  return join(out, id, "summary.txt");
}

function main(): void {
  const out = mkdtempSync(join(tmpdir(), "wirelat-reference-"));
  rmSync(REFERENCE, { recursive: true, force: true });
  mkdirSync(REFERENCE, { recursive: true });
  for (const id of shippedScenarios()) copyFileSync(runForSummary(id, out), join(REFERENCE, `${id}.txt`));
  rmSync(out, { recursive: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
