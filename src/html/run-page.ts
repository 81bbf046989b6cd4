import { notes, plural, type Chapter } from "./sections.js";
import { chartsChapter, scriptNote } from "./chart-section.js";
import { costsChapter, resourcesChapter } from "./costs-section.js";
import { documentOf, type PageTools } from "./document.js";
import { explorerChapter } from "./explorer-section.js";
import { allLeftOut, firstsFirst, fitting, within, type Extent } from "./extent.js";
import { html, type Markup } from "./markup.js";
import { pageCharts } from "./page-data.js";
import { runsChapter } from "./runs-section.js";
import { timeChapter } from "./time-section.js";
import { evidenceChapter, expectationsChapter, warningsChapter, type Sources } from "./verdict-section.js";
import type { Explored } from "../experiment/index.js";
import { isSummary, runName, type Result, type RunResult } from "../result/index.js";

/** More runs than this are not shown part by part, so that a large sweep still gives a page that opens at once. */
const MOST_DETAILED = 24;

/** What a page of a run is made of besides its result. */
export interface RunPage {
  readonly result: Result;
  readonly explored: readonly Explored[];
  readonly sources: Sources;
  /** The scenario as it was written; null where it is not at hand. */
  readonly scenario: ScenarioText | null;
}

export interface ScenarioText {
  readonly name: string;
  readonly text: string;
}

/** The page of a result: everything that the report says, and more, in one file; of very many runs as much as fits, and what was left out. */
export function runPage(page: RunPage, tools: PageTools): string {
  return fitting(page.result.runs.length, (extent) => pageWithin(page, extent, tools));
}

function pageWithin(page: RunPage, extent: Extent, tools: PageTools): string {
  const { sources } = page;
  const result = within(page.result, extent);
  const missing = allLeftOut([page.result], [result], extent);
  const [explored, scenario] = extent.extras ? [page.explored, page.scenario] : [[], null];
  const data = { kind: "run", result, explored } as const;
  const detailed = detailedRuns(result);
  const explorer = explorerChapter(explored);
  const chapters: Chapter[] = [
    runsChapter(result), chartsChapter(pageCharts({ ...data, explored: [] })), timeChapter(detailed), costsChapter(result), resourcesChapter(detailed),
    ...(explorer === null ? [] : [explorer]),
    expectationsChapter(result, sources), warningsChapter([...result.warnings, ...withoutParts(result, detailed), ...missing]), evidenceChapter([result], sources),
    ...(scenario === null ? [] : [scenarioChapter(scenario)]),
  ];
  return documentOf({ title: result.scenario.title, lead: [lead(page.result, tools), notes(missing)], chapters, data }, tools);
}

function lead(result: Result, { script }: PageTools): Markup {
  const { scenario, seed, inputs, version, runs } = result;
  return html`<p>${scenario.about}</p>
<p class="facts">${scenario.id} · ${scenario.level} · seed ${seed} · ${plural(runs.length, "run")} · inputs <code>${inputs.slice(0, 12)}</code> · wirelat ${version}</p>
${scriptNote(script !== null)}`;
}

/** The first of each variant before further sweep points. */
function detailedRuns({ runs }: Result): RunResult[] {
  const chosen = new Set(firstsFirst(runs.filter((run) => !isSummary(run))).slice(0, MOST_DETAILED));
  return runs.filter((run) => chosen.has(run));
}

function withoutParts({ runs }: Result, detailed: readonly RunResult[]): string[] {
  const rest = runs.filter((run) => !detailed.includes(run));
  return rest.length === 0 ? [] : [`${plural(rest.length, "run")} without parts and resources on this page (${rest.slice(0, 3).map(runName).join("; ")} …); result.json holds them.`];
}

/** The scenario as it was written. */
function scenarioChapter({ name, text }: ScenarioText): Chapter {
  return { id: "scenario", title: "Scenario", body: html`<h3>${name}</h3>
<pre tabindex="0" role="region" aria-label="Source of ${name}"><code>${text}</code></pre>
` };
}
