import type { Capture, CaptureFormat, CaptureInterface, CaptureLimits, Timestamp } from "./capture.js";
import { tooLarge } from "./faults.js";

/** One packet as a file states it; times are NaN where the file states none. */
export interface PacketRow {
  seconds: number;
  picoseconds: number;
  originalBytes: number;
  capturedBytes: number;
  dataOffset: number;
  interfaceIndex: number;
}

/** A file while it is being read. */
export interface CaptureFile {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly name: string;
  readonly limits: CaptureLimits;
}

/** What a reader knows once it has come to the end. */
export interface CaptureEnd {
  readonly format: CaptureFormat;
  readonly interfaces: readonly CaptureInterface[];
  readonly blocks: Readonly<Record<string, number>>;
  readonly truncatedAt: number | null;
}

const FIRST_CAPACITY = 1024;

/** Grows columns packet by packet, so that memory follows what a file holds and never what a length field claims. */
export class PacketTable {
  #count = 0;
  #seconds = new Float64Array(FIRST_CAPACITY);
  #picoseconds = new Float64Array(FIRST_CAPACITY);
  #originalBytes = new Uint32Array(FIRST_CAPACITY);
  #capturedBytes = new Uint32Array(FIRST_CAPACITY);
  #dataOffsets = new Uint32Array(FIRST_CAPACITY);
  #interfaceOf = new Uint16Array(FIRST_CAPACITY);

  constructor(private readonly file: CaptureFile) {}

  /** Copies `row`; the caller may reuse it. Throws `capture-too-large` beyond the limit of packets. */
  add(row: Readonly<PacketRow>): void {
    const index = this.#count;
    if (index >= this.file.limits.packets) {
      const position = { name: this.file.name, offset: row.dataOffset };
      const problem = `more than ${this.file.limits.packets} packets, which is the limit`;
      throw tooLarge(position, problem, "Split the file, e.g. with editcap -c, and use one part.");
    }
    if (index === this.#seconds.length) this.#grow();
    this.#seconds[index] = row.seconds;
    this.#picoseconds[index] = row.picoseconds;
    this.#originalBytes[index] = row.originalBytes;
    this.#capturedBytes[index] = row.capturedBytes;
    this.#dataOffsets[index] = row.dataOffset;
    this.#interfaceOf[index] = row.interfaceIndex;
    this.#count = index + 1;
  }

  /** The finished capture, with its steps in time counted. */
  finish(end: CaptureEnd): Capture {
    const count = this.#count;
    const seconds = this.#seconds.slice(0, count);
    const picoseconds = this.#picoseconds.slice(0, count);
    const linkTypes = new Set(end.interfaces.map((from) => from.linkType));
    return {
      name: this.file.name,
      format: end.format,
      linkType: linkTypes.size === 1 ? (end.interfaces[0]?.linkType ?? null) : null,
      interfaces: end.interfaces,
      blocks: end.blocks,
      count,
      seconds,
      picoseconds,
      originalBytes: this.#originalBytes.slice(0, count),
      capturedBytes: this.#capturedBytes.slice(0, count),
      dataOffsets: this.#dataOffsets.slice(0, count),
      interfaceOf: this.#interfaceOf.slice(0, count),
      ...countSteps(seconds, picoseconds),
      truncatedAt: end.truncatedAt,
      bytes: this.file.bytes,
    };
  }

  #grow(): void {
    const capacity = Math.min(this.#seconds.length * 2, this.file.limits.packets);
    this.#seconds = grown(this.#seconds, new Float64Array(capacity));
    this.#picoseconds = grown(this.#picoseconds, new Float64Array(capacity));
    this.#originalBytes = grown(this.#originalBytes, new Uint32Array(capacity));
    this.#capturedBytes = grown(this.#capturedBytes, new Uint32Array(capacity));
    this.#dataOffsets = grown(this.#dataOffsets, new Uint32Array(capacity));
    this.#interfaceOf = grown(this.#interfaceOf, new Uint16Array(capacity));
  }
}

function grown<Column extends Float64Array | Uint32Array | Uint16Array>(from: Column, into: Column): Column {
  into.set(from);
  return into;
}

type Steps = Pick<Capture, "firstTimestamp" | "timed" | "backwardSteps" | "zeroGaps">;

function countSteps(seconds: Float64Array, picoseconds: Float64Array): Steps {
  let firstTimestamp: Timestamp | null = null;
  let timed = 0;
  let backwardSteps = 0;
  let zeroGaps = 0;
  let lastSecond = 0;
  let lastPicosecond = 0;
  for (let index = 0; index < seconds.length; index += 1) {
    const second = seconds[index] ?? NaN;
    const picosecond = picoseconds[index] ?? NaN;
    if (Number.isNaN(second)) continue;
    firstTimestamp ??= { seconds: second, picoseconds: picosecond };
    const step = second - lastSecond || picosecond - lastPicosecond;
    if (timed > 0 && step < 0) backwardSteps += 1;
    if (timed > 0 && step === 0) zeroGaps += 1;
    timed += 1;
    lastSecond = second;
    lastPicosecond = picosecond;
  }
  return { firstTimestamp, timed, backwardSteps, zeroGaps };
}
