import { WirelatError, type SourcePlace } from "../errors/index.js";
import type { Evidence } from "../modeling/index.js";
import { quoted } from "../units/index.js";
import type { RawValue } from "./types.js";

/** A document in which every value knows where it was written. Trees are never changed, only rebuilt with shared parts. */
export type Tree = TreeScalar | TreeList | TreeMap;

interface Placed {
  readonly place: SourcePlace;
  /** Where the key stands that this is the value of; null for an item of a list and for the document. */
  readonly key: SourcePlace | null;
}

export interface TreeScalar extends Placed {
  readonly kind: "scalar";
  readonly value: string | number | boolean | null;
  /** As written: "0x1000" where the value is 4096. */
  readonly text: string;
  /** Written without quotes on one line, so that offsets in the text are columns of the file. */
  readonly inline: boolean;
}

export interface TreeList extends Placed {
  readonly kind: "list";
  readonly items: readonly Tree[];
}

export interface TreeMap extends Placed {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, Tree>;
  /** Written inside { }, where a comma ends a value. */
  readonly flow: boolean;
  /** Durations of the file that `empirical:` names, integer ps. */
  readonly samples?: Float64Array;
}

export const isNull = (tree: Tree): boolean => tree.kind === "scalar" && tree.value === null;

/** Where to point when the key is what is wrong. */
export const keyPlace = (tree: Tree): SourcePlace => tree.key ?? tree.place;

export function scalarOf(value: TreeScalar["value"], place: SourcePlace): TreeScalar {
  return { kind: "scalar", value, text: String(value), inline: false, place, key: place };
}

export function mapOf(entries: ReadonlyMap<string, Tree>, place: SourcePlace): TreeMap {
  return { kind: "map", entries, flow: false, place, key: place };
}

/** A copy of the map with one entry set. */
export function withEntry(map: TreeMap, name: string, value: Tree): TreeMap {
  return { ...map, entries: new Map(map.entries).set(name, value) };
}

/** A copy of the map without an entry. */
export function withoutEntry(map: TreeMap, name: string): TreeMap {
  const entries = new Map(map.entries);
  entries.delete(name);
  return { ...map, entries };
}

/** The tree as the compiler takes it. */
export function rawOf(tree: Tree, evidence: Evidence | null = null): RawValue {
  const { place } = tree;
  if (tree.kind === "scalar") return { value: tree.value, place, evidence };
  if (tree.kind === "list") return { value: tree.items.map((item) => rawOf(item)), place, evidence };
  const map = new Map([...tree.entries].map(([key, value]) => [key, rawOf(value)]));
  if (tree.samples !== undefined) map.set("samples", { value: tree.samples, place, evidence: null });
  return { value: map, place, evidence };
}

/** Plain objects, arrays and scalars. */
export function plain(tree: Tree): unknown {
  if (tree.kind === "scalar") return tree.value;
  if (tree.kind === "list") return tree.items.map(plain);
  return Object.fromEntries([...tree.entries].map(([key, value]) => [key, plain(value)] as const));
}

/** One line of text for a value, as a sweep point shows it. */
export function labelOf(tree: Tree): string {
  if (tree.kind === "scalar") return tree.text;
  return JSON.stringify(plain(tree));
}

/** "a list", "the text "x"", for sentences that say what was found. */
export function found(tree: Tree): string {
  if (tree.kind !== "scalar") return tree.kind === "list" ? "a list" : "a map";
  if (tree.value === null) return "nothing";
  return typeof tree.value === "string" ? `the text ${quoted(tree.value)}` : `${tree.text}`;
}

function unfit(tree: Tree, subject: string, wanted: string, remedy: string): WirelatError {
  return new WirelatError("value-kind", `${subject} is ${wanted}, not ${found(tree)}`, { place: tree.place, remedy });
}

/** The map, or `value-kind`. */
export function asMap(tree: Tree, subject: string, example: string): TreeMap {
  if (tree.kind === "map") return tree;
  throw unfit(tree, subject, "a map", `Write it like ${example}.`);
}

/** The items of a list, or `value-kind`. */
export function asList(tree: Tree, subject: string, example: string): readonly Tree[] {
  if (tree.kind === "list") return tree.items;
  throw unfit(tree, subject, "a list", `Write it like ${example}.`);
}

/** The text of a scalar that is written as text, or `value-kind`. */
export function asText(tree: Tree, subject: string, example: string): string {
  if (tree.kind === "scalar" && typeof tree.value === "string" && tree.value !== "") return tree.value;
  const remedy = tree.kind === "scalar" && tree.value !== null && tree.value !== "" ? `Write it in quotes: "${tree.text}".` : `Write it like ${example}.`;
  throw unfit(tree, subject, "a text", remedy);
}

/** true or false, or `value-kind`. */
export function asFlag(tree: Tree, subject: string): boolean {
  if (tree.kind === "scalar" && typeof tree.value === "boolean") return tree.value;
  throw unfit(tree, subject, "true or false", "Write true or false.");
}
