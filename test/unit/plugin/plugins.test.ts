// Goal: a plug-in runs on the host's own modeling layer, only when allowed, and whatever is wrong with it is said with its name.
// Method: plug-ins are written into folders and loaded, alone and through scenarios that name them.
import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { WirelatError, WirelatErrors } from "../../../src/errors/index.js";
import { Session } from "../../../src/experiment/index.js";
import { CATALOGUE } from "../../../src/models/index.js";
import { pluginOf, Plugins } from "../../../src/plugin/index.js";
import { openScenarioFile, readScenario, type Scenario } from "../../../src/scenario/index.js";
import { CARD, CARD_SCENARIO, FAST, withSteps } from "../../support/plugin-files.js";
import { folderWith } from "../../support/small-scenario.js";

/** Milliseconds; a busy machine takes a third of this to load a plug-in. */
const QUICK = 600;

function errorOf(action: () => unknown): WirelatError {
  try {
    action();
  } catch (error) {
    const first = error instanceof WirelatErrors ? error.errors[0] : error;
    assert.ok(first instanceof WirelatError, String(error));
    return first;
  }
  throw new Error("nothing was thrown");
}

const loaded = (files: Readonly<Record<string, string>>, name = "./card.ts"): Plugins => {
  const plugins = new Plugins(CATALOGUE, QUICK);
  plugins.load(pluginOf(name, folderWith(files)));
  return plugins;
};

/** Reads card.yaml of a folder; its plug-ins are loaded when `allowed`. */
function scenarioIn(folder: string, plugins: Plugins, allowed = true): Scenario {
  const { file, access } = openScenarioFile(join(folder, "card.yaml"));
  return readScenario(file, { access, catalogue: CATALOGUE, plugins: (named) => (allowed ? plugins.load(named) : null) });
}

const FILES = { "card.ts": CARD, "hardware/acme/fast.yaml": FAST, "card.yaml": CARD_SCENARIO };

describe("a plug-in", () => {
  test("in TypeScript brings its model, with its evidence, on the host's own modeling layer", () => {
    const { catalogue } = loaded({ "card.ts": CARD });
    const model = catalogue.models.get("acme/card");
    assert.equal(model?.params["pipeline"]?.evidence.tag, "estimated");
    assert.equal(catalogue.models.size, CATALOGUE.models.size + 1);
    assert.ok(!CATALOGUE.models.has("acme/card"), "the shipped catalogue is left alone");
  });

  test("runs in a scenario that names it, with its preset from beside the scenario", async () => {
    const plugins = new Plugins(CATALOGUE);
    const scenario = scenarioIn(folderWith(FILES), plugins);
    const session = new Session({ catalogue: plugins.catalogue });
    const { expectations } = await session.run(session.prepare(scenario));
    assert.deepEqual(expectations.map(({ held, found }) => [held, found]), [[true, "200 ns == 200 ns"]]);
  });

  test("counts among the inputs: other code gives another hash", async () => {
    const hashOf = async (code: string): Promise<string> => {
      const plugins = new Plugins(CATALOGUE);
      const session = new Session({ catalogue: plugins.catalogue });
      return (await session.run(session.prepare(scenarioIn(folderWith({ ...FILES, "card.ts": code }), plugins)))).inputs;
    };
    assert.equal(await hashOf(CARD), await hashOf(CARD));
    assert.notEqual(await hashOf(CARD), await hashOf(CARD.replace("times(2)", "times(2.0)")));
  });

  const forms: Readonly<Record<string, readonly [files: Readonly<Record<string, string>>, name: string]>> = {
    "of several files": [{ "card.ts": CARD.replace('"pipeline")', "LABEL)").replace("\n\n", '\nimport { LABEL } from "./label.js";\n\n'), "label.ts": 'export const LABEL: string = "x";' }, "./card.ts"],
    "in JavaScript": [{ "card.js": withSteps("[]") }, "./card.js"],
    "in JavaScript of the older kind": [{ "card.cjs": withSteps("[]").replace(/^import (.*) from "wirelat";/u, 'const $1 = require("wirelat");').replace("export default", "module.exports =") }, "card.cjs"],
    "with a list of models": [{ "card.js": withSteps("[]").replace("export default", "const card =").concat("export const models = [card];\n") }, "./card.js"],
    "in a package": [{ "node_modules/acme-card/package.json": '{ "name": "acme-card", "exports": { ".": { "types": "./x.d.ts", "import": "./lib/card.ts" } } }', "node_modules/acme-card/lib/card.ts": CARD }, "acme-card"],
    "in a package with a scope and a main file": [{ "node_modules/@acme/card/package.json": '{ "main": "card.js" }', "node_modules/@acme/card/card.js": withSteps("[]") }, "@acme/card"],
    "that leans on a package for wirelat": [{
      "card.js": 'export { default } from "acme-base";\n', "node_modules/acme-base/package.json": '{ "main": "card.js", "peerDependencies": { "wirelat": "*" } }', "node_modules/acme-base/card.js": withSteps("[]"),
    }, "./card.js"],
    "that leans on any package and on Node": [{
      "card.js": `import { join } from "node:path";\nimport { nothing } from "any";\n${withSteps("[].concat(nothing, join('a') === 'a' ? [] : [1])")}`,
      "node_modules/any/package.json": '{ "type": "module", "exports": "./any.js" }', "node_modules/any/any.js": "export const nothing = [];\n",
    }, "./card.js"],
  };
  for (const [form, [files, name]] of Object.entries(forms)) test(`${form} is loaded`, () => assert.ok(loaded(files, name).catalogue.models.has("acme/card")));

  test("is loaded once, however often it is named", () => {
    const folder = folderWith({ "card.ts": CARD });
    const plugins = new Plugins(CATALOGUE);
    assert.equal(plugins.load(pluginOf("./card.ts", folder)), plugins.load(pluginOf(join(folder, "card.ts"), "/")));
  });
});

