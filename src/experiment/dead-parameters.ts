import { WirelatError, type SourcePlace } from "../errors/index.js";
import type { CheckedScenario, Compiled } from "../scenario/index.js";

type Instance = CheckedScenario["instances"][number];

/** Parameters that the scenario itself states, by dotted path; what a preset states is not among them. */
export function givenParameters(scenario: CheckedScenario): ReadonlyMap<string, SourcePlace> {
  const given = new Map<string, SourcePlace>();
  const visit = (instance: Instance): void => {
    for (const [name, raw] of Object.entries(instance.params)) if (raw.evidence === null) given.set(`${instance.name}.${name}`, raw.place);
    instance.children.forEach(visit);
  };
  scenario.instances.forEach(visit);
  for (const region of scenario.regions) for (const [key, raw] of Object.entries(region.params)) given.set(`${region.name}.${key}`, raw.place);
  return given;
}

/** Watches over all variants and sweep points which parameters are stated and which of them anything rests on. */
export class ParameterUse {
  readonly #given = new Map<string, SourcePlace>();
  readonly #used = new Set<string>();

  add(scenario: CheckedScenario, compiled: Compiled): void {
    for (const [path, place] of givenParameters(scenario)) if (!this.#given.has(path)) this.#given.set(path, place);
    for (const path of compiled.usedParams) this.#used.add(path);
  }

  /** What was stated so far and not yet used. */
  get suspects(): readonly string[] {
    return [...this.#given.keys()].filter((path) => !this.#used.has(path));
  }

  /** One `parameter-dead` for each that nothing rests on. */
  errors(): readonly WirelatError[] {
    return this.suspects.map((path) => {
      const place = this.#given.get(path);
      return new WirelatError("parameter-dead", `${path} is given, but no step of any path rests on it, in no variant and at no sweep point`, {
        ...(place === undefined ? {} : { place }),
        remedy: "Remove it, or add the step that it belongs to.",
      });
    });
  }
}
