import { Machine } from "../engine/index.js";
import { WirelatError } from "../errors/index.js";
import type { CheckedScenario, Compiled } from "../scenario/index.js";
import { LatencyRecorder } from "../stats/index.js";
import { nextCount, precisionOf, type ReplicationPlan } from "./precision.js";
import { lagsOf, through } from "./sinks.js";
import { Replications, replicationSeed, type Executed, type Replication } from "./replications.js";
import { watchedRun } from "./watched-run.js";

/** Latencies of a metric that are kept one by one; more of them go into a histogram whose error the result states. */
const EXACT_LATENCIES = 262_144;
/** Whole messages kept for the bands of the waterfall. */
const SAMPLE_LIMIT = 16_384;

export interface ExecuteOptions {
  readonly seed: number;
  /** Of each replication. */
  readonly messages: number;
  readonly warmup: number;
  readonly plan: ReplicationPlan;
  /** Called now and then with the messages done, of so many that are planned by now; awaited, so that signals and screens get their turn. */
  readonly onProgress: (completed: number, total: number) => Promise<void> | void;
  readonly signal: AbortSignal | null;
}

/**
 * Runs one compiled scenario, as often as the plan says. Replications rather than a longer run: they are independent, so that an interval
 * needs no guess at how long the run remembers, and each can be made again by itself. Errors: an aborted run, and everything that breaks
 * a promise of the engine.
 */
export async function execute(scenario: CheckedScenario, compiled: Compiled, options: ExecuteOptions): Promise<Executed> {
  const { goals, first, most } = options.plan;
  const made = new Replications(scenario, compiled, options.warmup);
  for (let wanted = first; ;) {
    while (made.count < wanted) made.add(await replicate(compiled, options, { index: made.count, wanted }));
    const metrics = made.metrics();
    const next = nextCount(made.count, precisionOf(metrics, goals), most);
    if (next === null) return made.executed(metrics, goals);
    wanted = next;
  }
}

async function replicate(compiled: Compiled, options: ExecuteOptions, { index, wanted }: { readonly index: number; readonly wanted: number }): Promise<Replication> {
  const { messages, warmup } = options;
  const seed = replicationSeed(options.seed, index);
  const recorders = new Map<string, LatencyRecorder>();
  const sinks = compiled.paths.map((path) => path.metrics.map((metric) => through(metric, seed, recorderOf(recorders, metric.name))));
  const machine = new Machine(compiled.program, { seed, messages, warmup, sinks, sampleLimit: SAMPLE_LIMIT });
  await watchedRun(machine, (completed) => {
    if (options.signal?.aborted === true) throw new WirelatError("interrupted", `interrupted after ${index * messages + completed} of ${wanted * messages} messages`);
    return options.onProgress(index * messages + completed, wanted * messages);
  });
  return { seed, machine, recorders, lags: (name) => lagsOf(compiled, sinks, name) };
}

function recorderOf(recorders: Map<string, LatencyRecorder>, name: string): LatencyRecorder {
  const known = recorders.get(name) ?? new LatencyRecorder({ cap: EXACT_LATENCIES });
  recorders.set(name, known);
  return known;
}
