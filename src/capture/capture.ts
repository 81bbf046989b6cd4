/** What a reader grants a file that nobody vouches for. */
export interface CaptureLimits {
  /** Whole file after decompression, bytes. */
  readonly fileBytes: number;
  /** One captured packet, bytes. */
  readonly packetBytes: number;
  /** One pcapng block, bytes. */
  readonly blockBytes: number;
  readonly packets: number;
  readonly interfaces: number;
}

const MIB = 2 ** 20;

/** 262,144 bytes is the largest snapshot length that libpcap itself accepts for Ethernet; the rest bounds memory to a few GiB. */
export const DEFAULT_LIMITS: CaptureLimits = {
  fileBytes: 512 * MIB,
  packetBytes: 262_144,
  blockBytes: 16 * MIB,
  packets: 20_000_000,
  interfaces: 4096,
};

export type CaptureFormat = "pcap" | "pcapng";

/** One capture point; a classic pcap file has exactly one. */
export interface CaptureInterface {
  /** Which section of a pcapng file declared it, from 0. */
  readonly section: number;
  readonly name: string | null;
  /** A LINKTYPE_ value of the public registry, e.g. 1 for Ethernet. */
  readonly linkType: number;
  /** The most bytes it keeps of a packet; 0 is no limit. */
  readonly snapLength: number;
  readonly ticksPerSecond: bigint;
  /** Added to every time of this interface, s. */
  readonly offsetSeconds: bigint;
  /** Bytes of frame check sequence that the file says each packet ends with; null where it does not say. */
  readonly fcsBytes: number | null;
}

/** A point in time since 1970-01-01 UTC, exact. */
export interface Timestamp {
  readonly seconds: number;
  /** Integer, from 0 to 10^12 - 1. */
  readonly picoseconds: number;
}

/** A capture file read into columns, in the order of the file; row i of every column is packet i. */
export interface Capture {
  readonly name: string;
  readonly format: CaptureFormat;
  /** The link type of all interfaces, or null where they differ or there are none. */
  readonly linkType: number | null;
  readonly interfaces: readonly CaptureInterface[];
  /** How many blocks of each kind a pcapng file holds; empty for classic pcap. */
  readonly blocks: Readonly<Record<string, number>>;
  readonly count: number;
  /** Whole seconds since 1970; NaN for a packet that the file gives no time (pcapng Simple Packet Block). */
  readonly seconds: Float64Array;
  /** Picoseconds within the second, from 0 to 10^12 - 1; NaN likewise. Two columns, because captures span longer than 2^53 ps. */
  readonly picoseconds: Float64Array;
  /** Bytes that the packet had where it was captured. */
  readonly originalBytes: Uint32Array;
  /** Bytes of it that the file holds. */
  readonly capturedBytes: Uint32Array;
  /** Where in `bytes` the captured bytes begin. */
  readonly dataOffsets: Uint32Array;
  /** Row of `interfaces`. */
  readonly interfaceOf: Uint16Array;
  /** Time of the first packet that has one. */
  readonly firstTimestamp: Timestamp | null;
  /** Packets with a time. */
  readonly timed: number;
  /** Packets that are earlier than the timed packet before them in the file. */
  readonly backwardSteps: number;
  /** Packets with the same time as the timed packet before them in the file. */
  readonly zeroGaps: number;
  /** Byte at which an incomplete last packet or block begins, or null where the file is complete. */
  readonly truncatedAt: number | null;
  /** The file, which the packets are views into. */
  readonly bytes: Uint8Array;
}

/** The captured bytes of packet `index` (a view, not a copy); empty where there is no such packet. */
export function packetBytes(capture: Capture, index: number): Uint8Array {
  const start = capture.dataOffsets[index] ?? 0;
  return capture.bytes.subarray(start, start + (capture.capturedBytes[index] ?? 0));
}
