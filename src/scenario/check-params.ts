import type { Param, Params } from "../modeling/index.js";
import { unknownKey } from "./check-keys.js";
import type { Faults } from "./faults.js";
import { parseParam } from "./parse-param.js";
import { keyPlace, rawOf, type Tree, type TreeMap } from "./tree.js";
import type { RawValue } from "./types.js";

/** Whose parameters are read, and what for. */
export interface ParamsOf {
  /** In messages: "nic/generic-10g". */
  readonly subject: string;
  readonly declared: Params;
  /** Keys that are no parameters, such as `use`. */
  readonly reserved: readonly string[];
}

/** Calls `visit` for every parameter in a map of nested keys; everything else is a `key-unknown`. */
export function eachParam(map: TreeMap, of: ParamsOf, faults: Faults, visit: (name: string, tree: Tree) => void): void {
  const walk = (here: TreeMap, prefix: string): void => {
    for (const [key, tree] of here.entries) {
      if (prefix === "" && of.reserved.includes(key)) continue;
      const name = prefix + key;
      const param = Object.hasOwn(of.declared, name) ? of.declared[name] : undefined;
      const isGroup = tree.kind === "map" && Object.keys(of.declared).some((other) => other.startsWith(`${name}.`));
      if (param !== undefined && !(isGroup && !takesMap(param, tree))) visit(name, tree);
      else if (isGroup) walk(tree, `${name}.`);
      else faults.keep(unknownParam(key, prefix, tree, of));
    }
  };
  walk(map, "");
}

/** Distributions and threads are written as maps, and so is a value of a preset with its evidence. */
function takesMap(param: Param, tree: TreeMap): boolean {
  return param.kind === "timing" || param.kind === "threads" || tree.entries.has("value");
}

function unknownParam(key: string, prefix: string, tree: Tree, of: ParamsOf): ReturnType<typeof unknownKey> {
  const subject = prefix === "" ? of.subject : `${prefix.slice(0, -1)} of ${of.subject}`;
  return unknownKey(key, keysBelow(Object.keys(of.declared), prefix), subject, keyPlace(tree));
}

/** The next parts of all names that begin with `prefix`: of "moderation.mode" and "numa", "moderation" and "numa". */
export function keysBelow(names: readonly string[], prefix: string): readonly string[] {
  const below = names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length).split(".")[0] ?? "");
  return [...new Set(below)].sort();
}

/** Reads one value to see whether it can be read. Gives the raw value, or null after a fault. */
export function checkedParam(param: Param, raw: RawValue, path: string, faults: Faults): RawValue | null {
  return faults.attempt(raw.place, () => {
    parseParam(param, raw, path);
    return raw;
  });
}

/** All parameters that a scenario writes in a map, by name. */
export function writtenParams(map: TreeMap, of: ParamsOf & { readonly instance: string }, faults: Faults): Map<string, RawValue> {
  const written = new Map<string, RawValue>();
  eachParam(map, of, faults, (name, tree) => {
    const param = of.declared[name];
    if (tree.kind === "scalar" && tree.value === null) written.set(name, rawOf(tree));
    else if (param !== undefined && checkedParam(param, rawOf(tree), `${of.instance}.${name}`, faults) !== null) written.set(name, rawOf(tree));
  });
  return written;
}
