import { INT, REAL, type Machine, type RowObserver } from "../engine/index.js";
import type { Compiled, CompiledPath } from "../scenario/index.js";
import type { Amounts } from "./prepare.js";
import { sinksOf } from "./sinks.js";
import { NO_LAGS, stampClock, stamped, type StampClock } from "./stamps.js";
import { startedMachine, watchedRun, type Watch } from "./watched-run.js";

/** The messages of one path as a table: a column for each number, a row for each measured message in the order of completion. */
export interface MessageTable {
  readonly source: string;
  readonly path: string;
  /** message, payload_B, `<tap>_ps` (simulated time), `<metric>_ps` (latency), then `<step>/<label>/<kind>_ps` for every segment of the path. */
  readonly columns: readonly MessageColumn[];
}

export interface MessageColumn {
  readonly name: string;
  /** NaN for some: a tap inside a branch is not passed by every message. */
  readonly optional: boolean;
}

/** Takes one row of the table with that number; the values must be copied. */
export type RowSink = (table: number, row: Float64Array) => void;

/** The tables that a compiled scenario gives, one for each of its paths. */
export function messageTables(compiled: Compiled): MessageTable[] {
  return layoutsOf(compiled).map(({ path, taps, segments }) => ({
    source: path.source,
    path: path.path,
    columns: [
      ...columns(false, ["message", "payload_B"]), ...columns(true, taps.map((tap) => `${tap.name}_ps`)),
      ...columns(false, path.metrics.map((metric) => `${metric.name}_ps`)), ...columns(false, segments.names),
    ],
  }));
}

/**
 * Runs a compiled scenario again, to the same trajectory, and gives every measured message as a row; what it did not pass is NaN. Needs no more
 * memory for more messages.
 */
export async function eachMessage(compiled: Compiled, amounts: Amounts, sink: RowSink, watch: Watch): Promise<void> {
  const layouts = layoutsOf(compiled);
  const tableOf = new Map(layouts.map(({ index }, table) => [index, table]));
  const clocks = layouts.map(({ path }) => path.metrics.map((metric) => stampClock(metric, amounts.seed)));
  const rows = messageTables(compiled).map((table) => new Float64Array(table.columns.length));
  const machine: Machine = startedMachine(compiled, {
    ...amounts, sampleLimit: 0, fuse: false, sinks: sinksOf(compiled),
    observer: (...of: Parameters<RowObserver>) => {
      const table = tableOf.get(of[3]) ?? -1;
      const [layout, row] = [layouts[table], rows[table]];
      if (layout === undefined || row === undefined) return;
      fill(row, layout, { machine, clocks: clocks[table] ?? [] }, of);
      sink(table, row);
    },
  });
  await watchedRun(compiled, machine, watch);
}

const columns = (optional: boolean, names: readonly string[]): MessageColumn[] => names.map((name) => ({ name, optional }));

/** What the columns of a path's table are read from. */
interface Layout {
  readonly path: CompiledPath;
  /** Of the path in the program. */
  readonly index: number;
  readonly taps: CompiledPath["taps"];
  readonly segments: Segments;
}

/** Off-path work in which metrics end has no table of its own. */
function layoutsOf(compiled: Compiled): Layout[] {
  const own = compiled.paths.map((path, index) => ({ path, index })).filter(({ path }) => !path.aside);
  return own.map(({ path, index }) => ({ path, index, taps: tapsOf(path), segments: segmentsOf(compiled, index) }));
}

function fill(row: Float64Array, { path, taps, segments }: Layout, { machine, clocks }: { readonly machine: Machine; readonly clocks: readonly (StampClock | null)[] }, [tokens, token, number]: Parameters<RowObserver>): void {
  const { values } = machine.sizes;
  const size = tokens.ints[2 * token + INT.size] ?? 0;
  const mark = (at: number): number => tokens.reals[token + tokens.marksAt + at] ?? NaN;
  const edge = (amount: number): number => (amount < 0 ? 0 : values[size + amount] ?? 0);
  let at = 0;
  row[at++] = number;
  row[at++] = machine.sizes.payloadOf(size);
  for (const tap of taps) row[at++] = mark(tap.mark);
  for (const [index, { spec }] of path.metrics.entries()) {
    const latency = mark(spec.toMark) - mark(spec.fromMark) + edge(spec.toEdge) - edge(spec.fromEdge);
    row[at++] = stamped(latency, clocks[index]?.lags(number, latency) ?? NO_LAGS);
  }
  row.fill(0, at);
  segments.slots.forEach((slot, index) => {
    const column = at + (segments.columns[index] ?? 0);
    row[column] = (row[column] ?? 0) + (tokens.reals[token + REAL.slots + slot] ?? 0);
  });
}

/** Each point of the path once, by the name that it was given last: gw.in rather than feed.in. */
function tapsOf(path: CompiledPath): CompiledPath["taps"] {
  return path.taps.filter((tap, index) => !path.taps.slice(index + 1).some((other) => other.mark === tap.mark));
}

/** Columns of segments: which slots of a row there are, and to which column each adds. */
interface Segments {
  readonly names: readonly string[];
  readonly slots: readonly number[];
  readonly columns: readonly number[];
}

/** Slots of the path itself, not of what it starts; those of one step, label and kind share a column. */
function segmentsOf({ program }: Compiled, index: number): Segments {
  const [from, to] = program.paths[index]?.slots ?? [0, 0];
  const offPath = (slot: number): boolean => program.spawns.some(({ slots }) => slot >= slots[0] && slot < slots[1]);
  const slots = Array.from({ length: to - from }, (_, offset) => from + offset).filter((slot) => !offPath(slot));
  const names: string[] = [];
  const columns = slots.map((slot) => {
    const { step, label, kind } = program.slots[slot] ?? { step: "", label: "", kind: "" };
    const name = `${step}/${label}/${kind}_ps`;
    const known = names.indexOf(name);
    return known >= 0 ? known : names.push(name) - 1;
  });
  return { names, slots, columns };
}
