import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DEFAULT_LIMITS, packetBytes, parseCapture, writePcapng, type Capture } from "../../../src/capture/index.js";
import { block, enhancedPacket, interfaceBlock, obsoletePacket, option, section, simplePacket, u16, u32, u64 } from "./pcapng-bytes.js";
import { refuses } from "./refusal.js";

function parse(bytes: readonly number[]): Capture {
  return parseCapture(Uint8Array.from(bytes), "test.pcapng");
}

const END_OF_OPTIONS = [0, 0, 0, 0];

function timeOf(capture: Capture, index: number): readonly [number | undefined, number | undefined] {
  return [capture.seconds[index], capture.picoseconds[index]];
}

describe("pcapng", () => {
  for (const bigEndian of [false, true]) {
    const order = { bigEndian };
    test(`a ${bigEndian ? "big" : "little"}-endian file gives packets of all three kinds`, () => {
      const capture = parse([
        ...section(order),
        ...interfaceBlock(order, 2),
        ...enhancedPacket(1_500_000_000_000_001n, [1, 2, 3, 4, 5], order),
        ...simplePacket(9, [6, 7], order),
        ...obsoletePacket(1_500_000_000_000_002n, [8], order),
      ]);
      assert.equal(capture.format, "pcapng");
      assert.equal(capture.count, 3);
      assert.equal(capture.timed, 2);
      assert.deepEqual(timeOf(capture, 0), [1_500_000_000, 1_000_000]);
      assert.deepEqual(timeOf(capture, 1), [NaN, NaN]);
      assert.deepEqual(timeOf(capture, 2), [1_500_000_000, 2_000_000]);
      assert.deepEqual([...packetBytes(capture, 0)], [1, 2, 3, 4, 5]);
      assert.deepEqual([...packetBytes(capture, 1)], [6, 7]);
      assert.deepEqual([...capture.originalBytes], [5, 9, 1]);
      assert.deepEqual(capture.blocks, { SHB: 1, IDB: 1, EPB: 1, SPB: 1, PB: 1 });
      assert.equal(capture.truncatedAt, null);
    });

    test(`the ${bigEndian ? "big" : "little"}-endian writer keeps picoseconds of today's dates`, () => {
      const packet = { seconds: 1_767_623_400, picoseconds: 123_456_789_012, bytes: Uint8Array.of(1, 2, 3), originalBytes: 64 };
      const capture = parseCapture(writePcapng([packet], order), "x");
      assert.deepEqual(timeOf(capture, 0), [1_767_623_400, 123_456_789_012]);
      assert.deepEqual([...packetBytes(capture, 0)], [1, 2, 3]);
      assert.equal(capture.originalBytes[0], 64);
      assert.equal(capture.truncatedAt, null);
    });
  }

  test("each section has its own byte order and its own interfaces", () => {
    const big = { bigEndian: true };
    const capture = parse([
      ...section(), ...interfaceBlock(), ...interfaceBlock({}, 0, option(9, [9])), ...enhancedPacket(5n, [1], {}, 1),
      ...section(big), ...interfaceBlock(big, 0, option(9, [3], big)), ...enhancedPacket(5n, [2], big, 0),
    ]);
    assert.deepEqual([...capture.interfaceOf], [1, 2]);
    assert.deepEqual(capture.interfaces.map((from) => from.section), [0, 0, 1]);
    assert.deepEqual(timeOf(capture, 0), [0, 5000]);
    assert.deepEqual(timeOf(capture, 1), [0, 5_000_000_000]);
  });

  test("blocks of unknown kind are skipped and counted together", () => {
    const capture = parse([...section(), ...block(0x7777, [1, 2, 3, 4]), ...interfaceBlock(), ...block(0x8888, []), ...enhancedPacket(0n, [])]);
    assert.equal(capture.count, 1);
    assert.equal(capture.blocks["other"], 2);
  });

  test("interfaces of different link types leave no common one", () => {
    const raw = block(1, [...u16(101), ...u16(0), ...u32(0)]);
    assert.equal(parse([...section(), ...interfaceBlock(), ...raw]).linkType, null);
    assert.equal(parse([...section(), ...interfaceBlock(), ...interfaceBlock()]).linkType, 1);
    assert.equal(parse(section()).linkType, null);
  });
});

