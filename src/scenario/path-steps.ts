import { WirelatError } from "../errors/index.js";
import { parseBytes, parseCount, parsePercent, toNumber } from "../units/index.js";
import { listed, unknownKey } from "./check-keys.js";
import type { Faults } from "./faults.js";
import { checkName } from "./names.js";
import { nearest } from "./nearest.js";
import { asList, asMap, found, isNull, keyPlace, labelOf, rawOf, type Tree, type TreeMap } from "./tree.js";
import type { PathStep } from "./types.js";

const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]*(?:\.[A-Za-z0-9][A-Za-z0-9_-]*)*$/u;
const EXAMPLE = "`[feed, gw.nic.rx, { gw.run: 1 us }]`";
const MOST_TURNS = 1_000_000;

/** What a step may name, and where its faults go. */
export interface StepContext {
  /** Names of hosts, devices, links and switches. */
  readonly instances: ReadonlySet<string>;
  readonly faults: Faults;
}

type Structure = (value: Tree, context: StepContext) => PathStep | null;

const STRUCTURES: Readonly<Record<string, Structure>> = {
  tap: (value, { faults }) => {
    const name = value.kind === "scalar" && typeof value.value === "string" ? value.value : null;
    if (name === null) throw misshapen(value, "a tap is named by a text", "`tap: posted`");
    return checkName(name, "a tap", value, faults) ? { kind: "tap", name, place: keyPlace(value) } : null;
  },
  all: (value, context) => ({ kind: "all", branches: branchesOf(value, "all", context), place: keyPlace(value) }),
  race: (value, context) => ({ kind: "race", branches: branchesOf(value, "race", context), place: keyPlace(value) }),
  spawn: (value, context) => ({ kind: "spawn", body: parseSteps(value, "spawn", context), place: keyPlace(value) }),
  parallel: parallelOf,
  repeat: repeatOf,
  branch: branchOf,
};

/** The words that begin a structural step. */
export const STRUCTURE_NAMES: readonly string[] = Object.keys(STRUCTURES);

/** The steps of a list; what is wrong with one of them goes to the faults, and the others are read all the same. */
export function parseSteps(tree: Tree, subject: string, context: StepContext): readonly PathStep[] {
  const items = context.faults.attempt(tree.place, () => asList(tree, subject, EXAMPLE)) ?? [];
  const steps = items.map((item) => context.faults.attempt(item.place, () => parseStep(item, context)));
  return steps.filter((step) => step !== null);
}

function parseStep(item: Tree, context: StepContext): PathStep | null {
  if (item.kind === "scalar" && typeof item.value === "string") return operationOf(item.value, item, null, context);
  if (item.kind !== "map") throw misshapen(item, `a step is a name or one name with its argument, not ${found(item)}`, EXAMPLE);
  const [entry, second] = [...item.entries];
  if (entry === undefined || second !== undefined) {
    const written = item.flow ? "" : "; indent the argument's own keys deeper than the step";
    throw misshapen(item, `a step has one name, not ${item.entries.size === 0 ? "none" : listed(item.entries.keys())}${written}`, EXAMPLE);
  }
  const [name, value] = entry;
  const structure = Object.hasOwn(STRUCTURES, name) ? STRUCTURES[name] : undefined;
  return structure === undefined ? operationOf(name, value, isNull(value) ? null : value, context) : structure(value, context);
}

function operationOf(name: string, at: Tree, argument: Tree | null, { instances }: StepContext): PathStep {
  const place = keyPlace(at);
  if (!NAME.test(name)) throw new WirelatError("step-malformed", `${JSON.stringify(name)} is not the name of a step`, { place, remedy: "Put a space after the colon that separates a step from its argument." });
  if (STRUCTURE_NAMES.includes(name)) throw misshapen(at, `the step ${name} needs its argument`, `\`${name}: …\``);
  const root = name.split(".")[0] ?? name;
  if (!instances.has(root)) {
    const near = nearest(root, instances);
    throw new WirelatError("instance-unknown", `the step ${name}: there is no host, device, link or switch called ${root}`, { place, remedy: near === null ? `There are ${listed(instances)}.` : `Did you mean "${near}"?` });
  }
  return { kind: "operation", name, argument: argument === null ? null : rawOf(argument), place };
}

function branchesOf(value: Tree, word: string, context: StepContext): readonly (readonly PathStep[])[] {
  const items = asList(value, `\`${word}\``, `\`${word}: [[a.run: 1 us], [b.run: 2 us]]\``);
  if (items.length === 0) throw misshapen(value, `\`${word}\` has no branches`, `\`${word}: [[a.run: 1 us], [b.run: 2 us]]\``);
  return items.map((item) => parseSteps(item.kind === "list" ? item : { kind: "list", items: [item], place: item.place, key: item.key }, `a branch of \`${word}\``, context));
}

function checkedKeys(map: TreeMap, allowed: readonly string[], subject: string, { faults }: StepContext): void {
  for (const [key, value] of map.entries) if (!allowed.includes(key)) faults.keep(unknownKey(key, allowed, subject, keyPlace(value)));
}

