import { join } from "node:path";
import type { NamedChart } from "../chart/index.js";
import { EXIT, WirelatError } from "../errors/index.js";
import { Session } from "../experiment/index.js";
import { clip, reportText } from "../report/index.js";
import { pointText, resultJson, type Result } from "../result/index.js";
import { FILE_REPORT, reportOptions, type Context } from "./context.js";
import { errorsText } from "./error-text.js";
import { exportsOf, exportsWith, wantsFiles, writeExports } from "./exports.js";
import { forAll, loadAll, References, type ReadFile } from "./load.js";
import { inlineMore } from "./inlining.js";
import { many, overrides, single, whole, type Values } from "./options.js";
import { runPageText, type RunPageInputs } from "./pages.js";
import { ProgressDisplay } from "./progress.js";
import { repetitionOf } from "./repetition.js";
import { ResultFolder } from "./result-files.js";
import { allScenarioFiles, scenarioFiles } from "./scenario-inputs.js";
import type { Screen } from "./screen.js";
import { Workbench } from "./workbench.js";

/** Where results go and what is shown of them. */
export interface Output {
  /** null: nowhere. */
  readonly out: string | null;
  readonly json: boolean;
  /** A line for each scenario instead of its report. */
  readonly brief: boolean;
  readonly charts: boolean;
  readonly quiet: boolean;
}

/** The output options that `run` and `compare` share: with --json nothing is written unless --out says where. */
export function outputOf(values: Values): Output {
  const json = values["json"] === true;
  const brief = values["all"] === true;
  return { json, brief, out: single(values, "out") ?? (json || brief ? null : "results"), charts: values["no-charts"] !== true, quiet: values["quiet"] === true };
}

/** `wirelat run`: every file is read and compiled before the first runs. Answers the exit code. */
export async function runCommand({ request, screen, signal }: Context): Promise<number> {
  const { values } = request;
  const output = outputOf(values);
  const sets = overrides(values);
  const variants = many(values, "variant");
  const amounts = { seed: whole(values, "seed", 0) ?? undefined, messages: whole(values, "messages", 1) ?? undefined };
  const files = output.brief ? allScenarioFiles(request.inputs) : scenarioFiles(request.inputs, "run scenarios/kernel-udp-t2t.yaml");
  const bench = new Workbench(values);
  const read: ReadFile = (path, set) => bench.scenario(path, set);
  const loaded = loadAll(files, sets, read);
  const progress = new ProgressDisplay(screen, output.quiet);
  const references = new References(loaded, sets.size > 0, read);
  const session = new Session({ catalogue: bench.catalogue, ...amounts, ...repetitionOf(values), signal, open: (id, from) => references.open(id, from), onProgress: (one) => progress.show(one), onPlan: inlineMore });
  const prepared = forAll(loaded, ({ scenario }) => session.prepare(scenario, variants.length > 0 ? { variants } : {}));
  session.checkGoals(prepared);
  const exports = exportsOf(values);
  if (output.out === null && wantsFiles(exports)) throw new WirelatError("option-value", "--trace, --pcap, --hgrm, --csv and --parquet write files, and nothing says where", { remedy: "Give --out, as in --out results." });
  const results: Result[] = [];
  for (const [index, one] of prepared.entries()) {
    const result = await session.runUnlessStopped(one);
    progress.clear();
    if (result === null) break;
    results.push(result);
    if (!output.json) print(result, output, screen);
    if (output.out !== null) await writeRun({ result, prepared: one, asked: amounts, path: loaded[index]?.path ?? "", bench }, output, { screen, progress, signal });
    if (signal.aborted) break;
    const files = exportsWith(exports, one.scenario.report);
    if (output.out !== null && wantsFiles(files)) {
      const folder = join(output.out, result.scenario.id);
      const written = await writeExports(files, { folder, prepared: one, result, messages: amounts.messages, signal, say: (text) => progress.say(text), warn: (text) => warn(text, { screen, progress, signal }) }).finally(() => progress.clear());
      listFiles(written, output, screen);
    }
  }
  if (results.length === 0) throw new WirelatError("interrupted", "interrupted before anything was finished");
  if (output.brief && !output.json && !output.quiet) screen.out(`${totalLine(results, screen)}\n`);
  if (output.json) screen.out(loaded.length === 1 ? resultJson(results[0] as Result) : `[\n${results.map((one) => resultJson(one).trimEnd()).join(",\n")}\n]\n`);
  if (signal.aborted) return EXIT.interrupted;
  return results.every((result) => result.expectations.every((one) => one.held)) ? EXIT.ok : EXIT.expectationFailed;
}

