import { confidenceText, type BandChange, type CostChange, type Difference, type JudgedChange, type PartChange } from "../result/index.js";
import { barCell } from "./bar.js";
import { MISSING } from "./percentile-table.js";
import { differenceGoals } from "./precision-section.js";
import { signed } from "./signed.js";
import type { Page } from "./style.js";
import { renderTable, type Cell } from "./table.js";
import { wrap } from "./text-width.js";
import { countText, fixed, inScale, scaleFor, type TimeScale } from "./time-text.js";

const LARGEST_PARTS = 12;
const BAR = 16;
const SAME = "~";

/** One path against the baseline: how far apart and whether that is more than chance, where the difference of the mean comes from, and what else changes. */
export function differenceSection(difference: Difference, page: Page): string[] {
  const title = `${difference.name} against ${difference.baseline}`;
  const whole = difference.bands.find((band) => band.band === "all");
  return [
    ...wrap(title, page.columns).map(page.style.bold), "", ...judgements(difference, page),
    ...(whole === undefined ? [] : ["", ...partsTable(whole, page), "", ...kindsLine(whole, page)]),
    ...costsLine(difference.costs, page),
  ];
}

function judgements(difference: Difference, page: Page): string[] {
  const rows = [["mean", difference.mean], ["p50", difference.p50], ["p99", difference.p99]] as const;
  const known = rows.flatMap(([name, change]) => (change === null ? [] : [{ name, change }]));
  const scale = scaleFor(known.flatMap(({ change }) => [change.fromPs, change.toPs, change.deltaPs]));
  const { lines } = renderTable({
    columns: [
      { head: scale.unit, align: "left" }, { head: "before", align: "right" }, { head: "after", align: "right" },
      { head: "difference", align: "right" }, { head: "%", align: "right", drop: 1 }, { head: `${confidenceText([difference])} interval`, align: "right", drop: 2 },
    ],
    rows: known.map(({ name, change }) => [name, inScale(change.fromPs, scale), inScale(change.toPs, scale), deltaCell(change, scale, page), relativeText(change), intervalText(change, scale)]),
  }, page);
  const chance = known.some(({ change }) => change.distinct === false);
  const replicated = known.filter(({ change }) => change.by === "replications").map(({ name }) => name);
  const notes = [
    ...(chance ? [`${SAME}: not to be told from chance; its interval reaches across zero.`] : []),
    ...(replicated.length > 0 ? [`Intervals of ${replicated.join(", ")} from replications on the same seeds, pair by pair.`] : []),
    ...differenceGoals(difference.precision),
  ];
  return [...lines, ...notes.flatMap((note) => wrap(note, page.columns, "  ")).map(page.style.dim)];
}

function deltaCell(change: JudgedChange, scale: TimeScale, page: Page): Cell {
  if (change.distinct === false) return { text: SAME, paint: page.style.dim };
  return signed(change.deltaPs, scale);
}

function relativeText(change: JudgedChange): string {
  if (change.distinct === false || change.fromPs <= 0) return "";
  const percent = fixed((change.deltaPs / change.fromPs) * 100, 1);
  return Number(percent) > 0 ? `+${percent}` : percent;
}

function intervalText({ lowPs, highPs }: JudgedChange, scale: TimeScale): string {
  return lowPs === null || highPs === null ? MISSING : `${signed(lowPs, scale)} .. ${signed(highPs, scale)}`;
}

