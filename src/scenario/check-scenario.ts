import type { Capture } from "../capture/index.js";
import { WirelatErrors, type WirelatError } from "../errors/index.js";
import type { Catalogue } from "./compile.js";
import { checkInstance, HARDWARE, type CheckedInstance, type HardwareSection } from "./check-instances.js";
import { checkMetrics, checkRun } from "./check-measure.js";
import { checkRegion } from "./check-regions.js";
import { checkTraffic } from "./check-traffic.js";
import { Faults } from "./faults.js";
import type { LoadedFiles } from "./loaded-files.js";
import { checkName, namedEntries } from "./names.js";
import { parseSteps } from "./path-steps.js";
import type { Shelf } from "./presets.js";
import { asMap, keyPlace, type Tree, type TreeMap } from "./tree.js";
import type { CheckedScenario, PathSpec, RegionSpec, TrafficSpec } from "./types.js";

export const SECTIONS = Object.keys(HARDWARE) as readonly HardwareSection[];

/** Everything of a scenario but its name, variant and point. */
export type Checked = Omit<CheckedScenario, "id" | "variant" | "point">;

interface Remembered {
  readonly context: string;
  readonly value: unknown;
  readonly errors: readonly WirelatError[];
}

/**
 * Checks documents that differ in little: what was found out about a part of the tree is remembered by its identity, so that
 * ten thousand sweep points cost what they change.
 */
export class Checker {
  readonly #memory = new WeakMap<Tree, Remembered>();
  readonly #captures = new Map<string, Capture>();

  constructor(readonly shelf: Shelf, readonly files: LoadedFiles, private readonly models: { readonly catalogue: Catalogue; readonly code: readonly string[] }) {}

  get catalogue(): Catalogue {
    return this.models.catalogue;
  }

  /** The hosts, devices, links and switches by name. */
  instances(document: TreeMap, faults: Faults): ReadonlyMap<string, CheckedInstance> {
    const all = new Map<string, CheckedInstance>();
    for (const section of SECTIONS) {
      for (const [name, tree] of entriesOf(document, section, faults)) {
        const checked = this.#remember(tree, section, faults, (found) => checkInstance(section, name, tree, { shelf: this.shelf, faults: found }));
        const other = all.get(name);
        if (other !== undefined) faults.add("name-taken", keyPlace(tree), `two things are called ${name}; the other is the ${other.spec.kind} of line ${other.spec.place.line}`, "Rename one: paths and overrides name both alike.");
        else if (checked !== null) all.set(name, checked);
      }
    }
    return all;
  }

  /** Names of everything that a step may begin with, also of what is itself faulty. */
  instanceNames(document: TreeMap): ReadonlySet<string> {
    const silent = new Faults();
    return new Set(SECTIONS.flatMap((section) => entriesOf(document, section, silent).map(([name]) => name)));
  }

  paths(document: TreeMap, faults: Faults): readonly PathSpec[] {
    const instances = this.instanceNames(document);
    const context = [...instances].join(" ");
    return entriesOf(document, "paths", faults).map(([name, tree]) => this.#remember(tree, context, faults, (found): PathSpec => (
      { name, steps: parseSteps(tree, `the path ${name}`, { instances, faults: found }), place: keyPlace(tree) }
    )));
  }

  traffic(document: TreeMap, faults: Faults): readonly TrafficSpec[] {
    const paths = entriesOf(document, "paths", new Faults()).map(([name]) => name);
    const instances = this.instanceNames(document);
    return entriesOf(document, "traffic", faults).flatMap(([name, tree]) => {
      if (instances.has(name)) faults.add("name-taken", keyPlace(tree), `the traffic ${name} has the name of an instance`, "Rename one: overrides name both alike.");
      const shop = { shelf: this.shelf, files: this.files, paths, captures: this.#captures };
      const spec = this.#remember(tree, paths.join(" "), faults, (found) => checkTraffic(name, tree, { ...shop, faults: found }));
      return spec === null ? [] : [spec];
    });
  }

  regions(document: TreeMap, faults: Faults): readonly RegionSpec[] {
    const tree = document.entries.get("regions");
    const hosts = new Set(entriesOf(document, "hosts", new Faults()).map(([name]) => name));
    const map = tree === undefined ? null : faults.attempt(tree.place, () => asMap(tree, "`regions`", "`regions: { b.mailbox: { bytes: 4 KiB } }`"));
    return [...(map?.entries ?? [])].flatMap(([name, region]) => {
      const spec = this.#remember(region, [...hosts].join(" "), faults, (found) => checkRegion(name, region, hosts, found));
      return spec === null ? [] : [spec];
    });
  }

  /** The whole document; its mistakes go to `faults`. */
  check(document: TreeMap, faults: Faults): Checked {
    const instances = this.instances(document, faults);
    const paths = this.paths(document, faults);
    for (const section of ["traffic", "paths"]) {
      if (!document.entries.has(section)) faults.add("key-missing", document.place, `the scenario has no \`${section}\``, "A scenario needs at least something of hosts or devices, `traffic` and `paths`.");
    }
    return {
      instances: [...instances.values()].map((instance) => instance.spec),
      regions: this.regions(document, faults),
      traffic: this.traffic(document, faults),
      paths,
      metrics: checkMetrics(document.entries.get("metrics"), { instances: this.instanceNames(document), paths, faults }),
      run: checkRun(document.entries.get("run"), faults),
      ...(this.models.code.length > 0 ? { plugins: this.models.code } : {}),
    };
  }

  #remember<T>(tree: Tree, context: string, faults: Faults, make: (faults: Faults) => T): T {
    const known = this.#memory.get(tree);
    if (known?.context === context) {
      faults.takeAll(known.errors);
      return known.value as T;
    }
    const found = new Faults();
    const value = make(found);
    this.#memory.set(tree, { context, value, errors: found.errors });
    faults.takeAll(found.errors);
    return value;
  }
}

/** The named entries of a section; none where it is absent or misshapen. */
export function entriesOf(document: TreeMap, section: string, faults: Faults): readonly (readonly [string, Tree])[] {
  const tree = document.entries.get(section);
  if (tree === undefined) return [];
  const map = faults.attempt(tree.place, () => asMap(tree, `\`${section}\``, `\`${section}: { name: … }\``));
  if (map === null) return [];
  if (map.entries.size === 0) faults.add("value-missing", keyPlace(tree), `\`${section}\` is empty`, "Fill it, or remove the line.");
  const noun = section === "traffic" ? "traffic" : section === "switches" ? "a switch" : `a ${section.slice(0, -1)}`;
  return section === "paths" ? [...map.entries].filter(([name, value]) => checkName(name, noun, value, faults)) : namedEntries(map, noun, faults);
}

/** Runs `make` with faults of its own; throws them if there are any. */
export function orThrow<T>(make: (faults: Faults) => T): T {
  const faults = new Faults();
  const value = make(faults);
  if (faults.count > 0) throw new WirelatErrors(faults.errors);
  return value;
}
