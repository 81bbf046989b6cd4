import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { PROJECT } from "./spawn-cli.js";
import type { TextFile } from "./tidy.js";

/** What .gitignore keeps out, for the case without git. */
const UNTRACKED = /^(node_modules|dist|\.git|\.wirelat-cache)(\/|$)|\.(tgz|tsbuildinfo|cpuprofile)$|\.changed(\.|$)/;

/**
 * The files that belong to the project, as paths from its root: what git tracks or would track. Where git does not answer (an
 * unpacked archive, a container without it) every file but the installed and built ones.
 */
export function projectPaths(): readonly string[] {
  const paths = gitPaths() ?? walkedPaths();
  return paths.filter((path) => existsSync(join(PROJECT, path))).sort();
}

function gitPaths(): string[] | undefined {
  // Without a .git of its own an archive unpacked inside another repository would get that one's answer.
  if (!existsSync(join(PROJECT, ".git"))) return undefined;
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const { status, stdout } = spawnSync("git", args, { cwd: PROJECT, encoding: "utf8", maxBuffer: 1 << 26 });
  return status === 0 ? [...new Set(stdout.split("\0"))].filter((path) => path !== "") : undefined;
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
