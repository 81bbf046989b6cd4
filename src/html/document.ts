import { html, jsonInScript, Markup, NOTHING, type Piece } from "./markup.js";
import { DATA_ID, type PageData } from "./page-data.js";
import { chapterMarkup, type Chapter } from "./sections.js";
import { STYLE } from "./style.js";

/** What makes a page work, taken as arguments so that the page is a function of its data alone. */
export interface PageTools {
  /** Text of the script; null gives a page with tables and no charts. */
  readonly script: string | null;
  /** SHA-256 of a text in base64, by which the page's policy allows its own script and style and no others. */
  readonly sha256: (text: string) => string;
}

export interface Page {
  readonly title: string;
  /** Below the title: what this is and how it came about. */
  readonly lead: Piece;
  readonly chapters: readonly Chapter[];
  readonly data: PageData;
}

/**
 * One HTML file that needs nothing besides itself. Its policy forbids every request and every script and style but its own, so that text
 * which escaped its escaping could still do nothing.
 */
export function documentOf({ title, lead, chapters, data }: Page, { script, sha256 }: PageTools): string {
  const policy = [
    "default-src 'none'", `script-src ${script === null ? "'none'" : `'sha256-${sha256(script)}'`}`, `style-src 'sha256-${sha256(STYLE)}'`, "img-src data:",
    "base-uri 'none'", "form-action 'none'",
  ];
  const scripts = script === null ? NOTHING : html`<script type="application/json" id="${DATA_ID}">${new Markup(jsonInScript(data))}</script>
<script>${new Markup(script)}</script>
`;
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(policy.join("; "))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header><h1>${title}</h1>
${lead}</header>
<nav aria-label="Contents"><ul>${chapters.map((one) => html`<li><a href="#${one.id}">${one.title}</a></li>`)}</ul></nav>
<main id="content">
${chapters.map(chapterMarkup)}</main>
${scripts}</body>
</html>
`.text;
}
