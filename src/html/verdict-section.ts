import { percentText } from "../report/index.js";
import { pointText, runName, type ExpectationResult, type Result } from "../result/index.js";
import type { Source } from "../scenario/index.js";
import { html, type Markup, NOTHING, type Piece } from "./markup.js";
import { notes, plural, type Chapter } from "./sections.js";
import { htmlTable } from "./sortable-table.js";

/** The bibliography as far as a page may need it: key of a citation -> entry. */
export type Sources = ReadonlyMap<string, Source>;

/** What was expected, whether it held, what was found, and why it should. */
export function expectationsChapter(result: Result, sources: Sources): Chapter {
  const failed = result.expectations.filter(({ held }) => !held).length;
  const verdict = html`<p>${plural(result.expectations.length - failed, "expectation")} held${failed === 0 ? "." : html`, <strong class="failed">${failed} failed</strong>.`}</p>`;
  const body = result.expectations.length === 0 ? html`<p>The scenario expects nothing, or what it expects speaks of runs that were not made.</p>` : [verdict, expectationTable(result.expectations, sources)];
  return { id: "expectations", title: "Expectations", body };
}

function expectationTable(expectations: readonly ExpectationResult[], sources: Sources): Markup {
  return htmlTable({
    caption: "What was expected",
    columns: [{ head: "check", kind: "text" }, { head: "verdict", kind: "text" }, { head: "at", kind: "text" }, { head: "found", kind: "text" }, { head: "because", kind: "text" }, { head: "where", kind: "text" }],
    rows: expectations.map((one) => [
      { show: html`<code>${one.check}</code>`, sort: one.check },
      { show: html`<span class="${one.held ? "held" : "failed"}">${one.held ? "✓ held" : "✗ failed"}</span>`, sort: one.held ? 1 : 0 },
      pointText(one.point), one.found,
      { show: html`${one.because}${one.cite === null ? NOTHING : html` ${citation(one.cite, sources)}`}`, sort: one.because },
      { show: html`<small class="place">${one.place.replace(/^.*\//u, "")}</small>`, sort: one.place },
    ]),
  });
}

/** A citation in brackets, leading to the entry of the list of sources. */
function citation(key: string, sources: Sources): Markup {
  return sources.has(key) ? html`<a href="#source-${key}">[${key}]</a>` : html`[${key}]`;
}

/** What the reader must know before believing the numbers; none is good news and said. */
export function warningsChapter(warnings: readonly string[]): Chapter {
  return { id: "warnings", title: "Warnings", body: warnings.length === 0 ? html`<p>None.</p>` : html`<ul class="warnings">${warnings.map((one) => html`<li>${one}</li>`)}</ul>` };
}

/** How much rests on estimates, and the sources that the results and their expectations name. */
export function evidenceChapter(results: readonly Result[], sources: Sources): Chapter {
  const cited = new Set(results.flatMap((result) => [
    ...result.scenario.source, ...result.runs.flatMap((run) => run.evidence.sources), ...result.expectations.flatMap(({ cite }) => (cite === null ? [] : [cite])),
  ]));
  const keys = [...cited].sort();
  const list = html`<dl class="sources">${keys.map((key) => entry(key, sources.get(key)))}</dl>`;
  return { id: "evidence", title: "Evidence and sources", body: [notes(results.flatMap(shares)), keys.length === 0 ? html`<p>No source is cited.</p>` : list] };
}

function shares(result: Result): string[] {
  const byShare = new Map<string, string[]>();
  for (const run of result.runs) {
    const share = percentText(run.evidence.estimated);
    byShare.set(share, [...(byShare.get(share) ?? []), runName(run)]);
  }
  return [...byShare].map(([share, names]) => `${result.scenario.id}: ${share} % of the latency without load rests on estimates${byShare.size > 1 ? ` (${names.join("; ")})` : ""}.`);
}

function entry(key: string, source: Source | undefined): Piece {
  if (source === undefined) return html`<dt id="source-${key}"><code>${key}</code></dt><dd>not in the bibliography</dd>`;
  const facts = [source.by, source.year === null ? "" : String(source.year), source.where].filter((one) => one !== "").join(", ");
  return html`<dt id="source-${key}"><code>${key}</code></dt><dd><cite>${source.title}</cite>. ${facts}.${source.note === "" ? NOTHING : html` <span class="faint">${source.note}</span>`}</dd>`;
}
