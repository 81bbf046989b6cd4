import { COMMANDS, type CommandSpec } from "../src/cli/options.js";
import { COMPARISON_FORMAT, COMPARISON_SCHEMA, jsonSchema, RESULT_FORMAT, RESULT_SCHEMA, type Shape } from "../src/result/index.js";

/** The page of the command line, from the table that the parser and --help are made from. */
export function commandLinePage(): string {
  return [
    "# Command line",
    "",
    "Reports go to standard output, progress and errors to standard error. Colour appears on a terminal only; `NO_COLOR=1` takes it away and",
    "`FORCE_COLOR=1` brings it into a pipe. On a terminal long work shows one line with its rate and the time left; in a pipe a plain line every ten seconds.",
    "",
    "Generated from `src/cli/options.ts` by `npm run docs`.",
    "",
    "| Command | Does |",
    "|---|---|",
    ...COMMANDS.map(({ name, takes, about }) => `| [\`${`wirelat ${name} ${takes}`.trim()}\`](#wirelat-${name}) | ${about} |`),
    "| `wirelat completion` | Print a script that completes commands and options in bash or zsh |",
    "| `wirelat --help`, `wirelat COMMAND --help` | Print help with examples |",
    "| `wirelat --version` | Print the version |",
    "",
    "| Exit code | Means |",
    "|---|---|",
    "| 0 | every expectation held |",
    "| 1 | an expectation failed |",
    "| 2 | the input is wrong: every error is shown with its place, its remedy and its [code](errors.md) |",
    "| 3 | a fault of wirelat itself; `WIRELAT_DEBUG=1` shows where it happened |",
    "| 130 | interrupted by Ctrl-C; what was finished is written |",
    "",
    ...COMMANDS.flatMap(commandSection),
    ...NOTES,
  ].join("\n");
}

function commandSection(command: CommandSpec): string[] {
  return [
    `## wirelat ${command.name}`,
    "",
    `${command.about}.`,
    "",
    "```",
    `wirelat ${command.name} ${command.takes}`.trim(),
    "```",
    "",
    ...(command.options.length === 0 ? [] : ["| Option | Meaning |", "|---|---|"]),
    ...command.options.map(({ name, value, about, repeatable }) => `| \`--${name}${value === null ? "" : ` ${value}`}\` | ${about}${repeatable === true ? " (may be repeated)" : ""} |`),
    "",
    "```sh",
    ...command.examples.map(([line, about]) => `${line.replace("$0", "wirelat")}  # ${about}`),
    "```",
    "",
  ];
}

const NOTES = [
  "## What is written",
  "",
  "`wirelat run` writes `DIR/ID/result.json` ([its format](result.md)), `summary.txt` and the charts as PNG and SVG, where `DIR` is `--out` or `results` and `ID` the id",
  "of the scenario. The same scenario, options and version give the same `result.json`, byte for byte: it holds no time of day and no path of a machine.",
  "Beside them lies `report.html`: tables that sort, the same charts to read values off, single messages piece by piece, expectations, sources and the scenario, in one",
  "file that opens from disk and fetches nothing. Its messages come from a second, short run (1,000 messages at most) of each of the first three variants. `--no-charts` leaves it out too.",
  "`wirelat compare` writes `DIR/compare`. With `--json` nothing is written unless `--out` is given; one scenario gives one object, several give an array.",
  "Errors are then JSON as well, on standard error: `{ \"errors\": [{ \"code\", \"message\", \"remedy\", \"place\" }] }`.",
  "",
  "## Fewer messages, fewer variants",
  "",
  "`--messages` keeps the share of the warm-up. Expectations are written for the number of messages that the scenario states; where one fails under",
  "another number, a warning says so. With `--variant`, expectations that speak of variants which were not run are left out, and a warning says how many.",
  "Scenarios that expectations refer to are run as far as they are asked for.",
  "",
  "A parameter that the scenario (or `--set`) states and that no step of any path rests on, in no variant and at no sweep point, is an error: it would change nothing.",
  "",
  "## How far to trust a number",
  "",
  "Percentiles and means carry intervals of 95 %, or of what the scenario says (`run: { confidence: 99% }`), or none where the run is too short to tell. A single run takes that of the mean from batches of messages, those of",
  "percentiles from order statistics, both widened by how alike neighbouring messages are. `--replications` makes independent runs, the first with the seed that",
  "was given, the others with seeds derived from it, which `result.json` lists; each has its own warm-up. They are told as one run that had all their messages, and",
  "intervals come from how they scatter (Student's t). `--precision p99=2%` adds replications until the interval of p99 reaches at most 2 % of its value to either side,",
  "for every metric of the run, or for one (`t2t:p99=2%`): none if the first run does it by itself, otherwise at least ten. A percentile needs ten messages beyond it in each",
  "replication; where there are fewer, all are made longer, as `--messages` would. It follows from the numbers alone, so that the same command makes the same runs. Where",
  "`--max-messages` is reached before, a warning says so. Replications do not help against a warm-up that is too short: give more `--messages` then. The column `replication` of `--csv` and",
  "`--parquet` tells them apart; `--trace` and `--pcap` write a file for each.",
  "",
  "A warning names metrics that settle later than the warm-up ends (MSER-5), with the warm-up they need; with replications it is judged on their average.",
  "",
  "A run ends when `run.messages` are sent (100,000 unless said), or at `run: { time: 100 ms }`, when no more are; what is under way arrives. With both the first counts. How",
  "many messages a time stands for is not known before, so that none is warm-up unless `run.warmup` says how many, and `--messages` leaves that as it is.",
  "",
  "## What is compared",
  "",
  "`wirelat compare` runs the base variant of each scenario unless `--variant` or `FILE@VARIANT` say otherwise, at one sweep point: of an axis that several",
  "scenarios sweep, the first value that all of these have; of other axes the first. A `result.json`, or the folder it lies in, stands for all its variants, each at",
  "its first point. `--point rate=20kpps` names a point by an axis, or the end of its name, and a value; given several times it adds points. `--point all` takes all",
  "points that everything compared has. Each path is then set against the baseline at the same point, a single design against its first point.",
  "A .csv or .txt file holds latencies that were measured, one a line with its unit, or bare numbers under a heading such as `latency_ns`. Expectations are not checked.",
  "",
  "Every other path is set against the first, or against `--baseline`: mean, p50 and p99 with the 95 % interval of their difference, from how 32 equal stretches",
  "of the two runs differ pair by pair. Scenarios run on the same random numbers, so that what both meet falls out. With `--replications` all run as often, on the",
  "same seeds, and intervals come from how the replications differ, pair by pair; that needs no guess at how long a run remembers. `--precision p99=1%` adds replications",
  "of all until the interval of each difference reaches at most 1 % of the baseline's value to either side, and says whether it did or the limit of messages came first.",
  "Earlier results are paired where they were made with the same replications. `~` stands for a difference whose interval",
  "reaches across zero. Below it stands where the difference of the mean comes from, step by step: the lines add to it exactly. `--json` gives the same as",
  "[data](comparison.md). `--fail-if` ends with exit code 1 when a change is larger than stated and more than chance.",
  "",
];

