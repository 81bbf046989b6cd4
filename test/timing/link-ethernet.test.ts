import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { amountOf, claim, defineModel, delay, need, pool, release, use } from "../../src/modeling/index.js";
import { listed, probe, type Flow, type Probe } from "../support/probe.js";
import type { Written } from "../support/model-tester.js";
import { refusedWith } from "../support/switches.js";

const stored: Probe = () => [need("last")];
const first = (bytes: number): Probe => ({ message }) => [need(message.payload.map(() => bytes))];
const flow = (path: Flow["path"], times: readonly number[], more: Partial<Flow> = {}): Flow => ({ path: [{ tap: "sent" }, ...path, { tap: "there" }], times, from: "sent", to: "there", ...more });

/** Frames over one link, until their last byte is there. */
const over = (params: Readonly<Record<string, Written>>, times: readonly number[] = [0], more: Partial<Flow> = {}) =>
  probe({ links: { wire: { model: "link/ethernet", params: { length: "0 m", ...params } } }, probes: { stored }, flows: [flow(["wire", "gw.probe.stored"], times, more)] });
const total = (run: ReturnType<typeof probe>): number => run.latencies[0]![0]!;

describe("serialisation", () => {
  test("a frame takes preamble, headers, payload and check at the rate of the link", () => {
    // 8 + 42 + 64 + 4 = 118 B.
    const times = { "1 Gbit/s": 8000, "10 Gbit/s": 800, "25 Gbit/s": 320, "100 Gbit/s": 80, "400 Gbit/s": 20, "800 Gbit/s": 10 };
    for (const [rate, byte] of Object.entries(times)) assert.equal(total(over({ rate })), 118 * byte, rate);
  });

  test("the shortest frame is 64 bytes and its preamble", () => {
    assert.equal(total(over({}, [0], { payload: 1 })), 72 * 800);
    assert.equal(total(over({}, [0], { payload: 18 })), 72 * 800);
    assert.equal(total(over({}, [0], { payload: 19 })), 73 * 800);
  });

  test("the next frame leaves twelve bytes behind the last", () => {
    const run = over({}, [0, 0, 0]);
    assert.deepEqual(run.latencies[0], [94_400, 94_400 + 104_000, 94_400 + 2 * 104_000]);
    assert.deepEqual(over({ gap: "5 B" }, [0, 0]).latencies[0], [94_400, 94_400 + 98_400]);
  });

  test("the flight depends on length and medium, to the picosecond", () => {
    for (const [medium, perMetre] of [["fibre", 4900], ["dac", 4300], ["cat6", 5100]] as const) {
      assert.equal(total(over({ length: "5 m", medium })), 94_400 + 5 * perMetre, medium);
    }
    assert.equal(total(over({ length: "12.345 m" })), 94_400 + Math.round(12.345 * 4900));
  });

  test("flight and serialisation are segments of their own", () => {
    assert.deepEqual(listed(over({ length: "5 m" }).segments()), [["flight", 24_500], ["serialise", 94_400]]);
  });
});

describe("sharing", () => {
  test("several sources queue for one wire, in the order in which they come", () => {
    const links = { wire: { model: "link/ethernet", params: { length: "0 m" } } };
    const run = probe({ links, probes: { stored }, flows: [flow(["wire", "gw.probe.stored"], [0, 1000]), { ...flow(["wire", "gw.probe.stored"], [500]), from: "sent", to: "there" }] });
    assert.deepEqual(run.latencies[0], [94_400, 94_400 + 2 * 104_000 - 1000]);
    assert.deepEqual(run.latencies[1], [94_400 + 104_000 - 500]);
  });

  test("the two directions do not wait for each other; a path that comes back takes the other wire", () => {
    const links = { wire: { model: "link/ethernet", params: { length: "0 m" } } };
    const back: Flow["path"] = [["wire", { direction: "backward" }], "gw.probe.stored"];
    const run = probe({ links, probes: { stored }, flows: [flow(["wire", "gw.probe.stored"], [0]), flow(back, [0])] });
    assert.deepEqual([run.latencies[0]![0], run.latencies[1]![0]], [94_400, 94_400]);
    const there = probe({ links, probes: { stored }, flows: [flow(["wire", "gw.probe.stored", "wire", "gw.probe.stored"], [0, 94_400])] });
    // The second message finds the wire there free after the gap, and its own way back free.
    assert.deepEqual(there.latencies[0], [2 * 94_400, 2 * 94_400 + 9600]);
  });

  test("links behind each other pass bits on as they come, however many", () => {
    const names = ["one", "two", "three"];
    const links = Object.fromEntries(names.map((name) => [name, { model: "link/ethernet", params: { length: "1 m" } }]));
    const run = probe({ links, probes: { stored }, flows: [flow([...names, "gw.probe.stored"], [0])] });
    assert.equal(total(run), 3 * 4900 + 94_400);
  });

  test("a faster link behind a slower one cannot run ahead of it, a slower one behind a faster one stretches", () => {
    const chain = (rates: readonly string[]): number => {
      const links = Object.fromEntries(rates.map((rate, at) => [`l${at}`, { model: "link/ethernet", params: { length: "0 m", rate } }]));
      return total(probe({ links, probes: { stored }, flows: [flow([...Object.keys(links), "gw.probe.stored"], [0])] }));
    };
    assert.equal(chain(["10 Gbit/s", "100 Gbit/s"]), 94_400);
    assert.equal(chain(["100 Gbit/s", "10 Gbit/s"]), 94_400);
  });
});

