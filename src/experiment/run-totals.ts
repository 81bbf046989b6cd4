import type { Machine } from "../engine/index.js";
import type { Breakdown, OwnerCosts, ResourceUse, RunResult, SegmentSum } from "../result/index.js";
import type { Compiled } from "../scenario/index.js";
import { ownerCosts, resourceUse } from "./resources.js";

/** What of a run adds up over replications. */
export interface RunTotals extends Pick<RunResult, "messages" | "durationPs" | "fingerprint" | "events" | "ties" | "costs" | "resources"> {
  /** By metric. */
  readonly breakdowns: ReadonlyMap<string, readonly Breakdown[]>;
}

/** The totals of a machine that has come to its end. */
export function totalsOf(machine: Machine, compiled: Compiled, breakdowns: RunTotals["breakdowns"]): RunTotals {
  const elapsed = Math.max(machine.endTime, machine.agenda.calendar.time);
  const measured = compiled.paths.reduce((count, path, index) => count + (path.aside ? 0 : machine.ledger.paths[index]?.measured ?? 0), 0);
  const dropped = Object.fromEntries(compiled.program.reasons.map((reason, index) => [reason, machine.drops[index] ?? 0] as const).filter(([, count]) => count > 0));
  return {
    messages: { sent: machine.sent, completed: machine.completed, measured, dropped },
    durationPs: elapsed,
    fingerprint: machine.ledger.fingerprint.text,
    events: machine.events,
    ties: machine.ties,
    costs: ownerCosts(machine, compiled),
    resources: resourceUse(machine, compiled, elapsed),
    breakdowns,
  };
}

/** The totals of two sets of replications of one program together. Counts and times add up; shares of time are weighted by the time they are shares of. */
export function addTotals(one: RunTotals, other: RunTotals): RunTotals {
  const completed = one.messages.completed + other.messages.completed;
  return {
    messages: {
      sent: one.messages.sent + other.messages.sent, completed, measured: one.messages.measured + other.messages.measured,
      dropped: added(one.messages.dropped, other.messages.dropped),
    },
    durationPs: one.durationPs + other.durationPs,
    fingerprint: chained(one.fingerprint, other.fingerprint),
    events: one.events + other.events,
    ties: one.ties + other.ties,
    costs: one.costs.map((costs, index) => addCosts(costs, other.costs[index] ?? costs, completed)),
    resources: one.resources.map((use, index) => addUse([use, one.durationPs], [other.resources[index] ?? use, other.durationPs])),
    breakdowns: new Map([...one.breakdowns].map(([metric, bands]) => [metric, addBands(bands, other.breakdowns.get(metric) ?? [])])),
  };
}

type Amounts = Readonly<Record<string, number>>;

function added(one: Amounts, other: Amounts): Record<string, number> {
  const sum: Record<string, number> = { ...one };
  for (const [key, value] of Object.entries(other)) sum[key] = (sum[key] ?? 0) + value;
  return sum;
}

/** Depends on every bit of both and on their order. */
function chained(one: string, other: string): string {
  return BigInt.asUintN(64, BigInt(`0x${one}`) * 0x100000001b3n + BigInt(`0x${other}`)).toString(16).padStart(16, "0");
}

function addCosts(one: OwnerCosts, other: OwnerCosts, completed: number): OwnerCosts {
  const totals = added(one.totals, other.totals);
  return { owner: one.owner, totals, perMessage: Object.fromEntries(Object.entries(totals).map(([account, total]) => [account, total / Math.max(1, completed)])) };
}

function addUse([one, time]: readonly [ResourceUse, number], [other, otherTime]: readonly [ResourceUse, number]): ResourceUse {
  const whole = time + otherTime;
  const weighted = (share: number, otherShare: number): number => (whole === 0 ? 0 : (share * time + otherShare * otherTime) / whole);
  const categories = [...new Set([...Object.keys(one.categories), ...Object.keys(other.categories)])];
  return {
    name: one.name, kind: one.kind, busy: weighted(one.busy, other.busy),
    categories: Object.fromEntries(categories.map((name) => [name, weighted(one.categories[name] ?? 0, other.categories[name] ?? 0)])),
    bytes: added(one.bytes, other.bytes), peak: Math.max(one.peak, other.peak),
  };
}

function addBands(one: readonly Breakdown[], other: readonly Breakdown[]): readonly Breakdown[] {
  if (one.length === 0 || other.length === 0) return one.length === 0 ? other : one;
  return one.map((own) => {
    const further = other.find(({ band }) => band === own.band);
    return further === undefined ? own : {
      band: own.band, messages: own.messages + further.messages, totalPs: own.totalPs + further.totalPs, segments: addSegments(own.segments, further.segments),
    };
  });
}

/** In the order of the first, what only the second has behind it. */
function addSegments(one: readonly SegmentSum[], other: readonly SegmentSum[]): SegmentSum[] {
  const key = ({ step, label, kind }: SegmentSum): string => `${step}\n${label}\n${kind}`;
  const sums = new Map(one.map((segment) => [key(segment), segment]));
  for (const segment of other) sums.set(key(segment), { ...segment, sumPs: segment.sumPs + (sums.get(key(segment))?.sumPs ?? 0) });
  return [...sums.values()];
}
