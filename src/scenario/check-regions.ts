import { parseBytes, parseCount } from "../units/index.js";
import { listed, unknownKey } from "./check-keys.js";
import type { Faults } from "./faults.js";
import { checkName } from "./names.js";
import { nearest } from "./nearest.js";
import { scalarValue } from "./path-steps.js";
import { asFlag, asList, asMap, asText, isNull, keyPlace, type Tree } from "./tree.js";
import type { RawValue, RegionSpec } from "./types.js";

export const REGION_RIGHTS = ["remote-read", "remote-write", "remote-atomic"] as const;

/** Every parameter of a region with the reader of its value. */
const READERS: Readonly<Record<string, (tree: Tree) => unknown>> = {
  bytes: (tree) => parseBytes(scalarValue(tree)),
  pinned: (tree) => asFlag(tree, "`pinned`"),
  odp: (tree) => asFlag(tree, "`odp`"),
  rights: (tree) => asList(tree, "`rights`", "[remote-write]").map((item) => asText(item, "a right", "remote-write")),
  numa: (tree) => parseCount(scalarValue(tree)),
  owner: (tree) => asText(tree, "`owner`", "a thread of the host"),
  at: (tree) => parseCount(scalarValue(tree)),
  below: (tree) => parseBytes(scalarValue(tree)),
};
export const REGION_KEYS: readonly string[] = Object.keys(READERS);

/** Checks one entry of `regions`, whose name is `<host>.<region>`. Null after a fault that leaves nothing to go on with. */
export function checkRegion(name: string, tree: Tree, hosts: ReadonlySet<string>, faults: Faults): RegionSpec | null {
  const map = faults.attempt(tree.place, () => asMap(tree, `the region ${name}`, `\`${name}: { bytes: 4 KiB, pinned: true }\``));
  if (map === null || !checkOwner(name, tree, hosts, faults)) return null;
  const params = new Map<string, RawValue>();
  for (const [key, value] of map.entries) {
    const reader = Object.hasOwn(READERS, key) ? READERS[key] : undefined;
    if (reader === undefined) faults.keep(unknownKey(key, REGION_KEYS, "a region", keyPlace(value)));
    else if (!isNull(value)) {
      const read = faults.attempt(value.place, () => reader(value));
      if (read !== null) params.set(key, { value: read, place: value.place, evidence: null });
    }
  }
  if (!map.entries.has("bytes")) faults.add("key-missing", keyPlace(map), `the region ${name} has no size`, "Add `bytes`, such as `bytes: 4 KiB`.");
  checkRights(map.entries.get("rights"), faults);
  return { name, params: Object.fromEntries(params), place: keyPlace(map) };
}

function checkOwner(name: string, tree: Tree, hosts: ReadonlySet<string>, faults: Faults): boolean {
  const [host = "", region, ...more] = name.split(".");
  if (region === undefined || more.length > 0) {
    faults.add("name-malformed", keyPlace(tree), `the region "${name}" does not name its host`, "Call it <host>.<region>, such as b.mailbox.");
    return false;
  }
  if (!hosts.has(host)) {
    const near = nearest(host, hosts);
    faults.add("instance-unknown", keyPlace(tree), `the region ${name} is of ${host}, which is no host`, near === null ? `Hosts are ${listed(hosts) || "none"}.` : `Did you mean "${near}"?`);
    return false;
  }
  return checkName(region, "a region", tree, faults);
}

function checkRights(tree: Tree | undefined, faults: Faults): void {
  for (const item of tree?.kind === "list" ? tree.items : []) {
    const right = item.kind === "scalar" ? String(item.value) : "";
    if (REGION_RIGHTS.some((known) => known === right)) continue;
    const near = nearest(right, REGION_RIGHTS);
    faults.add("value-choice", item.place, `"${right}" is no right of a region`, near === null ? `Rights are ${listed(REGION_RIGHTS)}.` : `Did you mean "${near}"?`);
  }
}
