// Goal: what is in the page cache goes out with two copies, one or none, in the listed steps. Method: exact segments of one send.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { memorySystem } from "../support/memory-system.js";
import { testModel, type Bench, type Tested, type Written } from "../support/model-tester.js";

/** A host that sends a file, up to the doorbell. */
function bench(steps: Bench["path"], { payload = "10000 B", sendfile = {} }: { payload?: string; sendfile?: Readonly<Record<string, Written>> } = {}): Bench {
  const components = {
    cpu: { model: "host/core", params: { threads: { irq: 2, app: 3 } } },
    ...memorySystem(),
    bus: { model: "bus/pcie" },
    nic: { model: "nic/generic", params: { "moderation.mode": "none" } },
    os: { model: "os/linux" },
    tcp: { model: "os/linux-tcp" },
    sendfile: { model: "os/zerocopy-sendfile", params: sendfile },
  };
  return { instances: { gw: { components }, out: { model: "link/ethernet" } }, path: [{ tap: "call" }, ...steps, { tap: "handed" }, "gw.nic.tx", "out"], payload, from: "call", to: "handed" };
}

const pairs = (tested: Tested): (readonly [string, number])[] => tested.segments().map(({ label, ps }) => [label, ps]);
/** 10,000 bytes at 1448 a segment, each fetched by itself. */
const FRAMES = 7;
const counts = (tested: Tested): number[] => ["copies", "copied-bytes", "movements", "syscalls"].map((name) => tested.account(`gw/${name}`));
const COPY = 35_000 + 10_000 * 156.25;
const DOWN = [["build segments", 700_000], ["queueing discipline", 150_000], ["driver send", 250_000]] as const;

describe("a file in the page cache", () => {
  test("is read and written with two copies and two calls", () => {
    const tested = testModel(bench(["gw.sendfile.read", "gw.tcp.tx"]));
    assert.deepEqual(pairs(tested), [["system call", 70_000], ["file look-up", 150_000], ["copy to user", COPY], ["system call", 70_000], ["send call", 85_000], ["copy to kernel", COPY], ...DOWN]);
    assert.deepEqual(counts(tested), [2, 20_000, 2 + FRAMES, 2]);
  });

  test("is sent by sendfile without a copy, with one call and a reference for each page", () => {
    const tested = testModel(bench(["gw.sendfile.tx"]));
    assert.deepEqual(pairs(tested), [["system call", 70_000], ["send call", 85_000], ["file look-up", 150_000], ["references to pages", 90_000], ...DOWN]);
    assert.deepEqual(counts(tested), [0, 0, FRAMES, 1]);
  });

  test("is sent by splice without a copy, with two calls", () => {
    const tested = testModel(bench(["gw.sendfile.tx"], { sendfile: { mode: "splice" } }));
    assert.deepEqual(counts(tested), [0, 0, FRAMES, 2]);
    assert.equal((tested.latencies[0] ?? 0) - (testModel(bench(["gw.sendfile.tx"])).latencies[0] ?? 0), 70_000);
  });

  test("refers to as many pages as it covers", () => {
    const referred = (payload: string): number => pairs(testModel(bench(["gw.sendfile.tx"], { payload }))).find(([label]) => label === "references to pages")?.[1] ?? NaN;
    assert.deepEqual(["1 B", "4096 B", "4097 B", "64 KiB"].map(referred), [30_000, 30_000, 60_000, 480_000]);
  });
});
