import { parseArgs } from "node:util";
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
const TYPES = Object.fromEntries(COMMANDS.flatMap(({ options }) => options).map(({ name, value }) => [name, { type: value === null ? "boolean" : "string" } as const]));

/**
 * Reads the command line; null when it asks for help, the version or completion. Throws `command-unknown`, `option-unknown` and `option-value`.
 *
 * This is Node's own reader and not that of the package that writes the help: loading that takes a tenth of a second, which a run can do without.
 */
export function readArguments(args: readonly string[]): Request | null {
  const { tokens } = parseArgs({ args: [...args], options: TYPES, strict: false, allowPositionals: true, tokens: true });
  const [name, ...inputs] = tokens.flatMap((token) => (token.kind === "positional" ? [token.value] : []));
  const given = tokens.flatMap((token) => (token.kind === "option" ? [token] : []));
  if ((name !== undefined && HELP_WORDS.includes(name)) || given.some((one) => HELP_OPTIONS.includes(one.name))) return null;
  const command = commandNamed(name);
  const values = new Map<string, true | readonly string[]>();
  for (const option of given) {
    const spec = command.options.find((one) => one.name === option.name);
    if (spec === undefined) throw unknownOption(command, option.rawName);
    const before = values.get(spec.name) ?? [];
    values.set(spec.name, spec.value === null || before === true ? flag(spec, option.value) : [...before, text(spec, option)]);
  }
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

function flag({ name }: OptionSpec, value: string | undefined): true {
  if (value === undefined) return true;
  throw new WirelatError("option-value", `--${name} takes no value, and is given "${value}"`, { remedy: `Write --${name} alone.` });
}

/** What follows an option may be the next option, and is then no value of this one. */
function text({ name, value: placeholder }: OptionSpec, { value = "", inlineValue }: { readonly value: string | undefined; readonly inlineValue: boolean | undefined }): string {
  if (value.trim() !== "" && (inlineValue === true || !value.startsWith("--"))) return value;
  throw new WirelatError("option-value", `--${name} has no value`, { remedy: `Write it behind the option, as in --${name} ${placeholder ?? ""}.` });
}
