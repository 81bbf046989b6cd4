import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ContractSuite, type ContractReport } from "../contract/index.js";
import { EXIT, WirelatError } from "../errors/index.js";
import type { Model } from "../modeling/index.js";
import { isPluginFile, nearest, readSources, type CheckedScenario, type LoadedPlugin } from "../scenario/index.js";
import { BUNDLED_FOLDER } from "../scenario/index.js";
import type { Context } from "./context.js";
import { scenariosIn } from "./scenario-inputs.js";
import type { Screen } from "./screen.js";
import { Workbench } from "./workbench.js";

/** Whether an argument of `check` names a model, or a plug-in with models, and no scenario. */
export function isModelName(input: string): boolean {
  return !/\.ya?ml$/u.test(input) && statSync(input, { throwIfNoEntry: false })?.isDirectory() !== true;
}

/** Runs the contract suite on models of the catalogue, by name, and of plug-ins, by file or package. */
export function checkModels({ request, screen }: Context, names: readonly string[]): number {
  const stranger = request.inputs.find((one) => !names.includes(one));
  if (stranger !== undefined) throw new WirelatError("option-value", `wirelat check takes scenarios or models, not both: ${stranger} is a scenario`, { remedy: "Check one after the other." });
  const bench = new Workbench(request.values);
  const chosen = names.map((name) => chosenBy(name, bench));
  const folders = new Set([BUNDLED_FOLDER, ...chosen.flatMap(({ plugin }) => (plugin === null ? [] : [folderOf(plugin)]))]);
  const suite = new ContractSuite({
    catalogue: bench.catalogue, sources: new Set(readSources(bench.access).keys()),
    scenarios: [...folders].flatMap((folder) => scenariosOf(folder, bench)),
  });
  const reports = chosen.flatMap(({ models }) => models.map((model) => suite.check(model)));
  if (request.values["json"] === true) screen.out(`${JSON.stringify(reports.map(plain), null, 1)}\n`);
  else for (const report of reports) screen.out(reportText(report, screen));
  return reports.every((report) => report.verdicts.every((verdict) => verdict.faults.length === 0)) ? EXIT.ok : EXIT.expectationFailed;
}

interface Chosen {
  readonly models: readonly Model[];
  readonly plugin: LoadedPlugin | null;
}

/** Names of the catalogue come first, with what --plugin has added; then files and packages. */
function chosenBy(name: string, bench: Workbench): Chosen {
  const model = bench.catalogue.models.get(name);
  if (model !== undefined) return { models: [model], plugin: bench.pluginWith(name) };
  const isName = !isPluginFile(name) && !existsSync(join("node_modules", name)) && (name.includes("/") && !name.startsWith("@"));
  if (!isName) {
    const plugin = bench.load(name);
    return { models: plugin.models, plugin };
  }
  const near = nearest(name, bench.catalogue.models.keys());
  throw new WirelatError("model-unknown", `there is no model "${name}"`, { remedy: near === null ? "List them with wirelat models, or name the file or the package of a plug-in." : `Did you mean "${near}"?` });
}

/** Where scenarios lie that show a plug-in: beside its first file, or in its package. */
const folderOf = (plugin: LoadedPlugin): string => resolve(plugin.presets.path?.("hardware") ?? ".", "..");

/** One case of each variant of the scenarios of a folder that can be read with what is loaded. */
function scenariosOf(folder: string, bench: Workbench): readonly CheckedScenario[] {
  if (!readdirSync(folder).some((name) => /\.ya?ml$/u.test(name)) && dirname(folder) !== folder) return [];
  return scenariosIn(folder).flatMap((file) => {
    try {
      const { cases } = bench.scenario(file);
      return cases.filter((one, index) => cases.findIndex((other) => other.variant === one.variant) === index).map((one) => one.scenario);
    } catch (error) {
      // Whoever checks a model is not asked about scenarios that need something else.
      if (error instanceof Error && error.name.startsWith("WirelatError")) return [];
      throw error;
    }
  });
}

const plain = (report: ContractReport): object => ({ ...report, unreached: Object.fromEntries([...report.unreached].map(([name, { why }]) => [name, why])) });

/** The law beside which the benches are named, once for all. */
const USED = "its operations can be used";

function reportText({ model, verdicts, unreached }: ContractReport, { style }: Screen): string {
  const lines = verdicts.flatMap(({ law, benches, tried, faults }) => {
    if (!tried) return [style.dim(`  -      ${law}: nothing to try it on`)];
    const where = benches.length === 0 || law !== USED ? "" : style.dim(` (${benches.join(", ")})`);
    return faults.length === 0 ? [`  ${style.green("ok    ")} ${law}${where}`] : [`  ${style.red("FAILED")} ${law}`, ...faults.map((fault) => `           ${fault}`)];
  });
  const left = [...unreached].map(([name, { why }]) => style.dim(`  not tried: ${name}: ${why}`));
  return `${[style.bold(model), ...lines, ...left].join("\n")}\n`;
}
