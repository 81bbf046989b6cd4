import { CODES, InternalFault, type SourcePlace } from "../errors/index.js";
import { listed, unknownKey } from "./check-keys.js";
import { DEFAULT_METRIC } from "./check-measure.js";
import { FUNCTIONS, type CheckFunction } from "./expectation-functions.js";
import { KINDS, type Kind } from "./expectation-kinds.js";
import { CheckFault, parseCheck, type Check, type Expression, type Reference } from "./expectation-parse.js";
import type { Faults } from "./faults.js";
import { nearest } from "./nearest.js";
import type { Override } from "./override.js";
import { asFlag, asList, asMap, asText, keyPlace, labelOf, type Tree, type TreeMap, type TreeScalar } from "./tree.js";
import type { MetricSpec, Point } from "./types.js";

interface Common {
  readonly because: string;
  readonly cite: string | null;
  readonly place: SourcePlace;
}

/** One entry of `expect`. */
export type Expectation =
  | (Common & { readonly kind: "check"; readonly text: string; readonly check: Check; readonly total: boolean; readonly where: Point; readonly overrides: readonly Override[] })
  /** The variant must fail to load or to compile with the code. */
  | (Common & { readonly kind: "rejects"; readonly variant: string; readonly code: string });

/** What expectations may speak of. */
export interface ExpectContext {
  readonly metrics: readonly MetricSpec[];
  /** Traffic and paths: what `completed` and `drops` may be of as well. */
  readonly flows: ReadonlySet<string>;
  readonly instances: ReadonlySet<string>;
  readonly variants: readonly string[];
  readonly faults: Faults;
}

const CHECK_KEYS = ["check", "where", "because", "cite", "total"];
const REJECT_KEYS = ["rejects", "code", "because", "cite"];
const EXAMPLE = "`{ check: p50(t2t) < 10 us, because: … }`";

/** `expect`: every entry that can be read; the others are faults. */
export function checkExpect(tree: Tree | undefined, context: ExpectContext): readonly Expectation[] {
  if (tree === undefined) return [];
  const items = context.faults.attempt(tree.place, () => asList(tree, "`expect`", `a list of ${EXAMPLE}`)) ?? [];
  return items.flatMap((item) => context.faults.attempt(item.place, () => expectationOf(item, context)) ?? []);
}

function expectationOf(item: Tree, context: ExpectContext): Expectation | null {
  if (item.kind === "scalar") return checkOf(item, null, context);
  const map = asMap(item, "an expectation", EXAMPLE);
  const isRefusal = map.entries.has("rejects");
  const keys = isRefusal ? REJECT_KEYS : CHECK_KEYS;
  for (const [key, value] of map.entries) if (!keys.includes(key)) context.faults.keep(unknownKey(key, keys, "an expectation", keyPlace(value)));
  if (isRefusal) return refusalOf(map, context);
  const check = map.entries.get("check");
  if (check !== undefined) return checkOf(check, map, context);
  context.faults.add("key-missing", map.place, "the expectation has neither `check` nor `rejects`", `Write it like ${EXAMPLE}.`);
  return null;
}

function commonOf(map: TreeMap | null, place: SourcePlace): Common {
  const textAt = (key: string): string | null => {
    const value = map?.entries.get(key);
    return value === undefined ? null : asText(value, `\`${key}\` of an expectation`, `\`${key}: …\``);
  };
  return { because: textAt("because") ?? "", cite: textAt("cite"), place };
}

function refusalOf(map: TreeMap, { variants, faults }: ExpectContext): Expectation | null {
  const [rejects, code] = [map.entries.get("rejects"), map.entries.get("code")];
  if (rejects === undefined || code === undefined) {
    faults.add("key-missing", map.place, "a refusal names the variant and the code of its error", "Write it like `{ rejects: unpinned, code: region-not-pinned, because: … }`.");
    return null;
  }
  const variant = asText(rejects, "`rejects`", "`rejects: unpinned`");
  const expected = asText(code, "`code`", "`code: region-not-pinned`");
  knownVariant(variant, rejects.place, variants, faults);
  if (!Object.hasOwn(CODES, expected)) {
    const near = nearest(expected, Object.keys(CODES));
    faults.add("value-choice", code.place, `there is no error code "${expected}"`, near === null ? "The codes are in docs/errors.md." : `Did you mean "${near}"?`);
  }
  return { kind: "rejects", variant, code: expected, ...commonOf(map, rejects.place) };
}

