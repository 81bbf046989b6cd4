import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, test } from "node:test";
import { REFERENCE, runForSummary } from "../../scripts/generate-reference.js";
import { shippedScenarios, type Shipped } from "../../scripts/shipped-scenarios.js";
import { readResult, type Result } from "../../src/result/index.js";

/** A question makes one point; a scenario of its own makes several. */
const leastExpectations = ({ file }: Shipped): number => (file.startsWith("questions/") ? 3 : 6);

function resultBeside(summary: string): Result {
  const read = readResult(readFileSync(join(dirname(summary), "result.json"), "utf8"));
  assert.ok("result" in read, JSON.stringify(read));
  return read.result;
}

// Goal: what ships keeps its promises, and no number of it changes unmeant, on any machine. Method: each scenario is run in full, once, as
// a user would. Its own expectations are judged, each of which must give a reason, so that a failure explains itself; and its summary is
// compared with the committed one byte for byte; a different one is written beside it as *.changed.
describe("the reference results", () => {
  const out = mkdtempSync(join(tmpdir(), "wirelat-reference-"));
  after(() => rmSync(out, { recursive: true }));

  for (const shipped of shippedScenarios()) {
    const { id } = shipped;
    describe(id, () => {
      let summary = "";

      test("keeps its promises", () => {
        summary = runForSummary(shipped, out);
        const { expectations, runs } = resultBeside(summary);
        assert.ok(expectations.length >= leastExpectations(shipped), `${expectations.length} expectations`);
        assert.deepEqual(expectations.filter(({ held }) => !held).map(({ check, found, point }) => ({ check, found, point })), []);
        assert.deepEqual(expectations.filter(({ because }) => because.length < 10).map(({ check }) => check), []);
        assert.ok(runs.length > 0 && runs.every((run) => run.messages.completed + Object.values(run.messages.dropped).reduce((sum, count) => sum + count, 0) === run.messages.sent));
      });

      test("gives its committed summary", () => {
        assert.notEqual(summary, "", "it did not run");
        const found = readFileSync(summary, "utf8");
        const file = join(REFERENCE, `${id}.txt`);
        if (found !== readFileSync(file, "utf8")) writeFileSync(`${file}.changed`, found);
        assert.equal(found, readFileSync(file, "utf8"), `results/reference/${id}.txt differs; compare it with the one beside it, and run npm run reference -- ${id} if the change is meant`);
      });
    });
  }
});
