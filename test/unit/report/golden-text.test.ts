import { describe, test } from "node:test";
import { percentilesCsv, percentilesMarkdown, reportText, type Style } from "../../../src/report/index.js";
import { compared, fpgaExample, kernelExample } from "../../support/example-result.js";
import { assertGolden } from "../../support/golden-file.js";

const tagged = (name: string) => (text: string): string => `<${name}>${text}</${name}>`;
const TAGS: Style = { bold: tagged("b"), dim: tagged("dim"), red: tagged("red"), green: tagged("green"), yellow: tagged("yellow") };

const KERNEL = kernelExample();
const FPGA = fpgaExample();

// The pictures of the report that people have looked at; a change of any of them is reviewed as a picture.
describe("the text of a report", () => {
  for (const columns of [80, 120, 200]) {
    test(`of the kernel example is the golden one at ${columns} columns`, () => {
      assertGolden(`report/kernel-${columns}.txt`, reportText(KERNEL, { columns, detail: 2 }));
    });
    test(`of a comparison is the golden one at ${columns} columns`, () => {
      assertGolden(`report/compare-${columns}.txt`, compared([KERNEL, FPGA], columns));
    });
  }

  test("of the FPGA example, with latencies below zero, is the golden one at 80 columns", () => {
    assertGolden("report/fpga-80.txt", reportText(FPGA, { columns: 80 }));
  });

  test("paints headings, failures and warnings, and nothing else changes", () => {
    assertGolden("report/kernel-styled.txt", reportText(KERNEL, { columns: 100, style: TAGS, detail: 1 }));
  });

  test("of the percentile table is the golden one in Markdown", () => {
    assertGolden("report/kernel-percentiles.txt", percentilesMarkdown(KERNEL));
  });

  test("of the percentile table is the golden one in CSV", () => {
    assertGolden("report/kernel.csv", percentilesCsv(KERNEL));
  });
});
