import type { RunResult } from "../result/index.js";
import type { TimeAxis } from "./time-axis.js";

const FACTORS: Readonly<Record<string, number>> = { "": 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12 };
const NUMBER = /^\s*([\d.]+)\s*([kMGT]?)([A-Za-z/%]*)\s*$/u;

/** An axis of a sweep whose values are numbers with a unit, e.g. ticks.rate; null when these runs have none. */
export function numericAxis(paths: readonly { readonly run: Pick<RunResult, "point"> }[]): string | null {
  const axes = [...new Set(paths.flatMap((path) => Object.keys(path.run.point)))];
  return axes.find((axis) => {
    const values = paths.map((path) => valueOf(path.run.point[axis] ?? ""));
    return values.every((value) => value !== null) && new Set(values).size >= 2;
  }) ?? null;
}

/** The number that a swept value is, e.g. 20,000 for "20 kpps"; null when it is none. */
export function valueOf(text: string): number | null {
  const [, digits, factor] = NUMBER.exec(text) ?? [];
  const value = Number(digits) * (FACTORS[factor ?? ""] ?? NaN);
  return Number.isFinite(value) ? value : null;
}

/** The axis of these values, with the unit of one of them as it is written. */
export function valueAxis(values: readonly number[], written: string): Pick<TimeAxis, "type" | "min" | "max" | "ticks" | "label"> {
  const unit = NUMBER.exec(written)?.[3] ?? "";
  const ticks = [...new Set(values)].sort((one, other) => one - other);
  const [min, max] = [ticks[0] ?? 0, ticks.at(-1) ?? 1];
  const label = (value: number): string => {
    const [prefix, factor] = Object.entries(FACTORS).findLast(([, one]) => Math.abs(value) >= one) ?? ["", 1];
    return `${Number((value / factor).toPrecision(4))} ${prefix}${unit}`.trim();
  };
  const wide = min > 0 && max / min >= 8;
  return { type: wide ? "logarithmic" : "linear", min, max, ticks: spaced(ticks, wide), label };
}

/** Ticks at the values that were run; of those that stand too close together only the first. */
function spaced(ticks: readonly number[], logarithmic: boolean): number[] {
  const place = (value: number): number => (logarithmic ? Math.log(value) : value);
  const span = place(ticks.at(-1) ?? 1) - place(ticks[0] ?? 0);
  const kept: number[] = [];
  for (const tick of ticks) if (kept.length === 0 || place(tick) - place(kept.at(-1) ?? 0) >= span / 12) kept.push(tick);
  return kept;
}
