import { InternalFault } from "../errors/index.js";
import { checkedOriginalBytes, type OutgoingPacket, type WriteOptions } from "./outgoing.js";

const SECTION_BYTES = 28;
const INTERFACE_BYTES = 20 + 8 + 12 + 4;
const PACKET_BYTES = 32;
const PICOSECOND_RESOLUTION = 12;

/**
 * A pcapng file of `packets`, in their order: one section, one interface, one Enhanced Packet Block each.
 * Times are exact to the picosecond; 64 bits hold 213 days of them, so they are counted from the second of the first packet (if_tsoffset).
 */
export function writePcapng(packets: readonly OutgoingPacket[], options: WriteOptions = {}): Uint8Array {
  const little = options.bigEndian !== true;
  const base = packets.reduce((earliest, packet) => Math.min(earliest, packet.seconds), packets[0]?.seconds ?? 0);
  const total = packets.reduce((sum, packet) => sum + PACKET_BYTES + padded(packet.bytes.length), SECTION_BYTES + INTERFACE_BYTES);
  const file = new Uint8Array(total);
  const view = new DataView(file.buffer);
  writeSection(view, little);
  writeInterface(view, little, options.linkType ?? 1, base);
  let offset = SECTION_BYTES + INTERFACE_BYTES;
  for (const packet of packets) {
    const length = PACKET_BYTES + padded(packet.bytes.length);
    const originalBytes = checkedOriginalBytes(packet);
    const ticks = ticksSince(base, packet);
    writeFrame(view, little, { kind: 6, offset, length });
    view.setUint32(offset + 12, Number(ticks >> 32n), little);
    view.setUint32(offset + 16, Number(ticks & 0xffff_ffffn), little);
    view.setUint32(offset + 20, packet.bytes.length, little);
    view.setUint32(offset + 24, originalBytes, little);
    file.set(packet.bytes, offset + 28);
    offset += length;
  }
  return file;
}

function ticksSince(base: number, packet: OutgoingPacket): bigint {
  const ticks = BigInt(packet.seconds - base) * 1_000_000_000_000n + BigInt(packet.picoseconds);
  if (ticks < 2n ** 64n) return ticks;
  throw new InternalFault(`a packet ${packet.seconds - base} s after the earliest: picoseconds in 64 bits end after 213 days`);
}

function padded(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}

/** The type and the two lengths that enclose every block. */
function writeFrame(view: DataView, little: boolean, block: { kind: number; offset: number; length: number }): void {
  view.setUint32(block.offset, block.kind, little);
  view.setUint32(block.offset + 4, block.length, little);
  view.setUint32(block.offset + block.length - 4, block.length, little);
}

function writeSection(view: DataView, little: boolean): void {
  writeFrame(view, little, { kind: 0x0a0d0d0a, offset: 0, length: SECTION_BYTES });
  view.setUint32(8, 0x1a2b3c4d, little);
  view.setUint16(12, 1, little);
  view.setBigInt64(16, -1n, little);
}

function writeInterface(view: DataView, little: boolean, linkType: number, base: number): void {
  const offset = SECTION_BYTES;
  writeFrame(view, little, { kind: 1, offset, length: INTERFACE_BYTES });
  view.setUint16(offset + 8, linkType, little);
  view.setUint16(offset + 16, 9, little);
  view.setUint16(offset + 18, 1, little);
  view.setUint8(offset + 20, PICOSECOND_RESOLUTION);
  view.setUint16(offset + 24, 14, little);
  view.setUint16(offset + 26, 8, little);
  view.setBigInt64(offset + 28, BigInt(base), little);
}
