import { WirelatError } from "../errors/index.js";
import { RESULT_SCHEMA, runName, samePoint, VERSION, type Result } from "../result/index.js";
import { DEFAULT_CONFIDENCE, nearest, type Catalogue, type Scenario, type ScenarioCase } from "../scenario/index.js";
import { execute, RepeatedRun, type ReplicateOptions } from "./execute.js";
import { judge, type FindRun, type KnownRun, type Verdicts } from "./expectations.js";
import { inputsHash } from "./inputs-hash.js";
import type { ReplicationPlan } from "./precision.js";
import { amountsOf, planOf, prepare, type Choice, type CompiledCase, type Prepared, type RepetitionOptions } from "./prepare.js";
import type { Executed } from "./replications.js";
import { theoryCurves } from "./theory-curves.js";
import { warningsOf } from "./warnings.js";

/** How far the runs of a session are. */
export interface Progress {
  /** What is running, e.g. "kernel-udp-t2t base, 20 kpps". */
  readonly what: string;
  /** Messages completed and messages in all, over every run that is planned. */
  readonly done: number;
  readonly total: number;
}

export interface SessionOptions extends RepetitionOptions {
  readonly catalogue: Catalogue;
  /** Instead of the scenarios' own seed and number of messages; the warm-up keeps its share of the messages. */
  readonly seed?: number | undefined;
  readonly messages?: number | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Told how many messages all runs will have, as far as is known by then: before the first is sent, and when it turns out otherwise. */
  readonly onPlan?: ((messages: number) => void) | undefined;
  /** Stops the run that goes on; what was finished before is kept. */
  readonly signal?: AbortSignal | undefined;
  /** Finds a scenario that an expectation of another refers to by its id. Throws `reference-unknown`. */
  readonly open?: ((id: string, from: Scenario) => Scenario) | undefined;
}

/** A scenario that expectations of another refer to, as far as they do. */
interface ForeignScenario {
  readonly scenario: Scenario;
  /** By variant. */
  readonly cases: Map<string, readonly CompiledCase[]>;
}

/** A turn this long passes before signals and screens get theirs, in milliseconds. */
const TURN = 40;

/** Runs scenarios with the same options; a run that several expectations ask for is made once. */
export class Session {
  readonly #executed = new WeakMap<ScenarioCase["scenario"], Executed>();
  /** What a comparison may want more replications of. */
  readonly #repeated = new WeakMap<ScenarioCase["scenario"], RepeatedRun>();
  readonly #foreign = new Map<string, ForeignScenario>();
  #planned = 0;
  #done = 0;
  #turn = performance.now();

  constructor(private readonly options: SessionOptions) {}

  /** Compiles what is to run, and what its expectations refer to. Throws `WirelatErrors`. */
  prepare(scenario: Scenario, choice: Choice = {}): Prepared {
    const prepared = prepare(scenario, this.options.catalogue, choice);
    if (prepared.checks) for (const { scenario: id, variant } of scenario.foreign) this.#checkForeign(scenario, id, variant);
    this.#plan(prepared.cases);
    return prepared;
  }

  /**
   * Runs every case that was prepared, then checks the expectations. When the signal stops it, the result holds the runs that were finished and
   * says so; without any, `interrupted` is thrown.
   */
  run(prepared: Prepared): Promise<Result> {
    return this.#run(prepared, (one) => this.#execute(one));
  }

  /** As run, but null where the signal came before anything was finished. */
  runUnlessStopped(prepared: Prepared): Promise<Result | null> {
    return unlessStopped(this.run(prepared));
  }

  /** As runUnlessStopped, with so many replications of each case whatever precision says: to those of an earlier call the missing ones are added. */
  replicateUnlessStopped(prepared: Prepared, count: number): Promise<Result | null> {
    return unlessStopped(this.#run(prepared, (one) => this.#replicate(one, count)));
  }

  /** How often runs are repeated. */
  get plan(): ReplicationPlan {
    return planOf(this.options);
  }

  /** Throws `metric-unknown` where precision asks for a metric that none of these has. */
  checkGoals(all: readonly Prepared[]): void {
    const known = new Set(all.flatMap(({ cases }) => cases.flatMap(({ compiled }) => compiled.paths.flatMap((path) => path.metrics.map(({ name }) => name)))));
    for (const { metric } of this.plan.goals) {
      if (metric === undefined || known.has(metric)) continue;
      const near = nearest(metric, known);
      throw new WirelatError("metric-unknown", `precision asks for the metric "${metric}", but there are ${[...known].join(", ") || "none"}`, near === null ? {} : { remedy: `Did you mean "${near}"?` });
    }
  }

  async #run(prepared: Prepared, execute: (one: CompiledCase) => Promise<unknown>): Promise<Result> {
    const made: CompiledCase[] = [];
    try {
      for (const one of prepared.cases) {
        await execute(one);
        made.push(one);
      }
      const verdicts = await this.#judged(prepared);
      return this.#result(prepared, made, verdicts);
    } catch (error) {
      if (!(error instanceof WirelatError && error.code === "interrupted") || !made.some((one) => one.askedBy === "sweep")) throw error;
      return this.#result(prepared, made, this.#judge(prepared).verdicts);
    }
  }

