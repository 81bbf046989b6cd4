import type { Rational } from "../units/index.js";
import type { Amount, Rate } from "./amount.js";
import type { Evidence, Origin } from "./evidence.js";

/** What a parameter may hold; decides how its text is read and what the model gets. */
export type ParamKind =
  | "duration" | "timing" | "bytes" | "data-rate" | "event-rate" | "frequency" | "cycles" | "length" | "percent" | "count"
  | "flag" | "choice" | "text" | "list" | "threads" | "unit-intervals" | "byte-offset" | "gap";

/** A time counted in bits on a serial line, e.g. "129.5 UI". */
export interface UnitIntervals {
  readonly count: Rational;
  readonly origins: readonly Origin[];
}

/** A byte of the message: so many bytes into the frame ("70 B", preamble included) or into its payload ("payload + 20 B"). */
export interface ByteOffset {
  readonly from: "frame" | "payload";
  readonly bytes: Amount;
}

/**
 * A declared parameter. `default` is text as it would stand in a scenario; null means that it must be given.
 * `T` is what the model sees: an Amount (duration, timing, bytes, cycles, count), a Rate, a Rational (a length in metres, a percentage), a boolean or text.
 */
export interface Param<T = unknown> {
  readonly kind: ParamKind;
  readonly default: string | number | boolean | readonly string[] | null;
  readonly meaning: string;
  readonly evidence: Evidence;
  readonly choices?: readonly string[];
  /** The smallest count that makes sense. */
  readonly least?: number;
  /** Carries the type only; never set. */
  readonly type?: T;
}

type Text = string | null;

const param = <T>(kind: ParamKind, fallback: Param["default"], meaning: string, evidence: Evidence): Param<T> => ({ kind, default: fallback, meaning, evidence });

/** A fixed time. */
export const duration = (fallback: Text, meaning: string, evidence: Evidence): Param<Amount> => param("duration", fallback, meaning, evidence);
/** A time that may be fixed or a distribution, e.g. `{ dist: lognormal, p50: 2 us, p99: 6 us }`. */
export const timing = (fallback: Text, meaning: string, evidence: Evidence): Param<Amount> => param("timing", fallback, meaning, evidence);
export const bytes = (fallback: Text, meaning: string, evidence: Evidence): Param<Amount> => param("bytes", fallback, meaning, evidence);
export const dataRate = (fallback: Text, meaning: string, evidence: Evidence): Param<Rate> => param("data-rate", fallback, meaning, evidence);
export const eventRate = (fallback: Text, meaning: string, evidence: Evidence): Param<Rate> => param("event-rate", fallback, meaning, evidence);
export const frequency = (fallback: Text, meaning: string, evidence: Evidence): Param<Rate> => param("frequency", fallback, meaning, evidence);
export const cycleCount = (fallback: Text, meaning: string, evidence: Evidence): Param<Amount> => param("cycles", fallback, meaning, evidence);
export const length = (fallback: Text, meaning: string, evidence: Evidence): Param<Rational> => param("length", fallback, meaning, evidence);
export const percent = (fallback: Text, meaning: string, evidence: Evidence): Param<Rational> => param("percent", fallback, meaning, evidence);
/** A count, of at least so many. */
export const number = (fallback: number | null, meaning: string, evidence: Evidence, least = 0): Param<Amount> => ({ ...param<Amount>("count", fallback, meaning, evidence), least });
export const flag = (fallback: boolean, meaning: string, evidence: Evidence): Param<boolean> => param("flag", fallback, meaning, evidence);
export const text = (fallback: Text, meaning: string, evidence: Evidence): Param<string> => param("text", fallback, meaning, evidence);
export const list = (fallback: readonly string[], meaning: string, evidence: Evidence): Param<readonly string[]> => param("list", fallback, meaning, evidence);
export const unitIntervals = (fallback: Text, meaning: string, evidence: Evidence): Param<UnitIntervals> => param("unit-intervals", fallback, meaning, evidence);
export const byteOffset = (fallback: Text, meaning: string, evidence: Evidence): Param<ByteOffset> => param("byte-offset", fallback, meaning, evidence);
/** A fixed time, or "line-rate": as fast as the first transmitter of the path allows. */
export const gap = (fallback: Text, meaning: string, evidence: Evidence): Param<Amount | "line-rate"> => param("gap", fallback, meaning, evidence);
/** Thread name -> core number. */
export const threads = (meaning: string, evidence: Evidence): Param<Readonly<Record<string, number>>> => param("threads", null, meaning, evidence);
export const choice = <const C extends string>(choices: readonly C[], fallback: C | null, meaning: string, evidence: Evidence): Param<C> => ({ ...param<C>("choice", fallback, meaning, evidence), choices });

export type Params = Readonly<Record<string, Param>>;
/** What the model sees of its parameters. */
export type Values<P extends Params> = { readonly [K in keyof P]: P[K] extends Param<infer T> ? T : never };