describe("pcapng times", () => {
  function timeWith(options: readonly number[], ticks: bigint): readonly [number | undefined, number | undefined] {
    const capture = parse([...section(), ...interfaceBlock({}, 0, [...options, ...END_OF_OPTIONS]), ...enhancedPacket(ticks, [])]);
    return timeOf(capture, 0);
  }

  test("count powers of ten from whole seconds down to finer than a picosecond, rounded to the nearest", () => {
    assert.deepEqual(timeWith(option(9, [0]), 7n), [7, 0]);
    assert.deepEqual(timeWith(option(9, [9]), 7_000_000_003n), [7, 3000]);
    assert.deepEqual(timeWith(option(9, [12]), 7_000_000_000_003n), [7, 3]);
    assert.deepEqual(timeWith(option(9, [13]), 14n), [0, 1]);
    assert.deepEqual(timeWith(option(9, [13]), 15n), [0, 2]);
    assert.deepEqual(timeWith(option(9, [13]), 9_999_999_999_999n), [1, 0]);
  });

  test("count powers of two", () => {
    assert.deepEqual(timeWith(option(9, [0x80 | 1]), 3n), [1, 500_000_000_000]);
    // 2^-32 s, as in NTP: 1 tick is 232.8 ps.
    assert.deepEqual(timeWith(option(9, [0x80 | 32]), (5n << 32n) + 1n), [5, 233]);
    assert.deepEqual(timeWith(option(9, [0x80 | 32]), (5n << 32n) + (1n << 30n)), [5, 250_000_000_000]);
  });

  test("are moved by an offset of either sign", () => {
    assert.deepEqual(timeWith([...option(14, u64(1_700_000_000n)), ...option(9, [12])], 1_000_000_000_001n), [1_700_000_001, 1]);
    assert.deepEqual(timeWith(option(14, u64(-2n)), 500_000n), [-2, 500_000_000_000]);
  });

  test("of a year beyond the age of the Earth are refused", () => {
    refuses(() => timeWith([...option(9, [0])], 2n ** 53n), "capture-corrupt", /a time of 9007199254740992 s/);
    assert.deepEqual(timeWith([...option(9, [0])], 2n ** 53n - 1n), [Number.MAX_SAFE_INTEGER, 0]);
  });

  test("in units that 64 bits cannot hold are refused, the finest that they can being fine", () => {
    refuses(() => timeWith(option(9, [20]), 0n), "capture-corrupt", /10\^-20 s/);
    refuses(() => timeWith(option(9, [0x80 | 64]), 0n), "capture-corrupt", /2\^-64 s/);
    assert.deepEqual(timeWith(option(9, [19]), 10n ** 19n), [1, 0]);
    assert.deepEqual(timeWith(option(9, [0x80 | 63]), 2n ** 63n), [1, 0]);
  });

  test("ignore options behind the end of options, and keep a bounded name", () => {
    const options = [...option(2, new Array<number>(1000).fill(0x41)), ...option(13, [4]), ...END_OF_OPTIONS, ...option(9, [9])];
    const capture = parse([...section(), ...interfaceBlock({}, 0, options)]);
    assert.equal(capture.interfaces[0]?.name, "A".repeat(256));
    assert.equal(capture.interfaces[0]?.fcsBytes, 4);
    assert.equal(capture.interfaces[0]?.ticksPerSecond, 1_000_000n);
  });
});

