import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { DEFAULT_LIMITS, readCaptureFile, writePcap } from "../../../src/capture/index.js";
import { refuses } from "./refusal.js";

describe("reading a capture file", () => {
  const folder = mkdtempSync(join(tmpdir(), "wirelat-capture-"));
  after(() => rmSync(folder, { recursive: true }));
  const bytes = writePcap([{ seconds: 1, picoseconds: 2000, bytes: new Uint8Array(1000) }]);

  function written(name: string, content: Uint8Array): string {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  }

  test("gives the same packets plain and compressed with gzip", () => {
    const plain = readCaptureFile(written("a.pcap", bytes));
    const zipped = readCaptureFile(written("a.pcap.gz", gzipSync(bytes)));
    assert.equal(plain.count, 1);
    assert.equal(plain.name, join(folder, "a.pcap"));
    assert.deepEqual(zipped.bytes, plain.bytes);
  });

  test("stops decompressing at the limit", () => {
    const path = written("bomb.gz", gzipSync(new Uint8Array(10_000_000)));
    refuses(() => readCaptureFile(path, { ...DEFAULT_LIMITS, fileBytes: 1_000_000 }), "capture-too-large", /decompresses to more than 1000000 bytes/);
  });

  test("refuses gzip data that is cut off", () => {
    const path = written("cut.gz", gzipSync(bytes).subarray(0, 30));
    refuses(() => readCaptureFile(path), "capture-corrupt", /cut\.gz, byte 0: gzip data that cannot be decompressed/);
  });

  test("refuses a file above the limit without reading it", () => {
    const path = written("big.pcap", bytes);
    assert.equal(readCaptureFile(path, { ...DEFAULT_LIMITS, fileBytes: bytes.length }).count, 1);
    refuses(() => readCaptureFile(path, { ...DEFAULT_LIMITS, fileBytes: bytes.length - 1 }), "capture-too-large", /1040 bytes, but the limit is 1039/);
  });

  test("refuses what is missing or no regular file", () => {
    refuses(() => readCaptureFile(join(folder, "missing.pcap")), "capture-unreadable", /ENOENT/);
    refuses(() => readCaptureFile(folder), "capture-unreadable", /not a regular file/);
  });

  test("does not wait for the writer of a named pipe", (context) => {
    const pipe = join(folder, "pipe");
    if (spawnSync("mkfifo", [pipe]).status !== 0) return context.skip("this system has no mkfifo");
    refuses(() => readCaptureFile(pipe), "capture-unreadable", /not a regular file/);
  });
});
