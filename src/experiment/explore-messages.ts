import { WirelatError } from "../errors/index.js";
import { pointText, samePoint, type ComparedPath, type Journey } from "../result/index.js";
import type { ComparedResult } from "./compare.js";
import { journeysOf } from "./journeys.js";
import { amountsOf, type CompiledCase, type Prepared } from "./prepare.js";

/** A message to look at closely, and why it was chosen, e.g. "p99". */
export interface ExplainedMessage {
  readonly why: string;
  readonly journey: Journey;
}

/** Messages of one run. */
export interface Explored {
  /** Of which run these are, e.g. "base, 20 kpps". */
  readonly name: string;
  /** How many messages these were chosen from: the first of the whole run behind the warm-up, on the same trajectory. */
  readonly of: number;
  readonly messages: readonly ExplainedMessage[];
}

/** What is asked of a run instead of what its scenario says, and of which metric; null for the first that the messages' path has. */
export interface Exploring {
  readonly seed?: number | undefined;
  readonly messages?: number | undefined;
  readonly metric?: string | null | undefined;
}

/** So much is looked at, however long the runs are: each of these messages is followed through its run. */
const MOST_MESSAGES = 1000;
/** And no longer than this where a message takes many events. */
const MOST_EVENTS = 100_000;
const MOST_VARIANTS = 3;
const MOST_COMPARED = 8;
const SLOWEST = 4;

/** Messages worth a look in the first variants of a prepared scenario, each at its first sweep point: those at p50 and p99 and the slowest, of its first thousand messages. */
export function exploreMessages({ cases }: Prepared, asked: Exploring): Explored[] {
  const firsts = cases.filter((one, index) => one.askedBy === "sweep" && cases.findIndex((other) => other.askedBy === "sweep" && other.variant === one.variant) === index);
  return firsts.slice(0, MOST_VARIANTS).flatMap((one) => explored(one, headOf(one), SLOWEST, asked));
}

/** The messages at p50 and p99 and the slowest of the first paths of a comparison that were simulated for it. */
export function exploreCompared(paths: readonly ComparedPath[], made: readonly ComparedResult[], asked: Exploring): Explored[] {
  const simulated = paths.flatMap((path) => {
    const cases = made.find(({ result }) => result === path.result)?.prepared?.cases ?? [];
    const own = cases.find((one) => one.variant === path.run.variant && samePoint(one.point, path.run.point));
    return own === undefined ? [] : [{ path, own }];
  });
  return simulated.slice(0, MOST_COMPARED).flatMap(({ path, own }) => explored(own, path.name, 1, { ...asked, metric: path.metric.name }));
}

function headOf({ variant, point }: CompiledCase): string {
  const at = pointText(point);
  return at === "" ? variant : `${variant}, ${at}`;
}

function explored(one: CompiledCase, name: string, slowest: number, asked: Exploring): Explored[] {
  const slowestFirst = followed(one, { ...asked, messages: Math.min(MOST_MESSAGES, amountsOf(one, asked).messages) });
  const of = slowestFirst.length;
  const at = (q: number): Journey | undefined => slowestFirst[of - Math.ceil(q * of)];
  const chosen = [{ why: "p50", journey: at(0.5) }, { why: "p99", journey: at(0.99) }, ...slowestFirst.slice(0, slowest).map((journey, place) => ({ why: place === 0 ? "slowest" : `slowest but ${place}`, journey }))];
  const messages = chosen.flatMap(({ why, journey }) => (journey === undefined ? [] : [{ why, journey }]));
  return messages.length === 0 ? [] : [{ name, of, messages }];
}

/** All measured messages of so short a run, the slowest first; none where nothing passes the window. */
function followed(one: CompiledCase, asked: Exploring & { readonly messages: number }): readonly Journey[] {
  try {
    return journeysOf(one.scenario, one.compiled, { ...amountsOf(one, asked), select: { kind: "worst", count: asked.messages }, metric: asked.metric ?? null, mostEvents: MOST_EVENTS });
  } catch (error) {
    if (error instanceof WirelatError && error.code === "message-unknown") return [];
    throw error;
  }
}
