import type { NamedChart } from "../chart/index.js";
import { EXIT, WirelatError } from "../errors/index.js";
import { explainJourneys, explainScenario, type Journeys, type Selection } from "../experiment/index.js";
import { pageOn, type Context } from "./context.js";
import { explanationText } from "./explain-text.js";
import { journeysText } from "./journey-text.js";
import { forAll } from "./load.js";
import { overrides, single, whole, type Values } from "./options.js";
import { ProgressDisplay } from "./progress.js";
import { ResultFolder } from "./result-files.js";
import { drawCharts, listFiles, type Output, type Shown } from "./run-command.js";
import { scenarioFiles } from "./scenario-inputs.js";
import { Workbench } from "./workbench.js";

/** `wirelat explain`: prints what scenarios compile to, or what happened to some of their messages. Answers the exit code. */
export async function explainCommand(context: Context): Promise<number> {
  const { request, screen } = context;
  const { values } = request;
  const select = selectionOf(values);
  if (select !== null) return explainMessages(context, select);
  if (single(values, "out") !== null) throw new WirelatError("option-value", "--out draws timelines of messages, and none is chosen", { remedy: "Give --worst, --at or --message too, as in --worst 3 --out results." });
  const sets = overrides(values);
  const variant = single(values, "variant") ?? "base";
  const files = scenarioFiles(request.inputs, "explain scenarios/fpga-t2t.yaml");
  const bench = new Workbench(values);
  const explained = forAll(files, (path) => {
    const scenario = bench.scenario(path, sets);
    return { scenario, explanation: explainScenario(scenario, bench.catalogue, variant) };
  });
  if (values["json"] === true) {
    const plain = explained.map(({ scenario, explanation }) => ({ scenario: scenario.summary.id, ...explanation }));
    screen.out(`${JSON.stringify(plain.length === 1 ? plain[0] : plain, null, 1)}\n`);
    return EXIT.ok;
  }
  for (const { scenario, explanation } of explained) screen.out(explanationText(scenario.summary.title, explanation, pageOn(screen)));
  return EXIT.ok;
}

/** The messages that the options ask for, null for none. Throws `option-value` for what is no selection or two at once. */
function selectionOf(values: Values): Selection | null {
  const at = single(values, "at");
  const number = whole(values, "message", 0);
  const count = whole(values, "worst", 1);
  const selections: Selection[] = [
    ...(number === null ? [] : [{ kind: "message" as const, number }]),
    ...(count === null ? [] : [{ kind: "worst" as const, count }]),
    ...(at === null ? [] : [{ kind: "at" as const, q: quantileOf(at) }]),
  ];
  if (selections.length > 1) throw new WirelatError("option-value", "--message, --worst and --at are given together", { remedy: "Give one of them." });
  return selections[0] ?? null;
}

/** A quantile as people write it: p50, p99.9. */
function quantileOf(text: string): number {
  const [, digits] = /^p(\d+(?:\.\d+)?)$/u.exec(text.trim()) ?? [];
  const q = Number(digits) / 100;
  if (!(q > 0 && q < 1)) throw new WirelatError("option-value", `--at ${text}: expected a percentile between p0 and p100`, { remedy: "Write it like --at p99.9." });
  return q;
}

async function explainMessages({ request, screen, signal }: Context, select: Selection): Promise<number> {
  const { values } = request;
  const sets = overrides(values);
  const bench = new Workbench(values);
  const choice = {
    select, variant: single(values, "variant") ?? "base", metric: single(values, "metric"),
    seed: whole(values, "seed", 0) ?? undefined, messages: whole(values, "messages", 1) ?? undefined,
  };
  const found = forAll(scenarioFiles(request.inputs, "explain scenarios/fpga-t2t.yaml --worst 3"), (path) => {
    const scenario = bench.scenario(path, sets);
    return { scenario, explained: explainJourneys(scenario, bench.catalogue, choice) };
  });
  const plain = found.map(({ scenario, explained }) => ({ scenario: scenario.summary.id, ...explained }));
  if (values["json"] === true) screen.out(`${JSON.stringify(plain.length === 1 ? plain[0] : plain, null, 1)}\n`);
  else for (const { scenario, explained } of found) screen.out(journeysText(scenario.summary.title, explained, pageOn(screen)));
  const output: Output = { out: single(values, "out"), json: values["json"] === true, brief: false, charts: true, quiet: false };
  for (const { scenario, journeys } of plain) await drawTimelines(scenario, journeys, output, { screen, progress: new ProgressDisplay(screen, false), signal });
  return signal.aborted ? EXIT.interrupted : EXIT.ok;
}

/** A timeline of each message, where --out says. */
async function drawTimelines(scenario: string, journeys: Journeys["journeys"], output: Output, shown: Shown): Promise<void> {
  if (output.out === null) return;
  const folder = new ResultFolder(output.out, scenario);
  const charts = async (): Promise<NamedChart[]> => {
    const { timelineChart } = await import("../chart/index.js");
    return journeys.map((journey) => timelineChart(`timeline-${journey.message}`, journey));
  };
  listFiles(await drawCharts(folder, charts, output, shown), output, shown.screen);
}
