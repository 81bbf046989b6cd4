import type { Faults } from "./faults.js";
import { keyPlace, type Tree, type TreeMap } from "./tree.js";

const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]*$/u;
const LONGEST = 64;

/** Words that a step of a path, or the first part of a dotted path, means something else by. */
const RESERVED = ["tap", "all", "race", "spawn", "parallel", "repeat", "branch", "run", "intended", "base"];

/** The entries whose names are names; the others are faults. `what` is singular: "a host". */
export function namedEntries(map: TreeMap, what: string, faults: Faults): readonly (readonly [string, Tree])[] {
  return [...map.entries].filter(([name, tree]) => checkName(name, what, tree, faults));
}

export function checkName(name: string, what: string, tree: Tree, faults: Faults): boolean {
  if (!NAME.test(name) || name.length > LONGEST) {
    faults.add("name-malformed", keyPlace(tree), `${JSON.stringify(name.slice(0, LONGEST))} is not a name for ${what}`, `Use letters, digits, - and _, at most ${LONGEST}, and begin with a letter or a digit.`);
    return false;
  }
  if (!RESERVED.includes(name)) return true;
  faults.add("name-malformed", keyPlace(tree), `${what} cannot be called "${name}", which has a meaning of its own`, "Use another name.");
  return false;
}
