// Goal: a read by 9P is one question and one answer for each unit of transfer, as long as the protocol says, through both kernels, and
// copied twice at the server. Method: exact bytes on the wire and exact segments of one read; payloads around a segment, a unit and a
// window; a server whose kernel has crashed.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WirelatErrors } from "../../src/errors/index.js";
import { memorySystem } from "../support/memory-system.js";
import { testModel, type Bench, type Tested, type Written } from "../support/model-tester.js";

type Params = Readonly<Record<string, Written>>;

interface Setting {
  readonly payload?: string;
  readonly nine?: Params;
  readonly client?: Params;
  readonly os?: Params;
  readonly proc?: Params;
  readonly path?: Bench["path"];
  readonly messages?: number;
}

const host = (nine: Params, os: Params = {}, proc: Params | null = null): Bench["instances"][string] => ({
  components: {
    cpu: { model: "host/core", params: { threads: { irq: 0, app: 1, srv: 2 } } },
    ...memorySystem(),
    bus: { model: "bus/pcie" },
    nic: { model: "nic/generic", params: { rate: "1 Gbit/s", "moderation.mode": "none" } },
    os: { model: "os/plan9", params: os },
    "9p": { model: "svc/9p", params: nine },
    ...(proc === null ? {} : { proc: { model: "svc/proc", params: proc } }),
  },
});

const PIECE: Bench["path"] = [["dbg.9p.tread", { via: "lan", server: "target.srv" }], ["target.proc.read", { from: "target.image" }], "target.9p.rread"];
const WHOLE: Bench["path"] = [["dbg.9p.read", { via: "lan", server: "target.srv", from: "target.image" }]];

function read({ payload = "8 B", nine = {}, client = {}, os = {}, proc = {}, path = PIECE, messages = 1 }: Setting = {}): Tested {
  return testModel({
    instances: { dbg: host({ ...nine, ...client }), target: host(nine, os, proc), lan: { model: "link/ethernet", kind: "link", params: { rate: "1 Gbit/s", length: "0 m" } } },
    regions: { "target.image": { bytes: 1_048_576 } },
    path: [{ tap: "ask" }, ...path, { tap: "got" }],
    traffic: { model: "traffic/constant", params: { rate: "10 pps", payload, stack: "tcp" } },
    from: "ask",
    to: "got",
    messages,
  });
}

const latency = (setting: Setting = {}): number => read(setting).latencies[0] ?? NaN;
/** Bytes that crossed the link in all, as the time for which its wires were taken: 8 ns a byte, and 12 B of gap behind each frame. */
function onWire(tested: Tested): readonly number[] {
  const { stages } = tested.compiled.program;
  return ["forward", "backward"].map((way) => (tested.machine.stages.busy[stages.findIndex(({ name }) => name === `lan.${way}`)] ?? NaN) / 8_000);
}
/** Preamble, Ethernet, IP, TCP, check sequence, gap. */
const AROUND = 8 + 14 + 20 + 20 + 4 + 12;

describe("a read of one unit of transfer", () => {
  test("asks with 23 bytes and is answered with 11 and the data", () => {
    assert.deepEqual(onWire(read({ payload: "8 B" })), [23 + AROUND, 8 + 11 + AROUND]);
    assert.deepEqual(onWire(read({ payload: "1000 B" })), [23 + AROUND, 1000 + 11 + AROUND]);
  });

  test("is cut into full segments, the header in the first: 8192 bytes take six frames", () => {
    assert.deepEqual(onWire(read({ payload: "1449 B" })), [23 + AROUND, 1460 + AROUND]);
    // The second frame bears one byte and is filled up to 64.
    assert.deepEqual(onWire(read({ payload: "1450 B" })), [23 + AROUND, 1450 + 11 + 2 * AROUND + 5]);
    assert.deepEqual(onWire(read({ payload: "8192 B" })), [23 + AROUND, 8192 + 11 + 6 * AROUND]);
  });

  test("takes each of the protocol's own steps once", () => {
    const own = read().segments().filter(({ label }) => label.startsWith("9P")).map(({ step, label, ps }) => [step, label, ps]);
    assert.deepEqual(own, [
      ["dbg.9p.tread", "9P client: question", 500_000],
      ["dbg.9p.tread", "9P server: question", 1_000_000],
      ["target.9p.rread", "9P server: answer", 500_000],
      ["target.9p.rread", "9P client: answer", 300_000],
    ]);
    assert.equal(latency({ nine: { ask: "1 us", serve: "2 us", answer: "1 us", match: "600 ns" } }) - latency(), 500_000 + 1_000_000 + 500_000 + 300_000);
  });

  test("costs two copies of the data at the server and one at the client; the question is none of them", () => {
    const tested = read({ payload: "4096 B" });
    assert.deepEqual(["target/copies", "target/copied-bytes", "dbg/copies", "dbg/copied-bytes"].map((name) => tested.account(name)), [2, 2 * 4096 + 11, 1, 4096]);
  });

  test("two system calls at the client; three at the server, which reads the question, the process, and writes the answer", () => {
    const tested = read();
    assert.deepEqual(["dbg/syscalls", "target/syscalls", "dbg/switches", "target/switches"].map((name) => tested.account(name)), [2, 3, 2, 2]);
  });

  test("of several segments waits for the last, while the kernels work on the others", () => {
    // Frames come 1538 bytes apart; each keeps the receiving kernel busy for 2.2 us, less than its 12.3 us on the wire.
    const [small, large] = [latency({ payload: "1449 B" }), latency({ payload: "2898 B" })];
    const later = (1449 + AROUND) * 8_000;
    const copies = 1449 * 3 * 156.25;
    assert.ok(Math.abs(large - small - later - copies) < 1_000_000, `${large - small} against ${later + copies}`);
  });
});

