import { DIMENSIONS, type Dimension } from "../src/units/index.js";
import type { Evidence, Model, Operation, Param, ParamKind, Params, Traffic } from "../src/modeling/index.js";

const UNITS: Readonly<Partial<Record<ParamKind, Dimension>>> = {
  duration: "duration", timing: "duration", bytes: "bytes", "data-rate": "data-rate", "event-rate": "event-rate", frequency: "frequency", cycles: "cycles",
  length: "length", percent: "percent",
};
const OTHERS: Readonly<Partial<Record<ParamKind, string>>> = {
  count: "count", flag: "true or false", text: "text", list: "list of texts", threads: "map of thread to core", "unit-intervals": "UI",
  "byte-offset": "size, or `payload + ` size", gap: "time, or `line-rate`",
};
/** What a step of each family is written with: the name of the host, device or link that has the operation. */
const EXAMPLE_INSTANCE: Readonly<Record<string, string>> = { fpga: "box", host: "gw", os: "gw", nic: "gw.nic", rdma: "a", link: "feed", switch: "tor" };
/** A value for an argument that has no default. */
const EXAMPLE_VALUE: Readonly<Partial<Record<ParamKind, string>>> = {
  duration: "1 us", timing: "1 us", bytes: "64 B", cycles: "2 cycles", count: "1", flag: "true", text: "app", "byte-offset": "payload + 20 B", percent: "50%",
};
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
  const rows = Object.entries(params).map(([name, param]) => `| \`${name}\` | ${unitOf(param)} | ${defaultOf(param)} | ${cell(param.meaning)} | ${cell(evidenceText(param.evidence))} |`);
  return rows.length === 0 ? [] : ["## Parameters", "", "| Parameter | Unit | Default | Meaning | Why this value |", "|---|---|---|---|---|", ...rows, ""];
}

function operationSection(model: Model, name: string, operation: Operation): readonly string[] {
  const from = operation.from === null ? [] : [`Needs the payload in: ${operation.from.map((place) => `\`${place}\``).join(" or ")}.`, ""];
  const args = Object.entries(operation.args).map(([key, param]) => `| \`${key}\`${key === operation.main ? ", or written alone" : ""} | ${unitOf(param)} | ${argumentDefault(model, name, key, param)} | ${cell(param.meaning)} |`);
  const table = args.length === 0 ? [] : ["| Argument | Unit | Default | Meaning |", "|---|---|---|---|", ...args, ""];
  return [`### ${name}`, "", `${sentence(operation.meaning)}`, "", ...from, ...table, ...exampleOf(model, name, operation)];
}

function exampleOf(model: Model, name: string, operation: Operation): readonly string[] {
  if (BEHIND.includes(model.provides)) return [];
  const family = model.name.split("/")[0] ?? "";
  const instance = EXAMPLE_INSTANCE[family] ?? family;
  const step = model.provides === "link" && name === "traverse" ? instance : `${instance}.${name}`;
  const { args, main } = operation;
  const values = Object.entries(args).map(([key, param]) => [key, valueOf(param, model.params[`${name}.${key}`])] as const);
  const alone = values.find(([key]) => key === main);
  if (alone !== undefined) return ["```yaml", `- ${step}: ${alone[1]}`, "```", ""];
  const written = values.map(([key, value]) => `${key}: ${value}`).join(", ");
  return ["```yaml", written === "" ? `- ${step}` : `- ${step}: { ${written} }`, "```", ""];
}

function valueOf(param: Param, sameName: Param | undefined): string {
  const given = param.default ?? sameName?.default;
  if (given !== null && given !== undefined && given !== "") return textOf(given);
  return param.choices?.[0] ?? EXAMPLE_VALUE[param.kind] ?? "…";
}

/** An argument that is not given takes the parameter of the same name. */
function argumentDefault(model: Model, operation: string, key: string, param: Param): string {
  if (param.default !== null) return defaultOf(param);
  const sameName = `${operation}.${key}`;
  return sameName in model.params ? `the parameter \`${sameName}\`` : "must be given";
}

function requiredOf(params: Params): string {
  const shown = Object.entries(params).filter(([name, param]) => param.default === null || ["rate", "payload"].includes(name));
  return shown.map(([name, param]) => `, ${name}: ${param.default === null ? EXAMPLE_FILE : textOf(param.default)}`).join("");
}
const EXAMPLE_FILE = "captures/opening-burst.pcap";

function unitOf(param: Param): string {
  if (param.choices !== undefined) return param.choices.map((choice) => `\`${choice}\``).join(", ");
  const dimension = UNITS[param.kind];
  if (dimension === undefined) return OTHERS[param.kind] ?? param.kind;
  return `${DIMENSIONS[dimension].name.replace(/^an? /, "")}${param.kind === "timing" ? ", fixed or a distribution" : ""}`;
}

function defaultOf(param: Param): string {
  if (param.default === null) return "must be given";
  const text = textOf(param.default);
  return text === "" ? "none" : `\`${text}\``;
}

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
