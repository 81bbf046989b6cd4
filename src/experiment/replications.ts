import type { Machine } from "../engine/index.js";
import { InternalFault } from "../errors/index.js";
import type { MetricResult, RunResult } from "../result/index.js";
import { componentKey } from "../random/index.js";
import type { CheckedScenario, Compiled, CompiledMetric } from "../scenario/index.js";
import type { LatencyRecorder } from "../stats/index.js";
import { breakdowns } from "./breakdown.js";
import { latencyNumbers, replicationNumbers, type ReplicationNumbers } from "./latency-numbers.js";
import { precisionOf, type PrecisionGoal } from "./precision.js";
import type { Amounts } from "./prepare.js";
import { evidenceShare } from "./resources.js";
import type { Lags } from "./stamps.js";
import { addTotals, totalsOf, type RunTotals } from "./run-totals.js";
import { steadinessOf, type Steadiness } from "./steadiness.js";

/** A run of the program that has come to its end. */
export interface Replication {
  readonly seed: number;
  readonly machine: Machine;
  /** By metric, in the order of the scenario. */
  readonly recorders: ReadonlyMap<string, LatencyRecorder>;
  /** How far the time stamps of a metric were apart from its ends, in all. */
  readonly lags: (metric: string) => Lags;
}

/** What the replications of a run came to together, and whether each of its metrics had settled. */
export interface Executed {
  readonly run: RunResult;
  readonly steadiness: readonly Steadiness[];
  /** Sources have run dry, or their time was over, before all messages were sent: more messages would make it no longer. */
  readonly isCut: boolean;
}

/** Seed of a replication, counted from 0: the first has the run's own, so that one replication is the plain run. */
export function replicationSeed(seed: number, index: number): number {
  if (index === 0) return seed;
  const [high, low] = componentKey(seed, `replication ${index}`);
  return (high >>> 0) * 2 ** 21 + (low >>> 11);
}

/** One metric over the replications so far. */
interface Gathered {
  readonly recorder: LatencyRecorder;
  /** Sum of the samples of the same place in the order of each replication, by which the warm-up is judged. */
  series: Float64Array;
  readonly numbers: ReplicationNumbers[];
}

/**
 * Puts replications together: counts, times and sums add up, latencies are told as those of one run that had them all. Holds as much memory
 * after a thousand replications as after two, but for a few numbers each.
 */
export class Replications {
  readonly #seeds: number[] = [];
  readonly #metrics = new Map<string, Gathered>();
  #totals: RunTotals | null = null;

  constructor(private readonly scenario: CheckedScenario, private readonly compiled: Compiled, private readonly amounts: Amounts) {}

  get count(): number {
    return this.#seeds.length;
  }

  /** Messages sent by all of them. */
  get sent(): number {
    return this.#totals?.messages.sent ?? 0;
  }

  get isCut(): boolean {
    return this.sent < this.count * this.amounts.messages;
  }

  add({ seed, machine, recorders, lags }: Replication): void {
    this.#seeds.push(seed);
    const bands = new Map([...recorders].map(([name, recorder]) => [name, breakdowns({ machine, compiled: this.compiled, seed }, this.#windows(name), { recorder, lags: lags(name) })]));
    const totals = totalsOf(machine, this.compiled, bands);
    this.#totals = this.#totals === null ? totals : addTotals(this.#totals, totals);
    for (const [name, recorder] of recorders) this.#gather(name, recorder);
  }

  #gather(name: string, recorder: LatencyRecorder): void {
    const known = this.#metrics.get(name);
    const numbers = replicationNumbers(recorder);
    const samples = recorder.samples();
    if (known === undefined) {
      this.#metrics.set(name, { recorder, series: samples, numbers: [numbers] });
      return;
    }
    known.recorder.merge(recorder);
    known.numbers.push(numbers);
    known.series = known.series.subarray(0, samples.length).map((sum, index) => sum + (samples[index] ?? 0));
  }

  metrics(): MetricResult[] {
    return [...this.#metrics].map(([name, { recorder, numbers }]) => this.#metric(name, recorder, numbers));
  }

  executed(goals: readonly PrecisionGoal[]): Executed {
    const { scenario, compiled } = this;
    const metrics = this.metrics();
    if (this.#totals === null) throw new InternalFault("a run without a replication was to be told");
    const { breakdowns: _, ...totals } = this.#totals;
    return {
      run: { variant: scenario.variant, point: scenario.point, seeds: this.#seeds, confidence: scenario.run.confidence, ...totals, metrics, precision: precisionOf(metrics, goals), evidence: evidenceShare(compiled) },
      steadiness: [...this.#metrics].map(([name, { series, numbers }]) => steadinessOf(name, series.map((sum) => sum / numbers.length), this.amounts.warmup)),
      isCut: this.isCut,
    };
  }

  #windows(name: string): { readonly metric: CompiledMetric; readonly path: number }[] {
    return this.compiled.paths.flatMap((path, index) => path.metrics.filter((metric) => metric.name === name).map((metric) => ({ metric, path: index })));
  }

  #metric(name: string, recorder: LatencyRecorder, numbers: readonly ReplicationNumbers[]): MetricResult {
    const windows = this.#windows(name);
    const first = windows[0]?.metric;
    return {
      name,
      from: first?.from ?? "",
      to: endOf(first),
      closedLoop: windows.some(({ path }) => this.compiled.paths[path]?.closedLoop === true),
      floorPs: first?.floor ?? null,
      ...latencyNumbers(recorder, { replications: numbers, confidence: this.scenario.run.confidence }),
      breakdowns: this.#totals?.breakdowns.get(name) ?? [],
      value: moneyOf(name, recorder.count === 0 ? 0 : recorder.mean, this.scenario),
    };
  }
}

/** Where a metric ends, and whose stamps say so. */
function endOf(metric: CompiledMetric | undefined): string {
  if (metric === undefined) return "";
  return metric.stamps === null ? metric.to : `${metric.to}, by the time stamps of ${metric.stamps.by}`;
}

/** What a nanosecond costs, when the scenario says so of this metric. */
function moneyOf(name: string, meanPs: number, scenario: CheckedScenario): MetricResult["value"] {
  const stake = scenario.metrics.find((metric) => metric.kind === "value" && metric.of === name);
  if (stake?.kind !== "value") return null;
  return { dollarsPerSecond: stake.dollarsPerSecond, meanDollars: (stake.dollarsPerSecond * meanPs) / 1e12 };
}
