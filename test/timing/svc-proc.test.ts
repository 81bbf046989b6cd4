// Goal: the files of a process are read and written as the manual says, and cost what a look-up, pages and a copy cost. Method: one
// access by a thread that holds its core, exact segments; sizes around a page and around the end of a segment; every refusal.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WirelatErrors } from "../../src/errors/index.js";
import { fdText, openFile } from "../../src/models/parts/proc-files.js";
import { memorySystem } from "../support/memory-system.js";
import { testModel, type Bench, type Tested, type Written } from "../support/model-tester.js";

type Params = Readonly<Record<string, Written>>;

interface Setting {
  readonly payload?: string;
  readonly params?: Params;
  readonly region?: Params;
}

function access(argument: Params, { payload = "8 B", params = {}, region = {} }: Setting = {}): Tested {
  const bench: Bench = {
    instances: { target: { components: { cpu: { model: "host/core", params: { threads: { srv: 1 } } }, ...memorySystem(), proc: { model: "svc/proc", params } } } },
    regions: { "target.image": { bytes: 65_536, ...region } },
    path: [["target.run", { time: "100 ns", core: "srv" }], { tap: "begin" }, ["target.proc.read", { from: "target.image", ...argument }], { tap: "finish" }],
    payload,
    from: "begin",
    to: "finish",
  };
  return testModel(bench);
}

const pairs = (tested: Tested): (readonly [string, string, number])[] => tested.segments().map(({ label, kind, ps }) => [label, kind, ps]);
const copied = (tested: Tested): number => tested.account("target/copied-bytes");

function refusal(argument: Params, setting: Setting = {}): string[] {
  try {
    access(argument, setting);
  } catch (error) {
    if (error instanceof WirelatErrors) return error.errors.map(({ code }) => code);
    throw error;
  }
  return [];
}

describe("reading a process's memory", () => {
  test("is a system call, a look-up, a page and a copy", () => {
    const tested = access({});
    assert.deepEqual(pairs(tested), [["system call", "process", 70_000], ["process looked up", "process", 1_000_000], ["copy out of the process", "copy", 150_000 + 8 * 200]]);
    assert.deepEqual(["copies", "copied-bytes", "syscalls", "movements"].map((name) => tested.account(`target/${name}`)), [1, 8, 1, 1]);
  });

  test("pays for every page that it touches", () => {
    const copy = (payload: string, offset = "0 B"): number => (pairs(access({ offset }, { payload }))[2]?.[2] ?? NaN) - parseInt(payload, 10) * 200;
    assert.deepEqual([copy("4096 B"), copy("4097 B"), copy("8192 B"), copy("4096 B", "1 B")], [150_000, 300_000, 300_000, 300_000]);
  });

  test("takes each time from its parameter", () => {
    const slow = access({}, { params: { lookup: "2 us", page: "1 us", rate: "8 Gbit/s" } });
    assert.deepEqual(pairs(slow).slice(1).map(([, , ps]) => ps), [2_000_000, 1_000_000 + 8 * 1000]);
    assert.equal(access({}, { payload: "8192 B", params: { "page-size": "2 KiB" } }).latencies[0]! - access({}, { payload: "8192 B" }).latencies[0]!, 2 * 150_000);
  });

  test("stops at the end of the segment in which it began", () => {
    assert.deepEqual(["65436 B", "65437 B", "65535 B"].map((offset) => copied(access({ offset }, { payload: "100 B" }))), [100, 99, 1]);
    assert.deepEqual(refusal({ offset: "65536 B" }), ["address-outside"]);
  });
});

describe("the other files", () => {
  test("are as long as they are", () => {
    const lengths = ["regs", "fpregs", "kregs"].map((file) => copied(access({ file }, { payload: "4096 B" })));
    assert.deepEqual(lengths, [208, 512, 208]);
    assert.equal(copied(access({ file: "regs", offset: "200 B" }, { payload: "64 B" })), 8);
    assert.deepEqual(refusal({ file: "regs", offset: "208 B" }), ["address-outside"]);
  });

  test("the list of open files has the working directory and a line for each, in the kernel's format", () => {
    const files = ["r c /dev/cons", "rw I /net/tcp/7/data"].map((one) => openFile(one)!);
    assert.equal(fdText("/usr/glenda", files, 8192), "/usr/glenda\n  0 r  c    0 (0000000000000000 0 00)  8192        0 /dev/cons\n  1 rw I    0 (0000000000000001 0 00)  8192        0 /net/tcp/7/data\n");
    const params = { directory: "/usr/glenda", files: ["r c /dev/cons", "rw I /net/tcp/7/data"] };
    assert.equal(copied(access({ file: "fd" }, { payload: "4096 B", params })), fdText("/usr/glenda", files, 8192).length);
    const wider = copied(access({ file: "fd" }, { payload: "4096 B", params: { ...params, "fd.iounit": "65536 B" } }));
    assert.equal(wider - fdText("/usr/glenda", files, 65_536).length, 0);
    assert.deepEqual(refusal({ file: "fd" }, { params: { files: ["/dev/cons"] } }), ["file-malformed"]);
  });
});

describe("writing", () => {
  const write = { mode: "write" };
  const stopped = { params: { state: "Stopped" } };

  test("is allowed only while the process is stopped", () => {
    for (const state of ["Running", "Ready", "Rendez", "Broken"]) assert.deepEqual(refusal(write, { params: { state } }), ["process-not-stopped"], state);
    assert.deepEqual(refusal(write, stopped), []);
    assert.deepEqual(pairs(access(write, stopped))[2], ["copy into the process", "copy", 150_000 + 8 * 200]);
  });

  test("reaches the user's addresses and registers, not the kernel's", () => {
    assert.deepEqual(refusal(write, { ...stopped, region: { at: 2 ** 47 } }), ["address-not-user"]);
    assert.deepEqual(refusal(write, { ...stopped, region: { at: 2 ** 47 - 65_536 } }), []);
    assert.deepEqual(refusal({ ...write, offset: "1 B" }, { ...stopped, region: { at: 2 ** 47 - 1 } }), ["address-not-user"]);
    for (const file of ["regs", "fpregs"]) assert.deepEqual(refusal({ ...write, file }, stopped), [], file);
    for (const file of ["kregs", "fd"]) assert.deepEqual(refusal({ ...write, file }, stopped), ["file-read-only"], file);
  });

  test("reading the kernel's addresses is allowed", () => {
    assert.deepEqual(refusal({}, { region: { at: 2 ** 47 } }), []);
  });
});

test("memory is read in a region", () => {
  const bench: Bench = {
    instances: { target: { components: { cpu: { model: "host/core", params: { threads: { srv: 1 } } }, ...memorySystem(), proc: { model: "svc/proc" } } } },
    path: [["target.run", { time: "100 ns", core: "srv" }], { tap: "begin" }, "target.proc.read", { tap: "finish" }], from: "begin", to: "finish",
  };
  assert.throws(() => testModel(bench), (error) => error instanceof WirelatErrors && error.errors[0]?.code === "parameter-missing");
});
