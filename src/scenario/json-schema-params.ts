import type { Param, ParamKind, Params } from "../modeling/index.js";
import { DIMENSIONS, patternFor, type Dimension } from "../units/index.js";
import { LAW_KEYS } from "./distribution.js";

/** A schema, or a part of one, in the terms of JSON Schema 2020-12. */
export type Schema = Readonly<Record<string, unknown>>;

/** Kinds of parameters whose text is a quantity, with the dimension that reads it. */
const QUANTITIES: Partial<Readonly<Record<ParamKind, Dimension>>> = {
  duration: "duration", bytes: "bytes", "data-rate": "data-rate", "event-rate": "event-rate", frequency: "frequency", length: "length", percent: "percent",
};

const ref = (name: string): Schema => ({ $ref: `#/$defs/${name}` });

/** Definitions that parameters refer to: one for each kind of value. A null takes a value back to its default. */
export function valueDefinitions(): Schema {
  const quantities = Object.values(QUANTITIES).map((dimension) => [dimension, quantity(dimension)] as const);
  const text = ["string", "null"];
  return {
    ...Object.fromEntries(quantities),
    stake: quantity("stake"),
    count: { type: ["integer", "string", "null"], minimum: 0, pattern: patternFor("count"), description: DIMENSIONS.count.meaning },
    cycles: { type: ["integer", "string", "null"], minimum: 0, pattern: patternFor("cycles"), description: DIMENSIONS.cycles.meaning },
    timing: { anyOf: [ref("duration"), ref("distribution")] },
    distribution: distributionSchema(),
    flag: { type: ["boolean", "null"] },
    text: { type: text },
    list: { type: ["array", "null"], items: { type: "string" } },
    threads: { type: ["object", "null"], description: "thread: number of the core it runs on", additionalProperties: { type: ["integer", "null"], minimum: 0, maximum: 4095 } },
    "unit-intervals": { type: text, pattern: "^\\d[\\d_.]* ?UI$", description: "a time in bits on the line, such as 129.5 UI" },
    "byte-offset": { type: text, description: "a byte of the frame, such as 70 B, or of the payload, such as payload + 20 B", pattern: `^payload(?: ?\\+ ?.+)?$|${patternFor("bytes")}` },
    gap: { anyOf: [{ const: "line-rate" }, ref("duration")] },
  };
}

function quantity(dimension: Dimension): Schema {
  const { meaning, example } = DIMENSIONS[dimension];
  return { type: ["string", "null"], pattern: patternFor(dimension), description: meaning, examples: [example] };
}

function distributionSchema(): Schema {
  const laws = [...LAW_KEYS].map(([name, keys]) => ({
    properties: { dist: { const: name }, ...Object.fromEntries(keys.map((key) => [key, key === "of" ? { type: "array", minItems: 1 } : {}])) },
    required: ["dist", ...keys],
    additionalProperties: false,
  }));
  const short = ["empirical", "mixture"].map((name) => ({ properties: { dist: { const: name }, [name]: {} }, required: [name], additionalProperties: false }));
  return { type: "object", description: "a distribution of times", anyOf: [...laws, ...short] };
}

/** The value of one parameter, with what it means. */
export function paramSchema(param: Param): Schema {
  const fallback = param.default === null ? "" : ` Default: ${Array.isArray(param.default) ? `[${param.default.join(", ")}]` : String(param.default as string | number | boolean)}.`;
  const description = `${param.meaning}.${fallback}`;
  if (param.kind === "choice") return { enum: [...(param.choices ?? []), null], description };
  return { ...ref(param.kind), ...(param.least === undefined || param.least === 0 ? {} : { minimum: param.least }), description };
}

/**
 * The parameters of a model as properties: nested, and dotted at every level. Each is described once, under its whole name; the others refer
 * to it. `at` is where these properties lie in the schema.
 */
export function paramsProperties(params: Params, at: string): Record<string, Schema> {
  const named = Object.keys(params).map((name) => ({ path: name.split("."), name }));
  const whole = Object.fromEntries(Object.entries(params).map(([name, param]) => [name, paramSchema(param)]));
  return levelOf(named, at, whole);
}

interface Named {
  readonly path: readonly string[];
  readonly name: string;
}

/** `own` holds what this level describes itself; what it lacks is described at the top. */
function levelOf(named: readonly Named[], at: string, own: Readonly<Record<string, Schema>>): Record<string, Schema> {
  const properties: Record<string, Schema> = {};
  const groups = new Map<string, Named[]>();
  for (const { path, name } of named) {
    const [first = "", ...rest] = path;
    properties[path.join(".")] = own[name] ?? { $ref: `${at}/${name}` };
    if (rest.length > 0) groups.set(first, [...(groups.get(first) ?? []), { path: rest, name }]);
  }
  for (const [first, inner] of groups) {
    const group: Schema = { type: "object", properties: levelOf(inner, at, {}), additionalProperties: false };
    const single = properties[first];
    properties[first] = single === undefined ? group : { anyOf: [single, group] };
  }
  return properties;
}
