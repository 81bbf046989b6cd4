import { pointText, type ExpectationResult, type MetricResult, type ResourceUse, type RunResult } from "../result/index.js";
import { evaluate, evaluateRefusal, pointsOf, type CheckedScenario, type Expectation, type ExpectationData, type Scenario } from "../scenario/index.js";
import { parseBytes } from "../units/index.js";
import type { Prepared } from "./prepare.js";

type Point = CheckedScenario["point"];

/** A run that checks can ask for, with the scenario it came from. */
export interface KnownRun {
  readonly run: RunResult;
  readonly scenario: CheckedScenario;
}

/** Finds runs for checks: "unmade" where there is one but it was not made, null where there is none. */
export type FindRun = (scenario: string | null, variant: string, point: Point) => KnownRun | "unmade" | null;

/** The verdicts of a scenario, and how many checks were left out because they speak of runs that were not made. */
export interface Verdicts {
  readonly results: readonly ExpectationResult[];
  readonly skipped: number;
}

/**
 * Evaluates every expectation. A check without `where` must hold at every point: one that does is told once, of one that does not each point
 * at which it fails.
 */
export function judge({ scenario, refusals, checks }: Prepared, find: FindRun): Verdicts {
  if (!checks) return { results: [], skipped: 0 };
  let skipped = 0;
  const results = scenario.expectations.flatMap((expectation): readonly ExpectationResult[] => {
    if (expectation.kind === "rejects") return [evaluateRefusal(expectation, refusals.get(expectation.variant) ?? [])];
    const found = judgeCheck(expectation, scenario, find);
    if (found === null) skipped++;
    return found ?? [];
  });
  return { results, skipped };
}

function judgeCheck(expectation: Extract<Expectation, { kind: "check" }>, scenario: Scenario, find: FindRun): readonly ExpectationResult[] | null {
  let missing = false;
  const search = (id: string | null, variant: string, point: Point): KnownRun | null => {
    const known = find(id, variant, point);
    missing ||= known === "unmade";
    return known === "unmade" ? null : known;
  };
  const data: ExpectationData = {
    run: (id, variant, point) => {
      const known = search(id, variant, point);
      return known === null ? null : withValues(known);
    },
    payload: (id, variant, point) => payloadOf(search(id, variant, point)),
  };
  const results = pointsOf(expectation, scenario.cases).map((point) => evaluate(expectation, point, data));
  if (missing) return null;
  const failed = results.filter((one) => !one.held);
  if (failed.length > 0 || results.length < 2) return failed.length > 0 ? failed : results;
  const [first] = results;
  return first === undefined ? [] : [{ ...first, point: expectation.where, found: foundAtAll(results) }];
}

/** What was found at every point, in one line. */
function foundAtAll(results: readonly ExpectationResult[]): string {
  const found = new Set(results.map((one) => one.found));
  return found.size === 1 ? [...found].join("") : results.map((one) => `${one.found} at ${pointText(one.point)}`).join("; ");
}

/** A value is a metric of its own to a check: that of the time it prices. */
function withValues({ run, scenario }: KnownRun): RunResult {
  const priced = scenario.metrics.flatMap((metric): MetricResult[] => {
    const time = metric.kind === "value" ? run.metrics.find((one) => one.name === metric.of) : undefined;
    return time === undefined ? [] : [{ ...time, name: metric.name }];
  });
  return { ...run, metrics: [...run.metrics, ...priced], resources: [...run.resources, ...idleThreads(run, scenario)] };
}

/** Threads of the hosts that no step of the run has used: they are as idle as can be, and may be asked about. */
function idleThreads(run: RunResult, scenario: CheckedScenario): readonly ResourceUse[] {
  const names = scenario.instances.flatMap((host) => host.children.flatMap((child) => {
    const threads = child.params["threads"]?.value;
    return threads instanceof Map ? [...threads.keys()].map((thread) => `${host.name}.${String(thread)}`) : [];
  }));
  const used = new Set(run.resources.flatMap(({ name }) => {
    const [host = "", threads = ""] = name.split(".");
    return threads.split("+").map((thread) => `${host}.${thread}`);
  }));
  return names.filter((name) => !used.has(name)).map((name) => ({ name, kind: "stage", busy: 0, categories: {}, bytes: {}, peak: 0 }));
}

/** Payload of the only kind of message; of several sources it is not one number. */
function payloadOf(known: KnownRun | null): number | null {
  const sources = known?.scenario.traffic ?? [];
  const raw = sources.length === 1 ? sources[0]?.params["payload"] : undefined;
  return raw === undefined ? null : parseBytes(raw.value);
}
