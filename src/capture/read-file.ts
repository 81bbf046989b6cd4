import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { WirelatError } from "../errors/index.js";
import { DEFAULT_LIMITS, type Capture, type CaptureLimits } from "./capture.js";
import { corrupt, tooLarge } from "./faults.js";
import { parseCapture } from "./parse.js";

const SPLIT = "Split it, e.g. with editcap -c, and use one part.";

/**
 * Reads and parses a capture file; one compressed with gzip is decompressed, up to the same limit.
 * Whether the path may be read at all is the caller's to decide. Throws `capture-unreadable` and what `parseCapture` throws.
 */
export function readCaptureFile(path: string, limits: CaptureLimits = DEFAULT_LIMITS): Capture {
  const bytes = readBounded(path, limits.fileBytes);
  const gzipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return parseCapture(gzipped ? gunzipBounded(bytes, path, limits.fileBytes) : bytes, path, limits);
}

function readBounded(path: string, limit: number): Uint8Array {
  // Without O_NONBLOCK, opening a named pipe waits for a writer that may never come.
  const file = withCause(path, () => openSync(path, constants.O_RDONLY | constants.O_NONBLOCK));
  try {
    const status = withCause(path, () => fstatSync(file));
    if (!status.isFile()) throw unreadable(path, "it is not a regular file");
    if (status.size > limit) throw tooLarge({ name: path, offset: 0 }, `${status.size} bytes, but the limit is ${limit}`, SPLIT);
    return withCause(path, () => readWhole(file, status.size));
  } finally {
    closeSync(file);
  }
}

/** Reads `size` bytes of an open file. A file that shrinks meanwhile gives what is there; one that grows gives what it had. */
export function readWhole(file: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let filled = 0;
  while (filled < size) {
    const read = readSync(file, bytes, filled, size - filled, filled);
    if (read === 0) break;
    filled += read;
  }
  return bytes.subarray(0, filled);
}

function gunzipBounded(bytes: Uint8Array, path: string, limit: number): Uint8Array {
  try {
    const plain = gunzipSync(bytes, { maxOutputLength: limit });
    return new Uint8Array(plain.buffer, plain.byteOffset, plain.byteLength);
  } catch (cause) {
    if (codeOf(cause) === "ERR_BUFFER_TOO_LARGE") {
      throw tooLarge({ name: path, offset: 0 }, `decompresses to more than ${limit} bytes, which is the limit`, SPLIT);
    }
    throw corrupt({ name: path, offset: 0 }, `gzip data that cannot be decompressed (${messageOf(cause)})`, "Fetch or compress the file again.");
  }
}

function withCause<Result>(path: string, action: () => Result): Result {
  try {
    return action();
  } catch (cause) {
    throw unreadable(path, messageOf(cause), cause);
  }
}

function unreadable(path: string, problem: string, cause?: unknown): WirelatError {
  return new WirelatError("capture-unreadable", `${path}: a capture file was expected, but ${problem}`, {
    remedy: "Check the path and its permissions.",
    ...(cause === undefined ? {} : { cause }),
  });
}

function codeOf(cause: unknown): unknown {
  return cause instanceof Error && "code" in cause ? cause.code : undefined;
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
