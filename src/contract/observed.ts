import type { Location, Model, Step } from "../modeling/index.js";
import type { Catalogue } from "../scenario/index.js";

/** What was seen of an operation while paths were compiled. */
export interface Sighting {
  readonly model: string;
  readonly operation: string;
  /** Where the payload was when the operation began. */
  readonly location: Location | null;
  readonly steps: readonly Step[];
}

/** A catalogue that remembers which operations paths use, and what these expand to. */
export class Observed {
  readonly catalogue: Catalogue;
  #seen: Sighting[] = [];

  constructor(of: Catalogue) {
    this.catalogue = { models: new Map([...of.models].map(([name, model]) => [name, this.#watched(model)])), traffic: of.traffic };
  }

  /** What was seen since this was last asked. */
  take(): readonly Sighting[] {
    const seen = this.#seen;
    this.#seen = [];
    return seen;
  }

  #watched(model: Model): Model {
    const operations = Object.entries(model.operations).map(([name, operation]) => [name, {
      ...operation,
      steps: (context: Parameters<typeof operation.steps>[0]): readonly Step[] => {
        const { location } = context.message;
        const steps = operation.steps(context);
        this.#seen.push({ model: model.name, operation: name, location, steps });
        return steps;
      },
    }] as const);
    return { ...model, operations: Object.fromEntries(operations) };
  }
}
