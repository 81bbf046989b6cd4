import { InternalFault, WirelatError } from "../errors/index.js";
import { execute } from "./interpreter.js";
import type { Machine } from "./machine.js";

/** More events than this without time moving on is a loop without delay. */
const MAX_EVENTS_AT_ONE_TIME = 1_000_000;

/** Starts the sources. Call once, before `advance`. */
export function start(machine: Machine): void {
  machine.execute = execute;
  for (const source of machine.sources) source.start();
}

/** Executes at most `events` events; true when nothing is left to do. Throws an InternalFault when a promise of the engine is broken. */
export function advance(machine: Machine, events: number): boolean {
  const { agenda } = machine;
  const { calendar } = agenda;
  for (let count = 0; count < events; count++) {
    if (calendar.size === 0) {
      settle(machine);
      return true;
    }
    const payload = calendar.pop();
    if (calendar.time === agenda.now) {
      machine.ties++;
      if (++machine.atOnce > MAX_EVENTS_AT_ONE_TIME) throw new WirelatError("zero-delay-loop", `more than ${MAX_EVENTS_AT_ONE_TIME} events at ${agenda.now} ps: a loop without delay`);
    } else machine.atOnce = 0;
    agenda.now = calendar.time;
    agenda.rank = calendar.rank;
    machine.events++;
    const token = payload < 0 ? machine.expireTimer(~payload) : payload;
    if (token >= 0) execute(machine, token);
  }
  return false;
}

/** Runs to the end in one go. */
export function runToEnd(machine: Machine): void {
  start(machine);
  while (!advance(machine, 1_000_000));
}

/** Nothing is pending: every message must have ended. */
function settle(machine: Machine): void {
  const { tokens } = machine;
  if (tokens.live === 0) return;
  throw new InternalFault(`${tokens.live} messages never ended: each waits for something that nobody gives back`);
}
