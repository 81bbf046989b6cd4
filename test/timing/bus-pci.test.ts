// Goal: PCI in clocks, exactly, and how long one device waits behind another. Method: single operations against counted clocks, then a
// device that writes without end beside one that writes a little.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { leaveCore, use } from "../../src/modeling/index.js";
import { alone, asks, onBus } from "../support/bus-bench.js";
import { listed, type Probe } from "../support/probe.js";

const model = "bus/pci";
/** Picoseconds of so many clocks at 33 MHz. */
const clocks = (count: number, megahertz = 33): number => Math.round((count * 1e6) / megahertz);
/** Clocks of a burst that writes so many words, and of one that reads them. */
const wrote = (words: number): number => words + 4 + 2;
const sent = (words: number): number => words + 4 + 3;
const segments = (one: Probe, params = {}) => listed(onBus({ model, params }, { one }, { one: [0] }).segments());

describe("PCI writes", () => {
  test("cost arbitration, an address, the wait for the first word, a clock a word and a turnaround", () => {
    assert.deepEqual(segments(asks("write", { bytes: 64 })), [["arbitration", clocks(2)], ["write", clocks(wrote(16))]]);
    assert.equal(alone({ model }, asks("write", { bytes: 1 })), clocks(2) + clocks(wrote(1)));
    assert.equal(alone({ model }, asks("write", { bytes: 65 })), clocks(2) + clocks(wrote(17)));
  });

  test("64 lines at 66 MHz move 528 MB/s, 32 lines at 33 MHz 132 MB/s, behind the first word", () => {
    const slope = (params: Record<string, string>) => (alone({ model, params: { ...params, "latency.timer": "248 cycles" } }, asks("write", { bytes: 256 })) - alone({ model, params: { ...params, "latency.timer": "248 cycles" } }, asks("write", { bytes: 128 }))) / 128;
    assert.ok(Math.abs(slope({}) - 1e12 / 132e6) < 0.01);
    assert.ok(Math.abs(slope({ width: "64 bit", clock: "66 MHz" }) - 1e12 / 528e6) < 0.01);
  });

  test("a burst ends when the latency timer does: 59 words of 64 clocks, one burst more for the next byte", () => {
    assert.equal(alone({ model }, asks("write", { bytes: 236 })), clocks(2) + clocks(wrote(59)));
    assert.equal(alone({ model }, asks("write", { bytes: 237 })), clocks(2) + clocks(wrote(59)) + clocks(wrote(1)));
    assert.equal(wrote(59) - 1, 64, "the turnaround comes behind the timer");
  });

  test("or when the target has had enough", () => {
    assert.equal(alone({ model, params: { disconnect: "32 B" } }, asks("write", { bytes: 64 })), clocks(2) + 2 * clocks(wrote(8)));
    assert.equal(alone({ model, params: { initial: "16 cycles" } }, asks("write", { bytes: 4 })), clocks(2) + clocks(1 + 16 + 2));
  });

  test("become visible in order, behind their flight", () => {
    const one: Probe = (reach) => [...asks("write", { bytes: 64, visible: true })(reach), ...asks("visible", { bytes: 1 })(reach)];
    assert.deepEqual(segments(one).slice(2), [["write flight", 450_000], ["visible", 450_000], ["landing in memory", 50_000]]);
    const extra: Probe = (reach) => asks("visible", { extra: 70_000 })(reach);
    assert.equal(alone({ model }, extra), 450_000 + 70_000 + 50_000);
  });

  test("bytes that could have gone while the bus was kept are accounted as overhead", () => {
    const run = onBus({ model }, { one: asks("write", { bytes: 300 }) }, {});
    assert.equal(run.account("bus-up-payload"), 300);
    assert.equal(run.account("bus-up-overhead"), 2 * 6 * 4);
  });
});

