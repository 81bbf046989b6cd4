// Checks the imports of src/ against .dependency-cruiser.mjs. Fails as well when it has looked at fewer files than there are:
// an analyser that sees nothing finds nothing wrong.
import { cruise } from "dependency-cruiser";
import config from "../.dependency-cruiser.mjs";

/**
 * Cruises `src` below `baseDir` with this project's rules.
 * @param {string} baseDir folder that holds src/
 * @param {number} minModules fewer cruised modules than this is a fault of the check itself
 * @returns {Promise<{ result: import("dependency-cruiser").ICruiseResult, cruised: number }>}
 */
export async function cruiseSources(baseDir, minModules = 1) {
  const { options, ...ruleSet } = config;
  const { output } = await cruise(["src"], { ...options, ruleSet, validate: true, baseDir, outputType: "json" });
  const result = JSON.parse(output);
  const cruised = result.modules.filter((module) => module.source.startsWith("src/")).length;
  if (cruised < minModules) throw new Error(`dependency-cruiser looked at ${cruised} modules of src, expected at least ${minModules}`);
  return { result, cruised };
}
