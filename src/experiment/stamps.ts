import type { LatencySink } from "../engine/index.js";
import { componentKey, uniform, type ComponentKey } from "../random/index.js";
import type { CompiledMetric } from "../scenario/index.js";

/** How long before each end of a window the clock of the time stamps had ticked last. */
export interface Lags {
  readonly from: number;
  readonly to: number;
}

export const NO_LAGS: Lags = { from: 0, to: 0 };

/**
 * The clock that an adapter stamps frames with: a stamp is its last tick. It runs free, so that every message meets it anywhere in its period;
 * how long the latency is in true time decides how many ticks lie inside. Both stamps are of one clock, and none is lost by its rate.
 */
export class StampClock {
  private readonly key: ComponentKey;

  constructor(seed: number, private readonly stamps: NonNullable<CompiledMetric["stamps"]>) {
    this.key = componentKey(seed, `${stamps.by}/time stamps`);
  }

  lags(message: number, latency: number): Lags {
    const { period } = this.stamps;
    const from = Math.floor(uniform(this.key[0], this.key[1], message, 0) * period);
    const end = from + latency;
    return { from, to: end - Math.floor(end / period) * period };
  }
}

/** The clock of a metric's time stamps; null for one that is measured exactly. */
export const stampClock = ({ stamps }: CompiledMetric, seed: number): StampClock | null => (stamps === null ? null : new StampClock(seed, stamps));

/** What the stamps say of a latency. */
export const stamped = (latency: number, lags: Lags): number => latency + lags.from - lags.to;

/** The same for one message among many others, whose clock is not at hand. */
export function lagsAt(metric: CompiledMetric, seed: number, message: number, latency: number): Lags {
  return stampClock(metric, seed)?.lags(message, latency) ?? NO_LAGS;
}

/** Passes on what stamps say instead of true latencies, and adds up how far the two are apart. */
export class StampedSink implements LatencySink {
  from = 0;
  to = 0;

  constructor(private readonly clock: StampClock, private readonly sink: LatencySink) {}

  record(latency: number, message: number): void {
    const lags = this.clock.lags(message, latency);
    this.from += lags.from;
    this.to += lags.to;
    this.sink.record(stamped(latency, lags), message);
  }
}
