import { html, type Markup, NOTHING, type Piece } from "./markup.js";

/** A chapter of the page, which the list of contents names. */
export interface Chapter {
  readonly id: string;
  readonly title: string;
  readonly body: Piece;
}

/** The chapter as a landmark. */
export function chapterMarkup({ id, title, body }: Chapter): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>
${body}</section>
`;
}

/** Notes in small letters below a table. */
export function notes(sentences: readonly Piece[]): Markup {
  if (sentences.length === 0) return NOTHING;
  return html`<ul class="notes">${sentences.map((one) => html`<li>${one}</li>`)}</ul>`;
}

/** What can be folded away; printed it is open. */
export function folded(title: Piece, body: Piece, open: boolean): Markup {
  return html`<details${open ? html` open` : NOTHING}><summary>${title}</summary>
${body}</details>
`;
}

export function plural(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}
