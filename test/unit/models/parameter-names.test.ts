import assert from "node:assert/strict";
import { test } from "node:test";
import { MODELS, TRAFFIC } from "../../../src/models/index.js";

test("no parameter has the name of a group of others, which a file could not write beside it", () => {
  for (const { name, params } of [...MODELS, ...TRAFFIC]) {
    const names = Object.keys(params);
    for (const one of names) {
      const inside = names.filter((other) => other.startsWith(`${one}.`));
      assert.deepEqual(inside, [], `${name}: ${one} and ${inside.join(", ")}`);
    }
  }
});
