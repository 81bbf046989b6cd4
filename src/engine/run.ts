import { knowRecords } from "./interpreters.js";
import type { Machine } from "./machine.js";
import { nextToken } from "./next-event.js";

/** Starts the sources. Call once, before `advance`. */
export function start(machine: Machine): void {
  for (const source of machine.sources) source.start();
  knowRecords(machine);
}

/** Executes `events` events, or a few more that nothing else came before; true when nothing is left to do. Throws an InternalFault when a promise of the engine is broken. */
export function advance(machine: Machine, events: number): boolean {
  machine.turnEnds = machine.events + events;
  const token = nextToken(machine);
  if (token >= 0) machine.execute(token, true);
  return machine.done;
}

/** Runs to the end in one go. */
export function runToEnd(machine: Machine): void {
  start(machine);
  while (!advance(machine, 1_000_000));
}
