// Goal: every verb's steps to the picosecond, the bytes of every packet over every transport, and what keys, registration and paging cost.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { testModel, type Bench, type Tested } from "../support/model-tester.js";
import { at, pair, refusedWith, sentTo, written, type Pair, type Params } from "../support/rdma-bench.js";

const US = 1_000_000;
const listed = (tested: Tested): (readonly [string, number])[] => tested.segments().filter(({ kind }) => kind !== "poll").map(({ label, ps }) => [label, ps]);
const polledHere = (verb: string): Bench["path"] => [[`a.rdma.${verb}`, { from: "b.mailbox", via: "ib" }], ["a.poll", { watch: "cq" }]];
const mean = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0) / values.length;

const OUT = [["HCA send", 120_000], ["PHY, send", 60_000], ["flight", 15_000], ["PHY, receive", 60_000]] as const;
const COMPLETED = [["completion entry", 5_586], ["completion entry", 180_000], ["landing in the cache", 20_000], ["line fetch in cache", 20_000], ["completion entry", 20_000]] as const;
const PUSHED_TWO = [["post", 60_000], ["work request", 5_586], ["work request", 5_586], ["work request flight", 150_000]] as const;
const PUSHED_ONE = [["post", 60_000], ["work request", 5_586], ["work request flight", 150_000]] as const;

describe("two-sided verbs", () => {
  test("a send of 64 B takes the listed steps, one of 32 B one line of the work request less", () => {
    assert.deepEqual(listed(testModel(pair({}, sentTo))), [...PUSHED_TWO, ...OUT, ["serialise", 7_200], ["HCA receive", 120_000], ["payload", 5_586], ...COMPLETED]);
    // 16 B of control, 4 B in front of the data: 44 B of data fit into one line.
    const of = (payload: string): number => testModel(pair({ more: { payload } }, sentTo)).segments().filter(({ label }) => label === "work request").length;
    assert.deepEqual(["44 B", "45 B"].map(of), [1, 2]);
  });

  test("a datagram bears an address of 48 B, so even one byte takes two lines", () => {
    const path: Bench["path"] = [["a.rdma.datagram", { to: "b", via: "ib" }], ["b.poll", { watch: "cq" }]];
    assert.deepEqual(listed(testModel(pair({ more: { payload: "60 B" } }, path))), [...PUSHED_TWO, ...OUT, ["serialise", 80 * (60 + 34)], ["HCA receive", 120_000], ["payload", 5_332], ...COMPLETED]);
    const lines = (payload: string): number => testModel(pair({ more: { payload } }, path)).account("a/bus-down-payload");
    assert.deepEqual([lines("1 B"), lines("60 B"), lines("61 B")], [128, 128, 192]);
    assert.equal(testModel(pair({ more: { payload: "4097 B" } }, path)).latencies.length, 0, "longer than a packet");
  });

  test("what a work request can carry differs by verb: 220 B of a write, 236 B of a send, 188 B of a datagram", () => {
    const fetches = (path: Bench["path"], payload: number): boolean => testModel(pair({ more: { payload: `${payload} B` } }, path)).segments().some(({ label }) => label === "payload round trip");
    const datagram: Bench["path"] = [["a.rdma.datagram", { to: "b", via: "ib" }], ["b.poll", { watch: "cq" }]];
    for (const [path, limit] of [[written, 220], [sentTo, 236], [datagram, 188]] as const) assert.deepEqual([fetches(path, limit), fetches(path, limit + 1)], [false, true], String(limit));
  });

  test("the receive request is fetched on demand when the adapter does not fetch ahead", () => {
    const ahead = testModel(pair({}, sentTo));
    const late = testModel(pair({ b: { "receive-fetch": "on-demand" } }, sentTo));
    assert.equal(late.floor! - ahead.floor!, 600_000 + Math.round(36 * 63.4765625));
  });
});

