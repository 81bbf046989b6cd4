import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { amountOf, claim, defineModel, delay, need, pool, release, use } from "../../src/modeling/index.js";
import { anyOf, beyondBurst, moreThan } from "../../src/models/parts/bit-errors.js";
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

const held = pool({ capacity: 4, whenFull: "block" });
const windowed = defineModel({
  name: "test/window", title: "window", about: "Lets four frames be on their way.", params: {}, parts: () => ({ held }),
  operations: (operation) => ({ send: operation({ meaning: "send", steps: ({ parts, instance }) => [claim(parts.held, amountOf(1), "window"), use(instance("wire"), "traverse"), release(parts.held, amountOf(1))] }) }),
});

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

  /** Share of frames of so many bytes that are lost, beside what must be, four standard deviations apart at most. */
  const shareLost = (params: Readonly<Record<string, Written>>, frame: number, known: number): void => {
    const run = over(params, times, { stack: "raw", payload: frame - 4 });
    const lost = run.dropped("wire: bad frame check") / count;
    assert.ok(Math.abs(lost - known) < 4 * Math.sqrt((known * (1 - known)) / count) + 1e-9, `${JSON.stringify(params)}, ${frame} B: ${lost} and ${known}`);
  };

  test("by bits, a frame is lost with 1 - (1 - rate)^bits, so long ones more often", () => {
    for (const frame of [64, 594, 1518]) for (const percent of [0.001, 0.01, 0.1]) shareLost({ "bit-errors": `${percent}%` }, frame, 1 - (1 - percent / 100) ** (8 * frame));
    shareLost({ "bit-errors": "0.01%", loss: "20%" }, 1518, 1 - 0.8 * (1 - 1e-4) ** (8 * 1518));
    shareLost({ "bit-errors": "100%" }, 64, 1);
  });

  test("of a frame whose codewords are corrected only what is beyond the correction is left", () => {
    // Codewords of 528 symbols carry 640 B; a frame of 640 B touches one if it begins with it, and otherwise two.
    const symbol = (rate: number): number => 1 - (1 - rate) ** 10;
    const uncorrected = moreThan(7, 528, symbol(1e-3));
    assert.ok(uncorrected > 0.1 && uncorrected < 0.3, `${uncorrected}`);
    const two = 639 / 640;
    shareLost({ "bit-errors": "0.1%", "fec.code": "rs528" }, 640, two * (1 - (1 - uncorrected) ** 2) + (1 - two) * uncorrected);
    shareLost({ "bit-errors": "0.1%", "fec.code": "rs528", "fec.interleave": 2 }, 640, (639 / 1280) * (1 - (1 - uncorrected) ** 4) + (641 / 1280) * (1 - (1 - uncorrected) ** 2));
    shareLost({ "bit-errors": "0.1%", "fec.code": "rs544" }, 640, two * (1 - (1 - moreThan(15, 544, symbol(1e-3))) ** 2));
    shareLost({ "bit-errors": "0.1%", "fec.code": "ll-rs272" }, 320, (319 / 320) * (1 - (1 - moreThan(7, 272, symbol(1e-3))) ** 2) + moreThan(7, 272, symbol(1e-3)) / 320);
    const burst = beyondBurst(11, 2112, 1e-4);
    shareLost({ "bit-errors": "0.01%", "fec.code": "fc" }, 256, (255 / 256) * (1 - (1 - burst) ** 2) + burst / 256);
  });

  test("the chances behind it are those of counting", () => {
    const patterns = Array.from({ length: 2 ** 10 }, (_, bits) => [...bits.toString(2).padStart(10, "0")].map(Number));
    const chanceOf = (wrong: (pattern: readonly number[]) => boolean, chance: number): number =>
      patterns.filter(wrong).reduce((sum, pattern) => sum + pattern.reduce((product, bit) => product * (bit === 1 ? chance : 1 - chance), 1), 0);
    const ones = (pattern: readonly number[]): number => pattern.reduce((sum, bit) => sum + bit, 0);
    for (const chance of [0.01, 0.3, 0.9]) {
      assert.ok(Math.abs(anyOf(chance, 10) - chanceOf((pattern) => ones(pattern) > 0, chance)) < 1e-12);
      for (const most of [0, 3, 9]) assert.ok(Math.abs(moreThan(most, 10, chance) - chanceOf((pattern) => ones(pattern) > most, chance)) < 1e-12, `${most}`);
      for (const burst of [1, 4, 10]) assert.ok(Math.abs(beyondBurst(burst, 10, chance) - chanceOf((pattern) => pattern.lastIndexOf(1) - pattern.indexOf(1) >= burst, chance)) < 1e-12, `${burst}`);
    }
    // Small ones do not drown: the first term of the tail is C(544, 16) p^16.
    const first = Array.from({ length: 16 }, (_, at) => (544 - at) / (at + 1)).reduce((product, factor) => product * factor * 1e-10, 1);
    assert.ok(Math.abs(moreThan(15, 544, 1e-10) / first - 1) < 1e-6);
    assert.ok(Math.abs(anyOf(1e-15, 12_000) / 1.2e-11 - 1) < 1e-9);
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
    assert.throws(() => probe({ links, models: { sender: windowed }, probes: { stored }, flows: [flow(["sender.send", "gw.probe.stored"], [0])] }), refusedWith("loss-unhandled"));
  });
});

