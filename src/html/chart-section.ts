import type { NamedChart } from "../chart/index.js";
import { html, type Markup, NOTHING } from "./markup.js";
import type { Chapter } from "./sections.js";

/** The charts, each a canvas that the script draws on, with what it shows in words below. */
export function chartsChapter(charts: readonly NamedChart[]): Chapter {
  const body = charts.length === 0 ? html`<p>No run has samples.</p>` : charts.map(figureOf);
  return { id: "charts", title: "Charts", body };
}

/** Room for a chart. The script finds it by the chart's name; without a script its words still stand there. */
export function figureOf({ name, title, alt, width, height }: NamedChart): Markup {
  return html`<figure class="chart" data-chart="${name}">
<div class="paper"><canvas width="${width}" height="${height}" role="img" tabindex="0" aria-label="${title}" aria-describedby="words-${name}"></canvas></div>
<figcaption><p class="readout" role="status" hidden></p><div class="series"></div><details><summary>${title}, in words</summary><p id="words-${name}">${alt}</p></details></figcaption>
</figure>
`;
}

/** The note for a page that was written without its script. */
export function scriptNote(hasScript: boolean): Markup {
  return hasScript ? html`<noscript><p class="warnings">Charts and sorting need scripts; all tables are here without.</p></noscript>` : html`<p class="warnings">This page was written without its script, so that it has tables and no charts.</p>${NOTHING}`;
}
