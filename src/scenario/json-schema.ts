import { CODES } from "../errors/index.js";
import type { Params } from "../modeling/index.js";
import type { Catalogue } from "./compile.js";
import { LEVELS, REPORTS } from "./check-summary.js";
import { REGION_RIGHTS } from "./check-regions.js";
import { paramsProperties, valueDefinitions, type Schema } from "./json-schema-params.js";
import type { SCENARIO_KEYS } from "./load-document.js";
import type { Used } from "./presets.js";

const NAME = "^[A-Za-z0-9][A-Za-z0-9_-]*$";
const STEP = "^[A-Za-z0-9][A-Za-z0-9_-]*(?:\\.[A-Za-z0-9][A-Za-z0-9_-]*)*$";

const ref = (name: string): Schema => ({ $ref: `#/$defs/${name}` });
const textOf = (description: string): Schema => ({ type: "string", description });
const mapOf = (values: Schema, description: string): Schema => ({ type: "object", description, propertyNames: { pattern: NAME }, additionalProperties: values });

/** What `use` names, by the model that it comes to. */
interface Family {
  readonly name: string;
  readonly uses: readonly string[];
  readonly properties: Record<string, Schema>;
}

/**
 * The JSON Schema (2020-12) of scenario files for editors: the grammar, and for every preset and model the parameters it
 * takes, with their units. It is the editors' half of the check; what depends on several places is left to reading.
 */
export function generateSchema(catalogue: Catalogue, presets: readonly Used[]): Schema {
  const uses = (kind: Used["kind"], model: string): readonly string[] => presets.filter((one) => one.kind === kind && one.model?.name === model).map((one) => one.name);
  const models = [...catalogue.models.values()].map((model): Family => ({ name: model.name, uses: unique([model.name, ...uses("model", model.name)]), properties: propertiesOf(model) }));
  const traffic = [...catalogue.traffic.values()].map((kind): Family => ({ name: kind.name, uses: unique([kind.name, ...uses("traffic", kind.name)]), properties: propertiesOf(kind) }));
  const hosts = presets.filter((one) => one.kind === "host");
  const definitions: Record<string, Schema> = {
    ...(valueDefinitions() as Record<string, Schema>), ...grammarDefinitions(),
    instance: usingOneOf(models, {}), source: usingOneOf(traffic, { path: textOf("path that the messages follow") }), host: hostSchema(hosts, presets, catalogue),
  };
  for (const family of [...models, ...traffic]) definitions[defName(family.name)] = { type: "object", properties: { use: {}, path: {}, slot: textOf("bus of its host that a component is plugged into, where the host has several"), ...family.properties }, additionalProperties: false };
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Scenario of wirelat",
    description: "What exists, what is sent, which way it goes, what is measured, what changes, and what must be true.",
    type: "object",
    properties: topProperties(),
    required: ["wirelat"],
    additionalProperties: false,
    $defs: Object.fromEntries(Object.entries(definitions).sort(([one], [other]) => (one < other ? -1 : 1))),
  };
}

const unique = (names: readonly string[]): readonly string[] => [...new Set(names)];
const propertiesOf = ({ name, params }: { readonly name: string; readonly params: Params }): Record<string, Schema> => paramsProperties(params, `#/$defs/${defName(name)}/properties`);
/** A name of a definition: a slash would separate steps of a reference. */
const defName = (model: string): string => `takes ${model.replaceAll("/", " ")}`.replaceAll(" ", "-");

/** Something with `use`, which decides what else it takes. Without `use` it is inherited, and anything may stand there. */
function usingOneOf(families: readonly Family[], more: Record<string, Schema>): Schema {
  return {
    type: ["object", "null"],
    properties: { use: { enum: families.flatMap((family) => family.uses), description: "preset or model" }, ...more },
    allOf: families.map((family) => ({ if: { properties: { use: { enum: family.uses } }, required: ["use"] }, then: ref(defName(family.name)) })),
  };
}

/** A host: its preset decides which components need no `use`, and what is an alias for what. */
function hostSchema(hosts: readonly Used[], presets: readonly Used[], catalogue: Catalogue): Schema {
  return {
    type: ["object", "null"],
    properties: { use: { enum: hosts.map((host) => host.name), description: "preset of a host" } },
    additionalProperties: { type: ["object", "null"] },
    allOf: [...alike(hosts, presets, catalogue)].map(([, { names, components }]) => ({
      if: { properties: { use: { enum: names } }, required: ["use"] },
      then: { properties: { use: {}, ...components }, additionalProperties: { ...ref("instance"), if: { type: "object" }, then: { required: ["use"] } } },
    })),
  };
}

/** Hosts that take the same, by what that is: most differ in numbers only. */
function alike(hosts: readonly Used[], presets: readonly Used[], catalogue: Catalogue): Map<string, { readonly names: string[]; readonly components: Record<string, Schema> }> {
  const groups = new Map<string, { readonly names: string[]; readonly components: Record<string, Schema> }>();
  for (const host of hosts) {
    const components = componentsOf(host, presets, catalogue);
    const key = JSON.stringify(components);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { names: [host.name], components });
    else group.names.push(host.name);
  }
  return groups;
}

