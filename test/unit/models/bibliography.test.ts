// Goal: nobody cites a source that nobody can look up, and the bibliography lists nothing that nobody cites.
// Method: every citation of a model, a preset and a scenario against scenarios/hardware/sources.yaml.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parse } from "yaml";
import type { Evidence } from "../../../src/modeling/index.js";
import { MODELS, TRAFFIC } from "../../../src/models/index.js";
import { projectPaths, readTexts } from "../../support/project-files.js";

type Entry = Readonly<Record<string, unknown>>;

const SOURCES = "scenarios/hardware/sources.yaml";
const files = readTexts(projectPaths().filter((path) => /^scenarios\/.*\.yaml$/.test(path)));
const sources = parse(files.find((file) => file.path === SOURCES)?.text ?? "") as Readonly<Record<string, Entry>>;

const evidence: readonly (readonly [where: string, evidence: Evidence])[] = [...MODELS, ...TRAFFIC].flatMap(({ name, params }) =>
  Object.entries(params).map(([param, { evidence }]) => [`${name}.${param}`, evidence] as const));

/** Every value under the keys `cite` and `source` of a document, however deep. */
function citesIn(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(citesIn);
  if (node === null || typeof node !== "object") return [];
  return Object.entries(node).flatMap(([key, value]) => (key === "cite" || key === "source" ? [value as string | string[]].flat() : citesIn(value)));
}

const cited: readonly (readonly [where: string, key: string])[] = [
  ...evidence.flatMap(([where, of]) => ("cite" in of ? [[where, of.cite] as const] : [])),
  ...files.filter((file) => file.path !== SOURCES).flatMap((file) => citesIn(parse(file.text)).map((key) => [file.path, key] as const)),
];

describe("the bibliography", () => {
  test("has what models, presets and scenarios cite", () => {
    assert.ok(cited.length > 40, `${cited.length} citations found`);
    assert.deepEqual(cited.filter(([, key]) => !Object.hasOwn(sources, key)), []);
  });

  test("lists nothing that is not cited", () => {
    const keys = new Set(cited.map(([, key]) => key));
    assert.deepEqual(Object.keys(sources).filter((key) => !keys.has(key)), []);
  });

  test("says of each entry what it is, whose and where", () => {
    for (const [key, entry] of Object.entries(sources)) {
      for (const field of ["title", "by", "where"]) assert.equal(typeof entry[field], "string", `${key}.${field}`);
      assert.deepEqual(Object.keys(entry).filter((field) => !["title", "by", "where", "year", "note"].includes(field)), [], key);
      if ("year" in entry) assert.ok(Number.isInteger(entry["year"]) && Number(entry["year"]) > 1950, key);
    }
  });
});

describe("evidence", () => {
  test("of an estimate gives the range in which the truth is expected, with a reason", () => {
    const estimates = evidence.filter(([, of]) => of.tag === "estimated");
    assert.ok(estimates.length > 30);
    for (const [where, of] of estimates) assert.ok(of.tag === "estimated" && of.basis.length > 5 && of.range.every((end) => end !== ""), where);
  });
});
