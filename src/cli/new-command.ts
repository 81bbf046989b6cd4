import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { EXIT, WirelatError } from "../errors/index.js";
import { CATALOGUE } from "../models/index.js";
import type { Context } from "./context.js";

const TEMPLATES = fileURLToPath(new URL("../../templates/", import.meta.url));
const MODEL_NAME = /^[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*$/u;
const SCENARIO_NAME = /^[a-z0-9][a-z0-9-]*$/u;

/** `wirelat new model NAME` and `wirelat new scenario NAME`: write a starting point that works as it stands, and never over a file that is there. */
export function newCommand({ request, screen }: Context): number {
  const [kind, name, ...more] = request.inputs;
  if (kind === undefined || name === undefined) throw new WirelatError("argument-missing", "wirelat new needs to know what to write and what to call it", { remedy: "Write it like wirelat new model acme/card, or wirelat new scenario my-trade." });
  if (more.length > 0 || (kind !== "model" && kind !== "scenario")) throw new WirelatError("option-value", `wirelat new writes a model or a scenario, not ${[kind, ...more].join(" ")}`, { remedy: "Write it like wirelat new model acme/card." });
  const files = kind === "model" ? modelFiles(name) : scenarioFile(name);
  const present = [...files.keys()].filter((path) => existsSync(path));
  if (present.length > 0) throw new WirelatError("file-exists", `${present.join(" and ")} ${present.length === 1 ? "is" : "are"} there already, and nothing was written`, { remedy: "Choose another name, or move what is there." });
  for (const [path, text] of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { flag: "wx" });
  }
  const next = kind === "model" ? nextForModel(name) : [`wirelat run ${name}.yaml`, `wirelat explain ${name}.yaml`];
  screen.out(`${screen.style.bold("Written")}\n${[...files.keys()].map((path) => `  ${path}\n`).join("")}\n${screen.style.bold("Next")}\n${next.map((line) => `  ${line}\n`).join("")}`);
  return EXIT.ok;
}

const slugOf = (name: string): string => name.replaceAll("/", "-");

function nextForModel(name: string): readonly string[] {
  const slug = slugOf(name);
  return [`wirelat check ./${slug}/${slug}.ts`, `wirelat run ${slug}/${slug}.yaml --plugin ./${slug}/${slug}.ts`];
}

/** Path -> text of a package with a model; the template is a model called vendor/device. */
function modelFiles(name: string): ReadonlyMap<string, string> {
  if (!MODEL_NAME.test(name)) throw new WirelatError("name-malformed", `"${name}" is no name of a model`, { remedy: "Use a family and a name in small letters, digits and -, such as acme/card." });
  if (CATALOGUE.models.has(name)) throw new WirelatError("name-taken", `the catalogue has a model ${name}`, { remedy: "Begin with a family of your own." });
  const renamed = (text: string): string => text.replaceAll("vendor/device", name).replaceAll("vendor-device", slugOf(name));
  const folder = join(TEMPLATES, "model");
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort();
  return new Map(files.map((file) => [join(slugOf(name), renamed(file.slice(folder.length + 1).replaceAll("\\", "/"))), renamed(readFileSync(file, "utf8"))]));
}

function scenarioFile(name: string): ReadonlyMap<string, string> {
  if (!SCENARIO_NAME.test(name)) throw new WirelatError("name-malformed", `"${name}" is no id of a scenario`, { remedy: "Use small letters, digits and -, such as my-trade." });
  return new Map([[`${name}.yaml`, readFileSync(join(TEMPLATES, "scenario.yaml"), "utf8").replaceAll("NAME", name)]]);
}
