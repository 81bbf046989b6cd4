import type { ExpectationResult, Result } from "../result/index.js";
import { pointText, runName } from "../result/index.js";
import type { Page } from "./style.js";
import { wrap } from "./text-width.js";
import { percentText } from "./time-text.js";

/** The expectations with ✓ or ✗, what was found, the reason and the citation; failed ones also say where they are written. */
export function expectationSection(result: Result, page: Page): string[] {
  if (result.expectations.length === 0) return [];
  const failed = result.expectations.filter((one) => !one.held).length;
  const held = result.expectations.length - failed;
  const verdict = failed === 0 ? page.style.green(`${held} held`) : `${held} held, ${page.style.red(`${failed} failed`)}`;
  return [`${page.style.bold("Expectations")}  ${verdict}`, "", ...result.expectations.flatMap((one) => expectationLines(one, page))];
}

function expectationLines(one: ExpectationResult, page: Page): string[] {
  const { style, columns } = page;
  const at = pointText(one.point);
  const [first = "", ...rest] = wrap(one.check + (at === "" ? "" : ` at ${at}`), columns - 2, "  ");
  const mark = one.held ? style.green("✓") : style.red("✗");
  const loud = one.held ? (text: string): string => text : style.red;
  const because = `because ${one.because}${one.cite === null ? "" : ` [${one.cite}]`}`;
  return [
    `${mark} ${loud(first)}`, ...rest.map((line) => `  ${loud(line)}`),
    ...indented(`found ${one.found}`, columns).map(one.held ? style.dim : loud),
    ...indented(because, columns).map(style.dim),
    ...(one.held ? [] : indented(one.place, columns).map(style.dim)),
  ];
}

function indented(text: string, columns: number): string[] {
  return wrap(text, columns - 4, "  ").map((line) => `    ${line}`);
}

/** What the reader must know before believing the numbers. */
export function warningSection(result: Result, page: Page): string[] {
  if (result.warnings.length === 0) return [];
  const lines = result.warnings.flatMap((warning) => wrap(`! ${warning}`, page.columns, "  "));
  return [page.style.bold("Warnings"), "", ...lines.map(page.style.yellow)];
}

/** How much of the zero-load latency rests on estimates, run by run where they differ, and the sources of the rest. */
export function evidenceSection(result: Result, page: Page): string[] {
  if (result.runs.length === 0) return [];
  const shares = new Map<string, string[]>();
  for (const run of result.runs) {
    const share = percentText(run.evidence.estimated);
    shares.set(share, [...(shares.get(share) ?? []), runName(run)]);
  }
  const sentences = [...shares].map(([share, names]) =>
    shares.size === 1 ? `${share} % of the zero-load latency rests on estimates.` : `${share} % of the zero-load latency rests on estimates: ${names.join("; ")}.`);
  const sources = [...new Set([...result.scenario.source, ...result.runs.flatMap((run) => run.evidence.sources)])].sort();
  const lines = [...sentences, ...(sources.length > 0 ? [`Sources: ${sources.join(", ")}.`] : [])];
  return [page.style.bold("Evidence"), "", ...lines.flatMap((line) => wrap(line, page.columns, "  "))];
}
