// Goal: packets, gaps and fairness of IEEE 1394, to the picosecond. Method: one controller reads or writes the memory of another,
// and the listed segments are those of the standard's arithmetic; then nodes meet on the bus.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WirelatErrors } from "../../src/errors/index.js";
import { amountOf, use } from "../../src/modeling/index.js";
import { probe, type Probe } from "../support/probe.js";
import { memorySystem } from "../support/memory-system.js";
import { testModel, type Bench, type Segment, type Written } from "../support/model-tester.js";
import { BITS, packet, time } from "../support/firewire-arithmetic.js";

type Params = Readonly<Record<string, Written>>;

const host = (name: string, firewire: Params = {}) => ({
  [name]: {
    components: {
      cpu: { model: "host/core", params: { threads: { app: 3 } } },
      bus: { model: "bus/pcie" },
      ...memorySystem(),
      firewire: { model: "firewire/ohci", params: firewire },
    },
  },
});

const bench = (options: { readonly bus?: Params; readonly dbg?: Params; readonly target?: Params; readonly payload?: string; readonly path?: Bench["path"]; readonly region?: Params; readonly messages?: number; readonly traffic?: Bench["traffic"] } = {}): Bench => ({
  instances: { ...host("dbg", options.dbg), ...host("target", options.target), fw: { model: "bus/firewire", kind: "link", params: { "gap-count": 5, length: "0 m", ...options.bus } } },
  regions: { "target.image": { bytes: 4_194_304, pinned: true, below: 4 * 2 ** 30, ...options.region } },
  path: options.path ?? [{ tap: "ask" }, ["dbg.firewire.read", { via: "fw", from: "target.image" }], { tap: "got" }],
  payload: options.payload ?? "8 B",
  from: "ask",
  to: "got",
  ...(options.messages === undefined ? {} : { messages: options.messages }),
  ...(options.traffic === undefined ? {} : { traffic: options.traffic }),
});

const onBus = (segments: readonly Segment[]) => segments.filter(({ kind }) => kind === "serialise").map(({ label, ps }) => [label, ps] as const).filter(([label]) => /re(quest|sponse)$/u.test(label));
function refused(options: Parameters<typeof bench>[0], code: string): void {
  assert.throws(() => testModel(bench(options)), (error: unknown) => error instanceof WirelatErrors && error.errors[0]?.code === code);
}
const total = (one: Bench): number => testModel(one).latencies[0]!;

describe("packets", () => {
  test("a block read is a request of 20 bytes and a response of 24 and the data, at 15 625 000 / 768 ps for a byte", () => {
    const run = testModel(bench());
    assert.deepEqual(onBus(run.segments()), [["transmit program request", 3047], ["read request", packet(20)], ["read for another node request", 3047], ["read response", packet(32)]]);
    assert.equal(packet(20), 200_000 + 160_000 + 406_901 + 250_000);
  });

  test("four bytes travel in the header, and odd sizes are padded to words of four", () => {
    const sizes = (payload: string) => onBus(testModel(bench({ payload })).segments()).filter(([label]) => label.startsWith("read re")).map(([, ps]) => ps);
    assert.deepEqual(sizes("4 B"), [packet(16), packet(20)]);
    assert.deepEqual(sizes("5 B"), [packet(20), packet(32)]);
    assert.deepEqual(sizes("2048 B"), [packet(20), packet(2072)]);
  });

  for (const [speed, factor] of [["s100", 4], ["s200", 2]] as const) {
    test(`${speed} takes ${factor} times as long for a byte and no longer for anything else`, () => {
      const run = onBus(testModel(bench({ bus: { speed }, payload: "512 B" })).segments());
      assert.equal(run.at(-1)![1], time(536 * factor) + 610_000);
    });
  }

  test("everything together, one message alone", () => {
    // post, doorbell and its flight, transmit program, controller, request, physical unit, read of 8 B, response, controller, write of 8 B.
    const pcie = (bytes: number): number => Math.round(bytes * 126.953125);
    const expected = 300_000 + pcie(28) + 150_000 + 600_000 + pcie(52) + 400_000 + packet(20) + 1_500_000 + 600_000 + pcie(28) + packet(32) + 400_000 + pcie(32) + 180_000;
    const run = testModel(bench());
    assert.equal(run.latencies[0], expected);
    assert.equal(run.floor, expected);
  });

  test("flight and repeating nodes delay both packets", () => {
    const far = bench({ bus: { length: "4.5 m", repeaters: 2 } });
    assert.equal(total(far) - total(bench()), 2 * (22_725 + 2 * 144_000));
  });

  test("a write is one packet: the other controller needs no answer", () => {
    const run = testModel(bench({ path: [{ tap: "ask" }, ["dbg.firewire.write", { via: "fw", to: "target.image" }], { tap: "got" }] }));
    assert.deepEqual(onBus(run.segments()).filter(([label]) => label.startsWith("write")).map(([, ps]) => ps), [packet(32)]);
    assert.equal(run.account("target/movements"), 0);
  });

  test("the target's processors do nothing, and the data move twice", () => {
    const run = testModel(bench({ payload: "6000 B" }));
    assert.equal(run.account("target/movements"), 1);
    assert.equal(run.account("dbg/movements"), 1);
    assert.equal(run.account("target/interrupts") + run.account("target/copies"), 0);
    assert.equal(run.account("fw/bus-up-payload"), 6000);
    assert.equal(run.account("fw/bus-up-overhead"), 3 * (20 + 1) + 3 * (24 + 1));
  });
});

