import { advance } from "../engine/index.js";
import type { Compiled } from "../scenario/index.js";
import type { Amounts } from "./prepare.js";
import { sinksOf } from "./sinks.js";
import { startedMachine } from "./watched-run.js";

const EVENTS_PER_LOOK = 4096;

/** A piece of the time of a message or of work on its behalf [ps]. */
export interface TokenSlice {
  readonly step: string;
  readonly label: string;
  readonly kind: string;
  readonly at: number;
  readonly ps: number;
  readonly blocker: number;
}

/** A message that was measured, or what worked for it off its path. */
export interface TracedToken {
  readonly message: number;
  readonly name: string;
  readonly offPath: boolean;
  readonly slices: readonly TokenSlice[];
}

/** Follows the first `most` messages behind the warm-up, with all that works for them. The run is made again, to the same trajectory. */
export function tracedTokens(compiled: Compiled, amounts: Amounts, most: number): TracedToken[] {
  const found: TracedToken[] = [];
  const end = amounts.warmup + most;
  const machine = startedMachine(compiled, {
    ...amounts, sampleLimit: 0,
    sinks: sinksOf(compiled),
    trace: ({ message, place, source, segments }) => {
      if (message < amounts.warmup || message >= end) return;
      const slices = segments.map(({ slot, at, ps, blocker }): TokenSlice => {
        const { step, label, kind } = compiled.program.slots[slot] ?? { step: "", label: "", kind: "" };
        return { step, label, kind, at, ps, blocker };
      });
      found.push({ message, name: compiled.program.sources[source]?.name ?? "message", offPath: place !== 0, slices });
    },
  });
  // A child that has been started and has not begun yet is its message's, so that one more look is taken behind the last.
  while ((machine.sent < end || (machine.tracer?.oldest ?? Infinity) < end) && !compiled.guard("a turn of the run", () => advance(machine, EVENTS_PER_LOOK)));
  advance(machine, EVENTS_PER_LOOK);
  return found;
}
