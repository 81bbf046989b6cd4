import { advance, Machine, start, type MachineOptions } from "../engine/index.js";
import type { Compiled } from "../scenario/index.js";

/** An event may stand for a hundred messages that meet nobody, so turns end by time, and the clock is looked at every few milliseconds. */
const EVENTS_PER_LOOK = 1_024;
/** Length of a turn in milliseconds. */
const TURN = 20;

/**
 * Called now and then with the messages that are done; awaited, so that signals and screens get their turn. What it throws ends the run.
 */
export type Watch = (completed: number) => Promise<void> | void;

/** A machine for the program, whose sources have set out. */
export function startedMachine({ program, guard }: Compiled, options: MachineOptions): Machine {
  return guard("beginning the run", () => {
    const machine = new Machine(program, options);
    start(machine);
    return machine;
  });
}

/** Runs a machine that was started to its end, in turns. What comes out does not depend on who looks, or how often. */
export async function watchedRun({ guard }: Compiled, machine: Machine, watch: Watch): Promise<void> {
  while (!guard("a turn of the run", () => advanceFor(machine, TURN))) await watch(machine.completed);
}

/** Runs for about so many milliseconds; true when nothing is left to do. */
function advanceFor(machine: Machine, milliseconds: number): boolean {
  const end = performance.now() + milliseconds;
  while (!advance(machine, EVENTS_PER_LOOK)) if (performance.now() >= end) return false;
  return true;
}
