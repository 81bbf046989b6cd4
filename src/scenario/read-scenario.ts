import { WirelatErrors } from "../errors/index.js";
import { checkExpect, foreignRuns, type Expectation } from "./check-expect.js";
import { Checker } from "./check-scenario.js";
import { checkReport, checkSummary, type Summary } from "./check-summary.js";
import type { Catalogue } from "./compile.js";
import { expandCases, type RefusedVariant, type ScenarioCase } from "./expand-cases.js";
import { Faults } from "./faults.js";
import type { FileAccess } from "./files.js";
import { loadDocument } from "./load-document.js";
import { LoadedFiles } from "./loaded-files.js";
import { withoutHostAliases, type Override } from "./override.js";
import { loadPlugins, withPlugins, type LoadedPlugin, type PluginLoader } from "./plugins.js";
import { Shelf } from "./presets.js";
import type { Tree } from "./tree.js";
import type { Point } from "./types.js";
import { checkSweep, checkVariants } from "./variants.js";
import { parseYamlValue } from "./yaml-tree.js";

/** What a scenario file comes to: one checked scenario per variant and sweep point, and what must be true of their results. */
export interface Scenario {
  readonly summary: Summary;
  /** In the order of the file: for every variant, `base` first, every point; then points that only expectations ask for. */
  readonly cases: readonly ScenarioCase[];
  /** Variants that an expectation `rejects` and that cannot even be read. */
  readonly refused: readonly RefusedVariant[];
  readonly variants: readonly string[];
  /** The points of the sweep; one empty point without it. */
  readonly points: readonly Point[];
  readonly expectations: readonly Expectation[];
  /** Runs of other scenarios that the expectations compare with. */
  readonly foreign: readonly { readonly scenario: string; readonly variant: string }[];
  readonly report: readonly string[];
  /** Label -> text of every file it was read from, presets included: the inputs of the result, for its hash. */
  readonly inputs: ReadonlyMap<string, string>;
}

export interface ReadOptions {
  readonly access: FileAccess;
  readonly catalogue: Catalogue;
  /** Plug-ins that whoever reads has loaded already: their models and presets are there as if they came with the package. */
  readonly loaded?: readonly LoadedPlugin[];
  /** Loads what `plugins` of the scenario names; without it such a scenario is refused. Whoever compiles the scenario needs what was loaded in the catalogue, too. */
  readonly plugins?: PluginLoader;
  /** Overrides of the command line: dotted path and value as text. */
  readonly set?: readonly { readonly path: string; readonly text: string }[];
}

/**
 * Reads a scenario file of the folder `access.own`: inheritance, presets, variants and sweep resolved and everything checked
 * that can be without compiling. Throws `WirelatErrors` with all that is wrong.
 */
export function readScenario(file: string, { access: given, catalogue: known, loaded: brought = [], plugins: load = () => null, set = [] }: ReadOptions): Scenario {
  const files = new LoadedFiles(given);
  const faults = new Faults();
  const loaded = faults.attempt({ file: given.own.label(file), line: 1, column: 1 }, () => loadDocument({ folder: given.own, name: file }, files));
  faults.throwIfAny();
  if (loaded === null) throw new WirelatErrors(faults.errors);
  const plugins = [...new Set([...brought, ...loadPlugins(loaded, files, load, faults)])];
  // Without them everything that they bring would seem unknown.
  faults.throwIfAny();
  const catalogue = withPlugins(known, plugins);
  const access = { ...given, plugins: [...(given.plugins ?? []), ...plugins.map((one) => one.presets)] };
  const shelf = new Shelf(access, catalogue);
  const code = plugins.flatMap((one) => [...one.texts]);
  const checker = new Checker(shelf, files, { catalogue, code: code.map(([, text]) => text) });
  const document = withoutHostAliases(loaded, checker);
  const summary = checkSummary(document, stemOf(file), faults);
  const base = checker.check(document, faults);
  const variants = checkVariants(document.entries.get("variants"), faults);
  const sets = setOverrides(set, faults);
  const sweep = fixedAxes(checkSweep(document.entries.get("sweep"), faults), sets);
  const expectations = checkExpect(document.entries.get("expect"), {
    metrics: base.metrics, instances: checker.instanceNames(document), variants: variants.map((one) => one.name), faults,
    flows: new Set([...base.traffic, ...base.paths].map((one) => one.name)),
  });
  const report = checkReport(document, faults);
  faults.throwIfAny();
  const { cases, refused } = expandCases({ id: summary.id, document, checker, variants, sweep, sets, expectations }, faults);
  faults.throwIfAny();
  return {
    summary, cases, refused, expectations, report,
    variants: variants.map((one) => one.name),
    points: sweep.map((one) => one.point),
    foreign: foreignRuns(expectations),
    inputs: new Map([...files.texts, ...shelf.texts, ...code]),
  };
}

function stemOf(file: string): string {
  return (file.split("/").at(-1) ?? file).replace(/\.ya?ml$/u, "");
}

function setOverrides(set: readonly { readonly path: string; readonly text: string }[], faults: Faults): readonly Override[] {
  return set.flatMap(({ path, text }) => {
    const place = { file: "--set", line: 1, column: 1, path, excerpt: `${path}=${text}\n${" ".repeat(path.length + 1)}^` };
    const value = faults.attempt(place, () => placed(parseYamlValue(text, "--set"), place));
    return value === null ? [] : [{ path, value }];
  });
}

/** The command line is one line: whatever is wrong with a value is shown beside its path. */
function placed(tree: Tree, place: Tree["place"]): Tree {
  if (tree.kind === "list") return { ...tree, place, key: place, items: tree.items.map((item) => placed(item, place)) };
  if (tree.kind === "map") return { ...tree, place, key: place, entries: new Map([...tree.entries].map(([key, value]) => [key, placed(value, place)])) };
  return { ...tree, place, key: place };
}

/** An axis that the command line sets keeps that one value. */
function fixedAxes(sweep: ReturnType<typeof checkSweep>, sets: readonly Override[]): ReturnType<typeof checkSweep> {
  const fixed = new Set(sets.map((one) => one.path));
  const seen = new Map<string, (typeof sweep)[number]>();
  for (const { point, overrides } of sweep) {
    const left = Object.fromEntries(Object.entries(point).filter(([axis]) => !fixed.has(axis)));
    seen.set(JSON.stringify(left), { point: left, overrides: overrides.filter((one) => !fixed.has(one.path)) });
  }
  return [...seen.values()];
}
