import type { Capture, CaptureInterface } from "./capture.js";
import { corrupt, tooLarge } from "./faults.js";
import { PacketTable, type CaptureFile, type PacketRow } from "./packet-table.js";
import { checkLengths } from "./pcap.js";
import { interfaceClock, readTime, type InterfaceClock } from "./pcapng-clock.js";
import { interfaceOptions } from "./pcapng-options.js";

const SECTION_HEADER = 0x0a0d0d0a;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const SHORTEST_BLOCK_BYTES = 12;

/** Block kinds by code, as draft-ietf-opsawg-pcapng abbreviates them; all others count as `other`. */
const KINDS = new Map<number, string>([
  [SECTION_HEADER, "SHB"],
  [1, "IDB"],
  [2, "PB"],
  [3, "SPB"],
  [4, "NRB"],
  [5, "ISB"],
  [6, "EPB"],
  [9, "SJEB"],
  [10, "DSB"],
  [0x0bad, "CB"],
  [0x4000_0bad, "DCB"],
]);

/** Fewest bytes of the kinds that are read, header and trailer included. */
const SHORTEST: Readonly<Record<string, number>> = { SHB: 28, IDB: 20, PB: 32, SPB: 16, EPB: 32 };

interface Block {
  readonly kind: string;
  readonly offset: number;
  readonly length: number;
}

/** Whether the file begins with a pcapng section header; its code reads the same in either byte order. */
export function isPcapng(view: DataView): boolean {
  return view.byteLength >= 4 && view.getUint32(0) === SECTION_HEADER;
}

/**
 * Reads a pcapng file (draft-ietf-opsawg-pcapng): any number of sections, each in its own byte order.
 * Blocks of other kinds are skipped; a last block that is cut off is left out and its offset reported.
 * Throws `capture-corrupt` or `capture-too-large`.
 */
export function parsePcapng(file: CaptureFile): Capture {
  const reader = new PcapngReader(file);
  let offset = 0;
  while (offset < file.bytes.length) {
    const next = reader.readBlock(offset);
    if (next === null) break;
    offset = next;
  }
  return reader.finish(offset === file.bytes.length ? null : offset);
}

class PcapngReader {
  readonly #table: PacketTable;
  readonly #interfaces: CaptureInterface[] = [];
  readonly #clocks: InterfaceClock[] = [];
  readonly #row: PacketRow = { seconds: NaN, picoseconds: NaN, originalBytes: 0, capturedBytes: 0, dataOffset: 0, interfaceIndex: 0 };
  readonly #blocks: Record<string, number> = {};
  #section = -1;
  /** Where in `#interfaces` the current section begins. */
  #firstInterface = 0;
  #little = true;

  constructor(private readonly file: CaptureFile) {
    this.#table = new PacketTable(file);
  }

