const ZERO_WIDTH: readonly (readonly [number, number])[] = [[0x300, 0x36f], [0x200b, 0x200f], [0xfe00, 0xfe0f]];

// East Asian wide and full-width blocks, and pictographs: two columns each on a terminal.
const DOUBLE_WIDTH: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f], [0x2e80, 0xa4cf], [0xac00, 0xd7a3], [0xf900, 0xfaff], [0xfe30, 0xfe6f], [0xff00, 0xff60], [0xffe0, 0xffe6],
  [0x1f300, 0x1faff], [0x20000, 0x3fffd],
];

function within(ranges: readonly (readonly [number, number])[], code: number): boolean {
  return ranges.some(([low, high]) => code >= low && code <= high);
}

function characterWidth(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (within(ZERO_WIDTH, code)) return 0;
  return within(DOUBLE_WIDTH, code) ? 2 : 1;
}

/** Most texts: every character takes one column, and one unit of the string. */
const PLAIN = /^[\u0000-\u02ff]*$/u;

/** Columns the text takes on a terminal; the text must hold no escape codes. */
export function textWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** The text in at most `width` columns; what is cut off is marked by "…". */
export function clip(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let kept = "";
  let used = 0;
  for (const character of text) {
    const next = characterWidth(character);
    if (used + next > width - 1) break;
    kept += character;
    used += next;
  }
  return width < 1 ? "" : `${kept.trimEnd()}…`;
}

/** The text in at most `width` columns, cut in the middle: for names whose beginning and end both tell them apart. */
export function clipMiddle(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  if (width < 5) return clip(text, width);
  const characters = [...text];
  const tail: string[] = [];
  for (let used = 0; characters.length > 0; ) {
    const last = characters.pop() ?? "";
    used += characterWidth(last);
    if (used > Math.floor((width - 1) / 2)) break;
    tail.unshift(last);
  }
  const end = tail.join("");
  return clip(text, width - textWidth(end)) + end;
}

/** The text clipped and padded to exactly `width` columns. */
export function fit(text: string, width: number, align: "left" | "right"): string {
  const clipped = clip(text, width);
  const space = " ".repeat(Math.max(0, width - textWidth(clipped)));
  return align === "left" ? clipped + space : space + clipped;
}

/**
 * The text broken at spaces into lines of at most `width` columns; later lines are indented, words too long are clipped.
 * A no-break space holds a number and its unit together and is printed as a space.
 */
export function wrap(text: string, width: number, indent = ""): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/[ \t\r\n]+/u).filter((one) => one !== "")) {
    const joined = line === "" ? word : line.trim() === "" ? line + word : `${line} ${word}`;
    if (textWidth(joined) <= width) {
      line = joined;
      continue;
    }
    if (line.trim() !== "") lines.push(line);
    line = clip((lines.length > 0 ? indent : "") + word, width);
  }
  if (line.trim() !== "") lines.push(line);
  return lines.map((one) => one.replaceAll("\u00a0", " "));
}
