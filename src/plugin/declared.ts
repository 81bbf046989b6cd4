import { WirelatError } from "../errors/index.js";
import { isModel, isTraffic, type Evidence, type Model, type Params, type Traffic } from "../modeling/index.js";

export interface Declared {
  readonly models: readonly Model[];
  readonly traffic: readonly Traffic[];
}

const NAME = /^[a-z0-9][a-z0-9-]*\/[a-z0-9][a-z0-9-]*$/u;

/** The models and kinds of traffic among what a module exports: by default, by name, or in lists. Throws `plugin-invalid`. */
export function declaredIn(exports: unknown, plugin: string): Declared {
  const values = typeof exports === "object" && exports !== null ? [exports, ...Object.values(exports).flat()] : [];
  const models = [...new Set(values.filter(isModel))];
  const traffic = [...new Set(values.filter(isTraffic))];
  if (models.length + traffic.length === 0) {
    const alike = values.some((value) => typeof value === "object" && value !== null && ("operations" in value || "arrivals" in value));
    throw invalid(plugin, alike ? "what it exports was not made with defineModel or defineTraffic of this wirelat" : "it exports no model and no kind of traffic");
  }
  for (const model of models) checkModel(model, plugin);
  for (const one of traffic) checkNamed(one, plugin);
  return { models, traffic };
}

function invalid(plugin: string, why: string): WirelatError {
  return new WirelatError("plugin-invalid", `the plug-in ${plugin} cannot be used: ${why}`, { remedy: 'Write `import { defineModel } from "wirelat"` and `export default defineModel({ … })`.' });
}

function checkModel(model: Model, plugin: string): void {
  checkNamed(model, plugin);
  if (typeof model.parts !== "function") throw invalid(plugin, `${model.name} has no function \`parts\``);
  for (const [name, operation] of Object.entries(model.operations)) {
    if (typeof operation.steps !== "function") throw invalid(plugin, `the operation ${name} of ${model.name} has no function \`steps\``);
    checkTexts({ meaning: operation.meaning }, `the operation ${name} of ${model.name}`, plugin);
    checkParams(operation.args, `${model.name}, ${name}`, plugin);
  }
}

/** Types do not reach who writes JavaScript, so what they would refuse is refused here. */
function checkNamed({ name, title, about, params }: Model | Traffic, plugin: string): void {
  if (typeof name !== "string" || !NAME.test(name)) throw invalid(plugin, `${JSON.stringify(name)} is no name of a model; one is family/name, in small letters, digits and -`);
  checkTexts({ title, about }, name, plugin);
  checkParams(params, name, plugin);
}

function checkTexts(texts: Readonly<Record<string, unknown>>, of: string, plugin: string): void {
  for (const [key, value] of Object.entries(texts)) if (typeof value !== "string" || value.trim() === "") throw invalid(plugin, `${of} has no \`${key}\``);
}

function checkParams(params: Params, of: string, plugin: string): void {
  for (const [name, param] of Object.entries(params)) {
    checkTexts({ meaning: param.meaning }, `the parameter ${name} of ${of}`, plugin);
    if (!isEvidence(param.evidence)) throw invalid(plugin, `the parameter ${name} of ${of} says nowhere why its value is believed; use standard, published, estimated or chosen`);
  }
}

function isEvidence(evidence: Evidence | undefined): boolean {
  const text = (value: unknown): boolean => typeof value === "string" && value.trim() !== "";
  switch (evidence?.tag) {
    case "standard": case "published": return text(evidence.cite);
    case "estimated": return text(evidence.basis) && Array.isArray(evidence.range) && evidence.range.length === 2 && evidence.range.every(text);
    case "chosen": return text(evidence.basis);
    default: return false;
  }
}
