import { InternalFault, WirelatError } from "../errors/index.js";
import type { InstanceRef, Model, Operation, Part, Region, Role } from "../modeling/index.js";
import { suggestion } from "./nearest.js";
import { parseParam } from "./parse-param.js";
import type { CheckedScenario, InstanceSpec, RegionSpec } from "./types.js";

/** A model put to use under a name: its parameters read on demand, its parts made on first use. */
export class Instance implements InstanceRef {
  readonly children = new Map<string, Instance>();
  /** Parameters that some operation or part has asked for. */
  readonly used = new Set<string>();
  /** What operations remember along one path. */
  state = new Map<string, unknown>();
  /** What they remember over all paths. */
  readonly memory = new Map<string, unknown>();
  private readonly values = new Map<string, unknown>();
  private madeParts: Record<string, Part> | null = null;
  readonly params: Record<string, unknown>;

  constructor(readonly spec: InstanceSpec, readonly model: Model | null, readonly parent: Instance | null) {
    this.params = this.lazyParams();
  }

  get instance(): string {
    return this.spec.name;
  }

  /** The host or device whose accounts are debited. */
  get owner(): Instance {
    return this.parent === null ? this : this.parent.owner;
  }

  get parts(): Record<string, Part> {
    this.madeParts ??= this.model === null ? {} : { ...this.model.parts({ params: this.params as never }) };
    return this.madeParts;
  }

  /** A part that is made when it is first asked for. */
  partOf(name: string, make: () => Part): Part {
    return (this.parts[name] ??= make());
  }

  /** Name of a part, e.g. "gw.nic.pipeline"; null when it is not this instance's. */
  nameOf(part: Part): string | null {
    for (const [key, own] of Object.entries(this.madeParts ?? {})) if (own === part) return `${this.spec.name}.${key}`;
    return null;
  }

  private lazyParams(): Record<string, unknown> {
    const params: Record<string, unknown> = {};
    for (const name of Object.keys(this.model?.params ?? {})) Object.defineProperty(params, name, { enumerable: true, get: () => this.param(name) });
    return params;
  }

  private param(name: string): unknown {
    this.used.add(name);
    if (!this.values.has(name)) this.values.set(name, this.read(name));
    return this.values.get(name);
  }

  private read(name: string): unknown {
    const declared = this.model?.params[name];
    if (declared === undefined) throw new InternalFault(`${this.spec.name} has no parameter ${name}`);
    const given = this.spec.params[name];
    const path = `${this.spec.name}.${name}`;
    if (given !== undefined) return parseParam(declared, given, path);
    if (declared.default === null) throw new WirelatError("parameter-missing", `${path} must be given: ${declared.meaning}`, { place: this.spec.place });
    return parseParam(declared, { value: declared.default, place: this.spec.place, evidence: declared.evidence }, path);
  }
}

/** All instances of a scenario, found by dotted name. */
export class Instances {
  private readonly byName = new Map<string, Instance>();
  private readonly regions: ReadonlyMap<string, RegionSpec>;
  /** Keys of regions that some operation has asked for. */
  readonly askedOfRegions = new Set<string>();

  constructor(scenario: CheckedScenario, private readonly models: ReadonlyMap<string, Model>) {
    for (const spec of scenario.instances) this.add(spec, null);
    this.regions = new Map(scenario.regions.map((region) => [region.name, region]));
  }

  all(): IterableIterator<Instance> {
    return this.byName.values();
  }

  find(name: string): Instance {
    const found = this.byName.get(name);
    if (found === undefined) throw new WirelatError("instance-unknown", `there is no ${name}${suggestion(name, [...this.byName.keys()])}`);
    return found;
  }

  has(name: string): boolean {
    return this.byName.has(name);
  }

  /** Finds the operation that a step names: "gw.nic.rx", "gw.irq", "feed". */
  operation(name: string): { readonly instance: Instance; readonly operation: string } {
    for (let cut = name.length; cut > 0; cut = name.lastIndexOf(".", cut - 1)) {
      const instance = this.byName.get(name.slice(0, cut));
      if (instance !== undefined) return { ...this.operationIn(instance, name.slice(cut + 1), name) };
    }
    throw new WirelatError("instance-unknown", `there is no ${name}${suggestion(name, [...this.byName.keys()])}`);
  }