describe("what is wrong with a plug-in is said with its name:", () => {
  const nonsense: readonly (readonly [fault: string, text: string, code: string, message: RegExp])[] = [
    ["a syntax error", "export default defineModel({;\n", "plugin-failed", /card\.js failed: loading it: .* \(line 1, column \d+\)/u],
    ["a file that throws", 'throw new Error("out of ink");\n', "plugin-failed", /card\.js failed: loading it: out of ink/u],
    ["a file that waits", "export default await 1;\n", "plugin-failed", /card\.js failed: loading it: await/u],
    ["a file that does not end", "for (;;);\n", "plugin-endless", /card\.js was stopped: loading it was not done after 0\.6 s/u],
    ["an import that is not there", 'import "./other.js";\n', "plugin-unreadable", /card\.js imports \.\/other\.js, and there is no such file/u],
    ["a name that wirelat does not give", 'import { runScenario } from "wirelat";\nrunScenario();\n', "plugin-failed", /wirelat gives plug-ins no "runScenario"/u],
    ["nothing exported", "export const answer = 42;\n", "plugin-invalid", /it exports no model and no kind of traffic/u],
    ["a model that was not declared", "export default { name: 'a/b', operations: {} };\n", "plugin-invalid", /not made with defineModel or defineTraffic of this wirelat/u],
    ["a name without a family", withSteps("[]").replace("acme/card", "Card"), "plugin-invalid", /"Card" is no name of a model/u],
    ["a model without a title", withSteps("[]").replace('title: "A card"', "title: ' '"), "plugin-invalid", /acme\/card has no `title`/u],
    ["an operation without a meaning", withSteps("[]").replace('meaning: "does something", ', ""), "plugin-invalid", /the operation relay of acme\/card has no `meaning`/u],
    ["a parameter without a source", withSteps("[]", ", duration").replace("params: {}", 'params: { x: duration("1 ns", "a time") }'), "plugin-invalid", /the parameter x of acme\/card says nowhere why its value is believed/u],
    ["an estimate without a range", withSteps("[]", ", duration, estimated").replace("params: {}", 'params: { x: duration("1 ns", "a time", estimated("felt")) }'), "plugin-invalid", /the parameter x of acme\/card/u],
    ["a name of the catalogue", withSteps("[]").replace("acme/card", "nic/generic"), "plugin-clash", /card\.js cannot be used: nic\/generic is already in the catalogue/u],
  ];
  for (const [fault, text, code, message] of nonsense) {
    test(fault, () => {
      const error = errorOf(() => loaded({ "card.js": text }, "./card.js"));
      assert.equal(error.code, code, error.message);
      assert.match(error.message, message);
    });
  }

  test("two plug-ins with a model of one name", () => {
    const folder = folderWith({ "card.ts": CARD, "other.js": withSteps("[]") });
    const plugins = new Plugins(CATALOGUE, QUICK);
    plugins.load(pluginOf("./card.ts", folder));
    const error = errorOf(() => plugins.load(pluginOf("./other.js", folder)));
    assert.equal(error.code, "plugin-clash");
    assert.match(error.message, /\.\/other\.js cannot be used: acme\/card is already in the plug-in \.\/card\.ts/u);
  });

  test("a file and a package that are not there", () => {
    for (const name of ["./none.ts", "no-such-package", "Not A Package"]) assert.equal(errorOf(() => loaded({}, name)).code, "plugin-unreadable", name);
  });

  const steps: readonly (readonly [fault: string, steps: string, code: string, message: RegExp])[] = [
    ["steps that are none", "undefined", "plugin-failed", /card\.js failed: relay of acme\/card: it gives nothing where a list of steps is expected/u],
    ["a step that is none", '["delay"]', "plugin-failed", /"delay" is no step/u],
    ["a step inside another that is none", "[spawn(null)]", "plugin-failed", /null is no step/u],
    ["a step that does not exist", '[{ step: "teleport" }]', "step-unknown", /"teleport"/u],
    ["steps that throw", '[delay(undefined.amount, "x")]', "plugin-failed", /relay of acme\/card: .*undefined/u],
    ["steps that do not end", "{ for (;;); }", "plugin-endless", /card\.js was stopped: relay of acme\/card was not done/u],
  ];
  for (const [fault, text, code, message] of steps) {
    test(`${fault}, when a scenario is compiled`, () => {
      const folder = folderWith({ "card.js": withSteps(text), "card.yaml": CARD_SCENARIO.replace("card.ts", "card.js").replace("acme/fast", "acme/card") });
      const plugins = new Plugins(CATALOGUE, QUICK);
      const error = errorOf(() => new Session({ catalogue: plugins.catalogue }).prepare(scenarioIn(folder, plugins)));
      assert.equal(error.code, code, error.message);
      assert.match(error.message, message);
    });
  }
});

