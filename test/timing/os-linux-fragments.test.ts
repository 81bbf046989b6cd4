// Goal: a message that a frame does not hold goes in fragments, each with frame, headers, descriptor and DMA of its own, and is one
// datagram again when the last has come. Method: two hosts and a link; frames and bytes counted, times by hand, losses at one fragment.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WirelatErrors } from "../../src/errors/index.js";
import { memorySystem } from "../support/memory-system.js";
import { testModel, type Bench, type Tested, type Written } from "../support/model-tester.js";

type Params = Readonly<Record<string, Written>>;

interface Setting {
  readonly os?: Params;
  readonly nic?: Params;
  readonly lan?: Params;
  readonly cpu?: Params;
  readonly more?: Partial<Bench>;
}

const host = ({ os = {}, nic = {}, cpu = {} }: Setting): Bench["instances"][string] => ({
  components: {
    cpu: { model: "host/core", params: { threads: { irq: 2, app: 3, rps: 4 }, ...cpu } },
    ...memorySystem(),
    bus: { model: "bus/pcie" },
    nic: { model: "nic/generic", params: { "moderation.mode": "none", ...nic } },
    os: { model: "os/linux", params: os },
  },
});

const DOWN: Bench["path"] = [["a.run", { time: "0 ns", core: "app" }], { tap: "call" }, "a.udp.tx", { tap: "handed" }, "a.nic.tx", "lan"];
const UP: Bench["path"] = ["b.nic.rx", "b.irq", "b.udp.rx", { tap: "queued" }, ["b.wake", "app"], ["b.copy", { to: "user" }], { tap: "got" }];

function bench(payload: string, setting: Setting = {}): Bench {
  return { instances: { a: host(setting), b: host(setting), lan: { model: "link/ethernet", params: setting.lan ?? {} } }, path: [...DOWN, ...UP], from: "call", to: "got", payload, ...setting.more };
}

const send = (payload: string, setting: Setting = {}): Tested => testModel(bench(payload, setting));
const labelled = (tested: Tested, label: string): number => tested.segments().filter((one) => one.label === label).reduce((sum, { ps }) => sum + ps, 0);

describe("a datagram of 1473 bytes", () => {
  const [whole, cut] = [send("1472 B"), send("1473 B")];

  test("needs two frames, and one of 1472 only one", () => {
    assert.deepEqual([whole, cut].map((tested) => tested.account("lan/movements")), [1, 2]);
    assert.deepEqual([whole, cut].map((tested) => tested.account("a/doorbells")), [1, 2]);
    // What is cut is the UDP header and the data.
    assert.deepEqual([whole, cut].map((tested) => tested.account("lan/moved-bytes")), [1472, 1481]);
  });

  test("is one send call, one copy and one wake-up all the same", () => {
    for (const name of ["a/copies", "b/copies", "a/syscalls", "b/syscalls", "b/switches"]) assert.equal(cut.account(name), whole.account(name), name);
    assert.equal(cut.account("b/copied-bytes"), 1473);
  });

  test("has two trips through queue and driver, of which the second begins when the first is over", () => {
    assert.equal(labelled(cut, "cut into fragments"), 200_000);
    assert.equal(labelled(cut, "the same for what follows"), 200_000 + 150_000 + 250_000);
    for (const tested of [whole, cut]) assert.equal(labelled(tested, "queueing discipline") + labelled(whole, "driver send"), 150_000 + 250_000);
  });

  test("is put together by the driver, GRO and IP work of its last fragment, and one of UDP", () => {
    assert.equal(labelled(cut, "reassembly"), 250_000);
    assert.equal(labelled(cut, "UDP and socket queue"), 250_000);
    assert.equal(labelled(cut, "rest of the datagram"), 0);
  });
});

