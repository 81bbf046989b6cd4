// `npm run verify`: everything there is to run before a merge. The tree must be clean before, so that what is tested is what is
// committed, and clean after, so that generated pages and reference results are known to be in step with the code.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { ROOT, install, node } from "./steps.mjs";

const STEPS = [
  { name: "npm test", args: ["scripts/test.mjs"] },
  { name: "npm run docs", args: ["--import", "tsx", "scripts/generate-docs.ts"] },
  { name: "npm start", args: ["scripts/start.mjs"] },
  { name: "npm run bench", args: ["--expose-gc", "--import", "tsx", "test/bench/main.ts"] },
];

function requireCleanTree(moment) {
  const { stdout, status } = spawnSync("git", ["status", "--porcelain"], { cwd: ROOT, encoding: "utf8" });
  if (status === 0 && stdout === "") return;
  console.error(`The tree is not clean ${moment}:\n${stdout}`);
  process.exit(1);
}

requireCleanTree("before the run: commit first");
install();
rmSync(join(ROOT, "dist"), { recursive: true, force: true });
for (const { name, args } of STEPS) {
  console.log(`Verify: ${name}`);
  if (node(args) === 0) continue;
  console.error(`Verify: ${name} failed.`);
  process.exit(1);
}
requireCleanTree("after the run: commit what changed, or find out why it did");
console.log("Verified.");
