// Goal: every check of test/support/tidy.ts finds what it looks for and nothing else. Method: one planted fault and its nearest
// correct neighbour for each.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as tidy from "../support/tidy.js";

/** The number of problems, after checking that each names the file or thing at fault. */
function count(problems: readonly string[], subject: string): number {
  for (const problem of problems) assert.ok(problem.includes(subject), `"${problem}" does not name ${subject}`);
  return problems.length;
}

const file = (path: string, text: string): tidy.TextFile => ({ path, text });

describe("the tidy checks about paths", () => {
  test("a folder below src/models/nic is too deep, the folder itself is not", () => {
    assert.equal(count(tidy.deepFolders(["src/models/nic/old/a.ts"]), "src/models/nic/old/a.ts"), 1);
    assert.deepEqual(tidy.deepFolders(["src/models/nic/a.ts", "test/a/b/c/d/e.ts"]), []);
  });

  test("a folder of src that no layer rule guards is found", () => {
    assert.equal(count(tidy.unknownLayers(["src/tools/a.ts", "src/tools/b.ts"], ["errors"]), "src/tools"), 1);
    assert.deepEqual(tidy.unknownLayers(["src/errors/a.ts", "src/vendor/x.js", "src/index.ts", "test/x/a.ts"], ["errors"]), []);
  });

  test("a file may hold 200 000 bytes and not one more, measured data excepted", () => {
    assert.equal(count(tidy.largeFiles(new Map([["docs/a.svg", 200_001]])), "docs/a.svg"), 1);
    assert.deepEqual(tidy.largeFiles(new Map([["docs/a.svg", 200_000], ["test/validation/data/a.csv", 900_000]])), []);
  });

  test("a file named utils is found, a file named after its content is not", () => {
    for (const path of ["src/units/utils.ts", "src/stats/array-helper.ts", "test/support/common.ts"]) {
      assert.equal(count(tidy.vagueFileNames([path]), path), 1);
    }
    assert.deepEqual(tidy.vagueFileNames(["src/units/database.ts", "src/units/parse.ts", "docs/base.md"]), []);
  });

  test("a model without page or timing test is found, and a page without model", () => {
    const model = "src/models/nic/a.ts";
    assert.equal(count(tidy.modelsWithoutCompanions([model, "docs/models/nic/a.md"]), "test/timing/nic-a.test.ts"), 1);
    assert.equal(count(tidy.modelsWithoutCompanions([model, "test/timing/nic-a.test.ts"]), "docs/models/nic/a.md"), 1);
    const whole = [model, "src/models/index.ts", "docs/models/nic/a.md", "docs/models/README.md", "test/timing/nic-a.test.ts"];
    assert.deepEqual(tidy.modelsWithoutCompanions(whole), []);
    assert.deepEqual(tidy.companionsWithoutModels(whole), []);
    assert.equal(count(tidy.companionsWithoutModels(["docs/models/nic/gone.md"]), "docs/models/nic/gone.md"), 1);
  });

  test("a scenario that its README does not list is found", () => {
    const readme = file("scenarios/README.md", "| a.yaml | shows a |");
    assert.equal(count(tidy.unlistedScenarios(["scenarios/a.yaml", "scenarios/b.yaml"], [readme]), "scenarios/b.yaml"), 1);
    assert.equal(count(tidy.unlistedScenarios(["scenarios/a.yaml"], []), "scenarios/README.md"), 1);
    assert.deepEqual(tidy.unlistedScenarios(["scenarios/a.yaml", "scenarios/hardware/x.yaml"], [readme]), []);
    const questions = file("scenarios/questions/README.md", "nothing yet");
    assert.equal(count(tidy.unlistedScenarios(["scenarios/questions/q1.yaml"], [readme, questions]), "scenarios/questions/q1.yaml"), 1);
  });
});

describe("the tidy checks about text", () => {
  test("notes to oneself are found with their line", () => {
    for (const note of ["FIX" + "ME", "TO" + "DO", "XX" + "X"]) {
      assert.equal(count(tidy.leftovers([file("src/a.ts", `one\n// ${note}: later`)]), "src/a.ts:2"), 1);
    }
    assert.deepEqual(tidy.leftovers([file("src/a.ts", "todo counts are lower case; AUTODOC")]), []);
  });

  test("each banned word is found where it is banned, and only there", () => {
    const plants: readonly (readonly [string, string, string])[] = [
      ["src/models/nic/a.ts", "the driver kicks the device", "the driver rings the doorbell; a sidekick"],
      ["docs/a.md", "a packet object", "a message"],
      ["src/engine/a.ts", "the event loop", "the event calendar"],
      ["src/models/nic/a.ts", '  latency: duration("1 us", "all of it"),', "  s: stage({ latency: params.pipeline }),"],
    ];
    for (const [path, fault, correct] of plants) {
      assert.equal(count(tidy.bannedWords([file(path, fault)]), path), 1);
      assert.deepEqual(tidy.bannedWords([file(path, correct)]), []);
    }
    assert.deepEqual(tidy.bannedWords([file("CONTRIBUTING.md", "kick is banned"), file("src/cli/a.ts", "Node's event loop")]), []);
  });

  test("a page has one title, and a comment in a code block is none", () => {
    assert.equal(count(tidy.untitledPages([file("a.md", "text only")]), "a.md: 0"), 1);
    assert.equal(count(tidy.untitledPages([file("a.md", "# One\n\n# Two")]), "a.md: 2"), 1);
    assert.deepEqual(tidy.untitledPages([file("a.md", "# One\n\n## Part\n\n```sh\n# a comment\n```\n")]), []);
  });

  test("a link to a missing file is found; anchors, addresses and code are not links to files", () => {
    const exists = (path: string) => ["docs/b.md", "docs", "README.md"].includes(path);
    assert.equal(count(tidy.brokenLinks([file("docs/a.md", "see [c](c.md#part)")], exists), "docs/a.md: the link to c.md#part"), 1);
    assert.equal(count(tidy.brokenLinks([file("README.md", "![chart](results/x.svg)")], exists), "results/x.svg"), 1);
    const sound = "[b](b.md#part) [up](../README.md) [top](#top) [net](https://example.org/x.md) `[no](gone.md)` [folder](../docs)";
    assert.deepEqual(tidy.brokenLinks([file("docs/a.md", sound)], exists), []);
  });

  test("an error code that only its own table names is unused", () => {
    const table = file("src/errors/codes.ts", '"unit-missing": "…"');
    assert.equal(count(tidy.unusedCodes(["unit-missing"], [table, file("test/a.test.ts", '"unit-missing"')]), "unit-missing"), 1);
    assert.deepEqual(tidy.unusedCodes(["unit-missing"], [table, file("src/units/a.ts", 'throw new WirelatError("unit-missing", "x")')]), []);
  });

  test("a host in the lock file is found, a link inside the project is not", () => {
    assert.equal(count(tidy.registryHosts('"resolved": "https://packages.example.org/a.tgz"'), "packages.example.org"), 1);
    assert.deepEqual(tidy.registryHosts('"resolved": "src/vendor/canvas", "funding": { "url": "https://example.org" }'), []);
  });

  test("an absolute path of a machine is found, a path inside an address or the project is not", () => {
    for (const folder of ["work", "home", "root", "tmp"]) {
      assert.equal(count(tidy.machinePaths([file("docs/a.md", `see "/${folder}/x/y"`)]), `docs/a.md:1`), 1);
    }
    assert.deepEqual(tidy.machinePaths([file("docs/a.md", "https://example.org/home/x, ./tmp/x, src/work/x, /usr/share/doc")]), []);
  });
});