describe("fragments", () => {
  test("are cut at multiples of eight bytes below the link's largest packet, each with Ethernet and IP headers of its own", () => {
    // 4000 + 8 bytes: 1480 + 1480 + 1048.
    const tested = send("4000 B");
    assert.equal(tested.account("lan/movements"), 3);
    // In memory each has 34 bytes of headers more.
    assert.equal(tested.account("a/moved-bytes") - tested.account("a/copied-bytes"), 4008 + 3 * 34);
    assert.equal(send("4000 B", { os: { mtu: "9000 B" } }).account("lan/movements"), 1);
    // 576 - 20 = 556, of which 552 can be used: eight frames, 4008 = 7 × 552 + 144.
    assert.equal(send("4000 B", { os: { mtu: "576 B" } }).account("lan/movements"), 8);
  });

  test("follow one another: the wire sends one while the next is fetched", () => {
    // On a slow link the wire is what they wait for: frames of 1518 + 8 bytes, and the gap, at 80 ns a byte.
    const many = send("14792 B", { lan: { rate: "100 Mbit/s" }, nic: { rate: "100 Mbit/s" } });
    const one = send("1472 B", { lan: { rate: "100 Mbit/s" }, nic: { rate: "100 Mbit/s" } });
    const wire = (1526 + 12) * 80_000;
    const ahead = labelled(many, "wait for wire");
    // Ten full frames: the last waits for nine, less the head start that the others have before it is there.
    const start = 9 * 600_000;
    assert.equal(many.account("lan/movements"), 10);
    assert.ok(Math.abs(ahead - (9 * wire - start)) < 10_000, `${ahead} against ${9 * wire - start}`);
    assert.ok((many.latencies[0] ?? 0) > (one.latencies[0] ?? 0) + ahead);
  });

  test("take the socket's buffer together", () => {
    const fits = (buffer: string): number => testModel(bench("4000 B", { os: { "socket.buffer": buffer } })).latencies.length;
    // 3 × 768 + 4000 + 42.
    assert.equal(fits("6346 B"), 1);
    assert.equal(fits("6345 B"), 0);
  });

  test("are cut by an adapter that can, after one doorbell and one trip through the driver", () => {
    const tested = send("4000 B", { os: { "fragments.by": "adapter" } });
    assert.equal(tested.account("a/doorbells"), 1);
    assert.equal(tested.account("lan/movements"), 3);
    assert.equal(labelled(tested, "queueing discipline") + labelled(tested, "driver send") + labelled(tested, "the same for what follows"), 400_000);
  });

  test("meet on the core that packets are steered to", () => {
    const tested = send("4000 B", { os: { "steering.mode": "rps" } });
    assert.equal(tested.latencies.length, 1);
    assert.equal(labelled(tested, "reassembly"), 250_000);
  });

  test("may be of one message in two, where the others fit into a frame", () => {
    const series = { times: Float64Array.from([0, 1e8, 2e8, 3e8]), payloads: Uint32Array.from([64, 4000, 64, 4000]) };
    const more = { messages: 4, traffic: { model: "traffic/capture", params: { file: "none.pcap" }, series } };
    const mixed = testModel(bench("64 B", { more, cpu: { idle: "poll" } }));
    assert.equal(mixed.account("lan/movements"), 1 + 3 + 1 + 3);
    assert.equal(mixed.latencies[0], mixed.latencies[2]);
    assert.equal(mixed.latencies[1], mixed.latencies[3]);
    // Those that fit are as fast as where all do.
    assert.equal(mixed.latencies[0], send("64 B", { cpu: { idle: "poll" } }).latencies[0]);
  });

  test("have a floor that differs by what they share of interrupts and deferred work, and by nothing where there is one", () => {
    for (const [payload, fragments] of [["1472 B", 1], ["1473 B", 2], ["4000 B", 3]] as const) {
      const tested = send(payload);
      const [latency = NaN] = tested.latencies;
      const apart = latency - (tested.floor ?? NaN);
      assert.ok(Math.abs(apart) <= (fragments - 1) * 910_000, `${payload}: ${apart}`);
      if (fragments === 1) assert.equal(apart, 0);
    }
  });
});

describe("a fragment that is lost", () => {
  const lossy = (payload: string, messages: number, loss: string): Tested => testModel(bench(payload, { lan: { loss }, more: { messages, traffic: { model: "traffic/constant", params: { rate: "1 kpps", payload } } } }));

  test("loses the datagram, and only that", () => {
    const messages = 4000;
    const share = (payload: string): number => 1 - lossy(payload, messages, "2%").latencies.length / messages;
    // One frame: 2 %. Five: 1 - 0.98^5 = 9.6 %. Three standard deviations of 4000 tries.
    assert.ok(Math.abs(share("1000 B") - 0.02) < 0.007, String(share("1000 B")));
    assert.ok(Math.abs(share("7000 B") - (1 - 0.98 ** 5)) < 0.014, String(share("7000 B")));
  });

  test("leaves nothing behind: buffers are free again", () => {
    const setting = { lan: { loss: "20%" }, os: { buffers: 8 }, more: { messages: 2000, traffic: { model: "traffic/constant", params: { rate: "1 kpps", payload: "4000 B" } } } };
    const tested = testModel(bench("4000 B", setting));
    // 0.8^3 = 51 % of them come.
    assert.ok(Math.abs(tested.latencies.length / 2000 - 0.512) < 0.034, String(tested.latencies.length));
  });
});

describe("where fragments cannot be received", () => {
  test("the scenario is refused", () => {
    const path: Bench["path"] = [...DOWN, "b.nic.rx", "b.nic.replenish", { tap: "got" }];
    assert.throws(() => testModel({ ...bench("4000 B"), path }), (error) => error instanceof WirelatErrors && /pieces-apart/u.test(JSON.stringify(error.errors.map(({ code }) => code))));
    assert.equal(testModel({ ...bench("1472 B"), path }).latencies.length, 1);
  });

  test("and one that cuts them by hand once more", () => {
    const path: Bench["path"] = [...DOWN.slice(0, 3), { chunk: 1000, parallel: ["a.nic.tx", "lan", "b.nic.rx", "b.irq", "b.udp.rx"] }, { tap: "got" }];
    assert.throws(() => testModel({ ...bench("4000 B"), path }), (error) => error instanceof WirelatErrors && /cut-twice/u.test(JSON.stringify(error.errors.map(({ code }) => code))));
  });
});
