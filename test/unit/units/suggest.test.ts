import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { suggestUnit } from "../../../src/units/index.js";

describe("suggestUnit", () => {
  test("knows the words for units, the wrong case, and the slip of a finger", () => {
    const rows: readonly (readonly [string, string])[] = [
      ["seconds", "s"], ["Hours", "h"], ["bytes", "B"], ["meters", "m"], ["percent", "%"], ["dollars", "USD"], ["clocks", "cycles"], ["NS", "ns"],
      ["gbit/s", "Gbit/s"], ["Gbits/s", "Gbit/s"], ["Gibt/s", "Gbit/s"], ["mhz", "MHz"], ["kppss", "kpps"], ["cyclse", "cycles"],
      ["terabucks/s", "terabuck/s"],
    ];
    for (const [text, unit] of rows) assert.equal(suggestUnit(text), unit, text);
  });

  test("stays within the dimension it is asked about", () => {
    assert.equal(suggestUnit("kpbs", "data-rate"), "kbps");
    assert.equal(suggestUnit("kpbs", "event-rate"), "kpps");
    assert.equal(suggestUnit("seconds", "bytes"), undefined);
    assert.equal(suggestUnit("5", "count"), undefined);
  });

  test("keeps silent when nothing is near", () => {
    for (const text of ["", "x", "zz", "sn", "parsec", "furlong", "teraxxxk/s", "q".repeat(64)]) assert.equal(suggestUnit(text), undefined, text);
  });
});
