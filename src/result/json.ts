import type { Comparison } from "./comparison.js";
import { RESULT_FORMAT } from "./format.js";
import { misshapen, type Shape } from "./shape.js";
import { RESULT_SCHEMA, type Result } from "./types.js";

/** What a text is: a result, or why not. */
export type ReadResult = { readonly result: Result } | { readonly problem: string; readonly otherSchema: string | null };

/** Reads the text of a result.json. Never throws. */
export function readResult(source: string): ReadResult {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (error) {
    return { problem: `it is not JSON: ${error instanceof Error ? error.message : String(error)}`, otherSchema: null };
  }
  const schema = typeof value === "object" && value !== null && "schema" in value ? value.schema : undefined;
  if (schema !== RESULT_SCHEMA) {
    return typeof schema === "string"
      ? { problem: `its format is "${schema}", this release reads "${RESULT_SCHEMA}"`, otherSchema: schema }
      : { problem: `it has no "schema": "${RESULT_SCHEMA}"`, otherSchema: null };
  }
  const problem = misshapen(RESULT_FORMAT, value);
  return problem === null ? { result: value as Result } : { problem, otherSchema: null };
}

/**
 * A result as text: the same result gives the same bytes. Fields stand in the order of the format and of the program that made them; what
 * holds no further list or map stands on one line. Ends in a newline.
 */
export function resultJson(result: Result): string {
  return `${written(result, "")}\n`;
}

/** A comparison as text, in the same way. */
export function comparisonJson(comparison: Comparison): string {
  return `${written(comparison, "")}\n`;
}

function written(value: unknown, indent: string): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (isFlat(value)) return JSON.stringify(value);
  const inner = `${indent} `;
  if (Array.isArray(value)) return `[\n${(value as readonly unknown[]).map((one) => inner + written(one, inner)).join(",\n")}\n${indent}]`;
  const fields = Object.entries(value).map(([key, one]) => `${inner}${JSON.stringify(key)}: ${written(one, inner)}`);
  return `{\n${fields.join(",\n")}\n${indent}}`;
}

function isFlat(value: object): boolean {
  return Object.values(value).every((one) => typeof one !== "object" || one === null);
}

type Schema = Record<string, unknown>;

/** The JSON Schema (2020-12) of a shape. */
export function jsonSchema(shape: Shape): Schema {
  switch (shape.kind) {
    case "text":
      return { type: "string", description: shape.about, ...(shape.pattern === undefined ? {} : { pattern: shape.pattern }) };
    case "constant":
      return { const: shape.value, description: shape.about };
    case "choice":
      return { enum: [...shape.values], description: shape.about };
    case "number":
      return {
        type: shape.whole ? "integer" : "number", description: shape.about,
        ...(shape.least === null ? {} : { minimum: shape.least }), ...(shape.most === null ? {} : { maximum: shape.most }),
      };
    case "flag":
      return { type: "boolean", description: shape.about };
    case "optional":
      return { anyOf: [jsonSchema(shape.of), { type: "null" }] };
    case "list":
      return { type: "array", description: shape.about, items: jsonSchema(shape.of) };
    case "record":
      return { type: "object", description: shape.about, additionalProperties: jsonSchema(shape.of) };
    default:
      return {
        type: "object", title: shape.name, description: shape.about, additionalProperties: false, required: Object.keys(shape.fields),
        properties: Object.fromEntries(Object.entries(shape.fields).map(([key, field]) => [key, jsonSchema(field)])),
      };
  }
}
