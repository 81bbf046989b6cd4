import { GLOSSARY, termsCalled } from "../report/index.js";
import { html, type Markup, NOTHING, type Piece } from "./markup.js";

export interface HtmlColumn {
  readonly head: string;
  readonly kind: "text" | "number";
  /** What the heading stands for, shown on request; without it what the glossary says. */
  readonly about?: string;
}

/** A cell: what is shown, and what it is sorted by where that is another thing. */
export type HtmlCell = string | { readonly show: Piece; readonly sort: number | string | null };

export interface HtmlTable {
  readonly caption: string;
  readonly columns: readonly HtmlColumn[];
  /** The first cell of each names the row. */
  readonly rows: readonly (readonly HtmlCell[])[];
  readonly foot?: readonly HtmlCell[];
}

/** A table whose caption and row headings are marked as such; the script makes its column headings buttons that sort. */
export function htmlTable({ caption, columns, rows, foot }: HtmlTable): Markup {
  if (rows.length === 0) return NOTHING;
  const heads = columns.map(({ head, kind, about }) => html`<th scope="col" class="${kind}"${titleOf(about ?? meaningOf(head))}>${head}</th>`);
  const sortable = rows.length > 1 ? html` data-sortable` : NOTHING;
  return html`<div class="wide" tabindex="0" role="region" aria-label="${caption}"><table${sortable}><caption>${caption}</caption>
<thead><tr>${heads}</tr></thead>
<tbody>${rows.map((row) => rowOf(row, columns))}</tbody>
${foot === undefined ? NOTHING : html`<tfoot>${rowOf(foot, columns)}</tfoot>`}</table></div>
`;
}

const TABLES: ReadonlySet<string> = new Set(["Latency statistics", "Costs", "Resources", "Report of a run", "Comparison"]);

function meaningOf(head: string): string {
  return termsCalled(GLOSSARY, head).find(({ group }) => TABLES.has(group))?.meaning ?? "";
}

function titleOf(about: string): Markup {
  return about === "" ? NOTHING : html` title="${about}"`;
}

function rowOf(cells: readonly HtmlCell[], columns: readonly HtmlColumn[]): Markup {
  return html`<tr>${cells.map((cell, index) => cellOf(cell, columns[index]?.kind ?? "text", index === 0))}</tr>
`;
}

function cellOf(cell: HtmlCell, kind: "text" | "number", isHead: boolean): Markup {
  const show = typeof cell === "string" ? cell : cell.show;
  const sort = typeof cell === "string" ? NOTHING : html` data-sort="${cell.sort ?? ""}"`;
  return isHead ? html`<th scope="row" class="${kind}"${sort}>${show}</th>` : html`<td class="${kind}"${sort}>${show}</td>`;
}

/** A bar of this share (-1..1) of the widest, in a colour; the number stands beside it, so readers of screens are spared it. */
export function barOf(share: number, colour: string): Markup {
  const width = Math.max(0, Math.min(1, Math.abs(share))) * BAR_WIDTH;
  return html`<svg class="bar" width="${BAR_WIDTH}" height="11" aria-hidden="true"><rect width="${width.toFixed(1)}" height="11" fill="${colour}"${share < 0 ? html` fill-opacity="0.45"` : NOTHING}/></svg>`;
}

const BAR_WIDTH = 130;
