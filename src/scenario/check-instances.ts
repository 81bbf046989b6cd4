import { WirelatError } from "../errors/index.js";
import { unknownKey } from "./check-keys.js";
import { writtenParams } from "./check-params.js";
import type { Faults } from "./faults.js";
import { deleteAt, getAt, mergeTrees, setAt } from "./merge.js";
import { checkName } from "./names.js";
import { evidencedParams } from "./preset-file.js";
import type { Shelf, Used } from "./presets.js";
import { asMap, asText, isNull, keyPlace, type Tree, type TreeMap } from "./tree.js";
import type { InstanceSpec, RawValue } from "./types.js";

/** The sections of a scenario that declare hardware, and what each entry is. */
export const HARDWARE = { hosts: "host", devices: "device", links: "link", switches: "switch" } as const;
export type HardwareSection = keyof typeof HARDWARE;

/** An instance with what checking found out about it. */
export interface CheckedInstance {
  readonly spec: InstanceSpec;
  /** What it uses; null for a host that lists its components itself. */
  readonly used: Used | null;
  readonly children: ReadonlyMap<string, CheckedInstance>;
}

interface Shop {
  readonly shelf: Shelf;
  readonly faults: Faults;
}

/** Checks one entry of a section. Null after a fault that leaves nothing to go on with. */
export function checkInstance(section: HardwareSection, name: string, tree: Tree, shop: Shop): CheckedInstance | null {
  const kind = HARDWARE[section];
  const map = shop.faults.attempt(tree.place, () => asMap(tree, `the ${kind} ${name}`, `\`${name}: { use: … }\``));
  if (map === null) return null;
  return kind === "host" ? checkHost(name, map, shop) : checkSingle(name, kind, map, { ...shop, base: null });
}

function usedBy(map: TreeMap, name: string, { shelf, faults }: Shop): Used | null | "absent" {
  const use = map.entries.get("use");
  if (use === undefined) return "absent";
  return faults.attempt(use.place, () => shelf.use(asText(use, `\`use\` of ${name}`, "`use: nic/generic-10g`"), use.place));
}

/** What a host's preset says about one of its components. */
interface FromHost {
  readonly map: TreeMap;
  readonly title: string;
}

function checkSingle(name: string, kind: InstanceSpec["kind"], map: TreeMap, shop: Shop & { readonly base: FromHost | null }): CheckedInstance | null {
  const { faults, base } = shop;
  const used = usedBy(map.entries.has("use") || base === null ? map : base.map, name, shop);
  if (used === "absent") {
    faults.add("key-missing", keyPlace(map), `${name} does not say what it is`, "Add `use` with a preset or a model; `wirelat presets` lists them.");
    return null;
  }
  if (used === null) return null;
  if (used.kind !== "model" || used.model === null) {
    faults.add("preset-unknown", map.entries.get("use")?.place ?? map.place, `${used.name} is ${used.kind === "host" ? "a host" : "traffic"}, and ${name} is a ${kind}`, "Use a preset of another kind.");
    return null;
  }
  const of = { subject: used.name, declared: used.model.params, reserved: kind === "component" ? ["use", "slot"] : ["use"], instance: name };
  const fromHost = base === null ? new Map<string, RawValue>() : evidencedParams(base.map, of, { title: base.title, strict: false }, faults);
  const params = combined([used.params, fromHost, writtenParams(map, of, faults)]);
  const spec: InstanceSpec = { name, model: used.model.name, kind, params, children: [], use: used.name, slot: slotOf(map.entries.get("slot") ?? base?.map.entries.get("slot"), faults), place: keyPlace(map) };
  return { spec, used, children: new Map() };
}

/** The bus that a component is plugged into. */
function slotOf(tree: Tree | undefined, faults: Faults): string | null {
  if (tree === undefined || isNull(tree)) return null;
  return faults.attempt(tree.place, () => asText(tree, "`slot`", "`slot: pci`, a bus of the same host"));
}

