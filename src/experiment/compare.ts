import { WirelatError } from "../errors/index.js";
import { samePoint, type PrecisionResult, type Result } from "../result/index.js";
import { nearest, type Scenario } from "../scenario/index.js";
import { comparedPoints, type PointChoice, type Swept } from "./compared-points.js";
import { mostReplications, nextCount } from "./precision.js";
import type { Prepared } from "./prepare.js";
import type { Session } from "./session.js";

/** One thing to compare: a scenario to run, in the variants named (base when none is), or a result that there is. */
export type Compared =
  | { readonly kind: "scenario"; readonly scenario: Scenario; readonly variants: readonly string[] }
  | { readonly kind: "result"; readonly result: Result };

/** The runs to compare of one input, and what they were made from; null where they were not made here. */
export interface ComparedResult {
  readonly result: Result;
  readonly prepared: Prepared | null;
}

export interface CompareOptions {
  /** Which sweep points; null: scenarios at one that all have, earlier results at the first of each variant. */
  readonly points?: PointChoice;
  /** How narrow the differences have become, where the session has a goal for them; more replications are made of all until they are narrow enough. */
  readonly precision?: (results: readonly ComparedResult[]) => readonly PrecisionResult[];
}

/**
 * The results to set side by side, in the order given, with the runs that are compared and no others. Replications of all have the same
 * seeds, and all have as many. Expectations are not checked. A session that is stopped gives what was finished; while it adds
 * replications, what there was before. Throws `point-unknown`, and what preparing and running throw.
 */
export async function compareInputs(inputs: readonly Compared[], session: Session, { points = null, precision = () => [] }: CompareOptions = {}): Promise<readonly ComparedResult[]> {
  const ready = readyInputs(inputs, session, points);
  const { plan } = session;
  let results: readonly ComparedResult[] = [];
  for (let count: number | null = plan.first; count !== null;) {
    const round = await replicated(ready, session, count);
    if (round.length < ready.length && results.length > 0) return results;
    results = round;
    const each = Math.max(...round.flatMap(({ result, prepared }) => (prepared === null ? [] : result.runs.map(({ messages, seeds }) => messages.sent / seeds.length))));
    count = round.length < ready.length ? null : nextCount(count, precision(results), mostReplications(plan, each, each));
  }
  if (results.length === 0) throw new WirelatError("interrupted", "interrupted before anything was finished");
  return results;
}

type Ready = { readonly prepared: Prepared } | { readonly prepared: null; readonly result: Result };

function readyInputs(inputs: readonly Compared[], session: Session, points: PointChoice): readonly Ready[] {
  const swept = inputs.filter((input) => points !== null || input.kind === "scenario");
  const chosen = comparedPoints(swept.map(sweptOf), points);
  return inputs.map((input): Ready => {
    const own = chosen[swept.indexOf(input)];
    const at = (point: Readonly<Record<string, string>>): boolean => own?.some((one) => samePoint(one, point)) ?? true;
    if (input.kind === "scenario") {
      const variants = input.variants.length > 0 ? input.variants : ["base"];
      return { prepared: session.prepare(input.scenario, { variants, at, checks: false }) };
    }
    const { runs } = input.result;
    const firsts = runs.filter((run, index) => runs.findIndex((other) => other.variant === run.variant) === index);
    return { prepared: null, result: { ...input.result, runs: points === null ? firsts : runs.filter((run) => at(run.point)) } };
  });
}

function sweptOf(input: Compared): Swept {
  if (input.kind === "scenario") return { name: input.scenario.summary.id, points: input.scenario.points };
  const { scenario, runs } = input.result;
  return { name: scenario.id, points: runs.map((run) => run.point).filter((point, index, all) => all.findIndex((other) => samePoint(other, point)) === index) };
}

/** What there is with so many replications of each case: up to the first that the session was stopped in. */
async function replicated(ready: readonly Ready[], session: Session, count: number): Promise<readonly ComparedResult[]> {
  const results: ComparedResult[] = [];
  for (const one of ready) {
    const result = one.prepared === null ? one.result : await session.replicateUnlessStopped(one.prepared, count);
    if (result !== null) results.push({ result, prepared: one.prepared });
  }
  return results;
}

/** Which of the variants asked for each scenario has; base for one that has none of them. Throws `variant-unknown` for one that none has. */
export function variantsFor(scenarios: readonly Scenario[], asked: readonly string[]): ReadonlyMap<Scenario, readonly string[]> {
  const known = new Set(scenarios.flatMap((scenario) => scenario.variants));
  const stranger = asked.find((variant) => !known.has(variant));
  if (stranger !== undefined && scenarios.length > 0) {
    const near = nearest(stranger, known);
    throw new WirelatError("variant-unknown", `no scenario here has a variant "${stranger}"; there are ${[...known].join(", ")}`, near === null ? {} : { remedy: `Did you mean "${near}"?` });
  }
  return new Map(scenarios.map((scenario) => {
    const own = asked.filter((variant) => scenario.variants.includes(variant));
    return [scenario, own.length > 0 ? own : ["base"]];
  }));
}
