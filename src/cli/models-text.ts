import type { Model, Operation, Param, Traffic } from "../modeling/index.js";
import { argumentDefault, defaultText, exampleStep, unitText } from "../contract/index.js";
import { renderTable, wrap, type Page } from "../report/index.js";
import { evidenceText } from "./explain-text.js";

type Numbers = Readonly<Record<string, Param>>;

/** A preset as it is listed and shown. */
export interface ShownPreset {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  /** The model it sets parameters of; null for a host. */
  readonly model: string | null;
  /** Names of a host's components. */
  readonly components: readonly string[];
  /** Parameter -> value as text and why it is believed. */
  readonly values: readonly { readonly name: string; readonly value: string; readonly evidence: Param["evidence"] | null }[];
}

/** The models, kinds of traffic and presets there are, by name. Ends in a newline. */
export function catalogueText(models: readonly Model[], traffic: readonly Traffic[], presets: readonly ShownPreset[], page: Page): string {
  const section = (title: string, rows: readonly (readonly string[])[], heads: readonly string[]): string => {
    const { lines } = renderTable({ columns: heads.map((head, index) => ({ head, align: "left", ...(index === heads.length - 1 ? { least: 20 } : {}) })), rows }, page);
    return [page.style.bold(title), "", ...lines].join("\n");
  };
  const sorted = <T extends { readonly name: string }>(items: readonly T[]): T[] => [...items].sort((a, b) => (a.name < b.name ? -1 : 1));
  return `${[
    section("Models", sorted(models).map((one) => [one.name, one.provides ?? "", one.title]), ["name", "serves as", "what it is"]),
    section("Traffic", sorted(traffic).map((one) => [one.name, one.closedLoop ? "closed" : "open", one.title]), ["name", "loop", "what it sends"]),
    section("Presets", sorted(presets).map((one) => [one.name, one.model ?? "host", one.title]), ["name", "model", "what it is"]),
    wrap("wirelat models NAME prints one of them with its parameters, their ranges and sources, and its operations.", page.columns, "  ").map(page.style.dim).join("\n"),
  ].join("\n\n")}\n`;
}

/** One model: what it is, its parameters, its operations with an example. Ends in a newline. */
export function modelText(model: Model, page: Page): string {
  const needs = Object.values(model.needs);
  const facts = [model.provides === null ? "" : `serves as ${model.provides}`, needs.length === 0 ? "" : `needs ${needs.join(", ")}`].filter((one) => one !== "");
  const operations = Object.entries(model.operations);
  return sections([
    head(model.name, model.title, page),
    [...wrap(model.about, page.columns), ...(facts.length > 0 ? [page.style.dim(`  ${facts.join("; ")}`)] : [])],
    parameterSection("Parameters", model.params, page),
    [page.style.bold("Operations"), "", ...operations.flatMap(([name, operation]) => operationLines(model, name, operation, page))],
  ]);
}

/** One kind of traffic. Ends in a newline. */
export function trafficText(traffic: Traffic, page: Page): string {
  return sections([head(traffic.name, traffic.title, page), wrap(traffic.about, page.columns), parameterSection("Parameters", traffic.params, page)]);
}

/** One preset with the values it sets. Ends in a newline. */
export function presetText(preset: ShownPreset, page: Page): string {
  const rows = preset.values.map(({ name, value, evidence }) => [name, value, evidence === null ? "" : evidenceOf(evidence)]);
  const { lines } = renderTable({ columns: [{ head: "parameter", align: "left" }, { head: "value", align: "left", least: 12 }, { head: "evidence", align: "left", least: 20 }], rows }, page);
  const origin = preset.model === null ? `A host with ${preset.components.join(", ")}.` : `A preset of ${preset.model}; see wirelat models ${preset.model} for what it leaves alone.`;
  return sections([head(preset.name, preset.title, page), [...wrap(preset.about, page.columns), page.style.dim(`  ${origin}`)], rows.length === 0 ? [] : [page.style.bold("Values"), "", ...lines]]);
}

function sections(parts: readonly (readonly string[])[]): string {
  return `${parts.filter((lines) => lines.length > 0).map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function head(name: string, title: string, page: Page): string[] {
  return wrap(`${name}: ${title}`, page.columns).map(page.style.bold);
}

function parameterSection(title: string, params: Numbers, page: Page): string[] {
  const entries = Object.entries(params);
  if (entries.length === 0) return [];
  return [page.style.bold(title), "", ...entries.flatMap(([name, param]) => parameterLines(name, param, page))];
}

/** Three short lines read better than a table of five wide columns. */
function parameterLines(name: string, param: Param, page: Page): string[] {
  return [
    `  ${page.style.bold(name)}  ${unquoted(unitText(param))}; ${param.default === null ? "must be given" : `default ${unquoted(defaultText(param))}`}`,
    ...wrap(param.meaning, page.columns - 6).map((line) => `      ${line}`),
    ...wrap(evidenceOf(param.evidence), page.columns - 6, "  ").map((line) => page.style.dim(`      ${line}`)),
  ];
}

function operationLines(model: Model, name: string, operation: Operation, page: Page): string[] {
  const places = operation.from === null ? "" : `, data in ${operation.from.join(" or ")}`;
  const args = Object.entries(operation.args);
  return [
    `  ${page.style.bold(name)}${places}`,
    ...wrap(operation.meaning, page.columns - 6).map((line) => `      ${line}`),
    page.style.dim(`      - ${exampleStep(model, name, operation)}`),
    ...args.flatMap(([arg, param]) => wrap(`${arg}: ${param.meaning} (${unquoted(unitText(param))}; ${argumentText(model, name, arg)})`, page.columns - 8, "  ").map((line) => `        ${line}`)),
  ];
}

/** Pages set values apart with a typeface, terminals do without. */
const unquoted = (text: string): string => text.replaceAll("`", "");

function argumentText(model: Model, operation: string, key: string): string {
  const text = unquoted(argumentDefault(model, operation, key));
  return text === "must be given" ? text : `default ${text}`;
}

function evidenceOf(evidence: Param["evidence"]): string {
  return evidenceText({ tag: evidence.tag, source: "cite" in evidence ? evidence.cite : evidence.basis, range: evidence.tag === "estimated" ? evidence.range : null });
}