/** Later maps over earlier; null takes a value back to the model's default. */
function combined(layers: readonly ReadonlyMap<string, RawValue>[]): Readonly<Record<string, RawValue>> {
  const all = new Map<string, RawValue>();
  for (const [name, raw] of layers.flatMap((layer) => [...layer])) {
    if (raw.value === null) all.delete(name);
    else all.set(name, raw);
  }
  return Object.fromEntries(all);
}

function checkHost(name: string, map: TreeMap, shop: Shop): CheckedInstance | null {
  const found = usedBy(map, name, shop);
  if (found === null) return null;
  const used = found === "absent" ? null : found;
  if (used !== null && used.kind !== "host") {
    shop.faults.add("preset-unknown", map.entries.get("use")?.place ?? map.place, `${used.name} is not a host`, "Use a preset of hardware/host, or leave `use` out and list the components.");
    return null;
  }
  const written = withoutAliases(map, used?.aliases ?? new Map<string, string>());
  const children = new Map<string, CheckedInstance>();
  for (const part of new Set([...(used?.components.keys() ?? []), ...written.entries.keys()])) {
    if (part === "use") continue;
    const child = checkComponent(`${name}.${part}`, part, { written: written.entries.get(part) ?? null, used, host: map }, shop);
    if (child !== null) children.set(part, child);
  }
  const spec: InstanceSpec = { name, model: null, kind: "host", params: {}, children: [...children.values()].map((child) => child.spec), use: used?.name ?? null, place: keyPlace(map) };
  return { spec, used, children };
}

interface Component {
  readonly written: Tree | null;
  readonly used: Used | null;
  readonly host: TreeMap;
}

function checkComponent(name: string, part: string, { written, used, host }: Component, shop: Shop): CheckedInstance | null {
  const { faults } = shop;
  const preset = used?.components.get(part) ?? null;
  if (written === null) return preset === null ? null : checkSingle(name, "component", { ...preset, key: keyPlace(host), entries: new Map() }, { ...shop, base: baseOf(preset, used) });
  if (isNull(written)) {
    if (preset === null) faults.add("value-missing", keyPlace(written), `${name} stands without a value`, "Give it one, or remove the line.");
    return null;
  }
  if (preset === null && (written.kind !== "map" || !written.entries.has("use"))) {
    faults.keep(strangeComponent(part, written, { used, host }));
    return null;
  }
  const map = faults.attempt(written.place, () => asMap(written, `the component ${name}`, `\`${part}: { … }\``));
  if (map === null || !checkName(part, "a component", written, faults)) return null;
  const use = map.entries.get("use");
  const swapped = preset !== null && use?.kind === "scalar" && use.value !== namedUse(preset);
  return checkSingle(name, "component", map, { ...shop, base: preset === null || swapped ? null : baseOf(preset, used) });
}

function namedUse(preset: TreeMap): unknown {
  const use = preset.entries.get("use");
  return use?.kind === "scalar" ? use.value : null;
}

const baseOf = (map: TreeMap, used: Used | null): FromHost => ({ map, title: used?.title ?? "" });

function strangeComponent(part: string, written: Tree, { used, host }: Pick<Component, "used" | "host">): WirelatError {
  const added = [...host.entries].flatMap(([name, tree]) => (tree.kind === "map" && tree.entries.has("use") ? [name] : []));
  const known = [...(used?.components.keys() ?? []), ...(used?.aliases.keys() ?? []), ...added].map((one) => one.split(".")[0] ?? one);
  const error = unknownKey(part, ["use", ...known], used?.name ?? "a host without `use`", keyPlace(written));
  const hint = "To add a component, give it a `use`.";
  return new WirelatError(error.code, error.message, { place: keyPlace(written), remedy: error.remedy?.startsWith("Did") === true ? `${error.remedy} ${hint}` : hint });
}

/** The host's map with every alias replaced by what it stands for: `cores` by `cpu.threads`. */
export function withoutAliases(map: TreeMap, aliases: ReadonlyMap<string, string>): TreeMap {
  let result = map;
  for (const [alias, target] of aliases) {
    const value = getAt(result, alias.split("."));
    if (value === null) continue;
    const path = target.split(".");
    const present = getAt(result, path);
    result = setAt(deleteAt(result, alias.split(".")), path, present === null ? value : mergeTrees(present, value));
  }
  return result;
}


