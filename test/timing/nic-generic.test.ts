import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { listed, probe, type Flow, type ProbeBench } from "../support/probe.js";

const LINKS = { feed: { model: "link/ethernet", params: { length: "0 m" } }, order: { model: "link/ethernet", params: { length: "0 m" } } };
const RECEIVE: Flow["path"] = ["feed", ["gw.nic.rx", "user"], "gw.nic.replenish", { tap: "landed" }];
const FRAME = 94_400; // 118 B at 10 Gbit/s

const receive = (times: readonly number[], bench: Partial<ProbeBench> = {}, payload = 64) =>
  probe({ links: LINKS, flows: [{ path: RECEIVE, times, payload, from: "gw.in@eof", to: "landed" }], ...bench });

const sendFlow = (times: readonly number[], payload = 64): Flow => ({ path: [{ tap: "ready" }, "gw.nic.tx", "order"], times, payload, from: "ready", to: "gw.out@sof" });
const send = (nic: ProbeBench["nic"] = {}, bench: Partial<ProbeBench> = {}, payload = 64) => probe({ links: LINKS, nic, flows: [sendFlow([0], payload)], ...bench });

/** Frames through the kernel: the interrupt's wait is a segment of its own. */
const interrupts = (times: readonly number[], nic: Record<string, string | number>) =>
  probe({ links: LINKS, nic, flows: [{ path: ["feed", "gw.nic.rx", "gw.irq", { tap: "taken" }], times, from: "gw.in@eof", to: "taken" }] });
const batchWait = (run: ReturnType<typeof probe>, index = 0): number => run.segments(0, index).filter(({ kind }) => kind === "batch").reduce((sum, { ps }) => sum + ps, 0);

