import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { exploreMessages, type Prepared } from "../experiment/index.js";
import type { ComparePage, PageTools, ScenarioText } from "../html/index.js";
import type { Result } from "../result/index.js";
import { openScenarioFile, readSources } from "../scenario/index.js";
import type { Workbench } from "./workbench.js";

/** The script of the pages, as the build leaves it beside the commands. */
const SCRIPT = fileURLToPath(new URL("../page/page.js", import.meta.url));
const MOST_SCENARIO_BYTES = 1 << 20;

/** Without the script, in a build that lacks it, a page has its tables and says what is missing. */
function tools(): PageTools {
  return {
    script: existsSync(SCRIPT) ? readFileSync(SCRIPT, "utf8").trim() : null,
    sha256: (text) => createHash("sha256").update(text).digest("base64"),
  };
}

/** What the page of a run is made from. */
export interface RunPageInputs {
  readonly result: Result;
  readonly prepared: Prepared;
  readonly asked: { readonly seed?: number | undefined; readonly messages?: number | undefined };
  readonly path: string;
  readonly bench: Workbench;
}

/** The page of a run, which follows a few messages for it. */
export async function runPageText({ result, prepared, asked, path, bench }: RunPageInputs): Promise<string> {
  const { runPage } = await import("../html/index.js");
  const sources = readSources({ ...bench.access, own: openScenarioFile(path).access.own });
  return runPage({ result, explored: exploreMessages(prepared, asked), sources, scenario: scenarioText(path) }, tools());
}

/** The page of a comparison, which follows a few messages of what was simulated for it. */
export async function comparePageText(found: Omit<ComparePage, "sources">, bench: Workbench): Promise<string> {
  const { comparePage } = await import("../html/index.js");
  return comparePage({ ...found, sources: readSources(bench.access) }, tools());
}

function scenarioText(path: string): ScenarioText {
  const { file, access } = openScenarioFile(path);
  return { name: basename(path), text: new TextDecoder().decode(access.own.read(file, MOST_SCENARIO_BYTES)) };
}
