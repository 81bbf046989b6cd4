import { advance, type TokenTrace, type TracedSegment } from "../engine/index.js";
import { WirelatError } from "../errors/index.js";
import type { Journey, JourneyPiece, SegmentKind } from "../result/index.js";
import type { CheckedScenario, Compiled, CompiledMetric } from "../scenario/index.js";
import { LatencyRecorder } from "../stats/index.js";
import type { Amounts } from "./prepare.js";
import { sinksOf, through } from "./sinks.js";
import { lagsAt, stamped, type Lags } from "./stamps.js";
import { EdgeDebt, restOfFrame, stampPieces, type EdgePiece } from "./window-edges.js";
import { startedMachine } from "./watched-run.js";

/** Which messages to look at closely: one by its number, the slowest, or the one at a quantile. */
export type Selection = { readonly kind: "message"; readonly number: number } | { readonly kind: "worst"; readonly count: number } | { readonly kind: "at"; readonly q: number };

export interface JourneyOptions extends Amounts {
  readonly select: Selection;
  /** Of this metric, by default of the first that the messages' path has. */
  readonly metric: string | null;
  /** Ends the run after so many events, whatever messages it has followed by then; without it the run goes to its end. */
  readonly mostEvents?: number;
}

/** Most messages that are looked at in one go. */
const MOST = 1000;
const EVENTS_PER_LOOK = 65_536;

/**
 * Runs a compiled scenario again, to the same trajectory, and follows the messages that were asked for. Errors: `message-unknown` when the
 * selection finds none, `metric-unknown`.
 */
export function journeysOf(scenario: CheckedScenario, compiled: Compiled, options: JourneyOptions): Journey[] {
  const metric = metricName(compiled, options.metric);
  const { select } = options;
  if (select.kind === "worst" && select.count > MOST) throw new WirelatError("option-value", `the ${select.count} slowest messages are too many`, { remedy: `Ask for ${MOST} or fewer.` });
  const wanted = select.kind === "at" ? quantileOf(compiled, options, metric, select.q) : NaN;
  const keeper = new Keeper(compiled, metric, options, wanted);
  const machine = startedMachine(compiled, { ...options, sinks: sinksOf(compiled), sampleLimit: 0, trace: (trace) => keeper.take(trace) });
  let left = options.mostEvents ?? Infinity;
  while (!keeper.done && left > 0 && !compiled.guard("a turn of the run", () => advance(machine, Math.min(EVENTS_PER_LOOK, left)))) left -= EVENTS_PER_LOOK;
  if (keeper.kept.length === 0) throw nothingFound(scenario, options, metric);
  return keeper.kept;
}

function nothingFound(scenario: CheckedScenario, { select, messages, until }: JourneyOptions, metric: string): WirelatError {
  const what = select.kind === "message" ? `message ${select.number} never passes` : "no measured message passes";
  return new WirelatError("message-unknown", `${scenario.id}: ${what} the window of ${metric}`, { remedy: `Messages are numbered from 0${until === undefined ? ` to ${messages - 1}` : ""} over all sources, the warm-up first; one that was dropped has no latency.` });
}

function metricName(compiled: Compiled, asked: string | null): string {
  const names = [...new Set(compiled.paths.flatMap((path) => path.metrics.map((metric) => metric.name)))];
  const found = asked === null ? names[0] : names.find((name) => name === asked);
  if (found !== undefined) return found;
  throw new WirelatError("metric-unknown", asked === null ? "the scenario measures nothing" : `there is no metric "${asked}"`, { remedy: `Its metrics are ${names.join(", ") || "none"}.` });
}

function quantileOf(compiled: Compiled, options: JourneyOptions, name: string, q: number): number {
  const recorder = new LatencyRecorder();
  const machine = startedMachine(compiled, { ...options, sampleLimit: 0, sinks: sinksOf(compiled, (metric) => (metric.name === name ? through(metric, options.seed, recorder) : null)) });
  while (!compiled.guard("a turn of the run", () => advance(machine, EVENTS_PER_LOOK)));
  return recorder.quantile(q);
}

/** Keeps the journeys that were asked for, of all that come by. */
class Keeper {
  kept: Journey[] = [];
  done = false;

  constructor(private readonly compiled: Compiled, private readonly metric: string, private readonly options: JourneyOptions, private readonly wanted: number) {}

