import type { Machine, MachineOptions, Program, SourceSpec } from "../../src/engine/index.js";
import { run, sketch, type ProgramSketch } from "./program.js";

/** What became of one message. */
export interface Journey {
  readonly index: number;
  readonly arrival: number;
  readonly latency: number;
  readonly end: number;
  /** Time per slot, in slot order. */
  readonly segments: readonly number[];
}

export interface Trip {
  readonly machine: Machine;
  /** Finished messages by index; those dropped are absent. */
  readonly journeys: readonly Journey[];
}

/** A sketch whose messages come at given times, in order; message k has a payload of k bytes, so that amounts may differ by message. */
export type TimedSketch = Omit<ProgramSketch, "arrivals" | "payload"> & { readonly times: readonly number[] };

export function timedProgram(of: TimedSketch): Program {
  const { times, ...rest } = of;
  return sketch({ ...rest, arrivals: { kind: "series", times: Float64Array.from(times), payloads: Uint32Array.from(times, (_, index) => index), loop: 0 } });
}

/** Runs messages that arrive at `times` and tells what became of each. */
export function travel(of: TimedSketch, options: Partial<MachineOptions> = {}): Trip {
  return travelled(timedProgram(of), of.times, options);
}

/** As `travel`, for a program of one path that is fed by `timedProgram`'s source. */
export function travelled(program: Program, times: readonly number[], options: Partial<MachineOptions> = {}): Trip {
  const { machine, latencies } = run(program, { messages: times.length, sampleLimit: times.length, ...options });
  const { samples, slots: [from, to] } = machine.ledger.paths[0]!;
  const journeys = latencies.map((latency, at): Journey => {
    const index = machine.sizes.payloadOf(samples.sizeOf(at));
    const arrival = times[index]!;
    return { index, arrival, latency, end: arrival + latency, segments: Array.from({ length: to - from }, (_, slot) => samples.at(at, from + slot)) };
  });
  return { machine, journeys: journeys.sort((a, b) => a.index - b.index) };
}

export const latenciesOf = (of: TimedSketch): number[] => travel(of).journeys.map((one) => one.latency);
export const endsOf = (of: TimedSketch): number[] => travel(of).journeys.map((one) => one.end);
/** Time that every message spent in one slot. */
export const slotOf = (trip: Trip, slot: number): number[] => trip.journeys.map((one) => one.segments[slot]!);
/** Amounts that do not depend on the message. */
export const always = (...values: readonly number[]): ((payload: number) => number)[] => values.map((value) => () => value);
/** An amount looked up by message. */
export const each = (values: readonly number[]) => (payload: number): number => values[payload] ?? 0;

/** A program with more sources, all on the same path. */
export function withSources(program: Program, extra: readonly Omit<SourceSpec, "path">[]): Program {
  return { ...program, sources: [...program.sources, ...extra.map((source) => ({ ...source, path: 0 }))] };
}
