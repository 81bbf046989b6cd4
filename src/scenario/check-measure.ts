import { WirelatError } from "../errors/index.js";
import { formatPercent, parseCount, parseDuration, parsePercent, parseStake, toNumber } from "../units/index.js";
import { listed, unknownKey } from "./check-keys.js";
import type { Faults } from "./faults.js";
import { namedEntries } from "./names.js";
import { nearest } from "./nearest.js";
import { eachStep, scalarValue } from "./path-steps.js";
import { parseTap } from "./taps.js";
import { asMap, asText, keyPlace, type Tree, type TreeMap } from "./tree.js";
import type { MetricSpec, PathSpec, RunSpec, TapRef } from "./types.js";

/** What a scenario without `metrics` measures is called. */
export const DEFAULT_METRIC = "latency";

interface MetricContext {
  readonly instances: ReadonlySet<string>;
  readonly paths: readonly PathSpec[];
  readonly faults: Faults;
}

/** `metrics`: spans between taps, and the value of one. */
export function checkMetrics(tree: Tree | undefined, context: MetricContext): readonly MetricSpec[] {
  if (tree === undefined) return [];
  const { faults } = context;
  const map = faults.attempt(tree.place, () => asMap(tree, "`metrics`", "`metrics: { t2t: { from: gw.in@eof, to: gw.out@sof } }`"));
  if (map === null) return [];
  const metrics = namedEntries(map, "a metric", faults).map(([name, value]) => faults.attempt(value.place, () => metricOf(name, value, context)));
  const read = metrics.filter((metric) => metric !== null);
  for (const metric of read) {
    const spans = read.filter((one) => one.kind === "span").map((one) => one.name);
    if (metric.kind !== "value" || spans.includes(metric.of) || (metric.of === DEFAULT_METRIC && spans.length === 0)) continue;
    const near = nearest(metric.of, spans);
    faults.add("metric-unknown", metric.place, `the metric ${metric.name} is the value of ${metric.of}, which is no span`, near === null ? `Spans are ${listed(spans)}.` : `Did you mean "${near}"?`);
  }
  return read;
}

function metricOf(name: string, tree: Tree, context: MetricContext): MetricSpec | null {
  const example = "`{ from: gw.in@eof, to: gw.out@sof }` or `{ value-of: t2t, stake: 1 MUSD / us }`";
  const map = asMap(tree, `the metric ${name}`, example);
  const isValue = map.entries.has("value-of") || map.entries.has("stake");
  const keys = isValue ? ["value-of", "stake"] : ["from", "to", "stamps"];
  for (const [key, value] of map.entries) if (!keys.includes(key)) context.faults.keep(unknownKey(key, keys, `the metric ${name}`, keyPlace(value)));
  const [first, second] = keys.map((key) => map.entries.get(key));
  if (first === undefined || second === undefined) throw new WirelatError("key-missing", `the metric ${name} lacks ${first === undefined ? keys[0] : keys[1]}`, { place: keyPlace(map), remedy: `Write it like ${example}.` });
  const place = keyPlace(map);
  if (!isValue) {
    const [from, to] = [context.faults.attempt(first.place, () => tapOf(first, "from", context)), context.faults.attempt(second.place, () => tapOf(second, "to", context))];
    return from === null || to === null ? null : { kind: "span", name, from, to, ...stampsOf(name, map.entries.get("stamps")), place };
  }
  const stake = context.faults.attempt(second.place, () => toNumber(parseStake(scalarValue(second)))) ?? 0;
  return { kind: "value", name, of: asText(first, `\`value-of\` of ${name}`, "`value-of: t2t`"), dollarsPerSecond: stake, place };
}

function stampsOf(name: string, tree: Tree | undefined): { readonly stamps?: string } {
  return tree === undefined ? {} : { stamps: asText(tree, `\`stamps\` of the metric ${name}`, "`stamps: gw.nic`") };
}

function tapOf(tree: Tree, end: "from" | "to", { instances, paths, faults }: MetricContext): TapRef {
  const ref = parseTap(tree, end);
  const taps = new Set(paths.flatMap((path) => [...eachStep(path.steps)]).flatMap((step) => (step.kind === "tap" ? [step.name] : [])));
  const [root = "", ...rest] = ref.tap.split(".");
  if (ref.tap === "intended" || (rest.length === 0 ? taps.has(root) : instances.has(root))) return ref;
  const candidates = rest.length === 0 ? [...taps] : [...instances].map((name) => [name, ...rest].join("."));
  const near = nearest(ref.tap, candidates);
  const known = rest.length === 0 ? `taps of the paths are ${listed(taps) || "none"}` : `there is no ${root} among ${listed(instances)}`;
  faults.add("tap-unknown", tree.place, `there is no tap ${ref.tap}; ${known}`, near === null ? "Name a tap of a path, or an end of a link such as gw.in@eof." : `Did you mean "${near}"?`);
  return ref;
}

