import { confidenceText, type Difference, type JudgedChange } from "../result/index.js";
import { MISSING } from "./percentile-table.js";
import { signed } from "./signed.js";
import type { Page } from "./style.js";
import { renderTable, type Cell } from "./table.js";
import { wrap } from "./text-width.js";
import { inScale, scaleFor, type TimeScale } from "./time-text.js";

const STATISTICS = ["mean", "p50", "p99"] as const;

/** The differences of several sweep points in one table, a row each. */
export function pointSection(differences: readonly Difference[], detailed: boolean, page: Page): string[] {
  const changes = differences.flatMap((one) => STATISTICS.flatMap((of) => one[of] ?? []));
  const scale = scaleFor(changes.map(({ deltaPs }) => deltaPs));
  const { lines } = renderTable({
    columns: [
      { head: "path", align: "left", least: 18, cut: "middle" }, { head: "against", align: "left", least: 12, cut: "middle", drop: 1 },
      ...STATISTICS.map((head) => ({ head, align: "right" as const })),
    ],
    rows: differences.map((one) => [one.name, one.baseline, ...STATISTICS.map((of) => changeCell(one[of], scale, page))]),
  }, page);
  const notes = [
    `±: the larger side of the ${confidenceText(differences)} interval of the difference.`,
    ...(changes.some(({ distinct }) => distinct === false) ? ["~: not to be told from chance; the interval reaches across zero."] : []),
    ...(detailed ? [] : ["Where each difference comes from is on the page and in what --json prints."]),
  ];
  return [page.style.bold(`Differences by sweep point, in ${scale.unit}`), "", ...lines, "", ...notes.flatMap((note) => wrap(note, page.columns, "  ")).map(page.style.dim)];
}

function changeCell(change: JudgedChange | null, scale: TimeScale, page: Page): Cell {
  if (change === null) return MISSING;
  const { deltaPs, lowPs, highPs, distinct } = change;
  const side = lowPs === null || highPs === null ? "" : ` ±${inScale(Math.max(highPs - deltaPs, deltaPs - lowPs), scale)}`;
  return distinct === false ? { text: `~${side}`, paint: page.style.dim } : `${signed(deltaPs, scale)}${side}`;
}