describe("receive side", () => {
  test("a frame is complete in the device, then in memory, then visible", () => {
    const run = receive([0]);
    assert.deepEqual(listed(run.segments()), [
      ["PHY and MAC, receive", 80_000],
      ["serialise", FRAME],
      ["receive pipeline", 150_000],
      ["payload write", 17_012],
      ["completion write-back", 5078],
      ["upstream", 180_000],
      ["landing in the cache", 20_000],
    ]);
    assert.equal(run.latencies[0]![0], 80_000 + 150_000 + 17_012 + 5078 + 200_000);
    assert.equal(run.floors[0], run.latencies[0]![0]);
  });

  test("without the check sequence four bytes less cross the bus", () => {
    assert.equal(receive([0], { nic: { "rx.check-sequence": false } }).segments().find(({ label }) => label === "payload write")!.ps, Math.round(130 * 126.953125));
  });

  test("one DMA movement, no copy, no interrupt", () => {
    const run = receive([0]);
    assert.deepEqual([run.account("movements"), run.account("copies"), run.account("interrupts")], [1, 0, 0]);
  });

  test("frames closer than the pipeline's interval wait for it, others do not", () => {
    const waits = (interval: string): number[] => {
      const run = receive([0, 104_000], { nic: { "rx.interval": interval } });
      return [0, 1].map((index) => run.segments(0, index).find(({ kind }) => kind === "queue")?.ps ?? 0);
    };
    // Frames follow each other after 118 + 12 bytes, 104 ns.
    assert.deepEqual(waits("104 ns"), [0, 0]);
    assert.deepEqual(waits("150 ns"), [0, 46_000]);
  });

  test("a frame that finds no descriptor is dropped, and its bytes leave the FIFO", () => {
    const path: Flow["path"] = ["feed", ["gw.nic.rx", "user"], { tap: "landed" }, "gw.pmd.rx"];
    const times = [...Array.from({ length: 4 }, (_, index) => index * 104_000), ...Array.from({ length: 20 }, (_, index) => (index + 1) * 10_000_000)];
    const run = probe({ links: LINKS, nic: { "rx.ring": 1, "rx.fifo": "440 B" }, flows: [{ path, times, from: "gw.in@eof", to: "landed" }] });
    // The first burst leaves one frame; were FIFO bytes lost with the others, the later frames would not fit.
    assert.ok(run.dropped("gw.nic.ring full") > 0);
    assert.equal(run.dropped("gw.nic.ring full") + run.latencies[0]!.length, times.length);
    assert.equal(run.latencies[0]!.filter((latency) => latency === run.latencies[0]![0]).length, run.latencies[0]!.length);
    assert.equal(run.dropped("gw.nic.fifo full"), 0);
  });

  test("a frame that does not fit into the FIFO is dropped", () => {
    // 110 B stay from the first bit until the payload has been written, 261 ns later; the next frame comes after 104 ns.
    const fits = receive([0, 104_000, 208_000], { nic: { "rx.fifo": "330 B" } });
    assert.equal(fits.latencies[0]!.length, 3);
    const full = receive([0, 104_000, 208_000], { nic: { "rx.fifo": "329 B" } });
    assert.equal(full.dropped("gw.nic.fifo full"), 1);
    assert.equal(full.latencies[0]!.length, 2);
  });

  test("descriptors that were fetched ahead last for a burst of their number; the next waits for a read", () => {
    const nic = { "rx.prefetch": 2, "rx.low-water": 1 };
    const waits = (run: ReturnType<typeof probe>): number[] => [0, 1, 2, 3].map((index) => run.segments(0, index).filter(({ kind }) => kind === "credit").reduce((sum, { ps }) => sum + ps, 0));
    // The second takes the last of a fetch, so the device reads two more: the request behind that frame's own data, then 600 ns
    // and 32 B of completion. The third has the one that was left; the fourth, 208 ns behind the second, waits for the read.
    const read = 17_012 + 600_000 + Math.round((32 + 20) * 126.953125);
    assert.deepEqual(waits(receive([0, 104_000, 208_000, 312_000], { nic })), [0, 0, 0, read - 208_000]);
    assert.deepEqual(waits(receive([0, 104_000, 208_000, 312_000])), [0, 0, 0, 0]);
  });

  test("a frame whose translation is cached does not overtake one whose translation is walked", () => {
    // Four buffers of 2 KiB in two pages: the first frame walks; the second one finds its page, and was sent 104 ns later.
    const times = [0, 104_000, 208_000];
    const run = receive(times, { memory: { iommu: { mode: "strict" } }, nic: { "rx.ring": 4 } });
    const ends = run.latencies[0]!.map((latency, index) => latency + times[index]!);
    const flight = 452_090 + 118 * 800;
    assert.deepEqual(ends.map((end) => end + 118 * 800), [flight + 260_000, flight + 260_000, flight + 208_000 + 260_000]);
    assert.equal(run.segments(0, 1).find(({ kind }) => kind === "order")!.ps, 156_000);
  });

  test("the device reads descriptors once for as many frames as one read brings, no sooner and no later", () => {
    const reads = (frames: number): number => receive(Array.from({ length: frames }, (_, index) => index * 2_000_000)).account("bus-down-payload") / (64 * 16);
    assert.deepEqual([63, 64, 127, 128, 640].map(reads), [0, 1, 1, 2, 10]);
  });

  test("completion entries that share a write wait for the last of them, or for the longest wait", () => {
    const nic = { "write-back.entries": 4, "write-back.wait": "1 us", completion: "16 B" };
    const wait = (run: ReturnType<typeof probe>, index: number): number => run.segments(0, index).filter(({ kind }) => kind === "batch").reduce((sum, { ps }) => sum + ps, 0);
    const full = receive([0, 104_000, 208_000, 312_000], { nic });
    assert.deepEqual([0, 1, 2, 3].map((index) => wait(full, index)), [312_000, 208_000, 104_000, 0]);
    assert.equal(full.account("bus-up-payload"), 4 * 110 + 64, "one write of four entries");
    assert.ok([0, 1, 2, 3].every((index) => full.segments(0, index).find(({ label }) => label === "completion write-back")!.ps === Math.round((64 + 24) * 126.953125)));
    const lone = receive([0], { nic });
    assert.equal(lone.latencies[0]![0]! - receive([0]).latencies[0]![0]!, 1_000_000 + Math.round(88 * 126.953125) - Math.round(40 * 126.953125));
  });
});