/** The error of a run with a plug-in in JavaScript whose only operation has these steps. */
async function errorOfRun(steps: string): Promise<WirelatError> {
  const folder = folderWith({ "card.js": withSteps(steps, ", Amount"), "card.yaml": CARD_SCENARIO.replace("card.ts", "card.js").replace("acme/fast", "acme/card") });
  const plugins = new Plugins(CATALOGUE, QUICK);
  const session = new Session({ catalogue: plugins.catalogue });
  try {
    await session.run(session.prepare(scenarioIn(folder, plugins)));
  } catch (error) {
    return errorOf(() => { throw error; });
  }
  throw new Error("it was to fail");
}

describe("functions that a plug-in leaves in amounts and samplers", () => {
  const LATER = "let calls = 0; const later = (after, then) => () => { if (++calls > after) then(); return 1000; };";
  const endless = "() => { for (;;); }";
  const drawn = (sampler: string): string => `[delay(new Amount(() => 1000, [], { ${sampler} }), "x")]`;
  const faults: readonly (readonly [fault: string, steps: string, code: string, message: RegExp])[] = [
    ["an amount that does not end is stopped while it is compiled", `[delay(new Amount(${endless}), "x")]`, "plugin-endless", /card\.js was stopped: compiling card was not done after 1\.2 s/u],
    ["a mean that does not end is stopped while it is compiled", drawn(`sample: () => 1000, mean: ${endless}`), "plugin-endless", /compiling card was not done/u],
    ["an amount that ends only at first is stopped when the run begins", `(() => { ${LATER} return [delay(new Amount(later(1, ${endless})), "x")]; })()`, "plugin-endless", /card\.js was stopped: beginning the run was not done after 1\.2 s/u],
    ["a sampler that does not end is stopped in the run", drawn(`sample: ${endless}, mean: () => 1000`), "plugin-endless", /card\.js was stopped: a turn of the run was not done/u],
    ["a sampler that does not end after a hundred draws is, too", `(() => { ${LATER} return ${drawn(`sample: later(100, ${endless}), mean: () => 1000`)}; })()`, "plugin-endless", /a turn of the run was not done/u],
    ...["NaN", "-1", '"1000"', "0.5", "Infinity", "undefined"].map((answer) => [`a sampler that answers ${answer} is refused`, drawn(`sample: () => ${answer}, mean: () => 1000`), "sampler-invalid", /the sampler of \S+ answers .*, but a time is a whole number/u] as const),
    ["a mean that is no time is refused", drawn("sample: () => 1000, mean: () => NaN"), "sampler-invalid", /answers NaN/u],
    ["a sampler that calls itself exponential draws by itself", drawn('sample: () => -5, mean: () => 1000, law: "exponential"'), "sampler-invalid", /answers -5/u],
  ];
  for (const [fault, steps, code, message] of faults) {
    test(fault, async () => {
      const error = await errorOfRun(steps);
      assert.equal(error.code, code, error.message);
      assert.match(error.message, message);
    });
  }
});

