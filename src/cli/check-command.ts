import { EXIT } from "../errors/index.js";
import { Session } from "../experiment/index.js";
import type { Context } from "./context.js";
import { forAll, References, type LoadedFile, type ReadFile } from "./load.js";
import { overrides } from "./options.js";
import { scenarioFiles } from "./scenario-inputs.js";
import { checkModels, isModelName } from "./check-models.js";
import { Workbench } from "./workbench.js";

/**
 * `wirelat check`: of scenarios, reads and compiles everything and runs nothing; every error of every file is thrown together. Of models, runs the
 * contract suite. Answers the exit code.
 */
export function checkCommand(context: Context): number {
  const { request, screen } = context;
  const models = request.inputs.filter(isModelName);
  if (models.length > 0) return checkModels(context, models);
  const sets = overrides(request.values);
  const files = scenarioFiles(request.inputs, "check scenarios/");
  const loaded: LoadedFile[] = [];
  const bench = new Workbench(request.values);
  const read: ReadFile = (path, set) => bench.scenario(path, set);
  const references = new References(loaded, sets.size > 0, read);
  const session = new Session({ catalogue: bench.catalogue, open: (id, from) => references.open(id, from) });
  const lines = forAll(files, (path) => {
    const scenario = read(path, sets);
    loaded.push({ path, scenario });
    const { cases } = session.prepare(scenario);
    return `${path}: ${screen.style.green("ok")}, ${counted(cases.length, "run")}, ${counted(scenario.expectations.length, "expectation")}`;
  });
  screen.out(`${lines.join("\n")}\n`);
  return EXIT.ok;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