  take(trace: TokenTrace): void {
    const path = this.compiled.paths[trace.path];
    const metric = path?.metrics.find((one) => one.name === this.metric);
    const { select, warmup } = this.options;
    if (path === undefined || metric === undefined || !trace.finished || (trace.place !== 0 && !path.aside)) return;
    if (select.kind === "message" ? trace.message !== select.number : trace.message < warmup) return;
    if (Number.isNaN(trace.marks[metric.spec.toMark] ?? NaN) || Number.isNaN(trace.marks[metric.spec.fromMark] ?? NaN)) return;
    this.keep(trace, path.source, path.path, metric);
  }

  private keep(trace: TokenTrace, source: string, path: string, metric: CompiledMetric): void {
    const { select, seed } = this.options;
    const exact = latencyOf(this.compiled, trace, metric);
    const lags = lagsAt(metric, seed, trace.message, exact);
    const latency = stamped(exact, lags);
    const make = (): Journey => journeyOf(this.compiled, trace, { source, path, metric, lags });
    if (select.kind === "message") {
      this.kept = [make()];
      this.done = true;
      return;
    }
    if (select.kind === "at") {
      const [best] = this.kept;
      if (best === undefined || Math.abs(latency - this.wanted) < Math.abs(best.latencyPs - this.wanted)) this.kept = [make()];
      this.done = latency === this.wanted;
      return;
    }
    const last = this.kept.at(-1);
    if (this.kept.length === select.count && last !== undefined && latency <= last.latencyPs) return;
    this.kept = [...this.kept, make()].sort((one, other) => other.latencyPs - one.latencyPs || one.message - other.message).slice(0, select.count);
  }
}

function edgesOf(compiled: Compiled, trace: TokenTrace, { spec }: CompiledMetric): { readonly from: number; readonly to: number } {
  const edge = (amount: number): number => (amount < 0 ? 0 : compiled.program.amounts[amount]?.(trace.payload) ?? 0);
  return { from: edge(spec.fromEdge), to: edge(spec.toEdge) };
}

function latencyOf(compiled: Compiled, trace: TokenTrace, metric: CompiledMetric): number {
  const { from, to } = edgesOf(compiled, trace, metric);
  return (trace.marks[metric.spec.toMark] ?? NaN) - (trace.marks[metric.spec.fromMark] ?? NaN) + to - from;
}

interface Passage {
  readonly source: string;
  readonly path: string;
  readonly metric: CompiledMetric;
  readonly lags: Lags;
}

function journeyOf(compiled: Compiled, trace: TokenTrace, { source, path, metric, lags }: Passage): Journey {
  const { from, to } = edgesOf(compiled, trace, metric);
  const inside = trace.segments.filter(({ slot }) => slot >= metric.spec.slots[0] && slot < metric.spec.slots[1]);
  return {
    message: trace.message, source, path, payload: trace.payload,
    metric: metric.name, from: metric.from, to: metric.to,
    startPs: (trace.marks[metric.spec.fromMark] ?? NaN) + from - lags.from,
    latencyPs: stamped(latencyOf(compiled, trace, metric), lags),
    pieces: piecesOf(compiled, inside, metric, { from, to, lags }),
    branches: trace.losers.map(({ fork, slack, segments }) => ({ step: compiled.notes[segments[0]?.pc ?? fork]?.step ?? "", slackPs: slack })),
  };
}

/** The pieces inside the window, one behind the other, the bytes before its start taken off and those after its end put on. */
function piecesOf(compiled: Compiled, segments: readonly TracedSegment[], metric: CompiledMetric, edges: { readonly from: number; readonly to: number; readonly lags: Lags }): JourneyPiece[] {
  const debt = new EdgeDebt(metric, edges.from);
  const inside = segments.map(({ slot, ps, blocker }) => {
    const spec = compiled.program.slots[slot];
    return { step: spec?.step ?? "", label: spec?.label ?? "", kind: (spec?.kind ?? "process") as SegmentKind, ps: debt.taken(slot, ps), waitedFor: blocker < 0 ? null : blocker };
  });
  let at = 0;
  const { before, behind } = stampPieces(metric, edges.lags);
  const nobody = (piece: EdgePiece): Omit<JourneyPiece, "atPs"> => ({ ...piece, waitedFor: null });
  return [...[before, debt.overlap].map(nobody), ...inside, ...[restOfFrame(metric, edges.to), behind].map(nobody)].filter((piece) => piece.ps !== 0).map((piece) => {
    const placed = { ...piece, atPs: at };
    at += piece.ps;
    return placed;
  });
}
