import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { barText } from "../../../src/report/bar.js";
import { pageOf } from "../../../src/report/style.js";
import { naturalWidth, renderTable, type Table } from "../../../src/report/table.js";
import { clip, clipMiddle, fit, textWidth, wrap } from "../../../src/report/text-width.js";
import { dollarsText, fixed, inScale, scaleFor } from "../../../src/report/time-text.js";

describe("the width of text", () => {
  test("counts what a terminal shows, not code units", () => {
    const widths = ["µs", "✓ ✗ —", "統計", "e\u0301", "😀", ""].map(textWidth);
    assert.deepEqual(widths, [2, 5, 4, 1, 2, 0]);
  });

  test("is kept by clipping, also where a wide character straddles the end", () => {
    assert.equal(clip("moderation timer", 10), "moderatio…");
    assert.equal(clip("hard interrupt", 6), "hard…");
    assert.equal(clip("統計統計", 4), "統…");
    assert.equal(clip("short", 5), "short");
    assert.equal(clip("x", 0), "");
    assert.equal(clipMiddle("kernel-udp-t2t/base", 11), "kerne…/base");
    assert.equal(textWidth(fit("統計統計", 6, "right")), 6);
  });

  test("bounds every wrapped line, and a no-break space holds", () => {
    assert.deepEqual(wrap("process 12.8\u00a0%, wake 5.1\u00a0%", 20, "  "), ["process 12.8 %, wake", "  5.1 %"]);
    assert.deepEqual(wrap("a verylongwordindeed b", 10), ["a", "verylongw…", "b"]);
    assert.deepEqual(wrap("  ", 10), []);
  });
});

describe("a table", () => {
  const table: Table = {
    columns: [
      { head: "step", align: "left", least: 4 }, { head: "mean\nus", align: "right" }, { head: "bar", align: "left", drop: 2, least: 3 }, { head: "note", align: "left", drop: 1 },
    ],
    rows: [["gw.nic.rx", "7.702", { width: 6, draw: (width) => "█".repeat(width) }, "first"], ["gw", "16.000", "", "second"]],
    foot: [["total", "23.702"]],
  };
  const at = (columns: number): ReturnType<typeof renderTable> => renderTable(table, { ...pageOf({ columns: 80 }), columns });

  test("aligns its columns and puts headings of several lines at the bottom", () => {
    assert.equal(naturalWidth(table), 9 + 6 + 6 + 6 + 6);
    assert.deepEqual(at(80), {
      dropped: [],
      lines: [
        "             mean",
        "step           us  bar     note",
        "─────────────────────────────────",
        "gw.nic.rx   7.702  ██████  first",
        "gw         16.000          second",
        "─────────────────────────────────",
        "total      23.702",
      ],
    });
  });

  test("narrows first what may be narrowed, then leaves columns out, the least needed first", () => {
    assert.equal(at(30).lines[3], "gw.ni…   7.702  ██████  first");
    assert.deepEqual(at(24).dropped, ["bar"]);
    assert.deepEqual(at(16).dropped, ["bar", "note"]);
    assert.equal(at(13).lines[3], "gw.n…   7.702");
    assert.equal(at(16).lines[3], "gw.nic.…   7.702");
  });

  test("cuts its lines where nothing else helps", () => {
    assert.ok(at(7).lines.every((line) => textWidth(line) <= 7));
  });
});

describe("a bar", () => {
  test("is drawn in eighths of a character, light where it is negative, and never vanishes for something", () => {
    assert.deepEqual([1, 0.5, 0.0625, 0.001, 0, -0.5, 3].map((share) => barText(share, 4)), ["████", "██", "▎", "▏", "", "░░", "████"]);
  });
});

describe("times in a column", () => {
  test("share the unit of the largest, unless the smallest would lose its digits", () => {
    assert.equal(scaleFor([7_701_641, 23_701_641]).unit, "us");
    assert.equal(scaleFor([41_000, 7_701_641]).unit, "ns");
    assert.equal(scaleFor([41_000, 7_701_641_000_000]).unit, "ms");
    assert.deepEqual(scaleFor([]), { unit: "ps", ps: 1, decimals: 0 });
    assert.equal(inScale(7_701_641, scaleFor([41_000, 7_701_641])), "7701.64");
  });

  test("never read as minus zero", () => {
    assert.equal(fixed(-0.0001, 3), "0.000");
  });
});

describe("an amount of money", () => {
  test("is written as the locale writes it, to four digits and to the cent", () => {
    const asLocale = (amount: number): string => `$${Number(amount.toPrecision(4)).toLocaleString("en-US", { maximumFractionDigits: 2 })}`;
    const steps = Array.from({ length: 4000 }, (_, index) => index);
    const amounts = [...steps.map((one) => one / 1000), ...steps.map((one) => (one - 2000) * 1.2345 ** (one % 200)), 0.005, 1.005, 999.95, 9999.5, 1e6, 42_354.6];
    for (const amount of amounts.filter((one) => Math.abs(one) < 1e21)) assert.equal(dollarsText(amount), asLocale(amount));
    assert.equal(dollarsText(1_234_567), "$1,235,000");
  });
});