describe("error correction", () => {
  const CODES = [["fc", "10 Gbit/s", 204_800], ["rs528", "25 Gbit/s", 204_800], ["rs528", "100 Gbit/s", 51_200], ["rs544", "100 Gbit/s", 51_200], ["ll-rs272", "25 Gbit/s", 102_400]] as const;

  test("a streaming decoder makes every byte late by its codeword and the decoding", () => {
    for (const [fec, rate, codeword] of CODES) {
      const plain = total(over({ rate }));
      assert.equal(total(over({ rate, "fec.code": fec, "fec.decode": "45 ns" })) - plain, codeword + 45_000, `${fec} at ${rate}`);
    }
    assert.equal(total(over({ rate: "400 Gbit/s", "fec.code": "rs544", "fec.interleave": 2 })) - total(over({ rate: "400 Gbit/s" })), 25_600 + 45_000);
  });

  test("a header is as late as the last byte", () => {
    const links = { wire: { model: "link/ethernet", params: { length: "0 m", rate: "25 Gbit/s", "fec.code": "rs528" } } };
    const run = probe({ links, probes: { header: first(22) }, flows: [flow(["wire", "gw.probe.header"], [0])] });
    assert.equal(total(run), 22 * 320 + 204_800 + 45_000);
  });

  test("with release by block bytes wait for the end of their codeword: between nothing and one codeword, evenly", () => {
    const period = 204_800;
    // 1001 steps of a little more than the codeword walk through its phases.
    const times = Array.from({ length: 1000 }, (_, index) => index * (5 * period + 205));
    const block = over({ rate: "25 Gbit/s", "fec.code": "rs528", "fec.release": "block", "fec.decode": "0 ns" }, times).latencies[0]!;
    const late = block.map((latency) => latency - 118 * 320);
    assert.ok(late.every((wait) => wait >= 0 && wait < period), "never more than one codeword");
    const mean = late.reduce((sum, wait) => sum + wait, 0) / late.length;
    // The phases are spread evenly but for one step: the mean is half a codeword within one step.
    assert.ok(Math.abs(mean - period / 2) <= 205, `mean ${mean}`);
    assert.ok(Math.max(...late) - Math.min(...late) > 0.99 * period);
  });

  test("frames whose last bytes lie in one codeword come out together", () => {
    const run = over({ rate: "100 Gbit/s", "fec.code": "rs544", "fec.release": "block" }, [0, 1000, 2000, 3000]);
    const ends = run.latencies[0]!.map((latency, index) => latency + index * 1000);
    assert.ok(new Set(ends).size < ends.length, `${ends.join(", ")}`);
    for (const end of ends) assert.equal((end - ends[0]!) % 51_200, 0);
  });

  test("whoever passes a frame on behind a decoder by block allows for a whole codeword, and no byte leaves before it came", () => {
    const codeword = 204_800;
    const rate = "25 Gbit/s";
    const links = { one: { model: "link/ethernet", params: { length: "0 m", rate, "fec.code": "rs528", "fec.release": "block", "fec.decode": "0 ns" } }, two: { model: "link/ethernet", params: { length: "0 m", rate } } };
    const times = Array.from({ length: 200 }, (_, index) => index * (5 * codeword + 1009));
    const run = probe({ links, probes: { stored }, flows: [flow(["one", "two", "gw.probe.stored"], times, { payload: 1000 })] });
    for (const latency of run.latencies[0]!) assert.equal(latency, 1054 * 320 + codeword);
  });

  test("25 Gbit/s with correction is slower than 10 Gbit/s without for a small frame and faster for a large one", () => {
    const at = (payload: number): number => total(over({ rate: "25 Gbit/s", "fec.code": "rs528" }, [0], { payload })) - total(over({ rate: "10 Gbit/s" }, [0], { payload }));
    assert.equal(at(64), 118 * (320 - 800) + 249_800);
    assert.ok(at(64) > 0 && at(1472) < 0);
  });
});

