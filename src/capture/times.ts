import { WirelatError } from "../errors/index.js";
import type { Capture } from "./capture.js";

/** Picoseconds to which a float64 counts without a gap: 2.5 hours. */
export const LONGEST_SPAN = Number.MAX_SAFE_INTEGER;

/** The times of some packets, ps since the packet `origin`; NaN for packets without a time. Throws `capture-span` beyond 2^53 ps. */
export function timesSince(capture: Capture, origin: number, packets: Uint32Array): Float64Array {
  const originSecond = capture.seconds[origin] ?? NaN;
  const originPicosecond = capture.picoseconds[origin] ?? NaN;
  const times = new Float64Array(packets.length);
  for (const [row, packet] of packets.entries()) {
    // Exact: whole seconds are multiples of 2^12 ps, and the sum is either below 2^53 or refused.
    const time = ((capture.seconds[packet] ?? NaN) - originSecond) * 1e12 + ((capture.picoseconds[packet] ?? NaN) - originPicosecond);
    if (Math.abs(time) > LONGEST_SPAN) throw tooLong(capture, origin, packet);
    times[row] = time;
  }
  return times;
}

/**
 * The time of every packet in the order of the file, integer ps since the first packet that has one (negative where the clock stepped backwards).
 * NaN for a packet without a time. Throws `capture-span` where the file spans more than 2^53 ps.
 */
export function relativeTimes(capture: Capture): Float64Array {
  const all = Uint32Array.from({ length: capture.count }, (_, packet) => packet);
  const origin = capture.seconds.findIndex((second) => !Number.isNaN(second));
  return timesSince(capture, origin, all);
}

function tooLong(capture: Capture, from: number, to: number): WirelatError {
  const seconds = Math.abs((capture.seconds[to] ?? 0) - (capture.seconds[from] ?? 0));
  return new WirelatError("capture-span", `${capture.name}: packets ${from} and ${to} are ${seconds} s apart, but simulated time ends after 9007 s (2^53 ps)`, {
    remedy: "Use a part of the capture: a range of packets, or one flow of it.",
  });
}
