// Makes one script of what runs in the reader's browser: dist/page/page.js, which `wirelat run` puts into report.html. After `tsc -b`.
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { ROOT } from "./steps.mjs";

const SOURCE = join(ROOT, "dist/page/main.js");
const TARGET = join(ROOT, "dist/page/page.js");

if (!existsSync(SOURCE)) throw new Error("dist/page/main.js is missing: run tsc -b first");
await build({
  entryPoints: [SOURCE], outfile: TARGET, bundle: true, minify: true, format: "iife", target: "es2022", platform: "browser", charset: "utf8", legalComments: "inline",
  // The renderer of files is reached by imports that no page ever runs.
  external: ["node:*", "chartjs-node-canvas"],
  logOverride: { "empty-import-meta": "silent" },
  logLevel: "warning",
});
console.log(`Built dist/page/page.js (${Math.round(statSync(TARGET).size / 1024)} KiB).`);