describe("datagrams", () => {
  const poll = ["b.poll", { watch: "cq" }] as const;
  const bearing = (qkey: string | null, b: Params = {}, a: Params = {}): Tested =>
    testModel(pair({ a, b, more: { messages: 3 } }, [["a.rdma.datagram", { to: "b", via: "ib", ...(qkey === null ? {} : { qkey }) }], poll]));

  test("arrive with the receiver's Q_Key, and with the one that is agreed on", () => {
    for (const [qkey, own] of [[null, "0x1"], ["agreed", "0xFFFF"], ["0x11111111", "0x11111111"], ["0x0a", "0xA"]] as const) assert.equal(bearing(qkey, { "ud.qkey": own }).latencies.length, 3, String(qkey));
  });

  test("with another are dropped at the receiver, counted there and answered by nothing: the wire carries them, and their receive requests stay", () => {
    const tested = bearing("0x2", { "receive-queue": 2 });
    assert.equal(tested.latencies.length, 0);
    assert.deepEqual([tested.account("b/qkey-violations"), tested.account("a/qkey-violations")], [3, 0]);
    assert.equal(tested.machine.drops[tested.compiled.program.reasons.indexOf("wrong Q_Key")], 3);
    const taken = (name: string): number => { const { program } = tested.compiled; const at = program.pools.findIndex((pool) => pool.name === name); return tested.machine.pools[at]?.claims ?? 0; };
    assert.deepEqual([taken("a.hca.sends"), taken("b.hca.receives")], [3, 0]);
    const wire = (which: string): number => tested.machine.stages.busy[tested.compiled.program.stages.findIndex(({ name }) => name === `ib.${which}`)] ?? 0;
    assert.ok(wire("forward") > 0 && wire("backward") === 0);
  });

  test("with a key from 0x80000000 on bear that of the sender's own queue pair", () => {
    assert.equal(bearing("0x80000000", { "ud.qkey": "0x5" }, { "ud.qkey": "0x5" }).latencies.length, 3);
    assert.equal(bearing("0x80000000", { "ud.qkey": "0x80000000" }, { "ud.qkey": "0x5" }).latencies.length, 0);
  });

  test("a key that is none is refused", () => {
    for (const qkey of ["5", "0x", "0x123456789", "key"]) assert.deepEqual(refusedWith(pair({}, [["a.rdma.datagram", { to: "b", via: "ib", qkey }], poll])), ["qkey-malformed"], qkey);
  });

  test("need an address handle for their host and their port; making one is the library's work", () => {
    const datagram = ["a.rdma.datagram", { to: "b", via: "ib" }] as const;
    const made = testModel(pair({}, [["a.rdma.address", { to: "b", via: "ib" }], datagram, poll]));
    assert.deepEqual(made.segments().slice(0, 1).map(({ label, ps }) => [label, ps]), [["make address handle", 400_000]]);
    assert.equal(testModel(pair({}, [datagram, ["a.rdma.forget-address", "b"], poll])).latencies.length, 1);
    assert.deepEqual(refusedWith(pair({}, [["a.rdma.forget-address", "b"], datagram, poll])), ["address-handle"]);
    assert.deepEqual(refusedWith(pair({}, [["a.rdma.address", { to: "b", via: "other" }], datagram, poll])), ["address-handle"]);
    assert.deepEqual(refusedWith(pair({}, [["a.rdma.address", { to: "b" }], datagram, poll])), ["parameter-missing"]);
  });
});

