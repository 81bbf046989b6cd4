import { InternalFault } from "../errors/index.js";
import { chosen } from "./chosen.js";
import { drawn } from "./drawn.js";
import { interpreter, type Calls } from "./interpreter.js";
import type { Machine } from "./machine.js";
import { nextToken } from "./next-event.js";
import { lateness } from "./stages.js";
import { computed, forkBranches, holdServer, joinBranch, leaveCarrier, pollBatch, scatterUnits } from "./steps.js";

/** From so many messages on, a run gains more by an interpreter of its own than compiling it takes. */
const LONG = 200_000;

const CALLS: Calls = { chosen, computed, drawn, elsewhere, forkBranches, holdServer, joinBranch, lateness, leaveCarrier, nextToken, pollBatch, scatterUnits, unknown };

const TEXT = interpreter.toString();
/** Where sources are run file by file, as the tests run them, enums are objects of other modules, which the text alone does not know. */
const STANDS_ALONE = !TEXT.includes("case OP.");
let made = 0;

/**
 * A maker of interpreters that nobody else has. What a function finds around it V8 takes for constants as long as its maker has made only
 * one: the addresses of all arrays are then in the compiled code, and a long run takes a fifth less. So each long run evaluates the
 * maker's text anew, under another name: V8 would give it again what it evaluated before.
 */
function ownMaker(): typeof interpreter {
  try {
    return new Function(`"use strict"; return ${TEXT}\n//# sourceURL=wirelat-interpreter-${made++}`)() as typeof interpreter;
  } catch (error) {
    // The process was started with --disallow-code-generation-from-strings.
    if (error instanceof EvalError) return interpreter;
    throw error;
  }
}

/** Gives the machine an interpreter that knows its records where they are now. */
export function knowRecords(machine: Machine): void {
  const { ints, reals } = machine.tokens;
  if (machine.known === ints) return;
  machine.known = ints;
  const make = STANDS_ALONE && machine.options.messages >= LONG ? ownMaker() : interpreter;
  machine.execute = make(machine, { ints, reals }, CALLS);
}

/** The records have moved to larger arrays: an interpreter that knows those goes on. */
function elsewhere(machine: Machine, token: number, others: boolean): void {
  knowRecords(machine);
  machine.execute(token, others);
}

function unknown(op: number, pc: number): never {
  throw new InternalFault(`no such instruction: ${op} at ${pc}`);
}
