import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";

/** What `npm run build` makes of command-line.js and everything that it imports: one script, an expression whose value is a function. */
export const BUNDLE = fileURLToPath(new URL("bundle.cjs", import.meta.url));
/** What V8 made of the script when it was built. Another version of Node, or another machine, makes it anew. */
export const CODE_CACHE = `${BUNDLE}.${process.version}-${process.platform}-${process.arch}.cache`;
/** What the compiler leaves beside what it has compiled; a package has none of them. */
const BUILDS = ["../src.tsbuildinfo", "../engine.tsbuildinfo"].map((name) => new URL(name, import.meta.url));

interface Exports {
  readonly commandLine: (args: readonly string[]) => Promise<number>;
}

/** What a module has of itself, the script is given. */
type Body = (module: { exports: Exports }, require: NodeJS.Require, importModule: (name: string) => Promise<unknown>, moduleUrl: string) => void;

/** The script of the whole command line, loaded in a third of the time that its modules take; null where there is none of this build. */
export function readBundle(): { readonly exports: Exports; readonly script: Script } | null {
  if (!isOfThisBuild()) return null;
  const cachedData = read(CODE_CACHE);
  const script = new Script(readFileSync(BUNDLE, "utf8"), { filename: BUNDLE, ...(cachedData === null ? {} : { cachedData }) });
  const module = { exports: {} as Exports };
  (script.runInThisContext() as Body)(module, createRequire(import.meta.url), (name) => import(name), import.meta.url);
  return { exports: module.exports, script };
}

/** Whoever compiles without making the script anew shall not run the old one. */
function isOfThisBuild(): boolean {
  const made = statSync(BUNDLE, { throwIfNoEntry: false });
  return made !== undefined && BUILDS.every((file) => (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) <= made.mtimeMs);
}

function read(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch {
    return null;
  }
}
