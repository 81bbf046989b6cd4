// Goal: a send that lends its pages takes its listed steps, and pays from exactly the size at which its arithmetic says so.
// Method: exact segments and processor time of one send, size by size, against a send that copies.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { memorySystem } from "../support/memory-system.js";
import { testModel, type Bench, type Tested, type Written } from "../support/model-tester.js";

/** 10,000 bytes at 1448 a segment, each fetched by itself. */
const FRAMES = 7;

type Params = Readonly<Record<string, Written>>;

/** A host that sends, up to the doorbell. */
function bench(step: Bench["path"][number], payload: string, zerocopy: Params = {}): Bench {
  const components = {
    cpu: { model: "host/core", params: { threads: { irq: 2, app: 3 } } },
    ...memorySystem(),
    bus: { model: "bus/pcie" },
    nic: { model: "nic/generic", params: { "moderation.mode": "none" } },
    os: { model: "os/linux" },
    tcp: { model: "os/linux-tcp" },
    zerocopy: { model: "os/zerocopy-send", params: zerocopy },
  };
  return { instances: { gw: { components }, out: { model: "link/ethernet" } }, path: [["gw.run", { time: "0 ns", core: "app" }], { tap: "call" }, step, { tap: "handed" }, "gw.nic.tx", "out"], payload, from: "call", to: "handed" };
}

const pairs = (tested: Tested): (readonly [string, number])[] => tested.segments().map(({ label, ps }) => [label, ps]);
/** Processor time of all cores, off the path too. */
const spent = (tested: Tested): number => [...tested.machine.cpu].reduce((total, time) => total + time, 0);
const spentBy = (step: string, payload: number): number => spent(testModel(bench(step, `${payload} B`)));

describe("a send that lends its pages", () => {
  test("takes the listed steps and no others", () => {
    assert.deepEqual(pairs(testModel(bench("gw.zerocopy.tx", "10000 B"))), [
      ["system call", 70_000], ["send call", 85_000], ["pages pinned", 150_000 + 3 * 80_000], ["build segments", 700_000], ["queueing discipline", 150_000], ["driver send", 250_000],
    ]);
  });

  test("copies nothing and moves the payload once, into the adapter", () => {
    const tested = testModel(bench("gw.zerocopy.tx", "10000 B"));
    assert.deepEqual(["copies", "movements", "syscalls"].map((name) => tested.account(`gw/${name}`)), [0, FRAMES, 2]);
  });

  test("pins whole pages, at least one", () => {
    const pinned = (payload: string, page: string): number => pairs(testModel(bench("gw.zerocopy.tx", payload, { page }))).find(([label]) => label === "pages pinned")?.[1] ?? NaN;
    assert.deepEqual([pinned("1 B", "4 KiB"), pinned("4096 B", "4 KiB"), pinned("4097 B", "4 KiB"), pinned("64 KiB", "64 KiB")], [230_000, 230_000, 310_000, 230_000]);
  });

  test("leaves giving back, notification and the call that fetches it to the time after", () => {
    const tested = testModel(bench("gw.zerocopy.tx", "10000 B"));
    const onPath = tested.latencies[0] ?? NaN;
    assert.equal(spent(tested) - onPath, 150_000 + 3 * 40_000 + 400_000 + 70_000 + 350_000);
  });
});

describe("the size from which it pays", () => {
  test("is where the arithmetic has it: 1.09 us - 35 ns and 120 ns a page against 0.15625 ns a byte", () => {
    let compared = 0;
    for (const size of [1, 1000, 4096, 7000, 7550, 8192, 8300, 9000, 16_384, 65_536]) {
      const expected = 150_000 + 400_000 + 70_000 + 350_000 + 120_000 * Math.max(1, Math.ceil(size / 4096)) - 35_000 - Math.round(size * 156.25);
      assert.equal(spentBy("gw.zerocopy.tx", size) - spentBy("gw.tcp.tx", size), expected, String(size));
      compared++;
    }
    assert.equal(compared, 10);
  });

  test("lies between 7519 and 7521 bytes", () => {
    // 970 + 2 x 120 - 35 = 1175 ns are a copy of 7520 bytes.
    assert.ok(spentBy("gw.zerocopy.tx", 7519) > spentBy("gw.tcp.tx", 7519));
    assert.equal(spentBy("gw.zerocopy.tx", 7520), spentBy("gw.tcp.tx", 7520));
    assert.ok(spentBy("gw.zerocopy.tx", 7521) < spentBy("gw.tcp.tx", 7521));
  });
});
