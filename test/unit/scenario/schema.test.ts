import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { parse } from "yaml";
import { CATALOGUE, scenarioSchema, shippedPresets } from "../../../scripts/scenario-schema.js";
import { generateSchema, Shelf } from "../../../src/scenario/index.js";
import { FAKE, memoryAccess, PLAIN } from "../../support/fake-catalogue.js";

const MALFORMED = new URL("../../golden/malformed/", import.meta.url);
const SCENARIOS = new URL("../../../scenarios/", import.meta.url);

/** A scenario is judged like a file: as text. */
function validator(schema: object): (text: string) => boolean {
  const validate = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false }).compile(schema);
  return (text) => validate(parse(text));
}

function fakeSchema(): object {
  const shelf = new Shelf(memoryAccess({}), FAKE);
  return generateSchema(FAKE, shelf.names().map((name) => shelf.use(name, { file: "main.yaml", line: 1, column: 1 })));
}

describe("the schema of scenario files", () => {
  const valid = validator(fakeSchema());
  const malformed = (name: string): string => readFileSync(new URL(readdirSync(MALFORMED).find((file) => file.endsWith(`-${name}.yaml`)) ?? name, MALFORMED), "utf8");

  const accepted = [
    PLAIN,
    "wirelat: 1\nextends: plain\nhosts: { gw: { nic: { moderation.mode: none } } }\nvariants: { slow: null }\n",
    PLAIN.replace("nic/plain }", "nic/plain, moderation: { mode: none, time: 1 us }, rx.pipeline: { dist: lognormal, p50: 1 us, p99: 2 us } }"),
    PLAIN.replace("nic/plain }", "nic/plain, rx.pipeline: { mixture: [{ weight: 1, value: 1 us }] } }\n    llc: { busy_poll: 1 us }\n    os: null"),
    PLAIN.replace("    - gw.run: 1 us\n", "    - repeat: { times: 3, do: [gw.irq] }\n    - all: [[gw.irq], [gw.irq]]\n    - branch: { chance: 5%, yes: [gw.irq] }\n"),
    `${PLAIN}  money: { value-of: t2t, stake: 1 MUSD / us }\nsweep: { ticks.rate: [1 kpps], zip: { run.seed: [1] } }\nexpect: [max(t2t) > 0 ns, { check: max(t2t) > 0 ns, because: x }, { rejects: base, code: key-unknown }]\nregions: { gw.box: { bytes: 4 KiB, rights: [remote-read] } }\n`,
  ];
  accepted.forEach((text, index) => test(`accepts scenario ${index + 1}`, () => assert.ok(valid(text))));

  const rejected = [
    "version-missing", "version-unknown", "unknown-top-key", "level-unknown", "report-unknown", "unknown-parameter", "unknown-nested-parameter", "unit-missing", "unit-unknown", "unit-in-capitals",
    "choice-unknown", "flag-as-text", "count-with-unit", "threads-malformed", "list-as-scalar", "map-for-duration", "preset-unknown", "component-unknown", "host-of-a-link", "link-of-a-host",
    "name-malformed", "link-without-map", "distribution-unknown", "distribution-incomplete", "traffic-parameter", "traffic-of-a-link", "region-malformed", "step-two-keys", "step-no-space",
    "step-is-a-number", "repeat-malformed", "parallel-malformed", "branch-malformed", "path-without-steps", "metric-incomplete", "metric-value", "run-malformed", "variant-not-a-map", "sweep-not-a-list", "check-keys", "not-a-map",
  ];
  for (const name of rejected) test(`rejects ${name}`, () => assert.equal(valid(malformed(name)), false));

  test("accepts every scenario that ships, in the form that ships", () => {
    const shipped = validator(JSON.parse(scenarioSchema()) as object);
    const files = readdirSync(SCENARIOS, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".yaml") && !file.startsWith("hardware"));
    assert.ok(files.length >= 5);
    for (const file of files) assert.ok(shipped(readFileSync(new URL(file, SCENARIOS), "utf8")), file);
  });

  test("describes what a parameter means", () => {
    const text = scenarioSchema();
    for (const model of CATALOGUE.models.values()) {
      for (const param of Object.values(model.params)) assert.ok(text.includes(JSON.stringify(param.meaning).slice(1, -1)), `${model.name}: ${param.meaning}`);
    }
    assert.ok(shippedPresets().length > 0);
  });
});
