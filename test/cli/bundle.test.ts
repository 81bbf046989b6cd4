// Goal: `wirelat` runs what was built last, whether or not the script of the command line was made anew. Method: in a copy of dist another
// script takes its place, which ends with an exit code of its own.
import assert from "node:assert/strict";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { folderWith } from "../support/small-scenario.js";
import { PROJECT, spawnCli } from "../support/spawn-cli.js";

const OTHER = "(function (module) { module.exports = { commandLine: () => Promise.resolve(42) }; })";

/** Prints whether V8 refuses its code. */
const REFUSED = "const { readBundle } = await import(process.argv[2]);\nconsole.log(readBundle().script.cachedDataRejected);\n";

/** A copy of what was built, and the exit code of `wirelat schema` of it. */
function copied(): { readonly cli: string; readonly exitCode: () => Promise<number | null> } {
  const folder = folderWith({ "package.json": '{ "type": "module" }' });
  cpSync(join(PROJECT, "dist"), join(folder, "dist"), { recursive: true, preserveTimestamps: true, filter: (path) => !path.endsWith(".map") && !path.endsWith(".d.ts") });
  for (const name of ["node_modules", "scenarios"]) symlinkSync(join(PROJECT, name), join(folder, name), "dir");
  const cli = join(folder, "dist/cli");
  return { cli, exitCode: async () => (await spawnCli(["schema"], { entry: join(cli, "main.js") })).code };
}

describe("the script of the command line", () => {
  test("is what npm run build made last, and V8's code for it is beside it", () => {
    const cli = join(PROJECT, "dist/cli");
    assert.ok(existsSync(join(cli, "bundle.cjs")), "dist/cli/bundle.cjs is missing: run npm run build");
    assert.deepEqual(readdirSync(cli).filter((name) => name.endsWith(".cache")), [`bundle.cjs.${process.version}-${process.platform}-${process.arch}.cache`]);
    assert.doesNotMatch(readFileSync(join(cli, "bundle.cjs"), "utf8"), /\bimport\.meta\b|\bimport\("/u);
  });

  test("loads with the code that V8 kept", async () => {
    const folder = folderWith({ "refused.mjs": REFUSED });
    assert.equal((await spawnCli([pathToFileURL(join(PROJECT, "dist/cli/bundle.js")).href], { entry: join(folder, "refused.mjs") })).stdout, "false\n");
  });

  test("runs where nothing was compiled since, and in a package", async () => {
    const { cli, exitCode } = copied();
    writeFileSync(join(cli, "bundle.cjs"), OTHER);
    assert.equal(await exitCode(), 42);
    utimesSync(join(cli, "bundle.cjs"), 1, 1);
    assert.equal(await exitCode(), 0);
    for (const name of ["src", "engine"]) rmSync(join(cli, "..", `${name}.tsbuildinfo`));
    assert.equal(await exitCode(), 42);
  });

  test("gives way to the modules where it is missing", async () => {
    const { cli, exitCode } = copied();
    rmSync(join(cli, "bundle.cjs"));
    assert.equal(await exitCode(), 0);
  });

  test("runs without its cache, and with one that is broken", async () => {
    const { cli, exitCode } = copied();
    const now = new Date();
    utimesSync(join(cli, "bundle.cjs"), now, now);
    for (const name of readdirSync(cli).filter((one) => one.endsWith(".cache"))) writeFileSync(join(cli, name), "no code");
    assert.equal(await exitCode(), 0);
    for (const name of readdirSync(cli).filter((one) => one.endsWith(".cache"))) rmSync(join(cli, name));
    rmSync(join(cli, "command-line.js"));
    assert.equal(await exitCode(), 0);
  });
});