describe("changes of a word", () => {
  for (const verb of ["fetch-add", "compare-swap"]) {
    test(`${verb}: a request of 58 B, a read and a write of the word there, an answer of 38 B`, () => {
      // 26 B around, 28 B of request; 12 B of acknowledgement and old word.
      assert.deepEqual(listed(testModel(pair({}, polledHere(verb)))), [
        ...PUSHED_ONE, ...OUT, ["serialise", 80 * 54], ["HCA receive", 120_000], ["word request", 1_523], ["word round trip", 598_477], ["word", 1_777], ["changed word", 2_031],
        ...OUT, ["serialise", 80 * 38], ["HCA receive", 120_000], ["old word", 2_031], ...COMPLETED,
      ]);
    });
  }

  test("of one word go one after the other, of two words side by side", () => {
    const on = (word: string): Bench["path"] => [{ tap: "posted" }, ["a.rdma.fetch-add", { from: "b.mailbox", via: "ib", word }], ["a.poll", { watch: "cq", core: "app" }], { tap: "seen" }];
    const two = (first: string, second: string): number => Math.max(...testModel({ ...pair({ more: { messages: 2 } }, []), path: on(first), traffic: at([0]), also: { path: on(second), traffic: at([0]) } }).latencies);
    const apart = two("0", "1");
    const same = two("0", "0");
    // Reading and writing back the word takes 604 ns, less what the second is later by anyway: its posting.
    assert.ok(same - apart > 500_000 && same - apart < 604_000, `${same} ${apart}`);
  });
});

describe("bytes on the wire", () => {
  const busy = (side: "forward" | "backward", path: Bench["path"], payload: string, setting: Pair = {}): number => {
    const tested = testModel(pair({ ...setting, more: { payload } }, path));
    return tested.machine.stages.busy[tested.compiled.program.stages.findIndex(({ name }) => name === `ib.${side}`)]!;
  };
  const imm: Bench["path"] = [["a.rdma.write-imm", { to: "b.mailbox", via: "ib" }], ["b.poll", { watch: "cq" }]];

  test("InfiniBand: 26 B around each packet, the address in the first, the word in the last, payloads in whole words", () => {
    const bytes = (path: Bench["path"], payload: string): number => busy("forward", path, payload) / 80;
    assert.deepEqual([bytes(written, "64 B"), bytes(written, "65 B"), bytes(sentTo, "64 B"), bytes(imm, "64 B")], [64 + 42, 68 + 42, 64 + 26, 64 + 46]);
    assert.equal(bytes(written, "10000 B"), 10_000 + 3 * 26 + 16);
    assert.equal(bytes(sentTo, "10000 B"), 10_000 + 3 * 26);
    assert.equal(bytes(imm, "10000 B"), 10_000 + 3 * 26 + 16 + 4);
    assert.equal(bytes(written, "8192 B"), 8_192 + 2 * 26 + 16);
  });

  test("InfiniBand: the answer to a read bears 4 B more in its first and last packet", () => {
    const back = (payload: string): number => busy("backward", polledHere("read"), payload) / 80;
    assert.deepEqual([back("64 B"), back("10000 B")], [64 + 30, 10_000 + 3 * 26 + 8]);
    assert.equal(busy("forward", polledHere("read"), "64 B") / 80, 42);
  });

  const ethernet = { model: "link/ethernet", params: { rate: "100 Gbit/s" } };

  test("RoCEv2: 70 B around each packet with its preamble, and a gap of 12 B", () => {
    const bytes = (path: Bench["path"], payload: string): number => busy("forward", path, payload, { link: ethernet }) / 80;
    assert.deepEqual([bytes(written, "64 B"), bytes(sentTo, "64 B"), bytes(written, "10000 B")], [64 + 70 + 16 + 12, 64 + 70 + 12, 10_000 + 3 * 82 + 16]);
  });

  test("iWARP: 54 B of Ethernet, IP and TCP, 12 B more with preamble and check, segments with length, headers, padding and check", () => {
    const iwarp = { transport: "iwarp", "tcp.send": "1 us", "tcp.receive": "1 us" } as const;
    const bytes = (path: Bench["path"], payload: string, mtu = "4096 B"): number => busy("forward", path, payload, { link: ethernet, a: { ...iwarp, mtu }, b: iwarp }) / 80 - 12;
    // Tagged data: 2 + 14 + 64 = 80, check 4. For a queue: 2 + 18 + 64 = 84, check 4. The word: 2 + 26 = 28, check 4.
    assert.deepEqual([bytes(written, "64 B"), bytes(sentTo, "64 B"), bytes(imm, "64 B"), bytes(written, "65 B")], [66 + 84, 66 + 88, 66 + 84 + 32, 66 + 88]);
    // A request of 28 B for a queue: 2 + 18 + 28 = 48, check 4. Each segment of data bears an address of its own: 8 less padding of 2.
    assert.equal(bytes(polledHere("read"), "64 B"), 66 + 52);
    assert.equal(busy("forward", written, "2880 B", { link: ethernet, a: { ...iwarp, mtu: "1440 B" }, b: iwarp }) / 80, 2 * (66 + 1460 + 12));
    assert.equal(busy("backward", written, "64 B", { link: ethernet, a: iwarp, b: iwarp }) / 80, 8 + 64 + 12, "an acknowledgement is the shortest frame");
  });

  test("a TCP engine alone adds nothing around the payload, and can only send", () => {
    const toe: Params = { transport: "toe" };
    assert.equal(busy("forward", sentTo, "64 B", { link: ethernet, a: toe, b: toe }) / 80 - 12, 66 + 64);
    assert.deepEqual(refusedWith(pair({ a: toe, b: toe, link: ethernet }, written)), ["transport-verb"]);
    assert.deepEqual(refusedWith(pair({ a: toe, b: toe, link: ethernet }, polledHere("read"))), ["transport-verb"]);
  });

  test("TCP needs Ethernet, and remote access over TCP has no datagrams", () => {
    assert.deepEqual(refusedWith(pair({ a: { transport: "iwarp" } }, written)), ["transport-link"]);
    assert.deepEqual(refusedWith(pair({ a: { transport: "iwarp" }, link: ethernet }, [["a.rdma.datagram", { to: "b", via: "ib" }], ["b.poll", { watch: "cq" }]])), ["transport-verb"]);
  });

  test("the TCP engines' work is added once a side", () => {
    const at10 = (a: Params): number => testModel(pair({ link: ethernet, a, b: a }, written)).floor!;
    assert.equal(at10({ transport: "iwarp", "tcp.send": "1 us", "tcp.receive": "700 ns" }) - at10({ transport: "iwarp", "tcp.send": "0 ns", "tcp.receive": "0 ns" }), 1_700_000);
  });
});

