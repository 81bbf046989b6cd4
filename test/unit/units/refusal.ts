import assert from "node:assert/strict";
import { WirelatError, type ErrorCode } from "../../../src/errors/index.js";

/** Asserts that `action` refuses its input with `code`, and hands back what the user would read. */
export function refusal(code: ErrorCode, action: () => unknown): { message: string; remedy: string } {
  let caught: unknown;
  try {
    action();
  } catch (error) {
    caught = error;
  }
  assert.ok(caught instanceof WirelatError, `expected ${code}, got ${String(caught)}`);
  assert.equal(caught.code, code, caught.message);
  assert.ok(caught.remedy !== undefined && caught.remedy !== "", `no remedy: ${caught.message}`);
  return { message: caught.message, remedy: caught.remedy };
}