describe("gaps", () => {
  const acknowledged = 50_000 + 160_000 + time(1) + 250_000;
  /** A node that may have many requests on their way, without fairness: then only the gap keeps its packets apart. */
  const burst = (gapCount: number) => testModel(bench({ bus: { "gap-count": gapCount }, dbg: { fair: false, outstanding: 64 }, messages: 2, traffic: { model: "traffic/burst", params: { count: 2, gap: "0 ns", period: "10 ms", payload: "8 B" } }, path: [{ tap: "ask" }, ["dbg.firewire.write", { via: "fw", to: "target.image" }], { tap: "got" }] }));

  for (const gapCount of [5, 63]) {
    test(`with a gap count of ${gapCount} the next packet waits for 27 + 16 x ${gapCount} base-rate bits of silence`, () => {
      const silence = Math.round(((27 + 16 * gapCount) * 1e9) / 98_304);
      const segments = burst(gapCount).segments(1).filter(({ kind }) => kind === "arbitrate");
      const waited = segments.reduce((sum, { ps }) => sum + ps, 0);
      // The second is 300 ns behind the first, for both are posted by one thread; until then the buses before the link are free.
      assert.equal(waited, packet(32) + acknowledged + silence - 300_000);
    });
  }

  test("the published lengths: 10.5 us at 63, 1.09 us at 5", () => {
    assert.equal(BITS(27 + 16 * 63), 10_528_564);
    assert.equal(BITS(27 + 16 * 5), 1_088_460);
  });

  test("an idle bus has been silent for long, so that one read alone waits for no gap", () => {
    assert.equal(testModel(bench({ bus: { "gap-count": 63 } })).segments().filter(({ kind }) => kind === "arbitrate").length, 1);
    assert.equal(testModel(bench({ bus: { "gap-count": 5 } })).segments().filter(({ kind }) => kind === "arbitrate").length, 0);
  });

  test("with long gaps the answer is ready before the bus may be used again", () => {
    // Request's end, acknowledgement and gap, less what the target took: physical unit 1.5 us, 600 ns, 28 B on the bus.
    const waited = testModel(bench({ bus: { "gap-count": 63 } })).segments().find(({ kind }) => kind === "arbitrate")!.ps;
    assert.equal(waited, acknowledged + BITS(27 + 16 * 63) - 1_500_000 - 600_000 - 3555);
  });
});

