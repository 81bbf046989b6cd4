import assert from "node:assert/strict";
import { WirelatError, type ErrorCode } from "../../../src/errors/index.js";

/** Asserts that `action` is refused with this code, a message that matches, and a remedy. */
export function refuses(action: () => unknown, code: ErrorCode, message: RegExp): void {
  assert.throws(action, (error: unknown) => {
    assert.ok(error instanceof WirelatError, `a WirelatError was expected, not ${String(error)}`);
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    assert.ok((error.remedy ?? "").length > 0, `no remedy: ${error.message}`);
    return true;
  });
}
