import type { ExplainedInstruction, ExplainedMetric, ExplainedNumber, ExplainedPath, Explanation } from "../experiment/index.js";
import { renderTable, wrap, type Cell, type Page } from "../report/index.js";
import { pointText } from "../result/index.js";
import { formatDuration } from "../units/index.js";

/** What `explain` prints: of each path the program with the origin of every number, then the zero-load budgets. Ends in a newline. */
export function explanationText(title: string, explanation: Explanation, page: Page): string {
  const point = pointText(explanation.point);
  const head = `${title}: variant ${explanation.variant}${point === "" ? "" : ` at ${point}`}`;
  const sections = explanation.paths.flatMap((path) => [programSection(path, page), numbersSection(path, page), ...path.metrics.map((metric) => budgetSection(metric, page))]);
  const notes = wrap('by: "scenario" where the scenario says so itself, "default" where a preset or the model does.', page.columns, "  ").map(page.style.dim);
  return `${[wrap(head, page.columns).map(page.style.bold), ...sections, notes].map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function programSection(path: ExplainedPath, page: Page): string[] {
  const title = `Program of ${path.path}, sent by ${path.source}, payload ${path.payload} B`;
  const rows = path.instructions.flatMap((instruction, index) => instructionRows(instruction, path.instructions[index - 1], page));
  const { lines } = renderTable({
    columns: [
      { head: "pc", align: "right" }, { head: "step", align: "left", least: 10 }, { head: "does", align: "left" },
      { head: "what", align: "left", least: 20 }, { head: "values", align: "left", least: 18 },
    ],
    rows,
  }, page);
  return [page.style.bold(title), "", ...lines];
}

/** The instruction, then the numbers it rests on; a step is named where it begins. */
function instructionRows(one: ExplainedInstruction, before: ExplainedInstruction | undefined, page: Page): Cell[][] {
  const faint = (text: string): Cell => ({ text, paint: page.style.dim });
  const row = [String(one.pc), before?.step === one.step ? "" : one.step, one.name, one.text, one.operands];
  return [row, ...one.numbers.map((number) => ["", "", "", faint(`  ${number.path} = ${number.text}`), faint(`${number.by}, ${number.tag}`)])];
}

/** Every number of the program once, with the whole of why it is believed. */
function numbersSection(path: ExplainedPath, page: Page): string[] {
  const numbers = new Map(path.instructions.flatMap((one) => one.numbers).map((number) => [number.path, number]));
  const lines = [...numbers.values()].flatMap((number) => [
    ...wrap(`  ${number.path} = ${number.text}  (${number.by})`, page.columns, "    "),
    ...wrap(evidenceText(number), page.columns - 6, "  ").map((line) => page.style.dim(`      ${line}`)),
  ]);
  return [page.style.bold(`Numbers that ${path.path} rests on`), "", ...lines];
}

/** The tag with the citation, or with the range and the basis. */
export function evidenceText({ tag, source, range }: Pick<ExplainedNumber, "tag" | "source" | "range">): string {
  if (tag === "standard" || tag === "published") return `${tag} [${source}]`;
  return range === null ? `${tag}: ${source}` : `${tag} ${range[0]} .. ${range[1]}: ${source}`;
}

function budgetSection(metric: ExplainedMetric, page: Page): string[] {
  const title = `Zero-load budget of ${metric.name}, ${metric.from} to ${metric.to}`;
  if (metric.floorPs === null) return [page.style.bold(title), "", "  This path has no static value."];
  const { lines } = renderTable({
    columns: [{ head: "step", align: "left", least: 10 }, { head: "what", align: "left", least: 20 }, { head: "time", align: "right" }, { head: "", align: "left" }],
    rows: metric.budget.map((line) => [line.step, line.text, formatDuration(line.ps), line.mean ? "mean" : ""]),
    foot: [["total", "", formatDuration(metric.floorPs), `${metric.floorPs / 1000} ns`]],
  }, page);
  const means = metric.budget.some((line) => line.mean) ? ["", page.style.dim("  mean: the mean of what varies, or a timer that runs to its end; the rest is fixed.")] : [];
  return [page.style.bold(title), "", ...lines, ...means];
}
