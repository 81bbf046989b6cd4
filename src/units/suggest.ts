import { DIMENSION_NAMES, DIMENSIONS, type Dimension } from "./dimensions.js";

/** Words people write for units that have one spelling here. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ["sec", "s"], ["second", "s"], ["seconds", "s"], ["usec", "us"], ["msec", "ms"], ["nsec", "ns"], ["psec", "ps"],
  ["microseconds", "us"], ["milliseconds", "ms"], ["nanoseconds", "ns"], ["picoseconds", "ps"],
  ["minute", "min"], ["minutes", "min"], ["mins", "min"], ["hour", "h"], ["hours", "h"], ["hr", "h"],
  ["byte", "B"], ["bytes", "B"], ["bits", "bit"], ["hertz", "Hz"], ["clocks", "cycles"],
  ["meter", "m"], ["meters", "m"], ["metre", "m"], ["metres", "m"], ["percent", "%"],
  ["dollar", "USD"], ["dollars", "USD"], ["bucks", "buck"], ["msgs/s", "msg/s"],
]);

/**
 * The accepted unit that `text` was probably meant to be, or undefined when nothing is near.
 * Looks in one dimension, or in all of them when none is named. "Mbits/s" -> "Mbit/s", "USEC" -> "us".
 */
export function suggestUnit(text: string, dimension?: Dimension): string | undefined {
  const accepted = dimension === undefined ? everyUnit() : [...DIMENSIONS[dimension].units.keys()];
  const small = text.toLowerCase();
  const word = WORDS.get(small);
  if (word !== undefined && accepted.includes(word)) return word;
  const sameLetters = accepted.find((unit) => unit !== "" && unit.toLowerCase() === small);
  if (sameLetters !== undefined) return sameLetters;
  // A short unit is near to everything; a third of the letters may differ, and two at most.
  const allowed = Math.min(2, Math.floor(text.length / 3));
  let nearest: { unit: string; distance: number } | undefined;
  for (const unit of accepted) {
    const distance = editDistance(small, unit.toLowerCase());
    if (unit !== "" && distance <= allowed && distance < (nearest?.distance ?? Infinity)) nearest = { unit, distance };
  }
  return nearest?.unit;
}

/** The dimensions that accept exactly this unit, in the order of the table. */
export function dimensionsOf(unit: string): readonly Dimension[] {
  return DIMENSION_NAMES.filter((name) => DIMENSIONS[name].units.has(unit));
}

function everyUnit(): string[] {
  return DIMENSION_NAMES.flatMap((name) => [...DIMENSIONS[name].units.keys()]);
}

/** Letters to insert, delete, change or swap with their neighbour to turn one text into the other. */
function editDistance(left: string, right: string): number {
  const rows: number[][] = [Array.from({ length: right.length + 1 }, (_, column) => column)];
  const at = (line: number, column: number): number => rows[line]?.[column] ?? Infinity;
  for (let line = 1; line <= left.length; line += 1) {
    const row = [line];
    rows.push(row);
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[line - 1] === right[column - 1];
      const swapped = left[line - 1] === right[column - 2] && left[line - 2] === right[column - 1];
      row.push(Math.min(
        at(line - 1, column - 1) + (same ? 0 : 1),
        at(line - 1, column) + 1,
        at(line, column - 1) + 1,
        swapped ? at(line - 2, column - 2) + 1 : Infinity,
      ));
    }
  }
  return at(left.length, right.length);
}
