import { WirelatError } from "../errors/index.js";
import { parseDuration } from "../units/index.js";

const MOST = 10_000_000;
/** The unit in a heading: "latency [ns]", "latency_ns", "Latency (us)". */
const HEADING = /(?:^|[\s_[(])(ps|ns|us|µs|ms|s)[\])]?$/u;
const NUMBER = /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/iu;

/**
 * Measured latencies in the order of the file [ps]: one a line, each with its unit ("7.3 us"), or bare numbers under a heading that
 * names it ("latency_ns"). Empty lines and what follows a "#" are left out; of several columns the last counts. Throws `latency-file`.
 */
export function parseLatencies(text: string, name: string): Float64Array {
  const found: number[] = [];
  let unit: string | null = null;
  let line = 0;
  for (const raw of text.split("\n")) {
    line++;
    const value = lastColumn(raw);
    if (value === "") continue;
    const heading: string | undefined = found.length === 0 && !/^[+-]?\d/u.test(value) ? HEADING.exec(value)?.[1] : undefined;
    if (heading !== undefined) unit = heading;
    else if (found.length > 0 || /^[+-]?\d/u.test(value)) found.push(latency(value, unit, { file: name, line, column: 1 }));
    if (found.length > MOST) throw fault({ file: name, line, column: 1 }, `more than ${MOST} latencies`, "Give a part of them.");
  }
  if (found.length === 0) throw fault({ file: name, line: 1, column: 1 }, "no latency in it", "Write one a line, with its unit, e.g. 7.3 us.");
  return Float64Array.from(found);
}

function lastColumn(raw: string): string {
  return (raw.split("#", 1)[0] ?? "").split(/[,;\t]/u).at(-1)?.trim() ?? "";
}

interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

function latency(value: string, unit: string | null, place: Place): number {
  const bare = NUMBER.test(value);
  if (bare && unit === null) throw fault(place, `"${value}" has no unit`, 'Write "7.3 us", or a heading that names the unit of the column, e.g. latency_ns.');
  try {
    return parseDuration(bare ? `${value} ${unit}` : value, { signed: true });
  } catch (cause) {
    throw fault(place, `"${value}" is not a time`, "Write a number and a unit, e.g. 7.3 us.", cause);
  }
}

function fault(place: Place, problem: string, remedy: string, cause?: unknown): WirelatError {
  return new WirelatError("latency-file", `a file of measured latencies was expected: ${problem}`, { place, remedy, ...(cause === undefined ? {} : { cause }) });
}
