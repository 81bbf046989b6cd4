import { WirelatError } from "../errors/index.js";
import type { Params } from "../modeling/index.js";
import { withoutAliases, type CheckedInstance } from "./check-instances.js";
import { RUN_KEYS } from "./check-measure.js";
import { type Checked, type Checker, entriesOf, SECTIONS } from "./check-scenario.js";
import { REGION_KEYS } from "./check-regions.js";
import { Faults } from "./faults.js";
import { deleteAt, getAt, mergeTrees, setAt } from "./merge.js";
import { nearest } from "./nearest.js";
import { argumentMap, editSteps, operationNamed, operationSteps, stepEdit, type StepEdit, type StepNames } from "./override-steps.js";
import { isNull, keyPlace, type Tree, type TreeMap } from "./tree.js";


/** A dotted path and the value to put there; null takes away. */
export interface Override {
  readonly path: string;
  readonly value: Tree;
}

/** A document with overrides applied: those of the tree in it, those of steps beside it. */
export interface Overridden {
  readonly document: TreeMap;
  readonly edits: readonly StepEdit[];
}

/** Applies dotted overrides one after the other; `use` first, because it decides which parameters there are. */
export class Overriding {
  #document: TreeMap;
  readonly #edits: StepEdit[] = [];

  constructor(document: TreeMap, private readonly checker: Checker, private readonly faults: Faults) {
    this.#document = document;
  }

