// Goal: whoever writes a scenario wrongly reads where, what and what to do. Method: every faulty file of test/golden/malformed
// is read, and all of its errors are held to the text beside it, word for word.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { WirelatErrors, type WirelatError } from "../../src/errors/index.js";
import { diskFolder, readScenario, type FileAccess } from "../../src/scenario/index.js";
import { BUNDLED, FAKE, memoryFolder, PLAIN } from "../support/fake-catalogue.js";
import { assertGolden } from "../support/golden-file.js";

const FOLDER = fileURLToPath(new URL("malformed/", import.meta.url));
const files = readdirSync(FOLDER).filter((name) => name.endsWith(".yaml")).sort();
const access: FileAccess = { own: diskFolder(FOLDER, "malformed"), bundled: memoryFolder({ ...BUNDLED, "plain.yaml": PLAIN }, "bundled/") };

function errorsOf(file: string): readonly WirelatError[] {
  try {
    readScenario(file, { access, catalogue: FAKE });
  } catch (error) {
    assert.ok(error instanceof WirelatErrors, `${file} gives no WirelatErrors but ${String(error)}`);
    return error.errors;
  }
  return assert.fail(`${file} is read without errors`);
}

function text({ code, message, place, remedy }: WirelatError): string {
  assert.ok(place !== undefined && remedy !== undefined, `${code} lacks its place or its remedy: ${message}`);
  const head = `${place.file}:${place.line}:${place.column}${place.path === undefined ? "" : `  ${place.path}`}`;
  const excerpt = (place.excerpt ?? "").split("\n").map((line) => `    ${line}`.trimEnd());
  return [head, `  ${code}: ${message}`, `  ${remedy}`, ...excerpt].join("\n");
}

describe("a malformed scenario", () => {
  test("comes in at least sixty kinds", () => assert.ok(files.length >= 60, `${files.length} files`));

  for (const file of files) {
    test(`${file.slice(0, -".yaml".length)} is refused in so many words`, () => {
      assertGolden(`malformed/${file.replace(/\.yaml$/, ".txt")}`, `${errorsOf(file).map(text).join("\n\n")}\n`);
    });
  }
});
