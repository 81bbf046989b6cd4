import { distribution } from "../random/index.js";
import { confidenceText, percentileName, runName, type RunResult } from "../result/index.js";
import type { CheckedScenario } from "../scenario/index.js";
import { formatCount, formatDuration, formatPercent, parseDuration } from "../units/index.js";
import type { Steadiness } from "./steadiness.js";

/** Busier than this, waiting times depend on the length of the run more than on the system. */
const BUSY = 0.95;
/** A law that loses less of its mean than this by being cut is as good as its name. */
const SHIFT = 0.01;

/** A run with what its warnings are made from. */
export interface Judged {
  readonly run: RunResult;
  readonly scenario: CheckedScenario;
  readonly steadiness: readonly Steadiness[];
  readonly isCut: boolean;
}

/** What to know before believing the numbers: a sentence each, the same about several runs in one. */
export function warningsOf(judged: readonly Judged[]): string[] {
  const found = new Map<string, string[]>();
  for (const one of judged) {
    for (const warning of [...busy(one), ...dropped(one), ...unsteady(one), ...imprecise(one), ...closed(one), ...cut(one)]) found.set(warning, [...(found.get(warning) ?? []), runName(one.run)]);
  }
  const all = new Set(judged.map(({ run }) => runName(run)));
  return [
    ...[...found].map(([warning, runs]) => (runs.length === all.size ? `${warning}.` : `${warning} (${listed(runs)}).`)),
    ...tooFew(judged.map(({ run }) => run)),
  ];
}

const MOST_NAMED = 4;

function listed(runs: readonly string[]): string {
  const more = runs.length - MOST_NAMED;
  return more > 0 ? `${runs.slice(0, MOST_NAMED).join("; ")}; ${more} more` : runs.join("; ");
}

/** Shares differ from run to run, so a part is named without its number, or each run would have a sentence of its own. */
function busy({ run }: Judged): string[] {
  const loaded = run.resources.filter((one) => ["core", "link", "bus", "stage"].includes(one.kind) && one.busy - (one.categories["poll-empty"] ?? 0) > BUSY);
  return loaded.map((one) => `${one.name} is busy for more than ${formatPercent(BUSY)} of the time, so its queue grows with the length of the run`);
}

function dropped({ run }: Judged): string[] {
  return Object.keys(run.messages.dropped).map((reason) => `messages were dropped (${reason}); latencies are those of the delivered messages only`);
}

function unsteady({ steadiness }: Judged): string[] {
  return steadiness.flatMap(({ metric, state, warmup }) => {
    if (state === "drifting") return [`${metric} does not settle: no warm-up makes the rest of the run look stationary (MSER-5)`];
    return state === "late" ? [`${metric} settles later than the warm-up ends; give run.warmup at least ${formatCount(warmup)} messages`] : [];
  });
}

/** How narrow it became differs from run to run and is told with each. */
function imprecise({ run, isCut }: Judged): string[] {
  return run.precision.filter((one) => !one.held).map(({ metric, of, asked, reached }) => {
    const goal = `the ${confidenceText([run])} interval of ${of} of ${metric} was to be within ${formatPercent(asked)}`;
    if (reached === null && isCut) return `${goal}, but a run is too short to have one and its sources send no more: let it last longer`;
    if (reached === null) return `${goal}, but a run is too short to have one, and two that are long enough are more than the limit of messages: raise --max-messages, or give more --messages`;
    return `${goal} and is wider: the limit of messages was reached before, raise --max-messages`;
  });
}

function closed({ run, scenario }: Judged): string[] {
  const names = run.metrics.filter((metric) => metric.closedLoop).map((metric) => metric.name);
  if (names.length === 0) return [];
  const half = scenario.traffic.some((traffic) => traffic.model === "traffic/pingpong") ? "; half a round trip is the one-way time only if both ways are alike" : "";
  return [`${names.join(", ")}: the source waits for answers, so percentiles hide the stalls that it waited out${half}`];
}

/** Laws that were cut so much that their mean is not the one they are written with. */
function cut({ scenario }: Judged): string[] {
  return [...rawValues(scenario)].flatMap(([path, value]) => {
    if (value.get("dist")?.value !== "normal-truncated") return [];
    const time = (key: string): number => parseDuration(value.get(key)?.value);
    const mean = time("mean");
    const real = distribution.truncatedNormal({ mean, deviation: time("sd"), low: time("min"), high: time("max") }).mean();
    return Math.abs(real - mean) > SHIFT * mean ? [`${path}: cutting the normal law moves its mean from ${formatDuration(mean)} to ${formatDuration(Math.round(real))}`] : [];
  });
}

type Fields = ReadonlyMap<string, { readonly value: unknown }>;

function* rawValues(scenario: CheckedScenario): Generator<readonly [string, Fields]> {
  const maps = function* (name: string, params: Readonly<Record<string, { readonly value: unknown }>>): Generator<readonly [string, Fields]> {
    for (const [param, { value }] of Object.entries(params)) if (value instanceof Map && value.has("dist")) yield [`${name}.${param}`, value as Fields];
  };
  const inside = function* (instance: CheckedScenario["instances"][number]): Generator<readonly [string, Fields]> {
    yield* maps(instance.name, instance.params);
    for (const child of instance.children) yield* inside(child);
  };
  for (const instance of scenario.instances) yield* inside(instance);
  for (const traffic of scenario.traffic) yield* maps(traffic.name, traffic.params);
}

function tooFew(runs: readonly RunResult[]): string[] {
  const metrics = runs.flatMap((run) => run.metrics);
  const empty = runs.filter((run) => run.metrics.some((metric) => metric.count === 0)).map(runName);
  const blank = new Set(metrics.flatMap((metric) => (metric.count === 0 ? [] : metric.percentiles.filter((one) => one.ps === null).map((one) => one.q))));
  const least = metrics.reduce((fewest, metric) => Math.min(fewest, metric.count), Infinity);
  const names = [...blank].sort((a, b) => a - b).map(percentileName);
  return [
    ...(empty.length > 0 ? [`No message was measured (${listed(empty)}): all were warm-up, or none arrived.`] : []),
    ...(names.length > 0 ? [`${formatCount(least)} messages are too few for ${names.join(", ")}: at least 10 must lie beyond a percentile.`] : []),
  ];
}
