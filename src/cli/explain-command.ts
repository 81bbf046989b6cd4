import { EXIT } from "../errors/index.js";
import { explainScenario } from "../experiment/index.js";
import { pageOn, type Context } from "./context.js";
import { explanationText } from "./explain-text.js";
import { forAll } from "./load.js";
import { overrides, single } from "./options.js";
import { scenarioFiles } from "./scenario-inputs.js";
import { Workbench } from "./workbench.js";

/** `wirelat explain`: prints what scenarios compile to. Answers the exit code. */
export function explainCommand({ request, screen }: Context): number {
  const { values } = request;
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
