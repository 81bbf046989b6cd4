import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
  acknowledgeLimit, byteTime, bytesOnLink, completions, GENERATIONS, goodput, linkOf, overheads, packetShare, readRequests, WIDTHS, writePackets,
} from "../../../src/models/parts/pcie-packets.js";
import { toNumber } from "../../../src/units/index.js";

const GOLDEN = "../shared/data/golden/pcie-gen3x8-bw_calc.dat";
const sum = (pieces: readonly number[]): number => pieces.reduce((total, piece) => total + piece, 0);
const period = (link: string): number => toNumber(byteTime(linkOf(link)));

describe("bytes on a PCI Express link", () => {
  test("a byte takes the transfers of its line code, spread over the lanes", () => {
    assert.equal(period("gen1 x1"), 4000);
    assert.equal(period("gen2 x8"), 250);
    assert.equal(period("gen3 x8"), 126.953125);
    assert.equal(period("gen3 x16"), 63.4765625);
    assert.equal(period("gen4 x16"), 31.73828125);
    assert.equal(period("gen5 x16"), 15.869140625);
    assert.equal(period("gen6 x16"), 7.8125);
  });

  test("eight lanes of gen5 carry exactly what sixteen lanes of gen4 do", () => {
    assert.deepEqual(byteTime(linkOf("gen5 x8")), byteTime(linkOf("gen4 x16")));
  });

  test("twice the lanes halve the time of a byte, in every generation", () => {
    for (const generation of GENERATIONS) {
      WIDTHS.slice(1).forEach((width, at) => assert.equal(period(`${generation} ${width}`) * 2, period(`${generation} ${WIDTHS[at]!}`)));
    }
  });

  test("packets carry 24, 20 and 20 bytes beside their data, 4 more with the end-to-end check", () => {
    assert.deepEqual(overheads({ generation: "gen3", wideAddresses: true, endToEndCheck: false }), { request: 24, completion: 20 });
    assert.deepEqual(overheads({ generation: "gen3", wideAddresses: false, endToEndCheck: false }), { request: 20, completion: 20 });
    assert.deepEqual(overheads({ generation: "gen3", wideAddresses: true, endToEndCheck: true }), { request: 28, completion: 24 });
    assert.deepEqual(overheads({ generation: "gen6", wideAddresses: true, endToEndCheck: false }), { request: 16, completion: 12 });
  });

  test("gen6 packets fill whole flits of 236 bytes in 256", () => {
    assert.deepEqual([1, 236, 237, 472].map((size) => bytesOnLink(size, "gen6")), [256, 256, 512, 512]);
    assert.equal(bytesOnLink(237, "gen5"), 237);
    assert.equal(bytesOnLink(1, "gen6") * period("gen6 x16"), 2000);
  });
});

describe("how transfers are cut", () => {
  const rule = { limit: 256, boundary: 64 };

  test("512 bytes at 0x20 come back as 224, 256 and 32, from an aligned address as two halves", () => {
    assert.deepEqual(completions(512, 0x20, rule), [224, 256, 32]);
    assert.deepEqual(completions(512, 0, rule), [256, 256]);
  });

  test("a root that splits at every boundary gives short ends and one line each between", () => {
    assert.deepEqual(completions(512, 0x20, { limit: 64, boundary: 64 }), [32, ...Array<number>(7).fill(64), 32]);
  });

  test("4 KiB come back in sixteen packets that take 560.625 ns at gen3 x8", () => {
    const pieces = completions(4096, 0, rule);
    assert.equal(pieces.length, 16);
    assert.equal((sum(pieces) + 20 * pieces.length) * period("gen3 x8"), 560_625);
  });

  test("aligned writes and reads take as many packets as the formulas say", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.constantFrom(64, 128, 256, 512, 1024, 2048, 4096), (bytes, size) => {
        assert.equal(writePackets(bytes, 0, size).length, Math.ceil(bytes / size));
        assert.equal(readRequests(bytes, 0, size).length, Math.ceil(bytes / size));
        assert.equal(completions(bytes, 0, { limit: size, boundary: 64 }).length, Math.ceil(bytes / size));
      }),
    );
  });

  test("whatever the address, no byte is lost, no request crosses a page and every completion but the last ends at a boundary", () => {
    const sizes = fc.constantFrom(128, 256, 512, 1024);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 0, max: 4095 }), sizes, fc.constantFrom(64, 128), (bytes, offset, limit, boundary) => {
        const requests = writePackets(bytes, offset, limit);
        assert.equal(sum(requests), bytes);
        let at = offset;
        for (const piece of requests) {
          assert.ok(piece <= limit && Math.floor(at / 4096) === Math.floor((at + piece - 1) / 4096));
          at += piece;
        }
        const answers = completions(bytes, offset, { limit, boundary });
        assert.equal(sum(answers), bytes);
        at = offset;
        answers.forEach((piece, index) => {
          at += piece;
          assert.ok(piece <= limit && (index === answers.length - 1 || at % boundary === 0));
        });
        const aligned = completions(bytes, 0, { limit, boundary }).length;
        assert.ok(answers.length === aligned || answers.length === aligned + 1, `${answers.length} completions, aligned ${aligned}`);
      }),
    );
  });
});

describe("what the link layer leaves", () => {
  test("acknowledgements are due after the symbol times of the base specification", () => {
    const limits = [["gen1 x4", 128, 73], ["gen1 x4", 256, 118], ["gen2 x8", 128, 118], ["gen2 x8", 256, 158], ["gen3 x8", 128, 163], ["gen3 x8", 256, 203]] as const;
    for (const [link, size, limit] of limits) assert.equal(acknowledgeLimit(linkOf(link), size), limit, `${link} ${size}`);
  });

  test("gen3 x8 keeps 57.88 of 63.02 Gbit/s for packets", () => {
    const raw = 8000 / period("gen3 x8");
    assert.equal(raw.toFixed(2), "63.02");
    assert.equal((raw * toNumber(packetShare(linkOf("gen3 x8"), 256))).toFixed(2), "57.88");
  });

  test("reproduces every row of the published table for gen3 x8", { skip: existsSync(GOLDEN) ? false : `${GOLDEN} is absent` }, () => {
    const rows = readFileSync(GOLDEN, "utf8").trim().split("\n").slice(1).map((line) => line.trim().split(/\s+/).map(Number));
    assert.equal(rows.length, 2048);
    const options = { link: linkOf("gen3 x8"), payloadSize: 256, requestSize: 512 };
    for (const [bytes, ...columns] of rows) {
      (["write", "read", "both"] as const).forEach((kind, at) => {
        const { bitsPerSecond, transfersPerSecond } = goodput(kind, bytes!, options);
        // The table prints two and one decimals.
        assert.ok(Math.abs(bitsPerSecond / 1e9 - columns[at * 2]!) <= 0.00501, `${kind} of ${bytes} B: ${bitsPerSecond}`);
        assert.ok(Math.abs(transfersPerSecond / columns[at * 2 + 1]! - 1) < 1e-7, `${kind} of ${bytes} B: ${transfersPerSecond} a second`);
      });
    }
  });
});
