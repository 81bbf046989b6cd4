// Translation of device addresses: which pages are cached follows from the buffers' order, and the walker and the invalidation take their time.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Amount, amountOf, delay, use } from "../../src/modeling/index.js";
import { every, onCore, received, run, total } from "../support/memory-probes.js";
import type { Probe, ProbeBench } from "../support/probe.js";

const dma: Probe = ({ memory }) => [use(memory, "dma-write", { bytes: amountOf(64) })];
const iommu = (params: NonNullable<ProbeBench["memory"]>["iommu"], buffers = 8192): ProbeBench["memory"] => ({ iommu: params ?? {}, llc: { buffers } });
const walked = (memory: ProbeBench["memory"], count = 500): number => run(dma, memory, every(1_000_000, count)).latencies[0]!.filter((latency) => latency === 260_000).length;

describe("cached translations", () => {
  test("buffers in turn over more pages than entries never hit: one page more than fits is enough", () => {
    // Two buffers of 2 KiB share a page, so every second write is to the page before.
    assert.equal(walked(iommu({ mode: "lazy" }, 128)), 64, "64 pages, walked once each");
    assert.equal(walked(iommu({ mode: "lazy" }, 130), 650), 325, "65 pages: walked again in every round");
    assert.equal(walked(iommu({ mode: "lazy" }, 8192)), 250);
  });

  test("one page a buffer: not a single hit", () => {
    assert.equal(walked({ ...iommu({ mode: "lazy" }, 4096), llc: { buffers: 4096, buffer: "4 KiB" } }), 500);
  });

  test("huge pages bring the same buffers within reach", () => {
    assert.equal(walked(iommu({ mode: "lazy", page: "2 MiB" }, 8192), 20_000), 8);
    assert.equal(walked(iommu({ mode: "lazy", page: "1 GiB" }, 8192)), 1);
  });

  test("more entries do as well", () => {
    assert.equal(walked(iommu({ mode: "lazy", entries: 65 }, 130), 650), 65);
  });

  test("off and passthrough cost nothing", () => {
    for (const mode of ["off", "passthrough"]) assert.equal(walked(iommu({ mode })), 0, mode);
  });

  test("a hit may cost as well", () => {
    const { latencies } = run(dma, iommu({ mode: "lazy", hit: "10 ns" }, 2), every(1_000_000, 2));
    assert.deepEqual([...latencies[0]!], [260_000, 10_000]);
  });

  test("a large ring of large buffers walks for every packet, with huge pages for none", () => {
    const last = (page: string): number => received({ memory: { iommu: { mode: "lazy", page } }, nic: { "rx.ring": 4096, "rx.buffer": "4 KiB" } }, 100)[99]!;
    assert.equal(last("4 KiB") - last("2 MiB"), 260_000);
  });
});

describe("the walkers", () => {
  const apart = { llc: { buffers: 4096, buffer: "4 KiB" } };
  const at = (walkers: number, count: number): readonly number[] => run(dma, { ...apart, iommu: { mode: "lazy", walkers } }, Array.from({ length: count }, () => 0)).latencies[0]!;

  test("take so many at a time, the others wait", () => {
    assert.deepEqual([...at(4, 4)], [260_000, 260_000, 260_000, 260_000]);
    assert.deepEqual([...at(1, 3)], [260_000, 520_000, 780_000]);
    assert.deepEqual([...at(2, 4)], [260_000, 260_000, 520_000, 520_000]);
  });

  test("a request whose page is cached waits behind walks that wait", () => {
    // All walkers are at work on the first page; the second buffer lies in it too.
    const { latencies } = run(dma, { llc: { buffers: 4 }, iommu: { mode: "lazy", walkers: 1 } }, [0, 100_000]);
    assert.deepEqual([...latencies[0]!], [260_000, 160_000]);
  });
});

describe("taking translations back", () => {
  const unmap: Probe = (reach) => [...dma(reach), ...onCore(use(reach.memory, "unmap", { category: "softirq" }))(reach)];
  const busy = (memory: ProbeBench["memory"], count: number): readonly number[] => run(unmap, memory, every(10_000_000, count)).latencies[0]!;

  test("costs an invalidation each time in strict mode, once a batch in lazy, else nothing", () => {
    assert.deepEqual([...busy(iommu({ mode: "strict" }, 1), 3)], [1_010_000, 1_010_000, 1_010_000]);
    assert.deepEqual([...busy(iommu({ mode: "lazy", batch: 3 }, 1), 4)], [260_000, 0, 750_000, 260_000], "and what was flushed is walked again");
    assert.deepEqual([...busy(iommu({ mode: "passthrough" }, 1), 2)], [0, 0]);
  });

  test("in strict mode even one buffer is walked for every time; who never unmaps walks once", () => {
    assert.equal(walked(iommu({ mode: "strict" }, 1)), 1);
    assert.equal(busy(iommu({ mode: "strict" }, 1), 50).filter((latency) => latency === 1_010_000).length, 50);
  });

  test("the caller may fold the time into the flight", () => {
    const folded: Probe = ({ memory }) => [use(memory, "dma-write", { bytes: amountOf(64), land: (extra: Amount) => [delay(extra.plus(180_000), "flight")] })];
    assert.equal(total(run(folded, iommu({ mode: "strict" }))), 440_000);
  });
});