describe("fairness", () => {
  const reads = (more: Params) => testModel(bench({ bus: { "gap-count": 63 }, dbg: { ...more }, messages: 3, traffic: { model: "traffic/closed", params: { population: 1, think: "0 ns", payload: "8 B" } } }));

  test("a node's next request waits until the bus has been silent for a reset gap behind its answer", () => {
    const run = reads({});
    const credit = run.segments(1).filter(({ kind }) => kind === "credit").reduce((sum, { ps }) => sum + ps, 0);
    const acknowledged = 50_000 + 160_000 + time(1) + 250_000;
    // The data go to memory meanwhile: controller 400 ns, 32 B, flight 180 ns.
    assert.equal(credit, acknowledged + BITS(51 + 32 * 63) - 400_000 - Math.round(32 * 126.953125) - 180_000);
  });

  test("a node that need not be fair waits for the gap alone", () => {
    assert.ok(reads({ fair: false }).latencies[2]! < reads({}).latencies[2]!);
    assert.equal(reads({ fair: false }).segments(1).filter(({ kind }) => kind === "credit").length, 0);
  });

  test("a dump of 512 packets takes 511 periods and one read: turn, thread, request, fetch, response, one after the other", () => {
    const pcie = (bytes: number): number => Math.round(bytes * 126.953125);
    const turn = 50_000 + 160_000 + time(1) + 250_000 + BITS(51 + 32 * 5);
    const asking = 300_000 + pcie(28) + 150_000 + 600_000 + pcie(32 + 20) + 400_000;
    const fetching = 1_500_000 + 600_000 + pcie(2048 + 8 * 20);
    const period = turn + asking + packet(20) + fetching + packet(2072);
    const one = total(bench({ payload: "2048 B" }));
    assert.equal(total(bench({ payload: "1048576 B" })), 511 * period + one);
    assert.ok(Math.abs(2048 / (period / 1e12) - 40e6) < 3e6, "some 40 MB/s, of 49 that the bus could carry");
  });

  test("1 MiB in packets of 2048 B flows at 40 MB/s with short gaps, and never faster than the bus", () => {
    const megabyte = total(bench({ payload: "1048576 B" }));
    const rate = 1_048_576 / (megabyte / 1e12);
    assert.ok(rate > 10e6 && rate < 49e6, `${rate} B/s`);
    const small = total(bench({ payload: "1048576 B", dbg: { payload: "512 B" } }));
    assert.ok(small > 1.2 * megabyte, `${small} against ${megabyte}`);
  });
});

describe("isochronous channels", () => {
  test("take their share at the head of a cycle", () => {
    const bus = { isochronous: "80%" };
    const path: Bench["path"] = [{ tap: "ask" }, "fw.cycle", { tap: "got" }];
    assert.equal(total(bench({ bus, path })), 100_000_000 + 160_000 + time(20) + 250_000);
  });

  test("go before the asynchronous packets that wait, and not before the one under way and its gap", () => {
    const one: Probe = ({ instance }) => [use(instance("fw"), "subaction", { kind: "write request", bytes: amountOf(8) })];
    const cycle: Probe = ({ instance }) => [use(instance("fw"), "cycle")];
    const flow = (name: string, times: readonly number[]) => ({ path: [{ tap: `${name}-from` }, `gw.probe.${name}`, { tap: `${name}-to` }], times, from: `${name}-from`, to: `${name}-to` });
    const links = { fw: { model: "bus/firewire", params: { "gap-count": 5, length: "0 m", isochronous: "40%" } } };
    const run = probe({ links, probes: { one, cycle }, flows: [flow("one", [0, 100_000]), flow("cycle", [200_000])] });
    const silence = 50_000 + 160_000 + time(1) + 250_000 + BITS(27 + 16 * 5);
    const cycleTime = 50_000_000 + 160_000 + time(20) + 250_000;
    assert.equal(run.latencies[1]![0], packet(32) + silence - 200_000 + cycleTime);
    assert.deepEqual(run.latencies[0], [packet(32), 2 * packet(32) + silence + cycleTime - 100_000]);
  });

  test("may not reserve more than four fifths", () => {
    refused({ bus: { isochronous: "81%" }, path: [{ tap: "ask" }, "fw.cycle", { tap: "got" }] }, "isochronous-share");
  });
});

describe("refusals", () => {
  test("a region must be pinned, lie where the controller reaches, and its driver must allow it", () => {
    refused({ region: { pinned: false } }, "region-not-pinned");
    refused({ region: { below: 8 * 2 ** 30 } }, "region-unreachable");
    refused({ target: { filter: "closed" } }, "physical-filter-closed");
    refused({ path: [{ tap: "ask" }, ["dbg.firewire.read", { via: "fw" }], { tap: "got" }] }, "parameter-missing");
    assert.doesNotThrow(() => testModel(bench({ region: { below: 2 ** 30 } })));
  });
});
