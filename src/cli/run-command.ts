import type { NamedChart } from "../chart/index.js";
import { EXIT, WirelatError } from "../errors/index.js";
import { Session } from "../experiment/index.js";
import { CATALOGUE } from "../models/index.js";
import { reportText } from "../report/index.js";
import { pointText, resultJson, type Result } from "../result/index.js";
import { FILE_REPORT, reportOptions, type Context } from "./context.js";
import { errorsText } from "./error-text.js";
import { forAll, loadAll, References } from "./load.js";
import { many, overrides, single, whole, type Values } from "./options.js";
import { ProgressDisplay } from "./progress.js";
import { ResultFolder } from "./result-files.js";
import { scenarioFiles } from "./scenario-inputs.js";
import type { Screen } from "./screen.js";

/** Where results go and what is shown of them. */
export interface Output {
  /** null: nowhere. */
  readonly out: string | null;
  readonly json: boolean;
  readonly charts: boolean;
  readonly quiet: boolean;
}

/** The output options that `run` and `compare` share: with --json nothing is written unless --out says where. */
export function outputOf(values: Values): Output {
  const json = values["json"] === true;
  return { json, out: single(values, "out") ?? (json ? null : "results"), charts: values["no-charts"] !== true, quiet: values["quiet"] === true };
}

/** `wirelat run`: every file is read and compiled before the first runs. Answers the exit code. */
export async function runCommand({ request, screen, signal }: Context): Promise<number> {
  const { values } = request;
  const output = outputOf(values);
  const sets = overrides(values);
  const variants = many(values, "variant");
  const amounts = { seed: whole(values, "seed", 0) ?? undefined, messages: whole(values, "messages", 1) ?? undefined };
  const loaded = loadAll(scenarioFiles(request.inputs, "run scenarios/kernel-udp-t2t.yaml"), sets);
  const progress = new ProgressDisplay(screen, output.quiet);
  const references = new References(loaded, sets.size > 0);
  const session = new Session({ catalogue: CATALOGUE, ...amounts, signal, open: (id, from) => references.open(id, from), onProgress: (one) => progress.show(one) });
  const prepared = forAll(loaded, ({ scenario }) => session.prepare(scenario, variants.length > 0 ? { variants } : {}));
  const results: Result[] = [];
  for (const one of prepared) {
    const result = await session.runUnlessStopped(one);
    progress.clear();
    if (result === null) break;
    results.push(result);
    if (!output.json) printRun(result, output, screen);
    if (output.out !== null) await writeRun(result, output, { screen, progress, signal });
    if (signal.aborted) break;
  }
  if (results.length === 0) throw new WirelatError("interrupted", "interrupted before anything was finished");
  if (output.json) screen.out(loaded.length === 1 ? resultJson(results[0] as Result) : `[\n${results.map((one) => resultJson(one).trimEnd()).join(",\n")}\n]\n`);
  if (signal.aborted) return EXIT.interrupted;
  return results.every((result) => result.expectations.every((one) => one.held)) ? EXIT.ok : EXIT.expectationFailed;
}

function printRun(result: Result, output: Output, screen: Screen): void {
  const failed = result.expectations.filter((one) => !one.held);
  if (!output.quiet) screen.out(`${reportText(result, reportOptions(screen))}\n`);
  else for (const one of failed) screen.err(`${one.place}: ${one.check}${pointText(one.point) === "" ? "" : ` at ${pointText(one.point)}`}: found ${one.found}\n`);
}

/** What writing needs to show what it does. */
export interface Shown {
  readonly screen: Screen;
  readonly progress: ProgressDisplay;
  readonly signal: AbortSignal;
}

async function writeRun(result: Result, output: Output, shown: Shown): Promise<void> {
  const folder = new ResultFolder(output.out ?? "", result.scenario.id);
  const written = folder.write({ "result.json": resultJson(result), "summary.txt": reportText(result, FILE_REPORT) });
  const drawn = await drawCharts(folder, async () => (await import("../chart/index.js")).chartsFor(result), output, shown);
  listFiles([...written, ...drawn], output, shown.screen);
}

/** Draws charts if they are wanted. Where they cannot be drawn the result is still good: that is said, and no fault. */
export async function drawCharts(folder: ResultFolder, charts: () => Promise<readonly NamedChart[]>, output: Output, { screen, progress, signal }: Shown): Promise<readonly string[]> {
  if (!output.charts || signal.aborted) return [];
  try {
    return await folder.draw(await charts(), (name) => progress.say(`drawing ${name}`), signal);
  } catch (error) {
    if (!(error instanceof WirelatError && error.code === "chart-unavailable")) throw error;
    screen.err(errorsText([error], screen.errorStyle));
    return [];
  } finally {
    progress.clear();
  }
}

/** The places of what was written, for people; a program knows where it asked for them. */
export function listFiles(paths: readonly string[], output: Output, screen: Screen): void {
  if (output.json || output.quiet) return;
  screen.out(`${screen.style.bold("Written")}\n${paths.map((path) => `  ${path}\n`).join("")}\n`);
}