describe("a scenario that names a plug-in", () => {
  test("is refused, at the line that names it, unless somebody allows the code to run", () => {
    const folder = folderWith({ ...FILES, "card.ts": 'throw new Error("it ran");\n' });
    const error = errorOf(() => scenarioIn(folder, new Plugins(CATALOGUE), false));
    assert.equal(error.code, "plugin-consent");
    assert.equal(error.place?.line, 4);
    assert.match(error.remedy ?? "", /--allow-plugins/u);
  });

  test("inherits the plug-ins of the scenario that it extends", () => {
    const folder = folderWith({ ...FILES, "parent.yaml": CARD_SCENARIO.replace("id: card", "id: parent"), "card.yaml": "wirelat: 1\nid: card\nextends: parent\n" });
    assert.equal(scenarioIn(folder, new Plugins(CATALOGUE)).inputs.get(`${folder}/card.ts`), CARD);
  });

  test("names no file outside its folder, not even by a link", () => {
    const outside = folderWith({ "card.ts": CARD });
    for (const name of ["../card.ts", "/etc/card.ts", "a/../../card.ts"]) {
      const folder = folderWith({ ...FILES, "card.yaml": CARD_SCENARIO.replace("./card.ts", name) });
      assert.equal(errorOf(() => scenarioIn(folder, new Plugins(CATALOGUE))).code, "file-outside", name);
    }
    const folder = folderWith({ "hardware/acme/fast.yaml": FAST, "card.yaml": CARD_SCENARIO });
    symlinkSync(join(outside, "card.ts"), join(folder, "card.ts"));
    assert.equal(errorOf(() => scenarioIn(folder, new Plugins(CATALOGUE))).code, "file-outside");
  });

  test("must name them in a list of texts", () => {
    const folder = folderWith({ ...FILES, "card.yaml": CARD_SCENARIO.replace("[./card.ts]", "./card.ts") });
    assert.equal(errorOf(() => scenarioIn(folder, new Plugins(CATALOGUE))).code, "value-kind");
  });
});
