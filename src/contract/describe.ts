import type { Model, Param, ParamKind } from "../modeling/index.js";
import { DIMENSIONS, type Dimension } from "../units/index.js";

const UNITS: Readonly<Partial<Record<ParamKind, Dimension>>> = {
  duration: "duration", timing: "duration", bytes: "bytes", "data-rate": "data-rate", "event-rate": "event-rate", frequency: "frequency", cycles: "cycles",
  length: "length", percent: "percent",
};
const OTHERS: Readonly<Partial<Record<ParamKind, string>>> = {
  count: "count", flag: "true or false", text: "text", list: "list of texts", threads: "map of thread to core", "unit-intervals": "UI",
  "byte-offset": "size, or `payload + ` size", gap: "time, or `line-rate`",
};

/** What a parameter is written in: a quantity, a text, or one of its choices. */
export function unitText(param: Param): string {
  if (param.choices !== undefined) return param.choices.map((choice) => `\`${choice}\``).join(", ");
  const dimension = UNITS[param.kind];
  if (dimension === undefined) return OTHERS[param.kind] ?? param.kind;
  return `${DIMENSIONS[dimension].name.replace(/^an? /, "")}${param.kind === "timing" ? ", fixed or a distribution" : ""}`;
}

/** What holds where a parameter is not given. */
export function defaultText(param: Param): string {
  if (param.default === null) return "must be given";
  const text = Array.isArray(param.default) ? `[${param.default.join(", ")}]` : String(param.default as string | number | boolean);
  return text === "" ? "none" : `\`${text}\``;
}

/** The same of an argument: one that is not given takes the parameter of the same name. */
export function argumentDefault(model: Model, operation: string, key: string): string {
  const param = model.operations[operation]?.args[key];
  const sameName = `${operation}.${key}`;
  if (param !== undefined && param.default !== null) return defaultText(param);
  return sameName in model.params ? `the parameter \`${sameName}\`` : "must be given";
}
