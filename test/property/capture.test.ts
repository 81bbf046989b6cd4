import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { arrivals, frameLayout, packetBytes, parseCapture, relativeTimes, summariseArrivals, writePcap, writePcapng, type Capture, type OutgoingPacket } from "../../src/capture/index.js";
import { WirelatError } from "../../src/errors/index.js";
import { rational } from "../../src/units/index.js";
import { enhancedPacket, interfaceBlock, option, section } from "../unit/capture/pcapng-bytes.js";

const packet: fc.Arbitrary<OutgoingPacket> = fc
  .record({
    seconds: fc.integer({ min: 1_700_000_000, max: 1_700_008_999 }),
    picoseconds: fc.integer({ min: 0, max: 1e12 - 1 }),
    bytes: fc.uint8Array({ maxLength: 90 }),
    cut: fc.integer({ min: 0, max: 2000 }),
  })
  .map(({ seconds, picoseconds, bytes, cut }) => ({ seconds, picoseconds, bytes, originalBytes: bytes.length + cut }));
const packets = fc.array(packet, { maxLength: 30 });
const bigEndian = fc.boolean();

/** What a file with this resolution can hold of the packets. */
function rounded(list: readonly OutgoingPacket[], unit: number): unknown[] {
  return list.map((one) => [one.seconds, Math.floor(one.picoseconds / unit) * unit, one.originalBytes, [...one.bytes]]);
}

function read(capture: Capture): unknown[] {
  return Array.from({ length: capture.count }, (_, index) => [capture.seconds[index], capture.picoseconds[index], capture.originalBytes[index], [...packetBytes(capture, index)]]);
}

describe("what is written is read again", () => {
  test("as classic pcap of either resolution and byte order", () => {
    fc.assert(
      fc.property(packets, bigEndian, fc.constantFrom("us" as const, "ns" as const), (list, big, resolution) => {
        const capture = parseCapture(writePcap(list, { bigEndian: big, resolution }), "x");
        assert.deepEqual(read(capture), rounded(list, resolution === "ns" ? 1e3 : 1e6));
        assert.equal(capture.truncatedAt, null);
      }),
    );
  });

  test("as pcapng of either byte order, to the picosecond", () => {
    fc.assert(
      fc.property(packets, bigEndian, (list, big) => {
        const capture = parseCapture(writePcapng(list, { bigEndian: big }), "x");
        assert.deepEqual(read(capture), rounded(list, 1));
        assert.equal(capture.truncatedAt, null);
      }),
    );
  });
});

describe("pcapng times", () => {
  const resolution = fc.oneof(fc.integer({ min: 0, max: 19 }), fc.integer({ min: 0x80, max: 0x80 | 63 }));
  const ticks = fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.bigInt({ min: 0n, max: 2n ** 53n }));

  test("are the exact quotient, rounded to the nearest picosecond, in every unit", () => {
    fc.assert(
      fc.property(resolution, ticks, bigEndian, (code, count, big) => {
        const perSecond = (code >= 0x80 ? 2n : 10n) ** BigInt(code & 0x7f);
        fc.pre(count / perSecond < 2n ** 53n - 1n);
        const order = { bigEndian: big };
        const bytes = [...section(order), ...interfaceBlock(order, 0, option(9, [code], order)), ...enhancedPacket(count, [], order)];
        const capture = parseCapture(Uint8Array.from(bytes), "x");
        const time = BigInt(capture.seconds[0] ?? NaN) * 10n ** 12n + BigInt(capture.picoseconds[0] ?? NaN);
        assert.equal(time, (2n * count * 10n ** 12n + perSecond) / (2n * perSecond));
      }),
      { numRuns: 1000 },
    );
  });
});

const file = fc.tuple(packets, bigEndian, fc.constantFrom("us", "ns", "ng")).map(([list, big, kind]) => {
  if (kind === "ng") return writePcapng(list, { bigEndian: big });
  return writePcap(list, { bigEndian: big, resolution: kind === "us" ? "us" : "ns" });
});

/** Where the record or block ends that holds these captured bytes: a block is padded to 4 bytes and repeats its length. */
function recordEnd(capture: Capture, dataOffset: number, capturedBytes: number): number {
  return dataOffset + (capture.format === "pcap" ? capturedBytes : Math.ceil(capturedBytes / 4) * 4 + 4);
}

