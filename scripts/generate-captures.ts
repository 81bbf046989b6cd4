/**
 * Writes the captures that ship with the scenarios: `node --import tsx scripts/generate-captures.ts`.
 * They are made here from nothing but a seed, so that the project owns every byte of them; a test compares the files with a fresh run.
 * Only operations that IEEE 754 rounds exactly are used (no logarithm, no power), so every machine writes the same bytes.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { multicastMac, udpFrame, writePcap, type OutgoingPacket, type UdpEnd } from "../src/capture/index.js";

/** The first 2.4 ms of a trading day; measured on the Nasdaq TotalView-ITCH sample of 30 December 2019, whose first 1000 messages have these statistics. All times ns. */
export const OPENING = { messages: 1000, span: 2_364_381, medianGap: 1454, longestGap: 72_806, zeroGaps: 120 } as const;

/** 2026-01-05 14:30:00 UTC, 9:30 in New York. */
const OPENING_SECOND = 1_767_623_400;
const SEED = 20_260_105;
/** The shortest gap between two messages that do not share a time. */
const SHORTEST_POSITIVE_GAP = 180;

/** Addresses set aside for documentation: RFC 5737, RFC 6676 and RFC 7042. */
const GROUP = [233, 252, 0, 1];
const SOURCE: UdpEnd = { mac: [0x00, 0x00, 0x5e, 0x00, 0x53, 0x01], address: [192, 0, 2, 10], port: 50_000 };
const TARGET: UdpEnd = { mac: multicastMac(GROUP), address: GROUP, port: 50_001 };

/** Sizes of the ITCH 5.0 messages that make up an opening, with their share of 100: add, replace, add with attribution, delete, execute, cancel, trade. */
const MESSAGE_SIZES: readonly (readonly [bytes: number, share: number])[] = [[36, 38], [35, 22], [40, 19], [19, 16], [31, 3], [23, 1], [44, 1]];
const SESSION = "WIRELAT001";
const MOLD_HEADER_BYTES = 20;
const LENGTH_BYTES = 2;

/** The 32-bit linear congruential generator of Numerical Recipes; only its high bits are used. */
class Draws {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A multiple of 2^-24 above 0 and at most 1. */
  unit(): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return ((this.#state >>> 8) + 1) / 2 ** 24;
  }

  below(limit: number): number {
    return Math.ceil(this.unit() * limit) - 1;
  }
}

/** The 999 gaps, ns: the zeros, a lower half, the median, a Pareto tail with exponent 2, and the longest; shuffled. */
export function openingGaps(draws: Draws = new Draws(SEED)): readonly number[] {
  const gapCount = OPENING.messages - 1;
  const below = (gapCount - 1) / 2 - OPENING.zeroGaps;
  const above = (gapCount - 1) / 2 - 1;
  const zeros = new Array<number>(OPENING.zeroGaps).fill(0);
  const lower = Array.from({ length: below }, () => SHORTEST_POSITIVE_GAP + Math.floor((OPENING.medianGap - SHORTEST_POSITIVE_GAP) * draws.unit() ** 2 * (1 - 2 ** -24)));
  const rest = OPENING.span - OPENING.longestGap - OPENING.medianGap - lower.reduce((sum, gap) => sum + gap, 0);
  const tail = tailGaps(draws, above, rest);
  return shuffled([...zeros, ...lower, OPENING.medianGap, ...tail, OPENING.longestGap], draws);
}

/** `count` gaps from the median up that sum to `total`: the excess over the median is drawn, then scaled, and what rounding left goes out by single ns. */
function tailGaps(draws: Draws, count: number, total: number): readonly number[] {
  // Inverse of the distribution function, cut off at its highest 1/1024 so that the longest gap stays the longest.
  const excess = Array.from({ length: count }, () => 1 / Math.sqrt(1 / 1024 + (draws.unit() * 1023) / 1024) - 1);
  const scale = (total - count * OPENING.medianGap) / excess.reduce((sum, value) => sum + value, 0);
  const gaps = excess.map((value) => OPENING.medianGap + Math.floor(value * scale));
  const missing = total - gaps.reduce((sum, gap) => sum + gap, 0);
  return gaps.map((gap, index) => (index < missing ? gap + 1 : gap));
}

function shuffled(values: readonly number[], draws: Draws): readonly number[] {
  const result = [...values];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = draws.below(last + 1);
    [result[last], result[other]] = [result[other] ?? 0, result[last] ?? 0];
  }
  return result;
}

function messageBytes(draws: Draws): number {
  let left = draws.below(MESSAGE_SIZES.reduce((sum, [, share]) => sum + share, 0));
  for (const [bytes, share] of MESSAGE_SIZES) {
    if (left < share) return bytes;
    left -= share;
  }
  throw new RangeError("the shares of the message sizes do not add up");
}

/** A MoldUDP64 packet with one message, whose bytes only count up: nothing in them means anything. */
function moldPayload(sequence: number, bytes: number): Uint8Array {
  const payload = new Uint8Array(MOLD_HEADER_BYTES + LENGTH_BYTES + bytes);
  const view = new DataView(payload.buffer);
  payload.set(new TextEncoder().encode(SESSION));
  view.setBigUint64(10, BigInt(sequence));
  view.setUint16(18, 1);
  view.setUint16(MOLD_HEADER_BYTES, bytes);
  for (let index = 0; index < bytes; index += 1) payload[MOLD_HEADER_BYTES + LENGTH_BYTES + index] = sequence + index;
  return payload;
}

/** The packets of opening-burst.pcap. */
export function openingBurst(): readonly OutgoingPacket[] {
  const draws = new Draws(SEED);
  let nanoseconds = 0;
  return [0, ...openingGaps(draws)].map((gap, index) => {
    nanoseconds += gap;
    const payload = moldPayload(index + 1, messageBytes(draws));
    const bytes = udpFrame({ source: SOURCE, target: TARGET, identification: index + 1, payload });
    return { seconds: OPENING_SECOND, picoseconds: nanoseconds * 1000, bytes };
  });
}

/** Every shipped capture by file name. */
export function generatedCaptures(): ReadonlyMap<string, Uint8Array> {
  return new Map([["opening-burst.pcap", writePcap(openingBurst())]]);
}

function main(): void {
  const folder = new URL("../scenarios/captures/", import.meta.url);
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of generatedCaptures()) writeFileSync(new URL(name, folder), bytes);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