function parallelOf(value: Tree, context: StepContext): PathStep {
  const example = "`parallel: { chunk: 1448 B, do: [gw.nic.tx, lan] }`";
  const map = asMap(value, "`parallel`", example);
  checkedKeys(map, ["chunk", "do"], "parallel", context);
  const [chunk, body] = ["chunk", "do"].map((key) => map.entries.get(key));
  if (body === undefined) throw misshapen(value, "`parallel` lacks `do`, the steps of each branch", example);
  if (chunk === undefined) throw misshapen(value, "`parallel` lacks `chunk`, the bytes of each branch", example);
  const size = context.faults.attempt(chunk.place, () => bounded(parseBytes(scalarValue(chunk)), "chunk", Number.MAX_SAFE_INTEGER));
  return { kind: "parallel", chunk: size ?? 1, body: parseSteps(body, "`do`", context), place: keyPlace(value) };
}

function repeatOf(value: Tree, context: StepContext): PathStep {
  const example = "`repeat: { times: 3, do: [gw.run: 1 us] }`";
  const map = asMap(value, "`repeat`", example);
  checkedKeys(map, ["times", "until", "chunk", "do"], "repeat", context);
  const { faults } = context;
  const [times, until, chunk, body] = ["times", "until", "chunk", "do"].map((key) => map.entries.get(key));
  if (body === undefined) throw misshapen(value, "`repeat` lacks `do`, the steps to repeat", example);
  if ((times === undefined) === (until === undefined)) throw misshapen(value, "`repeat` needs either `times` or `until: payload`", example);
  if (until !== undefined && (until.kind !== "scalar" || until.value !== "payload")) throw misshapen(until, `\`repeat\` knows only \`until: payload\`, not ${found(until)}`, "`until: payload` with a chunk");
  if ((until === undefined) !== (chunk === undefined)) throw misshapen(value, "`until: payload` and `chunk` belong together", "`{ until: payload, chunk: 8192 B, do: […] }`");
  const count = times === undefined ? null : faults.attempt(times.place, () => bounded(parseCount(scalarValue(times)), "times"));
  const size = chunk === undefined ? null : faults.attempt(chunk.place, () => bounded(parseBytes(scalarValue(chunk)), "chunk", Number.MAX_SAFE_INTEGER));
  return { kind: "repeat", times: count, chunk: size, body: parseSteps(body, "`do`", context), place: keyPlace(value) };
}

function bounded(value: number, name: string, most: number = MOST_TURNS): number {
  if (value >= 1 && value <= most) return value;
  throw new WirelatError("quantity-range", `${name} is ${value}, but must be from 1 to ${most}`, { remedy: "Correct it, or leave the step out." });
}

function branchOf(value: Tree, context: StepContext): PathStep {
  const example = "`branch: { chance: 5%, yes: [gw.run: 1 us], no: [] }`";
  const map = asMap(value, "`branch`", example);
  checkedKeys(map, ["chance", "yes", "no"], "branch", context);
  const [chance, yes, no] = ["chance", "yes", "no"].map((key) => map.entries.get(key));
  if (chance === undefined) throw misshapen(value, "`branch` lacks `chance`", example);
  const probability = context.faults.attempt(chance.place, () => toNumber(parsePercent(scalarValue(chance)))) ?? 0;
  if (probability > 1) throw new WirelatError("quantity-range", `chance is ${labelOf(chance)}, but at most 100%`, { place: chance.place, remedy: "Correct it." });
  const body = (tree: Tree | undefined, name: string): readonly PathStep[] => (tree === undefined ? [] : parseSteps(tree, `\`${name}\``, context));
  return { kind: "branch", probability, yes: body(yes, "yes"), no: body(no, "no"), place: keyPlace(value) };
}

export const scalarValue = (tree: Tree): unknown => (tree.kind === "scalar" ? tree.value : tree.kind === "list" ? [] : {});

function misshapen(at: Tree, message: string, example: string): WirelatError {
  return new WirelatError("step-malformed", message, { place: keyPlace(at), remedy: `Write it like ${example}.` });
}

/** Every step of a path, inner ones included, in the order of the text. */
export function* eachStep(steps: readonly PathStep[]): Generator<PathStep> {
  for (const step of steps) {
    yield step;
    for (const body of bodiesOf(step)) yield* eachStep(body);
  }
}

function bodiesOf(step: PathStep): readonly (readonly PathStep[])[] {
  if (step.kind === "all" || step.kind === "race") return step.branches;
  if (step.kind === "spawn" || step.kind === "repeat" || step.kind === "parallel") return [step.body];
  return step.kind === "branch" ? [step.yes, step.no] : [];
}

/** The path with every operation step replaced by what `change` makes of it. */
export function mapOperations(steps: readonly PathStep[], change: (step: PathStep & { kind: "operation" }) => PathStep): readonly PathStep[] {
  return steps.map((step): PathStep => {
    switch (step.kind) {
      case "operation":
        return change(step);
      case "tap":
        return step;
      case "all":
      case "race":
        return { ...step, branches: step.branches.map((branch) => mapOperations(branch, change)) };
      case "spawn":
      case "parallel":
      case "repeat":
        return { ...step, body: mapOperations(step.body, change) };
      case "branch":
        return { ...step, yes: mapOperations(step.yes, change), no: mapOperations(step.no, change) };
    }
  });
}
