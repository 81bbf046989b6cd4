import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const GOLDEN = new URL("../golden/", import.meta.url);

/**
 * Holds `actual` to test/golden/<name>. Where they differ, or no such file exists, the text is written beside it as `<name>.changed`
 * and the test fails: a person looks at both and renames the new one, so that nothing changes unseen.
 */
export function assertGolden(name: string, actual: string): void {
  const file = fileURLToPath(new URL(name, GOLDEN));
  const expected = existsSync(file) ? readFileSync(file, "utf8") : null;
  if (actual === expected) {
    rmSync(`${file}.changed`, { force: true });
    return;
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.changed`, actual);
  assert.equal(actual, expected ?? "", `test/golden/${name} differs; compare it with ${name}.changed and rename that if the change is meant`);
  assert.fail(`test/golden/${name} does not exist; look at ${name}.changed and rename it`);
}
