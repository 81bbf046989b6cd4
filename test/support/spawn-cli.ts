import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

export const PROJECT = join(import.meta.dirname, "..", "..");
const ENTRY = join(PROJECT, "dist", "cli", "main.js");

export interface CliRun {
  /** Exit code; null when a signal ended the process. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  /** What is run instead of the project's own command line. */
  readonly entry?: string;
  /** Folder the command runs in; the project's own when not given. */
  readonly cwd?: string;
  /** Added to the environment; undefined removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What standard input holds; empty when not given. */
  readonly input?: string;
  /** The process is killed after this long, in milliseconds. */
  readonly timeout?: number;
}

/** No colour and no terminal width from whoever runs the tests, so that output is the same everywhere. */
const PLAIN = { FORCE_COLOR: undefined, NO_COLOR: "1", COLUMNS: undefined, NODE_OPTIONS: undefined, NODE_TEST_CONTEXT: undefined };

/** Runs the built command line as a user's shell would and waits for its end. Throws when it is not built. */
export function spawnCli(args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  if (!existsSync(ENTRY)) throw new Error("dist/cli/main.js is missing: run `npm run build` before the tests of the command line");
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [options.entry ?? ENTRY, ...args], {
      cwd: options.cwd ?? PROJECT,
      env: { ...process.env, ...PLAIN, ...options.env },
      timeout: options.timeout ?? 60_000,
    });
    const output = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (output.stdout += chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (output.stderr += chunk));
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, ...output }));
    // A command that refuses its arguments ends without reading its input: a broken pipe is no fault then.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input ?? "");
  });
}
