import { corrupt } from "./faults.js";
import type { CaptureFile } from "./packet-table.js";

/** Part of a file in one byte order: `[start, end)`. */
export interface OptionSpan {
  readonly start: number;
  readonly end: number;
  readonly little: boolean;
}

/** One option of a pcapng block: its code and where its value lies. */
export interface BlockOption {
  readonly code: number;
  readonly offset: number;
  readonly length: number;
}

/** The options of a block, one after the other, never past its end. Throws `capture-corrupt` where a length says otherwise. */
export function* blockOptions(file: CaptureFile, span: OptionSpan): Generator<BlockOption> {
  let offset = span.start;
  while (offset + 4 <= span.end) {
    const code = file.view.getUint16(offset, span.little);
    const length = file.view.getUint16(offset + 2, span.little);
    if (code === 0) return;
    if (offset + 4 + length > span.end) {
      throw corrupt({ name: file.name, offset }, `option ${code} of ${length} bytes reaches past the end of its block`);
    }
    yield { code, offset: offset + 4, length };
    offset += 4 + Math.ceil(length / 4) * 4;
  }
}

/** What the options of an interface block say of its times and frames. */
export interface InterfaceOptions {
  name: string | null;
  ticksPerSecond: bigint;
  offsetSeconds: bigint;
  fcsBytes: number | null;
}

const IF_NAME = 2;
const IF_TSRESOL = 9;
const IF_FCSLEN = 13;
const IF_TSOFFSET = 14;
const LONGEST_NAME_BYTES = 256;

/** Reads the four options that matter here; an interface without them counts microseconds since 1970. */
export function interfaceOptions(file: CaptureFile, span: OptionSpan): InterfaceOptions {
  const found: InterfaceOptions = { name: null, ticksPerSecond: 1_000_000n, offsetSeconds: 0n, fcsBytes: null };
  for (const option of blockOptions(file, span)) {
    const { offset, length } = option;
    if (option.code === IF_NAME) {
      found.name = new TextDecoder().decode(file.bytes.subarray(offset, offset + Math.min(length, LONGEST_NAME_BYTES)));
    } else if (option.code === IF_TSRESOL) {
      requireLength(file, option, 1);
      found.ticksPerSecond = ticksPerSecond(file, offset);
    } else if (option.code === IF_FCSLEN) {
      requireLength(file, option, 1);
      found.fcsBytes = file.view.getUint8(offset);
    } else if (option.code === IF_TSOFFSET) {
      requireLength(file, option, 8);
      found.offsetSeconds = file.view.getBigInt64(offset, span.little);
    }
  }
  return found;
}

function requireLength(file: CaptureFile, option: BlockOption, expected: number): void {
  if (option.length === expected) return;
  throw corrupt({ name: file.name, offset: option.offset - 2 }, `interface option ${option.code} has ${option.length} bytes, not ${expected}`);
}

/** The seven low bits are a negative exponent; the high bit says whether of 2 or of 10. Finer than a 64-bit count can hold is refused. */
function ticksPerSecond(file: CaptureFile, offset: number): bigint {
  const byte = file.view.getUint8(offset);
  const exponent = byte & 0x7f;
  const binary = byte >= 0x80;
  if (exponent > (binary ? 63 : 19)) {
    throw corrupt({ name: file.name, offset }, `times in units of ${binary ? 2 : 10}^-${exponent} s, of which 64 bits do not hold one second`);
  }
  return (binary ? 2n : 10n) ** BigInt(exponent);
}
