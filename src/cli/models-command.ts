import { EXIT, WirelatError } from "../errors/index.js";
import { MODELS, TRAFFIC, CATALOGUE } from "../models/index.js";
import { BUNDLED_FOLDER, diskFolder, nearest, Shelf, type Used } from "../scenario/index.js";
import { pageOn, type Context } from "./context.js";
import { catalogueText, modelText, presetText, trafficText, type ShownPreset } from "./models-text.js";

const PLACE = { file: "wirelat models", line: 1, column: 1 };

/** `wirelat models`: lists what scenarios can use, or prints one. Answers the exit code. */
export function modelsCommand({ request, screen }: Context): number {
  if (request.inputs.length > 1) throw new WirelatError("option-value", `wirelat models takes one name, not ${request.inputs.length}`, { remedy: "Ask for one after the other." });
  const bundled = diskFolder(BUNDLED_FOLDER, "scenarios");
  const shelf = new Shelf({ own: bundled, bundled }, CATALOGUE);
  const presets = shelf.names().map((name) => shown(shelf.use(name, PLACE)));
  const [name] = request.inputs;
  const json = request.values["json"] === true;
  if (name === undefined) screen.out(json ? asJson({ models: MODELS, traffic: TRAFFIC, presets }) : catalogueText(MODELS, TRAFFIC, presets, pageOn(screen)));
  else screen.out(describe(name, presets, json, (text) => text(pageOn(screen))));
  return EXIT.ok;
}

type Draw = (text: (page: ReturnType<typeof pageOn>) => string) => string;

function describe(name: string, presets: readonly ShownPreset[], json: boolean, draw: Draw): string {
  const preset = presets.find((one) => one.name === name);
  if (preset !== undefined) return json ? asJson(preset) : draw((page) => presetText(preset, page));
  const model = CATALOGUE.models.get(name);
  if (model !== undefined) return json ? asJson(model) : draw((page) => modelText(model, page));
  const traffic = CATALOGUE.traffic.get(name);
  if (traffic !== undefined) return json ? asJson(traffic) : draw((page) => trafficText(traffic, page));
  const names = [...presets.map((one) => one.name), ...CATALOGUE.models.keys(), ...CATALOGUE.traffic.keys()];
  const near = nearest(name, names);
  throw new WirelatError("model-unknown", `there is no model, traffic or preset "${name}"`, { remedy: near === null ? "List them with wirelat models." : `Did you mean "${near}"?` });
}

function shown(used: Used): ShownPreset {
  return {
    name: used.name, title: used.title, about: used.about, model: used.model?.name ?? null, components: [...used.components.keys()],
    values: [...used.params].map(([name, raw]) => ({ name, value: typeof raw.value === "string" ? raw.value : JSON.stringify(raw.value), evidence: raw.evidence })),
  };
}

/** Functions are how a model works, not what it is: JSON leaves them out. */
function asJson(value: object): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}
