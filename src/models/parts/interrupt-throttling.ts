import type { BatchPolicy } from "../../modeling/index.js";

/** Classes of traffic that gigabit drivers tell apart, each with the interrupts a second that it is granted. */
export const RATES = { lowest: 70_000, low: 20_000, bulk: 4_000 } as const;
export type TrafficClass = keyof typeof RATES;

/** What one interrupt brought. */
export interface Yield {
  readonly frames: number;
  readonly bytes: number;
}

const SECOND = 1e12;
/** The device counts its timer in units of 256 ns. */
const UNIT = 256_000;

/** Class of the traffic after an interrupt that brought so much: small and few is latency, large or many is bulk. */
export function classAfter(before: TrafficClass, { frames, bytes }: Yield): TrafficClass {
  if (frames === 0) return before;
  const mean = bytes / frames;
  if (before === "lowest") return mean > 8000 ? "bulk" : frames < 5 && bytes > 512 ? "low" : before;
  if (before === "bulk") return bytes > 25_000 ? (frames > 35 ? "low" : before) : bytes < 6000 ? "low" : before;
  if (bytes > 10_000) return mean > 8000 || frames < 10 || mean > 1200 ? "bulk" : frames > 35 ? "lowest" : before;
  return mean > 2000 ? "bulk" : frames <= 2 && bytes < 512 ? "lowest" : before;
}

/** Interrupts a second after the class has been chosen: less at once, more by a quarter at a time. */
export function rateAfter(before: number, wanted: number): number {
  return wanted > before ? Math.min(before + Math.floor(before / 4), wanted) : wanted;
}

/** Least distance of two interrupts, as the device's register holds it, in ps. */
export function distanceOf(rate: number): number {
  return Math.floor(SECOND / (rate * UNIT)) * UNIT;
}

/**
 * The dynamic throttling of gigabit drivers: after each run of the poll, frames and bytes decide the class, the class the
 * rate. The conservative setting, which is the default, never grants the highest rate.
 */
export function throttling(conservative: boolean): () => BatchPolicy {
  return () => {
    let traffic: TrafficClass = "lowest";
    let rate: number = RATES.low;
    return {
      get time() {
        return distanceOf(rate);
      },
      count: Infinity,
      served(frames, bytes) {
        traffic = classAfter(traffic, { frames, bytes });
        if (conservative && traffic === "lowest") traffic = "low";
        rate = rateAfter(rate, RATES[traffic]);
      },
    };
  };
}
