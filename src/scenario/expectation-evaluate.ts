import { InternalFault } from "../errors/index.js";
import { costPerMessage, percentileOf, SEGMENT_KINDS, type ExpectationResult, type MetricResult, type ResourceUse, type RunResult } from "../result/index.js";
import type { Expectation } from "./check-expect.js";
import { FUNCTIONS, type CheckFunction } from "./expectation-functions.js";
import { formatValue, type Kind } from "./expectation-kinds.js";
import type { Comparison, Expression, Reference } from "./expectation-parse.js";
import type { Point } from "./types.js";

/** Results as far as checks ask for them. */
export interface ExpectationData {
  /** The run of a variant at a point, of this scenario (null) or of another; null where there is none. */
  readonly run: (scenario: string | null, variant: string, point: Point) => RunResult | null;
  /** Mean payload of a message of that run, bytes; null where it is not known. */
  readonly payload: (scenario: string | null, variant: string, point: Point) => number | null;
}

type CheckExpectation = Extract<Expectation, { kind: "check" }>;

/** Why a value cannot be told; becomes the `found` of a check that does not hold. */
class Unknown extends Error {}

interface Context {
  readonly data: ExpectationData;
  readonly point: Point;
  readonly total: boolean;
}

/** A check at one point: whether it holds, and what each side came to. */
export function evaluate(expectation: CheckExpectation, point: Point, data: ExpectationData): ExpectationResult {
  const { text, because, cite, place } = expectation;
  const outcome = outcomeOf(expectation, { data, point, total: expectation.total });
  return { check: text, because, cite, place: `${place.file}:${place.line}:${place.column}`, ...outcome, point };
}

/** A refusal: `codes` are those that the variant was refused with, none if it was not. */
export function evaluateRefusal(expectation: Extract<Expectation, { kind: "rejects" }>, codes: readonly string[]): ExpectationResult {
  const { variant, code, because, cite, place } = expectation;
  const found = codes.length === 0 ? `${variant} was accepted` : `${variant} was refused: ${codes.join(", ")}`;
  return { check: `rejects ${variant} (${code})`, because, cite, place: `${place.file}:${place.line}:${place.column}`, held: codes.includes(code), found, point: {} };
}

function outcomeOf({ check }: CheckExpectation, context: Context): { readonly held: boolean; readonly found: string } {
  try {
    const shown = (expression: Expression): { value: number; text: string } => {
      const value = valueOf(expression, context);
      return { value, text: formatValue(value, expression.kind) };
    };
    if (check.form === "range") {
      const [value, low, high] = [shown(check.value), shown(check.low), shown(check.high)];
      return { held: atLeast(value.value, low.value) && atLeast(high.value, value.value), found: `${value.text} in ${low.text} .. ${high.text}` };
    }
    const sides = check.operands.map(shown);
    const held = check.operators.every((operator, index) => compares(sides[index]?.value ?? NaN, operator, sides[index + 1]?.value ?? NaN));
    return { held, found: sides.map((side, index) => (index === 0 ? side.text : `${check.operators[index - 1] ?? ""} ${side.text}`)).join(" ") };
  } catch (error) {
    if (error instanceof Unknown) return { held: false, found: error.message };
    throw error;
  }
}

/** Quotients of integers in doubles are off by less than this. */
const ROUNDING = 1e-12;
const same = (left: number, right: number): boolean => Math.abs(left - right) <= ROUNDING * Math.max(Math.abs(left), Math.abs(right));
const atLeast = (left: number, right: number): boolean => left >= right || same(left, right);

function compares(left: number, operator: Comparison, right: number): boolean {
  switch (operator) {
    case "==":
      return same(left, right);
    case "<=":
      return atLeast(right, left);
    case ">=":
      return atLeast(left, right);
    case "<":
      return !atLeast(left, right);
    case ">":
      return !atLeast(right, left);
  }
}

function valueOf(expression: Expression, context: Context): number {
  switch (expression.node) {
    case "literal":
      return expression.value;
    case "call":
      return callOf(expression, context);
    case "binary": {
      const left = valueOf(expression.left, context);
      const right = valueOf(expression.right, context);
      if (expression.operator === "+") return left + right;
      if (expression.operator === "-") return left - right;
      return expression.operator === "*" ? left * right : left / right;
    }
  }
}

function callOf(call: Extract<Expression, { node: "call" }>, { data, point, total }: Context): number {
  const { name, ref } = call;
  const fn = FUNCTIONS.get(name);
  if (fn === undefined) throw new InternalFault(`the parsed function ${name} is not in the table`);
  const run = data.run(ref.scenario, ref.variant, point);
  const where = `${ref.scenario === null ? "" : `${ref.scenario}:`}${ref.variant}`;
  if (run === null) throw new Unknown(`there is no run of ${where} at this point`);
  if (name === "rate" && run.metrics.every((metric) => metric.name !== ref.name || metric.value === null)) return throughput(run, data.payload(ref.scenario, ref.variant, point));
  return valueIn(run, fn, { ref, text: call.text, kind: call.kind, total });
}

function throughput(run: RunResult, payload: number | null): number {
  if (payload === null) throw new Unknown("the payload of the messages is not known");
  // The simulated time holds the warm-up as well.
  return run.durationPs === 0 ? 0 : (payload * run.messages.completed) / run.durationPs;
}

interface Asked {
  readonly ref: Reference;
  readonly text: string;
  readonly kind: Kind;
  readonly total: boolean;
}

