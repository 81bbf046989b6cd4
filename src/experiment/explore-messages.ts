import { WirelatError } from "../errors/index.js";
import type { Journey } from "../result/index.js";
import { journeysOf } from "./journeys.js";
import { amountsOf, type CompiledCase, type Prepared } from "./prepare.js";

/** A message to look at closely, and why it was chosen, e.g. "p99". */
export interface ExplainedMessage {
  readonly why: string;
  readonly journey: Journey;
}

/** Messages of one variant at its first sweep point. */
export interface Explored {
  readonly variant: string;
  readonly point: Readonly<Record<string, string>>;
  /** How many messages these were chosen from: the first of the whole run behind the warm-up, on the same trajectory. */
  readonly of: number;
  readonly messages: readonly ExplainedMessage[];
}

/** So much is looked at, however long the runs are: each of these messages is followed through its run. */
const MOST_MESSAGES = 1000;
/** And no longer than this where a message takes many events. */
const MOST_EVENTS = 100_000;
const MOST_VARIANTS = 3;
const SLOWEST = 4;

/** Messages worth a look in the first variants of a prepared scenario: those at p50 and p99 and the slowest, of its first thousand messages. */
export function exploreMessages({ cases }: Prepared, asked: { readonly seed?: number | undefined; readonly messages?: number | undefined }): Explored[] {
  const firsts = cases.filter((one, index) => one.askedBy === "sweep" && cases.findIndex((other) => other.askedBy === "sweep" && other.variant === one.variant) === index);
  return firsts.slice(0, MOST_VARIANTS).flatMap((one) => {
    const slowestFirst = followed(one, { ...asked, messages: Math.min(MOST_MESSAGES, amountsOf(one, asked).messages) });
    const of = slowestFirst.length;
    const at = (q: number): Journey | undefined => slowestFirst[slowestFirst.length - Math.ceil(q * slowestFirst.length)];
    const chosen = [{ why: "p50", journey: at(0.5) }, { why: "p99", journey: at(0.99) }, ...slowestFirst.slice(0, SLOWEST).map((journey, place) => ({ why: place === 0 ? "slowest" : `slowest but ${place}`, journey }))];
    const messages = chosen.flatMap(({ why, journey }) => (journey === undefined ? [] : [{ why, journey }]));
    return messages.length === 0 ? [] : [{ variant: one.variant, point: one.point, of, messages }];
  });
}

/** All measured messages of so short a run, the slowest first; none where nothing passes the window. */
function followed(one: CompiledCase, asked: { readonly seed?: number | undefined; readonly messages: number }): readonly Journey[] {
  try {
    return journeysOf(one.scenario, one.compiled, { ...amountsOf(one, asked), select: { kind: "worst", count: asked.messages }, metric: null, mostEvents: MOST_EVENTS });
  } catch (error) {
    if (error instanceof WirelatError && error.code === "message-unknown") return [];
    throw error;
  }
}