describe("pause", () => {
  const FRAME = 1526;
  const paused = (params: Record<string, string | number>, more = {}) => ({ wire: { model: "link/ethernet", params: { length: "10 m", "pause.room": "64 KiB", "pause.reaction": "500 ns", ...params } }, ...more });
  /** From when the receiver asks until the sender has acted: 72 bytes, the flight, the reaction. */
  const heard = 57_600 + 49_000 + 500_000;
  const whole = 94_400 + 49_000;

  test("stops the sender from when it has heard of it until it hears of the end, and no frame that has been given to the transmitter", () => {
    // The first frame is there from 49 ns to 143.4 ns: the sender pauses from 655.6 ns to 750 ns.
    const [from, to] = [49_000 + heard, whole + heard];
    const waits = (at: number): number => probe({ links: paused({}), probes: { stored }, flows: [flow(["wire", "gw.probe.stored"], [0, at])] }).latencies[0]![1]! - whole;
    assert.deepEqual([from - 1, from + 1, to - 1, to, to + 1].map(waits), [0, to - from - 1, 1, 0, 0]);
    const run = probe({ links: paused({}), probes: { stored }, flows: [flow(["wire", "gw.probe.stored"], [0, 700_000])] });
    assert.deepEqual(run.segments(0, 1).map(({ label, kind, ps }) => [label, kind, ps]), [["pause", "credit", to - 700_000], ["flight", "propagate", 49_000], ["serialise", "serialise", 94_400]]);
    assert.equal(run.account("wire/pauses"), 2);
  });

  test("begins above one fill and ends at another", () => {
    // Three frames of 118 B come one behind the other; a switch that is slow to forward keeps them all for a microsecond.
    const asked = (xoff: number): number => probe({ links: paused({ "pause.xoff": `${xoff} B` }, { sw: { model: "switch/store-forward", params: { forwarding: "1 us" } }, out: { model: "link/ethernet", params: { length: "0 m" } } }), probes: { stored }, flows: [flow(["wire", "sw", "out", "gw.probe.stored"], [0, 0, 0])] }).account("wire/pauses");
    assert.deepEqual([3 * 118, 3 * 118 - 1, 118, 0].map(asked), [0, 1, 1, 1]);
    const resumed = (xon: number): number => {
      const links = paused({ "pause.xoff": `${2 * 118} B`, "pause.xon": `${xon} B` }, { sw: { model: "switch/store-forward", params: { forwarding: "1 us" } }, out: { model: "link/ethernet", params: { length: "0 m" } } });
      const run = probe({ links, probes: { stored }, flows: [flow(["wire", "sw", "out", "gw.probe.stored"], [0, 0, 0, 1_000_000])] });
      return run.segments(0, 3).find(({ label }) => label === "pause")?.ps ?? 0;
    };
    // Each frame that leaves takes 104 ns of the port.
    const ends = (left: number): number => 49_000 + 94_400 + 1_000_000 + 94_400 + (2 - left) * 104_000 + heard - 1_000_000;
    assert.deepEqual([2 * 118, 118, 117, 0].map(resumed), [ends(2), ends(1), ends(0), ends(0)]);
  });

  test("is of one priority, and leaves the others alone", () => {
    const by = (priority: number, at: number): Flow => flow([["wire", { priority }], "gw.probe.stored"], [0, at]);
    const run = probe({ links: paused({}), probes: { stored }, flows: [by(0, 700_000), flow([["wire", { priority: 3 }], "gw.probe.stored"], [700_000])] });
    // What may go on at 750 ns finds the wire taken by the other until 804 ns.
    assert.deepEqual([run.latencies[0]![1], run.latencies[1]![0]], [whole + 104_000, whole]);
    assert.throws(() => probe({ links: paused({}), probes: { stored }, flows: [by(8, 0)] }), refusedWith("priority-range"));
  });

  test("may last as long as it says: so many quanta of 512 bit times, and as often as a frame comes", () => {
    const timed = (quanta: number, at: number): number => probe({ links: paused({ "pause.end": "timer", "pause.quanta": quanta }), probes: { stored }, flows: [flow(["wire", "gw.probe.stored"], [0, at])] }).latencies[0]![1]! - whole;
    const from = 49_000 + heard;
    assert.deepEqual([timed(10, from - 1), timed(10, from + 1), timed(20, from + 1)], [0, 512_000 - 1, 1_024_000 - 1]);
    assert.throws(() => timed(0, 0), refusedWith("quantity-range"));
    assert.throws(() => timed(65_536, 0), refusedWith("quantity-range"));
  });

  /** Frames at line rate into a switch whose port is all but shut: what is lost for want of room. */
  const lost = ({ metres, rate, reaction, headroom, frame = FRAME }: { metres: number; rate: number; reaction: number; headroom: number; frame?: number }): number => {
    const xoff = 4 * FRAME;
    const params = { length: `${metres} m`, rate: `${rate} Gbit/s`, "pause.reaction": `${reaction} ns`, "pause.room": `${xoff + headroom} B`, "pause.xoff": `${xoff} B`, "pause.xon": `${xoff / 2} B` };
    const count = 60 + Math.ceil(headroom / frame);
    const run = probe({
      links: { wire: { model: "link/ethernet", params }, sw: { model: "switch/store-forward", params: { forwarding: "0 ns" } }, out: { model: "link/ethernet", params: { rate: "1 Mbit/s", length: "0 m" } } },
      probes: { stored }, flows: [{ ...flow(["wire", "sw", "out", "gw.probe.stored"], Array.from({ length: count }, () => 0)), stack: "raw", payload: frame - 12 }],
    });
    const dropped = run.dropped("wire: forward, priority 0, room full");
    assert.equal(run.latencies[0]!.length + dropped, count);
    return dropped;
  };
  /** Bytes that come after the pause was asked for: of the way there and back, of the pause frame and the reaction, and a frame at either end. */
  const formula = ({ metres, rate, reaction }: { metres: number; rate: number; reaction: number }, frame = FRAME): number => Math.ceil(((2 * metres * 4.9 + reaction) * rate) / 8) + 72 + 2 * frame;

  test("loses nothing with a headroom of two flights, the reaction, the pause frame and two frames; much less is too little", () => {
    for (const link of [{ metres: 3, rate: 10, reaction: 500 }, { metres: 100, rate: 25, reaction: 3070 }, { metres: 2000, rate: 10, reaction: 100 }, { metres: 300, rate: 100, reaction: 1000 }]) {
      const enough = formula(link);
      assert.equal(lost({ ...link, headroom: enough }), 0, JSON.stringify(link));
      assert.ok(lost({ ...link, headroom: enough - 2 * FRAME }) > 0, JSON.stringify(link));
    }
  });

  test("nor in any other link", () => {
    const link = fc.record({ metres: fc.integer({ min: 0, max: 500 }), rate: fc.constantFrom(10, 25, 40), reaction: fc.integer({ min: 0, max: 3000 }) });
    fc.assert(fc.property(link, fc.integer({ min: 72, max: FRAME }), (drawn, frame) => {
      assert.equal(lost({ ...drawn, frame, headroom: formula(drawn, frame) }), 0);
    }), { numRuns: 25 });
  });

  test("a message that holds something waits for room instead of being lost", () => {
    const links = paused({ "pause.room": "236 B", "pause.xoff": "236 B" }, { sw: { model: "switch/store-forward", params: { forwarding: "10 us" } }, out: { model: "link/ethernet", params: { length: "0 m" } } });
    const run = (path: Flow["path"]) => probe({ links, models: { sender: windowed }, probes: { stored }, flows: [flow(path, [0, 0, 0])] });
    assert.equal(run(["wire", "sw", "out", "gw.probe.stored"]).dropped("wire: forward, priority 0, room full"), 1);
    const waiting = probe({ links: paused({ "pause.room": "236 B", "pause.xoff": "236 B" }), models: { sender: windowed }, probes: { stored }, flows: [flow(["sender.send", "gw.probe.stored"], [0, 0, 0])] });
    assert.equal(waiting.latencies[0]!.length, 3);
    assert.equal(waiting.machine.program.reasons.length, 0);
  });

  test("thresholds that are not in order are refused", () => {
    for (const wrong of [{ "pause.xon": "2 KiB", "pause.xoff": "1 KiB" }, { "pause.xoff": "65 KiB" }]) assert.throws(() => probe({ links: paused(wrong), probes: { stored }, flows: [flow(["wire", "gw.probe.stored"], [0])] }), refusedWith("pause-thresholds"));
  });

  test("a link without it lets the sender send", () => {
    assert.deepEqual(over({}, [0, 0]).latencies[0], [94_400, 94_400 + 104_000]);
  });
});
