import { runName, type PrecisionResult, type Result, type RunResult } from "../result/index.js";
import { formatCount } from "../units/index.js";
import type { Page } from "./style.js";
import { wrap } from "./text-width.js";
import { percentText } from "./time-text.js";

/** How often each run was repeated and how narrow its intervals became; nothing where every run was made once and no more was asked. */
export function precisionSection(result: Result, page: Page): string[] {
  if (result.runs.every((run) => run.seeds.length < 2 && run.precision.length === 0)) return [];
  const lines = result.runs.flatMap((run) => wrap(`${runName(run)}: ${[repetition(run), ...run.precision.map(goal)].join("; ")}`, page.columns, "  "));
  return [`${page.style.bold("Replications")}  independent runs with other random numbers, merged`, "", ...lines];
}

function repetition({ seeds, messages }: RunResult): string {
  return `${seeds.length === 1 ? "1 replication" : `${seeds.length} replications`}, ${formatCount(messages.measured)} messages measured`;
}

function goal({ metric, of, asked, reached, held }: PrecisionResult): string {
  const width = reached === null ? "no interval" : `± ${percentText(reached)} %`;
  return `${of} of ${metric} ${width}, asked ± ${percentText(asked)} %${held ? "" : ": not reached"}`;
}