describe("memory that is registered", () => {
  const buffer = (bytes: number, path: Bench["path"]): Bench => pair({ regions: { "a.buffer": { bytes } } }, path);
  const registered = (bytes: number): number => testModel(buffer(bytes, [["a.rdma.register", "a.buffer"]])).latencies[0]!;

  test("costs 16 us and 60 ps a byte, and a system call", () => {
    assert.deepEqual([4096, 1 << 20].map(registered), [70_000 + 16 * US + 60 * 4096, 70_000 + 16 * US + 60 * (1 << 20)]);
    const tested = testModel(buffer(4096, [["a.rdma.register", "a.buffer"], ["a.rdma.deregister", "a.buffer"]]));
    assert.equal(tested.latencies[0], registered(4096) + 70_000 + 10 * US);
    assert.equal(tested.account("a/syscalls"), 2);
  });

  test("may be used from then on, and no longer once it has been given back", () => {
    const send: Bench["path"] = [["a.rdma.send", { to: "b", via: "ib", local: "a.buffer" }], ["b.poll", { watch: "cq" }]];
    assert.deepEqual(refusedWith(buffer(4096, send)), ["region-not-pinned"]);
    assert.deepEqual(refusedWith(buffer(4096, [["a.rdma.register", "a.buffer"], ...send])), []);
    assert.deepEqual(refusedWith(buffer(4096, [["a.rdma.register", "a.buffer"], ["a.rdma.deregister", "a.buffer"], ...send])), ["region-not-pinned"]);
    const remote = { "b.mailbox": { bytes: 4096, rights: ["remote-write"] } };
    assert.deepEqual(refusedWith(pair({ regions: remote }, written)), ["region-not-pinned"]);
    assert.deepEqual(refusedWith(pair({ regions: remote }, [["b.rdma.register", "b.mailbox"], ...written])), []);
  });

  test("must be one's own", () => {
    assert.deepEqual(refusedWith(pair({}, [["a.rdma.register", "b.mailbox"]])), ["region-foreign"]);
    assert.deepEqual(refusedWith(pair({}, [["a.rdma.send", { to: "b", via: "ib", local: "b.mailbox" }], ["b.poll", { watch: "cq" }]])), ["region-foreign"]);
  });

  test("is reached by its key alone: a key that does not allow what is asked is an error, and costs no time", () => {
    const rights = { "b.mailbox": { bytes: 4096, pinned: true, rights: ["remote-atomic"] } };
    for (const path of [written, polledHere("read")]) assert.deepEqual(refusedWith(pair({ regions: rights }, path)), ["region-rights"]);
    assert.deepEqual(refusedWith(pair({ regions: rights }, polledHere("fetch-add"))), []);
  });

  test("ends where it ends: what goes beyond is refused by the other side", () => {
    const tested = testModel(pair({ regions: { "b.mailbox": { bytes: 4096, pinned: true, rights: ["remote-write"] } }, more: { payload: "4097 B" } }, written));
    assert.equal(tested.latencies.length, 0);
    assert.deepEqual(tested.compiled.program.reasons.filter((_, index) => tested.machine.drops[index] === 1), ["remote access beyond the region"]);
  });
});

