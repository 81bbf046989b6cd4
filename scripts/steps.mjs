// What `npm start`, `npm test` and `npm run verify` share. Node built-ins only: it runs before anything is installed.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Runs Node with `args` in the project's folder, its output shown as it comes, and answers its exit code.
 * It gets no standard input: nothing here may stop to ask.
 */
export function node(args) {
  const { status, error } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "inherit", "inherit"] });
  if (error !== undefined) throw error;
  return status ?? 1;
}

function readPackages(path) {
  return JSON.parse(readFileSync(join(ROOT, path), "utf8")).packages;
}

/** Whether every package of the lock file is installed at its version. Compared by content: a checkout changes dates, not needs. */
function isInstalled() {
  if (!existsSync(join(ROOT, "node_modules/.package-lock.json"))) return false;
  const installed = readPackages("node_modules/.package-lock.json");
  const wanted = Object.entries(readPackages("package-lock.json")).filter(([path]) => path !== "");
  return wanted.every(([path, { version, optional }]) =>
    path in installed ? installed[path].version === version && (existsSync(join(ROOT, path)) || optional) : optional,
  );
}

/** Installs the locked packages unless they are there. Exits when it cannot, for nothing can follow. */
export function install() {
  if (isInstalled()) return;
  console.log("Installing the packages of package-lock.json (npm ci) …");
  const args = ["ci", "--include=dev", "--no-audit", "--no-fund"];
  const npm = process.env.npm_execpath;
  const command = npm === undefined ? ["npm", args] : [process.execPath, [npm, ...args]];
  const { status } = spawnSync(command[0], command[1], { cwd: ROOT, stdio: ["ignore", "inherit", "inherit"], shell: npm === undefined });
  if (status === 0) return;
  console.error("npm ci failed: see its message above; it needs a package registry within reach.");
  process.exit(status ?? 1);
}

/** Compiles what has changed since the last build, and makes the scripts of the pages and of the command line. Answers the exit code. */
export function build() {
  console.log("Building (tsc -b) …");
  for (const args of [["node_modules/typescript/bin/tsc", "-b"], ["scripts/build-page.mjs"], ["scripts/build-cli.mjs"]]) {
    const status = node(args);
    if (status !== 0) return status;
  }
  return 0;
}
