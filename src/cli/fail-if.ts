import { WirelatError } from "../errors/index.js";
import type { Difference, JudgedChange } from "../result/index.js";
import { formatDuration, parseDuration, parsePercent, toNumber } from "../units/index.js";

/** A change that is too much: of the mean or a percentile, by a share of the baseline or by a time. */
export interface Limit {
  readonly text: string;
  readonly of: "mean" | "p50" | "p99";
  readonly above: boolean;
  /** Share of the baseline, or picoseconds. */
  readonly by: { readonly share: number } | { readonly ps: number };
}

const FORM = /^\s*(mean|p50|p99)\s*([<>])\s*([+-]?)\s*(\S.*?)\s*$/u;

/** Reads "p99 > +5%" or "mean > 200 ns". Throws `option-value`. */
export function limitOf(text: string): Limit {
  const [, of, sign, minus, amount] = FORM.exec(text) ?? [];
  if (of === undefined || amount === undefined) throw refused(text);
  const factor = minus === "-" ? -1 : 1;
  try {
    const by = amount.endsWith("%") ? { share: factor * toNumber(parsePercent(amount)) } : { ps: factor * parseDuration(amount) };
    return { text, of: of as Limit["of"], above: sign === ">", by };
  } catch (cause) {
    throw refused(text, cause);
  }
}

function refused(text: string, cause?: unknown): WirelatError {
  return new WirelatError("option-value", `--fail-if ${text}: expected mean, p50 or p99, then > or <, then a change`, { remedy: 'Write it like --fail-if "p99 > +5%" or --fail-if "mean > +200 ns".', ...(cause === undefined ? {} : { cause }) });
}

/** What is to be said of every difference that goes too far; a change that may be chance never does. */
export function failures(limits: readonly Limit[], differences: readonly Difference[]): string[] {
  return differences.flatMap((difference) => limits.flatMap((limit) => {
    const change = difference[limit.of];
    if (change === null || change.distinct === false || !exceeded(change, limit)) return [];
    return [`${difference.name} against ${difference.baseline}: ${limit.of} went from ${formatDuration(change.fromPs)} to ${formatDuration(change.toPs)}${shareText(change)}, and ${limit.text} fails`];
  }));
}

function exceeded(change: JudgedChange, { by, above }: Limit): boolean {
  const bound = "ps" in by ? by.ps : by.share * Math.abs(change.fromPs);
  return above ? change.deltaPs > bound : change.deltaPs < bound;
}

function shareText({ fromPs, deltaPs }: JudgedChange): string {
  return fromPs === 0 ? "" : ` (${deltaPs > 0 ? "+" : ""}${((deltaPs / Math.abs(fromPs)) * 100).toFixed(1)} %)`;
}
