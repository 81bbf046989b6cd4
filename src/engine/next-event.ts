import { InternalFault, WirelatError } from "../errors/index.js";
import type { Machine } from "./machine.js";

/** More events than this without time moving on is a loop without delay. */
const MAX_EVENTS_AT_ONE_TIME = 1_000_000;

/**
 * Takes events until one resumes a token, and makes it the present: the token, or -1 when the turn's events are used up
 * or nothing is pending any more, which `machine.done` then says.
 */
export function nextToken(machine: Machine): number {
  const { agenda } = machine;
  const { calendar } = agenda;
  while (machine.events < machine.turnEnds) {
    if (calendar.size === 0) {
      settle(machine);
      return -1;
    }
    const before = calendar.time;
    const payload = calendar.pop();
    if (calendar.time === before) {
      machine.ties++;
      if (++machine.atOnce > MAX_EVENTS_AT_ONE_TIME) throw new WirelatError("zero-delay-loop", `more than ${MAX_EVENTS_AT_ONE_TIME} events at ${before} ps: a loop without delay`);
    } else {
      if (calendar.time < before) throw new InternalFault(`an event at ${calendar.time} ps came after one at ${before} ps`);
      machine.atOnce = 0;
    }
    machine.events++;
    const token = payload < 0 ? machine.expireTimer(~payload) : payload;
    if (token >= 0) return token;
  }
  return -1;
}

/** Nothing is pending: every message must have ended. */
function settle(machine: Machine): void {
  machine.done = true;
  const { tokens } = machine;
  if (tokens.live === 0) return;
  throw new InternalFault(`${tokens.live} messages never ended: each waits for something that nobody gives back`);
}
