// Goal: every rule of .dependency-cruiser.mjs fires. Method: plant a small tree of sources with one fault in a temporary folder
// and cruise it with the project's own rules; then cruise the same tree without the fault.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, test } from "node:test";
import config, { SEES } from "../../.dependency-cruiser.mjs";
import { cruiseSources } from "../../scripts/cruise-sources.mjs";

type Tree = Readonly<Record<string, string>>;

const folders: string[] = [];
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

function plant(tree: Tree): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "wirelat-imports-")));
  folders.push(folder);
  for (const [path, text] of Object.entries(tree)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** Names of the rules that `tree` breaks, each once. */
async function rulesBrokenBy(tree: Tree): Promise<readonly string[]> {
  const { result } = await cruiseSources(plant(tree));
  return [...new Set(result.summary.violations.map((violation) => violation.rule.name))].sort();
}

const importing = (...paths: readonly string[]) => paths.map((path) => `import "${path}";`).join("\n");
const LEAF = "export {};";
/** A model that defines itself, and the entry that reaches it. */
const SOUND: Tree = {
  "package.json": JSON.stringify({ dependencies: { yaml: "*", yargs: "*" }, devDependencies: { tsx: "*" } }),
  "node_modules/yaml/index.js": LEAF,
  "node_modules/yargs/index.js": LEAF,
  "node_modules/tsx/index.js": LEAF,
  "src/index.ts": importing("./models/index.js", "./scenario/index.js", "./chart/index.js"),
  "src/errors/index.ts": LEAF,
  "src/modeling/index.ts": importing("../errors/index.js"),
  "src/models/index.ts": importing("./nic/a.js", "./nic/b.js"),
  "src/models/nic/a.ts": importing("../../modeling/index.js"),
  "src/models/nic/b.ts": importing("../../modeling/index.js"),
  "src/scenario/index.ts": importing("../models/index.js", "./read-file.js", "yaml"),
  "src/scenario/read-file.ts": importing("node:fs"),
  "src/chart/index.ts": `import type {} from "yaml";`,
  "src/cli/main.ts": importing("../scenario/index.js", "yargs", "node:fs"),
};

interface Plant {
  readonly rule: string;
  readonly tree: Tree;
  /** Rules that the same fault breaks as well. */
  readonly also?: readonly string[];
}

const MODELING = SOUND["src/modeling/index.ts"] ?? "";
const MODEL = SOUND["src/models/nic/a.ts"] ?? "";
const PLANTS: readonly Plant[] = [
  { rule: "front-door-only", tree: { "src/errors/codes.ts": LEAF, "src/modeling/index.ts": importing("../errors/index.js", "../errors/codes.js") } },
  { rule: "api-through-front-doors", tree: { "src/index.ts": importing("./models/index.js", "./scenario/index.js", "./chart/index.js", "./scenario/read-file.js") } },
  { rule: "models-are-strangers", tree: { "src/models/nic/a.ts": importing("../../modeling/index.js", "./b.js") } },
  { rule: "every-model-defines-itself", tree: { "src/models/nic/a.ts": LEAF } },
  { rule: "no-cycles", tree: { "src/errors/index.ts": importing("./codes.js"), "src/errors/codes.ts": importing("./index.js") } },
  { rule: "no-orphans", tree: { "src/errors/lonely.ts": LEAF }, also: ["everything-is-reachable"] },
  { rule: "everything-is-reachable", tree: { "src/errors/dead.ts": importing("./index.js") } },
  { rule: "core-runs-anywhere", tree: { "src/modeling/index.ts": `${MODELING}\n${importing("node:os")}` } },
  { rule: "core-runs-anywhere", tree: { "src/scenario/index.ts": importing("../models/index.js", "./read-file.js", "node:path") } },
  { rule: "core-has-no-packages", tree: { "src/modeling/index.ts": `${MODELING}\n${importing("yaml")}` } },
  { rule: "charts-are-plain-data", tree: { "src/chart/index.ts": importing("yaml") } },
  { rule: "yargs-only-in-cli", tree: { "src/scenario/index.ts": importing("../models/index.js", "./read-file.js", "yargs") } },
  { rule: "files-are-touched-in-few-places", tree: { "src/experiment/worker.ts": importing("node:fs") } },
  { rule: "files-are-touched-in-few-places", tree: { "src/models/nic/a.ts": `${MODEL}\n${importing("fs/promises")}` }, also: ["core-runs-anywhere"] },
  { rule: "src-never-sees-test", tree: { "test/support/x.ts": LEAF, "src/cli/main.ts": importing("../scenario/index.js", "../../test/support/x.js") } },
  { rule: "no-dev-dependency-in-src", tree: { "src/cli/main.ts": importing("../scenario/index.js", "tsx") } },
  { rule: "everything-resolves", tree: { "src/cli/main.ts": importing("../scenario/index.js", "./gone.js") } },
];

describe("the import gate", () => {
  test("a sound tree passes", async () => {
    assert.deepEqual(await rulesBrokenBy(SOUND), []);
  });

  for (const { rule, tree, also = [] } of PLANTS) {
    test(`${rule} fires on ${Object.keys(tree).join(" and ")}`, async () => {
      assert.deepEqual(await rulesBrokenBy({ ...SOUND, ...tree }), [rule, ...also].sort());
    });
  }

  // One tree holds every forbidden pair of layers, so that the whole table is tried and not a sample of it.
  test("each layer is held to its row of the table, type-only imports included", async () => {
    const layers = Object.keys(SEES);
    const tree = Object.fromEntries(
      layers.flatMap((from) =>
        layers.filter((to) => to !== from).map((to) => [`src/${from}/sees-${to}.ts`, `import type {} from "../${to}/index.js";`]),
      ),
    );
    const doors = Object.fromEntries(layers.map((layer) => [`src/${layer}/index.ts`, LEAF]));
    const { result } = await cruiseSources(plant({ ...tree, ...doors }));
    const refused = result.summary.violations.filter(({ rule }) => rule.name.startsWith("layer-")).map(({ from, rule }) => `${rule.name} ${from}`);
    const rows: readonly (readonly [string, readonly string[]])[] = Object.entries(SEES);
    const expected = rows.flatMap(([from, seen]) =>
      layers.filter((to) => to !== from && !seen.includes(to)).map((to) => `layer-${from} src/${from}/sees-${to}.ts`),
    );
    assert.deepEqual(refused.sort(), expected.sort());
    assert.ok(expected.length > layers.length, "the table forbids next to nothing");
  });

  test("a lower layer never sees a higher one in the table itself", () => {
    const layers = Object.keys(SEES);
    for (const [layer, seen] of Object.entries(SEES)) {
      for (const name of seen) assert.ok(layers.indexOf(name) < layers.indexOf(layer), `${layer} sees ${name}, which is above it`);
    }
  });

  test("seeing fewer modules than there are is a failure, not a pass", async () => {
    await assert.rejects(cruiseSources(plant({ "src/errors/index.ts": LEAF }), 2), /looked at 1 modules of src, expected at least 2/);
  });

  test("every rule tells the offender what to do and is tried above", () => {
    const rules = [...config.forbidden, ...config.required];
    const tried = new Set([...PLANTS.flatMap(({ rule, also = [] }) => [rule, ...also]), ...Object.keys(SEES).map((layer) => `layer-${layer}`)]);
    for (const { name, comment } of rules) {
      assert.ok(comment.length > 30, `${name} says too little`);
      assert.ok(tried.has(name), `${name} has no planted fault`);
    }
  });
});