describe("interrupt moderation", () => {
  const time = "16 us";
  test("a lone frame waits for the whole timer, for none, or for the whole timer, by the law", () => {
    assert.equal(batchWait(interrupts([0], { "moderation.mode": "none" })), 0);
    assert.equal(batchWait(interrupts([0], { "moderation.mode": "timer-from-first", "moderation.time": time })), 16_000_000);
    assert.equal(batchWait(interrupts([0], { "moderation.mode": "throttle", "moderation.time": time })), 0);
    assert.equal(batchWait(interrupts([0], { "moderation.mode": "timer-from-last", "moderation.time": time })), 16_000_000);
  });

  test("a second frame shares the first timer, restarts it, or waits for the least distance of interrupts", () => {
    const waits = (mode: string, times: readonly number[]): number[] => {
      const run = interrupts(times, { "moderation.mode": mode, "moderation.time": time });
      return [0, 1].map((index) => batchWait(run, index));
    };
    assert.deepEqual(waits("timer-from-first", [0, 10_000_000]), [16_000_000, 6_000_000]);
    assert.deepEqual(waits("timer-from-last", [0, 10_000_000]), [26_000_000, 16_000_000]);
    assert.deepEqual(waits("throttle", [0, 10_000_000]), [0, 6_000_000]);
  });

  test("so many frames raise the interrupt at once", () => {
    const run = interrupts([0, 1_000_000, 2_000_000], { "moderation.mode": "timer-from-first", "moderation.time": time, "moderation.frames": 3 });
    assert.deepEqual([0, 1, 2].map((index) => batchWait(run, index)), [2_000_000, 1_000_000, 0]);
    assert.equal(run.account("interrupts"), 1);
  });

  test("the interrupt message crosses the bus once for all that it announces", () => {
    const run = interrupts([0, 1_000_000], { "moderation.mode": "timer-from-first", "moderation.time": time });
    assert.equal(run.account("interrupts"), 1);
    assert.equal(run.account("bus-up-payload"), 2 * (110 + 16) + 4);
    assert.equal(run.segments(0, 0).find(({ label }) => label === "interrupt message")!.ps, 3555);
  });
});

