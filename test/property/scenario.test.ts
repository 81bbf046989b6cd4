// Goal: no bytes whatever make reading crash, hang, or throw anything but errors of the input. Method: scenarios that are valid
// are damaged byte by byte, line by line and value by value, and read.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import fc from "fast-check";
import { WirelatError, WirelatErrors } from "../../src/errors/index.js";
import { readScenario } from "../../src/scenario/index.js";
import { FAKE, memoryAccess, PLAIN } from "../support/fake-catalogue.js";

const RICH = `${PLAIN}  money: { value-of: t2t, stake: 1 MUSD / us }
regions:
  gw.mailbox: { bytes: 4 KiB, pinned: true, rights: [remote-write], at: 0x1000 }
run: { messages: 1000, warmup: 10, seed: 7 }
variants:
  slow: { gw.nic.moderation.mode: none, ticks.rate: 1 kpps, gw.run: { dist: lognormal, p50: 2 us, p99: 6 us } }
sweep: { ticks.rate: [1 kpps, 20 kpps], zip: { run.seed: [1, 2], ticks.payload: [64 B, 1 KiB] } }
expect:
  - { check: p50(t2t) - p50(t2t/slow) in -1 us .. 1 us, where: { ticks.rate: 20 kpps }, because: it is so }
  - check: share(copy of t2t) < 2%
    because: "copying takes long, but not that long"
report: [percentiles]
`;
/** The slowest machine that runs this is a few times slower than the limit allows for. */
const LONGEST = 1000;

const SCENARIOS = [RICH, ...["kernel-udp-t2t", "fpga-t2t", "rdma-poll-byte"].map((name) => readFileSync(new URL(`../../scenarios/${name}.yaml`, import.meta.url), "utf8"))];

/** Reads bytes as a scenario file; answers how many errors it has, 0 for none. */
function errorCount(bytes: Uint8Array | string): number {
  const started = performance.now();
  try {
    readScenario("main.yaml", { access: memoryAccess({ "main.yaml": bytes }), catalogue: FAKE });
    return 0;
  } catch (error) {
    if (error instanceof WirelatError) return 1;
    assert.ok(error instanceof WirelatErrors, `threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    assert.ok(error.errors.length > 0, "an empty list of errors");
    for (const one of error.errors) {
      assert.ok(one.message !== "" && one.place !== undefined, `${one.code} has no place: ${one.message}`);
      assert.doesNotMatch(`${one.message}${one.remedy ?? ""}${one.place.path ?? ""}${one.place.excerpt?.replace("\n", "") ?? ""}`, /[\p{Cc}\u2028-\u202e]/u);
      assert.ok(one.message.length < 3000);
    }
    return error.errors.length;
  } finally {
    assert.ok(performance.now() - started < LONGEST, `took ${performance.now() - started} ms`);
  }
}

const scenario = fc.constantFrom(...SCENARIOS);
const share = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const SNIPPETS = [
  "{", "}", "[", "]", ":", ": ", ",", "-", "- ", "\n", "  ", "\t", "#", "'", '"', "&a ", "*a", "!x ", "|", ">", "%", "@", "`", "? ", "<<: ", "null", "~", "true", "0x10", "1e999", ".nan",
  "constructor", '"\\u001b[31m\\n": 1', "__proto__", "__proto__: { polluted: 1 }", "toString", "../../etc", "\u0000", "\ufeff", "\u2028", "é", "😀", "---\n", "...\n", "{}", "[]", "use: ", "extends: main\n", "p50(", ")", "..", "/", "999999999999999999 us",
];

describe("reading a damaged scenario", () => {
  test("reads what is not damaged, or says why not", () => {
    assert.equal(errorCount(RICH), 0);
    for (const text of SCENARIOS.slice(1)) assert.ok(errorCount(text) > 0, "the small catalogue was to lack something");
  });

  test("survives bytes that are changed, put in, taken out and cut off", () => {
    const edit = fc.record({ at: share, bytes: fc.array(fc.oneof({ weight: 20, arbitrary: fc.integer({ min: 9, max: 126 }) }, { weight: 1, arbitrary: fc.integer({ min: 0, max: 255 }) }), { maxLength: 4 }), remove: fc.nat({ max: 6 }) });
    fc.assert(fc.property(scenario, fc.array(edit, { minLength: 1, maxLength: 4 }), share, (text, edits, end) => {
      let bytes = [...Buffer.from(text)];
      for (const { at, bytes: more, remove } of edits) bytes.splice(Math.floor(at * bytes.length), remove, ...more);
      if (end < 0.1) bytes = bytes.slice(0, Math.floor(end * 10 * bytes.length));
      errorCount(Uint8Array.from(bytes));
    }), { numRuns: 250 });
  });

  test("survives marks of YAML, odd names and odd values in odd places", () => {
    const edit = fc.record({ at: share, snippet: fc.constantFrom(...SNIPPETS), times: fc.integer({ min: 1, max: 3 }) });
    fc.assert(fc.property(scenario, fc.array(edit, { minLength: 1, maxLength: 3 }), (text, edits) => {
      const damaged = edits.reduce((one, { at, snippet, times }) => one.slice(0, Math.floor(at * one.length)) + snippet.repeat(times) + one.slice(Math.floor(at * one.length)), text);
      errorCount(damaged);
    }), { numRuns: 350 });
    assert.equal(Object.hasOwn(Object.prototype, "polluted"), false);
  });

  test("survives lines that are dropped, doubled, moved and indented", () => {
    fc.assert(fc.property(scenario, fc.array(fc.tuple(share, share, fc.constantFrom("drop", "double", "swap", "indent")), { minLength: 1, maxLength: 4 }), (text, edits) => {
      const lines = text.split("\n");
      for (const [one, other, how] of edits) {
        const at = Math.floor(one * lines.length);
        const to = Math.floor(other * lines.length);
        const line = lines[at] ?? "";
        if (how === "drop") lines.splice(at, 1);
        else if (how === "double") lines.splice(to, 0, line);
        else if (how === "indent") lines[at] = ` ${line}`;
        else [lines[at], lines[to]] = [lines[to] ?? "", line];
      }
      errorCount(lines.join("\n"));
    }), { numRuns: 250 });
  });

  test("survives values of another kind in the place of a value", () => {
    const VALUES = ["null", "[]", "{}", "12", "-1", "true", '""', "[[1]]", "{ a: { b: c } }", "{ dist: exp }", "{ value: 1 }", "2 us", "1e400", "nonsense", '"@x"', "{ use: nic/plain }"];
    fc.assert(fc.property(scenario, share, fc.constantFrom(...VALUES), (text, at, value) => {
      const places = [...text.matchAll(/(?<=: )[^{[\n,}\]]+(?=[,}\n])/gu)];
      const place = places[Math.floor(at * places.length)];
      assert.ok(place !== undefined);
      errorCount(text.slice(0, place.index) + value + text.slice(place.index + place[0].length));
    }), { numRuns: 250 });
  });

  test("survives files that are deep, long or all of one mark", () => {
    for (const mark of ["[", "{a: ", "- ", "? ", "a:\n ", ": ", "'", '"', "!a ", "&a ", "*a ", "|\n", "#\n", "\n", "a: [}", "x"]) {
      assert.ok(errorCount(`wirelat: 1\n${mark.repeat(200_000)}`) > 0, mark);
      assert.ok(errorCount(mark.repeat(3000)) > 0, mark);
    }
    const deep = Array.from({ length: 400 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n");
    assert.ok(errorCount(deep) > 0);
  });
});
