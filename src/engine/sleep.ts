import type { IdleSpec } from "./program.js";

const MEMORY = 8;

/**
 * Which sleep state an idle core is in when work arrives. The state is chosen from what was known when the
 * idle period began (and, for the ladder, from how long it has lasted): never from the arrival itself.
 * - `deepest`: always the deepest state, at once.
 * - `predict`: the deepest state whose residency does not exceed the mean of the last eight idle periods (as menu-like governors do).
 * - `ladder`: begins shallow, moves down whenever the next state's residency has passed.
 */
export class SleepGovernor {
  private readonly history = new Float64Array(MEMORY);
  private seen = 0;
  private sum = 0;
  /** Time slept per state. */
  readonly slept: Float64Array;

  constructor(private readonly spec: IdleSpec) {
    this.slept = new Float64Array(spec.states.length);
  }

  /** Exit latency after an idle period of this length; updates the history. */
  wake(idle: number): number {
    const state = this.stateAfter(idle);
    this.remember(idle);
    if (state < 0) return 0;
    this.slept[state] += idle;
    return this.spec.states[state]!.exit;
  }

  private stateAfter(idle: number): number {
    const states = this.spec.states;
    if (this.spec.governor === "deepest") return states.length - 1;
    const horizon = this.spec.governor === "ladder" ? idle : this.predicted();
    let chosen = -1;
    for (let index = 0; index < states.length; index++) if (states[index]!.residency <= horizon) chosen = index;
    return chosen;
  }

  private predicted(): number {
    return this.seen === 0 ? 0 : this.sum / Math.min(this.seen, MEMORY);
  }

  private remember(idle: number): void {
    const at = this.seen % MEMORY;
    if (this.seen >= MEMORY) this.sum -= this.history[at]!;
    this.history[at] = idle;
    this.sum += idle;
    this.seen++;
  }
}
