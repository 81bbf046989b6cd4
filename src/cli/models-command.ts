import { EXIT, WirelatError } from "../errors/index.js";
import { nearest, type Catalogue, type Used } from "../scenario/index.js";
import { pageOn, type Context } from "./context.js";
import { Workbench } from "./workbench.js";
import { catalogueText, modelText, presetText, trafficText, type ShownPreset } from "./models-text.js";

/** `wirelat models`: lists what scenarios can use, or prints one. Answers the exit code. */
export function modelsCommand({ request, screen }: Context): number {
  if (request.inputs.length > 1) throw new WirelatError("option-value", `wirelat models takes one name, not ${request.inputs.length}`, { remedy: "Ask for one after the other." });
  const bench = new Workbench(request.values);
  const { catalogue } = bench;
  const models = [...catalogue.models.values()];
  const traffic = [...catalogue.traffic.values()];
  const presets = bench.presets().map(shown);
  const [name] = request.inputs;
  const json = request.values["json"] === true;
  if (name === undefined) screen.out(json ? asJson({ models, traffic, presets }) : catalogueText(models, traffic, presets, pageOn(screen)));
  else screen.out(describe(name, { catalogue, presets }, json, (text) => text(pageOn(screen))));
  return EXIT.ok;
}

type Draw = (text: (page: ReturnType<typeof pageOn>) => string) => string;

function describe(name: string, { catalogue, presets }: { readonly catalogue: Catalogue; readonly presets: readonly ShownPreset[] }, json: boolean, draw: Draw): string {
  const preset = presets.find((one) => one.name === name);
  if (preset !== undefined) return json ? asJson(preset) : draw((page) => presetText(preset, page));
  const model = catalogue.models.get(name);
  if (model !== undefined) return json ? asJson(model) : draw((page) => modelText(model, page));
  const traffic = catalogue.traffic.get(name);
  if (traffic !== undefined) return json ? asJson(traffic) : draw((page) => trafficText(traffic, page));
  const names = [...presets.map((one) => one.name), ...catalogue.models.keys(), ...catalogue.traffic.keys()];
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
