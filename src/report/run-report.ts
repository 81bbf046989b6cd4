import type { Result, RunResult } from "../result/index.js";
import { copySection } from "./copy-table.js";
import { percentileSection } from "./percentile-table.js";
import { precisionSection } from "./precision-section.js";
import { dropSection, resourceSection } from "./resource-table.js";
import { pageOf, type Page, type ReportOptions } from "./style.js";
import { wrap } from "./text-width.js";
import { timeSection } from "./time-table.js";
import { expectationSection, evidenceSection, warningSection } from "./verdicts.js";

/**
 * The text that `run` prints for a result, ending in a newline: latencies, copies, where the time goes, resources, drops,
 * expectations, warnings, evidence. No line is wider than `options.columns` (40 at the least).
 */
export function reportText(result: Result, options: ReportOptions): string {
  const page = pageOf(options);
  const detailed = detailedRuns(result, page.detail);
  const sections = [
    headSection(result, page),
    percentileSection(result, page),
    precisionSection(result, page),
    copySection(result, page),
    ...detailed.flatMap((run) => run.metrics.map((metric) => timeSection(run, metric, page))),
    ...detailed.map((run) => resourceSection(run, page)),
    detailNote(result, detailed, page),
    dropSection(result, page),
    expectationSection(result, page),
    warningSection(result, page),
    evidenceSection(result, page),
  ];
  return joined(sections);
}

/** Sections with an empty line between; empty sections vanish. */
export function joined(sections: readonly (readonly string[])[]): string {
  return sections.filter((lines) => lines.length > 0).map((lines) => lines.join("\n")).join("\n\n") + "\n";
}

/** What was run: the title, the seed and the hash that names the inputs. */
export function headSection(result: Result, page: Page): string[] {
  const { scenario } = result;
  const facts = [`${scenario.id}`, `seed ${result.seed}`, `inputs ${result.inputs.slice(0, 12)}`, `wirelat ${result.version}`, plural(result.runs.length, "run")];
  return [
    ...wrap(scenario.title, page.columns).map(page.style.bold),
    ...wrap(facts.join(" · "), page.columns, "  ").map(page.style.dim),
    ...wrap(scenario.about, page.columns),
  ];
}

/** The runs to show in detail: the first of each variant before further sweep points, then in the order of the file. */
function detailedRuns(result: Result, limit: number): RunResult[] {
  const firsts = result.runs.filter((run, index) => result.runs.findIndex((other) => other.variant === run.variant) === index);
  const chosen = new Set([...firsts, ...result.runs].slice(0, Math.max(limit, 0)));
  return result.runs.filter((run) => chosen.has(run));
}

function detailNote(result: Result, detailed: readonly RunResult[], page: Page): string[] {
  const rest = result.runs.length - detailed.length;
  if (rest === 0) return [];
  return wrap(`${plural(rest, "more run")} without details here; the result file holds them.`, page.columns, "  ").map(page.style.dim);
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
