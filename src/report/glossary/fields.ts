import { COMPARISON_FORMAT, RESULT_FORMAT, type Shape } from "../../result/index.js";
import type { Group, Term } from "./term.js";

const UNITS: readonly (readonly [ending: RegExp, unit: string])[] = [[/Ps$/u, "ps"], [/^ps$/u, "ps"], [/sPs$/u, "ps"], [/^dollarsPerSecond$/u, "dollars per second"], [/Dollars$/u, "dollars"]];

/** A term for each field of a format: what the format says of it, under its dotted name. */
function fieldsOf(shape: Shape, path: string, group: Group, within: ReadonlySet<Shape> = new Set()): Term[] {
  if (shape.kind === "optional" || shape.kind === "list") return fieldsOf(shape.of, path, group, within);
  if (shape.kind !== "object" || within.has(shape)) return [];
  return Object.entries(shape.fields).flatMap(([name, field]) => {
    const dotted = path === "" ? name : `${path}.${name}`;
    return [termOf(dotted, name, field, group), ...fieldsOf(field, dotted, group, within)];
  });
}

function termOf(dotted: string, name: string, field: Shape, group: Group): Term {
  const inner = field.kind === "optional" ? field.of : field;
  const about = inner.kind === "optional" ? "" : inner.about;
  const unit = UNITS.find(([ending]) => ending.test(name))?.[1] ?? unitOf(inner);
  return { name: dotted, also: [], group, unit, meaning: sentence(about), how: field.kind === "optional" ? `${kindOf(inner)} or null.` : `${kindOf(inner)}.` };
}

function unitOf(shape: Shape): string {
  if (shape.kind !== "number") return "none";
  if (shape.most === 1) return "share";
  return shape.whole ? "count" : "number";
}

function kindOf(shape: Shape): string {
  switch (shape.kind) {
    case "choice":
      return `One of ${shape.values.join(", ")}`;
    case "constant":
      return `The text ${shape.value}`;
    case "number":
      return shape.whole ? "Whole number" : "Number";
    case "flag":
      return "true or false";
    default:
      return shape.kind.charAt(0).toUpperCase() + shape.kind.slice(1);
  }
}

function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return capital === "" || capital.endsWith(".") ? capital : `${capital}.`;
}

/** Every field of result.json, and what a comparison has besides the results behind it. */
export const FIELD_TERMS: readonly Term[] = [
  ...fieldsOf(RESULT_FORMAT, "", "Fields of result.json"),
  ...fieldsOf(COMPARISON_FORMAT, "", "Fields of a comparison", new Set<Shape>([RESULT_FORMAT])),
];
