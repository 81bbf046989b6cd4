import { InternalFault } from "../errors/index.js";

/** A packet to be written to a capture file. */
export interface OutgoingPacket {
  /** Whole seconds since 1970, not negative. */
  readonly seconds: number;
  /** Integer, from 0 to 10^12 - 1. */
  readonly picoseconds: number;
  readonly bytes: Uint8Array;
  /** Length that the packet had, where `bytes` are only its beginning. */
  readonly originalBytes?: number;
}

/** How to write a capture file. */
export interface WriteOptions {
  /** A LINKTYPE_ value; 1, Ethernet, where absent. */
  readonly linkType?: number;
  /** Byte order; little-endian where absent. */
  readonly bigEndian?: boolean;
}

/** The length to state for a packet. Throws `InternalFault` for a packet that no capture file can hold. */
export function checkedOriginalBytes(packet: OutgoingPacket): number {
  const { seconds, picoseconds, bytes } = packet;
  const originalBytes = packet.originalBytes ?? bytes.length;
  const timeHolds = Number.isInteger(seconds) && seconds >= 0 && seconds < 2 ** 32 && Number.isInteger(picoseconds) && picoseconds >= 0 && picoseconds < 1e12;
  const lengthHolds = Number.isInteger(originalBytes) && originalBytes >= bytes.length && originalBytes < 2 ** 32;
  if (timeHolds && lengthHolds) return originalBytes;
  throw new InternalFault(`a packet of ${originalBytes} bytes (${bytes.length} kept) at ${seconds} s and ${picoseconds} ps cannot be written to a capture`);
}
