import { closeSync, constants, fstatSync, openSync, readdirSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { readWhole } from "../capture/index.js";
import { WirelatError } from "../errors/index.js";
import type { FileAccess, FileFolder } from "./files.js";

/** Nobody keeps more files than this beside a scenario on purpose. */
const MOST_LISTED = 10_000;
const DEEPEST_LISTED = 8;

/** The scenarios that come with the package. */
export const BUNDLED_FOLDER = fileURLToPath(new URL("../../scenarios/", import.meta.url));

/** A scenario file on disk: its name in its folder, and the access that `readScenario` takes. */
export function openScenarioFile(path: string, bundled: string = BUNDLED_FOLDER): { readonly file: string; readonly access: FileAccess } {
  const folder = dirname(resolve(path));
  // A scenario of the package reads the whole of what the package brings, from wherever in it.
  const inside = relative(resolve(bundled), folder);
  const root = inside === "" || (!inside.startsWith("..") && !inside.startsWith(sep)) ? resolve(bundled) : folder;
  const shown = root === folder ? dirname(path) : join(dirname(path), relative(folder, root));
  return {
    file: relative(root, join(folder, basename(path))).split(sep).join("/"),
    access: { own: diskFolder(root, shown), bundled: diskFolder(resolve(bundled), "scenarios") },
  };
}

/** The files of a folder and below, as they are on disk. Symbolic links that lead out of it are refused. */
export function diskFolder(root: string, shown: string): FileFolder {
  const label = (name: string): string => join(shown, name).split(sep).join("/");
  return {
    label,
    path: (name) => resolve(root, name),
    has: (name) => isFile(join(root, name)),
    list: (folder, ending) => listed(root, folder, ending),
    read: (name, limit) => readConfined({ root, name, label: label(name) }, limit),
  };
}

interface Wanted {
  readonly root: string;
  readonly name: string;
  readonly label: string;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function readConfined({ root, name, label }: Wanted, limit: number): Uint8Array {
  const real = withReason(label, () => realpathSync(join(root, name)));
  if (!real.startsWith(`${realpathSync(root)}${sep}`)) {
    throw new WirelatError("file-outside", `${label} is a link out of the folder of the scenario`, { remedy: "Copy the file into the folder." });
  }
  // Without O_NONBLOCK, opening a named pipe waits for a writer that may never come.
  const file = withReason(label, () => openSync(real, constants.O_RDONLY | constants.O_NONBLOCK));
  try {
    const status = fstatSync(file);
    if (!status.isFile()) throw unreadable(label, "it is not a regular file");
    if (status.size > limit) throw unreadable(label, `it has ${status.size} bytes, and at most ${limit} are read`);
    return withReason(label, () => readWhole(file, status.size));
  } finally {
    closeSync(file);
  }
}

function listed(root: string, folder: string, ending: string): readonly string[] {
  const names: string[] = [];
  const visit = (name: string, depth: number): void => {
    if (depth > DEEPEST_LISTED || names.length > MOST_LISTED) return;
    for (const entry of entriesOf(join(root, name))) {
      const path = `${name}/${entry.name}`;
      if (entry.isDirectory()) visit(path, depth + 1);
      else if (entry.name.endsWith(ending)) names.push(path);
    }
  };
  visit(folder, 0);
  return names.sort();
}

function entriesOf(path: string): readonly { name: string; isDirectory(): boolean }[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return readdirSync(path, { withFileTypes: true });
}

function withReason<Result>(label: string, action: () => Result): Result {
  try {
    return action();
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    throw unreadable(label, code === "ENOENT" ? "there is no such file" : code === "EACCES" ? "its permissions forbid it" : code === "EISDIR" ? "it is a folder" : String(code ?? cause));
  }
}

function unreadable(label: string, problem: string): WirelatError {
  return new WirelatError("file-unreadable", `${label} cannot be read: ${problem}`, { remedy: "Check the path and its permissions." });
}