describe("memory that is paged on demand", () => {
  const demand = (b: Params, times: readonly number[]): Tested =>
    testModel(pair({ b, regions: { "b.mailbox": { bytes: 1 << 20, odp: true, rights: ["remote-write"] } }, more: { traffic: at(times), messages: times.length } }, written));

  test("faults at the first touch of each page, and the sender comes again after its timer", () => {
    const tested = demand({ "odp.fault": "220 us", "rnr.timer": "100 us" }, [0, 2_000 * US]);
    // Three waits cover the fault; each time a refusal of 30 B and the packet again.
    const waits = tested.segments(0).filter(({ kind }) => kind === "retry");
    assert.deepEqual(waits.map(({ ps }) => ps), [300 * US]);
    assert.equal(tested.segments(1).filter(({ kind }) => kind === "retry").length, 0);
    assert.equal(tested.account("b/interrupts"), 1);
  });

  test("faults again when fewer pages stay than are used", () => {
    const times = Array.from({ length: 200 }, (_, index) => index * 2_000 * US);
    const faults = (resident: number): number => demand({ pages: 100, access: "cyclic", "odp.resident": resident }, times).account("b/interrupts");
    assert.deepEqual([faults(100), faults(99)], [100, 200]);
  });
});

describe("a byte that is written last", () => {
  const torn = (b: Params, messages: number): number =>
    testModel(pair({ b, more: { messages, traffic: { model: "traffic/constant", params: { rate: "100 kpps", payload: "4000 B", jitter: "100%" } } } }, written)).account("b/torn-reads");

  test("in order is never seen before the rest, in 100 000 messages of many packets on the bus; relaxed it is", () => {
    assert.equal(torn({}, 100_000), 0);
    assert.ok(torn({ ordering: "relaxed" }, 2_000) > 20);
  });
});

describe("the mean of a send", () => {
  test("is its zero-load latency", () => {
    const tested = testModel(pair({ more: { messages: 2_000, traffic: { model: "traffic/constant", params: { rate: "100 kpps", payload: "64 B", jitter: "100%" } } } }, sentTo));
    assert.ok(Math.abs(mean(tested.latencies) - tested.floor!) < 500);
  });
});
