// Goal: nothing that a run loads or does before it ends makes V8 look for detached array buffers, which it would do at every access to a typed
// array from then on, and nothing that the benchmarks load either. Method: V8 tells when it gives the assumption up that there are none.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { plain } from "../bench/plain.js";
import { folderWith, SMALL, smallWith } from "../support/small-scenario.js";
import { PROJECT } from "../support/spawn-cli.js";

/** Pictures are in memory that Node detaches when the process is over, and harms nobody. */
const TELL_END = 'data:text/javascript,import{writeSync}from"node:fs";process.on("exit",()=>writeSync(1,"the end\\n"))';
const GIVEN_UP = "Invalidating protector cell ArrayBufferDetaching";
const DETACH = 'const { buffer } = new Uint8Array(8); structuredClone(buffer, { transfer: [buffer] }); console.log("more");';

const folder = folderWith({ "small.yaml": SMALL, "again.yaml": smallWith(["id: small", "id: again"]) });
const [small, again] = ["small.yaml", "again.yaml"].map((name) => join(folder, name)) as [string, string];
const RUNS: Readonly<Record<string, readonly string[]>> = {
  "run of several scenarios, with all that it can write": ["run", small, again, "--csv", "--parquet", "--hgrm", "--trace", "10", "--pcap", "box.in"],
  "run that replays a capture": ["run", "scenarios/opening-burst.yaml", "--messages", "1000"],
  "run with a plug-in": ["run", "examples/risk-gateway/risk-gateway.yaml", "--allow-plugins", "--messages", "1000"],
  comparison: ["compare", `${small}@base`, `${small}@slow`],
};

/** What Node prints until it ends. */
function outputOf(args: readonly string[]): string {
  const env = { ...process.env, NODE_OPTIONS: undefined, NODE_TEST_CONTEXT: undefined };
  const { stdout, stderr } = spawnSync(process.execPath, ["--trace-protector-invalidation", "--import", TELL_END, ...args], { cwd: PROJECT, encoding: "utf8", env });
  const [until, after] = stdout.split("the end\n");
  assert.ok(until !== undefined && after !== undefined, stderr);
  return until;
}

describe("detached array buffers", () => {
  test("are told of, in order, where there is one", () => {
    assert.equal(outputOf(["--eval", DETACH]), `${GIVEN_UP}\nmore\n`);
  });

  for (const [name, args] of Object.entries(RUNS)) {
    test(`there are none before the end of a ${name}`, () => {
      const out = join(folder, name);
      assert.ok(!outputOf(["dist/cli/main.js", ...args, "--out", out]).includes(GIVEN_UP));
      assert.ok(readdirSync(out, { recursive: true }).some((file) => String(file).endsWith(".png")), "no chart was drawn");
    });
  }

  test("there are none in what the benchmarks measure", async () => {
    const script = await plain(new URL("../bench/peers/wirelat.ts", import.meta.url));
    assert.match(outputOf([...script, "mm1", "1000", "fused"]), /^[\d.]+ [\d.]+ [\d.]+\n$/u);
  });
});
