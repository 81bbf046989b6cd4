// Copies by the processor: times to the picosecond by size and level, bytes on the memory bus, and what a device has left in the cache.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { memorySystem, type MemoryParams } from "../support/memory-system.js";
import { testModel, type Tested, type Written } from "../support/model-tester.js";

const copied = (step: readonly [string, Written], payload: string, memory: MemoryParams = {}, messages = 1): Tested =>
  testModel({
    instances: { gw: { components: { cpu: { model: "host/core", params: { threads: { app: 3 } } }, ...memorySystem(memory) } } },
    path: [["gw.run", { time: "1 ns", core: "app" }], { tap: "begin" }, step, { tap: "end" }], payload, from: "begin", to: "end", messages,
  });
const total = (tested: Tested): number => tested.latencies[0]!;

describe("between kernel and user memory", () => {
  for (const [payload, ps] of [["1 B", 35_156], ["64 B", 45_000], ["4 KiB", 675_000], ["64 KiB", 10_275_000]] as const) {
    test(`a copy of ${payload} takes setup, access and 156.25 ps a byte: ${ps} ps`, () => {
      const tested = copied(["gw.copy", { to: "kernel" }], payload);
      assert.equal(total(tested), ps);
      assert.deepEqual([tested.account("gw/copies"), tested.account("gw/movements")], [1, 1]);
    });
  }

  test("a cold one also waits for its first line and crosses the memory bus three times, one around the cache twice", () => {
    const of = (memory: string): Tested => copied(["gw.copy", { to: "kernel" }], "4 KiB", { copier: { memory } });
    assert.deepEqual(["cached", "streaming", "cold"].map((memory) => of(memory).account("gw/memory-bytes") / 4096), [0, 2, 3]);
    assert.deepEqual(["cached", "streaming", "cold"].map((memory) => total(of(memory))), [675_000, 675_000, 760_000]);
  });

  test("what a program has just written is sent from the cache", () => {
    assert.equal(copied(["gw.copy", { to: "kernel" }], "4 KiB", { llc: { ddio: false } }).account("gw/memory-bytes"), 0);
  });

  /** A kernel receive: bytes on the memory bus per byte of the frame's payload. */
  function crossings(ddio: boolean): number {
    const components = {
      cpu: { model: "host/core", params: { threads: { irq: 2, app: 3 } } }, ...memorySystem({ llc: { ddio } }), bus: { model: "bus/pcie" },
      nic: { model: "nic/generic", params: { "moderation.mode": "none" } }, os: { model: "os/linux" },
    };
    const tested = testModel({
      instances: { gw: { components }, feed: { model: "link/ethernet" } }, payload: "1400 B",
      path: ["feed", { tap: "begin" }, "gw.nic.rx", "gw.irq", "gw.udp.rx", ["gw.wake", "app"], ["gw.copy", { to: "user" }], { tap: "end" }], from: "begin", to: "end",
    });
    return tested.account("gw/memory-bytes") / 1400;
  }

  test("a kernel receive without DDIO crosses the bus four times a byte: written once, copied with three; with it never", () => {
    assert.ok(Math.abs(crossings(false) - 4) < 0.05, `${crossings(false)}`);
    assert.equal(crossings(true), 0);
  });
});

describe("within a program", () => {
  const memcpy = (args: Written, payload = "64 KiB", memory: MemoryParams = {}): Tested => copied(["gw.memcpy", args], payload, memory);

  test("a warm copy runs at 40 GB/s, from the last-level cache at 18 GB/s, a cold one at 10 GB/s behind its first line", () => {
    assert.equal(total(memcpy("warm")), 15_000 + 2 * 819_200);
    assert.equal(Math.round((65_536 / (total(memcpy("cache")) - 15_000)) * 1000), 18);
    assert.equal(total(memcpy({ from: "memory", to: "memory" })), 15_000 + 85_000 + 2 * 3_276_800);
  });

  test("levels count each on its own side", () => {
    assert.equal(total(memcpy({ from: "memory" })), 15_000 + 85_000 + 3_276_800 + 819_200);
    assert.equal(total(memcpy({ to: "memory" })), 15_000 + 819_200 + 3_276_800);
  });

  test("crosses the bus for each cold side, and once less with stores around the cache", () => {
    const crossed = (args: Written): number => memcpy(args).account("gw/memory-bytes") / 65_536;
    assert.deepEqual([crossed("warm"), crossed({ from: "memory" }), crossed({ to: "memory" }), crossed({ from: "memory", to: "memory" }), crossed({ from: "memory", to: "memory", stores: "streaming" })], [0, 1, 2, 3, 2]);
  });

  test("a size may be given; the payload stays where it is and is counted as copied", () => {
    const tested = memcpy({ from: "warm", bytes: "0 B" });
    assert.equal(total(tested), 15_000);
    assert.equal(tested.account("gw/copies"), 1);
  });

  test("a cold copy waits for its turn on channels that others use", () => {
    const slow = memcpy({ from: "memory", to: "memory" }, "64 KiB", { dram: { channels: 1, rate: "80 Gbit/s" } });
    // Three crossings at 10 GB/s: the channel is what takes the time.
    assert.equal(total(slow), 3 * 6_553_600);
  });
});
