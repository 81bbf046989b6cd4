/** The groups of the glossary, in the order of the page. */
export const GROUPS = [
  "Latency statistics", "Segment kinds", "Costs", "Resources", "Processor time", "Report of a run", "Comparison", "Explanation", "Models", "Functions of expectations",
  "Charts", "Axes of charts", "Files for other tools", "Fields of result.json", "Fields of a comparison",
] as const;
export type Group = (typeof GROUPS)[number];

/** Something that reports, charts or files show, and what it means. */
export interface Term {
  /** As it is shown, e.g. "copies"; a heading of two lines is one word or words with spaces. */
  readonly name: string;
  /** Other spellings of the same: of the account, of the field, of the heading. */
  readonly also: readonly string[];
  readonly group: Group;
  /** What it is measured in; "none" where it is no quantity. */
  readonly unit: string;
  readonly meaning: string;
  /** How it is worked out, or where it is taken from. */
  readonly how: string;
}

/** What a group's table states of a term: name, unit, meaning, how, and other spellings. */
type Line = readonly [name: string, unit: string, meaning: string, how: string, ...also: string[]];

/** The terms of one group. */
export function terms(group: Group, lines: readonly Line[]): Term[] {
  return lines.map(([name, unit, meaning, how, ...also]) => ({ name, also, group, unit, meaning, how }));
}
