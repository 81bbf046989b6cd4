import { costPerMessage, type ComparedPath } from "../result/index.js";
import { chartOf, FAMILY, font, frameOptions, head, legend, type NamedChart, nameLines, scaleOptions, WIDTH } from "./frame.js";
import { INK, lineColour } from "./palette.js";
import { drawing, type Overlay } from "./pen.js";
import { sourceLine } from "./series.js";

/** A bar of the chart: an account of the cost ledger, its panel and its place in the pair. */
interface Account {
  readonly account: string;
  readonly panel: "counts" | "bytes";
  readonly slot: "all" | "cpu";
  readonly colour: string;
}

const ALL = lineColour(0);
const BY_CPU = lineColour(1);
const WIDEST_BAR = 72;

const ACCOUNTS: readonly Account[] = [
  { account: "movements", panel: "counts", slot: "all", colour: ALL },
  { account: "copies", panel: "counts", slot: "cpu", colour: BY_CPU },
  { account: "movedBytes", panel: "bytes", slot: "all", colour: ALL },
  { account: "copiedBytes", panel: "bytes", slot: "cpu", colour: BY_CPU },
];

/** How often, and how many bytes of, one message are moved on each path, and how much of that the CPU does: counts above, bytes below. */
export function copiesChart(name: string, paths: readonly ComparedPath[]): NamedChart {
  const values = ACCOUNTS.map(({ account }) => paths.map(({ run }) => costPerMessage(run, account)));
  const share = Math.min(0.7, (2 * WIDEST_BAR * Math.max(1, paths.length)) / WIDTH);
  const datasets = ACCOUNTS.map((one, index) => ({
    label: one.account, data: values[index] ?? [], backgroundColor: one.colour, yAxisID: one.panel, stack: one.slot, barPercentage: 0.86, categoryPercentage: share,
  }));
  const title = "Payload movements per message";
  const config = {
    type: "bar",
    data: { labels: paths.map((path) => nameLines(path.name, Math.max(9, Math.floor(100 / paths.length)))), datasets },
    options: {
      ...frameOptions(),
      plugins: {
        ...head(title, paths.length === 0 ? "No run has costs." : `${sourceLine(paths)}.`),
        legend: legend([{ text: "by anything: CPU, DMA, wire", colour: ALL }, { text: "of these, copies by the CPU", colour: BY_CPU }]),
        tooltip: { enabled: false },
      },
      scales: {
        x: { grid: { display: false }, border: { color: INK.frame }, ticks: { color: INK.text, font: font(13), autoSkip: false, maxRotation: 0 } },
        bytes: panel(values.slice(2).flat(), "bytes per message"),
        counts: panel(values.slice(0, 2).flat(), "movements per message"),
      },
    },
    plugins: [valueLabels(values)],
  };
  return chartOf({ name, title, alt: alt(paths), height: 520 }, config);
}

/** A value axis that shares its place with the other panel, one above the other; whole steps, and room for the numbers over the bars. */
function panel(values: readonly number[], title: string): object {
  const most = Math.max(1, ...values) * 1.18;
  const step = [1, 2, 5, 10].map((one) => one * 10 ** Math.floor(Math.log10(most / 4))).find((one) => one >= most / 4.5) ?? 1;
  const whole = Math.max(1, step);
  // A tick at the very top of the lower panel would stand on the lowest of the upper one.
  const ticks = Array.from({ length: Math.floor(most / whole) + 1 }, (_, index) => index * whole).filter((tick) => tick < most * 0.94);
  return { ...scaleOptions({ type: "linear", min: 0, max: most, ticks, label: (value) => String(value) }, title), stack: "panels", stackWeight: 1 };
}

function valueLabels(values: readonly (readonly number[])[]): Overlay {
  return {
    id: "valueLabels",
    afterDatasetsDraw: (chart) => drawing(chart, (pen) => {
      pen.font = `12.5px ${FAMILY}`;
      pen.textAlign = "center";
      pen.textBaseline = "bottom";
      pen.fillStyle = INK.text;
      for (const [account, row] of values.entries()) {
        for (const [index, bar] of chart.getDatasetMeta(account).data.entries()) pen.fillText(numberText(row[index] ?? 0), bar.x, bar.y - 3);
      }
    }),
  };
}

function numberText(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toFixed(value < 10 ? 2 : 0)));
}

function alt(paths: readonly ComparedPath[]): string {
  const parts = paths.map(({ name, run }) => {
    const [movements, copies, moved, copied] = ACCOUNTS.map(({ account }) => numberText(costPerMessage(run, account)));
    return `${name} ${movements} movements (${moved} bytes), ${copies} by the CPU (${copied} bytes)`;
  });
  return `Payload movements per message: ${parts.join("; ") || "no runs"}.`;
}
