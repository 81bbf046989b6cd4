import { runName, type ComparedPath, type PrecisionResult, type Result, type RunResult } from "../result/index.js";
import { formatCount } from "../units/index.js";
import type { Page } from "./style.js";
import { wrap } from "./text-width.js";
import { percentText } from "./time-text.js";

/** How often each run was repeated and how narrow its intervals became; nothing where every run was made once and no more was asked. */
export function precisionSection(result: Result, page: Page): string[] {
  return section(result.runs.map((run) => ({ name: runName(run), run })), page);
}

/** The same of the paths of a comparison, whose goals are told with their differences. */
export function pathRepetitions(paths: readonly ComparedPath[], page: Page): string[] {
  return section(paths.map(({ name, run }) => ({ name, run })).filter(({ run }) => run.seeds.length > 0), page);
}

function section(runs: readonly { readonly name: string; readonly run: RunResult }[], page: Page): string[] {
  if (runs.every(({ run }) => run.seeds.length < 2 && run.precision.length === 0)) return [];
  const lines = runs.flatMap(({ name, run }) => wrap(`${name}: ${[repetition(run), ...run.precision.map((one) => `${goalText(one, `${one.of} of ${one.metric}`)}${one.held ? "" : ": not reached"}`)].join("; ")}`, page.columns, "  "));
  return [`${page.style.bold("Replications")}  independent runs with other random numbers, merged`, "", ...lines];
}

function repetition({ seeds, messages }: RunResult): string {
  const each = messages.sent / seeds.length;
  const length = `${Number.isInteger(each) ? "" : "about "}${formatCount(Math.round(each))} messages`;
  return `${seeds.length === 1 ? "1 replication" : `${seeds.length} replications`} of ${length}, ${formatCount(messages.measured)} measured`;
}

/** How narrow an interval became, and was to be. */
function goalText({ asked, reached }: PrecisionResult, what: string): string {
  return `${what} ${reached === null ? "no interval" : `± ${percentText(reached)} %`}, asked ± ${percentText(asked)} %`;
}

/** What came of the goals of a difference, and why one was not reached. */
export function differenceGoals(precision: readonly PrecisionResult[]): string[] {
  return precision.map((one) => {
    const verdict = one.held ? "reached" : one.reached === null ? "not reached, because the runs are too short for an interval: give more --messages" : "not reached, because the limit of messages was: raise --max-messages";
    return `${goalText(one, `Difference of ${one.of}`)} of what it was before: ${verdict}.`;
  });
}
