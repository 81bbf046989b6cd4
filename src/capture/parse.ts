import { WirelatError } from "../errors/index.js";
import { DEFAULT_LIMITS, type Capture, type CaptureLimits } from "./capture.js";
import { tooLarge } from "./faults.js";
import type { CaptureFile } from "./packet-table.js";
import { parsePcap, pcapKind } from "./pcap.js";
import { isPcapng, parsePcapng } from "./pcapng.js";

/** First bytes of files that people mistake for captures, and what to do with each. */
const LOOKALIKES: readonly (readonly [magic: string, what: string, remedy: string])[] = [
  ["1f8b", "gzip data", "Decompress it first: gzip -d."],
  ["28b52ffd", "Zstandard data", "Decompress it first: zstd -d."],
  ["fd377a585a00", "xz data", "Decompress it first: xz -d."],
  ["425a68", "bzip2 data", "Decompress it first: bzip2 -d."],
  ["04224d18", "LZ4 data", "Decompress it first: lz4 -d."],
  ["504b0304", "a zip archive", "Unpack it first: unzip."],
  ["736e6f6f70", "a snoop capture", "Convert it: editcap -F nsecpcap in.snoop out.pcap."],
  ["a1b2cd34", "a modified pcap file with longer packet headers", "Convert it: editcap -F pcap in.pcap out.pcap."],
  ["34cdb2a1", "a modified pcap file with longer packet headers", "Convert it: editcap -F pcap in.pcap out.pcap."],
];

/** The data offsets of a capture are 32-bit columns. */
const ADDRESSABLE_BYTES = 2 ** 32 - 1;

/**
 * Reads a packet capture: classic pcap (microseconds and nanoseconds) or pcapng, in either byte order.
 * `name` is how errors call the file; the result keeps `bytes` and points into it.
 * An incomplete end is not an error but `truncatedAt`.
 * Throws `capture-unknown-format`, `capture-corrupt` or `capture-too-large`; takes time linear in the size of the file.
 */
export function parseCapture(bytes: Uint8Array, name: string, limits: CaptureLimits = DEFAULT_LIMITS): Capture {
  const largest = Math.min(limits.fileBytes, ADDRESSABLE_BYTES);
  if (bytes.length > largest) {
    throw tooLarge({ name, offset: 0 }, `${bytes.length} bytes, but the limit is ${largest}`, "Split it, e.g. with editcap -c, and use one part.");
  }
  const file: CaptureFile = { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), name, limits };
  const kind = pcapKind(file.view);
  if (kind !== null) return parsePcap(file, kind);
  if (isPcapng(file.view)) return parsePcapng(file);
  throw unknownFormat(bytes, name);
}

function unknownFormat(bytes: Uint8Array, name: string): WirelatError {
  const start = Array.from(bytes.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const known = LOOKALIKES.find(([magic]) => start.startsWith(magic));
  const found = bytes.length === 0 ? "the file is empty" : `it is ${known?.[1] ?? `something that begins with the bytes ${start}`}`;
  return new WirelatError("capture-unknown-format", `${name}, byte 0: a pcap or pcapng capture was expected, but ${found}`, {
    remedy: known?.[2] ?? "Record one with tcpdump -w, or convert it with editcap -F pcapng.",
  });
}
