import type { Machine } from "../engine/index.js";
import type { Breakdown, SegmentKind, SegmentSum } from "../result/index.js";
import type { Compiled, CompiledMetric } from "../scenario/index.js";
import type { LatencyRecorder } from "../stats/index.js";
import { NO_LAGS, stampClock, stamped, type Lags } from "./stamps.js";
import { EdgeDebt, restOfFrame, stampPieces, type EdgePiece } from "./window-edges.js";

/** Half the width of a band, as a share of the messages: p99 means p98.5 to p99.5. */
const HALF_BAND = 0.005;

interface Window {
  readonly metric: CompiledMetric;
  readonly path: number;
}

/** Sums of one band, slot by slot, with the sums of the two edges. */
interface Sums {
  readonly path: number;
  readonly metric: CompiledMetric;
  readonly slots: number[];
  fromEdge: number;
  toEdge: number;
  lags: Lags;
}

/** A run that has come to its end. */
interface Ended {
  readonly machine: Machine;
  readonly compiled: Compiled;
  readonly seed: number;
}

/** Where the time of one metric goes: all messages, and those around p50 and p99. The segments of a band add to its total exactly. */
export function breakdowns(run: Ended, windows: readonly Window[], { recorder, lags }: { readonly recorder: LatencyRecorder; readonly lags: Lags }): Breakdown[] {
  const { machine } = run;
  const measured = windows.reduce((count, { path }) => count + (machine.ledger.paths[path]?.measured ?? 0), 0);
  if (measured === 0) return [];
  const recorded = areRecorded(run, windows, recorder) ? recorder.samples() : null;
  const samples = windows.flatMap((window) => sampled(run, window, recorded ?? summed(run, window))).sort((a, b) => a.latency - b.latency);
  return [whole(run, windows, { measured, sum: recorder.sum, lags }), band("p50", 0.5, samples, run), band("p99", 0.99, samples, run)];
}

function whole({ machine, compiled }: Ended, windows: readonly Window[], total: { measured: number; sum: bigint; lags: Lags }): Breakdown {
  let inside = 0n;
  const sums = windows.map(({ metric, path }): Sums => {
    const ledger = machine.ledger.paths[path];
    const slots: number[] = [];
    const offset = ledger?.slots[0] ?? 0;
    ledger?.sums().forEach((value, at) => {
      const slot = offset + at;
      if (slot < metric.spec.slots[0] || slot >= metric.spec.slots[1]) return;
      inside += value;
      slots[slot] = Number(value);
    });
    return { path, metric, slots, fromEdge: 0, toEdge: 0, lags: NO_LAGS };
  });
  // Every message was checked to tile its latency, so what neither the slots nor the time stamps hold is the edges.
  const first = sums[0];
  if (first !== undefined) {
    first.lags = total.lags;
    const edges = Number(total.sum - inside) - total.lags.from + total.lags.to;
    if (edges < 0) first.fromEdge = -edges;
    else first.toEdge = edges;
  }
  return { band: "all", messages: total.measured, totalPs: Number(total.sum), segments: segments(compiled, sums) };
}

interface Sample {
  readonly window: Window;
  /** Its place among the path's samples. */
  readonly at: number;
  readonly latency: number;
  readonly fromEdge: number;
  readonly toEdge: number;
  readonly lags: Lags;
}

/** The slots of a window that any message put time into, in their order: a few of hundreds. */
function heldSlots({ ledger }: Machine, { metric, path }: Window): readonly number[] {
  const live = ledger.paths[path]?.live;
  const [from, to] = metric.spec.slots;
  return live === undefined ? [] : [...live.slots.subarray(0, live.count)].filter((slot) => slot >= from && slot < to);
}

/** Latencies of the messages of which a row is kept, as their segments and the edges of the window add up, before stamps. */
function summed({ machine }: Ended, window: Window): Float64Array {
  const samples = machine.ledger.paths[window.path]?.samples;
  if (samples === undefined) return new Float64Array(0);
  const latencies = Float64Array.from({ length: samples.count }, (_, at) => {
    const { fromEdge, toEdge } = edgesOf(machine, window, samples.sizeOf(at));
    return toEdge - fromEdge;
  });
  for (const slot of heldSlots(machine, window)) for (let at = 0; at < latencies.length; at++) latencies[at] = (latencies[at] ?? 0) + samples.at(at, slot);
  return latencies;
}

