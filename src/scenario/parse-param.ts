import { WirelatError, type SourcePlace } from "../errors/index.js";
import { amountOf, chosen, Rate, type Amount, type ByteOffset, type Evidence, type Origin, type Param } from "../modeling/index.js";
import {
  fromDecimal, parseBytes, parseCount, parseCycles, parseDataRate, parseDuration, parseEventRate, parseFrequency, parseLength, parsePercent, quoted,
  type Rational,
} from "../units/index.js";
import { parseTiming } from "./distribution.js";
import { listed } from "./check-keys.js";
import { suggestion } from "./nearest.js";
import type { RawMap, RawValue } from "./types.js";

/** What a parameter or an argument was given: from the scenario, a preset or the model's own default. */
export interface Given {
  readonly value: unknown;
  readonly place: SourcePlace;
  readonly evidence: Evidence | null;
}

const WRITTEN = chosen("written in the scenario");
const LARGEST_CORE = 4095;

/**
 * The value of a parameter as its model sees it (`Values` of modeling): an Amount, a Rate, a Rational (of metres or of one),
 * a boolean, a text, a list, or threads. The origin names `path`, the text as written and the evidence.
 * Throws `quantity-*`, `unit-*`, `value-*` or `distribution-*` at the place of the value.
 */
export function parseParam(param: Param, given: Given, path: string): unknown {
  try {
    return valueOf(param, given, path);
  } catch (error) {
    if (!(error instanceof WirelatError) || error.place !== undefined) throw error;
    const { remedy } = error;
    throw new WirelatError(error.code, `${path}: ${error.message}`, { place: given.place, ...(remedy === undefined ? {} : { remedy }) });
  }
}

/** Raw maps and lists as plain objects and arrays; what is plain already stays. */
export function unwrapped(value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries([...(value as RawMap)].map(([key, raw]) => [key, unwrapped(raw.value)]));
  if (Array.isArray(value)) return (value as readonly unknown[]).map((item) => (isRaw(item) ? unwrapped(item.value) : item));
  return value;
}

function isRaw(item: unknown): item is RawValue {
  return typeof item === "object" && item !== null && "value" in item && "place" in item;
}

function valueOf(param: Param, given: Given, path: string): unknown {
  const value = unwrapped(given.value);
  const origins: readonly Origin[] = [{ path, text: textOf(value), evidence: given.evidence ?? WRITTEN }];
  const amount = (of: number): Amount => amountOf(of, origins);
  switch (param.kind) {
    case "duration":
      return amount(parseDuration(value));
    case "timing":
      return parseTiming(value, origins);
    case "bytes":
      return amount(parseBytes(value));
    case "cycles":
      return amount(typeof value === "number" ? parseCount(value) : parseCycles(value));
    case "count":
      return amount(countOf(param, value));
    case "data-rate":
      return new Rate(parseDataRate(value), origins);
    case "event-rate":
      return new Rate(parseEventRate(value), origins);
    case "frequency":
      return new Rate(parseFrequency(value), origins);
    case "length":
      return parseLength(value);
    case "percent":
      return parsePercent(value);
    case "unit-intervals":
      return { count: unitIntervals(value), origins };
    case "byte-offset":
      return byteOffset(value, origins);
    case "gap":
      return value === "line-rate" ? value : amount(parseDuration(value));
    default:
      return plainOf(param, value, given);
  }
}

function countOf({ least = 0 }: Param, value: unknown): number {
  const count = parseCount(value);
  if (count >= least) return count;
  throw new WirelatError("quantity-range", `${count} is too few; at least ${least} must be there`, { remedy: `Write ${least} or more.` });
}

function plainOf(param: Param, value: unknown, given: Given): unknown {
  switch (param.kind) {
    case "flag":
      if (typeof value === "boolean") return value;
      throw unfit(value, "true or false", "Write true or false, without quotes.");
    case "choice":
      return choiceOf(param.choices ?? [], value);
    case "list":
      return listOf(value);
    case "threads":
      return threadsOf(given.value);
    default:
      if (typeof value === "string" && value !== "") return value;
      throw unfit(value, "a text", typeof value === "number" ? `Write it in quotes: "${value}".` : "Write a text.");
  }
}

/** "129.5 UI" */
function unitIntervals(value: unknown): Rational {
  const numeral = typeof value === "string" ? /^(\d.*?)\s*UI$/u.exec(value)?.[1] : undefined;
  if (numeral === undefined) throw unfit(value, "a time in unit intervals", "Write a number of bits on the line, such as 129.5 UI.");
  return fromDecimal(numeral);
}

/** "70 B" into the frame, or "payload + 20 B". */
function byteOffset(value: unknown, origins: readonly Origin[]): ByteOffset {
  const inside = typeof value === "string" ? /^payload\s*(?:\+\s*(.*))?$/u.exec(value) : null;
  if (inside === null) return { from: "frame", bytes: amountOf(parseBytes(value), origins) };
  return { from: "payload", bytes: amountOf(inside[1] === undefined ? 0 : parseBytes(inside[1]), origins) };
}

function choiceOf(choices: readonly string[], value: unknown): string {
  if (typeof value === "string" && choices.includes(value)) return value;
  if (typeof value !== "string") throw unfit(value, `one of ${choices.join(", ")}`, "Write one of these.");
  throw new WirelatError("value-choice", `${quoted(value)} is not one of ${choices.join(", ")}${suggestion(value, choices)}`, { remedy: "Write one of these." });
}

function listOf(value: unknown): readonly string[] {
  const items = Array.isArray(value) ? (value as readonly unknown[]) : null;
  if (items !== null && items.every((item) => typeof item === "string" && item !== "")) return items as readonly string[];
  throw unfit(value, "a list of texts", "Write it like [one, two].");
}

/** Thread name -> core number. */
function threadsOf(value: unknown): Readonly<Record<string, number>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw unfit(value, "a map from threads to cores", "Write it like { irq: 2, app: 3 }.");
  const threads: readonly (readonly [string, unknown])[] = value instanceof Map ? [...(value as RawMap)] : Object.entries(value);
  return Object.fromEntries(threads.map(([thread, core]) => [thread, isRaw(core) ? coreOf(thread, core.value, core.place) : coreOf(thread, core)]));
}

function coreOf(thread: string, value: unknown, place?: SourcePlace): number {
  const core = typeof value === "number" && Number.isInteger(value) ? value : -1;
  if (core >= 0 && core <= LARGEST_CORE) return core;
  const details = { remedy: "Number the cores from 0.", ...(place === undefined ? {} : { place }) };
  throw new WirelatError("quantity-range", `the core of thread ${thread} is a number from 0 to ${LARGEST_CORE}, not ${textOf(value)}`, details);
}

function unfit(value: unknown, wanted: string, remedy: string): WirelatError {
  return new WirelatError("value-kind", `${typeof value === "string" ? quoted(value) : textOf(unwrapped(value))} is not ${wanted}`, { remedy });
}

/** A value as text, for origins and messages. */
export function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return `[${listed(value.map(textOf))}]`;
  if (typeof value !== "object") return String(value as number | boolean);
  const entries = Object.entries(value).filter(([, one]) => !(one instanceof Float64Array));
  return `{ ${entries.map(([key, one]) => `${key}: ${textOf(one)}`).join(", ")} }`;
}
