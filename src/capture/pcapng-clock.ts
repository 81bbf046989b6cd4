import type { CaptureInterface } from "./capture.js";
import { corrupt } from "./faults.js";
import type { CaptureFile, PacketRow } from "./packet-table.js";

const PICOSECONDS = 1e12;
const EXACT_PICOSECONDS = 1_000_000_000_000n;
/** Beyond this a count of seconds is noise, not a date (it is 285 million years), and float64 would round it. */
const LARGEST_SECOND = 2 ** 53;

/** How one interface counts time, made ready for the loop over its packets. */
export interface InterfaceClock {
  readonly little: boolean;
  /** Ticks per second where a tick is a whole number of picoseconds, else 0. */
  readonly wholeTicks: number;
  readonly ticksPerSecond: bigint;
  readonly offsetSeconds: number;
}

/** The clock of an interface whose section has this byte order. */
export function interfaceClock(from: Pick<CaptureInterface, "ticksPerSecond" | "offsetSeconds">, little: boolean): InterfaceClock {
  const { ticksPerSecond } = from;
  const whole = EXACT_PICOSECONDS % ticksPerSecond === 0n;
  return { little, wholeTicks: whole ? Number(ticksPerSecond) : 0, ticksPerSecond, offsetSeconds: Number(from.offsetSeconds) };
}

/**
 * Reads the two 32-bit halves of a packet's time at `offset` into `row`, exact to the picosecond.
 * A tick that is no whole number of picoseconds (finer, or a high power of two) is rounded once, to the nearest picosecond.
 */
export function readTime(file: CaptureFile, offset: number, clock: InterfaceClock, row: PacketRow): void {
  const high = file.view.getUint32(offset, clock.little);
  const low = file.view.getUint32(offset + 4, clock.little);
  if (clock.wholeTicks > 0) divide(high, low, clock.wholeTicks, row);
  else divideRounding((BigInt(high) << 32n) | BigInt(low), clock.ticksPerSecond, row);
  row.seconds += clock.offsetSeconds;
  if (Math.abs(row.seconds) >= LARGEST_SECOND) throw corrupt({ name: file.name, offset }, `a time of ${row.seconds} s since 1970`);
}

/** Long division, eight bits at a time: the remainder is below 10^12, so every step is exact, and far faster than BigInt. */
function divide(high: number, low: number, ticksPerSecond: number, row: PacketRow): void {
  let seconds = 0;
  let rest = 0;
  for (let shift = 56; shift >= 0; shift -= 8) {
    const half = shift >= 32 ? high : low;
    const part = rest * 256 + ((half >>> shift % 32) & 0xff);
    const whole = Math.floor(part / ticksPerSecond);
    rest = part - whole * ticksPerSecond;
    seconds = seconds * 256 + whole;
  }
  row.seconds = seconds;
  row.picoseconds = rest * (PICOSECONDS / ticksPerSecond);
}

function divideRounding(ticks: bigint, ticksPerSecond: bigint, row: PacketRow): void {
  const rest = ticks % ticksPerSecond;
  const picoseconds = Number((2n * rest * EXACT_PICOSECONDS + ticksPerSecond) / (2n * ticksPerSecond));
  const carry = picoseconds === PICOSECONDS;
  row.seconds = Number(ticks / ticksPerSecond) + (carry ? 1 : 0);
  row.picoseconds = carry ? 0 : picoseconds;
}
