import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { jsonSchema, misshapen, readResult, RESULT_FORMAT, resultJson, type Result } from "../../../src/result/index.js";
import { fpgaExample, kernelExample } from "../../support/example-result.js";

const problemOf = (source: string): string => {
  const read = readResult(source);
  return "result" in read ? "none" : read.problem;
};

/** A result with one thing changed, as text. */
function changed(change: (result: Record<string, unknown>) => void): string {
  const copy = JSON.parse(resultJson(kernelExample())) as Record<string, unknown>;
  change(copy);
  return JSON.stringify(copy);
}

describe("result.json", () => {
  test("what is written is read back as it was", () => {
    for (const result of [kernelExample(), fpgaExample()]) {
      const read = readResult(resultJson(result));
      assert.ok("result" in read, "problem" in read ? read.problem : "");
      assert.deepEqual(read.result, result);
    }
  });

  test("the text is JSON that ends in a newline, with one distribution point a line", () => {
    const source = resultJson(kernelExample());
    assert.ok(source.endsWith("}\n"));
    assert.match(source, /^ +\{"ps":\d+,"q":[\d.]+\},?$/mu);
    assert.deepEqual(JSON.parse(source), JSON.parse(JSON.stringify(kernelExample())));
  });

  test("the JSON Schema accepts results and refuses what the reader refuses", () => {
    const validate = new Ajv2020({ strict: true, allErrors: true }).compile(jsonSchema(RESULT_FORMAT));
    assert.ok(validate(JSON.parse(resultJson(kernelExample()))), JSON.stringify(validate.errors));
    const broken = [
      changed((result) => delete result["seed"]),
      changed((result) => (result["surplus"] = 1)),
      changed((result) => (result["seed"] = -1)),
      changed((result) => (result["inputs"] = "abc")),
      changed((result) => ((result["runs"] as { metrics: { percentiles: { q: number }[] }[] }[])[0]!.metrics[0]!.percentiles[0]!.q = 2)),
    ];
    for (const source of broken) {
      assert.equal(validate(JSON.parse(source)), false);
      assert.notEqual(problemOf(source), "none");
    }
  });

  test("a refusal names the place and what belongs there", () => {
    assert.match(problemOf("{"), /^it is not JSON: /u);
    assert.equal(problemOf("[]"), 'it has no "schema": "wirelat/result/1"');
    assert.equal(problemOf(changed((result) => (result["schema"] = "wirelat/result/99"))), 'its format is "wirelat/result/99", this release reads "wirelat/result/1"');
    assert.equal(problemOf(changed((result) => (result["seed"] = "one"))), "seed is not a whole number from 0");
    assert.equal(problemOf(changed((result) => delete result["runs"])), 'the file lacks "runs"');
    assert.equal(problemOf(changed((result) => ((result["runs"] as { metrics: unknown }[])[1]!.metrics = {}))), "runs[1].metrics is not a list");
    assert.equal(problemOf(changed((result) => ((result["runs"] as { events: unknown }[])[0]!.events = 1.5))), "runs[0].events is not a whole number from 0");
  });

  test("every field has words that say what it is", () => {
    const result: Result = kernelExample();
    assert.equal(misshapen(RESULT_FORMAT, result), null);
    const bare = JSON.stringify(jsonSchema(RESULT_FORMAT)).match(/"description":""/gu);
    assert.equal(bare, null);
  });
});
