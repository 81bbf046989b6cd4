import { readFileSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { basename, dirname } from "node:path";
import { Script } from "node:vm";
import type TypeScript from "typescript";
import { WirelatError } from "../errors/index.js";
import { findPackage, findRelative } from "./read-package.js";

/** Larger than any model is written by hand. */
const MOST_BYTES = 4 << 20;
const require = createRequire(import.meta.url);

type ModuleBody = (module: { exports: unknown }, require: (specifier: string) => unknown, filename: string, dirname: string) => void;

/**
 * Reads the modules of a plug-in and runs them, TypeScript as well as JavaScript. `import … from "wirelat"` is answered with what is given as `api`,
 * so that there is one copy of the modeling layer; other packages are loaded by Node itself, unless they work with wirelat too.
 */
export class ModuleReader {
  readonly #modules = new Map<string, { exports: unknown }>();
  /** File -> text of everything read. */
  readonly texts = new Map<string, string>();

  readonly #compiler = require("typescript") as typeof TypeScript;

  constructor(private readonly api: object) {}

  /** What a file exports. Throws `plugin-unreadable`, `plugin-failed` for a text that is no program, and whatever the module throws. */
  read(file: string): unknown {
    const known = this.#modules.get(file);
    if (known !== undefined) return known.exports;
    const module: { exports: unknown } = { exports: {} };
    this.#modules.set(file, module);
    const text = this.#text(file);
    if (file.endsWith(".json")) return (module.exports = JSON.parse(text) as unknown);
    const body = new Script(`(function (module, require, __filename, __dirname) { "use strict"; var exports = module.exports; ${transpiled(this.#compiler, file, text)}\n})`, { filename: file }).runInThisContext() as ModuleBody;
    body(module, (specifier) => this.#imported(specifier, file), file, dirname(file));
    return module.exports;
  }

  #imported(specifier: string, from: string): unknown {
    if (specifier === "wirelat") return this.api;
    if (isBuiltin(specifier)) return require(specifier) as unknown;
    if (/^\.{1,2}\//u.test(specifier)) {
      const file = findRelative(specifier, from);
      if (file === null) throw unreadable(`${basename(from)} imports ${specifier}, and there is no such file`);
      return this.read(file);
    }
    const found = findPackage(specifier, dirname(from));
    return found?.usesWirelat === true ? this.read(found.entry) : (createRequire(from)(specifier) as unknown);
  }

  #text(file: string): string {
    try {
      const bytes = readFileSync(file);
      if (bytes.length > MOST_BYTES) throw unreadable(`${basename(file)} has ${bytes.length} bytes, and at most ${MOST_BYTES} are read`);
      const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
      this.texts.set(file, text);
      return text;
    } catch (cause) {
      throw cause instanceof WirelatError ? cause : unreadable(`${basename(file)} cannot be read as text`, cause);
    }
  }
}

export function unreadable(message: string, cause?: unknown): WirelatError {
  return new WirelatError("plugin-unreadable", message, { remedy: "Check the path or the name of the package.", cause });
}

/** The text as a module of the older kind, which a function can run and a watchdog can stop. Throws `plugin-failed` with its place when it is no program. */
function transpiled(ts: typeof TypeScript, file: string, text: string): string {
  const { outputText, diagnostics } = ts.transpileModule(text, {
    fileName: file, reportDiagnostics: true,
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true, allowJs: true },
  });
  const [first] = diagnostics ?? [];
  if (first === undefined) return outputText;
  const { line, character } = ts.getLineAndCharacterOfPosition(ts.createSourceFile(file, text, ts.ScriptTarget.ES2022), first.start ?? 0);
  throw new WirelatError("plugin-failed", ts.flattenDiagnosticMessageText(first.messageText, " "), { place: { file, line: line + 1, column: character + 1 } });
}
