import { argumentDefault, defaultText, exampleStep, unitText } from "../src/contract/index.js";
import type { Evidence, Model, Operation, Param, Params, Traffic } from "../src/modeling/index.js";

/** Roles whose operations other models ask for; a path seldom names them. */
const BEHIND: readonly (string | null)[] = ["bus", "memory"];

/** The page of one model, made from its declaration. */
export function modelPage(model: Model): string {
  const roles = [
    ...(model.provides === null ? [] : [`Serves other models as **${model.provides}**.`]),
    ...(Object.keys(model.needs).length === 0 ? [] : [`Needs, on the same host: ${Object.values(model.needs).map((role) => `**${role}**`).join(", ")}.`]),
  ];
  const operations = Object.entries(model.operations).flatMap(([name, operation]) => operationSection(model, name, operation));
  return page(model, [...(roles.length === 0 ? [] : [roles.join(" "), ""]), ...parameterTable(model.params), "## Operations", "", ...operations]);
}

/** The page of one kind of traffic. */
export function trafficPage(traffic: Traffic): string {
  const closed = traffic.closedLoop ? ["A closed loop: who waits does not send, so its percentiles say nothing about what an open source would have met.", ""] : [];
  const example = ["## Example", "", "```yaml", "traffic:", `  ticks: { use: ${traffic.name}${requiredOf(traffic.params)}, path: t2t }`, "```", ""];
  return page(traffic, [...closed, ...parameterTable(traffic.params), ...example]);
}

/** All models in one list. */
export function cataloguePage(models: readonly Model[], traffic: readonly Traffic[]): string {
  const rows = [...models, ...traffic].map(({ name, title }) => `| [${name}](${name}.md) | ${cell(title)} |`);
  return ["# Models", "", "Each page is generated from the model's own declaration by `npm run docs`.", "", "| Model | What it is |", "|---|---|", ...rows.sort(), ""].join("\n");
}

function page(of: Model | Traffic, body: readonly string[]): string {
  const source = `src/models/${of.name}.ts`;
  return [`# ${of.title}`, "", `\`${of.name}\``, "", of.about, "", ...body, `Generated from \`${source}\` by \`npm run docs\`.`, ""].join("\n");
}

function parameterTable(params: Params): readonly string[] {
  const rows = Object.entries(params).map(([name, param]) => `| \`${name}\` | ${unitText(param)} | ${defaultText(param)} | ${cell(param.meaning)} | ${cell(evidenceText(param.evidence))} |`);
  return rows.length === 0 ? [] : ["## Parameters", "", "| Parameter | Unit | Default | Meaning | Why this value |", "|---|---|---|---|---|", ...rows, ""];
}

function operationSection(model: Model, name: string, operation: Operation): readonly string[] {
  const from = operation.from === null ? [] : [`Needs the payload in: ${operation.from.map((place) => `\`${place}\``).join(" or ")}.`, ""];
  const args = Object.entries(operation.args).map(([key, param]) => `| \`${key}\`${key === operation.main ? ", or written alone" : ""} | ${unitText(param)} | ${argumentDefault(model, name, key)} | ${cell(param.meaning)} |`);
  const table = args.length === 0 ? [] : ["| Argument | Unit | Default | Meaning |", "|---|---|---|---|", ...args, ""];
  return [`### ${name}`, "", `${sentence(operation.meaning)}`, "", ...from, ...table, ...exampleOf(model, name, operation)];
}

function exampleOf(model: Model, name: string, operation: Operation): readonly string[] {
  if (BEHIND.includes(model.provides)) return [];
  return ["```yaml", `- ${exampleStep(model, name, operation)}`, "```", ""];
}

function requiredOf(params: Params): string {
  const shown = Object.entries(params).filter(([name, param]) => param.default === null || ["rate", "payload"].includes(name));
  return shown.map(([name, param]) => `, ${name}: ${param.default === null ? EXAMPLE_FILE : textOf(param.default)}`).join("");
}
const EXAMPLE_FILE = "captures/opening-burst.pcap";

function textOf(value: NonNullable<Param["default"]>): string {
  return Array.isArray(value) ? `[${value.join(", ")}]` : String(value);
}

function evidenceText(evidence: Evidence): string {
  if (evidence.tag === "standard") return `standard: ${evidence.cite}`;
  if (evidence.tag === "published") return `published: ${evidence.cite}`;
  if (evidence.tag === "estimated") return `estimate, ${evidence.range[0]} to ${evidence.range[1]}: ${evidence.basis}`;
  return `choice: ${evidence.basis}`;
}

const cell = (text: string): string => text.replaceAll("|", "\\|");
const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
