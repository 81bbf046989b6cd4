import type { Operation, Params } from "../modeling/index.js";
import type { Catalogue } from "./compile.js";
import type { CheckedInstance } from "./check-instances.js";
import { eachStep, mapOperations } from "./path-steps.js";
import { isNull, keyPlace, rawOf, type Tree } from "./tree.js";
import type { PathSpec, PathStep, RawMap, RawValue } from "./types.js";

type OperationStep = PathStep & { kind: "operation" };

/** An argument of all steps of one name, to be set or taken away. */
export interface StepEdit {
  readonly step: string;
  /** The argument; null for the whole of what follows the step's name. */
  readonly argument: string | null;
  readonly value: Tree;
}

/** The operation that a step names, of the instance itself or of a component of the host that alone has it; null if there is none. */
export function operationNamed(name: string, instances: ReadonlyMap<string, CheckedInstance>, catalogue: Catalogue): Operation | null {
  const [root = "", ...rest] = name.split(".");
  const instance = instances.get(root);
  if (instance === undefined) return null;
  const [first = "", ...inner] = rest;
  const component = instance.children.get(first);
  const direct = operationIn(instance, rest.join("."), catalogue) ?? (component === undefined ? null : operationIn(component, inner.join("."), catalogue));
  if (direct !== null) return direct;
  const offered = [...instance.children.values()].map((child) => operationIn(child, rest.join("."), catalogue)).filter((one) => one !== null);
  return offered.length === 1 ? (offered[0] ?? null) : null;
}

function operationIn(instance: CheckedInstance, name: string, catalogue: Catalogue): Operation | null {
  const operations = catalogue.models.get(instance.spec.model ?? "")?.operations ?? {};
  const key = name === "" ? "traverse" : name;
  return Object.hasOwn(operations, key) ? (operations[key] ?? null) : null;
}

/** The steps by whose names a dotted path may begin, each with what its operation declares. */
export interface StepNames {
  readonly paths: readonly PathSpec[];
  readonly operation: (step: string) => Operation | null;
}

/** What a dotted path changes in the steps: an argument that is written there or that the operation declares. Null for no step. */
export function stepEdit(path: string, value: Tree, steps: StepNames): (StepEdit & { readonly written: boolean }) | null {
  for (const step of operationSteps(steps.paths)) {
    if (path === step.name) {
      const takesScalar = mainOf(steps.operation(step.name)) !== null || (step.argument !== null && argumentMap(step.argument) === null);
      if (takesScalar) return { step: step.name, argument: null, value, written: true };
    }
    if (!path.startsWith(`${step.name}.`)) continue;
    const argument = path.slice(step.name.length + 1);
    const written = operationSteps(steps.paths).some((other) => other.name === step.name && argumentMap(other.argument)?.has(argument) === true);
    if (written || declares(steps.operation(step.name)?.args, argument)) return { step: step.name, argument, value, written };
  }
  return null;
}

const mainOf = (operation: Operation | null): string | null => operation?.main ?? null;

function declares(args: Params | undefined, name: string): boolean {
  return args !== undefined && Object.hasOwn(args, name);
}

export function operationSteps(paths: readonly PathSpec[]): readonly OperationStep[] {
  return paths.flatMap((path) => [...eachStep(path.steps)]).filter((step): step is OperationStep => step.kind === "operation");
}

/** The arguments of a step that are written by name; null for a scalar, a distribution or nothing. */
export function argumentMap(argument: RawValue | null): RawMap | null {
  return argument !== null && argument.value instanceof Map && !argument.value.has("dist") ? (argument.value as RawMap) : null;
}

/** The paths with their steps edited in order. */
export function editSteps(paths: readonly PathSpec[], edits: readonly StepEdit[], operation: (step: string) => Operation | null): readonly PathSpec[] {
  if (edits.length === 0) return paths;
  const change = (step: OperationStep): PathStep => edits.filter((edit) => edit.step === step.name).reduce((one, edit) => edited(one, edit, operation(one.name)), step);
  return paths.map((path) => ({ ...path, steps: mapOperations(path.steps, change) }));
}

function edited(step: OperationStep, { argument, value }: StepEdit, operation: Operation | null): OperationStep {
  if (argument === null) return { ...step, argument: isNull(value) ? null : rawOf(value) };
  const place = keyPlace(value);
  const main = mainOf(operation);
  const present = argumentMap(step.argument) ?? (step.argument === null || main === null ? [] : [[main, step.argument] as const]);
  const map = new Map<string, RawValue>(present);
  if (isNull(value)) map.delete(argument);
  else map.set(argument, rawOf(value));
  return { ...step, argument: map.size === 0 ? null : { value: map, place: step.argument?.place ?? place, evidence: null } };
}
