import { OP } from "../engine/index.js";
import type { CheckedScenario, Compiled, CompiledMetric, CompiledPath } from "../scenario/index.js";
import { givenParameters } from "./dead-parameters.js";
import { isMean, opcodeName, operands } from "./listing.js";

type Origin = Compiled["notes"][number]["origins"][number];

/** A number that an instruction rests on. */
export interface ExplainedNumber {
  /** Dotted path of the parameter, e.g. "gw.nic.pipeline". */
  readonly path: string;
  readonly text: string;
  /** Who said so: the scenario, or a preset or the model where the scenario is silent. */
  readonly by: "scenario" | "default";
  readonly tag: Origin["evidence"]["tag"];
  /** Key of the bibliography, or the basis of an estimate or a decision. */
  readonly source: string;
  /** The range of an estimate, e.g. ["80 ns", "250 ns"]. */
  readonly range: readonly [string, string] | null;
}

export interface ExplainedInstruction {
  readonly pc: number;
  readonly step: string;
  readonly name: string;
  readonly text: string;
  readonly operands: string;
  readonly numbers: readonly ExplainedNumber[];
}

/** A line of a zero-load budget; `mean` marks the mean of what varies. */
export interface BudgetLine {
  readonly step: string;
  readonly text: string;
  readonly ps: number;
  readonly mean: boolean;
}

export interface ExplainedMetric {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** null where the path has no static value. */
  readonly floorPs: number | null;
  /** Adds to the floor. */
  readonly budget: readonly BudgetLine[];
}

export interface ExplainedPath {
  readonly source: string;
  readonly path: string;
  readonly payload: number;
  readonly instructions: readonly ExplainedInstruction[];
  readonly metrics: readonly ExplainedMetric[];
}

/** A compiled scenario as people read it. */
export interface Explanation {
  readonly variant: string;
  readonly point: Readonly<Record<string, string>>;
  readonly paths: readonly ExplainedPath[];
}

/** The program of a compiled scenario path by path, with the origin of each number and the zero-load budget of each metric. */
export function explainCompiled(scenario: CheckedScenario, compiled: Compiled): Explanation {
  return compiled.guard("explaining it", () => explanation(scenario, compiled));
}

function explanation(scenario: CheckedScenario, compiled: Compiled): Explanation {
  const given = givenParameters(scenario);
  const entries = [...new Set(compiled.program.paths.map((path) => path.entry))];
  const own = compiled.paths.filter((path) => !path.aside);
  return {
    variant: scenario.variant,
    point: scenario.point,
    paths: own.map((path, index) => {
      const from = entries[index] ?? 0;
      const to = entries[index + 1] ?? compiled.program.op.length;
      return {
        source: path.source, path: path.path, payload: path.payload,
        instructions: Array.from({ length: to - from }, (_, offset) => instructionAt(compiled, from + offset, path.payload, given)),
        metrics: compiled.paths.filter((other) => other.source === path.source).flatMap((part) => part.metrics.map((metric) => explainMetric(compiled, part, metric))),
      };
    }),
  };
}

function instructionAt(compiled: Compiled, pc: number, payload: number, given: ReadonlyMap<string, unknown>): ExplainedInstruction {
  const { program } = compiled;
  const note = compiled.notes[pc];
  const origins = new Map((note?.origins ?? []).map((origin) => [origin.path, origin]));
  return {
    pc, step: note?.step ?? "", text: note?.text ?? "", name: opcodeName(program, pc), operands: operands(program, pc, payload),
    numbers: [...origins.values()].map((origin) => explainNumber(origin, given)),
  };
}

function explainNumber({ path, text, evidence }: Origin, given: ReadonlyMap<string, unknown>): ExplainedNumber {
  return {
    path, text, by: given.has(path) || (evidence.tag === "chosen" && evidence.basis === "written in the scenario") ? "scenario" : "default",
    tag: evidence.tag,
    source: "cite" in evidence ? evidence.cite : evidence.basis,
    range: evidence.tag === "estimated" ? evidence.range : null,
  };
}

function explainMetric(compiled: Compiled, path: CompiledPath, metric: CompiledMetric): ExplainedMetric {
  const { name, from, to, floor } = metric;
  return { name, from, to, floorPs: floor, budget: floor === null ? [] : budgetOf(compiled, path, metric, floor) };
}

/**
 * What each instruction between the marks adds with one message in flight. The start's byte is charged to the waits for bytes of the
 * arrival, as in a breakdown; where branches overlap, a last line takes back what did not bind.
 */
function budgetOf(compiled: Compiled, path: CompiledPath, metric: CompiledMetric, floor: number): BudgetLine[] {
  const { program, notes } = compiled;
  const { spec } = metric;
  const edge = (amount: number): number => (amount < 0 ? 0 : program.amounts[amount]?.(path.payload) ?? 0);
  const [first, last] = [markAt(compiled, path, spec.fromMark), markAt(compiled, path, spec.toMark)];
  let owed = edge(spec.fromEdge);
  const lines = metric.contributions.filter(({ pc }) => pc >= first && pc <= last).flatMap(({ pc, time }): BudgetLine[] => {
    const paid = metric.edgeSlots.includes(program.work[pc] ?? -1) ? Math.min(owed, time) : 0;
    owed -= paid;
    const { step, text } = notes[pc] ?? { step: "", text: "" };
    return time === paid ? [] : [{ step, text, ps: time - paid, mean: isMean(program, pc) || isWait(compiled, pc) }];
  });
  if (owed !== 0) lines.push({ step: metric.from, text: "trigger before the start of the window", ps: -owed, mean: false });
  if (spec.toEdge >= 0) lines.push({ step: metric.to, text: "rest of the frame", ps: edge(spec.toEdge), mean: false });
  const rest = floor - lines.reduce((sum, line) => sum + line.ps, 0);
  if (rest !== 0) lines.push({ step: path.path, text: "branches that do not bind", ps: rest, mean: false });
  return lines;
}

/** A timer of a batch runs to its end when nothing else comes: at zero load, but not under load. */
function isWait({ program }: Compiled, pc: number): boolean {
  return program.op[pc] === OP.join;
}

function markAt({ program }: Compiled, path: CompiledPath, mark: number): number {
  const entry = program.paths.find((one) => one.name === `${path.source}:${path.path}`)?.entry ?? 0;
  const found = program.op.findIndex((op, pc) => pc >= entry && op === OP.mark && program.a[pc] === mark);
  return found < 0 ? entry : found;
}