  /** Reads the block at `offset` and answers where the next begins, or null where the file ends inside this one. */
  readBlock(offset: number): number | null {
    const { view, bytes } = this.file;
    if (offset + SHORTEST_BLOCK_BYTES > bytes.length) return null;
    const isSection = view.getUint32(offset, this.#little) === SECTION_HEADER;
    if (isSection) this.#little = this.#byteOrder(offset + 8);
    const block: Block = {
      kind: KINDS.get(view.getUint32(offset, this.#little)) ?? "other",
      offset,
      length: view.getUint32(offset + 4, this.#little),
    };
    this.#checkLength(block);
    if (offset + block.length > bytes.length) return null;
    this.#checkTrailer(block);
    this.#blocks[block.kind] = (this.#blocks[block.kind] ?? 0) + 1;
    this.#readBody(block);
    return offset + block.length;
  }

  finish(truncatedAt: number | null): Capture {
    return this.#table.finish({ format: "pcapng", interfaces: this.#interfaces, blocks: this.#blocks, truncatedAt });
  }

  #byteOrder(offset: number): boolean {
    const { view, name } = this.file;
    if (view.getUint32(offset, true) === BYTE_ORDER_MAGIC) return true;
    if (view.getUint32(offset, false) === BYTE_ORDER_MAGIC) return false;
    throw corrupt({ name, offset }, "a section header without the byte-order magic 1a2b3c4d");
  }

  #checkLength(block: Block): void {
    const { name, limits } = this.file;
    const position = { name, offset: block.offset + 4 };
    const shortest = SHORTEST[block.kind] ?? SHORTEST_BLOCK_BYTES;
    if (block.length < shortest || block.length % 4 !== 0) {
      throw corrupt(position, `a block of ${block.length} bytes, but a multiple of 4 from ${shortest} on was expected`);
    }
    if (block.length > limits.blockBytes) {
      throw tooLarge(position, `a block of ${block.length} bytes, but the limit is ${limits.blockBytes}`, "Rewrite the file with editcap, or record it again.");
    }
  }

  #checkTrailer(block: Block): void {
    const { view, name } = this.file;
    const offset = block.offset + block.length - 4;
    const repeated = view.getUint32(offset, this.#little);
    if (repeated !== block.length) {
      throw corrupt({ name, offset }, `a block of ${block.length} bytes ends by saying that it had ${repeated}`);
    }
  }

  #readBody(block: Block): void {
    switch (block.kind) {
      case "SHB":
        return this.#readSection(block);
      case "IDB":
        return this.#readInterface(block);
      case "EPB":
        return this.#readTimedPacket(block, this.file.view.getUint32(block.offset + 8, this.#little));
      case "PB":
        return this.#readTimedPacket(block, this.file.view.getUint16(block.offset + 8, this.#little));
      case "SPB":
        return this.#readSimplePacket(block);
      default:
        return undefined;
    }
  }

  #readSection(block: Block): void {
    const { view, name } = this.file;
    const major = view.getUint16(block.offset + 12, this.#little);
    if (major !== 1) throw corrupt({ name, offset: block.offset + 12 }, `pcapng version ${major}, but only version 1 exists`);
    this.#section += 1;
    this.#firstInterface = this.#interfaces.length;
  }

  #readInterface(block: Block): void {
    const { view, name, limits } = this.file;
    if (this.#interfaces.length >= limits.interfaces) {
      throw tooLarge({ name, offset: block.offset }, `more than ${limits.interfaces} interfaces, which is the limit`, "Split the file with editcap.");
    }
    const little = this.#little;
    const options = interfaceOptions(this.file, { start: block.offset + 16, end: block.offset + block.length - 4, little });
    this.#interfaces.push({
      section: this.#section,
      linkType: view.getUint16(block.offset + 8, little),
      snapLength: view.getUint32(block.offset + 12, little),
      ...options,
    });
    this.#clocks.push(interfaceClock(options, little));
  }

  /** Enhanced Packet Block and the obsolete Packet Block differ only in how they name the interface. */
  #readTimedPacket(block: Block, interfaceId: number): void {
    const row = this.#row;
    row.interfaceIndex = this.#interfaceIndex(block, interfaceId);
    const clock = this.#clocks[row.interfaceIndex];
    if (clock !== undefined) readTime(this.file, block.offset + 12, clock, row);
    row.capturedBytes = this.file.view.getUint32(block.offset + 20, this.#little);
    row.originalBytes = this.file.view.getUint32(block.offset + 24, this.#little);
    row.dataOffset = block.offset + 28;
    this.#addPacket(block, row);
  }

  #readSimplePacket(block: Block): void {
    const row = this.#row;
    row.interfaceIndex = this.#interfaceIndex(block, 0);
    const snapLength = this.#interfaces[row.interfaceIndex]?.snapLength ?? 0;
    row.seconds = NaN;
    row.picoseconds = NaN;
    row.originalBytes = this.file.view.getUint32(block.offset + 8, this.#little);
    row.capturedBytes = snapLength === 0 ? row.originalBytes : Math.min(row.originalBytes, snapLength);
    row.dataOffset = block.offset + 12;
    this.#addPacket(block, row);
  }

  /** Row of `#interfaces` that the current section calls `id`. */
  #interfaceIndex(block: Block, id: number): number {
    const declared = this.#interfaces.length - this.#firstInterface;
    if (id < declared) return this.#firstInterface + id;
    throw corrupt({ name: this.file.name, offset: block.offset }, `a packet of interface ${id}, but its section has declared ${declared}`);
  }

  #addPacket(block: Block, row: PacketRow): void {
    const { name, limits } = this.file;
    checkLengths(row, { name, offset: block.offset }, limits.packetBytes);
    const room = block.offset + block.length - 4 - row.dataOffset;
    if (row.capturedBytes > room) {
      throw corrupt({ name, offset: block.offset }, `a packet of ${row.capturedBytes} bytes in a block with room for ${room}`);
    }
    this.#table.add(row);
  }
}
