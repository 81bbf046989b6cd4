import type { SourcePlace } from "../errors/index.js";

/** Characters of a line shown in an excerpt: enough to recognise it, whatever its length. */
const EXCERPT_WIDTH = 100;
const LONGEST_PATH = 300;

/** The text of a file, able to say where an offset lies. */
export class SourceText {
  readonly #starts: number[] = [0];

  constructor(readonly file: string, readonly text: string) {
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) this.#starts.push(at + 1);
  }

  /** Line and column (from 1), the dotted path given, and the line with a caret under the offset. */
  place(offset: number, path: string): SourcePlace {
    const line = this.#lineAt(offset);
    const start = this.#starts[line] ?? 0;
    return { file: this.file, line: line + 1, column: offset - start + 1, ...(path === "" ? {} : { path: printable(path.slice(0, LONGEST_PATH)) }), excerpt: this.#excerpt(start, offset) };
  }

  #lineAt(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #excerpt(start: number, offset: number): string {
    const from = Math.max(start, offset - Math.floor(EXCERPT_WIDTH / 2));
    const window = this.text.slice(from, from + EXCERPT_WIDTH);
    const line = printable(window.split(/[\r\n]/u, 1)[0] ?? "");
    return `${line}\n${" ".repeat(offset - from)}^`;
  }
}

/** A tab, a control or a direction character would move the caret or the terminal: each is shown as one character. */
export function printable(line: string): string {
  return line.replaceAll("\t", " ").replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/gu, "\u{fffd}");
}
