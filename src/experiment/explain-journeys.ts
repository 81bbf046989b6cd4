import type { Journey } from "../result/index.js";
import type { Catalogue, Scenario } from "../scenario/index.js";
import { WirelatError } from "../errors/index.js";
import { journeysOf, type Selection } from "./journeys.js";
import { amountsOf, prepare } from "./prepare.js";

export interface JourneyChoice {
  readonly variant: string;
  readonly select: Selection;
  readonly metric: string | null;
  /** Instead of the scenario's own; the warm-up keeps its share. */
  readonly seed?: number | undefined;
  readonly messages?: number | undefined;
}

/** Journeys of one variant of a scenario, at its first sweep point. */
export interface Journeys {
  readonly variant: string;
  readonly point: Readonly<Record<string, string>>;
  readonly journeys: readonly Journey[];
}

/** What happened to real messages of a scenario. Throws what preparing a run throws, `message-unknown` and `metric-unknown`. */
export function explainJourneys(scenario: Scenario, catalogue: Catalogue, choice: JourneyChoice): Journeys {
  const [ready] = prepare(scenario, catalogue, { variants: [choice.variant] }).cases;
  if (ready === undefined) throw new WirelatError("variant-unknown", `${scenario.summary.id}: an expectation says that the variant ${choice.variant} is refused, so it has no messages`);
  const { select, metric } = choice;
  return { variant: choice.variant, point: ready.point, journeys: journeysOf(ready.scenario, ready.compiled, { ...amountsOf(ready, choice), select, metric }) };
}
