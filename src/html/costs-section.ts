import { busBytes, countText, detailText, percentText } from "../report/index.js";
import { runName, type Result, type RunResult } from "../result/index.js";
import { folded, notes, type Chapter } from "./sections.js";
import { barOf, htmlTable, type HtmlCell, type HtmlColumn } from "./sortable-table.js";

const BUSY = "#0072B2";
const SATURATED = 0.95;
const SATURATED_COLOUR = "#D55E00";

/** What one message costs each host or device: every account that anything was booked on. */
export function costsChapter(result: Result): Chapter {
  const booked = result.runs.flatMap((run) => run.costs.map((costs) => ({ run, costs })));
  const accounts = [...new Set(booked.flatMap(({ costs }) => Object.keys(costs.perMessage).filter((name) => costs.perMessage[name] !== 0)))];
  const count = (value: number): HtmlCell => ({ show: countText(value), sort: value });
  const table = htmlTable({
    caption: "Copies and costs per message",
    columns: [{ head: "run", kind: "text" }, { head: "owner", kind: "text" }, ...accounts.map((name): HtmlColumn => ({ head: wordsOf(name), kind: "number" })), { head: "bus bytes", kind: "number" }],
    rows: booked.map(({ run, costs }) => [runName(run), costs.owner, ...accounts.map((name) => count(costs.perMessage[name] ?? 0)), count(busBytes(costs, run))]),
  });
  return { id: "costs", title: "Copies and costs", body: [table, notes(["Movements are by anything (CPU, DMA, wire); copies are movements that a CPU does by load and store; bus bytes include headers."])] };
}

/** An account as words: "movedBytes" and "bus-up-payload" are names of the result file. */
function wordsOf(account: string): string {
  return account.replaceAll("-", " ").replaceAll(/([a-z])([A-Z])/gu, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`);
}

/** Who was busy, with what, and how long queues grew: a table for each of these runs, the first open. */
export function resourcesChapter(runs: readonly RunResult[]): Chapter {
  const body = runs.filter((run) => run.resources.length > 0).map((run, index) => folded(runName(run), resourceTable(run), index === 0));
  return { id: "resources", title: "Resources", body };
}

function resourceTable(run: RunResult) {
  return htmlTable({
    caption: `Who was busy: ${runName(run)}`,
    columns: [
      { head: "part", kind: "text" }, { head: "kind", kind: "text" }, { head: "busy %", kind: "number" }, { head: "share", kind: "text" },
      { head: "peak", kind: "number", about: "most that were held or waited at once" }, { head: "of the time; bytes per message", kind: "text" },
    ],
    rows: run.resources.map((one) => [
      one.name, one.kind, { show: percentText(one.busy), sort: one.busy }, { show: barOf(one.busy, one.busy > SATURATED ? SATURATED_COLOUR : BUSY), sort: one.busy },
      { show: String(one.peak), sort: one.peak }, detailText(one, run),
    ]),
  });
}
