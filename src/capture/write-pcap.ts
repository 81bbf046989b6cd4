import { checkedOriginalBytes, type OutgoingPacket, type WriteOptions } from "./outgoing.js";

/** How to write a classic pcap file. */
export interface PcapWriteOptions extends WriteOptions {
  /** Nanoseconds where absent. */
  readonly resolution?: "us" | "ns";
}

const FILE_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;
const SNAP_LENGTH = 262_144;

/**
 * A classic pcap file of `packets`, in their order.
 * Times are rounded down to the resolution of the file, as the clock of a capture card does, so that order is kept.
 */
export function writePcap(packets: readonly OutgoingPacket[], options: PcapWriteOptions = {}): Uint8Array {
  const little = options.bigEndian !== true;
  const nanoseconds = options.resolution !== "us";
  const total = packets.reduce((sum, packet) => sum + RECORD_HEADER_BYTES + packet.bytes.length, FILE_HEADER_BYTES);
  const file = new Uint8Array(total);
  const view = new DataView(file.buffer);
  view.setUint32(0, nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4, little);
  view.setUint16(4, 2, little);
  view.setUint16(6, 4, little);
  view.setUint32(16, SNAP_LENGTH, little);
  view.setUint32(20, options.linkType ?? 1, little);
  let offset = FILE_HEADER_BYTES;
  for (const packet of packets) {
    view.setUint32(offset, packet.seconds, little);
    view.setUint32(offset + 4, Math.floor(packet.picoseconds / (nanoseconds ? 1e3 : 1e6)), little);
    view.setUint32(offset + 8, packet.bytes.length, little);
    view.setUint32(offset + 12, checkedOriginalBytes(packet), little);
    file.set(packet.bytes, offset + RECORD_HEADER_BYTES);
    offset += RECORD_HEADER_BYTES + packet.bytes.length;
  }
  return file;
}