  apply(overrides: readonly Override[]): this {
    const isUse = ({ path }: Override): boolean => path === "use" || path.endsWith(".use");
    for (const override of [...overrides.filter(isUse), ...overrides.filter((one) => !isUse(one))]) {
      this.faults.attempt(keyPlace(override.value), () => this.#one(override));
    }
    return this;
  }

  /** The scenario as it then is; its mistakes go to the faults. */
  checked(): Checked {
    const checked = this.checker.check(this.#document, this.faults);
    if (this.#edits.length === 0) return checked;
    const steps = this.#steps();
    return { ...checked, paths: editSteps(checked.paths, this.#edits, steps.operation) };
  }

  #steps(): StepNames {
    const silent = new Faults();
    const instances = this.checker.instances(this.#document, silent);
    return { paths: this.checker.paths(this.#document, silent), operation: (name) => operationNamed(name, instances, this.checker.catalogue) };
  }

  #one(override: Override): void {
    const { path, value } = override;
    const edit = stepEdit(path, value, this.#steps());
    if (edit?.written === true) this.#edits.push(edit);
    const keys = this.#target(path, value);
    if (keys !== null) this.#put(keys, value);
    else if (edit !== null && !edit.written) this.#edits.push(edit);
    else if (edit === null && value.kind === "map" && value.entries.size > 0 && !value.entries.has("dist")) {
      for (const [key, inner] of value.entries) this.#one({ path: `${path}.${key}`, value: inner });
    } else if (edit === null) throw this.#unknown(override);
  }

  #put(keys: readonly string[], value: Tree): void {
    const present = getAt(this.#document, keys);
    // What only a preset says is taken away by a null in its place.
    if (isNull(value) && present !== null && !isNull(present)) this.#document = deleteAt(this.#document, keys);
    else this.#document = setAt(this.#document, keys, present === null ? value : mergeTrees(present, value));
    if (keys.at(-1) === "use") this.#document = withoutHostAliases(this.#document, this.checker);
  }

  /** The keys of the tree to which a path leads, or null when it leads nowhere there. */
  #target(path: string, value: Tree): readonly string[] | null {
    const [root = "", ...rest] = path.split(".");
    const name = rest.join(".");
    if (root === "run") return RUN_KEYS.some((key) => key === name) ? ["run", name] : null;
    const region = this.#region(path);
    if (region !== null) return region;
    const silent = new Faults();
    const section = SECTIONS.find((one) => entriesOf(this.#document, one, silent).some(([entry]) => entry === root));
    if (section !== undefined) return this.#inInstance([section, root], rest, value);
    if (!entriesOf(this.#document, "traffic", silent).some(([entry]) => entry === root)) return null;
    return name === "use" || name === "path" || declares(this.#trafficParams(root), name) ? ["traffic", root, ...rest] : null;
  }

  #region(path: string): readonly string[] | null {
    const regions = this.#document.entries.get("regions");
    const names = regions?.kind === "map" ? [...regions.entries.keys()] : [];
    const name = names.find((one) => path.startsWith(`${one}.`));
    const key = name === undefined ? "" : path.slice(name.length + 1);
    return name !== undefined && REGION_KEYS.includes(key) ? ["regions", name, key] : null;
  }

  #inInstance(keys: readonly string[], rest: readonly string[], value: Tree): readonly string[] | null {
    const instance = this.checker.instances(this.#document, new Faults()).get(keys[1] ?? "");
    if (instance === undefined) return null;
    const path = withoutAlias(rest, instance);
    const [first = "", ...inner] = path;
    if (path.length === 1 && first === "use") return [...keys, "use"];
    const component = instance.children.get(first);
    if (component === undefined) {
      const isNew = instance.spec.model === null && path.length === 1 && value.kind === "map" && value.entries.has("use");
      return isNew || declares(instance.used?.model?.params, path.join(".")) ? [...keys, ...path] : null;
    }
    if (inner.length === 0) return isNull(value) ? [...keys, first] : null;
    const isWiring = inner.length === 1 && (inner[0] === "use" || inner[0] === "slot");
    return isWiring || declares(component.used?.model?.params, inner.join(".")) ? [...keys, ...path] : null;
  }

  #trafficParams(name: string): Params | undefined {
    const spec = this.checker.traffic(this.#document, new Faults()).find((one) => one.name === name);
    return spec === undefined ? undefined : this.checker.catalogue.traffic.get(spec.model)?.params;
  }

  #unknown({ path, value }: Override): WirelatError {
    const near = nearest(path, this.#everyPath());
    return new WirelatError("override-unknown", `the path ${path} leads to nothing that can be changed`, {
      place: keyPlace(value),
      remedy: near === null ? "Name a parameter of an instance, of traffic, of a region or of run, or an argument of a step." : `Did you mean "${near}"?`,
    });
  }

  /** Every dotted path there is, for suggestions. */
  #everyPath(): readonly string[] {
    const silent = new Faults();
    const instances = [...this.checker.instances(this.#document, silent).values()];
    const traffic = entriesOf(this.#document, "traffic", silent).flatMap(([name]) => ["use", "path", ...Object.keys(this.#trafficParams(name) ?? {})].map((key) => `${name}.${key}`));
    const regions = this.checker.regions(this.#document, silent).flatMap((region) => REGION_KEYS.map((key) => `${region.name}.${key}`));
    const steps = this.#steps();
    const written = operationSteps(steps.paths).flatMap((step) => [...(argumentMap(step.argument)?.keys() ?? []), ...Object.keys(steps.operation(step.name)?.args ?? {})].map((key) => `${step.name}.${key}`));
    return [...RUN_KEYS.map((key) => `run.${key}`), ...traffic, ...regions, ...instances.flatMap(pathsOf), ...written];
  }
}

/** Whether the name is a parameter, or a thread among the threads that are one. */
function declares(params: Params | undefined, name: string): boolean {
  if (params === undefined) return false;
  const map = name.slice(0, Math.max(0, name.lastIndexOf(".")));
  return Object.hasOwn(params, name) || (Object.hasOwn(params, map) && params[map]?.kind === "threads");
}

/** The document with what hosts write under an alias moved to where it belongs, so that an override finds it there. */
export function withoutHostAliases(document: TreeMap, checker: Checker): TreeMap {
  const silent = new Faults();
  const instances = checker.instances(document, silent);
  return entriesOf(document, "hosts", silent).reduce((result, [name, tree]) => {
    const aliases = instances.get(name)?.used?.aliases;
    if (aliases === undefined || tree.kind !== "map") return result;
    const plainer = withoutAliases(tree, aliases);
    return plainer === tree ? result : setAt(result, ["hosts", name], plainer);
  }, document);
}

function withoutAlias(path: readonly string[], instance: CheckedInstance): readonly string[] {
  const joined = path.join(".");
  for (const [alias, target] of instance.used?.aliases ?? []) {
    if (joined === alias || joined.startsWith(`${alias}.`)) return (target + joined.slice(alias.length)).split(".");
  }
  return path;
}

function pathsOf(instance: CheckedInstance): readonly string[] {
  const own = ["use", ...(instance.spec.kind === "component" ? ["slot"] : []), ...Object.keys(instance.used?.model?.params ?? {})].map((key) => `${instance.spec.name}.${key}`);
  const aliases = [...(instance.used?.aliases.keys() ?? [])].map((alias) => `${instance.spec.name}.${alias}`);
  return [...own, ...aliases, ...[...instance.children.values()].flatMap(pathsOf)];
}