/** The JSON Schema of result.json, as a file. */
export function resultSchema(): string {
  return `${JSON.stringify({ $schema: "https://json-schema.org/draft/2020-12/schema", $id: RESULT_SCHEMA, ...jsonSchema(RESULT_FORMAT) }, null, 2)}\n`;
}

/** The page of what `compare --json` prints. */
export function comparisonPage(): string {
  return [
    "# The comparison",
    "",
    `What \`wirelat compare --json\` prints. Format \`${COMPARISON_SCHEMA}\`. Times are picoseconds; each result is as in [the result file](result.md).`,
    "",
    "Generated from `src/result/format.ts` by `npm run docs`.",
    "",
    ...objectSections(COMPARISON_FORMAT, new Set(["result"])),
  ].join("\n").replaceAll("](#result)", "](result.md)");
}

/** The page of the format of result.json, from the shape that results are checked against. */
export function resultPage(): string {
  return [
    "# The result file",
    "",
    `What \`wirelat run\` writes as \`result.json\` and prints with \`--json\`; reports and charts are made from it alone. Format \`${RESULT_SCHEMA}\`, as`,
    "[JSON Schema](result.schema.json). Times are picoseconds, sizes bytes, shares from 0 to 1.",
    "",
    "Generated from `src/result/format.ts` by `npm run docs`.",
    "",
    ...objectSections(RESULT_FORMAT),
  ].join("\n");
}

type ObjectShape = Extract<Shape, { kind: "object" }>;

/** A section for each object, once; those in `told` have theirs already. */
function objectSections(shape: Shape, told = new Set<string>()): string[] {
  if (shape.kind !== "object" || told.has(shape.name)) return [];
  told.add(shape.name);
  const rows = Object.entries(shape.fields).map(([name, field]) => `| \`${name}\` | ${kindOf(field)} | ${aboutOf(field).replaceAll("|", "\\|")} |`);
  return [`## ${shape.name}`, "", `${sentence(shape.about)}`, "", "| Field | Kind | Meaning |", "|---|---|---|", ...rows, "", ...innerObjects(shape).flatMap((one) => objectSections(one, told))];
}

function innerObjects(shape: ObjectShape): ObjectShape[] {
  return Object.values(shape.fields).map(innermost).filter((one) => one.kind === "object");
}

function innermost(shape: Shape): Shape {
  return "of" in shape ? innermost(shape.of) : shape;
}

function kindOf(shape: Shape): string {
  switch (shape.kind) {
    case "constant":
      return `\`"${shape.value}"\``;
    case "choice":
      return `one of ${shape.values.join(", ")}`;
    case "number":
      return shape.whole ? "whole number" : "number";
    case "optional":
      return `${kindOf(shape.of)} or null`;
    case "list":
      return `list of ${kindOf(shape.of)}`;
    case "record":
      return `map to ${kindOf(shape.of)}`;
    case "object":
      return `[${shape.name}](#${shape.name.replaceAll(" ", "-")})`;
    default:
      return shape.kind;
  }
}

function aboutOf(shape: Shape): string {
  return shape.kind === "optional" ? aboutOf(shape.of) : shape.about;
}

function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return capital.endsWith(".") ? capital : `${capital}.`;
}