function print(result: Result, output: Output, screen: Screen): void {
  const failed = result.expectations.filter((one) => !one.held);
  if (!output.quiet) screen.out(output.brief ? scenarioLine(result, screen) : `${reportText(result, reportOptions(screen))}\n`);
  if (!output.quiet && !output.brief) return;
  for (const one of failed) screen.err(`${one.place}: ${one.check}${pointText(one.point) === "" ? "" : ` at ${pointText(one.point)}`}: found ${one.found}\n`);
}

/** How a scenario did, in one line. */
function scenarioLine({ scenario, expectations, runs }: Result, { style, columns }: Screen): string {
  const held = expectations.filter((one) => one.held).length;
  const all = held === expectations.length;
  const verdict = `${all ? "ok    " : "FAILED"} ${`${held} of ${expectations.length} held`.padStart(15)}, ${String(runs.length).padStart(3)} runs`;
  const numbers = all ? style.green(verdict) : style.red(verdict);
  return `${numbers}  ${clip(`${scenario.id}: ${scenario.title}`, Math.max(20, columns - verdict.length - 2))}\n`;
}

function totalLine(results: readonly Result[], { style }: Screen): string {
  const expectations = results.flatMap((result) => result.expectations);
  const held = expectations.filter((one) => one.held).length;
  const failed = results.filter((result) => result.expectations.some((one) => !one.held)).map((result) => result.scenario.id);
  const text = `${results.length} scenarios, ${held} of ${expectations.length} expectations held${failed.length === 0 ? "" : `; failed: ${failed.join(", ")}`}`;
  return failed.length === 0 ? style.green(text) : style.red(text);
}

/** What writing needs to show what it does. */
export interface Shown {
  readonly screen: Screen;
  readonly progress: ProgressDisplay;
  readonly signal: AbortSignal;
}

async function writeRun(inputs: RunPageInputs, output: Output, shown: Shown): Promise<void> {
  const { result } = inputs;
  const folder = new ResultFolder(output.out ?? "", result.scenario.id);
  const written = folder.write({ "result.json": resultJson(result), "summary.txt": reportText(result, FILE_REPORT) });
  const drawn = await drawCharts(folder, async () => (await import("../chart/index.js")).chartsFor(result), output, shown);
  const page = await writePage(folder, () => runPageText(inputs), output, shown);
  listFiles([...written, ...page, ...drawn], output, shown.screen);
}

function warn(text: string, { screen, progress }: Shown): void {
  progress.clear();
  screen.err(`${text}\n`);
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

/** Writes the page where charts are wanted: it is made of them. */
export async function writePage(folder: ResultFolder, page: () => Promise<string>, output: Output, { progress, signal }: Shown): Promise<readonly string[]> {
  if (!output.charts || signal.aborted) return [];
  progress.say("writing report.html");
  return [folder.page(await page().finally(() => progress.clear()))];
}

/** The places of what was written, for people; a program knows where it asked for them. */
export function listFiles(paths: readonly string[], output: Output, screen: Screen): void {
  if (output.json || output.quiet) return;
  screen.out(`${screen.style.bold("Written")}\n${paths.map((path) => `  ${path}\n`).join("")}\n`);
}
