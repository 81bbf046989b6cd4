import { EXIT } from "../errors/index.js";
import { Session } from "../experiment/index.js";
import { CATALOGUE } from "../models/index.js";
import type { Context } from "./context.js";
import { forAll, loadScenario, References, type LoadedFile } from "./load.js";
import { overrides } from "./options.js";
import { scenarioFiles } from "./scenario-inputs.js";

/** `wirelat check`: reads and compiles everything and runs nothing. Every error of every file is thrown together. */
export function checkCommand({ request, screen }: Context): number {
  const sets = overrides(request.values);
  const files = scenarioFiles(request.inputs, "check scenarios/");
  const loaded: LoadedFile[] = [];
  const references = new References(loaded, sets.size > 0);
  const session = new Session({ catalogue: CATALOGUE, open: (id, from) => references.open(id, from) });
  const lines = forAll(files, (path) => {
    const scenario = loadScenario(path, sets);
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
