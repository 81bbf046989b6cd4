import { breakdownOf, costPerMessage, percentileOf, type BandChange, type Breakdown, type ComparedPath, type CostChange, type Difference, type JudgedChange, type PartChange, type RunResult } from "../result/index.js";
import { judged } from "./difference-interval.js";

const COUNTS = ["movements", "copies", "interrupts", "syscalls", "switches", "ipis", "doorbells", "mmioReads"] as const;
const BYTES = ["copiedBytes", "memoryBytes"] as const;

/** Every other path against the baseline, with where each difference comes from. A pure function of results. */
export function differencesFrom(baseline: ComparedPath, others: readonly ComparedPath[]): Difference[] {
  return others.map((other) => ({
    name: other.name,
    baseline: baseline.name,
    design: other.design,
    baselineDesign: baseline.design,
    point: { ...baseline.run.point, ...other.run.point },
    confidence: baseline.run.confidence,
    mean: judged(baseline, other, "mean", [baseline.metric.meanPs, other.metric.meanPs]),
    p50: percentileChange(baseline, other, "p50"),
    p99: percentileChange(baseline, other, "p99"),
    bands: (["all", "p50", "p99"] as const).flatMap((band) => bandChange(baseline, other, band)),
    costs: costChanges(baseline.run, other.run),
    precision: [],
  }));
}

function percentileChange(baseline: ComparedPath, other: ComparedPath, of: "p50" | "p99"): JudgedChange | null {
  const q = of === "p50" ? 0.5 : 0.99;
  const from = percentileOf(baseline.metric, q)?.ps ?? null;
  const to = percentileOf(other.metric, q)?.ps ?? null;
  return from === null || to === null ? null : judged(baseline, other, of, [from, to]);
}

function bandChange(baseline: ComparedPath, other: ComparedPath, name: BandChange["band"]): BandChange[] {
  const [before, after] = [breakdownOf(baseline.metric, name), breakdownOf(other.metric, name)];
  if (before?.band !== name || after?.band !== name) return [];
  const keys = inOrder(before, after);
  const from = wholes(keys.map(({ key }) => meanOf(before, key)), before.totalPs / before.messages);
  const to = wholes(keys.map(({ key }) => meanOf(after, key)), after.totalPs / after.messages);
  const parts = keys.map(({ step, label, kind }, index): PartChange => {
    const [fromPs, toPs] = [from.parts[index] ?? 0, to.parts[index] ?? 0];
    return { step, label, kind, fromPs, toPs, deltaPs: toPs - fromPs };
  });
  return [{ band: name, fromPs: from.total, toPs: to.total, deltaPs: to.total - from.total, parts }];
}

type Segment = Breakdown["segments"][number];
const keyOf = ({ step, label, kind }: Segment): string => `${step}\n${label}\n${kind}`;

function meanOf(breakdown: Breakdown, key: string): number {
  return (breakdown.segments.find((one) => keyOf(one) === key)?.sumPs ?? 0) / breakdown.messages;
}

/** The parts of both, in the order of their paths: what only the second has stands behind what it follows there. */
function inOrder(before: Breakdown, after: Breakdown): (Segment & { readonly key: string })[] {
  const merged = before.segments.map((one) => ({ ...one, key: keyOf(one) }));
  let place = 0;
  for (const one of after.segments) {
    const key = keyOf(one);
    const known = merged.findIndex((other) => other.key === key);
    if (known >= 0) place = known + 1;
    else merged.splice(place++, 0, { ...one, key });
  }
  return merged;
}

/** Means as whole picoseconds that add to the whole mean exactly: the parts with the largest remainders are rounded up. */
function wholes(means: readonly number[], mean: number): { readonly parts: readonly number[]; readonly total: number } {
  // Of a mean just below zero the round is -0.
  const total = Math.round(mean) + 0;
  const parts = means.map(Math.floor);
  const order = means.map((value, index) => ({ index, rest: value - Math.floor(value) })).sort((one, other) => other.rest - one.rest || one.index - other.index);
  const missing = total - parts.reduce((sum, one) => sum + one, 0);
  for (let given = 0; given < missing; given++) {
    const { index } = order[given % order.length] ?? { index: -1 };
    parts[index] = (parts[index] ?? 0) + 1;
  }
  return { parts, total };
}

/** What a message costs besides time: only what one of the two has. */
function costChanges(before: RunResult, after: RunResult): CostChange[] {
  const account = (unit: CostChange["unit"]) => (name: string): CostChange => ({ name, unit, from: costPerMessage(before, name), to: costPerMessage(after, name) });
  const changes: CostChange[] = [
    ...COUNTS.map(account("count")),
    { name: "cpuTime", unit: "ps", from: cpuTime(before), to: cpuTime(after) },
    ...BYTES.map(account("bytes")),
    { name: "busBytes", unit: "bytes", from: busBytes(before), to: busBytes(after) },
  ];
  return changes.filter((one) => one.from !== 0 || one.to !== 0);
}

/** Bytes that one message puts on buses, headers and all. */
function busBytes({ resources, messages }: RunResult): number {
  const crossed = resources.filter((one) => one.kind === "bus").flatMap(({ bytes }) => Object.values(bytes));
  return messages.completed === 0 ? 0 : crossed.reduce((sum, one) => sum + one, 0) / messages.completed;
}

/** Picoseconds of processor time per message, polling that finds nothing left out. */
function cpuTime(run: RunResult): number {
  const busy = run.resources.filter((one) => one.kind === "core").map(({ categories }) => {
    return Object.entries(categories).reduce((sum, [name, share]) => (name === "idle" || name === "poll-empty" ? sum : sum + share), 0);
  });
  return run.messages.completed === 0 ? 0 : (busy.reduce((sum, one) => sum + one, 0) * run.durationPs) / run.messages.completed;
}
