import { CATALOGUE } from "../../src/models/index.js";
import { BUNDLED_FOLDER, diskFolder, readScenario, type FileFolder, type Scenario } from "../../src/scenario/index.js";
import { WirelatError } from "../../src/errors/index.js";

/** A scenario from text, with the presets of the package; `set` as on the command line. */
export function readText(text: string, set: Readonly<Record<string, string>> = {}): Scenario {
  const own: FileFolder = {
    label: (name) => name,
    has: (name) => name === "test.yaml",
    list: () => [],
    read: (name) => {
      if (name !== "test.yaml") throw new WirelatError("file-unreadable", `${name} is not there`);
      return new TextEncoder().encode(text);
    },
  };
  const access = { own, bundled: diskFolder(BUNDLED_FOLDER, "scenarios") };
  return readScenario("test.yaml", { access, catalogue: CATALOGUE, set: Object.entries(set).map(([path, value]) => ({ path, text: value })) });
}
