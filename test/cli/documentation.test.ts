import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { COMMANDS } from "../../src/cli/options.js";
import { PROJECT, spawnCli } from "../support/spawn-cli.js";

const read = (path: string): string => readFileSync(join(PROJECT, path), "utf8");

describe("what is documented", () => {
  test("every command's --help names the options and examples that docs/cli.md names", async () => {
    const page = read("docs/cli.md");
    const helps = await Promise.all(COMMANDS.map((command) => spawnCli([command.name, "--help"])));
    COMMANDS.forEach((command, index) => {
      const help = (helps[index]?.stdout ?? "").replaceAll(/\s+/gu, " ");
      for (const { name, about } of command.options) {
        assert.ok(help.includes(`--${name}`) && help.includes(about), `wirelat ${command.name} --help does not say --${name}: ${about}`);
        assert.ok(page.includes(`\`--${name}`), `docs/cli.md does not name --${name}`);
      }
      const listed = (helps[index]?.stdout ?? "").split("Examples:")[0] ?? "";
      const options = [...listed.matchAll(/^ +(?:-h, )?--([a-z-]+)/gmu)].map((match) => match[1]);
      assert.deepEqual(options.filter((name) => name !== "help" && name !== "version").sort(), command.options.map((one) => one.name).sort());
    });
  });

  test("what run and compare produce is valid by docs/result.schema.json", async () => {
    const validate = new Ajv2020({ strict: true, allErrors: true }).compile(JSON.parse(read("docs/result.schema.json")) as object);
    const [kernel, fpga, compared] = await Promise.all([
      spawnCli(["run", "scenarios/kernel-udp-t2t.yaml", "--json", "--messages", "400"]),
      spawnCli(["run", "scenarios/fpga-t2t.yaml", "--json", "--messages", "400"]),
      spawnCli(["compare", "scenarios/rdma-poll-byte.yaml", "--json", "--messages", "400"]),
    ]);
    const results = [JSON.parse(kernel.stdout), JSON.parse(fpga.stdout), ...(JSON.parse(compared.stdout) as { results: unknown[] }).results] as unknown[];
    for (const result of results) assert.ok(validate(result), JSON.stringify(validate.errors?.slice(0, 3)));
  });
});
