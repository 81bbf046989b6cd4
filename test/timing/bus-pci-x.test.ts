// Goal: PCI-X in clocks, exactly, and what splitting reads is worth against PCI at the same clock and width. Method: single operations,
// then reads and writes that meet.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { leaveCore, use } from "../../src/modeling/index.js";
import { alone, asks, onBus } from "../support/bus-bench.js";
import { listed, type Probe } from "../support/probe.js";

const model = "bus/pci-x";
const clocks = (count: number, megahertz = 133): number => Math.round((count * 1e6) / megahertz);
/** Address, attributes, answer, four clocks of waiting, the words, a turnaround. */
const burst = (words: number): number => 3 + 4 + words + 1;
const segments = (one: Probe, params = {}) => listed(onBus({ model, params }, { one }, { one: [0] }).segments());
const read = (bytes: number): Probe => asks("read", { bytes, until: "last" });

describe("PCI-X", () => {
  test("writes cost three phases, the first word's wait, a clock for eight bytes and a turnaround", () => {
    assert.deepEqual(segments(asks("write", { bytes: 64 })), [["arbitration", clocks(2)], ["write", clocks(burst(8))]]);
    assert.equal(alone({ model, params: { clock: "66 MHz" } }, asks("write", { bytes: 64 })), clocks(2, 66) + clocks(burst(8), 66));
  });

  test("a burst goes on to the boundary of 128 B behind the end of its timer", () => {
    // 64 clocks less 7 are 57 words of 8 B: 456 B, so to 512.
    assert.equal(alone({ model }, asks("write", { bytes: 512 })), clocks(2) + clocks(burst(64)));
    assert.equal(alone({ model }, asks("write", { bytes: 513 })), clocks(2) + clocks(burst(64)) + clocks(burst(1)));
    assert.equal(alone({ model, params: { "latency.timer": "20 cycles" } }, asks("write", { bytes: 129 })), clocks(2) + clocks(burst(16)) + clocks(burst(1)));
  });

  test("a read is a request and an answer that is a transfer of its own", () => {
    assert.deepEqual(segments(read(64)), [["arbitration", clocks(2)], ["read request", clocks(4)], ["read fetch", 400_000], ["arbitration of the answer", clocks(2)], ["read", clocks(burst(8))]]);
  });

  test("several requests of one read are under way at once, as many as may be unanswered", () => {
    const one = 2 * clocks(2) + clocks(4) + 400_000 + clocks(burst(64));
    const times = [1, 2, 8].map((splits) => alone({ model, params: { splits } }, read(2048)));
    assert.ok(Math.abs(times[0]! - 4 * one) <= 4, `${times[0]} against ${4 * one}`);
    assert.ok(times[2]! < times[1]! && times[1]! < times[0]!, `${times}`);
    assert.ok(times[2]! >= 4 * clocks(burst(64)), "the medium carries one answer at a time");
    assert.equal(alone({ model }, asks("read", { bytes: 2048, until: "first" })), one);
    // One request for all of it spares the others: the answer's four bursts follow each other from the start.
    assert.equal(alone({ model, params: { request: "2048 B" } }, read(2048)), 2 * clocks(2) + clocks(4) + 400_000 + 4 * clocks(burst(64)));
  });

  test("the medium is free between request and answer; on PCI refused attempts take it", () => {
    const params = { clock: "66 MHz", fetch: "5 us" };
    const reader = { reads: read(64), writes: asks("write", { bytes: 8 }) };
    const times = { reads: [0], writes: Array.from({ length: 40 }, (_, at) => 300_000 + at * 110_000) };
    const waits = (bench: { model: string; params: Record<string, string> }): number => {
      const least = alone(bench, asks("write", { bytes: 8 }));
      return onBus(bench, reader, times).latencies[1]!.reduce((sum, latency) => sum + latency - least, 0);
    };
    assert.equal(waits({ model, params: { ...params, initial: "0 cycles" } }), 0);
    assert.ok(waits({ model: "bus/pci", params: { ...params, width: "64 bit", "retry.gap": "8 cycles" } }) > 100_000);
  });

  test("eight reads at once: split they overlap their fetches, delayed they do not end sooner than on PCI-X", () => {
    const times = Array<number>(8).fill(0);
    const last = (bench: { model: string; params: Record<string, string> }): number => Math.max(...onBus(bench, { reads: read(512) }, { reads: times }).latencies[0]!);
    const split = last({ model, params: { clock: "66 MHz", fetch: "600 ns" } });
    const delayed = last({ model: "bus/pci", params: { clock: "66 MHz", width: "64 bit", fetch: "600 ns" } });
    assert.ok(split < delayed, `${split} against ${delayed}`);
    assert.ok(split >= 600_000 + 8 * clocks(burst(64), 66));
  });

  test("store, load, interrupt and visibility", () => {
    assert.deepEqual(segments(asks("store", { bytes: 8 })), [["store flight", 250_000], ["arbitration", clocks(2)], ["store", clocks(burst(1))]]);
    assert.equal(alone({ model }, asks("visible")), 300_000);
    assert.equal(alone({ model }, asks("interrupt")), 700_000);
    assert.equal(alone({ model, params: { interrupt: "message" } }, asks("interrupt")), clocks(2) + clocks(burst(1)));
    const load: Probe = ({ bus, cpu }) => [use(cpu, "enter", { thread: "app", label: "app" }), use(bus, "load", { label: "status" }), leaveCore()];
    assert.equal(alone({ model }, load), 800_000);
  });
});
