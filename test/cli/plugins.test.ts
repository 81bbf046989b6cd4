// Goal: every command takes plug-ins, and runs the code that a scenario names only where the user says so.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CARD, CARD_SCENARIO, FAST } from "../support/plugin-files.js";
import { folderWith } from "../support/small-scenario.js";
import { spawnCli, type CliRun } from "../support/spawn-cli.js";

const folder = folderWith({
  "card.ts": CARD, "hardware/acme/fast.yaml": FAST, "card.yaml": CARD_SCENARIO,
  "unnamed.yaml": CARD_SCENARIO.replace("plugins: [./card.ts]\n", "").replace("id: card", "id: unnamed"),
  "other/card.ts": CARD,
});
const cli = (...args: readonly string[]): Promise<CliRun> => spawnCli(args, { cwd: folder });

describe("plug-ins on the command line", () => {
  test("run with --plugin, with --allow-plugins, and without either not at all", async () => {
    const [refused, named, allowed, other] = await Promise.all([
      cli("run", "card.yaml", "--all"), cli("run", "card.yaml", "--all", "--plugin", "card.ts"), cli("run", "card.yaml", "--all", "--allow-plugins"),
      cli("run", "card.yaml", "--all", "--plugin", "other/card.ts"),
    ]);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /^card\.yaml:4:11 {2}plugins\[0\]\n.*\.\/card\.ts.*--plugin \.\/card\.ts.*\[plugin-consent\]/su);
    for (const ran of [named, allowed]) assert.deepEqual([ran.code, ran.stdout.split("\n")[1]], [0, "1 scenarios, 1 of 1 expectations held"], ran.stderr);
    assert.match(other.stderr, /\[plugin-consent\]/u, "to name one file is no consent to another");
  });

  test("serve scenarios that do not name them", async () => {
    assert.equal((await cli("run", "unnamed.yaml", "--all")).code, 2);
    assert.equal((await cli("run", "unnamed.yaml", "--all", "--plugin", "./card.ts")).code, 0);
  });

  test("are explained with their evidence, compared, listed, checked, and in the schema", async () => {
    const plugin = ["--plugin", "card.ts"] as const;
    const [explained, compared, checked, model, preset, list, schema] = await Promise.all([
      cli("explain", "card.yaml", ...plugin), cli("compare", "card.yaml", ...plugin, "--no-charts"), cli("check", "card.yaml", ...plugin),
      cli("models", "acme/card", ...plugin), cli("models", "acme/fast", ...plugin), cli("models", ...plugin), cli("schema", ...plugin),
    ]);
    for (const ran of [explained, compared, checked, model, preset, list, schema]) assert.equal(ran.code, 0, ran.stderr);
    assert.match(explained.stdout, /box\.pipeline = 100 ns {1,2}\(default\)\n\s+estimated 80 ns \.\. 120 ns: A fast card/u);
    assert.match(model.stdout, /estimated 80 ns \.\. 250 ns: cards of this class/u);
    assert.match(preset.stdout, /pipeline\s+100 ns/u);
    for (const name of ["acme/card", "acme/fast"]) assert.ok(list.stdout.includes(name), name);
    const { $defs } = JSON.parse(schema.stdout) as { $defs: Record<string, { properties: Record<string, unknown> }> };
    assert.ok("pipeline" in ($defs["takes-acme-card"]?.properties ?? {}));
    assert.ok(!(await cli("schema")).stdout.includes("acme"));
  });

  test("that cannot be loaded end the command with all that is wrong, as JSON where it was asked for", async () => {
    const ran = await cli("models", "--plugin", "none.ts", "--plugin", "no-such-package", "--json");
    assert.equal(ran.code, 2);
    const { errors } = JSON.parse(ran.stderr) as { errors: { code: string }[] };
    assert.deepEqual(errors.map((error) => error.code), ["plugin-unreadable", "plugin-unreadable"]);
  });
});
