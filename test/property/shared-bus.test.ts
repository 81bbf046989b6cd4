// Goal: devices on one PCI bus take turns, burst by burst, exactly as a plain simulation of the arbiter says. Method: random writes of
// random sizes and times by up to nine devices, on the engine and in a loop that knows nothing of it; every end must be equal.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { asks, onBus } from "../support/bus-bench.js";
import type { Probe } from "../support/probe.js";

const clocks = (count: number): number => Math.round((count * 1e6) / 33);
const MOST = 236;

interface Write {
  readonly at: number;
  readonly bytes: number;
}

/** Times of the bursts of one write: 59 words each, the last one what is left. */
function burstsOf(bytes: number): number[] {
  const full = Math.ceil(bytes / MOST) - 1;
  return [...Array<number>(full).fill(clocks(65)), clocks(Math.ceil((bytes - full * MOST) / 4) + 6)];
}

/** The arbiter, plainly: whoever has had its burst goes to the end of the queue, behind those who came meanwhile. */
function plainly(writes: readonly Write[]): number[] {
  const coming = writes.map((write, index) => ({ index, at: write.at + clocks(2), bursts: burstsOf(write.bytes) })).sort((one, other) => one.at - other.at);
  const ends = Array<number>(writes.length).fill(0);
  const waiting: typeof coming = [];
  let now = 0;
  while (coming.length > 0 || waiting.length > 0) {
    if (waiting.length === 0) now = Math.max(now, coming[0]!.at);
    while (coming.length > 0 && coming[0]!.at <= now) waiting.push(coming.shift()!);
    const next = waiting.shift()!;
    now += next.bursts.shift()!;
    while (coming.length > 0 && coming[0]!.at <= now) waiting.push(coming.shift()!);
    if (next.bursts.length > 0) waiting.push(next);
    else ends[next.index] = now - writes[next.index]!.at;
  }
  return ends;
}

/** Latencies on the engine: one source for each write, as each has its size. */
function simulated(writes: readonly Write[]): number[] {
  const probes: Record<string, Probe> = {};
  const times: Record<string, readonly number[]> = {};
  writes.forEach(({ at, bytes }, index) => Object.assign(probes, { [`w${index}`]: asks("write", { bytes }) }) && Object.assign(times, { [`w${index}`]: [at] }));
  return onBus({ model: "bus/pci" }, probes, times).latencies.map((one) => one[0]!);
}

// Times in which no two arrivals, and no arrival and end, fall together: ties are another matter.
const write = fc.record({ at: fc.nat(3000).map((step) => step * 10_007 + 1), bytes: fc.integer({ min: 1, max: 3000 }) });

describe("devices on one PCI bus", () => {
  test("end when the plain arbiter says, whatever they want", () => {
    let met = 0;
    fc.assert(
      fc.property(fc.uniqueArray(write, { minLength: 1, maxLength: 9, selector: ({ at }) => at }), (writes) => {
        const expected = plainly(writes);
        assert.deepEqual(simulated(writes), expected);
        const alone = writes.map(({ bytes }) => clocks(2) + burstsOf(bytes).reduce((sum, time) => sum + time, 0));
        met += expected.filter((end, index) => end > alone[index]!).length;
      }),
      { numRuns: 120 },
    );
    assert.ok(met > 150, `only ${met} writes had to wait for another`);
  });
});