  async #execute(one: CompiledCase): Promise<void> {
    const expected = this.#expected(one);
    if (this.#executed.has(one.scenario)) {
      this.#done += expected;
      return;
    }
    await this.#watched(one, expected, async (options) => {
      const executed = await execute(one, { ...options, asked: this.options, plan: this.plan });
      this.#executed.set(one.scenario, executed);
      return executed.run.messages.sent;
    });
  }

  async #replicate(one: CompiledCase, count: number): Promise<void> {
    const run = this.#repeated.get(one.scenario) ?? new RepeatedRun(one, amountsOf(one, this.options));
    const had = run.sent;
    // Of the first call it was planned when the case was prepared.
    const expected = had === 0 ? this.#expected(one) : 0;
    this.#repeated.set(one.scenario, run);
    await this.#watched(one, expected, async ({ onProgress, signal }) => {
      await run.upTo(count, { signal, onProgress: (completed, total) => onProgress(completed - had, total - had) });
      this.#executed.set(one.scenario, run.executed([]));
      return run.sent - had;
    });
  }

  /** Makes a run of a case, of which so many messages are planned already, and counts those that it came to. */
  async #watched(one: CompiledCase, expected: number, run: (options: ReplicateOptions) => Promise<number>): Promise<void> {
    const what = `${one.scenario.id} ${runName(one)}`;
    if (this.options.signal?.aborted === true) throw new WirelatError("interrupted", `interrupted before ${what}`);
    const [before, others] = [this.#done, this.#planned - expected];
    const onProgress = (completed: number, total: number): Promise<void> | void => {
      this.#expect(others + total);
      return this.#progress(what, before + completed);
    };
    const messages = await run({ signal: this.options.signal ?? null, onProgress });
    [this.#done, this.#planned] = [before + messages, others + messages];
  }

  /** What is known of the messages to come: precision may ask for more. */
  #plan(cases: readonly CompiledCase[]): void {
    this.#expect(cases.reduce((sum, one) => sum + this.#expected(one), this.#planned));
  }

  #expect(messages: number): void {
    if (messages === this.#planned) return;
    this.#planned = messages;
    this.options.onPlan?.(messages);
  }

  /** Messages of the first replications; none of a run that lasts a time, of which it shows as it goes. */
  #expected(one: CompiledCase): number {
    const { messages, until } = amountsOf(one, this.options);
    return until === undefined ? this.plan.first * messages : 0;
  }

  #progress(what: string, done: number): Promise<void> | void {
    const now = performance.now();
    if (now - this.#turn < TURN) return;
    this.#turn = now;
    this.options.onProgress?.({ what, done, total: Math.max(done, this.#planned) });
    return new Promise((resolve) => void setImmediate(resolve));
  }

  /** Verdicts, once the runs of other scenarios that they turn out to need are made. */
  async #judged(prepared: Prepared): Promise<Verdicts> {
    for (;;) {
      const { verdicts, wanted } = this.#judge(prepared);
      if (wanted.length === 0) return verdicts;
      this.#plan(wanted);
      for (const one of wanted) await this.#execute(one);
    }
  }

  #judge(prepared: Prepared): { readonly verdicts: Verdicts; readonly wanted: readonly CompiledCase[] } {
    const wanted = new Set<CompiledCase>();
    const find: FindRun = (id, variant, point) => {
      const cases = id === null ? prepared.cases : this.#foreign.get(id)?.cases.get(variant) ?? [];
      const found = id === null ? cases.find((one) => one.variant === variant && samePoint(one.point, point)) : nearestCase(cases, point);
      // What this scenario lacks was not chosen, or the run was stopped before; that its checks name what exists is known.
      if (found === undefined) return id === null ? "unmade" : null;
      const known = this.#known(found);
      if (known === null && id !== null) wanted.add(found);
      return known ?? "unmade";
    };
    return { verdicts: judge(prepared, find), wanted: [...wanted] };
  }

  #known(one: CompiledCase): KnownRun | null {
    const executed = this.#executed.get(one.scenario);
    return executed === undefined ? null : { run: executed.run, scenario: one.scenario };
  }

  /** How the case is run, as far as it is not how cases are always run. */
  #runOf(one: CompiledCase): object {
    const { messages, warmup, until } = amountsOf(one, this.options);
    const { seed, confidence } = one.scenario.run;
    const { first, goals, mostMessages } = this.plan;
    const made = this.#repeated.get(one.scenario)?.count;
    const count = made ?? first;
    const repeated = count > 1 || goals.length > 0 ? { replications: count, ...(goals.length > 0 && made === undefined ? { goals, mostMessages } : {}) } : {};
    return { messages, warmup, seed, ...(until === undefined ? {} : { until }), ...(confidence === DEFAULT_CONFIDENCE ? {} : { confidence }), ...repeated };
  }

  /** Of the other scenario the variants are compiled that checks ask for; it is not itself checked. */
  #checkForeign(scenario: Scenario, id: string, variant: string): void {
    const foreign = this.#foreign.get(id) ?? { scenario: this.#open(scenario, id), cases: new Map<string, readonly CompiledCase[]>() };
    this.#foreign.set(id, foreign);
    if (foreign.cases.has(variant)) return;
    const { variants } = foreign.scenario;
    if (variants.includes(variant)) {
      foreign.cases.set(variant, prepare(foreign.scenario, this.options.catalogue, { variants: [variant] }).cases);
      return;
    }
    const near = nearest(variant, variants);
    throw new WirelatError("variant-unknown", `an expectation of ${scenario.summary.id} refers to ${id}:…/${variant}, but ${id} has only ${variants.join(", ")}`, near === null ? {} : { remedy: `Did you mean "${near}"?` });
  }

  #open(scenario: Scenario, id: string): Scenario {
    if (this.options.open !== undefined) return this.options.open(id, scenario);
    throw new WirelatError("reference-unknown", `an expectation of ${scenario.summary.id} refers to the scenario ${id}, and nothing says where that is`, { remedy: "Give `open` to the session." });
  }

  #result(prepared: Prepared, made: readonly CompiledCase[], verdicts: Verdicts): Result {
    const { scenario, cases } = prepared;
    const shown = made.filter((one) => one.askedBy === "sweep");
    const judged = shown.flatMap((one) => {
      const executed = this.#executed.get(one.scenario);
      return executed === undefined ? [] : [{ ...executed, scenario: one.scenario }];
    });
    const { messages, seed } = this.options;
    return {
      schema: RESULT_SCHEMA,
      version: VERSION,
      scenario: scenario.summary,
      inputs: inputsHash(cases.map((one) => ({ ...one.scenario, run: this.#runOf(one) }))),
      seed: seed ?? cases[0]?.scenario.run.seed ?? 0,
      runs: judged.map(({ run }) => run),
      theory: theoryCurves(shown),
      expectations: verdicts.results,
      warnings: [
        ...(made.length < cases.length ? [`Interrupted after ${made.length} of ${cases.length} runs.`] : []),
        ...(messages === undefined || messages === cases[0]?.scenario.run.messages || verdicts.results.every((one) => one.held) ? [] : [`The scenario asks for ${cases[0]?.scenario.run.messages} messages a run; these had ${messages}, and expectations are written for the former.`]),
        ...(verdicts.skipped > 0 ? [`${verdicts.skipped} of ${scenario.expectations.length} expectations speak of runs that were not made and were left out.`] : []),
        ...warningsOf(judged),
      ],
    };
  }
}

/** The first case of another scenario whose point says nothing else of the axes that both have. */
function nearestCase(cases: readonly CompiledCase[], point: ScenarioCase["point"]): CompiledCase | undefined {
  return cases.find((one) => one.askedBy === "sweep" && Object.entries(one.point).every(([axis, value]) => (point[axis] ?? value) === value));
}

async function unlessStopped(run: Promise<Result>): Promise<Result | null> {
  try {
    return await run;
  } catch (error) {
    if (error instanceof WirelatError && error.code === "interrupted") return null;
    throw error;
  }
}
