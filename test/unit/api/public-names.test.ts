// Goal: whoever writes `import { … } from "wirelat"` gets everything that a model of the catalogue gets.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as api from "../../../src/index.js";
import * as modeling from "../../../src/modeling/index.js";
import { PROJECT } from "../../support/spawn-cli.js";

/** Names between the braces of `export { … } from "./modeling/index.js"`, types included. */
function exportedTypes(file: string, from: RegExp): string[] {
  const text = readFileSync(join(PROJECT, file), "utf8");
  const blocks = [...text.matchAll(/export \{([^}]*)\} from "([^"]*)"/gu)].filter(([, , source]) => from.test(source ?? ""));
  return blocks.flatMap(([, names]) => [...(names ?? "").matchAll(/type (\w+)/gu)].map(([, name]) => name ?? "")).sort();
}

test("every value of the modeling layer is exported, and is the same value", () => {
  const names = Object.keys(modeling);
  assert.ok(names.length > 60, `${names.length} names`);
  const missing = names.filter((name) => (api as Record<string, unknown>)[name] !== (modeling as Record<string, unknown>)[name]);
  assert.deepEqual(missing, []);
});

test("every type of the modeling layer is exported; the kinds of segment come with the results", () => {
  const declared = exportedTypes("src/modeling/index.ts", /./u).filter((name) => name !== "SegmentKind");
  assert.ok(declared.length > 20, `${declared.length} types`);
  assert.deepEqual(exportedTypes("src/index.ts", /modeling/u), declared);
});
