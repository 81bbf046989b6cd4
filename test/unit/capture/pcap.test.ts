import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DEFAULT_LIMITS, packetBytes, parseCapture, writePcap, type OutgoingPacket } from "../../../src/capture/index.js";
import { u16, u32, type Order } from "./pcapng-bytes.js";
import { refuses } from "./refusal.js";

/** A classic file written byte by byte here, so that reader and writer are not checked against each other alone. */
function header(magic: number, order: Order = {}, linkWord = 1): number[] {
  return [...u32(magic, order), ...u16(2, order), ...u16(4, order), ...u32(0, order), ...u32(0, order), ...u32(65_535, order), ...u32(linkWord, order)];
}

function record(time: readonly [number, number], data: readonly number[], order: Order = {}, originalBytes = data.length): number[] {
  return [...u32(time[0], order), ...u32(time[1], order), ...u32(data.length, order), ...u32(originalBytes, order), ...data];
}

const NANO = 0xa1b23c4d;
const MICRO = 0xa1b2c3d4;

function parse(bytes: readonly number[]): ReturnType<typeof parseCapture> {
  return parseCapture(Uint8Array.from(bytes), "test.pcap");
}

describe("classic pcap", () => {
  for (const bigEndian of [false, true]) {
    for (const [magic, scale] of [[MICRO, 1e6], [NANO, 1e3]] as const) {
      test(`a ${bigEndian ? "big" : "little"}-endian file with magic ${magic.toString(16)} gives times, lengths and bytes`, () => {
        const order = { bigEndian };
        const bytes = [...header(magic, order), ...record([4_000_000_000, 999_999], [1, 2, 3], order, 9), ...record([4_000_000_001, 5], [4], order)];
        const capture = parse(bytes);
        assert.equal(capture.format, "pcap");
        assert.equal(capture.linkType, 1);
        assert.equal(capture.count, 2);
        assert.deepEqual([...capture.seconds], [4_000_000_000, 4_000_000_001]);
        assert.deepEqual([...capture.picoseconds], [999_999 * scale, 5 * scale]);
        assert.deepEqual([...capture.originalBytes], [9, 1]);
        assert.deepEqual([...packetBytes(capture, 0)], [1, 2, 3]);
        assert.deepEqual([...packetBytes(capture, 1)], [4]);
        assert.deepEqual(capture.firstTimestamp, { seconds: 4_000_000_000, picoseconds: 999_999 * scale });
        assert.equal(capture.truncatedAt, null);
      });
    }
  }

  test("the writer gives the bytes that the format prescribes", () => {
    const packets: OutgoingPacket[] = [{ seconds: 7, picoseconds: 123_456_789_999, bytes: Uint8Array.of(1, 2), originalBytes: 60 }];
    const expected = [...header(NANO, { bigEndian: true }), ...record([7, 123_456_789], [1, 2], { bigEndian: true }, 60)];
    const written = [...writePcap(packets, { bigEndian: true })];
    // The two differ in the snapshot length alone, which the writer states as the largest.
    assert.deepEqual(written.slice(0, 16), expected.slice(0, 16));
    assert.deepEqual(written.slice(20), expected.slice(20));
  });

  test("steps back in time and equal times are counted, in the order of the file", () => {
    const times = [[5, 0], [4, 9], [4, 9], [6, 0], [5, 999], [5, 999]] as const;
    const capture = parse([...header(MICRO), ...times.flatMap((time) => record(time, [0]))]);
    assert.equal(capture.backwardSteps, 2);
    assert.equal(capture.zeroGaps, 2);
    assert.deepEqual([...capture.seconds], [5, 4, 4, 6, 5, 5]);
  });

  test("a first packet at the very beginning of 1970 has no gap before it", () => {
    const capture = parse([...header(NANO), ...record([0, 0], []), ...record([0, 0], [])]);
    assert.deepEqual([capture.zeroGaps, capture.backwardSteps, capture.timed], [1, 0, 2]);
  });

  test("a frame check sequence stated in the link type word is told apart from the link type", () => {
    const capture = parse(header(NANO, {}, 0x2400_0001));
    assert.equal(capture.linkType, 1);
    assert.equal(capture.interfaces[0]?.fcsBytes, 4);
    assert.equal(parse(header(NANO)).interfaces[0]?.fcsBytes, null);
  });

  test("a file cut anywhere after its header gives the whole packets before the cut and says where the incomplete one begins", () => {
    const whole = [...header(NANO), ...record([1, 0], [1, 2, 3, 4]), ...record([2, 0], [5, 6]), ...record([3, 0], [])];
    const boundaries = [24, 44, 62, 78];
    for (let length = 24; length <= whole.length; length += 1) {
      const capture = parse(whole.slice(0, length));
      const complete = boundaries.filter((boundary) => boundary <= length).length - 1;
      assert.equal(capture.count, complete, `cut after ${length} bytes`);
      assert.equal(capture.truncatedAt, boundaries.includes(length) ? null : boundaries[complete]);
    }
    assert.equal(whole.length, 78);
  });
});

