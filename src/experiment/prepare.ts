import { WirelatError, WirelatErrors } from "../errors/index.js";
import { compile, nearest, type Catalogue, type Compiled, type Scenario, type ScenarioCase } from "../scenario/index.js";
import { ParameterUse } from "./dead-parameters.js";
import type { PrecisionGoal, ReplicationPlan } from "./precision.js";

/** A case with its program. */
export interface CompiledCase extends ScenarioCase {
  readonly compiled: Compiled;
}

/** How much of a case runs, and on which random numbers. */
export interface Amounts {
  readonly seed: number;
  readonly messages: number;
  readonly warmup: number;
  /** No message is sent from this simulated time on [ps]; absent where the scenario sets no time. */
  readonly until?: number;
}

/** What is asked instead of what the scenario asks for. */
export interface AskedAmounts {
  readonly seed?: number | undefined;
  readonly messages?: number | undefined;
}

/** What the scenario asks for, or what is asked instead of it; the warm-up keeps its share, but in a run that lasts a time, whose share is not known. */
export function amountsOf({ scenario }: Pick<ScenarioCase, "scenario">, asked: AskedAmounts): Amounts {
  const { run } = scenario;
  const messages = asked.messages ?? run.messages;
  const warmup = messages === run.messages || run.time !== null ? run.warmup : Math.floor((run.warmup * messages) / Math.max(1, run.messages));
  return { seed: asked.seed ?? run.seed, messages, warmup, ...(run.time === null ? {} : { until: run.time }) };
}

/** How often each run is repeated; once when nothing is said. */
export interface RepetitionOptions {
  /** So many independent runs with seeds derived from the seed, merged into one. */
  readonly replications?: number | undefined;
  /** As many more as these intervals need. */
  readonly precision?: readonly PrecisionGoal[] | undefined;
  /** Most messages of a run that precision may take, over its replications; the first are made in any case. */
  readonly mostMessages?: number | undefined;
}

export function planOf({ replications, precision, mostMessages }: RepetitionOptions): ReplicationPlan {
  return { first: replications ?? 1, goals: precision ?? [], mostMessages: mostMessages ?? null };
}

/** Which part of a scenario to run. */
export interface Choice {
  /** All when not given. */
  readonly variants?: readonly string[];
  /** Only the sweep points that this one accepts, and no others. */
  readonly at?: (point: ScenarioCase["point"]) => boolean;
  /** Whether expectations are checked afterwards; they are unless this is false. */
  readonly checks?: boolean;
}

/** A scenario compiled as far as it is to run. */
export interface Prepared {
  readonly scenario: Scenario;
  readonly cases: readonly CompiledCase[];
  /** Codes of the errors of each variant that an expectation rejects; empty for one that compiles. */
  readonly refusals: ReadonlyMap<string, readonly string[]>;
  readonly checks: boolean;
}

/**
 * Compiles what is to run. Throws `WirelatErrors` with everything that is wrong in it, `variant-unknown` for a variant that does not exist, and
 * `parameter-dead` for what the scenario states and nothing rests on, in no variant and at no sweep point.
 */
export function prepare(scenario: Scenario, catalogue: Catalogue, choice: Choice = {}): Prepared {
  for (const variant of choice.variants ?? []) checkVariant(scenario, variant);
  const rejected = new Set(scenario.expectations.flatMap((one) => (one.kind === "rejects" ? [one.variant] : [])));
  const work = new Compilation(catalogue);
  const refusals = new Map<string, string[]>();
  for (const variant of rejected) refusals.set(variant, refusalCodes(scenario, variant, work));
  const accepted = scenario.cases.filter((one) => !rejected.has(one.variant));
  const chosen = accepted.filter((one) => isChosen(one, choice));
  const cases = chosen.flatMap((one) => work.compile(one));
  // What is not to run may still use what looks dead.
  for (const other of accepted) if (work.use.suspects.length > 0 && !chosen.includes(other)) work.compile(other);
  if (work.errors.length === 0) work.errors.push(...work.use.errors());
  if (work.errors.length > 0) throw new WirelatErrors(work.errors);
  return { scenario, cases, refusals, checks: choice.checks ?? true };
}

class Compilation {
  readonly errors: WirelatError[] = [];
  readonly use = new ParameterUse();

  constructor(private readonly catalogue: Catalogue) {}

  compile(one: ScenarioCase): CompiledCase[] {
    const made = this.attempt(one);
    if (Array.isArray(made)) {
      this.#keep(made);
      return [];
    }
    this.use.add(one.scenario, made.compiled);
    return [made];
  }

  /** The program, or what is wrong. */
  attempt(one: ScenarioCase): CompiledCase | WirelatError[] {
    try {
      return { ...one, compiled: compile(one.scenario, this.catalogue) };
    } catch (error) {
      if (error instanceof WirelatErrors) return [...error.errors];
      if (error instanceof WirelatError) return [error];
      throw error;
    }
  }

  /** The same error at the same place counts once, however many variants and points meet it. */
  #keep(errors: readonly WirelatError[]): void {
    const key = ({ code, message, place }: WirelatError): string => JSON.stringify([code, message, place?.file, place?.line, place?.column]);
    for (const error of errors) if (!this.errors.some((known) => key(known) === key(error))) this.errors.push(error);
  }
}

function refusalCodes(scenario: Scenario, variant: string, work: Compilation): string[] {
  const read = scenario.refused.filter((one) => one.variant === variant).flatMap((one) => one.errors);
  const compiled = scenario.cases.filter((one) => one.variant === variant).flatMap((one) => {
    const made = work.attempt(one);
    return Array.isArray(made) ? made : [];
  });
  return [...new Set([...read, ...compiled].map((error) => error.code))];
}

function isChosen(one: ScenarioCase, { variants, at }: Choice): boolean {
  if (variants !== undefined && !variants.includes(one.variant)) return false;
  return at === undefined || (one.askedBy === "sweep" && at(one.point));
}

function checkVariant(scenario: Scenario, variant: string): void {
  if (scenario.variants.includes(variant)) return;
  const near = nearest(variant, scenario.variants);
  throw new WirelatError("variant-unknown", `${scenario.summary.id} has no variant "${variant}"; it has ${scenario.variants.join(", ")}`, near === null ? {} : { remedy: `Did you mean "${near}"?` });
}
