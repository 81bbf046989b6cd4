import { WirelatError, type SourcePlace } from "../errors/index.js";
import type { Params } from "../modeling/index.js";
import { quoted } from "../units/index.js";
import type { Catalogue } from "./compile.js";
import { Faults } from "./faults.js";
import { readText, type FileAccess, type FileFolder, type FileRef } from "./files.js";
import { nearest } from "./nearest.js";
import { evidencedParams, mergeComponents, readPreset, type PresetFile } from "./preset-file.js";
import type { TreeMap } from "./tree.js";
import type { RawValue } from "./types.js";
import { LIMITS } from "./yaml-limits.js";

const FOLDER = "hardware";
const MOST_INHERITED = 16;

/** What `use:` comes to: a model, or for a host components, with everything that presets say about it. */
export interface Used {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly model: { readonly name: string; readonly params: Params } | null;
  readonly kind: "model" | "traffic" | "host";
  readonly params: ReadonlyMap<string, RawValue>;
  readonly components: ReadonlyMap<string, TreeMap>;
  readonly aliases: ReadonlyMap<string, string>;
  /** The preset files it was made from, nearest first. */
  readonly files: readonly string[];
}

/** Finds presets beside the scenario, then in the package, then models of that name. Each is read once. */
export class Shelf {
  readonly #known = new Map<string, Used>();
  readonly #texts = new Map<string, string>();

  constructor(private readonly access: FileAccess, private readonly catalogue: Catalogue) {}

  get #folders(): readonly FileFolder[] {
    return [this.access.own, ...(this.access.plugins ?? []), this.access.bundled];
  }

  /** Label -> text of every preset file read so far. */
  get texts(): ReadonlyMap<string, string> {
    return this.#texts;
  }

  /** Names of all presets there are. */
  names(): readonly string[] {
    const named = this.#folders.flatMap((folder) => folder.list(FOLDER, ".yaml"));
    return [...new Set(named.map((name) => name.slice(FOLDER.length + 1, -".yaml".length)))].filter((name) => name.includes("/")).sort();
  }

  /** Throws `preset-unknown`, `preset-malformed`, `extends-cycle`, or what reading the file throws. */
  use(name: string, place: SourcePlace): Used {
    return this.#use(name, place, []);
  }

  #use(name: string, place: SourcePlace, heirs: readonly string[]): Used {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    if (heirs.includes(name)) throw new WirelatError("extends-cycle", `the preset ${name} inherits from itself, through ${[...heirs, name].join(" -> ")}`, { place, remedy: "Remove one `extends`." });
    if (heirs.length > MOST_INHERITED) throw new WirelatError("extends-cycle", `presets inherit more than ${MOST_INHERITED} deep`, { place, remedy: "Flatten them." });
    const file = this.#find(name);
    const used = file === null ? this.#model(name, place) : this.#preset(name, file, { place, heirs });
    this.#known.set(name, used);
    return used;
  }

  #find(name: string): FileRef | null {
    if (!/^[a-z0-9][a-z0-9_.-]*(?:\/[a-z0-9][a-z0-9_.-]*)+$/iu.test(name)) return null;
    const file = `${FOLDER}/${name}.yaml`;
    const folder = this.#folders.find((one) => one.has(file));
    return folder === undefined ? null : { folder, name: file };
  }

  #model(name: string, place: SourcePlace): Used {
    const none = { params: new Map<string, RawValue>(), components: new Map<string, TreeMap>(), aliases: new Map<string, string>(), files: [] };
    const model = this.catalogue.models.get(name);
    if (model !== undefined) return { ...none, name, title: model.title, about: model.about, model, kind: "model" };
    const traffic = this.catalogue.traffic.get(name);
    if (traffic !== undefined) return { ...none, name, title: traffic.title, about: traffic.about, model: traffic, kind: "traffic" };
    const all = [...this.names(), ...this.catalogue.models.keys(), ...this.catalogue.traffic.keys()];
    const near = nearest(name, all) ?? this.#sameFamily(name, all);
    throw new WirelatError("preset-unknown", `there is no preset and no model ${quoted(name)}`, { place, remedy: near === null ? "List them with `wirelat presets` and `wirelat models`." : `Did you mean "${near}"?` });
  }

  /** The nearest of those that share the part before the slash, where nothing is near as a whole. */
  #sameFamily(name: string, all: readonly string[]): string | null {
    const family = `${name.split("/")[0] ?? ""}/`;
    const related = all.filter((other) => other.startsWith(family));
    return related.length === 1 ? (related[0] ?? null) : null;
  }

  #preset(name: string, file: FileRef, at: { place: SourcePlace; heirs: readonly string[] }): Used {
    const label = file.folder.label(file.name);
    const text = readText(file, LIMITS.bytes, at.place);
    this.#texts.set(label, text);
    const faults = new Faults();
    const preset = readPreset(text, label, name, faults);
    const origin = preset.extends ?? preset.model;
    const parent = origin === null ? null : faults.attempt(origin.place, () => this.#use(origin.name, origin.place, [...at.heirs, name]));
    // Without what it extends, every parameter would seem unknown.
    if (origin !== null && parent === null) faults.throwIfAny();
    const used = inherited(name, label, { preset, parent }, faults);
    faults.throwIfAny();
    return used;
  }
}

/** A preset over what it extends. */
function inherited(name: string, label: string, { preset, parent }: { preset: PresetFile; parent: Used | null }, faults: Faults): Used {
  const model = parent?.model ?? null;
  if (preset.model !== null && model?.name !== preset.model.name) {
    faults.add("preset-malformed", preset.model.place, `${name} names the model ${preset.model.name}, but what it extends is of ${model?.name ?? "no model"}`, "Remove `model`.");
  }
  if (model !== null && preset.components.size > 0) faults.add("preset-malformed", preset.place, `${name} is of the model ${model.name} and cannot have components`, "Only a host has components.");
  if (model === null && preset.params !== null) faults.add("preset-malformed", preset.place, `${name} has parameters but no model`, "Add `model` or `extends`.");
  const own = preset.params === null || model === null ? new Map<string, RawValue>() : evidencedParams(preset.params, { subject: model.name, declared: model.params, reserved: [] }, { title: preset.title, strict: true }, faults);
  return {
    name, title: preset.title, about: preset.about,
    model,
    kind: parent?.kind ?? "host",
    params: new Map([...(parent?.params ?? []), ...own]),
    components: joined(parent?.components ?? new Map<string, TreeMap>(), preset.components),
    aliases: new Map([...(parent?.aliases ?? []), ...preset.aliases]),
    files: [label, ...(parent?.files ?? [])],
  };
}

/** Components of the same name merge; one that uses something else replaces. */
function joined(parent: ReadonlyMap<string, TreeMap>, child: ReadonlyMap<string, TreeMap>): ReadonlyMap<string, TreeMap> {
  const all = new Map(parent);
  for (const [name, component] of child) {
    const inherited = parent.get(name);
    const use = component.entries.get("use");
    all.set(name, inherited === undefined || use !== undefined ? component : mergeComponents(inherited, component));
  }
  return all;
}
