import type { SourcePlace } from "../errors/index.js";
import { Amount, chosen, estimated, published, Rate, standard, type Evidence, type Param } from "../modeling/index.js";
import { toNumber, type Rational } from "../units/index.js";
import { unknownKey } from "./check-keys.js";
import { checkedParam, eachParam, type ParamsOf } from "./check-params.js";
import type { Faults } from "./faults.js";
import { mergeTrees, nestDotted } from "./merge.js";
import { parseParam, textOf, unwrapped } from "./parse-param.js";
import { asList, asMap, asText, isNull, keyPlace, labelOf, rawOf, type Tree, type TreeMap } from "./tree.js";
import type { RawValue } from "./types.js";
import { parseYaml } from "./yaml-tree.js";

const KEYS = ["preset", "extends", "model", "title", "about", "params", "components", "aliases", "anchors"];
const VALUE_KEYS = ["value", "tag", "cite", "range", "note"];
const TAGS = ["S", "V", "E", "C"];

interface Named {
  readonly name: string;
  readonly place: SourcePlace;
}

/** A preset as its file has it, before what it extends is known. */
export interface PresetFile {
  readonly place: SourcePlace;
  readonly title: string;
  readonly about: string;
  readonly extends: Named | null;
  readonly model: Named | null;
  readonly params: TreeMap | null;
  readonly components: ReadonlyMap<string, TreeMap>;
  readonly aliases: ReadonlyMap<string, string>;
}

/** Reads the file of the preset `name`. Its mistakes go to `faults`; a text that is no YAML throws. */
export function readPreset(text: string, file: string, name: string, faults: Faults): PresetFile {
  const tree = parseYaml(text, file);
  for (const [key, value] of tree.entries) if (!KEYS.includes(key)) faults.keep(unknownKey(key, KEYS, "a preset", keyPlace(value)));
  const textAt = (key: string): string | null => {
    const value = tree.entries.get(key);
    return value === undefined ? null : faults.attempt(value.place, () => asText(value, `\`${key}\` of a preset`, `\`${key}: …\``));
  };
  const named = (key: string): Named | null => {
    const value = textAt(key);
    return value === null ? null : { name: value, place: tree.entries.get(key)?.place ?? tree.place };
  };
  const own = textAt("preset");
  if (own !== name) faults.add("preset-malformed", tree.entries.get("preset")?.place ?? tree.place, `the file of the preset ${name} calls it ${own ?? "nothing"}`, `Write \`preset: ${name}\`, or name the file after it.`);
  const params = tree.entries.get("params");
  const title = textAt("title");
  if (title === null) faults.add("key-missing", tree.place, `the preset ${name} lacks a title`, "Say in a few words what it is.");
  return {
    place: tree.place, title: title ?? name, about: textAt("about") ?? "",
    extends: named("extends"), model: named("model"),
    params: params === undefined ? null : faults.attempt(params.place, () => asMap(nestDotted(params, faults), "`params`", "`params: { rx: { value: 120 ns, tag: E, range: [80 ns, 180 ns] } }`")),
    components: componentsOf(tree, faults), aliases: aliasesOf(tree, faults),
  };
}

function componentsOf(tree: TreeMap, faults: Faults): Map<string, TreeMap> {
  const value = tree.entries.get("components");
  if (value === undefined) return new Map();
  const map = faults.attempt(value.place, () => asMap(value, "`components`", "`components: { cpu: { use: host/core } }`"));
  const components = new Map<string, TreeMap>();
  for (const [name, component] of map?.entries ?? []) {
    const nested = faults.attempt(component.place, () => asMap(nestDotted(component, faults), `the component ${name}`, `\`${name}: { use: … }\``));
    if (nested !== null) components.set(name, nested);
  }
  return components;
}

function aliasesOf(tree: TreeMap, faults: Faults): Map<string, string> {
  const value = tree.entries.get("aliases");
  if (value === undefined) return new Map();
  const map = faults.attempt(value.place, () => asMap(value, "`aliases`", "`aliases: { cores: cpu.threads }`"));
  const aliases = new Map<string, string>();
  for (const [name, target] of map?.entries ?? []) {
    const path = faults.attempt(target.place, () => asText(target, `the alias ${name}`, `\`${name}: cpu.threads\``));
    if (path !== null) aliases.set(name, path);
  }
  return aliases;
}

/** Later components of a host over earlier ones of the same name. */
export function mergeComponents(parent: TreeMap, child: TreeMap): TreeMap {
  const merged = mergeTrees(parent, child);
  return merged.kind === "map" ? merged : child;
}

/** Whose values are read: what a value without a note rests on, and whether every value needs its tag. */
export interface Evidenced {
  readonly title: string;
  readonly strict: boolean;
}

