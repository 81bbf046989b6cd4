import { WirelatError } from "../errors/index.js";
import type { Result } from "../result/index.js";
import { nearest, type Scenario, type ScenarioCase } from "../scenario/index.js";
import type { Prepared } from "./prepare.js";
import type { Session } from "./session.js";

type Point = ScenarioCase["point"];

/** One thing to compare: a scenario to run, in the variants named (base when none is), or a result that there is. */
export type Compared =
  | { readonly kind: "scenario"; readonly scenario: Scenario; readonly variants: readonly string[] }
  | { readonly kind: "result"; readonly result: Result };

/**
 * The results to set side by side, in the order given. Scenarios run at one sweep point: of the axes that several of them sweep, the first
 * value that all of these have; of other axes the first. Expectations are not checked. A session that is stopped gives what was finished.
 * Throws what preparing and running throw.
 */
export async function compareInputs(inputs: readonly Compared[], session: Session): Promise<readonly Result[]> {
  const scenarios = inputs.flatMap((input) => (input.kind === "scenario" ? [input.scenario] : []));
  const points = new Map(scenarios.map((scenario) => [scenario, pointFor(scenario, scenarios)]));
  const ready = inputs.map((input): Prepared | Result => {
    if (input.kind === "result") return input.result;
    const { scenario } = input;
    const variants = input.variants.length > 0 ? input.variants : ["base"];
    return session.prepare(scenario, { variants, at: (point) => isPoint(point, points.get(scenario) ?? {}), checks: false });
  });
  const results: Result[] = [];
  for (const one of ready) {
    const result = "refusals" in one ? await session.runUnlessStopped(one) : one;
    if (result !== null) results.push(result);
  }
  if (results.length === 0) throw new WirelatError("interrupted", "interrupted before anything was finished");
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

function pointFor(scenario: Scenario, all: readonly Scenario[]): Point {
  const shared = Object.keys(scenario.points[0] ?? {}).flatMap((axis): [string, string][] => {
    const sweeping = all.filter((other) => valuesOf(other, axis).length > 0);
    const common = valuesOf(sweeping[0] ?? scenario, axis).find((value) => sweeping.every((other) => valuesOf(other, axis).includes(value)));
    return common === undefined ? [] : [[axis, common]];
  });
  const wanted = Object.fromEntries(shared);
  return scenario.points.find((point) => Object.entries(wanted).every(([axis, value]) => point[axis] === value)) ?? scenario.points[0] ?? {};
}

function valuesOf(scenario: Scenario, axis: string): readonly string[] {
  return [...new Set(scenario.points.flatMap((point) => (point[axis] === undefined ? [] : [point[axis]])))];
}

function isPoint(point: Point, wanted: Point): boolean {
  return Object.entries(wanted).every(([axis, value]) => point[axis] === value) && Object.keys(point).length === Object.keys(wanted).length;
}
