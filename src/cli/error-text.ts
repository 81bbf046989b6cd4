import { InternalFault, WirelatError, WirelatErrors } from "../errors/index.js";
import type { Style } from "../report/index.js";

/** The faults of the input that an error holds; null when it is none of the input's. */
export function inputErrors(error: unknown): readonly WirelatError[] | null {
  if (error instanceof WirelatErrors) return error.errors;
  return error instanceof WirelatError ? [error] : null;
}

/** Each error with its place, what is wrong, what to do, and its code. Ends in a newline. */
export function errorsText(errors: readonly WirelatError[], style: Style): string {
  const parts = errors.map((error) => errorLines(error, style).join("\n"));
  const count = errors.length > 1 ? `\n${style.bold(`${errors.length} errors.`)}\n` : "";
  return `${parts.join("\n\n")}\n${count}`;
}

function errorLines(error: WirelatError, style: Style): string[] {
  const { place, remedy, code } = error;
  const sentence = error.message.trimEnd();
  const stopped = remedy === undefined || /[.!?]"?$/u.test(sentence) ? sentence : `${sentence}.`;
  const body = [stopped, ...(remedy === undefined ? [] : [sentenceCase(remedy)])].join(" ");
  if (place === undefined) return [`${style.red("error")}: ${body} ${style.dim(`[${code}]`)}`];
  const head = `${place.file}:${place.line}:${place.column}`;
  return [
    `${style.bold(head)}${place.path === undefined ? "" : `  ${place.path}`}`,
    `  ${style.red(body)} ${style.dim(`[${code}]`)}`,
    ...(place.excerpt === undefined ? [] : place.excerpt.split("\n").map((line) => style.dim(`    ${line}`))),
  ];
}

function sentenceCase(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/u.test(capital) ? capital : `${capital}.`;
}

/** The same for programs: what `--json` prints on standard error. Ends in a newline. */
export function errorsJson(errors: readonly WirelatError[]): string {
  const plain = errors.map(({ code, message, place, remedy }) => ({ code, message, remedy: remedy ?? null, place: place === undefined ? null : { file: place.file, line: place.line, column: place.column, path: place.path ?? null } }));
  return `${JSON.stringify({ errors: plain }, null, 1)}\n`;
}

/** What is said of a fault of the simulator itself; the stack only where it was asked for. */
export function faultText(error: unknown, debug: boolean, plugins = false): string {
  const known = error instanceof Error ? error : new InternalFault(String(error));
  const lines = [
    `internal fault: ${known.message}`,
    plugins ? "This may be a fault of a plug-in: try it with wirelat check. If not, it is one of wirelat: please report it with the command, the scenario and this text."
      : "This is a fault of wirelat, not of your input. Please report it with the command, the scenario and this text.",
    ...(debug ? [known.stack ?? "no stack"] : ["Set WIRELAT_DEBUG=1 to see where it happened."]),
  ];
  return `${lines.join("\n")}\n`;
}