  /** The component of the same host that fills a role; `last` breaks a tie. */
  role(of: Instance, role: Role, last: Instance | null): Instance {
    const slot = role === "bus" ? of.spec.slot ?? null : null;
    const candidates = [...of.owner.children].filter(([name, child]) => child.model?.provides === role && (slot === null || name === slot)).map(([, child]) => child);
    const chosen = candidates.length === 1 ? candidates[0] : candidates.find((candidate) => candidate === last);
    if (chosen !== undefined) return chosen;
    const found = candidates.length === 0 ? "none does" : `${candidates.map((candidate) => candidate.instance).join(" and ")} do`;
    const where = slot === null ? "" : ` and is called ${slot}`;
    const remedy = role === "bus" && candidates.length > 1 ? { remedy: `Say which it is plugged into, e.g. \`slot: ${candidates[0]?.instance.split(".").at(-1) ?? ""}\`.` } : {};
    throw new WirelatError("role-unfilled", `${of.instance} needs a component of ${of.owner.instance} that serves as ${role}${where}; ${found}`, { place: of.spec.place, ...remedy });
  }

  /** Whether the host has a component that fills the role. */
  fills(of: Instance, role: Role): boolean {
    return [...of.owner.children.values()].some((child) => child.model?.provides === role);
  }

  region(name: string): Region {
    const spec = this.regions.get(name);
    if (spec === undefined) throw new WirelatError("region-unknown", `there is no region ${name}${suggestion(name, [...this.regions.keys()])}`);
    return readRegion(spec, (key) => void this.askedOfRegions.add(`${name}.${key}`));
  }

  private add(spec: InstanceSpec, parent: Instance | null): Instance {
    const model = spec.model === null ? null : this.models.get(spec.model);
    if (model === undefined) throw new WirelatError("model-unknown", `there is no model ${spec.model}${suggestion(spec.model ?? "", [...this.models.keys()])}`, { place: spec.place });
    const instance = new Instance(spec, model, parent);
    this.byName.set(spec.name, instance);
    for (const child of spec.children) instance.children.set(child.name.slice(spec.name.length + 1), this.add(child, instance));
    return instance;
  }

  private operationIn(instance: Instance, rest: string, whole: string): { readonly instance: Instance; readonly operation: string } {
    const operation = rest === "" ? "traverse" : rest;
    if (instance.model !== null && operation in instance.model.operations) return { instance, operation };
    const offering = [...instance.children.values()].filter((child) => child.model !== null && operation in child.model.operations);
    if (offering.length === 1) return { instance: offering[0] as Instance, operation };
    const known = [...operationNames(instance)];
    const problem = offering.length > 1 ? `more than one component offers it: ${offering.map((child) => child.instance).join(", ")}` : `${instance.instance} offers ${known.join(", ") || "none"}${suggestion(operation, known)}`;
    throw new WirelatError("operation-unknown", `${whole}: ${instance.instance} has no operation ${operation}; ${problem}`);
  }
}

function* operationNames(instance: Instance): Generator<string> {
  yield* Object.keys(instance.model?.operations ?? {});
  for (const [name, child] of instance.children) {
    for (const operation of Object.keys(child.model?.operations ?? {})) yield `${name}.${operation}`;
  }
}

export function operationOf(instance: Instance, name: string): Operation {
  const operation = instance.model?.operations[name];
  if (operation === undefined) throw new WirelatError("operation-unknown", `${instance.instance} has no operation ${name}; it offers ${Object.keys(instance.model?.operations ?? {}).join(", ")}`);
  return operation;
}

/** Reads a region's keys when they are asked for, and says which were. */
function readRegion(spec: RegionSpec, asked: (key: string) => void): Region {
  const value = <T>(key: string, absent: T): T => {
    asked(key);
    return (spec.params[key]?.value as T | undefined) ?? absent;
  };
  return {
    name: spec.name,
    host: spec.name.slice(0, spec.name.lastIndexOf(".")),
    bytes: value("bytes", 0),
    get pinned() { return value("pinned", false); },
    get odp() { return value("odp", false); },
    get rights() { return value<readonly string[]>("rights", []); },
    get numa() { return value("numa", 0); },
    get below() { return value<number | null>("below", null); },
    get at() { return value<number | null>("at", null); },
    get owner() { return value<string | null>("owner", null); },
  };
}