test("pcapng cut anywhere gives the whole packets before the cut and says where the incomplete block begins", () => {
  const parts = [section(), interfaceBlock(), enhancedPacket(1n, [1, 2, 3]), block(0x99, [1, 2, 3, 4]), enhancedPacket(2n, [4])];
  const ends = parts.map((_, index) => parts.slice(0, index + 1).flat().length);
  const whole = parts.flat();
  for (let length = 12; length <= whole.length; length += 1) {
    const capture = parse(whole.slice(0, length));
    const begins = [0, ...ends].filter((end) => end <= length).at(-1);
    assert.equal(capture.truncatedAt, begins === length ? null : begins, `cut after ${length} bytes`);
    assert.equal(capture.count, [2, 4].filter((part) => (ends[part] ?? Infinity) <= length).length);
  }
});

describe("pcapng that contradicts itself is refused with the byte at fault:", () => {
  const opening = [...section(), ...interfaceBlock()];

  test("a section without byte-order magic", () => {
    const bytes = section();
    bytes[8] = 0;
    refuses(() => parse(bytes), "capture-corrupt", /byte 8: a section header without/);
  });

  test("another major version", () => refuses(() => parse(section({}, 2)), "capture-corrupt", /byte 12: pcapng version 2/));

  test("lengths at the two ends of a block that differ", () => {
    const bytes = [...opening, ...enhancedPacket(0n, [])];
    bytes[bytes.length - 4] = 36;
    refuses(() => parse(bytes), "capture-corrupt", /a block of 32 bytes ends by saying that it had 36/);
  });

  test("a block shorter than its kind, or not a multiple of 4", () => {
    refuses(() => parse([...opening, ...block(6, new Array<number>(16).fill(0))]), "capture-corrupt", /byte 52: a block of 28 bytes/);
    refuses(() => parse([...opening, ...u32(0x99), ...u32(8), ...u32(8)]), "capture-corrupt", /a block of 8 bytes/);
    refuses(() => parse([...opening, ...block(0x99, [1])]), "capture-corrupt", /a block of 13 bytes/);
  });

  test("a packet longer than its block, or of an interface that its section does not have", () => {
    const long = block(6, [...u32(0), ...u64(0n), ...u32(5), ...u32(5), 1, 2, 3, 4]);
    refuses(() => parse([...opening, ...long]), "capture-corrupt", /byte 48: a packet of 5 bytes in a block with room for 4/);
    refuses(() => parse([...opening, ...simplePacket(5, [1, 2, 3, 4])]), "capture-corrupt", /a packet of 5 bytes in a block with room for 4/);
    refuses(() => parse([...opening, ...section(), ...enhancedPacket(0n, [])]), "capture-corrupt", /interface 0, but its section has declared 0/);
    refuses(() => parse([...section(), ...simplePacket(0, [])]), "capture-corrupt", /interface 0/);
    refuses(() => parse([...opening, ...enhancedPacket(0n, [], {}, 0xffff_ffff)]), "capture-corrupt", /interface 4294967295/);
  });

  test("an option that reaches out of its block, or has the wrong length", () => {
    refuses(() => parse([...section(), ...interfaceBlock({}, 0, [...u16(2), ...u16(5), 1, 2, 3, 4])]), "capture-corrupt", /byte 44: option 2 of 5 bytes/);
    refuses(() => parse([...section(), ...interfaceBlock({}, 0, option(9, [6, 6]))]), "capture-corrupt", /option 9 has 2 bytes, not 1/);
    refuses(() => parse([...section(), ...interfaceBlock({}, 0, option(14, [6]))]), "capture-corrupt", /option 14 has 1 bytes, not 8/);
  });

  test("a block or a number of interfaces above the limit", () => {
    const huge = [...section(), ...u32(0x99), ...u32(0x0100_0004), ...u32(0)];
    refuses(() => parse(huge), "capture-too-large", /byte 32: a block of 16777220 bytes/);
    const two = Uint8Array.from([...opening, ...interfaceBlock()]);
    assert.equal(parseCapture(two, "x", { ...DEFAULT_LIMITS, interfaces: 2 }).interfaces.length, 2);
    refuses(() => parseCapture(two, "x", { ...DEFAULT_LIMITS, interfaces: 1 }), "capture-too-large", /more than 1 interfaces/);
  });
});