function componentsOf(host: Used, presets: readonly Used[], catalogue: Catalogue): Record<string, Schema> {
  const properties: Record<string, Schema> = {};
  const modelOf = (part: string): string | null => {
    const use = host.components.get(part)?.entries.get("use");
    const name = use?.kind === "scalar" ? String(use.value) : "";
    return presets.find((one) => one.name === name)?.model?.name ?? (catalogue.models.has(name) ? name : null);
  };
  for (const part of host.components.keys()) {
    const model = modelOf(part);
    if (model !== null) properties[part] = { if: { type: "object", required: ["use"] }, then: ref("instance"), else: { anyOf: [ref(defName(model)), { type: "null" }] } };
  }
  for (const [alias, target] of host.aliases) {
    const [part = "", ...rest] = target.split(".");
    const param = catalogue.models.get(modelOf(part) ?? "")?.params[rest.join(".")];
    const own = rest.length === 0 ? properties[part] : param === undefined ? undefined : { ...ref(param.kind), description: param.meaning };
    if (own !== undefined) properties[alias] = own;
  }
  return properties;
}

function topProperties(): Record<(typeof SCENARIO_KEYS)[number], Schema> {
  return {
    wirelat: { const: 1, description: "version of the scenario format" },
    id: { type: "string", pattern: "^[a-z0-9][a-z0-9-]*$", description: "name by which other scenarios refer to this one; the file's name where absent" },
    title: textOf("one line"),
    about: textOf("a few sentences"),
    level: { enum: LEVELS, description: "whom it is for" },
    source: { anyOf: [textOf("citation"), { type: "array", items: textOf("entry of hardware/sources.yaml") }] },
    plugins: { type: "array", items: textOf("file of the scenario's folder, or package"), description: "code that brings models; it runs only when whoever runs the scenario allows it" },
    extends: textOf("id or file of a scenario to inherit from: maps merge, lists replace, null deletes"),
    hosts: mapOf(ref("host"), "machines with processors"),
    devices: mapOf(ref("instance"), "devices without a host"),
    links: mapOf(ref("instance"), "wires"),
    switches: mapOf(ref("instance"), "switches"),
    regions: { type: "object", description: "memory that is shared, named <host>.<region>", propertyNames: { pattern: `^[A-Za-z0-9][A-Za-z0-9_-]*\\.[A-Za-z0-9][A-Za-z0-9_-]*$` }, additionalProperties: ref("region") },
    traffic: mapOf(ref("source"), "what is sent"),
    paths: mapOf({ anyOf: [ref("steps"), { type: "null" }] }, "the journeys of messages, step by step"),
    metrics: mapOf(ref("metric"), "what is measured; first bit in to last bit out where absent"),
    run: { type: "object", properties: { messages: ref("count"), time: ref("duration"), warmup: ref("count"), seed: ref("count"), confidence: ref("percent") }, additionalProperties: false, description: "how many messages or how long, how many to warm up, the seed, and the level of intervals" },
    variants: mapOf({ type: ["object", "null"], description: "dotted path: value" }, "named sets of overrides; base always exists"),
    sweep: { type: "object", description: "axes, crossed; those under zip go together", properties: { zip: { type: ["object", "array", "null"] } }, additionalProperties: { type: ["array", "null"], minItems: 1 } },
    expect: { type: "array", description: "what must be true of the results", items: ref("expectation") },
    report: { type: "array", items: { enum: REPORTS } },
  };
}

function grammarDefinitions(): Record<string, Schema> {
  const map = (properties: Record<string, Schema>, required: readonly string[] = []): Schema => ({ type: "object", properties, required, additionalProperties: false });
  const steps = ref("steps");
  const structures: Record<string, Schema> = {
    tap: { type: "string", pattern: NAME, description: "names this point in time" },
    all: { type: "array", minItems: 1, description: "branches; goes on after the last" },
    race: { type: "array", minItems: 1, description: "branches; goes on after the first" },
    spawn: { ...steps, description: "work that is not waited for" },
    parallel: { ...map({ chunk: ref("bytes"), do: steps }, ["chunk", "do"]), description: "one branch for so many bytes of the payload, all at once; goes on after the last" },
    repeat: map({ times: ref("count"), until: { const: "payload" }, chunk: ref("bytes"), do: steps }, ["do"]),
    branch: map({ chance: ref("percent"), yes: steps, no: steps }, ["chance"]),
  };
  const reason = { because: textOf("printed when it fails"), cite: textOf("entry of hardware/sources.yaml") };
  return {
    steps: { type: "array", items: ref("step") },
    step: {
      anyOf: [
        { type: "string", pattern: STEP },
        { type: "object", minProperties: 1, maxProperties: 1, properties: structures, patternProperties: { [STEP]: {} }, additionalProperties: false },
      ],
    },
    region: {
      ...map({
        bytes: ref("bytes"), pinned: ref("flag"), odp: ref("flag"), rights: { type: "array", items: { enum: REGION_RIGHTS } }, numa: ref("count"), owner: textOf("thread"),
        at: { type: ["integer", "string"], description: "address" }, below: ref("bytes"),
      }),
      type: ["object", "null"],
    },
    metric: {
      anyOf: [map({ from: textOf("tap@byte"), to: textOf("tap@byte"), stamps: textOf("adapter whose time stamps measure it; absent: exactly") }), map({ "value-of": textOf("metric"), stake: ref("stake") }), { type: "null" }],
    },
    expectation: {
      anyOf: [
        textOf("a check such as p50(t2t) < 10 us"),
        map({ check: textOf("such as p50(t2t) in 7 us .. 9 us"), where: { type: "object", description: "point of the sweep" }, total: { type: "boolean" }, ...reason }, ["check"]),
        map({ rejects: textOf("variant that must be refused"), code: { enum: Object.keys(CODES) }, ...reason }, ["rejects", "code"]),
      ],
    },
  };
}
