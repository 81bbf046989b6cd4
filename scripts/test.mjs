// `npm test`: the gates in order, then the tests. `npm test -- test/unit/units` runs the test files whose path contains the text;
// the gates run all the same. A gate that fails does not hide what the later ones and the tests have to say.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { installChromium } from "./chromium.mjs";
import { ROOT, build, install, node } from "./steps.mjs";

const FILE_TIMEOUT_SECONDS = 180;
const GATES = [
  { name: "types of the tests", args: ["node_modules/typescript/bin/tsc", "-b", "test"] },
  { name: "eslint", args: ["node_modules/eslint/bin/eslint.js", "--max-warnings=0", "."] },
  { name: "imports", args: ["scripts/cruise.mjs"] },
];

/** The test files below test/, except the benchmarks, which measure and do not judge. */
function testFiles(filters) {
  const files = readdirSync(join(ROOT, "test"), { recursive: true }).map((file) => `test/${file.replaceAll("\\", "/")}`);
  const tests = files.filter((file) => file.endsWith(".test.ts") && !file.startsWith("test/bench/")).sort();
  const chosen = filters.length === 0 ? tests : tests.filter((file) => filters.some((filter) => file.includes(filter)));
  console.log(`Tests: ${chosen.length} of ${tests.length} files${filters.length === 0 ? "" : `, those matching ${filters.join(" or ")}`}`);
  return chosen;
}

function passes({ name, args }) {
  console.log(`Gate: ${name} …`);
  const start = Date.now();
  const passed = node(args) === 0;
  console.log(`Gate: ${name} ${passed ? "passed" : "FAILED"} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
  return passed;
}

function runTests(files) {
  const options = ["--test-reporter=spec", "--test-reporter-destination=stdout", "--test-concurrency=2"];
  return node(["--import", "tsx", "--test", `--test-timeout=${FILE_TIMEOUT_SECONDS * 1000}`, ...options, ...files]);
}

const filters = process.argv.slice(2);
install();
installChromium();
const failed = [];
if (build() !== 0) failed.push("build");
failed.push(...GATES.filter((gate) => !passes(gate)).map((gate) => gate.name));
if (!existsSync(join(ROOT, "dist/cli/main.js"))) console.log("dist/cli/main.js is missing: tests of the command line will fail.");

const files = testFiles(filters);
if (files.length === 0) failed.push("no test file was found");
if (files.length > 0 && runTests(files) !== 0) failed.push("tests");
if (failed.length > 0) console.error(`\nFailed: ${failed.join(", ")}.`);
process.exitCode = failed.length === 0 ? 0 : 1;
