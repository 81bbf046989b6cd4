import { WirelatErrors } from "../errors/index.js";
import { compile, type Catalogue, type Scenario } from "../scenario/index.js";
import { explainCompiled, type Explanation } from "./explain.js";
import { prepare } from "./prepare.js";

/**
 * What one variant of a scenario compiles to, at its first sweep point. Throws what preparing throws: `WirelatErrors`, `variant-unknown`; and for
 * a variant that is meant to be refused the errors that it is refused with.
 */
export function explainScenario(scenario: Scenario, catalogue: Catalogue, variant = "base"): Explanation {
  const [ready] = prepare(scenario, catalogue, { variants: [variant] }).cases;
  if (ready !== undefined) return explainCompiled(ready.scenario, ready.compiled);
  const refused = scenario.cases.find((one) => one.variant === variant);
  if (refused === undefined) throw new WirelatErrors(scenario.refused.filter((one) => one.variant === variant).flatMap((one) => one.errors));
  return explainCompiled(refused.scenario, compile(refused.scenario, catalogue));
}