/** Everything that is done with a capture: it ends in a value or in a WirelatError. Answers whether it was read. */
function use(bytes: Uint8Array): boolean {
  try {
    const capture = parseCapture(bytes, "x");
    assert.ok(capture.count * 16 <= bytes.length);
    for (let index = 0; index < capture.count; index += 1) frameLayout(capture, index);
    const series = arrivals(capture);
    assert.ok(series.times.every((time, index) => Number.isInteger(time) && time >= (series.times[index - 1] ?? 0)));
    relativeTimes(capture);
    return true;
  } catch (error) {
    assert.ok(error instanceof WirelatError, String(error instanceof Error ? error.stack : error));
    assert.ok(error.code.startsWith("capture-"), error.code);
    return false;
  }
}

describe("a damaged file is read or refused, never more", () => {
  const damage = fc.array(fc.record({ at: fc.nat(), value: fc.constantFrom(0, 1, 0x7f, 0x80, 0xff, 6, 32) }), { minLength: 1, maxLength: 8 });

  test("when bytes of it are changed, and both happen", () => {
    const seen = { read: 0, refused: 0 };
    fc.assert(
      fc.property(file, damage, (whole, changes) => {
        const bytes = Uint8Array.from(whole);
        for (const change of changes) bytes[change.at % bytes.length] = change.value;
        seen[use(bytes) ? "read" : "refused"] += 1;
      }),
      { numRuns: 2000 },
    );
    assert.ok(seen.read > 100 && seen.refused > 100, JSON.stringify(seen));
  });

  test("when it is cut, with every packet before the cut kept", () => {
    fc.assert(
      fc.property(file, fc.nat(), (whole, at) => {
        const smallest = whole[0] === 0x0a ? 28 : 24;
        const length = smallest + (at % (whole.length - smallest + 1));
        const all = parseCapture(whole, "x");
        const cut = parseCapture(whole.slice(0, length), "x");
        assert.deepEqual(read(cut), read(all).slice(0, cut.count));
        assert.ok(cut.truncatedAt === null || cut.truncatedAt < length);
        const ends = Array.from(all.dataOffsets, (offset, index) => recordEnd(all, offset, all.capturedBytes[index] ?? NaN));
        assert.equal(cut.count, ends.filter((end) => end <= length).length);
        if (length === whole.length) assert.equal(cut.truncatedAt, null);
        use(whole.slice(0, length));
      }),
      { numRuns: 500 },
    );
  });

  test("when it is noise behind a valid beginning", () => {
    const starts = fc.constantFrom(writePcap([]), writePcap([], { bigEndian: true }), writePcapng([]), writePcapng([], { bigEndian: true }), new Uint8Array(0));
    fc.assert(
      fc.property(starts, fc.uint8Array({ maxLength: 200 }), (start, noise) => {
        use(Uint8Array.from([...start, ...noise]));
      }),
      { numRuns: 1000 },
    );
  });
});

describe("arrivals", () => {
  test("are the packets, each once, sorted stably, whatever the order of the file", () => {
    fc.assert(
      fc.property(fc.array(packet, { minLength: 1, maxLength: 30 }), (list) => {
        const capture = parseCapture(writePcapng(list), "x");
        const series = arrivals(capture);
        const expected = list
          .map((one, index) => ({ time: BigInt(one.seconds) * 10n ** 12n + BigInt(one.picoseconds), index }))
          .sort((one, other) => Number(one.time - other.time));
        assert.deepEqual([...series.packets], expected.map((one) => one.index));
        assert.deepEqual([...series.times].map(BigInt), expected.map((one) => one.time - (expected[0]?.time ?? 0n)));
      }),
    );
  });

  test("at any speed lie within half a picosecond of the exact quotient", () => {
    const ratio = fc.tuple(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 1, max: 1e3 }));
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1e12 - 1 }), { minLength: 2, maxLength: 20 }), ratio, (times, [num, den]) => {
        const capture = parseCapture(writePcapng(times.map((picoseconds) => ({ seconds: 0, picoseconds, bytes: new Uint8Array(60) }))), "x");
        const real = arrivals(capture).times;
        const fast = arrivals(capture, { speed: rational(num, den) }).times;
        for (const [index, time] of fast.entries()) {
          const error = 2n * (BigInt(time) * BigInt(num) - BigInt(real[index] ?? NaN) * BigInt(den));
          assert.ok(error <= BigInt(num) && error > -BigInt(num), `${real[index]} at ${num}/${den} became ${time}`);
        }
      }),
    );
  });

  test("have the peak rates that counting every window from every arrival gives", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4e7 }), { minLength: 1, maxLength: 40 }), (list) => {
        const times = Float64Array.from(list).sort();
        for (const peak of summariseArrivals(times).peaks) {
          const counts = list.map((begin) => list.filter((time) => time >= begin && time < begin + peak.window).length);
          assert.equal(peak.arrivals, Math.max(...counts));
        }
      }),
    );
  });
});
