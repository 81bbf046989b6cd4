import { advance, Machine, start } from "../engine/index.js";
import { WirelatError } from "../errors/index.js";
import { LatencyRecorder } from "../stats/index.js";
import type { MetricResult, RunResult } from "../result/index.js";
import type { CheckedScenario, Compiled, CompiledMetric } from "../scenario/index.js";
import { breakdowns } from "./breakdown.js";
import { latencyNumbers } from "./latency-numbers.js";
import { evidenceShare, ownerCosts, resourceUse } from "./resources.js";
import { steadinessOf, type Steadiness } from "./steadiness.js";

/** An event may stand for hundreds of messages that meet nobody, so turns end by time and the clock is looked at often. */
const EVENTS_PER_LOOK = 128;
/** Length of a turn in milliseconds. */
const TURN = 20;
/** Latencies of a metric that are kept one by one; more of them go into a histogram whose error the result states. */
const EXACT_LATENCIES = 262_144;
/** Whole messages kept for the bands of the waterfall. */
const SAMPLE_LIMIT = 16_384;

export interface ExecuteOptions {
  readonly seed: number;
  readonly messages: number;
  readonly warmup: number;
  /** Called now and then with the messages done; awaited, so that signals and screens get their turn. */
  readonly onProgress: (completed: number, total: number) => Promise<void> | void;
  readonly signal: AbortSignal | null;
}

/** What a run came to, and whether each of its metrics had settled. */
export interface Executed {
  readonly run: RunResult;
  readonly steadiness: readonly Steadiness[];
}

/** Runs one compiled scenario to its end. Errors: an aborted run, and everything that breaks a promise of the engine. */
export async function execute(scenario: CheckedScenario, compiled: Compiled, options: ExecuteOptions): Promise<Executed> {
  const recorders = new Map<string, LatencyRecorder>();
  const sinks = compiled.paths.map((path) => path.metrics.map((metric) => recorderOf(recorders, metric.name)));
  const machine = new Machine(compiled.program, { seed: options.seed, messages: options.messages, warmup: options.warmup, sinks, sampleLimit: SAMPLE_LIMIT });
  start(machine);
  while (!advanceFor(machine, TURN)) {
    if (options.signal?.aborted === true) throw new WirelatError("interrupted", `interrupted after ${machine.completed} of ${options.messages} messages`);
    await options.onProgress(machine.completed, options.messages);
  }
  return {
    run: summarise(scenario, compiled, machine, recorders),
    steadiness: [...recorders].map(([name, recorder]) => steadinessOf(name, recorder, options.warmup)),
  };
}

/** Runs for about so many milliseconds; true when nothing is left to do. What comes out does not depend on how often one looks. */
function advanceFor(machine: Machine, milliseconds: number): boolean {
  const end = performance.now() + milliseconds;
  while (!advance(machine, EVENTS_PER_LOOK)) if (performance.now() >= end) return false;
  return true;
}

function recorderOf(recorders: Map<string, LatencyRecorder>, name: string): LatencyRecorder {
  const known = recorders.get(name) ?? new LatencyRecorder({ cap: EXACT_LATENCIES });
  recorders.set(name, known);
  return known;
}

function summarise(scenario: CheckedScenario, compiled: Compiled, machine: Machine, recorders: ReadonlyMap<string, LatencyRecorder>): RunResult {
  const elapsed = Math.max(machine.endTime, machine.agenda.now);
  const measured = compiled.paths.reduce((count, path, index) => count + (path.aside ? 0 : machine.ledger.paths[index]?.measured ?? 0), 0);
  const dropped = Object.fromEntries(compiled.program.reasons.map((reason, index) => [reason, machine.drops[index] ?? 0] as const).filter(([, count]) => count > 0));
  return {
    variant: scenario.variant,
    point: scenario.point,
    messages: { sent: machine.sent, completed: machine.completed, measured, dropped },
    durationPs: elapsed,
    fingerprint: machine.ledger.fingerprint.text,
    events: machine.events,
    ties: machine.ties,
    metrics: [...recorders].map(([name, recorder]) => metricResult(name, recorder, { scenario, compiled, machine })),
    costs: ownerCosts(machine, compiled),
    resources: resourceUse(machine, compiled, elapsed),
    evidence: evidenceShare(compiled),
  };
}

interface Run {
  readonly scenario: CheckedScenario;
  readonly compiled: Compiled;
  readonly machine: Machine;
}

function metricResult(name: string, recorder: LatencyRecorder, run: Run): MetricResult {
  const { compiled, machine } = run;
  const windows = compiled.paths.flatMap((path, index) => path.metrics.filter((metric) => metric.name === name).map((metric) => ({ metric, path: index })));
  const first: CompiledMetric | undefined = windows[0]?.metric;
  return {
    name,
    from: first?.from ?? "",
    to: first?.to ?? "",
    closedLoop: windows.some(({ path }) => compiled.paths[path]?.closedLoop === true),
    floorPs: first?.floor ?? null,
    ...latencyNumbers(recorder),
    breakdowns: breakdowns(machine, compiled, windows, recorder.sum),
    value: moneyOf(name, recorder.count === 0 ? 0 : recorder.mean, run.scenario),
  };
}

/** What a nanosecond costs, when the scenario says so of this metric. */
function moneyOf(name: string, meanPs: number, scenario: CheckedScenario): MetricResult["value"] {
  const stake = scenario.metrics.find((metric) => metric.kind === "value" && metric.of === name);
  if (stake?.kind !== "value") return null;
  return { dollarsPerSecond: stake.dollarsPerSecond, meanDollars: (stake.dollarsPerSecond * meanPs) / 1e12 };
}