describe("PCI reads", () => {
  test("are refused until the bridge has the data: 600 ns are two attempts of 5 clocks and two gaps of 16", () => {
    assert.deepEqual(segments(asks("read", { bytes: 16, until: "last" })), [
      ["arbitration", clocks(2)], ["read request", clocks(5)], ["read retry gap", clocks(16)], ["read refused again", clocks(5)], ["read retry gap", clocks(16)], ["read", clocks(sent(4))],
    ]);
  });

  test("the number of attempts follows from the time of the fetch, with the gap to the picosecond", () => {
    const attempts = (fetch: string): number => segments(asks("read", { bytes: 4, until: "last" }), { fetch }).filter(([label]) => label.endsWith("request") || label.endsWith("again")).length;
    const gap = clocks(16);
    assert.deepEqual([`${gap} ps`, `${gap + 1} ps`, `${2 * gap + clocks(5)} ps`, `${2 * gap + clocks(5) + 1} ps`].map(attempts), [1, 2, 2, 3]);
  });

  test("a read beyond the bridge's buffer begins anew", () => {
    const piece = (words: number): number => clocks(2) + 2 * (clocks(5) + clocks(16)) + clocks(sent(words));
    assert.equal(alone({ model, params: { prefetch: "64 B" } }, asks("read", { bytes: 200, until: "last" })), 3 * piece(16) + piece(2));
    assert.equal(alone({ model, params: { prefetch: "64 B" } }, asks("read", { bytes: 200, until: "first" })), piece(16));
    assert.equal(alone({ model }, asks("read", { bytes: 16, until: "first" })), piece(4));
  });

  test("attempts in vain keep others waiting", () => {
    const params = { fetch: "10 us", "retry.gap": "2 cycles" };
    const run = onBus({ model, params }, { reads: asks("read", { bytes: 4, until: "last" }), writes: asks("write", { bytes: 4 }) }, { reads: [0], writes: [clocks(10) - clocks(2)] });
    // The second attempt takes the clocks from the ninth to the fourteenth.
    const until = clocks(2) + clocks(5) + clocks(2) + clocks(5);
    assert.equal(run.latencies[1]![0], until - (clocks(10) - clocks(2)) + clocks(wrote(1)));
  });

  test("an atomic is a read and a write", () => {
    const read = alone({ model }, asks("read", { bytes: 8, until: "last" }));
    assert.equal(alone({ model }, asks("atomic", { bytes: 8 })), read + clocks(2) + clocks(wrote(2)));
  });
});

describe("behind a disk", () => {
  /** Longest wait of a write of 64 B beside devices that write 64 KiB each, over arrivals in steps that fit no period. */
  function longest(timer: number, disks: number): number {
    const waits: number[] = [];
    for (let at = 1_000_003; at < 12_000_000; at += 377_777) {
      const probes: Record<string, Probe> = { nic: asks("write", { bytes: 64 }) };
      const times: Record<string, number[]> = { nic: [at] };
      for (let disk = 0; disk < disks; disk++) Object.assign(probes, { [`disk${disk}`]: asks("write", { bytes: 65_536 }) });
      const run = onBus({ model, params: { "latency.timer": `${timer} cycles` } }, probes, times);
      waits.push(run.latencies[0]![0]! - clocks(2) - clocks(wrote(16)));
    }
    return Math.max(...waits);
  }

  for (const timer of [32, 64, 128]) {
    test(`a timer of ${timer} clocks bounds the wait: one burst of each other device`, () => {
      for (const disks of [1, 2]) {
        const wait = longest(timer, disks);
        const bound = disks * clocks(timer + 1);
        assert.ok(wait <= bound, `${disks} disks: ${wait} of ${bound}`);
        assert.ok(wait > 0.75 * bound - clocks(timer + 1) * (disks - 1) * 0.5, `${disks} disks: only ${wait} of ${bound}`);
      }
    });
  }

  test("a delayed read waits behind one burst at each of its attempts, and for no more", () => {
    const read = asks("read", { bytes: 64, until: "last" });
    const least = alone({ model }, read);
    // Three times on the bus: two attempts in vain, and the data.
    const bound = least + 3 * clocks(65);
    const times: number[] = [];
    for (let at = 1_000_003; at < 9_000_000; at += 377_777) times.push(onBus({ model }, { nic: read, disk: asks("write", { bytes: 65_536 }) }, { nic: [at] }).latencies[0]![0]!);
    assert.ok(Math.max(...times) <= bound, `${Math.max(...times)} of ${bound}`);
    assert.ok(Math.max(...times) > least + 2 * clocks(65), `only ${Math.max(...times)} of ${bound}`);
  });

  test("with nobody beside there is nothing to wait for", () => {
    assert.equal(longest(64, 0), 0);
  });
});

describe("stores, loads and interrupts", () => {
  test("a store flies to the bridge, which then is a master like any other", () => {
    assert.deepEqual(segments(asks("store", { bytes: 8 })), [["store flight", 400_000], ["arbitration", clocks(2)], ["store", clocks(wrote(2))]]);
    assert.equal(alone({ model }, asks("store", { bytes: 8, within: 900_000 })), 900_000);
    assert.equal(alone({ model }, asks("store", { bytes: 8, within: 100_000 })), clocks(2) + clocks(wrote(2)));
  });

  test("a load stops the core, and keeps the bus for its transfer", () => {
    const load: Probe = ({ bus, cpu }) => [use(cpu, "enter", { thread: "app", label: "app" }), use(bus, "load", { label: "status" }), leaveCore()];
    const run = onBus({ model }, { load, write: asks("write", { bytes: 4 }) }, { load: [0], write: [0] });
    assert.equal(run.latencies[0]![0], 1_200_000);
    assert.ok(run.latencies[1]![0]! > clocks(2) + clocks(wrote(1)));
    assert.equal(run.account("mmio-reads"), 1);
  });

  test("an interrupt is a wire or a write", () => {
    assert.equal(alone({ model }, asks("interrupt")), 700_000);
    assert.equal(alone({ model, params: { interrupt: "message" } }, asks("interrupt")), clocks(2) + clocks(wrote(1)));
  });
});