function knownVariant(variant: string, place: SourcePlace, variants: readonly string[], faults: Faults): void {
  if (variants.includes(variant)) return;
  const near = nearest(variant, variants);
  faults.add("variant-unknown", place, `there is no variant "${variant}"`, near === null ? `Variants are ${listed(variants)}.` : `Did you mean "${near}"?`);
}

function checkOf(tree: Tree, map: TreeMap | null, context: ExpectContext): Expectation | null {
  const { faults } = context;
  const text = asText(tree, "`check`", "`check: p50(t2t) < 10 us`");
  const check = parseCheck(text, (fn, ref) => kindOf(fn, ref, context));
  if (check instanceof CheckFault) {
    faults.add(check.code, placeWithin(tree, text, check.offset), check.message, check.remedy);
    return null;
  }
  for (const call of callsOf(check)) checkReference(call, tree, text, context);
  const total = map?.entries.get("total");
  const where = map?.entries.get("where");
  const overrides = where === undefined ? [] : [...asMap(where, "`where`", "`where: { ticks.rate: 20 kpps }`").entries].map(([path, value]) => ({ path, value }));
  const point = Object.fromEntries(overrides.map(({ path, value }) => [path, labelOf(value)]));
  return { kind: "check", text, check, total: total !== undefined && asFlag(total, "`total`"), where: point, overrides, ...commonOf(map, tree.place) };
}

/** The place of an offset of a check's text; the excerpt is the check itself. */
function placeWithin(tree: Tree, text: string, offset: number): SourcePlace {
  const { place } = tree;
  const column = tree.kind === "scalar" && (tree as TreeScalar).inline ? place.column + offset : place.column;
  return { ...place, column, excerpt: `${text.replaceAll("\n", " ")}\n${" ".repeat(offset)}^` };
}

/** Values of metrics are money where their metrics are. */
function kindOf(fn: CheckFunction, ref: Reference, { metrics }: ExpectContext): Kind {
  const metric = ref.scenario === null ? metrics.find((one) => one.name === ref.name) : undefined;
  if (metric?.kind !== "value") return KINDS[fn.gives];
  if (fn.gives === "time") return KINDS.money;
  return fn.name === "rate" ? KINDS["money per time"] : KINDS[fn.gives];
}

type Call = Extract<Expression, { node: "call" }>;

/** Every function of a check, in the order of the text. */
export function callsOf(check: Check): readonly Call[] {
  return (check.form === "range" ? [check.value, check.low, check.high] : check.operands).flatMap(callsIn);
}

function callsIn(expression: Expression): readonly Call[] {
  if (expression.node === "call") return [expression];
  return expression.node === "binary" ? [...callsIn(expression.left), ...callsIn(expression.right)] : [];
}

function checkReference({ name, ref }: Call, tree: Tree, text: string, context: ExpectContext): void {
  const { metrics, instances, variants, faults } = context;
  // What another scenario has is known when that is read.
  if (ref.scenario !== null) return;
  const at = placeWithin(tree, text, ref.offset);
  knownVariant(ref.variant, at, ["base", ...variants], faults);
  const root = ref.name.split(".")[0] ?? ref.name;
  const names = metrics.length === 0 ? [DEFAULT_METRIC] : metrics.map((metric) => metric.name);
  const { subject } = functionOf(name);
  if (subject === "account") return;
  const isPart = instances.has(root) && subject !== "metric";
  const isMetric = names.includes(ref.name) && subject !== "part";
  if (isPart || isMetric || (subject === "metric or part" && context.flows.has(ref.name))) return;
  const known = [...(subject === "part" ? [] : names), ...(subject === "metric" ? [] : instances)];
  const near = nearest(subject === "part" ? root : ref.name, known);
  faults.add(subject === "metric" ? "metric-unknown" : "instance-unknown", at, `${name} is of a ${subject === "part" ? "host, a device, a link or one of their parts" : subject}, and "${ref.name}" is none`, near === null ? `There are ${listed(known)}.` : `Did you mean "${near}"?`);
}

function functionOf(name: string): CheckFunction {
  const fn = FUNCTIONS.get(name);
  if (fn === undefined) throw new InternalFault(`the parsed function ${name} is not in the table`);
  return fn;
}

/** Other scenarios whose results the checks need, with the variants asked for. */
export function foreignRuns(expectations: readonly Expectation[]): readonly { readonly scenario: string; readonly variant: string }[] {
  const refs = expectations.flatMap((one) => (one.kind === "check" ? callsOf(one.check).map((call) => call.ref) : []));
  const wanted = new Map(refs.flatMap(({ scenario, variant }) => (scenario === null ? [] : [[`${scenario}:${variant}`, { scenario, variant }] as const])));
  return [...wanted.values()];
}
