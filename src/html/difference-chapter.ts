import { KIND_COLOURS } from "../chart/index.js";
import { countText, differenceGoals, inScale, MISSING, percentText, scaleFor, type TimeScale } from "../report/index.js";
import { atSeveralPoints, confidenceText, type BandChange, type CostChange, type Difference, type JudgedChange } from "../result/index.js";
import { html, NOTHING, type Piece } from "./markup.js";
import { pointCell, unitText } from "./runs-section.js";
import { folded, notes, type Chapter } from "./sections.js";
import { barOf, htmlTable, type HtmlCell, type HtmlColumn } from "./sortable-table.js";

/** Each path against the baseline: how far apart, whether that is more than chance, where it comes from and what else changes. Of several sweep points there is one table first. */
export function differencesChapter(differences: readonly Difference[]): Chapter {
  const swept = atSeveralPoints(differences);
  // Of a large sweep most have their row in the table and nothing more.
  const blocks = differences.filter(({ bands }) => !swept || bands.length > 0).map((one): Piece => {
    const goals = differenceGoals(one.precision);
    const body = html`${judgements(one)}${goals.length === 0 ? NOTHING : notes(goals)}${one.bands.map((band) => folded(`Where the difference comes from: ${bandName(band)}`, partsTable(one, band), band.band === "all"))}${costsTable(one)}`;
    const head = `${one.name} against ${one.baseline}`;
    return swept ? folded(head, body, false) : html`<h3>${head}</h3>
${body}`;
  });
  const replicated = differences.some(({ mean, p50, p99 }) => [mean, p50, p99].some((change) => change?.by === "replications"));
  const about = [
    `A difference whose ${confidenceText(differences)} interval reaches across zero is not to be told from chance. Parts add up to the difference exactly.`,
    replicated ? "Intervals come from replications on the same seeds, pair by pair." : "Intervals come from stretches of both runs, pair by pair.",
  ];
  return { id: "differences", title: "Differences", body: [notes(about), ...(swept ? [pointsTable(differences)] : []), blocks] };
}

/** A row for each difference of a sweep. */
function pointsTable(differences: readonly Difference[]) {
  const of = ["mean", "p50", "p99"] as const;
  const axes = [...new Set(differences.flatMap(({ point }) => Object.keys(point)))];
  const scale = scaleFor(differences.flatMap((one) => of.flatMap((name) => one[name]?.deltaPs ?? [])));
  const cell = (change: JudgedChange | null): HtmlCell => {
    if (change === null) return { show: MISSING, sort: null };
    const bounds = change.lowPs === null || change.highPs === null ? NOTHING : html`<small>${signed(change.lowPs, scale)} … ${signed(change.highPs, scale)}</small>`;
    return { show: html`${change.distinct === false ? "~ " : ""}${signed(change.deltaPs, scale)}${bounds}`, sort: change.deltaPs };
  };
  return htmlTable({
    caption: `Differences by sweep point, in ${unitText(scale)}, with their ${confidenceText(differences)} intervals; ~: may be chance`,
    columns: [{ head: "path", kind: "text" }, { head: "against", kind: "text" }, ...axes.map((head): HtmlColumn => ({ head, kind: "number" })), ...of.map((head): HtmlColumn => ({ head, kind: "number" }))],
    rows: differences.map((one) => [one.design, one.baseline, ...axes.map((axis) => pointCell(one.point, axis)), ...of.map((name) => cell(one[name]))]),
  });
}

function bandName({ band }: BandChange): string {
  return band === "all" ? "mean of all messages" : `messages around ${band}`;
}

function signed(ps: number, scale: TimeScale): string {
  const text = inScale(ps, scale);
  return Number(text) > 0 ? `+${text}` : text.replace("-", "−");
}