/** Values with their evidence. Where none is needed, a value without stands for a choice of whoever has the title. */
export function evidencedParams(map: TreeMap, of: ParamsOf, by: Evidenced, faults: Faults): Map<string, RawValue> {
  const params = new Map<string, RawValue>();
  eachParam(map, of, faults, (name, tree) => {
    const param = of.declared[name];
    const raw = param === undefined ? null : evidenced(param, name, { tree, faults, ...by });
    if (raw !== null) params.set(name, raw);
  });
  return params;
}

function evidenced(param: Param, name: string, at: Evidenced & { tree: Tree; faults: Faults }): RawValue | null {
  const { tree, faults } = at;
  if (isNull(tree)) return rawOf(tree);
  if (tree.kind !== "map" || !tree.entries.has("value")) {
    if (at.strict) faults.add("evidence-missing", keyPlace(tree), `${name} is written without its evidence`, `Write it like ${name}: { value: ${tree.kind === "scalar" ? tree.text : "…"}, tag: C }, with a tag of S, V, E or C.`);
    return checkedParam(param, rawOf(tree, chosen(`part of ${at.title}`)), name, faults);
  }
  for (const [key, inner] of tree.entries) if (!VALUE_KEYS.includes(key)) faults.keep(unknownKey(key, VALUE_KEYS, "a value of a preset", keyPlace(inner)));
  const value = tree.entries.get("value");
  const evidence = evidenceOf(tree, param, name, at);
  if (value === undefined || evidence === null) return null;
  const raw = checkedParam(param, rawOf(value, evidence), name, faults);
  if (raw !== null && evidence.tag === "estimated") checkRange(param, name, { raw, range: evidence.range, place: tree.entries.get("range")?.place ?? tree.place }, faults);
  return raw;
}

/** The estimate lies in its range, whichever of the ends is the larger number in canonical terms. */
function checkRange(param: Param, name: string, { raw, range, place }: { raw: RawValue; range: readonly [string, string]; place: SourcePlace }, faults: Faults): void {
  const size = (value: unknown): number | null => faults.attempt(place, () => sizeOf(parseParam(param, { value, place, evidence: null }, `${name}, range`)));
  const [low, value, high] = [size(range[0]), size(raw.value), size(range[1])];
  if (low === null || value === null || high === null || (value - low) * (high - value) >= 0) return;
  faults.add("preset-malformed", place, `${name} is ${textOf(unwrapped(raw.value))}, outside its range from ${range[0]} to ${range[1]}`, "Correct the value or its range.");
}

function sizeOf(parsed: unknown): number {
  if (parsed instanceof Amount) return parsed.of(0);
  if (parsed instanceof Rate) return toNumber(parsed.period);
  return typeof parsed === "object" && parsed !== null && "num" in parsed ? toNumber(parsed as Rational) : 0;
}

/** S and V need a citation, E a range; C needs nothing. */
function evidenceOf(tree: TreeMap, param: Param, name: string, { title, faults }: { title: string; faults: Faults }): Evidence | null {
  const textAt = (key: string): string | null => {
    const value = tree.entries.get(key);
    return value === undefined ? null : faults.attempt(value.place, () => asText(value, `\`${key}\` of ${name}`, `\`${key}: …\``));
  };
  const missing = (what: string, remedy: string): null => {
    faults.add("evidence-missing", keyPlace(tree), `${name} ${what}`, remedy);
    return null;
  };
  const tag = textAt("tag");
  const basis = textAt("note") ?? title;
  if (tag === null || !TAGS.includes(tag)) return missing(tag === null ? "has no tag" : `has the tag ${tag}`, "Tag it S (standard), V (read in a source), E (estimate) or C (a choice).");
  if (tag === "C") return chosen(basis);
  if (tag === "E") return estimateOf(tree, param, { basis, missing, faults, name });
  const cite = textAt("cite");
  if (cite === null) return missing(`has the tag ${tag} but no citation`, "Add `cite` with an entry of hardware/sources.yaml.");
  return tag === "S" ? standard(cite) : published(cite);
}

interface Estimate {
  readonly basis: string;
  readonly name: string;
  readonly missing: (what: string, remedy: string) => null;
  readonly faults: Faults;
}

/** Parameters that are no quantities have no range in which the truth lies. */
const WITHOUT_RANGE: readonly string[] = ["flag", "choice", "text", "list", "threads"];

function estimateOf(tree: TreeMap, param: Param, { basis, name, missing, faults }: Estimate): Evidence | null {
  const range = tree.entries.get("range");
  if (range === undefined) {
    if (WITHOUT_RANGE.includes(param.kind)) return chosen(basis);
    return missing("is an estimate without a range", "Add the range in which the truth is expected, such as `range: [40 ns, 100 ns]`.");
  }
  const ends = faults.attempt(range.place, () => asList(range, `the range of ${name}`, "[40 ns, 100 ns]"));
  if (ends === null) return null;
  const [low, high, ...more] = ends.map(labelOf);
  if (low === undefined || high === undefined || more.length > 0) return missing("has a range that is not two values", "Write it like [40 ns, 100 ns].");
  return estimated(basis, [low, high]);
}