function valueIn(run: RunResult, fn: CheckFunction, asked: Asked): number {
  const { ref, total } = asked;
  switch (fn.name) {
    case "completed":
      return run.messages.sent === 0 ? 0 : run.messages.completed / run.messages.sent;
    case "drops":
      return perMessage(Object.values(run.messages.dropped).reduce((sum, count) => sum + count, 0), run, total);
    case "count":
      return counted(ref.name, run, total);
    case "busy":
    case "util":
      return meanOf(partsOf(run, ref.name), (part) => part.busy);
    case "useful":
      return meanOf(partsOf(run, ref.name), usefulShare);
    case "bytes":
      return perMessage(partsOf(run, ref.name).reduce((sum, part) => sum + Object.values(part.bytes).reduce((all, bytes) => all + bytes, 0), 0), run, total);
    default:
      return fn.account === undefined ? metricValue(run, fn, asked) : accountOf(run, fn.account, ref.name, total);
  }
}

const perMessage = (count: number, run: RunResult, total: boolean): number => (total ? count : run.messages.completed === 0 ? 0 : count / run.messages.completed);

function metricValue(run: RunResult, fn: CheckFunction, { ref, text, kind }: Asked): number {
  const metric = run.metrics.find((one) => one.name === ref.name);
  if (metric === undefined) throw new Unknown(`the run has no metric ${ref.name}; it has ${run.metrics.map((one) => one.name).join(", ")}`);
  if (fn.name === "share") return shareOf(metric, ref.of ?? "");
  if (fn.name === "value") return metric.value?.meanDollars ?? 0;
  if (fn.name === "rate") return (metric.value?.dollarsPerSecond ?? 0) / 1e12;
  if (metric.count === 0) throw new Unknown(`${text} is of no message`);
  const time = timeOf(metric, fn, text);
  return kind.money === 1 && kind.time === 0 ? (time * (metric.value?.dollarsPerSecond ?? 0)) / 1e12 : time;
}

function timeOf(metric: MetricResult, fn: CheckFunction, text: string): number {
  if (fn.name === "min") return metric.minPs;
  if (fn.name === "max") return metric.maxPs;
  if (fn.name === "mean") return metric.meanPs;
  if (fn.name === "sd") return metric.sdPs;
  const percentile = percentileOf(metric, fn.q ?? 0)?.ps ?? null;
  if (percentile === null) throw new Unknown(`${text} has too few samples beyond it`);
  return percentile;
}

function shareOf(metric: MetricResult, of: string): number {
  const all = metric.breakdowns.find((one) => one.band === "all") ?? metric.breakdowns[0];
  if (all === undefined) throw new Unknown(`the metric ${metric.name} has no breakdown`);
  const found = all.segments.filter((segment) => [segment.kind, segment.step, segment.label].includes(of));
  // A kind of which there is none has no share; a name that nothing has is a mistake.
  if (found.length === 0 && !SEGMENT_KINDS.some((kind) => kind === of)) throw new Unknown(`no time of ${metric.name} is of a kind, of a step or under a label "${of}"; its steps are ${[...new Set(all.segments.map((segment) => segment.step))].join(", ")}`);
  const sum = found.reduce((ps, segment) => ps + segment.sumPs, 0);
  return all.totalPs === 0 ? 0 : sum / all.totalPs;
}

/** The resources of a name: itself, or what a host's last part names below it ("gw.app" is "gw.cpu.app"), or all of a host's cores. */
function partsOf(run: RunResult, name: string): readonly ResourceUse[] {
  const exact = run.resources.filter((part) => part.name === name);
  if (exact.length > 0) return exact;
  const [root = "", ...rest] = name.split(".");
  const below = run.resources.filter((part) => part.name.startsWith(`${root}.`) && (rest.length === 0 ? part.kind === "core" : part.name.endsWith(`.${rest.join(".")}`) || part.name.slice(root.length + 1).split("+").includes(rest.join(".")) || part.name.startsWith(`${name}.`)));
  if (below.length > 0) return below;
  if (rest.length === 0 && run.resources.some((part) => part.name.startsWith(`${root}.`))) return run.resources.filter((part) => part.name.startsWith(`${root}.`));
  throw new Unknown(`the run has no part ${name}; it has ${run.resources.map((part) => part.name).join(", ")}`);
}

function meanOf(parts: readonly ResourceUse[], value: (part: ResourceUse) => number): number {
  return parts.reduce((sum, part) => sum + value(part), 0) / parts.length;
}

/** Time spent on something: what is booked under neither idle nor polling in vain. */
function usefulShare(part: ResourceUse): number {
  return Object.entries(part.categories).reduce((sum, [category, share]) => (/idle|poll/u.test(category) ? sum : sum + share), 0);
}

/** "mmio-reads" is also booked as "mmioReads". */
function spellings(account: string): readonly string[] {
  return [...new Set([account, account.replace(/-(?<letter>[a-z])/gu, (_, letter: string) => letter.toUpperCase())])];
}

function accountOf(run: RunResult, account: string, owner: string, total: boolean): number {
  const owned = run.costs.filter((costs) => costs.owner === owner || costs.owner.startsWith(`${owner}.`));
  return owned.reduce((sum, costs) => sum + spellings(account).reduce((all, name) => all + ((total ? costs.totals : costs.perMessage)[name] ?? 0), 0), 0);
}

function counted(name: string, run: RunResult, total: boolean): number {
  const dropped = run.messages.dropped[name];
  if (dropped !== undefined) return perMessage(dropped, run, total);
  if (!total) return spellings(name).reduce((sum, account) => sum + costPerMessage(run, account), 0);
  return spellings(name).reduce((sum, account) => sum + run.costs.reduce((all, costs) => all + (costs.totals[account] ?? 0), 0), 0);
}