function judgements(difference: Difference) {
  const rows = [["mean", difference.mean], ["p50", difference.p50], ["p99", difference.p99]] as const;
  const known = rows.flatMap(([name, change]) => (change === null ? [] : [{ name, change }]));
  const scale = scaleFor(known.flatMap(({ change }) => [change.fromPs, change.toPs, change.deltaPs]));
  return htmlTable({
    caption: `${difference.name} against ${difference.baseline}, in ${unitText(scale)}`,
    columns: [
      { head: "of", kind: "text" }, { head: "before", kind: "number" }, { head: "after", kind: "number" }, { head: "difference", kind: "number" },
      { head: "%", kind: "number" }, { head: `${confidenceText([difference])} interval`, kind: "number" }, { head: "verdict", kind: "text" },
    ],
    rows: known.map(({ name, change }) => [name, time(change.fromPs, scale), time(change.toPs, scale), delta(change.deltaPs, scale), relative(change), interval(change, scale), verdict(change)]),
  });
}

const time = (ps: number, scale: TimeScale): HtmlCell => ({ show: inScale(ps, scale), sort: ps });
const delta = (ps: number, scale: TimeScale): HtmlCell => ({ show: signed(ps, scale), sort: ps });

function relative({ fromPs, deltaPs }: JudgedChange): HtmlCell {
  return fromPs <= 0 ? { show: "", sort: null } : { show: percentText(deltaPs / fromPs).replace("-", "−"), sort: deltaPs / fromPs };
}

function interval({ lowPs, highPs }: JudgedChange, scale: TimeScale): HtmlCell {
  return lowPs === null || highPs === null ? { show: MISSING, sort: null } : { show: `${signed(lowPs, scale)} … ${signed(highPs, scale)}`, sort: lowPs };
}

function verdict({ distinct, deltaPs }: JudgedChange): string {
  if (distinct === null) return "too short to tell";
  return distinct ? (deltaPs < 0 ? "faster" : "slower") : "~ may be chance";
}

function partsTable(difference: Difference, band: BandChange) {
  const scale = scaleFor([band.fromPs, band.toPs, band.deltaPs]);
  const changed = band.parts.filter(({ deltaPs }) => Number(inScale(deltaPs, scale)) !== 0);
  const widest = Math.max(1, ...changed.map(({ deltaPs }) => Math.abs(deltaPs)));
  const rest = (key: "fromPs" | "toPs" | "deltaPs"): number => band[key] - changed.reduce((sum, one) => sum + one[key], 0);
  const row = (cells: readonly [step: string, what: string, kind: string], numbers: readonly [from: number, to: number, by: number]): HtmlCell[] =>
    [...cells, time(numbers[0], scale), time(numbers[1], scale), delta(numbers[2], scale)];
  return htmlTable({
    caption: `Where the difference between ${difference.baseline} and ${difference.name} comes from, ${bandName(band)}, in ${unitText(scale)}`,
    columns: [
      { head: "step", kind: "text" }, { head: "what", kind: "text" }, { head: "kind", kind: "text" }, { head: "before", kind: "number" }, { head: "after", kind: "number" },
      { head: "change", kind: "number" }, { head: "bar", kind: "text", about: "pale: less time than before" },
    ],
    rows: [
      ...changed.map((part) => [...row([part.step, part.label, part.kind], [part.fromPs, part.toPs, part.deltaPs]), { show: barOf(part.deltaPs / widest, KIND_COLOURS[part.kind]), sort: part.deltaPs }]),
      ...(changed.length === band.parts.length ? [] : [[...row([`${band.parts.length - changed.length} others`, "hardly changed", ""], [rest("fromPs"), rest("toPs"), rest("deltaPs")]), ""]]),
    ],
    foot: [...row(["total", "", ""], [band.fromPs, band.toPs, band.deltaPs]), ""],
  });
}

function costsTable({ name, baseline, costs }: Difference) {
  const text = (value: number, { unit }: CostChange): string => (unit === "ps" ? `${inScale(value, scaleFor([value]))} ${unitText(scaleFor([value]))}` : countText(value));
  const changed = costs.filter(({ from, to }) => from !== to);
  return htmlTable({
    caption: `What else changes per message from ${baseline} to ${name}`,
    columns: [{ head: "what", kind: "text" }, { head: "before", kind: "number" }, { head: "after", kind: "number" }],
    rows: changed.map((one) => [`${one.name.replaceAll("-", " ")}`, { show: text(one.from, one), sort: one.from }, { show: text(one.to, one), sort: one.to }]),
  });
}
