// Makes one script of the command line, dist/cli/bundle.cjs, and lets V8 keep beside it what it compiles in a short run: `wirelat` loads
// both in a third of the time that its modules take. After `tsc -b`.
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { ROOT } from "./steps.mjs";

const SOURCE = join(ROOT, "dist/cli/command-line.js");
const SCENARIOS = ["kernel-udp-t2t", "rdma-poll-byte", "fpga-t2t"].map((name) => join(ROOT, "scenarios", `${name}.yaml`));

if (!existsSync(SOURCE)) throw new Error("dist/cli/command-line.js is missing: run tsc -b first");
const { BUNDLE, CODE_CACHE, readBundle } = await import("../dist/cli/bundle.js");
// V8 takes a cache for that of a script by the script's length alone, so that the old one must go first.
for (const name of readdirSync(dirname(BUNDLE))) if (name.endsWith(".cache")) rmSync(join(dirname(BUNDLE), name));
const { outputFiles: [{ text }] } = await build({
  entryPoints: [SOURCE], outfile: BUNDLE, bundle: true, format: "cjs", target: "node20.19", platform: "node",
  legalComments: "inline", logLevel: "warning", write: false,
  // Large, seldom needed, or not of JavaScript alone: loaded from where they are installed.
  external: ["chart.js", "chartjs-node-canvas", "hyparquet-writer", "typescript", "yargs"],
  define: { "import.meta.url": "moduleUrl" },
  banner: { js: "(function (module, require, importModule, moduleUrl) {" },
  footer: { js: "})" },
});
// A script that is no module cannot import by itself.
writeFileSync(BUNDLE, text.replace(/\bimport\((?="[^"]+"\))/gu, "importModule("));

const out = mkdtempSync(join(tmpdir(), "wirelat-build-"));
const { exports, script } = readBundle();
const code = await exports.commandLine(["run", ...SCENARIOS, "--messages", "1000", "--no-charts", "--quiet", "--out", out]);
rmSync(out, { recursive: true });
// So few messages may miss an expectation, which is no fault of the script.
if (code > 1) throw new Error(`the bundle cannot run the scenarios: exit code ${code}`);
writeFileSync(CODE_CACHE, script.createCachedData());
console.log(`Built dist/cli/bundle.cjs (${Math.round(statSync(BUNDLE).size / 1024)} KiB).`);
