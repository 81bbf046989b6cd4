import { formatDuration } from "../units/index.js";

/** An axis of time with its ends and ticks chosen from the data, in ps. */
export interface TimeAxis {
  readonly type: "linear" | "logarithmic";
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly number[];
  /** What the axis says beside its numbers, e.g. ", µs"; empty where every tick has its own unit. */
  readonly unit: string;
  readonly label: (ps: number) => string;
}

// Over less than this a logarithmic axis has hardly a tick of its own and only bends the picture.
const LOG_FROM = 8;
const MOST_TICKS = 9;

// What division may be off by where a value is a whole number of steps.
const ROUNDING = 1e-12;
const MOST_DECADES_WITH_ALL_TICKS = 3.4;
const UNITS = [{ unit: "s", ps: 1e12 }, { unit: "ms", ps: 1e9 }, { unit: "µs", ps: 1e6 }, { unit: "ns", ps: 1e3 }, { unit: "ps", ps: 1 }] as const;

/** A duration as a chart writes it, e.g. "7.702 µs". */
export function timeLabel(ps: number): string {
  return formatDuration(Math.round(ps)).replace(" us", " µs").replace("-", "−");
}

/**
 * The axis for these times. Logarithmic where all are above zero and the largest is at least 8 times the smallest. Else linear: there is
 * no logarithm of a latency at or below zero (a sender that starts before the frame has ended), and a narrow range needs none.
 */
export function timeAxis(values: readonly number[]): TimeAxis {
  const min = values.reduce((least, value) => Math.min(least, value), Infinity);
  const max = values.reduce((most, value) => Math.max(most, value), -Infinity);
  if (min > max) return linearAxis(0, 1000);
  if (min > 0 && max / min >= LOG_FROM) return logAxis(min, max);
  const axis = linearAxis(min, max);
  // A whole empty step below would push the lines together, most of all where only a little lies below zero.
  return max > min ? from(axis, Math.max(axis.min, min - (max - min) * 0.04)) : axis;
}

/** The axis from `low` on. */
function from(axis: TimeAxis, low: number): TimeAxis {
  return { ...axis, min: low, ticks: axis.ticks.filter((tick) => tick >= low) };
}

/** The linear axis for bars from `min` (at most zero) to `max`, with room for labels behind them; it ends between ticks rather than waste space. */
export function barAxis(min: number, max: number, room = 0.17): TimeAxis {
  const span = Math.max(max - min, 1);
  const axis = linearAxis(min, max + span * room);
  const low = min < 0 ? min - span * 0.03 : 0;
  const high = max + span * room;
  return { ...axis, min: low, max: high, ticks: axis.ticks.filter((tick) => tick >= low && tick <= high) };
}

function logAxis(min: number, max: number): TimeAxis {
  const low = oneTwoFive(min, "below");
  const high = oneTwoFive(max, "above");
  const all = stepsBetween(low, high);
  const ticks = Math.log10(high / low) <= MOST_DECADES_WITH_ALL_TICKS ? all : all.filter((tick) => isPowerOfTen(tick));
  return { type: "logarithmic", min: low, max: high, ticks, unit: "", label: timeLabel };
}

function isPowerOfTen(value: number): boolean {
  return Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-9;
}

/** The nearest 1, 2 or 5 times a power of ten at or below (above) the value. */
function oneTwoFive(value: number, side: "below" | "above"): number {
  const decade = 10 ** Math.floor(Math.log10(value));
  const steps = [1, 2, 5, 10].map((step) => step * decade);
  return (side === "below" ? steps.findLast((step) => step <= value) : steps.find((step) => step >= value)) ?? value;
}

function stepsBetween(low: number, high: number): number[] {
  const ticks: number[] = [];
  for (let tick = low; tick <= high * 1.0001; tick = oneTwoFive(tick * 1.5, "above")) ticks.push(tick);
  return ticks;
}

function linearAxis(from: number, to: number): TimeAxis {
  const margin = to > from ? 0 : Math.max(Math.abs(to) * 0.1, 1);
  const step = niceStep((to - from + 2 * margin) / MOST_TICKS);
  const min = Math.floor((from - margin) / step + ROUNDING) * step;
  const max = Math.ceil((to + margin) / step - ROUNDING) * step;
  const ticks = Array.from({ length: Math.round((max - min) / step) + 1 }, (_, index) => min + index * step);
  const size = Math.max(Math.abs(min), Math.abs(max));
  const scale = UNITS.find((one) => size >= one.ps) ?? { unit: "ps", ps: 1 };
  const decimals = Math.max(0, -Math.floor(Math.log10(step / scale.ps) + 1e-9));
  const label = (ps: number): string => (Math.abs(ps) < step / 1e6 ? "0" : (ps / scale.ps).toFixed(decimals).replace("-", "−"));
  return { type: "linear", min, max, ticks, unit: `, ${scale.unit}`, label };
}

/** The smallest 1, 2 or 5 times a power of ten that is at least `size`; never below 1 ps, which is the finest time there is. */
function niceStep(size: number): number {
  return oneTwoFive(Math.max(size, 1), "above");
}