export const RUN_KEYS = ["messages", "time", "warmup", "seed", "confidence"] as const;
const MOST_MESSAGES = 1_000_000_000;
const DEFAULT_MESSAGES = 100_000;
/** Of the messages, where `warmup` is not given. */
const WARMUP_SHARE = 0.05;

/** Level of intervals that nothing is said of. */
export const DEFAULT_CONFIDENCE = 0.95;
const [LEAST_CONFIDENCE, MOST_CONFIDENCE] = [0.5, 0.999];

/** `run`: how many messages or how long, how many messages to warm up, the seed, and the level of intervals. How many messages a time stands for is not known before; none of them is warm-up unless that is given. */
export function checkRun(tree: Tree | undefined, faults: Faults): RunSpec {
  const map = tree === undefined ? null : faults.attempt(tree.place, () => asMap(tree, "`run`", "`run: { messages: 100000, warmup: 1000, seed: 1 }`"));
  for (const [key, value] of map?.entries ?? []) if (!RUN_KEYS.some((known) => known === key)) faults.keep(unknownKey(key, RUN_KEYS, "run", keyPlace(value)));
  const time = runTime(map, faults);
  const byTime = time !== null && map?.entries.has("messages") !== true;
  const messages = runCount(map, "messages", { fallback: byTime ? MOST_MESSAGES : DEFAULT_MESSAGES, least: 1, most: MOST_MESSAGES }, faults);
  const warmup = runCount(map, "warmup", { fallback: byTime ? 0 : Math.floor(messages * WARMUP_SHARE), least: 0, most: MOST_MESSAGES }, faults);
  const seed = runCount(map, "seed", { fallback: 1, least: 0, most: Number.MAX_SAFE_INTEGER }, faults);
  if (warmup >= messages) {
    const at = map?.entries.get("warmup") ?? map?.entries.get("messages") ?? map;
    if (at !== null && at !== undefined) faults.add("quantity-range", at.place, `${warmup} messages to warm up leave none of ${messages} to measure`, "Make warmup smaller than messages.");
  }
  return { messages, warmup, seed, time, confidence: runConfidence(map, faults) };
}

function runTime(map: TreeMap | null, faults: Faults): number | null {
  const tree = map?.entries.get("time");
  const value = tree === undefined ? null : faults.attempt(tree.place, () => parseDuration(scalarValue(tree)));
  if (tree === undefined || value === null || value > 0) return value;
  faults.add("quantity-range", tree.place, "a run of no time sends no message", "Give it some time, e.g. 100 ms.");
  return null;
}

function runConfidence(map: TreeMap | null, faults: Faults): number {
  const tree = map?.entries.get("confidence");
  if (tree === undefined) return DEFAULT_CONFIDENCE;
  const share = tree.kind === "scalar" ? Number(tree.value) : NaN;
  if (share > 0 && share < 1) {
    faults.add("unit-missing", tree.place, `confidence is a percentage, not ${share}`, `Write ${formatPercent(share)}.`);
    return DEFAULT_CONFIDENCE;
  }
  const value = faults.attempt(tree.place, () => toNumber(parsePercent(scalarValue(tree))));
  if (value === null || (value >= LEAST_CONFIDENCE && value <= MOST_CONFIDENCE)) return value ?? DEFAULT_CONFIDENCE;
  faults.add("quantity-range", tree.place, `confidence is ${formatPercent(value)}, but must be from ${formatPercent(LEAST_CONFIDENCE)} to ${formatPercent(MOST_CONFIDENCE)}`, "Correct it.");
  return DEFAULT_CONFIDENCE;
}

interface Bounds {
  readonly fallback: number;
  readonly least: number;
  readonly most: number;
}

function runCount(map: TreeMap | null, key: string, { fallback, least, most }: Bounds, faults: Faults): number {
  const tree = map?.entries.get(key);
  if (tree === undefined) return fallback;
  const value = faults.attempt(tree.place, () => parseCount(scalarValue(tree)));
  if (value === null || (value >= least && value <= most)) return value ?? fallback;
  faults.add("quantity-range", tree.place, `${key} is ${value}, but must be from ${least} to ${most}`, "Correct it.");
  return fallback;
}
