// Goal: the latencies without load that the documentation adds up line by line are those of the code. Method: the shipped scenarios
// are compiled, and each floor must be the sum on paper to the picosecond; the page must state the same number.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { CATALOGUE } from "../../src/models/index.js";
import { compile, openScenarioFile, readScenario } from "../../src/scenario/index.js";
import { PROJECT } from "../support/spawn-cli.js";

interface Budget {
  readonly id: string;
  readonly variant: string;
  readonly metric: string;
  readonly ps: number;
}

const BUDGETS: readonly Budget[] = [
  { id: "kernel-udp-t2t", variant: "unmoderated", metric: "t2t", ps: 7_701_641 },
  { id: "dpdk-t2t", variant: "base", metric: "t2t", ps: 3_148_086 },
  { id: "rdma-poll-byte", variant: "base", metric: "notice", ps: 825_238 },
  { id: "fpga-t2t", variant: "base", metric: "actionable", ps: 79_079 },
  { id: "fpga-t2t", variant: "base", metric: "wire-to-wire", ps: 40_679 },
  { id: "fpga-t2t", variant: "base", metric: "sof-to-sof", ps: 135_079 },
];

const page = readFileSync(join(PROJECT, "ARCHITECTURE.md"), "utf8");

describe("the zero-load budget", () => {
  for (const { id, variant, metric, ps } of BUDGETS) {
    test(`of ${metric} of ${id} is the sum of its lines, here and on the page`, () => {
      const { file, access } = openScenarioFile(join(PROJECT, `scenarios/${id}.yaml`));
      const found = readScenario(file, { access, catalogue: CATALOGUE }).cases.find((one) => one.variant === variant);
      assert.ok(found !== undefined, `${id} has no ${variant}`);
      const floors = compile(found.scenario, CATALOGUE).paths.flatMap((path) => path.metrics.filter((one) => one.name === metric).map((one) => one.floor));
      assert.deepEqual(floors, [ps]);
      assert.ok(page.includes(`**${(ps / 1000).toFixed(3)}**`), `ARCHITECTURE.md does not state ${ps / 1000} ns`);
    });
  }
});
