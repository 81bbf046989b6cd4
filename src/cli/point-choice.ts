import { WirelatError } from "../errors/index.js";
import type { AxisValue, PointChoice } from "../experiment/index.js";
import { many, type Values } from "./options.js";

/** Which sweep points to compare, from --point: null where it is not given. Throws `option-value`. */
export function pointChoiceOf(values: Values): PointChoice {
  const given = many(values, "point");
  if (given.length === 0) return null;
  if (!given.includes("all")) return given.map(axisValue);
  if (given.length === 1) return "all";
  throw new WirelatError("option-value", "--point all leaves nothing to choose", { remedy: "Give it alone, or name the points without it." });
}

function axisValue(text: string): AxisValue {
  const [, axis, value] = /^\s*([^=\s]+)\s*=\s*(\S.*?)\s*$/u.exec(text) ?? [];
  if (axis !== undefined && value !== undefined) return { axis, value };
  throw new WirelatError("option-value", `--point ${text}: expected a swept axis, "=" and one of its values, or all`, { remedy: 'Write it like --point rate=20kpps, or --point "ticks.rate=20 kpps".' });
}
