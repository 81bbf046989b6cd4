import parser from "yargs-parser";
import { WirelatError } from "../errors/index.js";
import { nearest } from "../scenario/index.js";
import { COMMANDS, type CommandSpec, type OptionSpec, type Values } from "./options.js";

/** What was asked for: a command with its options and its arguments. */
export interface Request {
  readonly command: string;
  readonly values: Values;
  readonly inputs: readonly string[];
}

/** What the help answers instead of a command. */
const HELP_WORDS = ["help", "completion"];
const HELP_OPTIONS = ["help", "h", "version", "get-yargs-completions"];
/** What the reader must know beforehand: which options have a value. An option of several commands is the same in all of them. */
const OPTIONS = COMMANDS.flatMap(({ options }) => options);
const READING = {
  string: OPTIONS.flatMap(({ name, value }) => (value === null ? [] : [name])),
  boolean: OPTIONS.flatMap(({ name, value }) => (value === null ? [name] : [])),
  configuration: { "boolean-negation": false, "camel-case-expansion": false, "dot-notation": false, "parse-numbers": false, "parse-positional-numbers": false },
};

/**
 * Reads the command line; null when it asks for help, the version or completion. Throws `command-unknown`, `option-unknown` and `option-value`.
 *
 * The reader of yargs alone: all of yargs, with the help that it lays out for every command, takes longer to load than a short run.
 */
export function readArguments(args: readonly string[]): Request | null {
  const { _: words, ...given } = parser([...args], READING);
  const [name, ...inputs] = words.map(String);
  const options = Object.entries(given);
  if ((name !== undefined && HELP_WORDS.includes(name)) || options.some(([key]) => HELP_OPTIONS.includes(key))) return null;
  const command = commandNamed(name);
  const values = options.map(([key, value]) => {
    const spec = command.options.find((one) => one.name === key);
    if (spec === undefined) throw unknownOption(command, key.length === 1 ? `-${key}` : `--${key}`);
    const all: readonly unknown[] = Array.isArray(value) ? value : [value];
    return [key, spec.value === null ? flag(spec, all) : all.map((one) => text(spec, String(one)))] as const;
  });
  return { command: command.name, values: Object.fromEntries(values), inputs };
}

/** Throws `command-unknown`. */
function commandNamed(name: string | undefined): CommandSpec {
  const found = COMMANDS.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = COMMANDS.map((one) => one.name);
  const list = `The commands are ${names.join(", ")}`;
  if (name === undefined) throw new WirelatError("command-unknown", "no command was given", { remedy: `${list}; see wirelat --help.` });
  const near = /\.ya?ml$/u.test(name) ? `run ${name}` : nearest(name, [...names, ...HELP_WORDS]);
  throw new WirelatError("command-unknown", `wirelat has no command "${name}"`, { remedy: near === null ? `${list}.` : `Did you mean "wirelat ${near}"?` });
}

function unknownOption({ name, options }: CommandSpec, written: string): WirelatError {
  const known = [...options.map((one) => `--${one.name}`), "--help", "--version"];
  const near = nearest(written, known);
  return new WirelatError("option-unknown", `wirelat ${name} has no option ${written}`, { remedy: near === null ? `It has ${known.join(", ")}.` : `Did you mean ${near}?` });
}

function flag({ name }: OptionSpec, given: readonly unknown[]): true {
  if (given.every((one) => one === true)) return true;
  throw new WirelatError("option-value", `--${name} takes no value`, { remedy: `Write --${name} alone.` });
}

function text({ name, value: placeholder }: OptionSpec, value: string): string {
  if (value.trim() !== "") return value;
  throw new WirelatError("option-value", `--${name} has no value`, { remedy: `Write it behind the option, as in --${name} ${placeholder ?? ""}.` });
}
