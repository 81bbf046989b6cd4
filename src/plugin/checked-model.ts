import { WirelatError, WirelatErrors } from "../errors/index.js";
import { type Model, type Operation, type Step, type Traffic } from "../modeling/index.js";
import { TimeIsUp, withinTime } from "./time-limit.js";

/** Whose code runs, and how long it may. */
export interface Suspect {
  readonly plugin: string;
  /** Milliseconds for one call. */
  readonly limit: number;
}

/** Runs what may call code of a plug-in. Throws `plugin-endless`. */
export function endInTime<T>({ plugin, limit }: Suspect, what: string, action: () => T): T {
  try {
    return withinTime(limit, action);
  } catch (error) {
    if (!(error instanceof TimeIsUp)) throw error;
    throw new WirelatError("plugin-endless", `the plug-in ${plugin} was stopped: ${what} was ${error.message}`, { remedy: "Look for a loop that does not end." });
  }
}

/** Runs code of a plug-in. Throws `plugin-endless`, and `plugin-failed` for whatever it throws that is not a refusal of the input. */
export function attempt<T>(suspect: Suspect, what: string, action: () => T): T {
  try {
    return endInTime(suspect, what, action);
  } catch (error) {
    if (error instanceof WirelatErrors) throw error;
    if (error instanceof WirelatError && error.code !== "plugin-failed" && error.code !== "plugin-unreadable") throw error;
    throw failure(suspect.plugin, what, error);
  }
}

function failure(plugin: string, what: string, error: unknown): WirelatError {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof WirelatError ? error.code : "plugin-failed";
  const place = error instanceof WirelatError && error.place !== undefined ? ` (line ${error.place.line}, column ${error.place.column})` : "";
  return new WirelatError(code, `the plug-in ${plugin} failed: ${what}: ${message}${place}`, { remedy: "Correct the plug-in, or leave it out.", cause: error });
}

/** The model with its functions watched: they end in time, and what they give are parts and steps. */
export function watchedModel(model: Model, suspect: Suspect): Model {
  const operations = Object.entries(model.operations).map(([name, operation]): [string, Operation] => [name, {
    ...operation,
    steps: (context) => attempt(suspect, `${name} of ${model.name}`, () => checkedSteps(operation.steps(context))),
  }]);
  return {
    ...model,
    parts: (context) => attempt(suspect, `parts of ${model.name}`, () => checkedParts(model.parts(context))),
    operations: Object.fromEntries(operations),
  };
}

export function watchedTraffic(traffic: Traffic, suspect: Suspect): Traffic {
  return { ...traffic, arrivals: (context) => attempt(suspect, `arrivals of ${traffic.name}`, () => traffic.arrivals(context)) };
}

function checkedParts(parts: ReturnType<Model["parts"]>): ReturnType<Model["parts"]> {
  const wrong = Object.entries(parts).find(([, part]) => typeof (part as { primitive?: unknown } | null)?.primitive !== "string");
  if (wrong !== undefined) throw new Error(`${wrong[0]} is no part: make it with stage, pipe, bus, pool, batch, server, cache, clock or order`);
  return parts;
}

function checkedSteps(steps: readonly Step[]): readonly Step[] {
  if (!Array.isArray(steps)) throw new Error(`it gives ${steps === undefined ? "nothing" : "no list"} where a list of steps is expected`);
  for (const step of steps as readonly (Step | null | undefined)[]) {
    if (typeof step !== "object" || step === null || typeof step.step !== "string") throw new Error(`${JSON.stringify(step)} is no step: make it with delay, claim, use and the like`);
    for (const inner of bodiesOf(step)) checkedSteps(inner);
  }
  return steps;
}

function bodiesOf(step: Step): readonly (readonly Step[])[] {
  if (step.step === "choose") return [step.yes, step.no];
  if (step.step === "all" || step.step === "race") return step.branches;
  if (step.step === "spawn" || step.step === "repeat" || step.step === "in-parallel") return [step.body];
  return [];
}
