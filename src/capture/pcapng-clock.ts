import { corrupt } from "./faults.js";
import type { CaptureFile, PacketRow } from "./packet-table.js";

const PICOSECONDS = 1_000_000_000_000n;
/** Beyond this a count of seconds is noise, not a date (it is 285 million years), and float64 would round it. */
const LARGEST_SECOND = 2n ** 53n;

/** Times of one interface. */
export interface InterfaceClock {
  readonly ticksPerSecond: bigint;
  readonly offsetSeconds: bigint;
}

/**
 * Reads the two 32-bit halves of a packet's time at `offset` into `row`, exact to the picosecond.
 * A unit finer than a picosecond, or a power of two, is rounded once to the nearest picosecond.
 */
export function readTime(file: CaptureFile, offset: number, little: boolean, clock: InterfaceClock): Pick<PacketRow, "seconds" | "picoseconds"> {
  const high = BigInt(file.view.getUint32(offset, little));
  const low = BigInt(file.view.getUint32(offset + 4, little));
  const ticks = (high << 32n) | low;
  let seconds = ticks / clock.ticksPerSecond + clock.offsetSeconds;
  const rest = ticks % clock.ticksPerSecond;
  let picoseconds = (2n * rest * PICOSECONDS + clock.ticksPerSecond) / (2n * clock.ticksPerSecond);
  if (picoseconds === PICOSECONDS) {
    seconds += 1n;
    picoseconds = 0n;
  }
  if (seconds >= LARGEST_SECOND || seconds <= -LARGEST_SECOND) {
    throw corrupt({ name: file.name, offset }, `a time of ${seconds} s since 1970`);
  }
  return { seconds: Number(seconds), picoseconds: Number(picoseconds) };
}
