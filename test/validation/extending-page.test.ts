// Goal: a device can be written from docs/extending.md alone, in under 60 lines. Method: the page's own blocks are taken out, compiled,
// checked against the contract and run.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import * as modeling from "../../src/modeling/index.js";
import { folderWith } from "../support/small-scenario.js";
import { PROJECT, spawnCli } from "../support/spawn-cli.js";
import { errorLines } from "../support/type-errors.js";

const page = readFileSync(join(PROJECT, "docs/extending.md"), "utf8");
const block = (language: string): string => new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, "mu").exec(page)?.[1] ?? "";

describe("the page on writing a device", () => {
  const device = block("ts");
  const folder = folderWith({ "port-mirror.ts": device, "mirror.yaml": block("yaml") });

  test("shows a whole device in under 60 lines that compiles", () => {
    assert.ok(device.split("\n").length < 60 && device.includes("export default defineModel"), `${device.split("\n").length} lines`);
    assert.deepEqual(errorLines([device]), [[]]);
  });

  test("shows commands that work, on the files as it shows them", async () => {
    const commands = block("sh").trim().split("\n");
    assert.equal(commands.length, 4);
    for (const command of commands) {
      const ran = await spawnCli([...command.split(" ").slice(1), ...(command.includes(" run ") ? ["--no-charts"] : [])], { cwd: folder });
      assert.equal(ran.code, 0, `${command}\n${ran.stdout}${ran.stderr}`);
      if (command.includes(" run ")) assert.match(ran.stdout, /Expectations {2}3 held/u);
    }
  });

  test("names only what the modeling layer has", () => {
    const tables = [...page.matchAll(/^\| ((?:`[a-zA-Z]+` ?)+) \|/gmu)].flatMap(([, names]) => [...(names ?? "").matchAll(/`(\w+)`/gu)].map(([, name]) => name ?? ""));
    assert.ok(tables.length > 40, `${tables.length} names`);
    assert.deepEqual(tables.filter((name) => !(name in modeling)), []);
  });
});
