// Goal: `wirelat check` tries a model of the catalogue or of a plug-in against the contract, and says what is broken.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CARD, CARD_SCENARIO, FAST } from "../support/plugin-files.js";
import { folderWith } from "../support/small-scenario.js";
import { spawnCli, type CliRun } from "../support/spawn-cli.js";

const folder = folderWith({
  "card.ts": CARD, "hardware/acme/fast.yaml": FAST, "card.yaml": CARD_SCENARIO,
  "lax.ts": CARD.replace('release(parts.fifo, message.wire),', "").replace("150 ns", "1 us"),
  "node_modules/acme-card/package.json": '{ "name": "acme-card", "main": "card.ts" }', "node_modules/acme-card/card.ts": CARD.replace("acme/card", "acme/packed"),
});
const check = (...args: readonly string[]): Promise<CliRun> => spawnCli(["check", ...args], { cwd: folder });

describe("wirelat check MODEL", () => {
  test("tries a model of the catalogue, by name", async () => {
    const ran = await check("fpga/pipeline");
    assert.equal(ran.code, 0, ran.stdout + ran.stderr);
    assert.match(ran.stdout, /^fpga\/pipeline\n {2}ok .*\n/u);
    assert.ok(!ran.stdout.includes("FAILED"));
  });

  test("tries plug-ins, a file with the scenarios beside it, and a package", async () => {
    const ran = await check("./card.ts", "acme-card");
    assert.equal(ran.code, 0, ran.stdout + ran.stderr);
    assert.match(ran.stdout, /acme\/card\n.*relay of its own bench, card\)/su);
    assert.match(ran.stdout, /acme\/packed\n/u);
  });

  test("says which law is broken, and ends with 1; --json says the same", async () => {
    const ran = await check("lax.ts");
    assert.equal(ran.code, 1, ran.stderr);
    assert.match(ran.stdout, /FAILED operations give back what they claim.*\n\s+relay: .*FIFO/u);
    assert.match(ran.stdout, /FAILED every number has .*\n\s+pipeline: is 1 us, outside its own range of 80 ns to 250 ns/u);
    const [report] = JSON.parse((await check("lax.ts", "--json")).stdout) as { model: string; verdicts: { faults: string[] }[] }[];
    assert.equal(report?.model, "acme/card");
    assert.equal(report.verdicts.filter((one) => one.faults.length > 0).length, 3);
  });

  test("refuses unknown names with the nearest, and models together with scenarios", async () => {
    const [unknown, both] = await Promise.all([check("nic/generc"), check("nic/generic", "card.yaml")]);
    assert.deepEqual([unknown.code, both.code], [2, 2]);
    assert.match(unknown.stderr, /there is no model "nic\/generc"\. Did you mean "nic\/generic"\? \[model-unknown\]/u);
    assert.match(both.stderr, /takes scenarios or models, not both/u);
  });
});
