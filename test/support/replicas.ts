import assert from "node:assert/strict";
import type { Machine, Program } from "../../src/engine/index.js";
import { acceptReplications } from "./oracles.js";
import { run } from "./program.js";

/** Unit of time of a simulated oracle: so many picoseconds that rounding to one does not matter. */
export const UNIT = 1_000_000;
const WARM_UP = 0.1;
const REPLICAS = 30;

/** One run after its warm-up; values in units. */
export interface Replica {
  readonly machine: Machine;
  /** Messages measured; rows in order of completion. */
  readonly count: number;
  /** Time of measured message `row` in `slot`. */
  at(row: number, slot: number): number;
  /** Sojourn of measured message `row`. */
  total(row: number): number;
}

/** Thirty runs of a program with different seeds; `program` may depend on the seed. */
export function replicas(messages: number, program: Program | ((seed: number) => Program)): Replica[] {
  return Array.from({ length: REPLICAS }, (_, index): Replica => {
    const seed = 100 + index;
    const { machine } = run(typeof program === "function" ? program(seed) : program, { seed, messages, warmup: Math.floor(messages * WARM_UP), sampleLimit: messages });
    const { samples, slots: [from, to] } = machine.ledger.paths[0]!;
    const at = (row: number, slot: number): number => samples.at(row, from + slot) / UNIT;
    return { machine, count: samples.count, at, total: (row) => Array.from({ length: to - from }, (_, slot) => at(row, slot)).reduce((sum, value) => sum + value, 0) };
  });
}

/** Mean over the messages of each run, of those that `of` gives a number for. */
export function means(runs: readonly Replica[], of: (row: number, replica: Replica) => number | null): number[] {
  return runs.map((replica) => {
    let [sum, count] = [0, 0];
    for (let row = 0; row < replica.count; row++) {
      const value = of(row, replica);
      if (value === null) continue;
      sum += value;
      count++;
    }
    return sum / count;
  });
}

/** Holds a closed form against one number per run: a 99.9 % interval, at most `width` of the theory wide on each side. */
export function holds(name: string, theory: number, width: number, values: readonly number[]): void {
  const { accepted, explanation } = acceptReplications(values, theory, { confidence: 0.999, maxRelativeHalfWidth: width });
  assert.ok(accepted, `${name}: ${explanation}`);
}
