import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { need, use } from "../../src/modeling/index.js";
import { listed, probe, type Flow, type Probe } from "../support/probe.js";
import type { Written } from "../support/model-tester.js";

const stored: Probe = () => [need("last")];
const framed = (extended: number): Probe => ({ instance }) => [use(instance("wire"), "frame", { extended })];

const over = (params: Readonly<Record<string, Written>>, more: Partial<Flow> & { readonly extended?: number } = {}) => {
  const { extended = 16, ...rest } = more;
  const links = { wire: { model: "link/infiniband", params: { length: "0 m", ...params } } };
  const flow: Flow = { path: [{ tap: "sent" }, "gw.probe.framed", "wire", "gw.probe.stored", { tap: "there" }], times: [0], from: "sent", to: "there", ...rest };
  return probe({ links, probes: { stored, framed: framed(extended) }, flows: [flow] });
};
const total = (run: ReturnType<typeof probe>): number => run.latencies[0]![0]!;

describe("packets", () => {
  test("a 64 B write is 106 bytes, 8.48 ns at EDR", () => {
    assert.deepEqual(listed(over({ length: "3 m" }).segments()), [["flight", 15_000], ["serialise", 8480]]);
  });

  test("the data rate of a lane follows from its signalling and its line code", () => {
    // 106 B: 1X SDR signals 2.5 Gbit/s and carries 2.0, so a byte takes 4 ns.
    const byte = { "sdr 1x": 4000, "sdr 4x": 1000, "ddr 4x": 500, "qdr 4x": 250, "edr 4x": 80, "hdr 4x": 40, "ndr 4x": 20, "edr 1x": 320, "sdr 12x": 1000 / 3 };
    for (const [name, time] of Object.entries(byte)) {
      const [speed = "", width = ""] = name.split(" ");
      assert.equal(total(over({ speed, width })), Math.round(106 * time), name);
    }
    assert.equal(total(over({ speed: "fdr", width: "4x" })), Math.round((106 * 8e6) / (4 * 14_062.5 * (64 / 66))));
  });

  test("each packet of a long message bears its own headers, the global route header if it is on", () => {
    assert.equal(total(over({}, { payload: 4096 })), (4096 + 26 + 16) * 80);
    assert.equal(total(over({}, { payload: 4097 })), (4097 + 2 * 26 + 16) * 80);
    assert.equal(total(over({ mtu: "256 B" }, { payload: 4096 })), (4096 + 16 * 26 + 16) * 80);
    assert.equal(total(over({ global: true })), (64 + 26 + 40 + 16) * 80);
    assert.equal(total(over({}, { extended: 4 })), (64 + 26 + 4) * 80);
  });
});

describe("credits", () => {
  test("packets follow each other without a gap while the far end has room", () => {
    assert.deepEqual(over({}, { times: [0, 0, 0] }).latencies[0], [8480, 2 * 8480, 3 * 8480]);
  });

  test("without room the sender waits until a packet's credits have come back over the cable", () => {
    // Room for one packet of 2 x 64 B: taken in after the flight and 8.48 ns, back after 100 ns and another flight.
    const run = over({ buffer: "128 B", length: "10 m", "credit.return": "100 ns" }, { times: [0, 0] });
    const back = 50_000 + 8480 + 50_000 + 100_000;
    assert.deepEqual(run.latencies[0], [58_480, back + 58_480]);
    assert.deepEqual(run.segments(0, 1).map(({ kind, ps }) => [kind, ps]), [["credit", back], ["propagate", 50_000], ["serialise", 8480]]);
  });

  test("the rate of a long cable is its room per round trip", () => {
    const count = 400;
    const run = over({ buffer: "1 KiB", length: "100 m", "credit.return": "0 ns" }, { times: Array<number>(count).fill(0) });
    const roundTrip = 2 * 500_000 + 8480;
    // Eight packets of two credits each per round trip.
    const expected = (count / 8) * roundTrip;
    const last = Math.max(...run.latencies[0]!);
    assert.ok(Math.abs(last / expected - 1) < 0.02, `${last} ps, expected about ${expected}`);
  });

  test("nothing is dropped, and each direction has its own credits", () => {
    const links = { wire: { model: "link/infiniband", params: { length: "0 m", buffer: "128 B" } } };
    const path = (direction: string): Flow => ({ path: [{ tap: "sent" }, "gw.probe.framed", ["wire", { direction }], "gw.probe.stored", { tap: "there" }], times: [0], from: "sent", to: "there" });
    const run = probe({ links, probes: { stored, framed: framed(16) }, flows: [path("forward"), path("backward")] });
    assert.deepEqual([run.latencies[0], run.latencies[1]], [[8480], [8480]]);
  });
});
