// Goal: a disk as a network adapter meets it: a pace, a buffer, bursts on the bus. Method: reads and writes alone, then two at once.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { memorySystem } from "../support/memory-system.js";
import { testModel, type Bench, type Written } from "../support/model-tester.js";

const run = (payload: string, params: Readonly<Record<string, Written>> = {}, more: { readonly path?: Bench["path"]; readonly count?: number } = {}) =>
  testModel({
    instances: { gw: { components: { cpu: { model: "host/core", params: { threads: { app: 3 } } }, ...memorySystem(), bus: { model: "bus/pci" }, disk: { model: "host/disk", params } } } },
    path: more.path ?? [{ tap: "from" }, "gw.disk.read", { tap: "to" }],
    traffic: { model: "traffic/burst", params: { count: more.count ?? 1, gap: "0 ns", period: "1 s", payload } },
    messages: more.count ?? 1,
    from: "from",
    to: "to",
  });

const clocks = (count: number): number => Math.round((count * 1e6) / 33);
/** Arbitration and bursts of a write on 32-bit PCI: 59 words each, six clocks besides. */
const write = (bytes: number): number => {
  const full = Math.ceil(bytes / 236) - 1;
  return clocks(2) + full * clocks(65) + clocks(Math.ceil((bytes - full * 236) / 4) + 6);
};
const medium = (bytes: number): number => Math.round((bytes * 8e6) / 440);

describe("the disk", () => {
  test("a read is the command, the medium's pace, the bus, the flight and the interrupt", () => {
    const behind = 450_000 + 50_000 + 700_000;
    assert.equal(run("2048 B").latencies[0], 50_000_000 + medium(2048) + write(2048) + behind);
    assert.equal(run("5000 B").latencies[0], 50_000_000 + 2 * (medium(2048) + write(2048)) + medium(904) + write(904) + behind);
    assert.equal(run("2048 B").account("gw/movements"), 1);
  });

  test("a write is fetched a buffer at a time", () => {
    // The data come from kernel memory, so they are brought there first by a read.
    const both = run("4096 B", {}, { path: [{ tap: "from" }, "gw.disk.read", { tap: "middle" }, "gw.disk.write", { tap: "to" }] });
    assert.equal(both.account("gw/movements"), 2);
    assert.ok(both.latencies[0]! - run("4096 B").latencies[0]! > 50_000_000 + 2 * medium(2048) + 8 * clocks(64 * 2), "reads on PCI cost more than writes");
  });

  test("command, rate and buffer each have their effect", () => {
    const one = run("8192 B").latencies[0]!;
    assert.equal(run("8192 B", { command: "0 ns" }).latencies[0], one - 50_000_000);
    assert.equal(run("8192 B", { rate: "880 Mbit/s" }).latencies[0], one - 4 * (medium(2048) - Math.round((2048 * 8e6) / 880)));
    assert.equal(run("8192 B", { buffer: "8192 B" }).latencies[0], 50_000_000 + medium(8192) + write(8192) + 1_200_000);
  });

  test("two requests share the medium", () => {
    const both = run("65536 B", { command: "0 ns" }, { count: 2 });
    assert.ok(both.latencies[1]! > 2 * 32 * medium(2048), "two times 64 KiB cannot come faster than the medium gives them");
    assert.ok(both.latencies[1]! < 2 * run("65536 B", { command: "0 ns" }).latencies[0]!, "but while one is on the bus the other is read");
  });
});
