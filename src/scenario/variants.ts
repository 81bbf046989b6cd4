import type { Faults } from "./faults.js";
import { checkName } from "./names.js";
import type { Override } from "./override.js";
import { asList, asMap, keyPlace, labelOf, type Tree } from "./tree.js";
import type { Point } from "./types.js";

/** More runs than this are a mistake, or a matter for several scenarios. */
export const MOST_POINTS = 10_000;

export interface Variant {
  readonly name: string;
  readonly overrides: readonly Override[];
}

/** A point of the sweep, and what it overrides. */
export interface SweepPoint {
  readonly point: Point;
  readonly overrides: readonly Override[];
}

/** `variants`, after `base`, which overrides nothing. */
export function checkVariants(tree: Tree | undefined, faults: Faults): readonly Variant[] {
  const base: Variant = { name: "base", overrides: [] };
  if (tree === undefined) return [base];
  const example = "`variants: { unmoderated: { gw.nic.moderation.mode: none } }`";
  const map = faults.attempt(tree.place, () => asMap(tree, "`variants`", example));
  const named = [...(map?.entries ?? [])].flatMap(([name, value]) => {
    if (!checkName(name, "a variant", value, faults)) return [];
    const overrides = faults.attempt(value.place, () => asMap(value, `the variant ${name}`, example));
    return overrides === null ? [] : [{ name, overrides: [...overrides.entries].map(([path, inner]) => ({ path, value: inner })) }];
  });
  return [base, ...named];
}

/** Values that change together, one row a point: a crossed axis has one column. */
interface Axis {
  readonly rows: readonly (readonly Override[])[];
}

/** `sweep`: axes crossed with each other, those under `zip` going together; one empty point without it. */
export function checkSweep(tree: Tree | undefined, faults: Faults): readonly SweepPoint[] {
  const map = tree === undefined ? null : faults.attempt(tree.place, () => asMap(tree, "`sweep`", "`sweep: { ticks.rate: [20 kpps, 200 kpps] }`"));
  const axes = [...(map?.entries ?? [])].flatMap(([name, value]) => (name === "zip" ? zipped(value, faults) : crossed(name, value, faults)));
  const count = axes.reduce((product, axis) => product * axis.rows.length, 1);
  if (tree !== undefined && count > MOST_POINTS) {
    faults.add("sweep-malformed", keyPlace(tree), `the axes cross to ${count} points; at most ${MOST_POINTS} are run`, "Shorten an axis, or zip axes that belong together.");
    return [];
  }
  const rows = axes.reduce<readonly (readonly Override[])[]>((all, axis) => all.flatMap((row) => axis.rows.map((more) => [...row, ...more])), [[]]);
  return rows.map((overrides) => ({ overrides, point: Object.fromEntries(overrides.map(({ path, value }) => [path, labelOf(value)])) }));
}

function valuesOf(name: string, tree: Tree, faults: Faults): readonly Tree[] {
  const values = faults.attempt(tree.place, () => asList(tree, `the axis ${name}`, `\`${name}: [one, two]\``));
  if (values === null) return [];
  if (values.length === 0) faults.add("sweep-malformed", tree.place, `the axis ${name} has no values`, "Give it some, or remove it.");
  const seen = new Set<string>();
  for (const value of values) {
    const label = labelOf(value);
    if (seen.has(label)) faults.add("sweep-malformed", value.place, `the axis ${name} has the value ${label} twice`, "Keep one.");
    seen.add(label);
  }
  return values;
}

function crossed(name: string, tree: Tree, faults: Faults): readonly Axis[] {
  const values = valuesOf(name, tree, faults);
  return values.length === 0 ? [] : [{ rows: values.map((value) => [{ path: name, value }]) }];
}

/** A map of axes of one length; or a list of such maps, each a group of its own. */
function zipped(tree: Tree, faults: Faults): readonly Axis[] {
  const groups = tree.kind === "list" ? tree.items : [tree];
  return groups.flatMap((group) => {
    const map = faults.attempt(group.place, () => asMap(group, "`zip`", "`zip: { a.rate: [1 kpps, 2 kpps], b.rate: [3 kpps, 4 kpps] }`"));
    const columns = [...(map?.entries ?? [])].map(([path, value]) => ({ path, values: valuesOf(path, value, faults), place: keyPlace(value) }));
    const [first, ...others] = columns;
    if (first === undefined) return [];
    for (const other of others) {
      if (other.values.length !== first.values.length) faults.add("sweep-malformed", other.place, `${other.path} has ${other.values.length} values and ${first.path} has ${first.values.length}; axes under zip go together`, "Give them the same number of values.");
    }
    return [{ rows: first.values.map((_, row) => columns.flatMap(({ path, values }) => { const value = values[row]; return value === undefined ? [] : [{ path, value }]; })) }];
  });
}