function partsTable(band: BandChange, page: Page): string[] {
  const changed = band.parts.filter((part) => part.deltaPs !== 0);
  const longest = Math.max(...changed.map((part) => Math.abs(part.deltaPs)), 1);
  const scale = scaleFor([band.fromPs, band.toPs, band.deltaPs]);
  const { shown, rest } = largest(changed, (part) => Number(inScale(part.deltaPs, scale)) !== 0);
  const numbers = (from: number, to: number, delta: number): Cell[] => [inScale(from, scale), inScale(to, scale), signed(delta, scale)];
  const bar = (delta: number): Cell => barCell(-delta / longest, BAR);
  const row = (part: PartChange): Cell[] => [part.step, part.label, ...numbers(part.fromPs, part.toPs, part.deltaPs), bar(part.deltaPs)];
  const sum = (key: "fromPs" | "toPs" | "deltaPs"): number => rest.reduce((total, part) => total + part[key], 0);
  const { lines } = renderTable({
    columns: [
      { head: "step", align: "left", least: 10 }, { head: "what", align: "left", least: 16 },
      { head: "before", align: "right", drop: 2 }, { head: "after", align: "right", drop: 2 }, { head: `change ${scale.unit}`, align: "right" }, { head: "", align: "left", least: 4, drop: 3 },
    ],
    rows: [...shown.map(row), ...(rest.length === 0 ? [] : [["…", `${rest.length} more`, ...numbers(sum("fromPs"), sum("toPs"), sum("deltaPs")), bar(sum("deltaPs"))]])],
    foot: [["total", "of the mean", ...numbers(sumOf(changed, "fromPs"), sumOf(changed, "toPs"), band.deltaPs)], ...unchanged(band, changed, numbers)],
  }, page);
  return [...lines];
}

function sumOf(parts: readonly PartChange[], key: "fromPs" | "toPs"): number {
  return parts.reduce((sum, part) => sum + part[key], 0);
}

/** What is the same in both is one line, so that before and after are whole. */
function unchanged(band: BandChange, changed: readonly PartChange[], numbers: (from: number, to: number, delta: number) => Cell[]): Cell[][] {
  const same = band.fromPs - sumOf(changed, "fromPs");
  return same === 0 ? [] : [["", "with all that is the same", ...numbers(band.fromPs, band.toPs, band.deltaPs)]];
}

/** The largest changes in the order of the path, and all others, those too that would read as zero. */
function largest(parts: readonly PartChange[], visible: (part: PartChange) => boolean): { readonly shown: readonly PartChange[]; readonly rest: readonly PartChange[] } {
  const bySize = parts.filter(visible).sort((one, other) => Math.abs(other.deltaPs) - Math.abs(one.deltaPs));
  const chosen = new Set(bySize.length <= LARGEST_PARTS + 1 ? bySize : bySize.slice(0, LARGEST_PARTS));
  return { shown: parts.filter((part) => chosen.has(part)), rest: parts.filter((part) => !chosen.has(part)) };
}

function kindsLine(band: BandChange, page: Page): string[] {
  const kinds = new Map<string, number>();
  for (const part of band.parts) kinds.set(part.kind, (kinds.get(part.kind) ?? 0) + part.deltaPs);
  const scale = scaleFor([band.deltaPs]);
  const changed = [...kinds].filter(([, delta]) => Number(inScale(delta, scale)) !== 0).sort(([, one], [, other]) => Math.abs(other) - Math.abs(one));
  if (changed.length === 0) return [];
  return wrap(`By kind, in ${scale.unit}: ${changed.map(([kind, delta]) => `${kind} ${signed(delta, scale)}`).join(", ")}.`, page.columns, "  ").map(page.style.dim);
}

function costsLine(costs: readonly CostChange[], page: Page): string[] {
  const changed = costs.filter((one) => costText(one.from, one) !== costText(one.to, one));
  if (changed.length === 0) return [];
  return wrap(`Per message: ${changed.map((one) => `${costName(one.name)} ${costText(one.from, one)} → ${costText(one.to, one)}`).join(", ")}.`, page.columns, "  ").map(page.style.dim);
}

/** An account's name in words. */
const costName = (name: string): string => (name === "cpuTime" ? "CPU time" : name.replaceAll(/[A-Z]/gu, (letter) => ` ${letter.toLowerCase()}`));

function costText(value: number, { unit }: CostChange): string {
  if (unit !== "ps") return `${countText(value)}${unit === "bytes" ? " B" : ""}`;
  const scale = scaleFor([value]);
  return `${inScale(value, scale)} ${scale.unit}`;
}