describe("classic pcap that contradicts itself is refused with the byte at fault:", () => {
  test("a header cut off", () => refuses(() => parse(header(NANO).slice(0, 23)), "capture-corrupt", /test\.pcap, byte 0: the file ends after 23 bytes/));

  test("another version", () => {
    const bytes = header(NANO);
    bytes[6] = 3;
    refuses(() => parse(bytes), "capture-corrupt", /byte 4: pcap version 2\.3/);
  });

  test("a fraction that is a whole second, one below it being fine", () => {
    assert.equal(parse([...header(MICRO), ...record([0, 999_999], [])]).count, 1);
    refuses(() => parse([...header(MICRO), ...record([0, 1_000_000], [])]), "capture-corrupt", /byte 28: 1000000 as part of a second/);
    assert.equal(parse([...header(NANO), ...record([0, 1_000_000], [])]).count, 1);
  });

  test("more bytes captured than the packet had", () => {
    refuses(() => parse([...header(NANO), ...record([0, 0], [1, 2], {}, 1)]), "capture-corrupt", /byte 32: 2 bytes captured of a packet of 1/);
  });

  test("a packet of 4 GiB, without asking for that memory", () => {
    const bytes = [...header(NANO), ...u32(0), ...u32(0), ...u32(0xffff_ffff), ...u32(0xffff_ffff)];
    refuses(() => parse(bytes), "capture-corrupt", /byte 32: a packet of 4294967295 bytes/);
  });

  test("more packets than the limit, the limit itself being fine", () => {
    const bytes = Uint8Array.from([...header(NANO), ...record([0, 0], []), ...record([0, 0], []), ...record([0, 0], [])]);
    assert.equal(parseCapture(bytes, "x", { ...DEFAULT_LIMITS, packets: 3 }).count, 3);
    refuses(() => parseCapture(bytes, "x", { ...DEFAULT_LIMITS, packets: 2 }), "capture-too-large", /more than 2 packets/);
  });

  test("a file above the limit of bytes", () => {
    const bytes = Uint8Array.from(header(NANO));
    assert.equal(parseCapture(bytes, "x", { ...DEFAULT_LIMITS, fileBytes: 24 }).count, 0);
    refuses(() => parseCapture(bytes, "x", { ...DEFAULT_LIMITS, fileBytes: 23 }), "capture-too-large", /24 bytes, but the limit is 23/);
  });
});

describe("what is not a capture is named, with what to do about it:", () => {
  const cases: readonly (readonly [string, readonly number[], RegExp])[] = [
    ["an empty file", [], /the file is empty/],
    ["gzip", [0x1f, 0x8b, 8, 0], /gzip data/],
    ["Zstandard", [0x28, 0xb5, 0x2f, 0xfd], /Zstandard data/],
    ["xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], /xz data/],
    ["modified pcap", [0x34, 0xcd, 0xb2, 0xa1], /modified pcap/],
    ["text", [...Buffer.from("scenario: x")], /begins with the bytes 7363656e6172696f/],
    ["two bytes", [0xd4, 0xc3], /begins with the bytes d4c3/],
  ];
  for (const [what, bytes, message] of cases) {
    test(what, () => refuses(() => parseCapture(Uint8Array.from(bytes), "thing", DEFAULT_LIMITS), "capture-unknown-format", message));
  }
});
