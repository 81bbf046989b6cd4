import type { Capture, CaptureInterface } from "./capture.js";
import { corrupt } from "./faults.js";
import { PacketTable, type CaptureFile, type PacketRow } from "./packet-table.js";

const FILE_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;

/** How one of the four magic numbers says the rest of the file is to be read. */
export interface PcapKind {
  readonly little: boolean;
  readonly ticksPerSecond: number;
}

/** The kind that the first four bytes state, or null where they are not classic pcap. */
export function pcapKind(view: DataView): PcapKind | null {
  if (view.byteLength < 4) return null;
  for (const little of [true, false]) {
    const magic = view.getUint32(0, little);
    if (magic === 0xa1b2c3d4) return { little, ticksPerSecond: 1e6 };
    if (magic === 0xa1b23c4d) return { little, ticksPerSecond: 1e9 };
  }
  return null;
}

/**
 * Reads a classic pcap file (draft-ietf-opsawg-pcap) of either resolution and byte order.
 * A last packet that is cut off is left out and its offset reported. Throws `capture-corrupt` or `capture-too-large`.
 */
export function parsePcap(file: CaptureFile, kind: PcapKind): Capture {
  const interfaces = [readFileHeader(file, kind)];
  const table = new PacketTable(file);
  const row: PacketRow = { seconds: 0, picoseconds: 0, originalBytes: 0, capturedBytes: 0, dataOffset: 0, interfaceIndex: 0 };
  const length = file.bytes.length;
  let offset = FILE_HEADER_BYTES;
  while (offset + RECORD_HEADER_BYTES <= length) {
    readRecordHeader(file, kind, offset, row);
    const next = row.dataOffset + row.capturedBytes;
    if (next > length) break;
    table.add(row);
    offset = next;
  }
  return table.finish({ format: "pcap", interfaces, blocks: {}, truncatedAt: offset === length ? null : offset });
}

function readFileHeader(file: CaptureFile, kind: PcapKind): CaptureInterface {
  const { view, name, bytes } = file;
  if (bytes.length < FILE_HEADER_BYTES) {
    throw corrupt({ name, offset: 0 }, `the file ends after ${bytes.length} bytes, inside the ${FILE_HEADER_BYTES}-byte header of a pcap file`);
  }
  const major = view.getUint16(4, kind.little);
  const minor = view.getUint16(6, kind.little);
  if (major !== 2 || minor !== 4) {
    throw corrupt({ name, offset: 4 }, `pcap version ${major}.${minor}, but 2.4 is the one in use since 1998`, "Rewrite it with tcpdump -r old.pcap -w new.pcap.");
  }
  const linkWord = view.getUint32(20, kind.little);
  // The top bits say, where bit 26 is set, how many 16-bit words of frame check sequence end each packet.
  const fcsStated = (linkWord & 0x0400_0000) !== 0;
  return {
    section: 0,
    name: null,
    linkType: linkWord & 0xffff,
    snapLength: view.getUint32(16, kind.little),
    ticksPerSecond: BigInt(kind.ticksPerSecond),
    offsetSeconds: 0n,
    fcsBytes: fcsStated ? 2 * (linkWord >>> 28) : null,
  };
}

function readRecordHeader(file: CaptureFile, kind: PcapKind, offset: number, row: PacketRow): void {
  const { view, name, limits } = file;
  const fraction = view.getUint32(offset + 4, kind.little);
  if (fraction >= kind.ticksPerSecond) {
    throw corrupt({ name, offset: offset + 4 }, `${fraction} as part of a second, but this file counts ${kind.ticksPerSecond} to the second`);
  }
  row.seconds = view.getUint32(offset, kind.little);
  row.picoseconds = fraction * (1e12 / kind.ticksPerSecond);
  row.capturedBytes = view.getUint32(offset + 8, kind.little);
  row.originalBytes = view.getUint32(offset + 12, kind.little);
  row.dataOffset = offset + RECORD_HEADER_BYTES;
  checkLengths(row, { name, offset: offset + 8 }, limits.packetBytes);
}

/** Refuses a packet longer than the limit, or with more bytes captured than it had. */
export function checkLengths(row: Readonly<PacketRow>, position: { name: string; offset: number }, limit: number): void {
  if (row.capturedBytes > limit) {
    throw corrupt(position, `a packet of ${row.capturedBytes} bytes, but at most ${limit} are plausible`);
  }
  if (row.capturedBytes > row.originalBytes) {
    throw corrupt(position, `${row.capturedBytes} bytes captured of a packet of ${row.originalBytes}`);
  }
}
