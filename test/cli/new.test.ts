// Goal: what `wirelat new` writes works as it stands: it compiles, keeps the contract, runs, passes its own tests; and it never writes
// over anything.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { folderWith } from "../support/small-scenario.js";
import { PROJECT, spawnCli, type CliRun } from "../support/spawn-cli.js";
import { errorLines } from "../support/type-errors.js";

const folder = folderWith({ "taken.yaml": "mine\n", "acme-old/README.md": "mine\n" });
const cli = (...args: readonly string[]): Promise<CliRun> => spawnCli(args, { cwd: folder });

describe("wirelat new model", () => {
  test("writes a package with a model that compiles, keeps the contract, runs, and passes its own tests", async () => {
    const written = await cli("new", "model", "acme/fine-card");
    assert.equal(written.code, 0, written.stderr);
    const model = readFileSync(join(folder, "acme-fine-card/acme-fine-card.ts"), "utf8");
    assert.deepEqual(errorLines([model]), [[]]);
    assert.ok(!/vendor/u.test(model), "a name of the template is left");
    const file = "./acme-fine-card/acme-fine-card.ts";
    const [checked, ran, refused] = await Promise.all([cli("check", file), cli("run", "acme-fine-card/acme-fine-card.yaml", "--all", "--plugin", file), cli("run", "acme-fine-card/acme-fine-card.yaml")]);
    assert.deepEqual([checked.code, ran.code, refused.code], [0, 0, 2], checked.stdout + ran.stdout + ran.stderr);
    mkdirSync(join(folder, "acme-fine-card/node_modules"));
    symlinkSync(PROJECT, join(folder, "acme-fine-card/node_modules/wirelat"), "dir");
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const own = spawnSync(process.execPath, ["--test", "--test-reporter=tap"], { cwd: join(folder, "acme-fine-card"), encoding: "utf8", env });
    assert.equal(own.status, 0, own.stdout + own.stderr);
    assert.match(own.stdout, /# pass 4\n/u);
  });

  test("writes nothing where a file is there, and nothing of a malformed or taken name", async () => {
    const [over, malformed, taken] = await Promise.all([cli("new", "model", "acme/old"), cli("new", "model", "Card"), cli("new", "model", "nic/generic")]);
    assert.deepEqual([over.code, malformed.code, taken.code], [2, 2, 2]);
    assert.match(over.stderr, /acme-old\/README\.md is there already, and nothing was written.*\[file-exists\]/su);
    assert.ok(!existsSync(join(folder, "acme-old/package.json")));
    assert.match(malformed.stderr, /\[name-malformed\]/u);
    assert.match(taken.stderr, /\[name-taken\]/u);
  });
});

describe("wirelat new scenario", () => {
  test("writes a scenario that runs and keeps its promises", async () => {
    assert.equal((await cli("new", "scenario", "my-trade")).code, 0);
    const ran = await cli("run", "my-trade.yaml", "--all");
    assert.equal(ran.code, 0, ran.stdout + ran.stderr);
    assert.match(ran.stdout, /my-trade: /u);
  });

  test("never writes over one, and says what it can write", async () => {
    const [over, malformed, kind, none] = await Promise.all([cli("new", "scenario", "taken"), cli("new", "scenario", "../up"), cli("new", "world", "x"), cli("new")]);
    assert.equal(readFileSync(join(folder, "taken.yaml"), "utf8"), "mine\n");
    assert.match(over.stderr, /\[file-exists\]/u);
    assert.match(malformed.stderr, /\[name-malformed\]/u);
    assert.match(kind.stderr, /\[option-value\]/u);
    assert.match(none.stderr, /\[argument-missing\]/u);
  });
});
