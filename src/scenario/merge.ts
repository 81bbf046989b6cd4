import type { Faults } from "./faults.js";
import { isNull, keyPlace, mapOf, withEntry, withoutEntry, type Tree, type TreeMap } from "./tree.js";

/**
 * What inherits over what is inherited: maps merge, everything else replaces, null deletes. A distribution is one value
 * although it is written as a map.
 */
export function mergeTrees(parent: Tree, child: Tree): Tree {
  if (parent.kind !== "map" || child.kind !== "map" || child.entries.has("dist") || parent.entries.has("dist")) return child;
  const entries = new Map(parent.entries);
  for (const [name, value] of child.entries) {
    const inherited = entries.get(name);
    if (inherited === undefined) entries.set(name, value);
    else if (isNull(value)) entries.delete(name);
    else entries.set(name, mergeTrees(inherited, value));
  }
  return { ...child, entries };
}

/** `moderation.mode: none` becomes `moderation: { mode: none }`, so that both ways of writing meet. */
export function nestDotted(tree: Tree, faults: Faults): Tree {
  if (tree.kind !== "map") return tree;
  let result: TreeMap = { ...tree, entries: new Map() };
  for (const [name, value] of tree.entries) {
    const path = name.split(".");
    const nested = nestDotted(value, faults);
    if (path.includes("")) faults.add("name-malformed", keyPlace(value), `"${name}" has an empty part`, "Write names with single dots between them.");
    else if (!fits(result, path, nested)) faults.add("key-duplicate", keyPlace(value), `the key "${name}" is written twice, once with a dot and once nested`, "Keep one of the two.");
    else result = setAt(result, path, mergeInto(getAt(result, path), nested));
  }
  return result;
}

function mergeInto(present: Tree | null, value: Tree): Tree {
  return present === null ? value : mergeTrees(present, value);
}

/** Whether the value can stand at the path beside what stands there already. */
function fits(map: TreeMap, path: readonly string[], value: Tree): boolean {
  const [first = "", ...rest] = path;
  const present = map.entries.get(first);
  if (present === undefined) return true;
  if (present.kind !== "map") return false;
  if (rest.length > 0) return fits(present, rest, value);
  return value.kind === "map" && [...value.entries].every(([name, inner]) => fits(present, [name], inner));
}

/** The value at a path of keys, or null. */
export function getAt(tree: Tree, path: readonly string[]): Tree | null {
  let here: Tree | undefined = tree;
  for (const name of path) here = here?.kind === "map" ? here.entries.get(name) : undefined;
  return here ?? null;
}

/** A copy with the value at a path of keys; maps on the way are made where they are missing, and replace what is no map. */
export function setAt(map: TreeMap, path: readonly string[], value: Tree): TreeMap {
  const [first = "", ...rest] = path;
  if (rest.length === 0) return withEntry(map, first, value);
  const inner = map.entries.get(first);
  const next = inner?.kind === "map" ? inner : mapOf(new Map(), keyPlace(value));
  return withEntry(map, first, setAt(next, rest, value));
}

/** A copy without what stands at a path of keys. */
export function deleteAt(map: TreeMap, path: readonly string[]): TreeMap {
  const [first = "", ...rest] = path;
  const inner = map.entries.get(first);
  if (inner === undefined) return map;
  if (rest.length === 0) return withoutEntry(map, first);
  return inner.kind === "map" ? withEntry(map, first, deleteAt(inner, rest)) : map;
}