describe("transmit side", () => {
  const BY_DMA: readonly [string, number][] = [
    ["doorbell", 4063],
    ["doorbell flight", 175_937],
    ["descriptor read request", 3047],
    ["descriptor read round trip", 596_953],
    ["payload read request", 3047],
    ["payload read round trip", 596_953],
    ["payload read", 15_996],
    ["MAC and PHY, transmit", 100_000],
  ];

  test("a frame costs a doorbell and two reads that depend on each other", () => {
    const run = send();
    assert.deepEqual(listed(run.segments()), BY_DMA);
    assert.deepEqual([run.account("doorbells"), run.account("movements"), run.account("copies")], [1, 1, 0]);
  });

  test("a frame that the core stores into the device costs no read", () => {
    const run = send({ "tx.mode": "inline" });
    assert.deepEqual(listed(run.segments()), [["frame store", 9775], ["frame store", 9776], ["frame store flight", 150_000], ["MAC and PHY, transmit", 100_000]]);
    assert.equal(run.account("doorbells"), 0);
    assert.equal(send().latencies[0]![0]! - run.latencies[0]![0]!, 1_226_445);
  });

  test("a frame above the limit is fetched even so", () => {
    assert.equal(send({ "tx.mode": "inline" }, {}, 214).account("doorbells"), 0);
    assert.equal(send({ "tx.mode": "inline" }, {}, 215).account("doorbells"), 1);
  });

  test("with cut-through the first bytes are enough", () => {
    const whole = send({}, {}, 1472).latencies[0]![0]!;
    const early = send({ "tx.start": "cut-through", "tx.lead": "128 B" }, {}, 1472);
    const stored = 1472 + 42;
    assert.equal(whole, 180_000 + 600_000 + 600_000 + Math.round((stored + 6 * 20) * 126.953125) + 100_000);
    assert.equal(early.latencies[0]![0], 180_000 + 600_000 + 600_000 + Math.round(148 * 126.953125) + 100_000);
    assert.equal(early.account("underruns"), 0);
  });

  test("a transmitter that begins early runs dry when the bus is slower than the wire", () => {
    const nic = { "tx.start": "cut-through", "tx.lead": "128 B" };
    assert.equal(send(nic, { bus: { link: "gen1 x1" } }, 1472).account("underruns"), 1);
    assert.equal(send(nic, { bus: { link: "gen1 x4" } }, 1472).account("underruns"), 1);
    assert.equal(send(nic, { bus: { link: "gen2 x8" } }, 1472).account("underruns"), 0);
    assert.equal(send({ ...nic, rate: "1 Gbit/s" }, { bus: { link: "gen1 x4" } }, 1472).account("underruns"), 0);
  });

  test("it also runs dry when others' completions delay its own", () => {
    const flows: readonly Flow[] = [sendFlow([1_000_000], 1472), { path: [{ tap: "from" }, "gw.probe.storm", { tap: "to" }], times: Array.from({ length: 40 }, (_, index) => 1_700_000 + index * 10_000), from: "from", to: "to" }];
    const storm: NonNullable<ProbeBench["probes"]>[string] = ({ bus, message }) => [{ step: "use", target: bus, operation: "read", args: { bytes: message.payload.map(() => 4096), label: "storm", until: "last" } }];
    const run = probe({ links: LINKS, bus: { tags: 256 }, nic: { "tx.start": "cut-through", "tx.lead": "128 B" }, probes: { storm }, flows });
    assert.equal(run.account("underruns"), 1);
  });

  test("a checksum in the header keeps a frame back until it is complete, one behind the data does not", () => {
    const at = (nic: Record<string, string>): number => send({ "tx.start": "cut-through", ...nic }, {}, 1472).latencies[0]![0]!;
    assert.equal(at({ "tx.checksum": "header" }), send({}, {}, 1472).latencies[0]![0]);
    assert.equal(at({ "tx.checksum": "trailer" }), at({}));
    assert.ok(at({}) < at({ "tx.checksum": "header" }));
    assert.equal(at({ "tx.checksum": "header", "tx.mode": "streamed" }), at({ "tx.mode": "streamed", "tx.start": "store-forward" }));
  });

  test("a streamed frame leaves after its first lines, whatever its size, and runs dry when the core is slower than the wire", () => {
    const streamed = (nic: Record<string, string>, payload = 1472) => send({ "tx.mode": "streamed", "tx.start": "cut-through", "tx.lead": "64 B", ...nic }, {}, payload);
    const line = Math.round(88 * 126.953125);
    assert.deepEqual(listed(streamed({}).segments()), [["frame store", line], ["frame store flight", 150_000], ["MAC and PHY, transmit", 100_000]]);
    assert.equal(streamed({}, 200).latencies[0]![0], streamed({}).latencies[0]![0]);
    // Exactly a line: nothing follows, and one byte less is a shorter store.
    assert.deepEqual(listed(streamed({}, 22).segments())[0], ["frame store", line]);
    // 23 lines follow the first; the wire takes 64 B in 51.2 ns and has 100 ns of its own before the first byte leaves.
    const last = 23 * line;
    const due = 100_000 + (1514 + 8 - 64) * 800;
    const pace = Math.floor((due - last) / 23);
    assert.equal(streamed({ "tx.pace": `${pace} ps` }).account("underruns"), 0);
    assert.equal(streamed({ "tx.pace": `${pace + 1} ps` }).account("underruns"), 1);
    assert.equal(streamed({ "tx.pace": "60 ns", "tx.start": "store-forward" }).account("underruns"), 0);
  });

  test("frames that share a doorbell wait for the last of them, or for the longest wait, and share one descriptor read", () => {
    const nic = { "tx.batch": 3, "tx.drain": "1 us" };
    const run = probe({ links: LINKS, nic, flows: [sendFlow([0, 200_000, 400_000])] });
    assert.deepEqual([0, 1, 2].map((index) => run.segments(0, index).filter(({ kind }) => kind === "batch").reduce((sum, { ps }) => sum + ps, 0)), [400_000, 200_000, 0]);
    assert.equal(run.account("doorbells"), 1);
    assert.equal(run.account("bus-down-payload"), 8 + 3 * 16 + 3 * 106);
    const lone = send(nic);
    assert.equal(lone.latencies[0]![0]! - send().latencies[0]![0]!, 1_000_000);
  });

  test("with no descriptor left the sender waits until a frame is over", () => {
    const run = probe({ links: LINKS, nic: { "tx.ring": 1 }, flows: [sendFlow([0, 0])] });
    const alone = 1_495_996;
    assert.deepEqual(run.latencies[0], [alone, alone + FRAME + alone]);
  });

  test("a far device pays the hop at every read", () => {
    const far = send({ numa: 1 });
    assert.equal(far.latencies[0]![0]! - send().latencies[0]![0]!, 2 * 105_000);
  });
});
