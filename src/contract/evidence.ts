import { WirelatError } from "../errors/index.js";
import { Amount, LOCATIONS, Rate, ROLE_OPERATIONS, toNumber, type Model, type Param, type Rational } from "../modeling/index.js";
import { parseParam } from "../scenario/index.js";

const PLACE = { file: "model", line: 1, column: 1 };

/** What is wrong with the numbers of a model: values that do not read, citations of nothing, estimates outside their own range. */
export function evidenceFaults(model: Model, sources: ReadonlySet<string>): readonly string[] {
  const declared = [
    ...Object.entries(model.params).map(([name, param]) => [name, param] as const),
    ...Object.entries(model.operations).flatMap(([name, operation]) => Object.entries(operation.args).map(([key, param]) => [`${name}, ${key}`, param] as const)),
  ];
  return declared.flatMap(([name, param]) => parameterFaults(param, sources).map((fault) => `${name}: ${fault}`));
}

function parameterFaults(param: Param, sources: ReadonlySet<string>): readonly string[] {
  const { evidence } = param;
  const faults: string[] = [];
  if (param.meaning.trim() === "") faults.push("has no meaning");
  const value = param.default === null ? null : numberOf(param, param.default, faults);
  if ("cite" in evidence && !sources.has(evidence.cite)) faults.push(`cites ${evidence.cite}, which is in no hardware/sources.yaml`);
  if ("basis" in evidence && evidence.basis.trim() === "") faults.push("has evidence without a basis");
  if (evidence.tag !== "estimated") return faults;
  const ends = evidence.range.map((end) => numberOf(param, end, faults));
  const [low, high] = [...ends].sort((one, other) => (one ?? 0) - (other ?? 0));
  if (value !== null && low !== null && high !== null && low !== undefined && high !== undefined && (value < low || value > high)) {
    faults.push(`is ${String(param.default)}, outside its own range of ${evidence.range.join(" to ")}`);
  }
  return faults;
}

/** A value as a number, to be compared with others of its kind; null for what is none or does not read. */
function numberOf(param: Param, written: NonNullable<Param["default"]>, faults: string[]): number | null {
  try {
    const value = parseParam(param, { value: written, place: PLACE, evidence: param.evidence }, "it");
    if (value instanceof Amount) return value.of(0);
    if (value instanceof Rate) return toNumber(value.period);
    return isRational(value) ? toNumber(value) : null;
  } catch (error) {
    if (!(error instanceof WirelatError)) throw error;
    faults.push(`does not read: ${error.message}`);
    return null;
  }
}

const isRational = (value: unknown): value is Rational => typeof value === "object" && value !== null && "num" in value && "den" in value;

/** What is wrong with how a model presents itself to others. */
export function declarationFaults(model: Model): readonly string[] {
  const faults = [model.title, model.about].some((text) => text.trim() === "") ? ["it has no title or does not say what it is about"] : [];
  const names = Object.keys(model.operations);
  if (names.length === 0) faults.push("it has no operation");
  const { provides } = model;
  const offered: readonly string[] = provides === null ? [] : ROLE_OPERATIONS[provides];
  // What goes over a link of its own kind is asked for by adapters of that kind.
  if (provides !== null && provides !== "link" && !names.some((name) => offered.includes(name))) faults.push(`it serves as ${provides}, but has none of ${offered.join(", ")}`);
  for (const [name, { from, meaning }] of Object.entries(model.operations)) {
    if (meaning.trim() === "") faults.push(`${name} has no meaning`);
    if (from !== null && (from.length === 0 || from.some((place) => !LOCATIONS.includes(place)))) faults.push(`${name} says that it takes data from ${from.join(", ") || "nowhere"}`);
  }
  return faults;
}
