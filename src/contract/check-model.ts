import { WirelatError, WirelatErrors } from "../errors/index.js";
import type { Model } from "../modeling/index.js";
import { compile, type Catalogue, type CheckedScenario } from "../scenario/index.js";
import type { Bench } from "./bench.js";
import { declarationFaults, evidenceFaults } from "./evidence.js";
import { LAWS } from "./laws.js";
import { Observed, type Sighting } from "./observed.js";
import { benchCatalogue, ownBenches, type Refusal } from "./own-bench.js";

/** What came of one law for one model. */
export interface Verdict {
  readonly law: string;
  /** Benches on which it was tried; none for what is read off the declaration. */
  readonly benches: readonly string[];
  /** False where there was nothing to try it on. */
  readonly tried: boolean;
  readonly faults: readonly string[];
}

export interface ContractReport {
  readonly model: string;
  readonly verdicts: readonly Verdict[];
  /** Operations that no bench reaches, and why not. */
  readonly unreached: ReadonlyMap<string, Refusal>;
}

export interface ContractOptions {
  readonly catalogue: Catalogue;
  /** Keys of the bibliography that evidence may cite. */
  readonly sources: ReadonlySet<string>;
  /** Scenarios on which the models are tried besides benches of their own. */
  readonly scenarios: readonly CheckedScenario[];
}

/** At most so many scenarios a model: more of them say the same. */
const MOST_SCENARIOS = 3;

/** The contract suite: what every model must keep, tried on every model named. */
export class ContractSuite {
  readonly #observed: Observed;
  readonly #used: readonly { readonly scenario: CheckedScenario; readonly sightings: readonly Sighting[] }[];

  readonly #tried = new WeakMap<CheckedScenario, Map<string, readonly string[]>>();

  constructor(private readonly options: ContractOptions) {
    this.#observed = new Observed(benchCatalogue(options.catalogue));
    this.#used = options.scenarios.map((scenario) => ({ scenario, sightings: this.#sightings(scenario) }));
  }

  check(model: Model): ContractReport {
    const { benches: own, unreached } = ownBenches(model, this.options.catalogue);
    const users = this.#used.filter(({ sightings }) => sightings.some((one) => one.model === model.name));
    const benches = [...own, ...covering(users, model.name).map((scenario): Bench => ({ name: scenario.id, scenario }))];
    const seen = [...users.flatMap(({ sightings }) => sightings), ...own.flatMap(({ scenario }) => this.#sightings(scenario))].filter((one) => one.model === model.name);
    const reached = new Set(seen.map((one) => one.operation));
    const left = new Map([...unreached].filter(([name]) => !reached.has(name)));
    return {
      model: model.name, unreached: left,
      verdicts: [
        { law: "it says what it is, and what it does for others", benches: [], tried: true, faults: declarationFaults(model) },
        { law: "every number has a unit, a meaning and evidence that can be followed", benches: [], tried: true, faults: evidenceFaults(model, this.options.sources) },
        // What others ask for may need what only they can pass along; then it takes a scenario in which they do.
        { law: "its operations can be used", benches: benches.map((one) => one.name), tried: true, faults: benches.length > 0 || model.provides !== null ? [] : [`no path reaches any of them: ${[...left].map(([name, { why }]) => `${name}: ${why}`).join("; ")}`] },
        { law: "operations give back what they claim, and nothing else", benches: [...reached], tried: true, faults: [...left].flatMap(([name, { why, unbalanced }]) => (unbalanced ? [`${name}: ${why}`] : [])) },
        { law: "operations take the payload where they say", benches: [...reached], tried: seen.length > 0, faults: locationFaults(model, seen) },
        ...LAWS.map((law): Verdict => ({ law: law.name, benches: benches.map((one) => one.name), tried: benches.length > 0, faults: benches.flatMap((bench) => this.#faultsOn(bench, law)) })),
      ],
    };
  }

  /** Tried once for all models that share the bench. */
  #faultsOn(bench: Bench, law: (typeof LAWS)[number]): readonly string[] {
    const known = this.#tried.get(bench.scenario) ?? new Map<string, readonly string[]>();
    this.#tried.set(bench.scenario, known);
    const faults = known.get(law.name) ?? faultsOf(bench, law, this.#observed.catalogue);
    known.set(law.name, faults);
    return faults;
  }

  #sightings(scenario: CheckedScenario): readonly Sighting[] {
    this.#observed.take();
    try {
      compile(scenario, this.#observed.catalogue);
      return this.#observed.take();
    } catch (error) {
      // A scenario that does not compile is told of elsewhere, and is no bench.
      if (error instanceof WirelatError || error instanceof WirelatErrors) return [];
      throw error;
    }
  }
}

function faultsOf(bench: Bench, law: (typeof LAWS)[number], catalogue: Catalogue): readonly string[] {
  try {
    return law.faults(bench, catalogue).map((fault) => `${bench.name}: ${fault}`);
  } catch (error) {
    return [`${bench.name}: ${error instanceof Error ? error.message : String(error)}`];
  }
}

/** Scenarios that together reach what can be reached of a model, few of them. */
function covering(users: readonly { readonly scenario: CheckedScenario; readonly sightings: readonly Sighting[] }[], model: string): readonly CheckedScenario[] {
  const reached = new Set<string>();
  const chosen = users.filter(({ sightings }, index) => {
    const names = sightings.filter((one) => one.model === model).map((one) => one.operation);
    const news = names.some((name) => !reached.has(name));
    for (const name of names) reached.add(name);
    return index === 0 || news;
  });
  return chosen.slice(0, MOST_SCENARIOS).map(({ scenario }) => scenario);
}

/** An operation that moves the payload first takes it from a place that it names. */
function locationFaults(model: Model, seen: readonly Sighting[]): readonly string[] {
  const faults = seen.flatMap(({ operation, location, steps }) => {
    const from = model.operations[operation]?.from ?? null;
    if (from === null) return [];
    // What others do on its behalf may move the payload before it does.
    const [moved] = steps.filter((step) => step.step === "move" || step.step === "use").flatMap((step, index) => (index === 0 && step.step === "move" ? [step] : []));
    if (location !== null && !from.includes(location)) return [`${operation} began with the payload in ${location}`];
    return moved === undefined || from.includes(moved.from) || (location !== null && moved.from === location) ? [] : [`${operation} says ${from.join(" or ")}, but moves the payload from ${moved.from}`];
  });
  return [...new Set(faults)];
}