describe("a read of more than one unit", () => {
  test("asks for each unit when the last one has come", () => {
    assert.equal(latency({ payload: "16384 B", path: WHOLE }), 2 * latency({ payload: "8192 B", path: WHOLE }));
    assert.equal(onWire(read({ payload: "16384 B", path: WHOLE }))[0], 2 * (23 + AROUND));
    assert.equal(latency({ payload: "8192 B", path: WHOLE }), latency({ payload: "8192 B" }));
  });

  test("with a smaller unit asks more often", () => {
    assert.equal(onWire(read({ payload: "8192 B", path: WHOLE, nine: { iounit: "1024 B" } }))[0], 8 * (23 + AROUND));
  });

  test("keeps as many questions on their way as the window allows, and no more", () => {
    const times = [1, 2, 4, 8].map((window) => latency({ payload: "65536 B", path: WHOLE, client: { window } }));
    const [one = NaN, two = NaN, four = NaN, eight = NaN] = times;
    // Two questions already keep the wire busy; more only queue behind each other.
    assert.ok(two < 0.75 * one && [four, eight].every((more) => Math.abs(more - two) < 0.05 * two), String(times));
    const wire = (65_536 + 8 * 11 + 48 * AROUND) * 8_000;
    assert.ok(Math.min(...times) > wire, "nothing comes faster than the wire carries it");
    const { pools } = read({ payload: "65536 B", path: WHOLE, client: { window: 2 } }).machine;
    assert.equal(pools.find(({ spec }) => spec.name === "dbg.9p.window")?.lowest, 0);
  });
});

describe("a server", () => {
  test("answers no more than a unit, however much is asked", () => {
    assert.deepEqual(onWire(read({ payload: "1000 B", nine: { iounit: "512 B" } })), [23 + AROUND, 512 + 11 + AROUND]);
  });

  test("that ends with its segment sends what there is", () => {
    const short: Bench["path"] = [["dbg.9p.tread", { via: "lan", server: "target.srv" }], ["target.proc.read", { from: "target.image", offset: "1048476 B" }], "target.9p.rread"];
    assert.deepEqual(onWire(read({ payload: "512 B", path: short })), [23 + AROUND, 100 + 11 + AROUND]);
    const longer: Bench["path"] = [["dbg.9p.tread", { via: "lan", server: "target.srv" }], ["target.proc.read", { from: "target.image", offset: "1045576 B" }], "target.9p.rread"];
    // 3000 of 8192 bytes are left: three equal segments.
    assert.deepEqual(onWire(read({ payload: "8192 B", path: longer })), [23 + AROUND, 3000 + 11 + 3 * AROUND]);
  });

  test("whose kernel has crashed never answers: the read is lost, and the run ends", () => {
    const tested = read({ os: { state: "crashed" }, messages: 5 });
    assert.deepEqual(tested.latencies, []);
    assert.deepEqual([tested.machine.sent, tested.machine.completed, tested.machine.drops[tested.compiled.program.reasons.indexOf("kernel has crashed")]], [5, 0, 5]);
    assert.equal(tested.account("target/interrupts"), 0);
  });

  test("answers only what was asked", () => {
    const refused = (path: Bench["path"]): string[] => {
      try {
        read({ path });
      } catch (error) {
        if (error instanceof WirelatErrors) return error.errors.map(({ code }) => code);
        throw error;
      }
      return [];
    };
    assert.deepEqual(refused(["target.9p.rread"]), ["reply-unasked"]);
    assert.deepEqual(refused([["dbg.9p.tread", { via: "lan", server: "target" }]]), ["parameter-missing"]);
    assert.deepEqual(refused([["dbg.9p.tread", { server: "target.srv" }]]), ["parameter-missing"]);
  });
});
