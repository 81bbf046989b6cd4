import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { WirelatError, WirelatErrors } from "../errors/index.js";
import { BUNDLED_FOLDER, nearest, type Scenario } from "../scenario/index.js";
import { inputErrors } from "./error-text.js";
import { scenariosIn } from "./scenario-inputs.js";

/** A scenario with the file it was read from. */
export interface LoadedFile {
  readonly path: string;
  readonly scenario: Scenario;
}

/** Reads a scenario file, with overrides. */
export type ReadFile = (path: string, set?: ReadonlyMap<string, string>) => Scenario;

/** Does something with each input; throws all errors of all of them together. */
export function forAll<In, Out>(inputs: readonly In[], action: (input: In) => Out): readonly Out[] {
  const errors: WirelatError[] = [];
  const results = inputs.flatMap((input): Out[] => {
    try {
      return [action(input)];
    } catch (error) {
      const found = inputErrors(error);
      if (found === null) throw error;
      errors.push(...found);
      return [];
    }
  });
  if (errors.length > 0) throw new WirelatErrors(errors);
  return results;
}

/** Reads files; throws all errors of all files together, and `result-clash` where two have one id. */
export function loadAll(paths: readonly string[], set: ReadonlyMap<string, string>, read: ReadFile): readonly LoadedFile[] {
  const loaded = forAll(paths, (path) => ({ path, scenario: read(path, set) }));
  const owners = new Map<string, string>();
  for (const { path, scenario } of loaded) {
    const owner = owners.get(scenario.summary.id);
    if (owner !== undefined) throw new WirelatError("result-clash", `${owner} and ${path} both have the id ${scenario.summary.id}, so that one result would overwrite the other`, { remedy: "Change one id, or run them one after the other with another --out." });
    owners.set(scenario.summary.id, path);
  }
  return loaded;
}

/** Finds scenarios by id for expectations that refer to them: among those loaded, beside the one that refers, in the package. */
export class References {
  readonly #known = new Map<string, Scenario>();

  constructor(private readonly loaded: readonly LoadedFile[], private readonly changed: boolean, private readonly read: ReadFile) {}

  open(id: string, from: Scenario): Scenario {
    const known = this.#known.get(id) ?? this.#load(id, from);
    this.#known.set(id, known);
    return known;
  }

  #load(id: string, from: Scenario): Scenario {
    // With --set the scenario that was loaded is not the one that is meant.
    const same = this.changed ? undefined : this.loaded.find((one) => one.scenario.summary.id === id);
    if (same !== undefined) return same.scenario;
    const origin = this.loaded.find((one) => one.scenario === from)?.path ?? ".";
    const beside = join(dirname(origin), `${id}.yaml`);
    const file = existsSync(beside) ? beside : scenariosIn(BUNDLED_FOLDER).find((one) => basename(one) === `${id}.yaml`);
    if (file !== undefined) return this.read(file);
    const near = nearest(id, this.loaded.map((one) => one.scenario.summary.id));
    throw new WirelatError("reference-unknown", `an expectation of ${from.summary.id} refers to the scenario ${id}, but there is no ${id}.yaml beside it or in the package`, { remedy: near === null ? "Put it beside the scenario." : `Did you mean "${near}"?` });
  }
}
