// Goal: first and last bit tell all there is of a frame on its way through any chain of links and switches. Method: random chains against a
// table of when every single byte is there, worked out hop by hop; no byte leaves a switch before it has come.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { need } from "../../src/modeling/index.js";
import { probe } from "../support/probe.js";

const BYTE = { "1 Gbit/s": 8000, "10 Gbit/s": 800, "25 Gbit/s": 320, "40 Gbit/s": 200, "100 Gbit/s": 80, "400 Gbit/s": 20 } as const;
type RateText = keyof typeof BYTE;
const RATES = Object.keys(BYTE) as RateText[];

interface Hop {
  readonly cut: boolean;
  readonly header: number;
  readonly forwarding: number;
  readonly rate: RateText;
}

const hop: fc.Arbitrary<Hop> = fc.record({ cut: fc.boolean(), header: fc.integer({ min: 8, max: 200 }), forwarding: fc.nat(600), rate: fc.constantFrom(...RATES) });

/** When the transmitter that follows starts: not before the header has been worked on, and so late that no byte is missing at its turn. */
function start(there: Float64Array, { cut, header, forwarding, rate }: Hop): number {
  const bytes = there.length - 1;
  const worked = forwarding * 1000;
  let earliest = there[cut ? Math.min(header, bytes) : bytes]! + worked;
  for (let byte = 0; byte <= bytes; byte++) earliest = Math.max(earliest, there[byte]! + worked - byte * BYTE[rate]);
  return earliest;
}

function byteByByte(wire: number, first: RateText, hops: readonly Hop[]): { readonly last: number; readonly starts: readonly number[] } {
  let there = Float64Array.from({ length: wire + 1 }, (_, byte) => byte * BYTE[first]);
  const starts: number[] = [];
  for (const one of hops) {
    const from = start(there, one);
    starts.push(from);
    const next = there.map((_, byte) => from + byte * BYTE[one.rate]);
    for (let byte = 0; byte <= wire; byte++) assert.ok(next[byte]! >= there[byte]!, `byte ${byte} leaves before it came`);
    there = next;
  }
  return { last: there[wire]!, starts };
}

function simulated(wire: number, first: RateText, hops: readonly Hop[], end: string): number {
  const links = Object.fromEntries([first, ...hops.map((one) => one.rate)].map((rate, index) => [`l${index}`, { model: "link/ethernet", params: { length: "0 m", rate } }]));
  const switches = Object.fromEntries(hops.map(({ cut, header, forwarding }, index) => [`s${index}`, { model: cut ? "switch/cut-through" : "switch/store-forward", params: { forwarding: `${forwarding} ns`, ...(cut ? { header: `${header} B` } : {}) } }]));
  const path = ["l0", ...hops.flatMap((_, index) => [`s${index}`, `l${index + 1}`])];
  const run = probe({ links: { ...links, ...switches }, probes: { stored: () => [need("last")] }, flows: [{ path: [{ tap: "sent" }, ...path, "gw.probe.stored", { tap: "there" }], times: [0], payload: wire - 12, stack: "raw", from: "sent", to: end }] });
  return run.latencies[0]![0]!;
}

test("random chains of switches and links pass a frame as the table of its bytes says, to the picosecond", () => {
  let cutThrough = 0;
  fc.assert(
    fc.property(fc.integer({ min: 72, max: 1526 }), fc.constantFrom(...RATES), fc.array(hop, { minLength: 1, maxLength: 4 }), (wire, first, hops) => {
      const { last, starts } = byteByByte(wire, first, hops);
      assert.equal(simulated(wire, first, hops, "there"), last);
      assert.equal(simulated(wire, first, hops, `s${hops.length - 1}.out@sof`), starts.at(-1));
      cutThrough += hops.filter((one) => one.cut).length;
    }),
    { numRuns: 300 },
  );
  assert.ok(cutThrough > 100, "hardly any cut-through");
});
