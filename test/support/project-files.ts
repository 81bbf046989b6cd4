import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { PROJECT } from "./spawn-cli.js";
import type { TextFile } from "./tidy.js";

const UNTRACKED = /^(node_modules|dist|\.git|\.wirelat-cache)\//;

/**
 * The files that belong to the project, as paths from its root: what git tracks or would track. Where there is no git (an
 * unpacked archive) every file but the installed and built ones.
 */
export function projectPaths(): readonly string[] {
  const paths = existsSync(join(PROJECT, ".git")) ? gitPaths() : walkedPaths();
  return paths.filter((path) => existsSync(join(PROJECT, path))).sort();
}

function gitPaths(): string[] {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const listing = execFileSync("git", args, { cwd: PROJECT, encoding: "utf8", maxBuffer: 1 << 26 });
  return [...new Set(listing.split("\0"))].filter((path) => path !== "");
}

function walkedPaths(): string[] {
  const entries = readdirSync(PROJECT, { recursive: true, encoding: "utf8" }).map((path) => path.replaceAll("\\", "/"));
  return entries.filter((path) => !UNTRACKED.test(path) && statSync(join(PROJECT, path)).isFile());
}

/** Size in bytes of one file of the project. */
export function fileSize(path: string): number {
  return statSync(join(PROJECT, path)).size;
}

/** The content of those of `paths` that hold text; a zero byte marks the others. */
export function readTexts(paths: readonly string[]): readonly TextFile[] {
  const contents = paths.map((path) => ({ path, content: readFileSync(join(PROJECT, path)) }));
  return contents.filter(({ content }) => !content.includes(0)).map(({ path, content }) => ({ path, text: content.toString("utf8") }));
}
