import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { need, use } from "../../src/modeling/index.js";
import { listed, probe, type Flow, type Probe } from "../support/probe.js";
import type { Written } from "../support/model-tester.js";
import { refusedWith } from "../support/switches.js";

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
  test("are lost by their bits, of which none is a preamble's", () => {
    const count = 2000;
    const run = over({ "bit-errors": "0.1%" }, { times: Array.from({ length: count }, (_, index) => index * 1_000_000) });
    const known = 1 - (1 - 1e-3) ** (8 * 106);
    assert.ok(Math.abs(run.dropped("wire: bad frame check") / count - known) < 4 * Math.sqrt((known * (1 - known)) / count), `${run.dropped("wire: bad frame check")} and ${known * count}`);
  });

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
    assert.equal(total(over({}, { payload: 4097 })), (4097 + 3 + 2 * 26 + 16) * 80);
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

describe("virtual lanes", () => {
  const links = (params: Readonly<Record<string, Written>>) => ({ wire: { model: "link/infiniband", params: { length: "0 m", ...params } } });
  const by = (vl: number, times: readonly number[], payload = 64): Flow => ({ path: [{ tap: "sent" }, "gw.probe.framed", ["wire", { vl }], "gw.probe.stored", { tap: "there" }], times, payload, from: "sent", to: "there" });
  const over4096 = 4096 + 26 + 16;

  test("each has a buffer of its own at the far end: one that stalls does not stop the other", () => {
    const run = probe({ links: links({ buffer: "128 B", "credit.return": "100 ns" }), probes: { stored, framed: framed(16) }, flows: [by(0, [0, 0]), by(1, [1])] });
    assert.deepEqual(run.latencies[0], [8480, 8480 + 100_000 + 8480]);
    assert.deepEqual(run.latencies[1], [8480 + 8480 - 1]);
    assert.throws(() => probe({ links: links({}), probes: { stored, framed: framed(16) }, flows: [by(15, [0])] }), refusedWith("priority-range"));
  });

  test("share the wire: first come, first served, by priority of the lane, or by weight", () => {
    const order = (params: Readonly<Record<string, Written>>): string => {
      const run = probe({ links: links({ buffer: "1 MiB", ...params }), probes: { stored, framed: framed(16) }, flows: [by(0, [0, 1, 1, 1], 4096), by(1, [2, 2, 2, 2], 4096)] });
      const ends = [0, 1].flatMap((flow) => run.latencies[flow]!.map((latency, index) => ({ flow, end: latency + (flow === 1 ? 2 : Math.min(index, 1)) })));
      return ends.sort((one, other) => one.end - other.end).map(({ flow }) => flow).join("");
    };
    assert.equal(order({}), "00001111");
    assert.equal(order({ arbitration: "priority" }), "01111000");
    // A packet is 65 blocks: two in the turn of a lane with 128, one in that of a lane with 64.
    assert.equal(order({ arbitration: "weighted", weights: "64:128" }), "01101100");
    assert.equal(order({ arbitration: "weighted", weights: "128:64" }), "01001011");
    assert.throws(() => order({ arbitration: "weighted", weights: "64" }), refusedWith("weights-malformed"));
    assert.throws(() => order({ arbitration: "weighted", weights: "many" }), refusedWith("weights-malformed"));
  });

  test("waiting for the turn is a segment of arbitration", () => {
    const run = probe({ links: links({ arbitration: "priority", buffer: "1 MiB" }), probes: { stored, framed: framed(16) }, flows: [by(0, [0], 4096), by(1, [1], 64)] });
    assert.deepEqual(run.segments(1).map(({ kind, ps }) => [kind, ps]), [["arbitrate", over4096 * 80 - 1], ["serialise", 8480]]);
  });
});

describe("back-pressure through a switch", () => {
  // Every buffer holds one packet of 106 B. `slow` is taken for long by somebody else's packets, at 1X SDR.
  const wire = (params: Readonly<Record<string, Written>>) => ({ model: "link/infiniband", params: { length: "0 m", buffer: "128 B", "credit.return": "0 ns", ...params } });
  const links = { feed: wire({}), other: wire({}), fast: wire({}), slow: wire({ speed: "sdr", width: "1x" }), sw: { model: "switch/cut-through", params: { forwarding: "100 ns", header: "8 B" } } };
  const path = (from: string, to: string): Flow["path"] => [{ tap: "sent" }, "gw.probe.framed", from, "sw", to, "gw.probe.stored", { tap: "there" }];
  const run = (flows: readonly Flow[]) => probe({ links, probes: { stored, framed: ({ instance }) => [use(instance("feed"), "frame", { extended: 16 })] }, flows });
  const at = (from: string, to: string, times: readonly number[]): Flow => ({ path: path(from, to), times, from: "sent", to: "there" });
  const slow = 106 * 4000;

  test("a packet keeps its credits of the link before until it has been sent on", () => {
    // Alone: header 8 B, 100 ns, and the packet at 1X SDR; the second one's credits come back when the first has left.
    const { latencies } = run([at("feed", "slow", [0, 0])]);
    const alone = 640 + 100_000 + slow;
    assert.deepEqual(latencies[0], [alone, alone + alone]);
  });

  test("so congestion spreads: packets for an idle link wait behind those for a full one, in the host's own queue", () => {
    const free = run([at("feed", "fast", [2000])]);
    assert.equal(free.latencies[0]![0], 640 + 100_000 + 8480);
    const jammed = run([at("other", "slow", [0]), at("feed", "slow", [1000]), at("feed", "fast", [2000])]);
    // `slow` is taken twice before the packet ahead has left the switch, and one receiver's buffer is full meanwhile.
    const credit = jammed.segments(2).find(({ kind }) => kind === "credit");
    assert.ok(credit !== undefined && credit.step === "feed" && credit.ps > slow, JSON.stringify(credit));
    assert.equal(jammed.latencies[2]![0], credit.ps + 640 + 100_000 + 8480);
    assert.equal(jammed.machine.drops.reduce((sum, count) => sum + count, 0), 0);
  });
});
