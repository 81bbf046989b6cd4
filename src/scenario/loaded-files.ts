import { WirelatError, type SourcePlace } from "../errors/index.js";
import { parseDuration } from "../units/index.js";
import { confinedName, readBytes, readText, type FileAccess, type FileRef } from "./files.js";
import { nearest } from "./nearest.js";
import { asText, type Tree, type TreeMap } from "./tree.js";
import { LIMITS } from "./yaml-limits.js";
import { parseYaml } from "./yaml-tree.js";

const MOST_SAMPLES = 100_000;
const SAMPLE_BYTES = 4 << 20;

/** The texts that a scenario was read from, and the way from a place in one of them to the files that it names. */
export class LoadedFiles {
  readonly #refs = new Map<string, FileRef>();
  /** Label -> text. */
  readonly texts = new Map<string, string>();

  constructor(readonly access: FileAccess) {}

  /** The document of a file, with the samples of every `empirical:` attached. */
  document(file: FileRef, place: SourcePlace | null): TreeMap {
    const label = file.folder.label(file.name);
    const text = readText(file, LIMITS.bytes, place);
    this.#refs.set(label, file);
    this.texts.set(label, text);
    return this.#withSamples(parseYaml(text, label)) as TreeMap;
  }

  /** The file that a path names where it is written; on the command line that is the folder of the scenario. */
  named(path: string, place: SourcePlace): FileRef {
    const from = this.#refs.get(place.file) ?? { folder: this.access.own, name: "" };
    return { folder: from.folder, name: confinedName(from.name, path, place) };
  }

  bytes(path: string, place: SourcePlace, limit: number): Uint8Array {
    return readBytes(this.named(path, place), limit, place);
  }

  /** The scenario that `extends` names: a file, or an id looked for beside the scenario, then in its folder's root, then in the package. */
  parent(name: string, place: SourcePlace): FileRef {
    if (/\.ya?ml$/u.test(name)) return this.named(name, place);
    const from = this.#refs.get(place.file);
    const beside = from === undefined ? [] : [{ folder: from.folder, name: confinedName(from.name, `${name}.yaml`, place) }];
    const candidates = [...beside, { folder: this.access.own, name: `${name}.yaml` }, { folder: this.access.bundled, name: `${name}.yaml` }];
    const found = candidates.find((one) => one.folder.has(one.name));
    if (found !== undefined) return found;
    const ids = [this.access.own, this.access.bundled].flatMap((folder) => folder.list("", ".yaml")).map((file) => file.replace(/^\//u, "").replace(/\.yaml$/u, ""));
    const near = nearest(name, ids);
    throw new WirelatError("extends-unknown", `there is no scenario "${name}"`, { place, remedy: near === null ? "Name its id, or its file with the ending .yaml." : `Did you mean "${near}"?` });
  }

  #withSamples(tree: Tree): Tree {
    if (tree.kind === "scalar") return tree;
    if (tree.kind === "list") return { ...tree, items: tree.items.map((item) => this.#withSamples(item)) };
    const entries = new Map([...tree.entries].map(([key, value]) => [key, this.#withSamples(value)]));
    const dist = tree.entries.get("dist");
    const file = tree.entries.get("empirical") ?? (dist?.kind === "scalar" && dist.value === "empirical" ? tree.entries.get("file") : undefined);
    if (file === undefined) return { ...tree, entries };
    const samples = this.#samples(asText(file, "the file of an empirical distribution", "`empirical: wake-up.csv`"), file.place);
    return { ...tree, entries, samples };
  }

  /** One duration a line; empty lines and lines that begin with # are passed over. */
  #samples(path: string, place: SourcePlace): Float64Array {
    const file = this.named(path, place);
    const lines = readText(file, SAMPLE_BYTES, place).split(/\r?\n/u);
    const malformed = (line: number, why: string): WirelatError => {
      const at = { file: file.folder.label(file.name), line: line + 1, column: 1, excerpt: `${(lines[line] ?? "").slice(0, 100)}\n^` };
      return new WirelatError("sample-file-malformed", why, { place: at, remedy: "Write one duration with its unit on every line, such as 1.5 us." });
    };
    const values = lines.flatMap((text, line) => {
      const trimmed = text.trim();
      if (trimmed === "" || trimmed.startsWith("#")) return [];
      try {
        return [parseDuration(trimmed)];
      } catch (error) {
        throw error instanceof WirelatError ? malformed(line, error.message) : error;
      }
    });
    if (values.length === 0 || values.length > MOST_SAMPLES) throw malformed(0, `${values.length} samples, but there must be from 1 to ${MOST_SAMPLES}`);
    return Float64Array.from(values);
  }
}
