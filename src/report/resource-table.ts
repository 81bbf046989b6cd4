import type { ResourceUse, Result, RunResult } from "../result/index.js";
import { pointText } from "../result/index.js";
import { barCell } from "./bar.js";
import type { Page } from "./style.js";
import { renderTable, type Cell } from "./table.js";
import { wrap } from "./text-width.js";
import { countText, percentText } from "./time-text.js";

const BUSY_BAR = 10;
const SATURATED = 0.95;

/** Who was busy in one run, with what, and how long the queues grew. */
export function resourceSection(run: RunResult, page: Page): string[] {
  if (run.resources.length === 0) return [];
  const where = [run.variant, pointText(run.point)].filter((part) => part !== "").join(", ");
  const { lines } = renderTable({
    columns: [
      { head: "part", align: "left", least: 10 }, { head: "kind", align: "left", drop: 1 }, { head: "busy %", align: "right" },
      { head: "", align: "left", least: 4, drop: 2 }, { head: "peak", align: "right" }, { head: "of the time; bytes per message", align: "left", least: 20 },
    ],
    rows: run.resources.map((one): Cell[] => [
      one.name, one.kind, busyCell(one, page), barCell(one.busy, BUSY_BAR), String(one.peak), detailText(one, run),
    ]),
  }, page);
  return [...wrap(`Resources: ${where}`, page.columns, "  ").map(page.style.bold), "", ...lines];
}

function busyCell(one: ResourceUse, page: Page): Cell {
  const text = percentText(one.busy);
  return one.busy > SATURATED ? { text, paint: page.style.yellow } : text;
}

/** What a part did: the shares of its time, or the bytes that crossed it per message. */
export function detailText(one: ResourceUse, run: RunResult): string {
  const shares = Object.entries(one.categories).filter(([name, share]) => name !== "idle" && share > 0).sort(([, a], [, b]) => b - a);
  if (shares.length > 0) return shares.map(([name, share]) => `${name} ${percentText(share)} %`).join(", ");
  const messages = run.messages.completed;
  if (messages === 0) return "";
  return Object.entries(one.bytes).filter(([, bytes]) => bytes > 0).map(([name, bytes]) => `${name} ${countText(bytes / messages)} B`).join(", ");
}

/** How many messages were sent, completed, measured and lost, and why; one line where none was lost. */
export function dropSection(result: Result, page: Page): string[] {
  const lost = (run: RunResult): number => Object.values(run.messages.dropped).reduce((sum, count) => sum + count, 0);
  const lossy = result.runs.filter((run) => lost(run) > 0);
  if (lossy.length === 0) return [`${page.style.bold("Drops")}  none`];
  const lines = lossy.flatMap((run) => {
    const where = [run.variant, pointText(run.point)].filter((part) => part !== "").join(", ");
    const reasons = Object.entries(run.messages.dropped).filter(([, count]) => count > 0).map(([reason, count]) => `${reason} ${count}`).join(", ");
    const share = run.messages.sent > 0 ? ` (${Number(((100 * lost(run)) / run.messages.sent).toPrecision(2))} %)` : "";
    return wrap(`${where}: ${lost(run)} of ${run.messages.sent} sent${share}: ${reasons}`, page.columns - 2, "  ").map((line) => `  ${line}`);
  });
  return [page.style.bold("Drops"), "", ...lines];
}
