import { compare, multiply, rational, toNumber, type Rational } from "../../modeling/index.js";

/** Generations of PCI Express and widths of a link. */
export const GENERATIONS = ["gen1", "gen2", "gen3", "gen4", "gen5", "gen6"] as const;
export const WIDTHS = ["x1", "x2", "x4", "x8", "x16"] as const;
export type Generation = (typeof GENERATIONS)[number];
export type Width = (typeof WIDTHS)[number];

/** Giga-transfers per second per lane, half a unit each, so that gen1 is whole. */
const HALF_TRANSFERS: Readonly<Record<Generation, number>> = { gen1: 5, gen2: 10, gen3: 16, gen4: 32, gen5: 64, gen6: 128 };

/** A page that no request may cross. */
const PAGE = 4096;

/** A gen6 flit: 236 bytes of packets, 6 of link layer, 8 of check sequence, 6 of error correction. */
export const FLIT = { bytes: 256, packets: 236 } as const;

export interface PcieLink {
  readonly generation: Generation;
  readonly width: Width;
}

/** Reads "gen3 x8". The text must be one of the combinations of GENERATIONS and WIDTHS. */
export function linkOf(text: string): PcieLink {
  const [generation, width] = text.split(" ") as [Generation, Width];
  return { generation, width };
}

export function lanesOf(width: Width): number {
  return Number(width.slice(1));
}

/** Picoseconds per byte on the link after its line code: 8b/10b, 128b/130b; for gen6 per raw byte of a flit. */
export function byteTime({ generation, width }: PcieLink): Rational {
  const raw = rational(16_000, HALF_TRANSFERS[generation] * lanesOf(width));
  if (generation === "gen6") return raw;
  return multiply(raw, generation === "gen1" || generation === "gen2" ? rational(10, 8) : rational(130, 128));
}

/** Bytes that packets of `bytes` in all take on the link: themselves, or for gen6 the whole flits that hold them. */
export function bytesOnLink(bytes: number, generation: Generation): number {
  return generation === "gen6" ? Math.ceil(bytes / FLIT.packets) * FLIT.bytes : bytes;
}

export interface PacketOverheads {
  /** Memory write and memory read request. */
  readonly request: number;
  readonly completion: number;
}

/**
 * Bytes that each packet carries beside its data: header, and before gen6 also framing 2, sequence number 2 and link check 4.
 * A 64-bit address takes four header words, a 32-bit one three; a completion has three. An end-to-end check adds 4.
 */
export function overheads(options: { readonly generation: Generation; readonly wideAddresses: boolean; readonly endToEndCheck: boolean }): PacketOverheads {
  const each = (options.generation === "gen6" ? 0 : 8) + (options.endToEndCheck ? 4 : 0);
  return { request: (options.wideAddresses ? 16 : 12) + each, completion: 12 + each };
}

/** Data bytes of each write packet: at most the payload size, and none crosses a page. `offset` is where the first byte lies in its page. */
export function writePackets(bytes: number, offset: number, payloadSize: number): readonly number[] {
  return cut(bytes, offset, (at) => Math.min(payloadSize, PAGE - (at % PAGE)));
}

/** Data bytes that each read request asks for. */
export function readRequests(bytes: number, offset: number, requestSize: number): readonly number[] {
  return cut(bytes, offset, (at) => Math.min(requestSize, PAGE - (at % PAGE)));
}

/**
 * Data bytes of each completion of one read: as many as `limit` allows, but all except the last end at a multiple of the
 * read completion boundary. 512 bytes at 0x20 with limit 256 and boundary 64 come as 224 + 256 + 32.
 */
export function completions(bytes: number, offset: number, rule: { readonly limit: number; readonly boundary: number }): readonly number[] {
  return cut(bytes, offset, (at) => {
    const end = Math.floor((at + rule.limit) / rule.boundary) * rule.boundary;
    return end > at ? end - at : rule.limit;
  });
}

function cut(bytes: number, offset: number, most: (at: number) => number): readonly number[] {
  const pieces: number[] = [];
  for (let done = 0; done < bytes; ) {
    const piece = Math.min(bytes - done, most(offset + done));
    pieces.push(piece);
    done += piece;
  }
  return pieces;
}

/** Factors of the base specification's latency limit, by width: payload size up to which it holds, factor in tenths. */
const LIMIT_FACTORS: Readonly<Record<Width, readonly (readonly [number, number])[]>> = {
  x1: [[256, 14], [512, 10], [4096, 10]],
  x2: [[256, 14], [512, 10], [4096, 10]],
  x4: [[256, 14], [512, 10], [4096, 10]],
  x8: [[256, 25], [512, 10], [4096, 10]],
  x16: [[256, 30], [512, 20], [4096, 20]],
};
const INTERNAL_DELAY: Readonly<Record<Generation, number>> = { gen1: 19, gen2: 70, gen3: 115, gen4: 115, gen5: 115, gen6: 115 };
const PACKET_OVERHEAD = 28;

/** Symbol times within which a received packet must be acknowledged; flow-control updates follow the same limit. */
export function acknowledgeLimit({ generation, width }: PcieLink, payloadSize: number): number {
  const factors = LIMIT_FACTORS[width];
  const tenths = (factors.find(([upTo]) => payloadSize <= upTo) ?? factors[factors.length - 1])?.[1] ?? 10;
  return Math.floor(((payloadSize + PACKET_OVERHEAD) * tenths) / (10 * lanesOf(width))) + INTERNAL_DELAY[generation];
}

/**
 * Share of the link that is left for packets when acknowledgements, flow-control updates (8 bytes each, as seldom as
 * allowed) and clock-compensation sets (4 bytes in 1538) are taken off.
 */
export function packetShare(link: PcieLink, payloadSize: number): Rational {
  const limit = acknowledgeLimit(link, payloadSize);
  // 1 - 8/limit - 8/limit - 4/1538, over one denominator.
  return rational(limit * 1538 - 16 * 1538 - 4 * limit, limit * 1538);
}

/** Which direction of the link a stream of transfers saturates first, and what it carries then. */
export interface Goodput {
  readonly bitsPerSecond: number;
  readonly transfersPerSecond: number;
}

export interface GoodputOptions {
  readonly link: PcieLink;
  readonly payloadSize: number;
  readonly requestSize: number;
}

/** Data rate of back-to-back transfers of `bytes`, link-layer packets taken off: writes, reads, or as many of both. */
export function goodput(kind: "write" | "read" | "both", bytes: number, options: GoodputOptions): Goodput {
  const { link, payloadSize, requestSize } = options;
  const extra = overheads({ generation: link.generation, wideAddresses: true, endToEndCheck: false });
  const written = bytes + writePackets(bytes, 0, payloadSize).length * extra.request;
  const requested = readRequests(bytes, 0, requestSize).length * extra.request;
  const completed = bytes + completions(bytes, 0, { limit: payloadSize, boundary: 64 }).length * extra.completion;
  const up = kind === "read" ? requested : kind === "write" ? written : written + requested;
  const down = kind === "write" ? 0 : completed;
  const period = multiply(byteTime(link), rational(Math.max(up, down)));
  const share = packetShare(link, payloadSize);
  if (compare(period, rational(0)) === 0) return { bitsPerSecond: 0, transfersPerSecond: 0 };
  const transfersPerSecond = (1e12 * toNumber(share)) / toNumber(period);
  return { transfersPerSecond, bitsPerSecond: transfersPerSecond * bytes * 8 };
}
