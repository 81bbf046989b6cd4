import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readArguments } from "../../../src/cli/arguments.js";
import { COMMANDS } from "../../../src/cli/options.js";
import { WirelatError, type ErrorCode } from "../../../src/errors/index.js";

function refused(line: string): ErrorCode | null {
  try {
    readArguments(line.split(" ").filter((word) => word !== ""));
    return null;
  } catch (error) {
    if (error instanceof WirelatError) return error.code;
    throw error;
  }
}

describe("the command line", () => {
  test("is a command, its options wherever they stand, and its arguments", () => {
    assert.deepEqual(readArguments(["run", "a.yaml", "--seed", "7", "--set=x.y=1 us", "b.yaml", "--quiet", "--set", "z=2"]), {
      command: "run", values: { seed: ["7"], set: ["x.y=1 us", "z=2"], quiet: true }, inputs: ["a.yaml", "b.yaml"],
    });
    assert.deepEqual(readArguments(["--quiet", "run", "--quiet", "--", "--odd.yaml"]), { command: "run", values: { quiet: true }, inputs: ["--odd.yaml"] });
  });

  test("is left to the help where it asks for help, the version or completion", () => {
    for (const line of ["--help", "-h", "run --help", "compare a.yaml -h", "--version", "help run", "completion", "--get-yargs-completions wirelat run"]) {
      assert.equal(readArguments(line.split(" ")), null, line);
    }
  });

  test("is refused without a command, and for a word that is none", () => {
    for (const line of ["", "--quiet", "rnu", "a.yaml", "--seed 7"]) assert.equal(refused(line), "command-unknown", line);
  });

  test("is refused for options that the command does not have", () => {
    for (const line of ["run --sed 1", "schema --json", "run -q", "run --prototype", "run --__proto__"]) assert.equal(refused(line), "option-unknown", line);
  });

  test("is refused for values that are missing or too many", () => {
    for (const line of ["run --out", "run --out --json", "run --seed=", "run --json=no"]) assert.equal(refused(line), "option-value", line);
    for (const line of ["run --out=--json", "run --seed -5", "run --seed 1 --seed 2"]) assert.equal(refused(line), null, line);
  });

  test("takes a value for an option in every command that has it, or in none", () => {
    const takers = new Map<string, Set<boolean>>();
    for (const { name, value } of COMMANDS.flatMap((command) => command.options)) takers.set(name, (takers.get(name) ?? new Set()).add(value !== null));
    assert.ok(takers.size > 20);
    for (const [name, answers] of takers) assert.equal(answers.size, 1, name);
  });
});
