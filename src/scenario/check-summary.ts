import { listed } from "./check-keys.js";
import type { Faults } from "./faults.js";
import { nearest } from "./nearest.js";
import { asList, asText, keyPlace, type Tree, type TreeMap } from "./tree.js";

export const LEVELS = ["student", "engineer", "architect"] as const;
/** What `report` may ask for: what every run gives, named for readers, and files that are written only when asked for. */
export const REPORTS = ["percentiles", "waterfall", "copy-table", "resources", "cdf", "percentile-plot", "evidence", "hgrm", "csv", "parquet"] as const;

/** What a scenario says of itself. */
export interface Summary {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly level: string;
  readonly source: readonly string[];
}

/** `stem` is the file's name without its ending: the id where none is given. */
export function checkSummary(document: TreeMap, stem: string, faults: Faults): Summary {
  const textAt = (key: string): string | null => {
    const tree = document.entries.get(key);
    return tree === undefined ? null : faults.attempt(tree.place, () => asText(tree, `\`${key}\``, `\`${key}: …\``).trim());
  };
  const id = textAt("id");
  const idTree = document.entries.get("id");
  if (id !== null && idTree !== undefined && !/^[a-z0-9][a-z0-9-]*$/u.test(id)) faults.add("name-malformed", idTree.place, `"${id}" is not an id`, "Use small letters, digits and -, such as kernel-udp-t2t.");
  const level = textAt("level");
  if (level !== null) checkChoice(level, LEVELS, "a level", { tree: document.entries.get("level"), faults });
  return { id: id ?? stem, title: textAt("title") ?? id ?? stem, about: textAt("about") ?? "", level: level ?? "student", source: textsAt(document, "source", faults) };
}

/** `report`: names of outputs. */
export function checkReport(document: TreeMap, faults: Faults): readonly string[] {
  const names = textsAt(document, "report", faults);
  const tree = document.entries.get("report");
  names.forEach((name, index) => checkChoice(name, REPORTS, "a report", { tree: tree?.kind === "list" ? tree.items[index] : tree, faults }));
  return names;
}

/** A list of texts, or one text alone. */
function textsAt(document: TreeMap, key: string, faults: Faults): readonly string[] {
  const tree = document.entries.get(key);
  if (tree === undefined) return [];
  const items = tree.kind === "scalar" ? [tree] : faults.attempt(tree.place, () => asList(tree, `\`${key}\``, `\`${key}: [one, two]\``)) ?? [];
  return items.flatMap((item) => faults.attempt(item.place, () => asText(item, `an item of \`${key}\``, `\`${key}: [one, two]\``)) ?? []);
}

function checkChoice(name: string, choices: readonly string[], what: string, { tree, faults }: { tree: Tree | undefined; faults: Faults }): void {
  if (choices.includes(name) || tree === undefined) return;
  const near = nearest(name, choices);
  faults.add("value-choice", tree.kind === "scalar" ? tree.place : keyPlace(tree), `"${name}" is not ${what}; there are ${listed(choices)}`, near === null ? "Write one of these." : `Did you mean "${near}"?`);
}
