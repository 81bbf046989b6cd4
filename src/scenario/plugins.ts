import { WirelatError, type SourcePlace } from "../errors/index.js";
import type { Model, Traffic } from "../modeling/index.js";
import type { Catalogue } from "./compile.js";
import type { Faults } from "./faults.js";
import { readBytes, type FileFolder } from "./files.js";
import type { LoadedFiles } from "./loaded-files.js";
import { asList, asText, type TreeMap } from "./tree.js";

/** A plug-in as it is named: a file, or a package that is looked for from a folder on. */
export interface NamedPlugin {
  /** As written. */
  readonly name: string;
  /** Where the file lies on disk; null for a package. */
  readonly file: string | null;
  /** The folder in which, and above which, packages are looked for. */
  readonly from: string;
}

/** What a plug-in brings. */
export interface LoadedPlugin {
  readonly name: string;
  readonly models: readonly Model[];
  readonly traffic: readonly Traffic[];
  /** Label -> text of everything of it that was run. */
  readonly texts: ReadonlyMap<string, string>;
  /** The folder whose `hardware` holds its presets. */
  readonly presets: FileFolder;
}

/** Loads a plug-in that a scenario names, or answers null when nobody has allowed its code to run. */
export type PluginLoader = (named: NamedPlugin) => LoadedPlugin | null;

const MOST_BYTES = 4 << 20;

/** What begins like a path or ends like a program is a file; everything else is the name of a package. */
export const isPluginFile = (text: string): boolean => /^\.{0,2}\/|\.[cm]?[jt]s$/u.test(text);

/** Loads what `plugins` of a scenario names. Without consent to run its code that is an error: a scenario is data until somebody says otherwise. */
export function loadPlugins(document: TreeMap, files: LoadedFiles, load: PluginLoader, faults: Faults): readonly LoadedPlugin[] {
  const tree = document.entries.get("plugins");
  if (tree === undefined) return [];
  const items = faults.attempt(tree.place, () => asList(tree, "`plugins`", "`plugins: [./my-nic.ts]`")) ?? [];
  return items.flatMap((item) => {
    const loaded = faults.attempt(item.place, () => {
      const name = asText(item, "an item of `plugins`", "`plugins: [./my-nic.ts]`");
      return load(named(name, item.place, files)) ?? refuse(name, item.place);
    });
    return loaded === null ? [] : [loaded];
  });
}

function named(name: string, place: SourcePlace, files: LoadedFiles): NamedPlugin {
  const isFile = isPluginFile(name);
  // A package is looked for where the file that names it lies.
  const found = files.named(isFile ? name : "package.json", place);
  // Reading it is how a link out of the folder is found.
  if (isFile) readBytes(found, MOST_BYTES, place);
  const path = found.folder.path?.(found.name);
  if (path === undefined) throw new WirelatError("plugin-unreadable", `the plug-in ${name} is named by a scenario that is on no disk`, { remedy: "Load it first, and pass its catalogue." });
  return { name: isFile ? found.folder.label(found.name) : name, file: isFile ? path : null, from: path.slice(0, -"/package.json".length) };
}

function refuse(name: string, place: SourcePlace): never {
  throw new WirelatError("plugin-consent", `the scenario names the plug-in ${name}: code that would run with all your rights`, {
    place, remedy: `Read it first; then allow it with --plugin ${name} for this one, or with --allow-plugins for all that are named`,
  });
}

/** The catalogue with what plug-ins add to it. */
export function withPlugins(catalogue: Catalogue, plugins: readonly LoadedPlugin[]): Catalogue {
  if (plugins.length === 0) return catalogue;
  return {
    ...catalogue,
    models: new Map([...catalogue.models, ...plugins.flatMap((one) => one.models.map((model) => [model.name, model] as const))]),
    traffic: new Map([...catalogue.traffic, ...plugins.flatMap((one) => one.traffic.map((traffic) => [traffic.name, traffic] as const))]),
  };
}
