import { WirelatError, type SourcePlace } from "../errors/index.js";
import { unknownKey } from "./check-keys.js";
import { Faults } from "./faults.js";
import type { FileRef } from "./files.js";
import type { LoadedFiles } from "./loaded-files.js";
import { mergeTrees, nestDotted } from "./merge.js";
import { asText, isNull, keyPlace, type Tree, type TreeMap } from "./tree.js";

/** The keys of a scenario, in the order in which they are read and written. */
export const SCENARIO_KEYS = [
  "wirelat", "id", "title", "about", "level", "source", "plugins", "extends", "hosts", "devices", "links", "switches", "regions", "traffic", "paths",
  "metrics", "run", "variants", "sweep", "expect", "report",
] as const;

const VERSION = 1;
const MOST_INHERITED = 16;
/** What a scenario says of itself alone. */
const OWN = ["wirelat", "extends", "id", "title", "about"];
/** Where `a.b: c` means `a: { b: c }`. */
const NESTED = ["hosts", "devices", "links", "switches", "traffic"];

/** A scenario file with everything that it inherits. Throws `WirelatErrors` with the mistakes of each file on its own. */
export function loadDocument(file: FileRef, files: LoadedFiles): TreeMap {
  return withoutNulls(load(file, files, { place: null, heirs: [] }));
}

interface Lineage {
  readonly place: SourcePlace | null;
  /** Labels of the files that inherit from this one. */
  readonly heirs: readonly string[];
}

function load(file: FileRef, files: LoadedFiles, { place, heirs }: Lineage): TreeMap {
  const label = file.folder.label(file.name);
  if (heirs.includes(label) || heirs.length > MOST_INHERITED) {
    const why = heirs.includes(label) ? `${label} inherits from itself, through ${[...heirs, label].join(" -> ")}` : `scenarios inherit more than ${MOST_INHERITED} deep`;
    throw new WirelatError("extends-cycle", why, { ...(place === null ? {} : { place }), remedy: "Remove one `extends`." });
  }
  const written = files.document(file, place);
  const faults = new Faults();
  const own = normalised(written, faults);
  const parentOf = (tree: Tree): TreeMap => {
    const name = asText(tree, "`extends`", "`extends: kernel-udp-t2t`");
    return load(files.parent(name, tree.place), files, { place: tree.place, heirs: [...heirs, label] });
  };
  const inherits = written.entries.get("extends");
  const parent = inherits === undefined ? null : faults.attempt(inherits.place, () => parentOf(inherits));
  faults.throwIfAny();
  if (parent === null) return own;
  const kept = new Map([...parent.entries].filter(([key]) => !OWN.includes(key)));
  return mergeTrees({ ...parent, entries: kept }, own) as TreeMap;
}

/** The keys checked, and dotted keys of hardware and traffic nested. */
function normalised(tree: TreeMap, faults: Faults): TreeMap {
  const version = tree.entries.get("wirelat");
  if (version === undefined) faults.add("key-missing", tree.place, "the file does not say which version of the scenario format it is in", `Begin it with \`wirelat: ${VERSION}\`.`);
  else if (version.kind !== "scalar" || version.value !== VERSION) faults.add("version-unknown", version.place, `this release reads version ${VERSION} of the scenario format`, `Write \`wirelat: ${VERSION}\`.`);
  const entries = new Map<string, Tree>();
  for (const [key, value] of tree.entries) {
    if (!SCENARIO_KEYS.some((known) => known === key)) faults.keep(unknownKey(key, SCENARIO_KEYS, "a scenario", keyPlace(value)));
    else entries.set(key, NESTED.includes(key) ? nestDotted(value, faults) : value);
  }
  return { ...tree, entries };
}

/** Once all is merged, a null stands for nothing: it had nothing to delete. */
function withoutNulls(tree: TreeMap): TreeMap {
  const faults = new Faults();
  for (const [key, value] of tree.entries) if (isNull(value)) faults.add("value-missing", keyPlace(value), `\`${key}\` stands without a value`, "Give it one, or remove the line.");
  faults.throwIfAny();
  return tree;
}
