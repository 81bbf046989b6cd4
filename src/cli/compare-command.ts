import { EXIT, WirelatError } from "../errors/index.js";
import {
  comparedPairs, compareInputs, differencesOfPairs, exploreCompared, measuredResult, Session, variantsFor, type Compared, type ComparedPair, type ComparedResult, type Explored,
} from "../experiment/index.js";
import { compareText } from "../report/index.js";
import { COMPARISON_SCHEMA, comparedPaths, comparisonJson, type ComparedPath, type Difference, type Result } from "../result/index.js";
import { nearest, type Scenario } from "../scenario/index.js";
import { FILE_REPORT, reportOptions, type Context } from "./context.js";
import { failures, limitOf } from "./fail-if.js";
import { forAll } from "./load.js";
import { inlineMore } from "./inlining.js";
import { many, single, whole } from "./options.js";
import { comparePageText } from "./pages.js";
import { pointChoiceOf } from "./point-choice.js";
import { ProgressDisplay } from "./progress.js";
import { differenceRepetitionOf } from "./repetition.js";
import { ResultFolder } from "./result-files.js";
import { drawCharts, listFiles, outputOf, writePage, type Output, type Shown } from "./run-command.js";
import { comparedInputs, type ComparedInput } from "./scenario-inputs.js";
import { Workbench } from "./workbench.js";

const FOLDER = "compare";

/** `wirelat compare`: runs what are scenarios, reads what are results, and sets all paths side by side. Answers the exit code. */
export async function compareCommand({ request, screen, signal }: Context): Promise<number> {
  const { values } = request;
  const output = outputOf(values);
  const limits = many(values, "fail-if").map(limitOf);
  const repetition = differenceRepetitionOf(values);
  const points = pointChoiceOf(values);
  const bench = new Workbench(values);
  const compared = comparedOf(comparedInputs(request.inputs), many(values, "variant"), bench);
  const progress = new ProgressDisplay(screen, output.quiet);
  const amounts = { seed: whole(values, "seed", 0) ?? undefined, messages: whole(values, "messages", 1) ?? undefined };
  const session = new Session({ catalogue: bench.catalogue, signal, ...amounts, ...repetition, onProgress: (one) => progress.show(one), onPlan: inlineMore });
  const goals = repetition.precision ?? [];
  const asked = { metric: single(values, "metric"), baseline: single(values, "baseline") };
  const found = (made: readonly ComparedResult[]): Found => {
    const results = made.map(({ result }) => result);
    const paths = pathsOf(results, asked.metric);
    const pairs = pairsOf(paths, asked.baseline);
    const simulated = ({ result }: ComparedPath): boolean => made.some((one) => one.prepared !== null && one.result === result);
    if (goals.length > 0 && !pairs.some(({ baseline, other }) => simulated(baseline) && simulated(other))) throw nothingToNarrow();
    return { results, metric: asked.metric, paths, differences: differencesOfPairs(pairs, goals, simulated) };
  };
  const made = await compareInputs(compared, session, { points, precision: (results) => found(results).differences.flatMap((one) => one.precision) }).finally(() => progress.clear());
  const last = found(made);
  const { results, differences, paths } = last;
  if (output.json) screen.out(comparisonJson({ schema: COMPARISON_SCHEMA, differences, results }));
  else if (!output.quiet) screen.out(`${compareText(paths, differences, reportOptions(screen))}\n`);
  if (output.out !== null) await write({ ...last, bench, explored: () => exploreCompared(paths, made, amounts) }, output, { screen, progress, signal });
  if (signal.aborted) return EXIT.interrupted;
  const failed = failures(limits, differences);
  for (const line of failed) screen.err(`${line}\n`);
  return failed.length > 0 ? EXIT.expectationFailed : EXIT.ok;
}

function nothingToNarrow(): WirelatError {
  return new WirelatError("option-value", "--precision asks for the difference of paths that are both simulated here, and there is none", {
    remedy: "Name two scenarios or variants, and a scenario as --baseline; of files there are only the messages that they hold.",
  });
}

/** What is set against what; the name is that of a path or of a design. Throws `option-value`. */
function pairsOf(paths: readonly ComparedPath[], name: string | null): readonly ComparedPair[] {
  const pairs = comparedPairs(paths, name);
  if (pairs !== null) return pairs;
  const names = [...new Set(paths.flatMap((path) => [path.design, path.name]))];
  const near = nearest(name ?? "", names);
  throw new WirelatError("option-value", `--baseline ${name}: nothing here has that name`, { remedy: near === null ? `There are ${names.join("; ")}.` : `Did you mean "${near}"?` });
}

/** The paths by the metric asked for, or by the first of each. Throws `metric-unknown` when nothing has it. */
function pathsOf(results: readonly Result[], metric: string | null): readonly ComparedPath[] {
  if (metric === null) return comparedPaths(results, { everyPoint: true });
  const known = [...new Set(results.flatMap((result) => result.runs.flatMap((run) => run.metrics.map((one) => one.name))))];
  if (known.includes(metric)) return comparedPaths(results, { metric, everyPoint: true });
  const near = nearest(metric, known);
  throw new WirelatError("metric-unknown", `nothing here has a metric "${metric}"; there are ${known.join(", ")}`, near === null ? {} : { remedy: `Did you mean "${near}"?` });
}

interface Found {
  readonly results: readonly Result[];
  readonly metric: string | null;
  readonly paths: readonly ComparedPath[];
  readonly differences: readonly Difference[];
}

interface Written extends Found {
  readonly bench: Workbench;
  /** Follows single messages, which takes a moment: only for the page. */
  readonly explored: () => readonly Explored[];
}

async function write({ bench, explored, ...found }: Written, output: Output, shown: Shown): Promise<void> {
  const { paths, differences } = found;
  const folder = new ResultFolder(output.out ?? "", FOLDER);
  const written = folder.write({ "compare.txt": compareText(paths, differences, FILE_REPORT) });
  const drawn = await drawCharts(folder, async () => (await import("../chart/index.js")).comparisonCharts(paths, differences), output, shown);
  const page = await writePage(folder, () => comparePageText({ results: found.results, metric: found.metric, differences, explored: explored() }, bench), output, shown);
  listFiles([...written, ...page, ...drawn], output, shown.screen);
}

/** A file that is named several times, with several variants, is one scenario with these. */
function comparedOf(inputs: readonly ComparedInput[], asked: readonly string[], bench: Workbench): readonly Compared[] {
  const named = new Map<string, string[]>();
  for (const input of inputs) {
    if (input.kind === "scenario") named.set(input.file, [...(named.get(input.file) ?? []), ...(input.variant === null ? [] : [input.variant])]);
  }
  const loaded = new Map<string, Scenario>(forAll([...named.keys()], (file) => [file, bench.scenario(file)] as const));
  const open = [...named].flatMap(([file, variants]) => (variants.length > 0 ? [] : [loaded.get(file) as Scenario]));
  const chosen = variantsFor(open, asked);
  const seen = new Set<string>();
  return inputs.flatMap((input): Compared[] => {
    if (input.kind === "result") return [input];
    if (input.kind === "latencies") return [{ kind: "result", result: measuredResult(input.name, input.latencies) }];
    if (seen.has(input.file)) return [];
    seen.add(input.file);
    const scenario = loaded.get(input.file) as Scenario;
    const variants = [...new Set(named.get(input.file) ?? [])];
    return [{ kind: "scenario", scenario, variants: variants.length > 0 ? variants : chosen.get(scenario) ?? [] }];
  });
}
