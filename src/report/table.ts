import type { Paint, Page } from "./style.js";
import { clip, clipMiddle, fit, textWidth } from "./text-width.js";

/** A column of a text table. */
export interface Column {
  /** Heading; several lines are separated by "\n". */
  readonly head: string;
  readonly align: "left" | "right";
  /** The column may be narrowed, to this many columns before others are left out; without it it keeps its natural width. */
  readonly least?: number;
  /** Where a narrowed cell is cut; the end if not said. */
  readonly cut?: "middle";
  /** The column may be left out when space is short; higher numbers go first. */
  readonly drop?: number;
}

/** Text, text with a look, or something that draws itself in the width it is given (`width` is what it would like). */
export type Cell = string | { readonly text: string; readonly paint: Paint } | { readonly draw: (width: number) => string; readonly width: number };

export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** Rows under a rule, e.g. totals. */
  readonly foot?: readonly (readonly Cell[])[];
}

/** The lines of a table, and the headings of columns that did not fit. */
export interface RenderedTable {
  readonly lines: readonly string[];
  readonly dropped: readonly string[];
}

const GAP = "  ";
const STUMP = 5;

/** Columns the table takes when nothing is narrowed or left out. */
export function naturalWidth(table: Table): number {
  return total(table.columns.map((_, index) => naturalColumn(table, index)));
}

/** The table in at most `page.columns` columns: text columns are narrowed first, then columns are left out, the least needed first. */
export function renderTable(table: Table, page: Page): RenderedTable {
  const natural = table.columns.map((_, index) => naturalColumn(table, index));
  const kept = keptColumns(table.columns, natural, page.columns);
  const widths = narrowed(table.columns, natural, kept, page.columns);
  const line = (cells: readonly Cell[]): string =>
    clipLine(kept.map((index) => cellText(cells[index] ?? "", widths[index] ?? 0, table.columns[index])), page.columns);
  const rule = page.style.dim("─".repeat(Math.min(page.columns, total(kept.map((index) => widths[index] ?? 0)))));
  const heads = headLines(table.columns).map((cells) => line(cells.map((text) => ({ text, paint: page.style.bold }))));
  const foot = table.foot ?? [];
  return {
    lines: [...heads, rule, ...table.rows.map(line), ...(foot.length > 0 ? [rule, ...foot.map(line)] : [])],
    dropped: table.columns.filter((_, index) => !kept.includes(index)).map((column) => column.head.replaceAll("\n", " ")),
  };
}

function headLines(columns: readonly Column[]): string[][] {
  const heads = columns.map((column) => column.head.split("\n"));
  const height = heads.reduce((most, lines) => Math.max(most, lines.length), 1);
  return Array.from({ length: height }, (_, row) => heads.map((lines) => lines[row - (height - lines.length)] ?? ""));
}

function naturalColumn(table: Table, index: number): number {
  const heads = (table.columns[index]?.head ?? "").split("\n").map(textWidth);
  const cells = [...table.rows, ...(table.foot ?? [])].map((row) => cellWidth(row[index] ?? ""));
  return [...heads, ...cells].reduce((most, width) => Math.max(most, width), 1);
}

function cellWidth(cell: Cell): number {
  if (typeof cell === "string") return textWidth(cell);
  return "draw" in cell ? cell.width : textWidth(cell.text);
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + GAP.length * Math.max(0, widths.length - 1);
}

function leastOf(column: Column | undefined, natural: number): number {
  return Math.min(natural, column?.least ?? natural);
}

function keptColumns(columns: readonly Column[], natural: readonly number[], limit: number): number[] {
  let kept = columns.map((_, index) => index);
  const droppable = kept.filter((index) => columns[index]?.drop !== undefined).sort((a, b) => (columns[b]?.drop ?? 0) - (columns[a]?.drop ?? 0));
  for (const next of droppable) {
    if (total(kept.map((index) => leastOf(columns[index], natural[index] ?? 0))) <= limit) break;
    kept = kept.filter((index) => index !== next);
  }
  return kept;
}

function narrowed(columns: readonly Column[], natural: readonly number[], kept: readonly number[], limit: number): number[] {
  const widths = [...natural];
  // First down to what each column would like to keep, then down to a stump.
  for (const floor of [(index: number) => leastOf(columns[index], natural[index] ?? 0), (index: number) => stumpOf(columns[index], natural[index] ?? 0)]) {
    const slack = (index: number): number => (widths[index] ?? 0) - floor(index);
    for (let excess = total(kept.map((index) => widths[index] ?? 0)) - limit; excess > 0; excess--) {
      const loosest = kept.reduce((best, index) => (slack(index) > slack(best) ? index : best), kept[0] ?? 0);
      if (slack(loosest) <= 0) break;
      widths[loosest] = (widths[loosest] ?? 0) - 1;
    }
  }
  return widths;
}

function stumpOf(column: Column | undefined, natural: number): number {
  return column?.least === undefined ? natural : Math.min(natural, STUMP);
}

interface Piece {
  readonly text: string;
  readonly paint: Paint | null;
}

function cellText(cell: Cell, width: number, column: Column | undefined): Piece {
  const place = (text: string): string => fit(column?.cut === "middle" ? clipMiddle(text, width) : text, width, column?.align ?? "left");
  if (typeof cell === "string") return { text: place(cell), paint: null };
  if ("draw" in cell) return { text: place(cell.draw(width)), paint: null };
  return { text: place(cell.text), paint: cell.paint };
}

// The last resort: where even the narrowest table is too wide, the line is cut, so that a terminal never wraps it.
function clipLine(pieces: readonly Piece[], limit: number): string {
  let room = limit;
  let line = "";
  for (const [index, piece] of pieces.entries()) {
    const text = clip((index === 0 ? "" : GAP) + piece.text, room);
    room -= textWidth(text);
    line += piece.paint === null || text.trim() === "" ? text : piece.paint(text);
  }
  return line.trimEnd();
}
