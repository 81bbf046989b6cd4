import assert from "node:assert/strict";
import { WirelatErrors, type ErrorCode, type WirelatError } from "../../../src/errors/index.js";
import { readScenario, type CheckedScenario, type InstanceSpec, type Scenario } from "../../../src/scenario/index.js";
import { FAKE, memoryAccess, PLAIN } from "../../support/fake-catalogue.js";

type Files = Readonly<Record<string, string | Uint8Array>>;
type Settings = readonly { readonly path: string; readonly text: string }[];

/** Reads `text` as the file main.yaml beside other files. */
export function read(text: string, files: Files = {}, set: Settings = []): Scenario {
  return readScenario("main.yaml", { access: memoryAccess({ ...files, "main.yaml": text }), catalogue: FAKE, set });
}

/** The plain scenario with lines put behind it. */
export const plainWith = (lines: string): string => PLAIN + lines;

/** The first case of a scenario with nothing but a base. */
export function base(text: string, files: Files = {}): CheckedScenario {
  const [first] = read(text, files).cases;
  assert.ok(first !== undefined, "no case");
  return first.scenario;
}

/** The case of a variant, at the point where the given axes have the given values. */
export function caseOf(scenario: Scenario, variant: string, point: Readonly<Record<string, string>> = {}): CheckedScenario {
  const found = scenario.cases.find((one) => one.variant === variant && Object.entries(point).every(([axis, value]) => one.point[axis] === value));
  assert.ok(found !== undefined, `no case ${variant} ${JSON.stringify(point)} among ${scenario.cases.map((one) => one.variant + JSON.stringify(one.point)).join(", ")}`);
  return found.scenario;
}

/** An instance by its dotted name. */
export function instance(scenario: CheckedScenario, name: string): InstanceSpec {
  const all = scenario.instances.flatMap((one) => [one, ...one.children]);
  const found = all.find((one) => one.name === name);
  assert.ok(found !== undefined, `no ${name} among ${all.map((one) => one.name).join(", ")}`);
  return found;
}

/** The value of a parameter; undefined where neither the scenario nor a preset gives one. */
export const param = (scenario: CheckedScenario, owner: string, name: string): unknown => instance(scenario, owner).params[name]?.value;

/** All errors of a text that cannot be read. */
export function errorsOf(action: () => unknown): readonly WirelatError[] {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof WirelatErrors, String(error));
    return error.errors;
  }
  return assert.fail("it was read without errors");
}

/** Asserts that there is one error of this code, and gives it. */
export function refused(code: ErrorCode, action: () => unknown): WirelatError {
  const errors = errorsOf(action);
  assert.deepEqual(errors.map((error) => error.code), [code], errors.map((error) => error.message).join("\n"));
  const [error] = errors;
  assert.ok(error?.place !== undefined, "the error has no place");
  assert.ok(error.remedy !== undefined && error.remedy !== "", "the error has no remedy");
  return error;
}
