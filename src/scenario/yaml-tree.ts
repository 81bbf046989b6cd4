import { Composer, isAlias, isMap, isScalar, isSeq, type Document, type Pair, type ParsedNode, type YAMLMap, type YAMLSeq } from "yaml";
import { WirelatError, WirelatErrors, type SourcePlace } from "../errors/index.js";
import { quoted } from "../units/index.js";
import { Faults } from "./faults.js";
import { SourceText } from "./source-text.js";
import { mapOf, scalarOf, type Tree, type TreeList, type TreeMap, type TreeScalar } from "./tree.js";
import { syntaxFaults } from "./yaml-faults.js";
import { beyond, boundedTokens, LIMITS } from "./yaml-limits.js";

const OPTIONS = { version: "1.2", schema: "core", merge: false, uniqueKeys: false, prettyErrors: false, resolveKnownTags: false, logLevel: "silent" } as const;

/** Trees of files by name, with the texts that they were read from: scenarios that are read together share presets and ancestors. */
const known = new Map<string, { readonly text: string; readonly tree: TreeMap }>();
const MOST_KNOWN = 100;

/**
 * Reads one YAML 1.2 document (core schema) into a tree of placed values. Scenarios do without anchors, aliases, tags,
 * merge keys, directives and further documents. Throws `WirelatErrors` with every `yaml-*` and `key-*` error there is.
 */
export function parseYaml(text: string, file: string): TreeMap {
  const before = known.get(file);
  if (before?.text === text) return before.tree;
  const tree = parsed(text, file);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(file, { text, tree });
  return tree;
}

function parsed(text: string, file: string): TreeMap {
  const source = new SourceText(file, text);
  const faults = new Faults();
  const documents = faults.attempt(source.place(0, ""), () => [...new Composer(OPTIONS).compose(boundedTokens(source))]) ?? [];
  const [document, second] = documents;
  for (const error of documents.flatMap((one) => syntaxFaults(one, source))) faults.keep(error);
  if (document !== undefined) refuseFrame(document, second, source, faults);
  // What the library makes of a broken text only gives rise to errors that are none.
  faults.throwIfAny();
  const builder = new TreeBuilder(source, faults);
  const contents = document?.contents ?? null;
  const tree = contents === null ? null : builder.node(contents, "", null, 0);
  faults.throwIfAny();
  if (tree?.kind === "map") return tree;
  const place = source.place(0, "");
  if (tree === null || (tree.kind === "scalar" && tree.value === null)) return mapOf(new Map(), place);
  throw new WirelatErrors([new WirelatError("value-kind", "a file holds a map of keys, such as `wirelat: 1`", { place: tree.place, remedy: "Begin with a key and a colon." })]);
}

/** Reads a single value, such as the right side of `--set`. */
export function parseYamlValue(text: string, file: string): Tree {
  const source = new SourceText(file, text);
  const faults = new Faults();
  const [document] = [...new Composer(OPTIONS).compose(boundedTokens(source))];
  if (document !== undefined) faults.takeAll(syntaxFaults(document, source));
  faults.throwIfAny();
  const place = source.place(0, "");
  const contents = document?.contents ?? null;
  const tree = contents === null ? null : new TreeBuilder(source, faults).node(contents, "", null, 0);
  faults.throwIfAny();
  return tree ?? scalarOf(null, place);
}

function refuseFrame(document: Document.Parsed, second: Document.Parsed | undefined, source: SourceText, faults: Faults): void {
  const feature = (offset: number, what: string, remedy: string): void => faults.add("yaml-feature", source.place(offset, ""), what, remedy);
  if (second !== undefined) feature(second.range[0], "a second document in one file", "Keep one scenario a file; remove the line `---`.");
  const directive = /^%.*$/mu.exec(source.text);
  if (directive !== null && document.directives.docStart === true && directive.index < document.range[1]) {
    feature(directive.index, "a YAML directive", "Remove the line: files are read as YAML 1.2.");
  }
}

class TreeBuilder {
  #values = 0;

  constructor(private readonly source: SourceText, private readonly faults: Faults) {}

