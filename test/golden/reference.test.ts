import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { REFERENCE, runForSummary } from "../../scripts/generate-reference.js";
import { shippedScenarios } from "../../scripts/shipped-scenarios.js";

// Goal: no number of a shipped scenario changes unmeant, on any machine. Method: each is run in full, as a user would,
// and its summary compared with the committed one byte for byte; a different one is written beside it as *.changed.
describe("the reference results", () => {
  const out = mkdtempSync(join(tmpdir(), "wirelat-reference-"));
  after(() => rmSync(out, { recursive: true }));

  for (const shipped of shippedScenarios()) {
    const { id } = shipped;
    test(`${id} gives its committed summary, every expectation held`, () => {
      const found = readFileSync(runForSummary(shipped, out), "utf8");
      const file = join(REFERENCE, `${id}.txt`);
      if (found !== readFileSync(file, "utf8")) writeFileSync(`${file}.changed`, found);
      assert.equal(found, readFileSync(file, "utf8"), `results/reference/${id}.txt differs; compare it with the one beside it, and run npm run reference -- ${id} if the change is meant`);
    });
  }
});
