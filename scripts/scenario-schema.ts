import { MODELS, TRAFFIC } from "../src/models/index.js";
import { BUNDLED_FOLDER, diskFolder, generateSchema, Shelf, type Catalogue, type Used } from "../src/scenario/index.js";

/** Everything that ships. */
export const CATALOGUE: Catalogue = { models: new Map(MODELS.map((model) => [model.name, model])), traffic: new Map(TRAFFIC.map((traffic) => [traffic.name, traffic])) };

/** Every preset that ships, read and checked. */
export function shippedPresets(): readonly Used[] {
  const bundled = diskFolder(BUNDLED_FOLDER, "scenarios");
  const shelf = new Shelf({ own: bundled, bundled }, CATALOGUE);
  return shelf.names().map((name) => shelf.use(name, { file: "scenarios/hardware", line: 1, column: 1 }));
}

/** scenarios/schema.json, which editors check scenarios with: a line for each definition, since editors read it and people hardly do. */
export function scenarioSchema(): string {
  const { $defs, ...rest } = generateSchema(CATALOGUE, shippedPresets()) as { readonly $defs: Readonly<Record<string, unknown>> };
  const definitions = Object.entries($defs).map(([name, one]) => `  ${JSON.stringify(name)}: ${JSON.stringify(one)}`);
  const head = Object.entries(rest).map(([name, one]) => ` ${JSON.stringify(name)}: ${JSON.stringify(one)}`);
  return `{\n${[...head, ` "$defs": {\n${definitions.join(",\n")}\n }`].join(",\n")}\n}\n`;
}
