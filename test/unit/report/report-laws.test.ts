import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { SEGMENT_KINDS, type Breakdown, type Result, type SegmentSum } from "../../../src/result/index.js";
import { compareText, percentilesCsv, percentilesMarkdown, reportText, textWidth } from "../../../src/report/index.js";
import { compared, fpgaExample, kernelExample } from "../../support/example-result.js";

const name = fc.string({ unit: fc.constantFrom("a", "gw", ".", "µ", "—", "統", " ", "-", "rx"), minLength: 1, maxLength: 30 }).filter((text) => text.trim() !== "");

const segments = fc.array(fc.record<SegmentSum>({
  step: name, label: name, kind: fc.constantFrom(...SEGMENT_KINDS.filter((kind) => kind !== "overlap")), sumPs: fc.integer({ min: 0, max: 1e12 }),
}), { minLength: 1, maxLength: 30 });

function breakdown(band: Breakdown["band"], parts: readonly SegmentSum[]): Breakdown {
  return { band, messages: 10, totalPs: parts.reduce((sum, part) => sum + part.sumPs, 0), segments: parts };
}

const KERNEL = kernelExample();
const FPGA = fpgaExample();

/** What varies: names, steps and texts, so that every width the report has to deal with comes up. */
const plans = fc.record({ p50: segments, p99: segments, variant: name, value: name, owner: name, check: name });
type Plan = typeof plans extends fc.Arbitrary<infer T> ? T : never;

function resultOf({ p50, p99, variant, value, owner, check }: Plan): Result {
  const runs = KERNEL.runs.map((run, index) => ({
    ...run,
    variant: index < 2 ? run.variant : variant,
    point: { "ticks.rate": value, size: "64 B" },
    metrics: run.metrics.map((metric) => ({ ...metric, breakdowns: [breakdown("p50", p50), breakdown("p99", p99)] })),
    costs: run.costs.map((costs) => ({ ...costs, owner })),
  }));
  return { ...KERNEL, runs, expectations: KERNEL.expectations.map((one) => ({ ...one, check: `${check} ${one.check}`, because: check.repeat(9) })) };
}

describe("every report", () => {
  // Two columns a line too wide make a terminal wrap it, which destroys every table below.
  test("keeps to the columns it is given", () => {
    fc.assert(fc.property(plans, fc.integer({ min: 40, max: 220 }), (plan, columns) => {
      const result = resultOf(plan);
      const text = reportText(result, { columns }) + compared([result, FPGA], columns);
      const wide = text.split("\n").filter((line) => textWidth(line) > columns);
      assert.deepEqual(wide, []);
    }), { numRuns: 60 });
  });

  // Shares are printed with one decimal, so n of them may miss 100 by n/20.
  test("prints shares of a band that add to 100 % within rounding", () => {
    fc.assert(fc.property(plans, (plan) => {
      const result = resultOf(plan);
      const text = reportText(result, { columns: 200, detail: 1 });
      const table = text.slice(text.indexOf("Where the time goes")).split("\n");
      const rules = table.flatMap((line, index) => (line.startsWith("──") ? [index] : []));
      const rows = table.slice((rules[0] ?? 0) + 1, rules[1]);
      const head = table[2] ?? "";
      const shares = rows.map((line) => line.replaceAll("統", "xx").slice(head.indexOf("p50 ") + "p50 us".length, head.indexOf("%") + 1).trim()).filter((share) => share !== "").map(Number);
      const first = result.runs[0]?.metrics[0]?.breakdowns[0];
      assert.ok(shares.every(Number.isFinite), `not a share in ${JSON.stringify(shares)}`);
      if ((first?.totalPs ?? 0) === 0) return assert.deepEqual(shares, []);
      const sum = shares.reduce((total, share) => total + share, 0);
      assert.ok(Math.abs(sum - 100) <= shares.length * 0.05 + 1e-9, `${shares.length} shares add to ${sum}`);
    }), { numRuns: 60 });
  });

  test("says that segments which do not add to the latency are a broken result", () => {
    const base = KERNEL;
    const broken = base.runs.map((run) => ({
      ...run, metrics: run.metrics.map((metric) => ({ ...metric, breakdowns: metric.breakdowns.map((one) => ({ ...one, totalPs: one.totalPs + 1 })) })),
    }));
    assert.match(reportText({ ...base, runs: broken }, { columns: 200 }), /this result is broken/u);
    assert.doesNotMatch(reportText(base, { columns: 200 }), /this result is broken/u);
  });

  test("of a result without runs still names the scenario", () => {
    const text = reportText({ ...KERNEL, runs: [], expectations: [], warnings: [] }, { columns: 80 });
    assert.match(text, /^Tick-to-trade through the Linux kernel UDP stack\nkernel-udp-t2t · seed 1/u);
    assert.match(text, /0 runs/u);
  });

  test("of a metric without samples prints dashes and no number made up", () => {
    const base = KERNEL;
    const empty = base.runs.slice(0, 1).map((run) => ({
      ...run,
      metrics: run.metrics.map((metric) => ({
        ...metric, count: 0, minPs: 0, meanPs: 0, sdPs: 0, maxPs: 0, floorPs: null, breakdowns: [], cdf: [],
        percentiles: metric.percentiles.map(({ q }) => ({ q, ps: null, lowPs: null, highPs: null })),
      })),
    }));
    const row = reportText({ ...base, runs: empty }, { columns: 200 }).split("\n").find((line) => line.startsWith("base"));
    assert.deepEqual(row?.split(/\s{2,}/u), ["base", "1 kpps", "t2t", "0", ..."—".repeat(10)]);
  });
});

describe("a comparison", () => {
  test("gives how many times faster than the first path, and a dash where a latency is not above zero", () => {
    const lines = compared([KERNEL, FPGA], 160).split("\n");
    const faster = (path: string): string | undefined => lines.find((line) => line.startsWith(`${path} `))?.split(/\s+/u)[4];
    assert.equal(faster("kernel-udp-t2t/base"), "1.00");
    assert.equal(faster("kernel-udp-t2t/unmoderated"), "3.08");
    assert.equal(faster("fpga-t2t/base"), "580");
    assert.equal(faster("fpga-t2t/speculative"), "—");
  });

  test("of nothing says so", () => {
    assert.equal(compareText([], [], { columns: 80 }), "Nothing to compare: no run has a metric.\n");
  });
});

describe("the exported percentile tables", () => {
  test("have as many cells in every row as in the heading", () => {
    const csv = percentilesCsv(FPGA).trimEnd().split("\n").map((line) => line.split(",").length);
    const markdown = percentilesMarkdown(FPGA).trimEnd().split("\n").map((line) => line.split(" | ").length);
    assert.deepEqual([...new Set(csv)], [26]);
    assert.deepEqual([...new Set(markdown)], [14]);
    assert.equal(csv.length, 9);
    assert.equal(markdown.length, 10);
  });

  test("quote what would break a cell", () => {
    const base = KERNEL;
    const runs = base.runs.slice(0, 1).map((run) => ({ ...run, variant: 'a,"b|c' }));
    assert.match(percentilesCsv({ ...base, runs }), /\n"a,""b\|c",1 kpps/u);
    assert.match(percentilesMarkdown({ ...base, runs }), /\n\| a,"b\\\|c \| 1 kpps/u);
  });
});