  /** The tree of a node; null after an error that leaves nothing to go on with. */
  node(node: ParsedNode, path: string, key: SourcePlace | null, depth: number): Tree | null {
    const place = this.source.place(node.range[0], path);
    if (isAlias(node)) return this.#feature(place, "an alias", "Write the value out, or put it into a scenario to extend.");
    if (node.anchor !== undefined) return this.#feature(place, `an anchor, &${node.anchor}`, "Remove it: aliases are not used either.");
    if (node.tag !== undefined) return this.#feature(place, `a tag, ${quoted(node.tag.replace("tag:yaml.org,2002:", "!!"))}`, "Remove it: a text is a text when it is in quotes.");
    this.#count(node, depth);
    if (isScalar(node)) return scalar(node as ParsedNode & { value: unknown; source?: string; type?: string }, place, key);
    if (isSeq(node)) return this.#list(node as YAMLSeq.Parsed, path, { place, key, depth });
    return isMap(node) ? this.#map(node as YAMLMap.Parsed, path, { place, key, depth }) : null;
  }

  #feature(place: SourcePlace, what: string, remedy: string): null {
    this.faults.add("yaml-feature", place, what, remedy);
    return null;
  }

  #count(node: ParsedNode, depth: number): void {
    this.#values += 1;
    if (this.#values > LIMITS.values) throw new WirelatErrors([beyond(this.source, node.range[0], `the file has more than ${LIMITS.values} values`)]);
    if (depth > LIMITS.depth) throw new WirelatErrors([beyond(this.source, node.range[0], `values lie more than ${LIMITS.depth} deep inside each other`)]);
  }

  #list(node: YAMLSeq.Parsed, path: string, at: { place: SourcePlace; key: SourcePlace | null; depth: number }): TreeList {
    const items = node.items.map((item, index) => this.node(item as ParsedNode, `${path}[${index}]`, null, at.depth + 1));
    return { kind: "list", items: items.filter((item) => item !== null), place: at.place, key: at.key };
  }

  #map(node: YAMLMap.Parsed, path: string, at: { place: SourcePlace; key: SourcePlace | null; depth: number }): TreeMap {
    const entries = new Map<string, Tree>();
    let previous: string | null = null;
    for (const pair of node.items as Pair<ParsedNode, ParsedNode | null>[]) {
      const place = this.source.place(pair.key.range[0], path);
      const name = this.#name(pair, place, previous);
      if (name === null) continue;
      const own = path === "" ? name : `${path}.${name}`;
      const key = this.source.place(pair.key.range[0], own);
      const value = pair.value === null ? null : this.node(pair.value, own, key, at.depth + 1);
      if (entries.has(name)) this.faults.add("key-duplicate", key, `the key ${quoted(name)} is written twice`, `Keep one; the other is in line ${entries.get(name)?.key?.line ?? 0}.`);
      if (value !== null) entries.set(name, value);
      previous = name;
    }
    return { kind: "map", entries, flow: node.flow === true, place: at.place, key: at.key };
  }

  /** The name of a pair's key, or null after an error. */
  #name(pair: Pair<ParsedNode, ParsedNode | null>, place: SourcePlace, previous: string | null): string | null {
    const { key } = pair;
    const written = isScalar(key) ? String((key as { source?: string }).source ?? key.value) : "";
    if (pair.value === null) {
      const of = previous === null ? "" : ` the value of ${quoted(previous)}`;
      this.faults.add("yaml-comma", place, `${quoted(written)} stands without a colon inside { }: the comma before it ended${of === "" ? " a value" : of}`, "Put a text that has commas in quotes, or write the map on lines of its own.");
      return null;
    }
    if (written === "<<") return this.#feature(place, "a merge key, <<", "Write the keys out, or use `extends`.");
    if (isScalar(key) && key.anchor === undefined && key.tag === undefined && typeof key.value === "string" && key.value !== "") return key.value;
    this.faults.add("key-not-text", place, isScalar(key) ? `the key ${quoted(written)} is not a plain text` : "a key is a text, not an alias, a list or a map", "Write the key as a plain name, in quotes if it looks like a number.");
    return null;
  }
}

function scalar(node: { value: unknown; source?: string; type?: string; range: readonly number[] }, place: SourcePlace, key: SourcePlace | null): TreeScalar {
  const { value } = node;
  const text = typeof value === "string" ? value : node.source ?? String(value);
  const inline = node.type === "PLAIN" && text.length === (node.range[1] ?? 0) - (node.range[0] ?? 0);
  const made = (kept: TreeScalar["value"]): TreeScalar => ({ kind: "scalar", value: kept, text: kept === null ? "null" : text, inline, place, key });
  // A number that a double does not hold exactly stays text, so that the exact parser of quantities judges it.
  if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)) return made(text);
  return made(typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null);
}
