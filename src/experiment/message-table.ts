import { advance, Machine, start, type RowObserver } from "../engine/index.js";
import type { Compiled, CompiledPath } from "../scenario/index.js";
import type { Amounts } from "./prepare.js";

/** The messages of one path as a table: a column for each number, a row for each measured message in the order of completion. */
export interface MessageTable {
  readonly source: string;
  readonly path: string;
  /** message, payload_B, `<tap>_ps` (simulated time), `<metric>_ps` (latency), then `<step>/<label>/<kind>_ps` for every segment of the path. */
  readonly columns: readonly string[];
}

/** Takes one row of the table with that number; the values must be copied. */
export type RowSink = (table: number, row: Float64Array) => void;

/** The tables that a compiled scenario gives, one for each of its paths. */
export function messageTables(compiled: Compiled): MessageTable[] {
  return ownPaths(compiled).map(({ path }) => ({
    source: path.source,
    path: path.path,
    columns: ["message", "payload_B", ...tapsOf(path).map((tap) => `${tap.name}_ps`), ...path.metrics.map((metric) => `${metric.name}_ps`), ...segmentsOf(compiled, path).names],
  }));
}

/** Runs a compiled scenario again, to the same trajectory, and gives every measured message as a row. Needs no more memory for more messages. */
export function eachMessage(compiled: Compiled, amounts: Amounts, sink: RowSink): void {
  const own = ownPaths(compiled);
  const tableOf = new Map(own.map(({ index }, table) => [index, table]));
  const rows = messageTables(compiled).map((table) => new Float64Array(table.columns.length));
  const segments = own.map(({ path }) => segmentsOf(compiled, path));
  const machine: Machine = new Machine(compiled.program, {
    ...amounts, sampleLimit: 0, fuse: false,
    sinks: compiled.paths.map((path) => path.metrics.map(() => ({ record: () => undefined }))),
    observer: (...of: Parameters<RowObserver>) => {
      const table = tableOf.get(of[3]);
      const row = table === undefined ? undefined : rows[table];
      const path = compiled.paths[of[3]];
      if (table === undefined || row === undefined || path === undefined) return;
      fill(row, path, { machine, of, segments: segments[table] ?? NO_SEGMENTS });
      sink(table, row);
    },
  });
  start(machine);
  while (!advance(machine, 65_536));
}

interface Ended {
  readonly machine: Machine;
  readonly of: Parameters<RowObserver>;
  readonly segments: Segments;
}

function fill(row: Float64Array, path: CompiledPath, { machine, of: [tokens, token, number], segments }: Ended): void {
  const { values } = machine.sizes;
  const size = tokens.size[token] ?? 0;
  const mark = (at: number): number => tokens.marks[token * tokens.markCount + at] ?? NaN;
  const edge = (amount: number): number => (amount < 0 ? 0 : values[size + amount] ?? 0);
  let at = 0;
  row[at++] = number;
  row[at++] = machine.sizes.payloadOf(size);
  for (const tap of tapsOf(path)) row[at++] = mark(tap.mark);
  for (const { spec } of path.metrics) row[at++] = mark(spec.toMark) - mark(spec.fromMark) + edge(spec.toEdge) - edge(spec.fromEdge);
  row.fill(0, at);
  segments.slots.forEach((slot, index) => {
    const column = at + (segments.columns[index] ?? 0);
    row[column] = (row[column] ?? 0) + (tokens.rows[token * tokens.slots + slot] ?? 0);
  });
}

/** Each point of the path once, by the name that it was given last: gw.in rather than feed.in. */
export function tapsOf(path: CompiledPath): CompiledPath["taps"] {
  return path.taps.filter((tap, index) => !path.taps.slice(index + 1).some((other) => other.mark === tap.mark));
}

/** Off-path work in which metrics end has no table of its own. */
function ownPaths(compiled: Compiled): { readonly path: CompiledPath; readonly index: number }[] {
  return compiled.paths.map((path, index) => ({ path, index })).filter(({ path }) => !path.aside);
}

/** Columns of segments: which slots of a row there are, and to which column each adds. */
interface Segments {
  readonly names: readonly string[];
  readonly slots: readonly number[];
  readonly columns: readonly number[];
}

const NO_SEGMENTS: Segments = { names: [], slots: [], columns: [] };

/** Slots of the path itself, not of what it starts; those of one step, label and kind share a column. */
function segmentsOf({ program, paths }: Compiled, path: CompiledPath): Segments {
  const [from, to] = program.paths[paths.indexOf(path)]?.slots ?? [0, 0];
  const offPath = (slot: number): boolean => program.spawns.some(({ slots }) => slot >= slots[0] && slot < slots[1]);
  const slots = Array.from({ length: to - from }, (_, index) => from + index).filter((slot) => !offPath(slot));
  const names: string[] = [];
  const columns = slots.map((slot) => {
    const { step, label, kind } = program.slots[slot] ?? { step: "", label: "", kind: "" };
    const name = `${step}/${label}/${kind}_ps`;
    const known = names.indexOf(name);
    return known >= 0 ? known : names.push(name) - 1;
  });
  return { names, slots, columns };
}
