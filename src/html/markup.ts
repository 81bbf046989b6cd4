/** A piece of HTML that is safe to show: everything in it that came from elsewhere is escaped. */
export class Markup {
  constructor(readonly text: string) {}
}

/** What may stand in a template: text and numbers are escaped, pieces of HTML are taken as they are, null is nothing. */
export type Piece = Markup | string | number | null | readonly Piece[];

/** A template of HTML. Attributes must be quoted; whatever is filled in is escaped for text and for quoted attributes alike. */
export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  return new Markup(strings.reduce((before, string, index) => before + textOf(pieces[index - 1] ?? null) + string));
}

export const NOTHING = new Markup("");

export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;").replaceAll("'", "&#39;");
}

/** Data as JSON that no text in it can end: a script element ends at the first "</script", whatever surrounds it. */
export function jsonInScript(data: unknown): string {
  return JSON.stringify(data).replaceAll("<", "\\u003c").replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}

function textOf(piece: Piece): string {
  if (piece === null) return "";
  if (piece instanceof Markup) return piece.text;
  if (typeof piece === "string") return escaped(piece);
  return typeof piece === "number" ? String(piece) : piece.map(textOf).join("");
}
