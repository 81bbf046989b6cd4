import { CATALOGUE } from "../models/index.js";
import { pluginOf, Plugins } from "../plugin/index.js";
import { BUNDLED_FOLDER, diskFolder, openScenarioFile, readScenario, Shelf, type Catalogue, type FileAccess, type LoadedPlugin, type Scenario, type Used } from "../scenario/index.js";
import { forAll } from "./load.js";
import { many, type Values } from "./options.js";

const PLACE = { file: "wirelat", line: 1, column: 1 };

/** What scenarios of one command are made from: the catalogue with the plug-ins that the user named or allowed. */
export class Workbench {
  readonly #plugins: Plugins;
  readonly #named: readonly LoadedPlugin[];

  /** Loads what --plugin names. Throws all errors of all of them together. */
  constructor(private readonly values: Values) {
    this.#plugins = new Plugins(CATALOGUE);
    this.#named = forAll(many(values, "plugin"), (text) => this.#plugins.load(pluginOf(text, process.cwd())));
  }

  /** Everything there is by now: it grows when a scenario brings plug-ins along. */
  get catalogue(): Catalogue {
    return this.#plugins.catalogue;
  }

  /** Loads a plug-in that the user has named by itself; scenarios that name it too may then have it. */
  load(text: string): LoadedPlugin {
    return this.#plugins.load(pluginOf(text, process.cwd()));
  }

  /** The plug-in that a model came with; null for one of the package. */
  pluginWith(model: string): LoadedPlugin | null {
    return this.#plugins.loaded.find((one) => one.models.some(({ name }) => name === model)) ?? null;
  }

  /** Reads a scenario file with the overrides of --set. */
  scenario(path: string, set: ReadonlyMap<string, string> = new Map()): Scenario {
    const { file, access } = openScenarioFile(path);
    return readScenario(file, {
      access, catalogue: CATALOGUE, loaded: this.#named,
      plugins: (named) => (this.values["allow-plugins"] === true || this.#plugins.has(named) ? this.#plugins.load(named) : null),
      set: [...set].map(([name, text]) => ({ path: name, text })),
    });
  }

  /** Where presets and citations are found: in the package, and with the plug-ins. */
  get access(): FileAccess {
    const bundled = diskFolder(BUNDLED_FOLDER, "scenarios");
    return { own: bundled, bundled, plugins: this.#plugins.loaded.map((one) => one.presets) };
  }

  /** Every preset of the package and of the plug-ins, read and checked. */
  presets(): readonly Used[] {
    const shelf = new Shelf(this.access, this.catalogue);
    return shelf.names().map((name) => shelf.use(name, PLACE));
  }
}
