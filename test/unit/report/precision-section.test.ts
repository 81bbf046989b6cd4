import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { reportText } from "../../../src/report/index.js";
import type { Result, RunResult } from "../../../src/result/index.js";
import { kernelExample } from "../../support/example-result.js";

const text = (of: (run: RunResult, index: number) => Partial<RunResult>): string => {
  const result: Result = kernelExample();
  return reportText({ ...result, runs: result.runs.map((run, index) => ({ ...run, ...of(run, index) })) }, { columns: 120 });
};

describe("the section on replications", () => {
  test("is left out where every run was made once and nothing was asked", () => {
    assert.ok(!text(() => ({})).includes("Replications"));
  });

  test("says for each run how many there were, what was asked and what came of it", () => {
    const report = text((_, index) => index > 0 ? {} : {
      seeds: [1, 2, 3],
      precision: [
        { metric: "t2t", of: "mean", asked: 0.01, reached: 0.0079, held: true }, { metric: "t2t", of: "p99", asked: 0.02, reached: 0.05, held: false },
        { metric: "t2t", of: "p99.9", asked: 0.02, reached: null, held: false },
      ],
    });
    const lines = report.slice(report.indexOf("Replications")).split("\n\n")[1]?.replaceAll("\n  ", " ").split("\n") ?? [];
    assert.equal(lines.length, 4);
    assert.equal(lines[0], "base, 1 kpps: 3 replications of 10,000 messages, 20,000 measured; mean of t2t ± 0.8 %, asked ± 1.0 %; p99 of t2t ± 5.0 %, asked ± 2.0 %: not reached; p99.9 of t2t no interval, asked ± 2.0 %: not reached");
    assert.equal(lines[1], "base, 20 kpps: 1 replication of 210,037 messages, 200,000 measured");
  });
});