/** Time that lies before the first and behind the last byte that a window asks for, for messages of the size in this row of the size table. */
function edgesOf({ sizes }: Machine, { metric }: Window, row: number): { readonly fromEdge: number; readonly toEdge: number } {
  const edge = (amount: number): number => (amount < 0 ? 0 : sizes.values[row + amount] ?? 0);
  return { fromEdge: edge(metric.spec.fromEdge), toEdge: edge(metric.spec.toEdge) };
}

function sampled(run: Ended, window: Window, latencies: Float64Array): Sample[] {
  const { machine, seed } = run;
  const samples = machine.ledger.paths[window.path]?.samples;
  const clock = stampClock(window.metric, seed);
  const found: Sample[] = [];
  for (let at = 0; at < latencies.length; at++) {
    const latency = latencies[at] ?? 0;
    const lags = clock?.lags(samples?.numberOf(at) ?? 0, latency) ?? NO_LAGS;
    found.push({ window, at, latency: stamped(latency, lags), lags, ...edgesOf(machine, window, samples?.sizeOf(at) ?? 0) });
  }
  return found;
}

/** A metric of one path takes each message right behind its row: as long as every row is kept, what it took stands in their order. */
function areRecorded({ machine }: Ended, windows: readonly Window[], recorder: LatencyRecorder): boolean {
  const [only, other] = windows;
  return only !== undefined && other === undefined && only.metric.stamps === null && recorder.exact && machine.ledger.paths[only.path]?.samples.count === recorder.count;
}

function band(name: "p50" | "p99", q: number, samples: readonly Sample[], run: Ended): Breakdown {
  const from = Math.min(samples.length - 1, Math.floor((q - HALF_BAND) * samples.length));
  const to = Math.max(from + 1, Math.ceil((q + HALF_BAND) * samples.length));
  const chosen = samples.slice(from, to);
  const sums = new Map<Window, Sums & { readonly held: readonly number[] }>();
  let totalPs = 0;
  for (const sample of chosen) {
    const { window } = sample;
    const own = sums.get(window) ?? { path: window.path, metric: window.metric, held: heldSlots(run.machine, window), slots: [], fromEdge: 0, toEdge: 0, lags: NO_LAGS };
    sums.set(window, own);
    own.fromEdge += sample.fromEdge;
    own.toEdge += sample.toEdge;
    own.lags = { from: own.lags.from + sample.lags.from, to: own.lags.to + sample.lags.to };
    totalPs += sample.latency;
    const rows = run.machine.ledger.paths[window.path]?.samples;
    for (const slot of own.held) own.slots[slot] = (own.slots[slot] ?? 0) + (rows?.at(sample.at, slot) ?? 0);
  }
  return { band: name, messages: chosen.length, totalPs, segments: segments(run.compiled, [...sums.values()]) };
}

/** Names the sums, charges the edges to the waits for bytes they belong to, and adds up what has the same name. */
function segments(compiled: Compiled, all: readonly Sums[]): SegmentSum[] {
  const named = new Map<string, { step: string; label: string; kind: SegmentKind; sumPs: number }>();
  const add = ({ step, label, kind, ps: sumPs }: EdgePiece): void => {
    if (sumPs === 0) return;
    const key = `${step}\n${label}\n${kind}`;
    const known = named.get(key);
    if (known === undefined) named.set(key, { step, label, kind, sumPs });
    else known.sumPs += sumPs;
  };
  for (const sums of all) {
    const { metric } = sums;
    const debt = new EdgeDebt(metric, sums.fromEdge);
    sums.slots.forEach((value, slot) => {
      const spec = compiled.program.slots[slot];
      if (spec !== undefined) add({ step: spec.step, label: spec.label, kind: spec.kind as SegmentKind, ps: debt.taken(slot, value) });
    });
    add(debt.overlap);
    add(restOfFrame(metric, sums.toEdge));
    const { before, behind } = stampPieces(metric, sums.lags);
    add(before);
    add(behind);
  }
  return [...named.values()];
}
