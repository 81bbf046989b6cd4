import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { parseLatencies } from "../capture/index.js";
import { WirelatError } from "../errors/index.js";
import { readResult, type Result } from "../result/index.js";
import { BUNDLED_FOLDER } from "../scenario/index.js";

const SCENARIO_FILE = /\.ya?ml$/u;
/** The line that says that a file is a scenario, and not a preset or something else altogether. */
const SAYS_SO = /^wirelat:/mu;

/**
 * The scenario files that the arguments of a command name; a folder stands for every .yaml file directly in it, by name, and
 * for the scenarios among those of the folders directly in it. Throws `argument-missing` without any, `file-unreadable` for a folder that has none.
 */
export function scenarioFiles(inputs: readonly string[], example: string): readonly string[] {
  if (inputs.length === 0) throw new WirelatError("argument-missing", "no scenario file was named", { remedy: `Name one or more, as in wirelat ${example}.` });
  return [...new Set(inputs.flatMap((input) => (isFolder(input) ? scenariosIn(input) : [input])))];
}

/** As `scenarioFiles`, but nothing named stands for what the package brings. */
export function allScenarioFiles(inputs: readonly string[]): readonly string[] {
  return scenarioFiles(inputs.length > 0 ? inputs : [relative(process.cwd(), BUNDLED_FOLDER) || "."], "run --all");
}

/** The scenarios of a folder. Throws `file-unreadable` when it holds none. */
export function scenariosIn(folder: string): readonly string[] {
  const inner = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name)).sort();
  const found = [...yamlIn(folder), ...inner.flatMap(yamlIn).filter((file) => SAYS_SO.test(textOf(file)))];
  if (found.length === 0) throw new WirelatError("file-unreadable", `${folder} holds no scenario: no file in it ends in .yaml`, { remedy: "Name a folder with scenarios, or a file." });
  return found;
}

function yamlIn(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => SCENARIO_FILE.test(name)).sort().map((name) => join(folder, name));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** What `compare` is given: a scenario to run, with a variant where one was named, a result of an earlier run, or latencies [ps] that were measured. */
export type ComparedInput =
  | { readonly kind: "scenario"; readonly file: string; readonly variant: string | null }
  | { readonly kind: "result"; readonly result: Result }
  | { readonly kind: "latencies"; readonly name: string; readonly latencies: Float64Array };

const LATENCY_FILE = /\.(?:csv|txt)$/u;
/** Of a file of latencies. */
const MOST_BYTES = 256 * 2 ** 20;

/** Sorts out the arguments of `compare`. Throws `argument-missing`, `file-unreadable`, `latency-file`, `result-malformed`, `result-version`. */
export function comparedInputs(inputs: readonly string[]): readonly ComparedInput[] {
  if (inputs.length === 0) throw new WirelatError("argument-missing", "nothing to compare was named", { remedy: "Name scenarios or results, as in wirelat compare scenarios/kernel-udp-t2t.yaml scenarios/dpdk-t2t.yaml." });
  return inputs.flatMap((input): ComparedInput[] => {
    if (isFolder(input)) {
      const result = join(input, "result.json");
      return existsSync(result) ? [{ kind: "result", result: resultOf(result) }] : scenariosIn(input).map((file) => ({ kind: "scenario", file, variant: null }));
    }
    if (input.endsWith(".json")) return [{ kind: "result", result: resultOf(input) }];
    if (LATENCY_FILE.test(input)) return [{ kind: "latencies", name: basename(input).replace(LATENCY_FILE, ""), latencies: parseLatencies(smallText(input), input) }];
    const at = input.lastIndexOf("@");
    const named = at > 0 && SCENARIO_FILE.test(input.slice(0, at)) && !existsSync(input);
    return [named ? { kind: "scenario", file: input.slice(0, at), variant: input.slice(at + 1) } : { kind: "scenario", file: input, variant: null }];
  });
}

function resultOf(path: string): Result {
  const read = readResult(textOf(path));
  if ("result" in read) return read.result;
  if (read.otherSchema !== null) throw new WirelatError("result-version", `${path} cannot be compared: ${read.problem}`, { remedy: "Run its scenario again with this release." });
  throw new WirelatError("result-malformed", `${path} is not a result of wirelat run: ${read.problem}`, { remedy: "Name a result.json that wirelat run wrote." });
}

function smallText(path: string): string {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > MOST_BYTES) throw new WirelatError("latency-file", `${path} has ${size} bytes, but the limit is ${MOST_BYTES}`, { remedy: "Give a part of it." });
  return textOf(path);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new WirelatError("file-unreadable", `${path} cannot be read: ${code === "ENOENT" ? "there is no such file" : code}`, { remedy: "Check the path and its permissions.", cause });
  }
}
