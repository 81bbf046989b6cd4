import { readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** A package as it lies in a folder node_modules. */
export interface FoundPackage {
  readonly folder: string;
  /** The file that it gives to whoever imports it. */
  readonly entry: string;
  /** It works with wirelat, and so must get this very copy. */
  readonly usesWirelat: boolean;
}

/** What of package.json decides. */
interface Manifest {
  readonly main?: string;
  readonly exports?: unknown;
  readonly dependencies?: object;
  readonly peerDependencies?: object;
}

const NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/u;
const CONDITIONS = ["node", "import", "module-sync", "require", "default"];

export const isPackageName = (text: string): boolean => NAME.test(text);

export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** The package of that name in the nearest node_modules of `from` and the folders above it, as Node looks for it; null when there is none. */
export function findPackage(name: string, from: string): FoundPackage | null {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", name);
    if (isFile(join(candidate, "package.json"))) return packageIn(candidate);
    if (folder === dirname(folder)) return null;
  }
}

function packageIn(folder: string): FoundPackage {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  const target = exported(manifest.exports) ?? manifest.main ?? "index.js";
  const usesWirelat = "wirelat" in { ...manifest.dependencies, ...manifest.peerDependencies };
  return { folder, entry: join(folder, target), usesWirelat };
}

/** What `exports` of a package says of the package itself; the first condition that applies, in the order written. */
function exported(exports: unknown): string | null {
  if (typeof exports === "string") return exports;
  if (typeof exports !== "object" || exports === null) return null;
  const map = exports as Readonly<Record<string, unknown>>;
  if ("." in map) return exported(map["."]);
  const condition = Object.keys(map).find((key) => CONDITIONS.includes(key));
  return condition === undefined ? null : exported(map[condition]);
}

/** The file that a relative import means: as written, in TypeScript where it says JavaScript, or with the ending it lacks. */
export function findRelative(specifier: string, from: string): string | null {
  const path = join(dirname(from), specifier);
  const candidates = [path, path.replace(/\.js$/u, ".ts"), path.replace(/\.mjs$/u, ".mts"), `${path}.ts`, `${path}.js`, join(path, "index.ts"), join(path, "index.js")];
  return candidates.find(isFile) ?? null;
}

