import { realpathSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { WirelatError } from "../errors/index.js";
import * as modeling from "../modeling/index.js";
import { diskFolder, isPluginFile, type Catalogue, type LoadedPlugin, type NamedPlugin } from "../scenario/index.js";
import { attempt, endInTime, watchedModel, watchedTraffic } from "./checked-model.js";
import { declaredIn } from "./declared.js";
import { findPackage, isFile, isPackageName } from "./read-package.js";
import { ModuleReader, unreadable } from "./read-module.js";

/** Milliseconds for which one call of a plug-in's code may run. */
const TIME_LIMIT = 5000;

/** Loads plug-ins, each once, and keeps the catalogue that they add to. */
export class Plugins {
  readonly #loaded = new Map<string, LoadedPlugin>();
  readonly #owners = new Map<string, string>();
  readonly #models: Map<string, modeling.Model>;
  readonly #traffic: Map<string, modeling.Traffic>;

  constructor(base: Catalogue, private readonly limit: number = TIME_LIMIT) {
    this.#models = new Map(base.models);
    this.#traffic = new Map(base.traffic);
  }

  /** What there is, with everything that plug-ins have added so far; it grows as more are loaded. */
  get catalogue(): Catalogue {
    return { models: this.#models, traffic: this.#traffic, guard: (what, action) => this.#guarded(what, action) };
  }

  /** Everything loaded so far. */
  get loaded(): readonly LoadedPlugin[] {
    return [...this.#loaded.values()];
  }

  /** Whether that file or package was loaded before. */
  has(named: NamedPlugin): boolean {
    return this.#loaded.has(entryOf(named).entry);
  }

  /**
   * Runs the code of a plug-in, a file or a package, and adds its models. Throws `plugin-unreadable`, `plugin-failed`, `plugin-endless`,
   * `plugin-invalid` and `plugin-clash`.
   */
  load(named: NamedPlugin): LoadedPlugin {
    const { entry, folder } = entryOf(named);
    const known = this.#loaded.get(entry);
    if (known !== undefined) return known;
    const { name } = named;
    const suspect = { plugin: name, limit: this.limit };
    const reader = new ModuleReader(API);
    const declared = attempt(suspect, "loading it", () => declaredIn(reader.read(entry), name));
    const models = declared.models.map((model) => watchedModel(model, suspect));
    const traffic = declared.traffic.map((one) => watchedTraffic(one, suspect));
    for (const one of [...models, ...traffic]) this.#claim(one.name, name);
    for (const model of models) this.#models.set(model.name, model);
    for (const one of traffic) this.#traffic.set(one.name, one);
    const presets = diskFolder(folder, named.file === null ? name : dirname(name));
    const texts = new Map([...reader.texts].map(([file, text]) => [presets.label(relative(folder, file)), text]));
    const loaded: LoadedPlugin = { name, models, traffic, texts, presets };
    this.#loaded.set(entry, loaded);
    return loaded;
  }

  /** Longer than any of its functions alone may take, so that one that does not end is called by its name where it has one. */
  #guarded<T>(what: string, action: () => T): T {
    const names = this.loaded.map((one) => one.name);
    return names.length === 0 ? action() : endInTime({ plugin: names.join(" or "), limit: 2 * this.limit }, what, action);
  }

  #claim(model: string, plugin: string): void {
    const owner = this.#owners.get(model) ?? (this.#models.has(model) || this.#traffic.has(model) ? "the catalogue" : null);
    if (owner !== null) throw new WirelatError("plugin-clash", `the plug-in ${plugin} cannot be used: ${model} is already in ${owner}`, { remedy: "Rename the model: begin its name with a family of your own." });
    this.#owners.set(model, `the plug-in ${plugin}`);
  }
}

/** What a plug-in gets by `import … from "wirelat"`: the modeling layer, and a sentence for whoever asks for more. */
const API: object = new Proxy(modeling, {
  get: (target, name) => {
    if (typeof name === "symbol" || name in target || name === "then" || name === "default") return (target as Readonly<Record<string | symbol, unknown>>)[name];
    if (name === "__esModule") return true;
    throw new Error(`wirelat gives plug-ins no "${name}"`);
  },
});

/** The plug-in that a command line names, from the folder in which it was typed. */
export function pluginOf(text: string, folder: string): NamedPlugin {
  return { name: text, file: isPluginFile(text) ? resolve(folder, text) : null, from: folder };
}

/** The file that runs first, and the folder in which its presets lie. */
function entryOf({ name, file, from }: NamedPlugin): { readonly entry: string; readonly folder: string } {
  if (file !== null) {
    if (!isFile(file)) throw unreadable(`there is no plug-in ${name}: no such file`);
    const entry = realpathSync(file);
    return { entry, folder: dirname(entry) };
  }
  const found = isPackageName(name) ? findPackage(name, from) : null;
  if (found === null) throw unreadable(`there is no plug-in ${name}: no folder node_modules here or above holds such a package`);
  if (!isFile(found.entry)) throw unreadable(`the package ${name} names ${relative(found.folder, found.entry)} as what it exports, and there is no such file`);
  return { entry: realpathSync(found.entry), folder: realpathSync(found.folder) };
}
