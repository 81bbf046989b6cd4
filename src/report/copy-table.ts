import type { OwnerCosts, Result, RunResult } from "../result/index.js";
import { pointName } from "../result/index.js";
import type { Page } from "./style.js";
import { renderTable, type Column } from "./table.js";
import { wrap } from "./text-width.js";
import { countText } from "./time-text.js";

/** What the columns of the copy table count, per message; the drop order says what goes first where space is short. */
const ACCOUNTS: readonly { readonly head: string; readonly of: (costs: OwnerCosts, run: RunResult) => number; readonly drop?: number }[] = [
  { head: "move-\nments", of: account("movements") },
  { head: "CPU\ncopies", of: account("copies") },
  { head: "copied\nB", of: account("copiedBytes"), drop: 3 },
  { head: "inter-\nrupts", of: account("interrupts"), drop: 1 },
  { head: "sys-\ncalls", of: account("syscalls"), drop: 2 },
  { head: "\nswitches", of: account("switches"), drop: 5 },
  { head: "door-\nbells", of: account("doorbells"), drop: 6 },
  { head: "MMIO\nreads", of: account("mmioReads"), drop: 7 },
  { head: "bus\nB", of: busBytes, drop: 4 },
  { head: "touched\nB", of: account("touchedBytes"), drop: 8 },
];

function account(name: string): (costs: OwnerCosts) => number {
  return (costs) => costs.perMessage[name] ?? 0;
}

/** Bytes per completed message on the buses that belong to the owner, all directions, with headers. */
export function busBytes(costs: OwnerCosts, run: RunResult): number {
  const own = run.resources.filter((one) => one.kind === "bus" && one.name.startsWith(`${costs.owner}.`));
  const bytes = own.flatMap((one) => Object.values(one.bytes)).reduce((sum, one) => sum + one, 0);
  return run.messages.completed === 0 ? 0 : bytes / run.messages.completed;
}

/** The copy table: what one message costs each host or device, a row per run and owner. */
export function copySection(result: Result, page: Page): string[] {
  const all = result.runs.flatMap((run) => run.costs.map((costs) => ({ run, owner: costs.owner, cells: ACCOUNTS.map((one) => countText(one.of(costs, run))) })));
  if (all.length === 0) return [];
  const swept = result.runs.some((run) => pointName(run) !== "");
  const left = (head: string, least: number): Column => ({ head, align: "left", least });
  const rendered = renderTable({
    columns: [
      left("variant", 8), ...(swept ? [left("point", 8)] : []), left("owner", 5),
      ...ACCOUNTS.map((one): Column => ({ head: one.head, align: "right", ...(one.drop === undefined ? {} : { drop: one.drop }) })),
    ],
    rows: all.map(({ run, owner, cells }) => [run.variant, ...(swept ? [pointName(run)] : []), owner, ...cells]),
  }, page);
  const notes = [
    "Movements are by anything (CPU, DMA, wire); CPU copies are movements by load and store; bus bytes include headers.",
    ...(rendered.dropped.length > 0 ? [`Left out for want of width: ${rendered.dropped.map((head) => head.replace("- ", "").trim()).join(", ")}.`] : []),
  ];
  return [page.style.bold("Copies and costs per message"), "", ...rendered.lines, "", ...notes.flatMap((note) => wrap(note, page.columns, "  ")).map(page.style.dim)];
}
