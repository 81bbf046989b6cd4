// Goal: the project as it stands is tidy. Method: every check of test/support/tidy.ts over every file that git tracks or would
// track, each after making sure that there was something to look at.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { SEES } from "../../.dependency-cruiser.mjs";
import { generatedPages } from "../../scripts/pages.js";
import { CODES } from "../../src/errors/index.js";
import { fileSize, projectPaths, readTexts } from "../support/project-files.js";
import { PROJECT } from "../support/spawn-cli.js";
import * as tidy from "../support/tidy.js";

const paths = projectPaths();
const texts = readTexts(paths.filter((path) => !path.startsWith("test/validation/data/")));
// A golden is what a command prints, perhaps a part of a page, and is judged by its own test.
const pages = texts.filter((file) => file.path.endsWith(".md") && !file.path.startsWith("test/golden/"));
const places = new Set([".", ...paths, ...paths.flatMap(foldersOf)]);

function foldersOf(path: string): string[] {
  const parts = path.split("/");
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"));
}

/** The problems one a line, as the reader of a failed test wants them. */
function assertTidy(problems: readonly string[]): void {
  assert.equal(problems.length, 0, `\n${problems.join("\n")}\n`);
}

describe("the tree", () => {
  test("was seen: sources, tests, pages and the lock file are among the files", () => {
    for (const path of ["package.json", "package-lock.json", "README.md", "src/errors/codes.ts", "test/architecture/tidy.test.ts"]) {
      assert.ok(paths.includes(path), `${path} is not among the ${paths.length} files looked at`);
    }
  });

  test("nests folders of src three deep at most", () => assertTidy(tidy.deepFolders(paths)));

  test("has no layer that the table of layers does not know", () => assertTidy(tidy.unknownLayers(paths, Object.keys(SEES))));

  test("holds no large file outside the measured data", () => {
    assertTidy(tidy.largeFiles(new Map(paths.map((path) => [path, fileSize(path)]))));
  });

  test("names files after what they hold", () => assertTidy(tidy.vagueFileNames(paths)));

  test("names no registry host in the lock file", () => {
    assertTidy(tidy.registryHosts(readFileSync(join(PROJECT, "package-lock.json"), "utf8")));
  });
});

describe("the text", () => {
  test("leaves no note to oneself", () => assertTidy(tidy.leftovers(texts)));

  test("uses the words of the glossary", () => assertTidy(tidy.bannedWords(texts)));

  test("names no path of one machine", () => assertTidy(tidy.machinePaths(texts)));

  test("has one title a page", () => assertTidy(tidy.untitledPages(pages)));

  test("has no link that leads nowhere", () => assertTidy(tidy.brokenLinks(pages, (path) => places.has(path.replace(/\/$/, "")))));
});

describe("the documentation", () => {
  test("generated pages are in step with the code: npm run docs", () => {
    assert.ok(generatedPages().size > 0);
    for (const [path, content] of generatedPages()) {
      const written = texts.find((file) => file.path === path)?.text;
      assert.ok(written === content, `${path} is out of step with the code; run npm run docs and commit it`);
    }
  });

  test("every error code is given somewhere", () => assertTidy(tidy.unusedCodes(Object.keys(CODES), texts)));

  test("every error code is documented", () => {
    const page = generatedPages().get("docs/errors.md") ?? "";
    for (const code of Object.keys(CODES)) assert.ok(page.includes(`| \`${code}\` |`), `${code} is not in docs/errors.md`);
  });
});

describe("the catalogue", () => {
  test("every model has a page and a timing test, and every page a model", () => {
    const models = tidy.modelPaths(paths);
    const sources = paths.filter((path) => path.startsWith("src/models/") && !path.startsWith("src/models/parts/") && path !== "src/models/index.ts");
    assert.equal(models.length, sources.filter((path) => !path.endsWith("/index.ts")).length, "a file of src/models is not in a family's folder");
    assertTidy([...tidy.modelsWithoutCompanions(paths), ...tidy.companionsWithoutModels(paths)]);
  });

  test("every scenario is listed in its folder's README", () => assertTidy(tidy.unlistedScenarios(paths, texts)));
});
