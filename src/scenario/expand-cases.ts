import type { WirelatError } from "../errors/index.js";
import { callsOf, type Expectation } from "./check-expect.js";
import type { Checker } from "./check-scenario.js";
import { Faults } from "./faults.js";
import { Overriding, type Override } from "./override.js";
import type { TreeMap } from "./tree.js";
import type { CheckedScenario, Point } from "./types.js";
import { MOST_POINTS, type SweepPoint, type Variant } from "./variants.js";

/** One run to make. */
export interface ScenarioCase {
  readonly variant: string;
  readonly point: Point;
  /** "expectation" for a point outside the sweep that a `where` asks for. */
  readonly askedBy: "sweep" | "expectation";
  readonly scenario: CheckedScenario;
}

export interface RefusedVariant {
  readonly variant: string;
  readonly errors: readonly WirelatError[];
}

interface Plan {
  readonly id: string;
  readonly document: TreeMap;
  readonly checker: Checker;
  readonly variants: readonly Variant[];
  readonly sweep: readonly SweepPoint[];
  readonly sets: readonly Override[];
  readonly expectations: readonly Expectation[];
}

/** Beyond this many faults nothing more is learned from further cases. */
const ENOUGH_FAULTS = 50;

/** Every variant at every point. Faults of variants that an expectation rejects are told apart from the others. */
export function expandCases(plan: Plan, faults: Faults): { readonly cases: readonly ScenarioCase[]; readonly refused: readonly RefusedVariant[] } {
  const rejected = new Set(plan.expectations.flatMap((one) => (one.kind === "rejects" ? [one.variant] : [])));
  const wanted = [
    ...plan.variants.flatMap((variant) => plan.sweep.map((at) => ({ variant, at, askedBy: "sweep" as const }))),
    ...askedPoints(plan, faults).map(({ variant, at }) => ({ variant, at, askedBy: "expectation" as const })),
  ];
  if (wanted.length > MOST_POINTS) {
    const place = plan.document.entries.get("sweep")?.place ?? plan.document.place;
    faults.add("sweep-malformed", place, `variants and sweep make ${wanted.length} runs; at most ${MOST_POINTS} are made`, "Shorten an axis, or split the scenario.");
    return { cases: [], refused: [] };
  }
  const cases: ScenarioCase[] = [];
  const refused = new Map<string, Faults>();
  for (const { variant, at, askedBy } of wanted) {
    if (faults.count > ENOUGH_FAULTS) break;
    const found = new Faults();
    const checked = new Overriding(plan.document, plan.checker, found).apply([...variant.overrides, ...plan.sets, ...at.overrides]).checked();
    if (found.count === 0) cases.push({ variant: variant.name, point: at.point, askedBy, scenario: { id: plan.id, variant: variant.name, point: at.point, ...checked } });
    else if (rejected.has(variant.name)) refused.set(variant.name, joined(refused.get(variant.name), found));
    else faults.takeAll(found.errors);
  }
  return { cases, refused: [...refused].map(([variant, found]) => ({ variant, errors: found.errors })) };
}

function joined(known: Faults | undefined, found: Faults): Faults {
  if (known === undefined) return found;
  known.takeAll(found.errors);
  return known;
}

interface Asked {
  readonly variant: Variant;
  readonly at: SweepPoint;
}

/** The points outside the sweep that a `where` asks for, of the variants that its check speaks of. */
function askedPoints(plan: Plan, faults: Faults): readonly Asked[] {
  const asked = new Map<string, Asked>();
  for (const expectation of plan.expectations) {
    // What the command line sets is not asked for otherwise.
    if (expectation.kind !== "check" || plan.sets.some(({ path }) => Object.hasOwn(expectation.where, path))) continue;
    const { swept, more } = split(expectation, plan.sweep);
    const matching = plan.sweep.filter(({ point }) => swept.every(([axis, value]) => point[axis] === value));
    if (matching.length === 0) refuseWhere(expectation, swept, plan, faults);
    if (more.length === 0) continue;
    const names = new Set(callsOf(expectation.check).filter((call) => call.ref.scenario === null).map((call) => call.ref.variant));
    for (const variant of plan.variants.filter((one) => names.has(one.name))) {
      for (const { point, overrides } of matching) {
        const whole = { ...point, ...Object.fromEntries(more.map(({ path }) => [path, expectation.where[path] ?? ""])) };
        asked.set(JSON.stringify([variant.name, whole]), { variant, at: { point: whole, overrides: [...overrides, ...more] } });
      }
    }
  }
  return [...asked.values()];
}

type CheckExpectation = Extract<Expectation, { kind: "check" }>;

/** The part of a `where` that picks among the points of the sweep, and the part that asks for more. */
function split(expectation: CheckExpectation, sweep: readonly SweepPoint[]): { readonly swept: readonly (readonly [string, string])[]; readonly more: readonly Override[] } {
  const axes = new Set(sweep.flatMap(({ point }) => Object.keys(point)));
  return { swept: Object.entries(expectation.where).filter(([axis]) => axes.has(axis)), more: expectation.overrides.filter(({ path }) => !axes.has(path)) };
}

function refuseWhere(expectation: CheckExpectation, swept: readonly (readonly [string, string])[], plan: Plan, faults: Faults): void {
  const wrong = swept.find(([axis, value]) => !plan.sweep.some(({ point }) => point[axis] === value));
  const place = expectation.overrides.find(({ path }) => path === wrong?.[0])?.value.place ?? expectation.place;
  const values = [...new Set(plan.sweep.map(({ point }) => point[wrong?.[0] ?? ""] ?? ""))].join(", ");
  const what = wrong === undefined ? "the sweep has no such point" : `the sweep has no ${wrong[0]} of ${wrong[1]}; it has ${values}`;
  faults.add("expectation-where", place, what, "Name a point of the sweep, with the value written as it stands there.");
}

/** The points at which a check must hold: all of the sweep that its `where` fits, or those that it asks for. */
export function pointsOf(expectation: CheckExpectation, cases: readonly Pick<ScenarioCase, "point" | "askedBy">[]): readonly Point[] {
  const fits = cases.filter(({ point }) => Object.entries(expectation.where).every(([axis, value]) => point[axis] === value));
  const swept = fits.filter((one) => one.askedBy === "sweep");
  const asked = swept.length > 0 || Object.keys(expectation.where).length === 0 ? swept : fits;
  // A point that another check asked for may fit as well, but has more axes.
  const least = Math.min(...asked.map(({ point }) => Object.keys(point).length));
  return [...new Map(asked.filter(({ point }) => Object.keys(point).length === least).map(({ point }) => [JSON.stringify(point), point])).values()];
}
