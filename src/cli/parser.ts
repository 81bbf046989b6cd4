import type { Argv } from "yargs";
import { WirelatError } from "../errors/index.js";
import { VERSION } from "../result/index.js";
import { nearest } from "../scenario/index.js";
import { checkOptions, COMMANDS, type CommandSpec, type Values } from "./options.js";

/** What was asked for: a command with its options and its arguments. */
export interface Request {
  readonly command: string;
  readonly values: Values;
  readonly inputs: readonly string[];
}

const EXIT_CODES = "Exit codes: 0 all held, 1 an expectation failed, 2 the input is wrong, 3 a fault of wirelat, 130 interrupted.";
const OWN = ["completion", "help"];

/**
 * Reads the command line. Answers null when yargs itself has answered: help, version, completion.
 * Throws `command-unknown`, `option-unknown`, `option-value`.
 */
export async function parseCommandLine(args: readonly string[], columns: number): Promise<Request | null> {
  checkCommand(args);
  const { default: yargs } = await import("yargs");
  const requests: Request[] = [];
  const parser = yargs([...args])
    .scriptName("wirelat")
    .usage("$0 <command>\n\nSimulates packets and messages through network cards, buses, operating systems and FPGA pipelines, and says where every picosecond goes.")
    .locale("en").wrap(Math.max(60, Math.min(columns, 110)))
    .parserConfiguration({ "boolean-negation": false, "camel-case-expansion": false, "dot-notation": false, "parse-numbers": false, "parse-positional-numbers": false })
    .version(VERSION).help().alias("help", "h").exitProcess(false).fail(false)
    .example("$0 run scenarios/kernel-udp-t2t.yaml", "run a scenario")
    .example("$0 compare scenarios/kernel-udp-t2t.yaml scenarios/dpdk-t2t.yaml", "set two paths side by side")
    .example("$0 explain scenarios/fpga-t2t.yaml", "see every number and where it comes from")
    .epilogue(EXIT_CODES);
  for (const command of COMMANDS) addCommand(parser, command, (request) => void requests.push(request));
  parser.completion("completion", "Print a script that completes commands and options in bash or zsh");
  try {
    await parser.parseAsync();
  } catch (error) {
    if (error instanceof Error && error.name === "YError") throw new WirelatError("option-value", error.message, { remedy: "See wirelat --help." });
    throw error;
  }
  if (requests.length === 0 && !args.some((word) => ANSWERED.test(word))) throw noCommand();
  return requests[0] ?? null;
}

/** What yargs answers by itself. */
const ANSWERED = /^(?:-h|--help|--version|help|completion|--get-yargs-completions)$/u;

function noCommand(): WirelatError {
  return new WirelatError("command-unknown", "no command was given", { remedy: `The commands are ${COMMANDS.map((command) => command.name).join(", ")}; see wirelat --help.` });
}

function addCommand(parser: Argv, command: CommandSpec, done: (request: Request) => void): void {
  const positional = command.takes.replaceAll(/[[\].]/gu, "");
  parser.command(
    `${command.name} ${command.takes}`.trim(), command.about,
    (own) => {
      if (positional !== "") own.positional(positional, { type: "string", array: command.takes.includes(".."), describe: POSITIONALS[positional] ?? "" });
      for (const { name, value, about } of command.options) {
        if (value === null) own.option(name, { type: "boolean", describe: about });
        else own.option(name, { type: "string", describe: `${value}: ${about}` });
      }
      for (const [line, about] of command.examples) own.example(line, about);
      return own.epilogue(EXIT_CODES);
    },
    (values) => {
      checkOptions(command, values);
      const given = values[positional];
      const surplus = values._.slice(1).map(String);
      done({ command: command.name, values, inputs: [...(Array.isArray(given) ? given.map(String) : given === undefined ? [] : [String(given)]), ...surplus] });
    },
  );
}

const POSITIONALS: Readonly<Record<string, string>> = {
  files: "scenario files; a folder stands for every .yaml file in it",
  inputs: "scenario files, FILE@VARIANT for one variant, or result.json files",
  what: "model FAMILY/NAME, or scenario NAME",
  terms: "what reports, charts and files show, e.g. p99, copies, poll, utilisation",
  name: "model, traffic or preset, e.g. nic/generic",
};

/** Throws `command-unknown` unless the first word is a command or there are only options. */
function checkCommand(args: readonly string[]): void {
  const [first] = args;
  const names = [...COMMANDS.map((command) => command.name), ...OWN];
  if (first === undefined) throw noCommand();
  if (first.startsWith("-") || names.includes(first)) return;
  const near = /\.ya?ml$/u.test(first) ? `run ${first}` : nearest(first, names);
  throw new WirelatError("command-unknown", `wirelat has no command "${first}"`, {
    remedy: near === null ? `The commands are ${COMMANDS.map((command) => command.name).join(", ")}.` : `Did you mean "wirelat ${near}"?`,
  });
}
