import { CODES } from "../src/errors/index.js";
import { MODELS, TRAFFIC } from "../src/models/index.js";
import { commandLinePage, comparisonPage, resultPage, resultSchema } from "./cli-pages.js";
import { chartsPage } from "./gallery-list.js";
import { metricsPage } from "./metrics-page.js";
import { scenarioSchema } from "./scenario-schema.js";
import { cataloguePage, modelPage, trafficPage } from "./model-pages.js";

/** The page of error codes, from the table in src/errors/codes.ts. */
export function errorsPage(codes: Readonly<Record<string, string>> = CODES): string {
  const rows = Object.entries(codes).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`);
  return [
    "# Error codes",
    "",
    "Every error names its code, the place in the file, what was expected and what to do. The code is stable: scripts may rely on it",
    "(`--json` gives it as `code`). The process exits with 2 when the input is wrong and with 3 when the fault is the simulator's own.",
    "",
    "Generated from `src/errors/codes.ts` by `npm run docs`.",
    "",
    "| Code | Meaning |",
    "|---|---|",
    ...rows,
    "",
  ].join("\n");
}

/** Path -> content of every generated page. */
export function generatedPages(): ReadonlyMap<string, string> {
  return new Map([
    ["docs/errors.md", errorsPage()],
    ["docs/cli.md", commandLinePage()],
    ["docs/result.md", resultPage()],
    ["docs/comparison.md", comparisonPage()],
    ["docs/charts.md", chartsPage()],
    ["docs/metrics.md", metricsPage()],
    ["docs/result.schema.json", resultSchema()],
    ["scenarios/schema.json", scenarioSchema()],
    ["docs/models/README.md", cataloguePage(MODELS, TRAFFIC)],
    ...MODELS.map((model): [string, string] => [`docs/models/${model.name}.md`, modelPage(model)]),
    ...TRAFFIC.map((traffic): [string, string] => [`docs/models/${traffic.name}.md`, trafficPage(traffic)]),
  ]);
}
