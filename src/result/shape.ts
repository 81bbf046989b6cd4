/**
 * The shape of data that comes from outside, as data: one description serves the check at run time, the JSON Schema and the page of the
 * format. A shape carries the type that it describes, so that a difference between the two does not compile.
 */
export type Shape =
  | { readonly kind: "text"; readonly about: string; readonly pattern?: string }
  | { readonly kind: "constant"; readonly about: string; readonly value: string }
  | { readonly kind: "choice"; readonly about: string; readonly values: readonly string[] }
  | { readonly kind: "number"; readonly about: string; readonly whole: boolean; readonly least: number | null; readonly most: number | null }
  | { readonly kind: "flag"; readonly about: string }
  | { readonly kind: "optional"; readonly of: Shape }
  | { readonly kind: "list"; readonly about: string; readonly of: Shape }
  | { readonly kind: "record"; readonly about: string; readonly of: Shape }
  | { readonly kind: "object"; readonly about: string; readonly name: string; readonly fields: Readonly<Record<string, Shape>> };

/** A shape with the TypeScript type it describes. */
export type ShapeOf<T> = Shape & { readonly type?: T };
type Typed<S> = S extends { readonly type?: infer T } ? T : never;
type Fields = Readonly<Record<string, ShapeOf<unknown>>>;

export const text = (about: string, pattern?: string): ShapeOf<string> => ({ kind: "text", about, ...(pattern === undefined ? {} : { pattern }) });
export const constant = <const T extends string>(value: T, about: string): ShapeOf<T> => ({ kind: "constant", about, value });
export const choice = <const T extends readonly string[]>(values: T, about: string): ShapeOf<T[number]> => ({ kind: "choice", about, values });
export const flag = (about: string): ShapeOf<boolean> => ({ kind: "flag", about });
/** Any finite number. */
export const number = (about: string): ShapeOf<number> => ({ kind: "number", about, whole: false, least: null, most: null });
/** A whole number from 0. */
export const count = (about: string): ShapeOf<number> => ({ kind: "number", about, whole: true, least: 0, most: null });
/** A whole number of picoseconds; of either sign, for a path may start to send before all has come in. */
export const picoseconds = (about: string): ShapeOf<number> => ({ kind: "number", about, whole: true, least: null, most: null });
/** A share, 0 to 1. */
export const share = (about: string): ShapeOf<number> => ({ kind: "number", about, whole: false, least: 0, most: 1 });
/** Either this or null. */
export const optional = <T>(of: ShapeOf<T>): ShapeOf<T | null> => ({ kind: "optional", of });
export const list = <T>(of: ShapeOf<T>, about: string): ShapeOf<readonly T[]> => ({ kind: "list", about, of });
/** A map from any name to values of one shape. */
export const record = <T>(of: ShapeOf<T>, about: string): ShapeOf<Readonly<Record<string, T>>> => ({ kind: "record", about, of });
/** A map with exactly these fields. */
export const object = <const F extends Fields>(name: string, about: string, fields: F): ShapeOf<{ readonly [K in keyof F]: Typed<F[K]> }> => ({ kind: "object", about, name, fields });

/** The first place where `value` is not of the shape, in words; null when it is. */
export function misshapen(shape: Shape, value: unknown, path = "the file"): string | null {
  switch (shape.kind) {
    case "text":
      return typeof value === "string" && (shape.pattern === undefined || new RegExp(shape.pattern, "u").test(value)) ? null : `${path} is not ${described(shape)}`;
    case "constant":
      return value === shape.value ? null : `${path} is not ${described(shape)}`;
    case "choice":
      return typeof value === "string" && shape.values.includes(value) ? null : `${path} is not ${described(shape)}`;
    case "number":
      return isNumber(shape, value) ? null : `${path} is not ${described(shape)}`;
    case "flag":
      return typeof value === "boolean" ? null : `${path} is not true or false`;
    case "optional":
      return value === null ? null : misshapen(shape.of, value, path);
    default:
      return misshapenInside(shape, value, path);
  }
}

function isNumber(shape: Extract<Shape, { kind: "number" }>, value: unknown): boolean {
  if (typeof value !== "number" || !Number.isFinite(value)) return false;
  if (shape.whole && !Number.isInteger(value)) return false;
  return value >= (shape.least ?? -Infinity) && value <= (shape.most ?? Infinity);
}

function misshapenInside(shape: Extract<Shape, { kind: "list" | "record" | "object" }>, value: unknown, path: string): string | null {
  if (shape.kind === "list") {
    return Array.isArray(value) ? first((value as readonly unknown[]).entries(), ([index, one]) => misshapen(shape.of, one, `${path}[${index}]`)) : `${path} is not a list`;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return `${path} is not a map`;
  const entries = Object.entries(value);
  if (shape.kind === "record") return first(entries, ([key, one]) => misshapen(shape.of, one, inside(path, key)));
  const absent = Object.keys(shape.fields).find((key) => !Object.hasOwn(value, key));
  if (absent !== undefined) return `${path} lacks "${absent}"`;
  return first(entries, ([key, one]) => {
    const field = shape.fields[key];
    return field === undefined ? `${path} has "${key}", which a result does not have` : misshapen(field, one, inside(path, key));
  });
}

function first<T>(items: Iterable<T>, problem: (item: T) => string | null): string | null {
  for (const item of items) {
    const found = problem(item);
    if (found !== null) return found;
  }
  return null;
}

function inside(path: string, key: string): string {
  return path === "the file" ? key : `${path}.${key}`;
}

function described(shape: Shape): string {
  switch (shape.kind) {
    case "text":
      return shape.pattern === undefined ? "a text" : `a text like ${shape.pattern}`;
    case "constant":
      return `"${shape.value}"`;
    case "choice":
      return `one of ${shape.values.join(", ")}`;
    case "number":
      return `a ${shape.whole ? "whole " : ""}number${shape.least === null ? "" : ` from ${shape.least}`}${shape.most === null ? "" : ` to ${shape.most}`}`;
    default:
      return `a ${shape.kind}`;
  }
}