describe("RDMA packets over Ethernet", () => {
  const bytesOf = (payload: number, extended = 16, mtu = "1024 B"): number => {
    const framed: Probe = ({ instance }) => [use(instance("wire"), "frame", { extended })];
    const links = { wire: { model: "link/ethernet", params: { length: "0 m", rate: "100 Gbit/s", mtu } } };
    const run = probe({ links, probes: { stored, framed }, flows: [flow(["gw.probe.framed", "wire", "gw.probe.stored"], [0], { payload })] });
    return total(run) / 80;
  };

  test("a packet carries Ethernet, IP, UDP and the transport's headers around its payload", () => {
    // 8 + 14 + 20 + 8 + 12 + 16 + 64 + 4 + 4.
    assert.equal(bytesOf(64), 150);
    assert.equal(bytesOf(64, 0), 134);
  });

  test("a long message is several packets with gaps between them, of which the first bears the target", () => {
    assert.equal(bytesOf(2049), 2049 + 3 + 16 + 3 * 70 + 2 * 12);
  });
});

describe("bit errors", () => {
  const count = 1000;
  const times = Array.from({ length: count }, (_, index) => index * 1_000_000);

  test("a damaged frame takes its time on the wire and is dropped by whoever receives it", () => {
    const run = over({ loss: "10%" }, times);
    const lost = run.dropped("wire: bad frame check");
    // Four standard deviations of a binomial.
    assert.ok(Math.abs(lost - 100) < 4 * Math.sqrt(90), `${lost}`);
    assert.equal(run.machine.completed, count - lost);
    assert.equal(run.machine.stages.busy[0], count * 130 * 800);
    assert.ok(run.latencies[0]!.every((latency) => latency === 94_400));
  });

  test("whoever resends says what a loss costs him", () => {
    const resent: Probe = ({ instance }) => [use(instance("wire"), "traverse", { lost: [need("last"), delay(amountOf(67_000_000), "timeout", "retry"), use(instance("again"), "traverse")] })];
    const links = { wire: { model: "link/ethernet", params: { length: "0 m", loss: "10%" } }, again: { model: "link/ethernet", params: { length: "0 m" } } };
    const run = probe({ links, probes: { stored, resent }, flows: [flow(["gw.probe.resent", "gw.probe.stored"], times)] });
    const slow = run.latencies[0]!.filter((latency) => latency !== 94_400);
    assert.ok(slow.length > 60 && slow.length < 140, `${slow.length}`);
    assert.ok(slow.every((latency) => latency === 94_400 + 67_000_000 + 94_400));
    assert.equal(run.machine.completed, count);
  });

  test("a message that holds what nobody would give back may not be lost", () => {
    const links = { wire: { model: "link/ethernet", params: { length: "0 m", loss: "1%" } } };
    const held = pool({ capacity: 4, whenFull: "block" });
    const windowed = defineModel({
      name: "test/window", title: "window", about: "Lets four frames be on their way.", params: {}, parts: () => ({ held }),
      operations: (operation) => ({ send: operation({ meaning: "send", steps: ({ parts, instance }) => [claim(parts.held, amountOf(1), "window"), use(instance("wire"), "traverse"), release(parts.held, amountOf(1))] }) }),
    });
    assert.throws(() => probe({ links, models: { sender: windowed }, probes: { stored }, flows: [flow(["sender.send", "gw.probe.stored"], [0])] }), refusedWith("loss-unhandled"));
  });
});

describe("pause", () => {
  test("a sender waits until the receiver has room, for each priority by itself", () => {
    // Room for one frame of 118 B: free when it has come in, known 72 bytes and a reaction later.
    const links = { wire: { model: "link/ethernet", params: { length: "10 m", "pause.room": "118 B", "pause.reaction": "500 ns" } } };
    const by = (priority: number): Flow => flow([["wire", { priority }], "gw.probe.stored"], [0, 0]);
    const run = probe({ links, probes: { stored }, flows: [by(0), by(3)] });
    const whole = 94_400 + 49_000;
    const resumed = whole + 57_600 + 49_000 + 500_000;
    assert.deepEqual(run.latencies[0], [whole, resumed + whole]);
    // The other priority finds the wire taken, not its room.
    assert.equal(run.latencies[1]![0], 104_000 + whole);
    assert.deepEqual(run.segments(0, 1).map(({ label, kind, ps }) => [label, kind, ps]), [["pause", "credit", resumed], ["flight", "propagate", 49_000], ["serialise", "serialise", 94_400]]);
    assert.throws(() => probe({ links, probes: { stored }, flows: [by(8)] }), refusedWith("priority-range"));
  });

  test("a link without it lets the sender send", () => {
    assert.deepEqual(over({}, [0, 0]).latencies[0], [94_400, 94_400 + 104_000]);
  });
});
