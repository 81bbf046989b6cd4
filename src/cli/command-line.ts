import { EXIT } from "../errors/index.js";
import { readArguments, type Request } from "./arguments.js";
import type { Context } from "./context.js";
import { errorsJson, errorsText, faultText, inputErrors } from "./error-text.js";
import { processScreen, type Screen } from "./screen.js";

type Command = (context: Context) => number | Promise<number>;

/** Each command's code is loaded when it is asked for, so that a short run need not wait for all of them. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import("./run-command.js")).runCommand,
  compare: async () => (await import("./compare-command.js")).compareCommand,
  explain: async () => (await import("./explain-command.js")).explainCommand,
  models: async () => (await import("./models-command.js")).modelsCommand,
  describe: async () => (await import("./describe-command.js")).describeCommand,
  schema: async () => (await import("./schema-command.js")).schemaCommand,
  new: async () => (await import("./new-command.js")).newCommand,
  check: async () => (await import("./check-command.js")).checkCommand,
};

/** Does what the command line asks for, and answers the exit code. */
export async function commandLine(args: readonly string[]): Promise<number> {
  const screen = processScreen();
  try {
    const request = readArguments(args);
    if (request === null) {
      await (await import("./help.js")).printHelp(args, screen.columns);
      return EXIT.ok;
    }
    const command = await COMMANDS[request.command]?.();
    return command === undefined ? EXIT.internalFault : await interruptible(command, request, screen);
  } catch (error) {
    return report(error, screen, args.includes("--json"));
  }
}

/** The first Ctrl-C stops the run that goes on and keeps what was finished; the second ends the process as any other. */
async function interruptible(command: Command, request: Request, screen: Screen): Promise<number> {
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.once(signal, onSignal);
  try {
    return await command({ request, screen, signal: stop.signal });
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
  }
}

function report(error: unknown, screen: Screen, json: boolean): number {
  const errors = inputErrors(error);
  if (errors === null) {
    screen.err(faultText(error, process.env["WIRELAT_DEBUG"] === "1", process.argv.some((word) => /^--(?:plugin|allow-plugins)\b/u.test(word))));
    return EXIT.internalFault;
  }
  screen.err(json ? errorsJson(errors) : errorsText(errors, screen.errorStyle));
  return errors.some((one) => one.code === "interrupted") ? EXIT.interrupted : EXIT.inputWrong;
}
