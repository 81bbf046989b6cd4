import { WirelatError } from "../errors/index.js";
import { journeysOf, type Journey, type Selection } from "./journeys.js";
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
  /** How many messages the run had from which these were chosen: the first of the whole run, to the same trajectory. */
  readonly of: number;
  readonly messages: readonly ExplainedMessage[];
}

/** So much is looked at, however long the runs are. */
const MOST_MESSAGES = 2000;
const MOST_VARIANTS = 3;
const SELECTIONS: readonly { readonly why: (place: number) => string; readonly select: Selection }[] = [
  { why: () => "p50", select: { kind: "at", q: 0.5 } },
  { why: () => "p99", select: { kind: "at", q: 0.99 } },
  { why: (place) => (place === 0 ? "slowest" : `slowest but ${place}`), select: { kind: "worst", count: 4 } },
];

/** Messages worth a look in the first variants of a prepared scenario: those at p50 and p99 and the slowest, of its first few thousand messages. */
export function exploreMessages({ cases }: Prepared, asked: { readonly seed?: number | undefined; readonly messages?: number | undefined }): Explored[] {
  const firsts = cases.filter((one, index) => one.askedBy === "sweep" && cases.findIndex((other) => other.askedBy === "sweep" && other.variant === one.variant) === index);
  return firsts.slice(0, MOST_VARIANTS).flatMap((one) => {
    const of = Math.min(MOST_MESSAGES, amountsOf(one, asked).messages);
    const messages = SELECTIONS.flatMap(({ why, select }) => found(one, select, { ...asked, messages: of }).map((journey, place) => ({ why: why(place), journey })));
    return messages.length === 0 ? [] : [{ variant: one.variant, point: one.point, of, messages }];
  });
}

/** None where so short a run has no message that passes the window. */
function found(one: CompiledCase, select: Selection, asked: { readonly seed?: number | undefined; readonly messages: number }): readonly Journey[] {
  try {
    return journeysOf(one.scenario, one.compiled, { ...amountsOf(one, asked), select, metric: null });
  } catch (error) {
    if (error instanceof WirelatError && error.code === "message-unknown") return [];
    throw error;
  }
}
