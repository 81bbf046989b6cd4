import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import * as built from "../../dist/engine/index.js";
import * as sources from "../../src/engine/index.js";
import { pipelineExponential } from "../bench/workloads.js";

// Goal: a long run, which evaluates the interpreter's text anew, does what others do. Method: the compiled engine does that from 200,000
// messages on; the sources, which are run file by file here, never do.
const LONG = 200_000;

const machineOf = (engine: Pick<typeof built, "Machine">, program: built.Program, messages: number): built.Machine =>
  new engine.Machine(program, { seed: 1, messages, warmup: 0, sampleLimit: 0, sinks: [[{ record: () => undefined }]], fuse: false, room: 4 });

test("a long run of the compiled engine takes the trajectory of the sources", () => {
  const program = pipelineExponential();
  const own = machineOf(built, program, LONG);
  built.runToEnd(own);
  const shared = machineOf(sources as unknown as typeof built, program, LONG);
  sources.runToEnd(shared as unknown as sources.Machine);
  assert.equal(own.completed, LONG);
  assert.equal(own.ledger.fingerprint.text, shared.ledger.fingerprint.text);
});

test("the text of the maker stands alone: its module imports nothing and has nothing beside it", () => {
  const text = readFileSync(new URL("../../dist/engine/interpreter.js", import.meta.url), "utf8");
  const outer = text.split("\n").filter((line) => /^[a-z}]/iu.test(line));
  assert.deepEqual(outer, ["export function interpreter(machine, records, calls) {", "}"]);
});

test("only a long run has an interpreter of its own", () => {
  const broken = pipelineExponential();
  broken.op[3] = 200;
  const stackOf = (messages: number): string => {
    try {
      built.runToEnd(machineOf(built, broken, messages));
    } catch (error) {
      return String((error as Error).stack);
    }
    return assert.fail("an unknown instruction was executed");
  };
  assert.match(stackOf(LONG), /no such instruction: 200 at 3[^]*wirelat-interpreter-\d/u);
  assert.doesNotMatch(stackOf(LONG - 1), /wirelat-interpreter/u);
});

test("a process that forbids code from text runs with the shared one", (t) => {
  const out = mkdtempSync(join(tmpdir(), "wirelat-own-"));
  t.after(() => rmSync(out, { recursive: true }));
  const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
  const scenario = fileURLToPath(new URL("../../scenarios/rdma-poll-byte.yaml", import.meta.url));
  const run = (...flags: string[]): string => execFileSync(process.execPath, [...flags, main, "run", scenario, "--messages", String(LONG), "--json", "--no-charts", "--out", out], { encoding: "utf8", maxBuffer: 2 ** 26 });
  assert.equal(run("--disallow-code-generation-from-strings"), run());
});
