import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DIMENSION_NAMES, DIMENSIONS, parseQuantity, type Dimension } from "../../../src/units/index.js";
import { refusal } from "./refusal.js";

/** Text, place, and what the remedy must offer. */
const TRAPS: readonly (readonly [string, Dimension, RegExp])[] = [
  ["100 MT/s", "transfer-rate", /write it in GT\/s/u],
  ["100 MT/s", "frequency", /write it in GT\/s/u],
  ["1 T/s", "transfer-rate", /write it in GT\/s/u],
  ["10Gb", "data-rate", /of what\? Write "10 Gbit\/s" for a rate, or "10 GB" or "10 Gbit" for an amount/u],
  ["10 gb", "data-rate", /"10 Gbit\/s"/u],
  ["8 b", "bytes", /"8 B" or "8 bit"/u],
  ["8 Kb", "bytes", /"8 kB" or "8 kbit"/u],
  ["8 mb", "bits", /"8 MB" or "8 Mbit"/u],
  ["10 Gb/s", "data-rate", /write "10 Gbit\/s" or "10 GB\/s"/u],
  ["10 Mb / s", "data-rate", /write "10 Mbit\/s" or "10 MB\/s"/u],
  ["10 GBps", "data-rate", /write "10 GB\/s" for bytes or "10 Gbit\/s" for bits/u],
  ["10 KBps", "data-rate", /write "10 kB\/s" for bytes/u],
  ["10 Bps", "data-rate", /write "10 B\/s" for bytes or "10 bit\/s" for bits/u],
  ["64 KB", "bytes", /write "64 kB" for 1000 or "64 KiB" for 1024/u],
  ["64 KB/s", "data-rate", /write "64 kB\/s" for 1000 or "64 KiB\/s" for 1024/u],
  ["10G", "data-rate", /"10 Gbit\/s" for a rate or "10 GB"/u],
  ["64K", "bytes", /"64 kB"/u],
  ["5 $", "money", /write USD, such as "5 USD"/u],
  ["5 M$/us", "stake", /write USD/u],
  ["3m", "duration", /write "3 min" or "3 ms"/u],
];

describe("a unit with two common meanings", () => {
  for (const [text, dimension, offered] of TRAPS) {
    test(`"${text}" as ${DIMENSIONS[dimension].name} is refused, and told how to say it`, () => {
      const { message, remedy } = refusal("unit-ambiguous", () => parseQuantity(text, dimension));
      assert.ok(message.startsWith(`"${text}": "`), message);
      assert.match(remedy, offered);
      assert.doesNotMatch(remedy, /#|@|\$1/u);
    });
  }

  test("is offered only spellings that the parser takes somewhere", () => {
    let tried = 0;
    for (const [text, dimension] of TRAPS) {
      const { remedy } = refusal("unit-ambiguous", () => parseQuantity(text, dimension));
      for (const [, offer] of remedy.matchAll(/"([^"]+)"/gu)) {
        const taken = DIMENSION_NAMES.filter((name) => accepts(offer, name));
        assert.equal(taken.length, 1, `"${String(offer)}", offered for "${text}", is taken by: ${taken.join(", ")}`);
        tried += 1;
      }
    }
    assert.ok(tried >= TRAPS.length);
  });

  test("does not hide a unit that has one meaning where it stands", () => {
    assert.match(refusal("unit-unknown", () => parseQuantity("5 m", "bytes")).message, /a unit of a length/u);
    assert.match(refusal("unit-unknown", () => parseQuantity("8 GT/s", "data-rate")).message, /a unit of a transfer rate/u);
  });
});

function accepts(text: unknown, dimension: Dimension): boolean {
  try {
    parseQuantity(text, dimension);
    return true;
  } catch {
    return false;
  }
}
