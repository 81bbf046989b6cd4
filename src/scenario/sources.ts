import { listed, unknownKey } from "./check-keys.js";
import { Faults } from "./faults.js";
import { readText, type FileAccess, type FileRef } from "./files.js";
import { parseCount } from "../units/index.js";
import { scalarValue } from "./path-steps.js";
import { asMap, asText, keyPlace, type Tree } from "./tree.js";
import { LIMITS } from "./yaml-limits.js";
import { parseYaml } from "./yaml-tree.js";

const FILE = "hardware/sources.yaml";
const KEYS = ["title", "by", "year", "where", "note"];

/** An entry of the bibliography, which `cite` and `source` name by its key. */
export interface Source {
  readonly title: string;
  /** Who wrote or published it; empty where the title says so. */
  readonly by: string;
  readonly year: number | null;
  /** Where it is found: a publisher, a document number, an address without scheme. */
  readonly where: string;
  /** What was taken from it. */
  readonly note: string;
}

/** The bibliography of the package, over it those of plug-ins and that of the scenario's own folder. Throws `WirelatErrors`. */
export function readSources(access: FileAccess): ReadonlyMap<string, Source> {
  const all = new Map<string, Source>();
  for (const folder of [access.bundled, ...(access.plugins ?? []), access.own]) {
    if (!folder.has(FILE)) continue;
    for (const [name, source] of sourcesIn({ folder, name: FILE })) all.set(name, source);
  }
  return all;
}

function sourcesIn(file: FileRef): readonly (readonly [string, Source])[] {
  const faults = new Faults();
  const tree = parseYaml(readText(file, LIMITS.bytes, null), file.folder.label(file.name));
  const sources = [...tree.entries].flatMap(([name, entry]) => {
    const source = faults.attempt(entry.place, () => sourceOf(name, entry, faults));
    return source === null ? [] : [[name, source] as const];
  });
  faults.throwIfAny();
  return sources;
}

function sourceOf(name: string, entry: Tree, faults: Faults): Source | null {
  const map = asMap(entry, `the source ${name}`, `\`${name}: { title: …, by: …, where: … }\``);
  for (const [key, value] of map.entries) if (!KEYS.includes(key)) faults.keep(unknownKey(key, KEYS, "a source", keyPlace(value)));
  const textAt = (key: string): string => {
    const value = map.entries.get(key);
    return value === undefined ? "" : faults.attempt(value.place, () => asText(value, `\`${key}\` of ${name}`, `\`${key}: …\``)) ?? "";
  };
  const year = map.entries.get("year");
  const missing = ["title", "where"].filter((key) => !map.entries.has(key));
  if (missing.length > 0) faults.add("key-missing", keyPlace(map), `the source ${name} lacks ${listed(missing)}`, "Say what it is called and where it is found.");
  return { title: textAt("title"), by: textAt("by"), year: year === undefined ? null : faults.attempt(year.place, () => parseCount(scalarValue(year))), where: textAt("where"), note: textAt("note") };
}
