import type { Argv } from "yargs";
import { VERSION } from "../result/index.js";
import { COMMANDS, type CommandSpec } from "./options.js";

const EXIT_CODES = "Exit codes: 0 all held, 1 an expectation failed, 2 the input is wrong, 3 a fault of wirelat, 130 interrupted.";

/** Prints what was asked for besides commands: the help of everything or of one command, the version, completion. */
export async function printHelp(args: readonly string[], columns: number): Promise<void> {
  const { default: yargs } = await import("yargs");
  const parser = yargs([...args])
    .scriptName("wirelat")
    .usage("$0 <command>\n\nSimulates packets and messages through network cards, buses, operating systems and FPGA pipelines, and says where every picosecond goes.")
    .locale("en").wrap(Math.max(60, Math.min(columns, 110)))
    .version(VERSION).help().alias("help", "h").exitProcess(false)
    .example("$0 run scenarios/kernel-udp-t2t.yaml", "run a scenario")
    .example("$0 compare scenarios/kernel-udp-t2t.yaml scenarios/dpdk-t2t.yaml", "set two paths side by side")
    .example("$0 explain scenarios/fpga-t2t.yaml", "see every number and where it comes from")
    .epilogue(EXIT_CODES);
  for (const command of COMMANDS) addCommand(parser, command);
  parser.completion("completion", "Print a script that completes commands and options in bash or zsh");
  await parser.parseAsync();
}

function addCommand(parser: Argv, command: CommandSpec): void {
  const positional = command.takes.replaceAll(/[[\].]/gu, "");
  parser.command(`${command.name} ${command.takes}`.trim(), command.about, (own) => {
    if (positional !== "") own.positional(positional, { type: "string", array: command.takes.includes(".."), describe: POSITIONALS[positional] ?? "" });
    for (const { name, value, about } of command.options) {
      if (value === null) own.option(name, { type: "boolean", describe: about });
      else own.option(name, { type: "string", describe: `${value}: ${about}` });
    }
    for (const [line, about] of command.examples) own.example(line, about);
    return own.epilogue(EXIT_CODES);
  });
}

const POSITIONALS: Readonly<Record<string, string>> = {
  files: "scenario files; a folder stands for every .yaml file in it",
  inputs: "scenario files, FILE@VARIANT for one variant, or result.json files",
  what: "model FAMILY/NAME, or scenario NAME",
  terms: "what reports, charts and files show, e.g. p99, copies, poll, utilisation",
  name: "model, traffic or preset, e.g. nic/generic",
};
