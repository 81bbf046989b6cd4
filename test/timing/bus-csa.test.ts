// Goal: an adapter's own link to the memory hub, exactly, and against shared PCI. Method: single operations, then reads that meet writes.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { leaveCore, use } from "../../src/modeling/index.js";
import { alone, asks, onBus } from "../support/bus-bench.js";
import { listed, type Probe } from "../support/probe.js";

const model = "bus/csa";
/** Picoseconds of so many bytes at 266 MB/s. */
const time = (bytes: number): number => Math.round((bytes * 1e6) / 266);
const segments = (one: Probe, params = {}) => listed(onBus({ model, params }, { one }, { one: [0] }).segments());

describe("CSA", () => {
  test("carries packets of 64 B with 8 B in front, 266 MB/s", () => {
    assert.deepEqual(segments(asks("write", { bytes: 64 })), [["arbitration", 15_000], ["write", time(72)]]);
    assert.equal(alone({ model }, asks("write", { bytes: 130 })), 15_000 + 2 * time(72) + time(10));
    assert.equal(alone({ model, params: { packet: "128 B", header: "4 B" } }, asks("write", { bytes: 130 })), 15_000 + time(132) + time(6));
    assert.equal(onBus({ model }, { one: asks("write", { bytes: 130 }) }, {}).account("bus-up-overhead"), 24);
  });

  test("reads are split, and the data come from the memory hub", () => {
    assert.deepEqual(segments(asks("read", { bytes: 32, until: "last" })), [["arbitration", 15_000], ["read request", time(8)], ["read fetch", 300_000], ["arbitration of the answer", 15_000], ["read", time(40)]]);
    const [four, one] = [4, 1].map((outstanding) => alone({ model, params: { outstanding } }, asks("read", { bytes: 1024, until: "last" })));
    assert.ok(four! < one!);
    assert.ok(Math.abs(one! - 4 * (30_000 + time(8) + 300_000 + 4 * time(72))) <= 8, `${one}`);
    assert.equal(alone({ model, params: { request: "1024 B" } }, asks("read", { bytes: 1024, until: "last" })), 30_000 + time(8) + 300_000 + 16 * time(72));
  });

  test("is one medium: what goes up waits for what comes down", () => {
    const run = onBus({ model, params: { request: "1024 B" } }, { reads: asks("read", { bytes: 1024, until: "last" }), writes: asks("write", { bytes: 64 }) }, { reads: [0], writes: [370_000] });
    assert.ok(run.latencies[1]![0]! > 15_000 + time(72));
    assert.ok(run.latencies[1]![0]! <= 15_000 + 2 * time(72), "but no longer than for one packet");
  });

  test("a bridge less than PCI, both ways", () => {
    const way = (bus: string): number => alone({ model: bus }, asks("visible"));
    assert.equal(way("bus/pci") - way(model), 300_000);
    assert.equal(alone({ model }, asks("store", { bytes: 8 })), 200_000 + 15_000 + time(16));
    assert.equal(alone({ model }, asks("interrupt")), 15_000 + time(12));
    const load: Probe = ({ bus, cpu }) => [use(cpu, "enter", { thread: "app", label: "app" }), use(bus, "load", { label: "status" }), leaveCore()];
    assert.equal(alone({ model }, load), 600_000);
  });
});
