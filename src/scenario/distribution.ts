import { WirelatError } from "../errors/index.js";
import { Amount, amountOf, type Origin } from "../modeling/index.js";
import { distribution, type Distribution } from "../random/index.js";
import { fromDecimal, parseCount, parseDuration, toNumber } from "../units/index.js";
import { listed } from "./check-keys.js";
import { suggestion } from "./nearest.js";

type Fields = Readonly<Record<string, unknown>>;

/** How deep a mixture may hold mixtures. */
const MOST_NESTED = 4;

interface Law {
  readonly keys: readonly string[];
  readonly optional?: readonly string[];
  readonly make: (fields: Fields, depth: number) => Distribution;
}

const time = (fields: Fields, key: string): number => parseDuration(fields[key]);

/** Every law that `{ dist: … }` names, with the values it needs. */
const LAWS: Readonly<Record<string, Law>> = {
  constant: { keys: ["value"], make: (fields) => distribution.constant(time(fields, "value")) },
  uniform: { keys: ["min", "max"], make: (fields) => distribution.uniform(time(fields, "min"), time(fields, "max")) },
  exp: { keys: ["mean"], make: (fields) => distribution.exponential(time(fields, "mean")) },
  "normal-truncated": {
    keys: ["mean", "sd", "min", "max"],
    make: (fields) => distribution.truncatedNormal({ mean: time(fields, "mean"), deviation: time(fields, "sd"), low: time(fields, "min"), high: time(fields, "max") }),
  },
  lognormal: { keys: ["p50", "p99"], make: (fields) => distribution.lognormal(time(fields, "p50"), time(fields, "p99")) },
  erlang: { keys: ["stages", "mean"], make: (fields) => distribution.erlang(parseCount(fields["stages"]), time(fields, "mean")) },
  pareto: { keys: ["shape", "min", "max"], make: (fields) => distribution.pareto(decimal(fields["shape"], "shape"), time(fields, "min"), time(fields, "max")) },
  empirical: { keys: ["file"], optional: ["samples"], make: (fields) => distribution.empirical(samplesOf(fields)) },
  mixture: { keys: ["of"], make: mixtureOf },
};

export const LAW_KEYS: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(LAWS).map(([name, law]) => [name, law.keys]));

/** "2 us", or `{ dist: lognormal, p50: 2 us, p99: 6 us }`: an Amount with a sampler, whose value is the mean. */
export function parseTiming(value: unknown, origins: readonly Origin[]): Amount {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return amountOf(parseDuration(value), origins);
  const law = lawOf(value as Fields, 0);
  const mean = Math.round(law.mean());
  return new Amount(() => mean, origins, law.law === "constant" ? null : law);
}

/** The distribution that the map describes. Throws `distribution-*`, or what its quantities throw. */
function lawOf(written: Fields, depth: number): Distribution {
  const fields = normalised(written);
  const name = fields["dist"];
  if (typeof name !== "string") throw malformed("a map here is a distribution and names it with `dist`", "Write it like { dist: lognormal, p50: 2 us, p99: 6 us }.");
  const law = Object.hasOwn(LAWS, name) ? LAWS[name] : undefined;
  if (law === undefined) throw malformed(`there is no distribution ${JSON.stringify(name)}${suggestion(name, Object.keys(LAWS))}`, `There are ${listed(Object.keys(LAWS))}.`);
  const given = Object.keys(fields).filter((key) => key !== "dist");
  const stray = given.find((key) => !law.keys.includes(key) && law.optional?.includes(key) !== true);
  if (stray !== undefined) throw malformed(`${name} does not take ${JSON.stringify(stray)}${suggestion(stray, law.keys)}`, `It takes ${law.keys.join(", ")}.`);
  const missing = law.keys.find((key) => !given.includes(key));
  if (missing !== undefined) throw malformed(`${name} lacks ${missing}`, `It takes ${law.keys.join(", ")}.`);
  return law.make(fields, depth);
}

/** `{ empirical: file.csv }` and `{ mixture: [...] }` are short for `dist` and the one value. */
function normalised(fields: Fields): Fields {
  const { dist, empirical, mixture, ...rest } = fields;
  if (empirical !== undefined && (dist === undefined || dist === "empirical")) return { ...rest, dist: "empirical", file: empirical };
  if (mixture !== undefined && (dist === undefined || dist === "mixture")) return { ...rest, dist: "mixture", of: mixture };
  return fields;
}

function samplesOf(fields: Fields): Float64Array {
  const { samples } = fields;
  if (samples instanceof Float64Array) return samples;
  throw malformed("the file of an empirical distribution was not read", "Name it where a scenario file is read, not in a model's default.");
}

/** `of: [{ weight: 9, value: 2 us }, { weight: 1, dist: exp, mean: 10 us }]` */
function mixtureOf(fields: Fields, depth: number): Distribution {
  const parts = fields["of"];
  if (!Array.isArray(parts) || parts.length === 0) throw malformed("a mixture is a list of parts", "Write it like [{ weight: 9, value: 2 us }, { weight: 1, dist: exp, mean: 10 us }].");
  if (depth >= MOST_NESTED) throw malformed(`mixtures lie more than ${MOST_NESTED} deep inside each other`, "Write one flat mixture.");
  const read = (parts as readonly unknown[]).map((part) => {
    if (typeof part !== "object" || part === null || Array.isArray(part)) throw malformed("a part of a mixture is a map", "Write it like { weight: 9, value: 2 us }.");
    const { weight, ...law } = part as Fields;
    if (weight === undefined) throw malformed("a part of a mixture lacks weight", "Give every part a weight, such as weight: 9.");
    return { weight: decimal(weight, "weight"), law: lawOf("value" in law && !("dist" in law) ? { ...law, dist: "constant" } : law, depth + 1) };
  });
  return distribution.mixture(read.map((part) => part.weight), read.map((part) => part.law));
}

function decimal(value: unknown, name: string): number {
  if (typeof value !== "number" && typeof value !== "string") throw malformed(`${name} is a plain number`, "Write a number such as 1.5.");
  return toNumber(fromDecimal(String(value)));
}

function malformed(message: string, remedy: string): WirelatError {
  return new WirelatError("distribution-malformed", message, { remedy });
}
