// Before `npm pack`: npm silently bundles nothing when the bundled packages are not installed, and ships what an older build left in
// dist. Either would give a package that is broken only where it is installed.
import { existsSync, lstatSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ROOT, build } from "./steps.mjs";

const missing = ["chart.js", "chartjs-node-canvas", "canvas"].filter((name) => !existsSync(join(ROOT, "node_modules", name)));
if (missing.length > 0) {
  console.error(`Not installed, so the package would lack them: ${missing.join(", ")}. Run npm ci first.`);
  process.exit(1);
}
if (lstatSync(join(ROOT, "node_modules")).isSymbolicLink()) {
  console.error("node_modules is a link, and npm bundles nothing from behind one. Pack where npm ci was run.");
  process.exit(1);
}
rmSync(join(ROOT, "dist"), { recursive: true, force: true });
process.exitCode = build();
