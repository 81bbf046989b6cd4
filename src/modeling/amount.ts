import type { SizeFunction, Sampler } from "../engine/index.js";
import { multiply, rational, roundToInteger, type Rational } from "../units/index.js";
import type { Origin } from "./evidence.js";

/**
 * A number that an instruction needs: integer picoseconds, bytes or a count, as a pure function of the message's
 * payload, with the parameters it rests on. Amounts are worked out once per payload size, never while a run goes on.
 */
export class Amount {
  constructor(readonly of: SizeFunction, readonly origins: readonly Origin[] = [], readonly sampler: Sampler | null = null) {}

  plus(other: Amount | number): Amount {
    const more = typeof other === "number" ? amountOf(other) : other;
    return new Amount((payload) => this.of(payload) + more.of(payload), [...this.origins, ...more.origins]);
  }

  minus(other: Amount | number): Amount {
    const less = typeof other === "number" ? amountOf(other) : other;
    return new Amount((payload) => this.of(payload) - less.of(payload), [...this.origins, ...less.origins]);
  }

  times(factor: number): Amount {
    return this.map((value) => value * factor);
  }

  /** Any pure function of the value; the origins stay. */
  map(change: (value: number) => number): Amount {
    return new Amount((payload) => change(this.of(payload)), this.origins);
  }

  atLeast(least: number): Amount {
    return this.map((value) => Math.max(value, least));
  }

  /** How many units of `unit` cover it. */
  dividedUp(unit: Amount): Amount {
    return new Amount((payload) => Math.ceil(this.of(payload) / unit.of(payload)), [...this.origins, ...unit.origins]);
  }

  /** The larger of two. */
  max(other: Amount): Amount {
    return new Amount((payload) => Math.max(this.of(payload), other.of(payload)), [...this.origins, ...other.origins]);
  }
}

/** A plain number without a parameter behind it: zero, a header length that a standard fixes. */
export function amountOf(value: number, origins: readonly Origin[] = []): Amount {
  return new Amount(() => value, origins);
}

export const ZERO = amountOf(0);

/** A rate as exact picoseconds per byte (or per event, per transfer, per clock cycle). */
export class Rate {
  constructor(readonly period: Rational, readonly origins: readonly Origin[] = []) {}

  /** A rate whose period is `factor` times as long: per bit instead of per byte, payload instead of line bits. */
  scaled(factor: Rational): Rate {
    return new Rate(multiply(this.period, factor), this.origins);
  }

  /** Time of a number of periods that need not be whole, rounded once to the nearest picosecond. */
  times(count: Rational, origins: readonly Origin[] = []): Amount {
    const time = roundToInteger(multiply(this.period, count));
    return new Amount(() => time, [...this.origins, ...origins]);
  }

  /** Time for `bytes`, rounded once as a whole to the nearest picosecond. */
  timeFor(bytes: Amount | number): Amount {
    const size = typeof bytes === "number" ? amountOf(bytes) : bytes;
    return new Amount((payload) => roundToInteger(multiply(this.period, rational(BigInt(size.of(payload)), 1n))), [...this.origins, ...size.origins]);
  }
}
