import { InternalFault } from "../errors/index.js";
import { checkedOriginalBytes, type OutgoingPacket, type WriteOptions } from "./outgoing.js";

const SECTION_BYTES = 28;
const INTERFACE_BYTES = 20 + 8 + 12 + 4;
const PACKET_BYTES = 32;
/** How finely times are stored: the digits behind the second, and picoseconds in each tick. */
const RESOLUTIONS = { ns: { digits: 9, tick: 1000 }, ps: { digits: 12, tick: 1 } } as const;
/** Bytes of a piece of a file, unless a single packet has more. */
const PIECE = 1 << 20;

/** How to write a pcapng file. */
export interface PcapngWriteOptions extends WriteOptions {
  /**
   * Picoseconds where absent, which keep times exact. Wireshark read these wrongly for long (its product of picoseconds and 10^9 left 64 bits), so
   * files for it have nanoseconds, rounded down as the clock of a capture card does.
   */
  readonly resolution?: "ns" | "ps";
}

/** A pcapng file of `packets`, in their order: one section, one interface, one Enhanced Packet Block each. */
export function writePcapng(packets: readonly OutgoingPacket[], options: PcapngWriteOptions = {}): Uint8Array {
  const base = packets.reduce((earliest, packet) => Math.min(earliest, packet.seconds), packets[0]?.seconds ?? 0);
  const pieces = [...pcapngPieces(packets, base, options)];
  const file = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    file.set(piece, offset);
    offset += piece.length;
  }
  return file;
}

/**
 * The same piece by piece, so that packets may be more than fit into memory. `base` is the second of the earliest packet, from which times are
 * counted (if_tsoffset): 64 bits hold 213 days of picoseconds.
 */
export function* pcapngPieces(packets: Iterable<OutgoingPacket>, base: number, options: PcapngWriteOptions = {}): Generator<Uint8Array> {
  const form: Form = { little: options.bigEndian !== true, base, resolution: RESOLUTIONS[options.resolution ?? "ps"] };
  yield headOf(form, options.linkType ?? 1);
  let piece = new Uint8Array(PIECE);
  let filled = 0;
  for (const packet of packets) {
    const length = PACKET_BYTES + padded(packet.bytes.length);
    if (filled + length > piece.length) {
      yield piece.subarray(0, filled);
      piece = new Uint8Array(Math.max(PIECE, length));
      filled = 0;
    }
    writePacket(new DataView(piece.buffer, filled, length), form, packet);
    filled += length;
  }
  yield piece.subarray(0, filled);
}

/** What the blocks of a file have in common. */
interface Form {
  readonly little: boolean;
  readonly base: number;
  readonly resolution: (typeof RESOLUTIONS)[keyof typeof RESOLUTIONS];
}

function headOf(form: Form, linkType: number): Uint8Array {
  const head = new Uint8Array(SECTION_BYTES + INTERFACE_BYTES);
  writeSection(new DataView(head.buffer, 0, SECTION_BYTES), form);
  writeInterface(new DataView(head.buffer, SECTION_BYTES), form, linkType);
  return head;
}

function writeSection(block: DataView, { little }: Form): void {
  writeFrame(block, little, 0x0a0d0d0a);
  block.setUint32(8, 0x1a2b3c4d, little);
  block.setUint16(12, 1, little);
  block.setBigInt64(16, -1n, little);
}

function writeInterface(block: DataView, { little, base, resolution }: Form, linkType: number): void {
  writeFrame(block, little, 1);
  block.setUint16(8, linkType, little);
  block.setUint16(16, 9, little);
  block.setUint16(18, 1, little);
  block.setUint8(20, resolution.digits);
  block.setUint16(24, 14, little);
  block.setUint16(26, 8, little);
  block.setBigInt64(28, BigInt(base), little);
}

function writePacket(block: DataView, { little, base, resolution }: Form, packet: OutgoingPacket): void {
  const originalBytes = checkedOriginalBytes(packet);
  const ticks = ticksSince(base, packet, resolution.tick);
  writeFrame(block, little, 6);
  block.setUint32(12, Number(ticks >> 32n), little);
  block.setUint32(16, Number(ticks & 0xffff_ffffn), little);
  block.setUint32(20, packet.bytes.length, little);
  block.setUint32(24, originalBytes, little);
  new Uint8Array(block.buffer, block.byteOffset).set(packet.bytes, 28);
}

function ticksSince(base: number, packet: OutgoingPacket, tick: number): bigint {
  const ticks = BigInt(packet.seconds - base) * BigInt(1e12 / tick) + BigInt(Math.floor(packet.picoseconds / tick));
  if (ticks < 2n ** 64n) return ticks;
  throw new InternalFault(`a packet ${packet.seconds - base} s after the earliest: picoseconds in 64 bits end after 213 days`);
}

function padded(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}

/** The type and the two lengths that enclose every block. */
function writeFrame(block: DataView, little: boolean, kind: number): void {
  block.setUint32(0, kind, little);
  block.setUint32(4, block.byteLength, little);
  block.setUint32(block.byteLength - 4, block.byteLength, little);
}
