import { WirelatError } from "../errors/index.js";
import type { MetricResult } from "../result/index.js";
import type { Compiled } from "../scenario/index.js";
import { LatencyRecorder } from "../stats/index.js";
import { mostReplications, neededMessages, nextCount, precisionOf, type PrecisionGoal, type ReplicationPlan } from "./precision.js";
import { amountsOf, type Amounts, type AskedAmounts, type CompiledCase } from "./prepare.js";
import { lagsOf, sinksOf, through } from "./sinks.js";
import { Replications, replicationSeed, type Executed, type Replication } from "./replications.js";
import { startedMachine, watchedRun } from "./watched-run.js";

/** Latencies of a metric that are kept one by one; more of them go into a histogram whose error the result states. */
const EXACT_LATENCIES = 262_144;
/** Whole messages kept for the bands of the waterfall. */
const SAMPLE_LIMIT = 16_384;

export interface ReplicateOptions {
  /** Called now and then with the messages done, of so many that are planned by now; awaited, so that signals and screens get their turn. */
  readonly onProgress: (completed: number, total: number) => Promise<void> | void;
  readonly signal: AbortSignal | null;
}

/**
 * A compiled scenario that is run again and again on other random numbers. Replications rather than a longer run: they are independent, so
 * that an interval needs no guess at how long the run remembers, and each can be made again by itself.
 */
export class RepeatedRun {
  readonly #made: Replications;
  private readonly compiled: Compiled;

  constructor({ scenario, compiled }: CompiledCase, private readonly amounts: Amounts) {
    this.compiled = compiled;
    this.#made = new Replications(scenario, compiled, amounts);
  }

  /** Makes replications until there are so many. Errors: an aborted run, and everything that breaks a promise of the engine. */
  async upTo(count: number, options: ReplicateOptions): Promise<void> {
    while (this.#made.count < count) this.#made.add(await this.#replicate(count, options));
  }

  get count(): number {
    return this.#made.count;
  }

  /** Messages sent by all of them. */
  get sent(): number {
    return this.#made.sent;
  }

  get isCut(): boolean {
    return this.#made.isCut;
  }

  metrics(): MetricResult[] {
    return this.#made.metrics();
  }

  executed(goals: readonly PrecisionGoal[]): Executed {
    return this.#made.executed(goals);
  }

  async #replicate(wanted: number, { onProgress, signal }: ReplicateOptions): Promise<Replication> {
    const { compiled } = this;
    const { messages, until } = this.amounts;
    const done = this.sent;
    const seed = replicationSeed(this.amounts.seed, this.count);
    const recorders = new Map<string, LatencyRecorder>();
    const sinks = sinksOf(compiled, (metric) => through(metric, seed, recorderOf(recorders, metric.name)));
    const machine = startedMachine(compiled, { ...this.amounts, seed, sinks, sampleLimit: SAMPLE_LIMIT });
    await watchedRun(compiled, machine, (completed) => {
      const own = until === undefined ? messages : Math.min(messages, Math.round((completed * until) / Math.max(1, machine.agenda.calendar.time)));
      const total = done + Math.max(completed, own * (wanted - this.count));
      if (signal?.aborted === true) throw new WirelatError("interrupted", `interrupted after ${done + completed} of ${until === undefined ? "" : "about "}${total} messages`);
      return onProgress(done + completed, total);
    });
    return { seed, machine, recorders, lags: (name) => lagsOf(compiled, sinks, name) };
  }
}

/**
 * Runs one compiled scenario, as often as the plan says. Where a replication is too short to have a percentile that precision asks for, all are made
 * longer, as far as the limit allows at least two. Errors: as of a repeated run.
 */
export async function execute(one: CompiledCase, { plan, asked, ...options }: ReplicateOptions & { readonly asked: AskedAmounts; readonly plan: ReplicationPlan }): Promise<Executed> {
  const short = new RepeatedRun(one, amountsOf(one, asked));
  // Telling what a run came to takes long; where precision asks for nothing it is told once.
  if (plan.goals.length === 0) {
    await short.upTo(plan.first, options);
    return short.executed([]);
  }
  await short.upTo(1, options);
  const needed = short.isCut ? 0 : neededMessages(short.metrics(), plan.goals, short.sent);
  const isLonger = needed > short.sent && mostReplications({ ...plan, first: 0 }, needed, short.sent) >= Math.max(2, plan.first);
  const run = isLonger ? new RepeatedRun(one, amountsOf(one, { ...asked, messages: needed })) : short;
  for (let wanted: number | null = plan.first; wanted !== null;) {
    await run.upTo(wanted, options);
    wanted = nextCount(run.count, precisionOf(run.metrics(), plan.goals), mostReplications(plan, run.sent / run.count, short.sent / short.count));
  }
  return run.executed(plan.goals);
}

function recorderOf(recorders: Map<string, LatencyRecorder>, name: string): LatencyRecorder {
  const known = recorders.get(name) ?? new LatencyRecorder({ cap: EXACT_LATENCIES });
  recorders.set(name, known);
  return known;
}
