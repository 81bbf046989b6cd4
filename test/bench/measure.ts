import { cpus } from "node:os";
import { advance, Machine, type Program } from "../../dist/engine/index.js";
import { LatencyRecorder } from "../../dist/stats/index.js";

export interface Timing {
  /** Medians and the spread of the rounds, nanoseconds per unit. */
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

export interface Mode {
  readonly bare: boolean;
  readonly fuse: boolean;
}

/** A machine ready to run a program, and what it records in. Whole means ledger, checks and waterfall samples on. */
export function machineFor(program: Program, messages: number, mode: Mode): { readonly machine: Machine; readonly recorder: LatencyRecorder } {
  const recorder = new LatencyRecorder({ cap: 1 });
  return { machine: new Machine(program, { seed: 1, messages, warmup: 0, sampleLimit: mode.bare ? 0 : 16_384, sinks: [[recorder]], bare: mode.bare, fuse: mode.fuse }), recorder };
}

/** More messages, or rounds, than any measurement asks for. */
export const ENDLESS = 2 ** 31;
/** Few, because a path without events sends 128 messages with each; as many as in `wirelat run`. */
const EVENTS_PER_LOOK = 1_024;

/** Advances a machine by so many events or messages, or a little more, or to its end. */
export function runOn(machine: Machine, unit: "events" | "completed", units: number): void {
  const end = machine[unit] + units;
  while (machine[unit] < end && !advance(machine, EVENTS_PER_LOOK));
}

export function summary(values: readonly number[]): Timing {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? NaN;
  return { median: at(Math.floor(sorted.length / 2)), low: at(0), high: at(sorted.length - 1) };
}

/** Runs the tasks in turns, round by round, so that a slow spell of the machine falls on all of them. */
export function interleaved<T extends string>(tasks: Readonly<Record<T, () => number>>, rounds: number): Record<T, Timing> {
  const names = Object.keys(tasks) as T[];
  const values = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<T, number[]>;
  for (const name of names) tasks[name]();
  for (let round = 0; round < rounds; round++) for (const name of names) values[name].push(tasks[name]());
  return Object.fromEntries(names.map((name) => [name, summary(values[name])])) as Record<T, Timing>;
}

export const machineName = (): string => `${cpus()[0]?.model.trim() ?? "unknown processor"}, ${cpus().length} cores, Node ${process.version}`;
