import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { read, refused } from "./reading.js";

/** Nested so deep that composing it would end the process, and yet within the number of values. */
const DEEP = 19_000;

describe("the limits of a file", () => {
  for (const [what, text] of [
    ["lists", "[".repeat(DEEP)], ["closed lists", "[".repeat(DEEP) + "]".repeat(DEEP)], ["indented lists", `${"- ".repeat(DEEP)}a`], ["maps", "{a: ".repeat(DEEP / 2)], ["keys", "? ".repeat(DEEP)],
  ] as const) {
    test(`hold for ${what} inside each other`, () => {
      const error = refused("yaml-limit", () => read(`wirelat: 1\nhosts:\n  ${text}\n`));
      assert.match(error.message, /more than 32 deep|more than 20000 values/u);
    });
  }

  test("hold for the number of values and of lines", () => {
    refused("yaml-limit", () => read(`wirelat: 1\nexpect: [${"a, ".repeat(21_000)}a]\n`));
    refused("yaml-limit", () => read(`wirelat: 1\n${"\n".repeat(210_000)}`));
  });

  test("are far above what anybody writes", () => {
    const checks = Array.from({ length: 3000 }, (_, index) => `  - { check: max(t2t) > ${index} ns, because: x }`).join("\n");
    const text = `wirelat: 1\nextends: plain\nexpect:\n${checks}\n`;
    assert.equal(read(text).expectations.length, 3000);
  });
});
