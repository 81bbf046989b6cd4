import type { Result } from "../result/index.js";
import type { Scenario } from "../scenario/index.js";
import { Session, type SessionOptions } from "./session.js";

export interface RunOptions extends SessionOptions {
  /** All when not given. */
  readonly variants?: readonly string[];
}

/**
 * Runs every variant of a scenario at every sweep point on the same random numbers, and checks what it expects.
 *
 * The same scenario and options give the same result, byte for byte. Overrides of parameters belong to `readScenario` (`set`). Throws
 * `WirelatErrors` with all that is wrong in the scenario; `metric-unknown` for a goal of precision; `interrupted` when the signal stops it before a run is finished, otherwise the
 * result holds what was finished.
 */
export async function runScenario(scenario: Scenario, options: RunOptions): Promise<Result> {
  const session = new Session(options);
  const prepared = session.prepare(scenario, options.variants === undefined ? {} : { variants: options.variants });
  session.checkGoals([prepared]);
  return session.run(prepared);
}
