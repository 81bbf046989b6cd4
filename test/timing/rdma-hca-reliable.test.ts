// Goal: what a lost packet, a missing receive request, a full queue and a shared acknowledgement cost, and whom. Method: messages at
// chosen times on one or two connections; lost packets are found in the ledger, and who must have waited for them follows from the order of the connection.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { testModel, type Bench, type Tested } from "../support/model-tester.js";
import { at, pair, sentTo, written, type Params } from "../support/rdma-bench.js";

const MS = 1_000_000_000;
const US = 1_000_000;
const every = (gap: number, count: number): number[] => Array.from({ length: count }, (_, index) => index * gap);
const of = (tested: Tested, index: number, ...kinds: string[]): number => tested.segments(index).filter(({ kind }) => kinds.includes(kind)).reduce((sum, { ps }) => sum + ps, 0);
const on = (qp: string): Bench["path"] => [{ tap: "posted" }, ["a.rdma.write", { to: "b.mailbox", via: "ib", flag: "last-byte", qp }], ["b.poll", { watch: "b.mailbox.flag" }], { tap: "seen" }];
const reasons = ({ compiled, machine }: Tested): Record<string, number> => Object.fromEntries(compiled.program.reasons.map((reason, index) => [reason, machine.drops[index] ?? 0]).filter(([, drops]) => drops !== 0));

describe("a lost packet", () => {
  const lossy = (a: Params, times: readonly number[], more: Partial<Bench> = {}): Tested =>
    testModel(pair({ a: { "ack.timeout": "1 ms", ...a }, more: { traffic: at(times), messages: times.length, seed: 5, ...more } }, written));

  test("costs the timeout, and every later message of the connection waits until it has been repeated", () => {
    const times = every(US, 400);
    const tested = lossy({ loss: "1%", recovery: "timeout", "ack.timeout": "50 us", "send-queue": 1000 }, times);
    let lost = 0;
    let behind = 0;
    // In the order of their ends, which is that of their posting: nobody overtakes.
    for (let index = 0; index < times.length; index++) {
      const repeated = of(tested, index, "retry");
      assert.equal(repeated % (50 * US), 0);
      if (repeated === 0) continue;
      lost++;
      for (let later = index + 1; later < times.length && times[later]! < times[index]! + tested.latencies[index]!; later++) {
        behind++;
        assert.ok(tested.latencies[later]! + times[later]! >= tested.latencies[index]! + times[index]! - 20_000, `${later} behind ${index}`);
      }
    }
    assert.ok(lost >= 2 && behind > 50, `${lost} ${behind}`);
  });

  test("delays nobody on another connection", () => {
    const times = every(US, 40);
    const alone = testModel(pair({ more: { traffic: at(times), messages: 40 } }, written));
    const tested = testModel({
      ...pair({ a: { loss: "3%", recovery: "timeout", "ack.timeout": "1 ms", "send-queue": 1000 }, more: { messages: 80, seed: 1 } }, []),
      path: on("main"), traffic: at(times), also: { path: on("other"), traffic: at(times.map((time) => time + 500_000)) },
    });
    const [main, other] = tested.byPath.map((latencies) => latencies.filter((latency) => latency >= MS / 2).length);
    assert.ok(main! > 0 && other === 0 || main === 0 && other! > 0, `one of the connections lost something, one did not: ${main} and ${other}`);
    const clean = tested.byPath[main === 0 ? 0 : 1]!;
    assert.ok(Math.max(...clean) <= Math.max(...alone.latencies) + 30_000);
  });

  test("is noticed by the next packet of the connection, if the receiver reports gaps", () => {
    const tested = lossy({ loss: "20%" }, every(US, 3));
    const lost = tested.segments(0).find(({ kind }) => kind === "retry")!;
    // The next one is posted 1 us later and takes as long to the wire; then a packet there and a report back: 664.144 + 96.736 less what the first had taken.
    assert.equal(lost.label, "until the loss is noticed");
    assert.equal(lost.ps, 1_760_880);
    // The adapter fetches work request and payload again before it repeats.
    const labels = tested.segments(0).map(({ label }) => label);
    assert.ok(labels.includes("payload round trip"));
    assert.ok(tested.latencies[1]! < tested.latencies[0]!);
  });

  test("waits for as many reports as TCP does, when told so", () => {
    const one = lossy({ loss: "20%" }, every(US, 8));
    const three = lossy({ loss: "20%", "recovery-reports": 3 }, every(US, 8));
    assert.equal(of(three, 0, "retry") - of(one, 0, "retry"), 2 * US);
  });

  test("at the tail of the traffic is noticed by the timeout alone", () => {
    assert.equal(of(lossy({ loss: "20%" }, [0]), 0, "retry"), MS);
  });

  test("breaks the connection after so many repetitions", () => {
    const tested = lossy({ loss: "100%", "ack.retries": 3, recovery: "timeout" }, [0]);
    assert.deepEqual(reasons(tested), { "connection broken: no acknowledgement": 1 });
    assert.ok(tested.machine.endTime > 4 * MS && tested.machine.endTime < 4.1 * MS, "sent four times, each with a timeout behind it");
  });

  test("of a long message holds back its later packets", () => {
    const whole = testModel(pair({ more: { payload: "64 KiB" } }, written)).latencies[0]!;
    const tested = testModel(pair({ a: { loss: "15%", "ack.timeout": "1 ms" }, more: { payload: "64 KiB", seed: 2 } }, written));
    assert.ok(tested.latencies[0]! > whole + 500_000, `${tested.latencies[0]} against ${whole}`);
  });

  test("is gone where nothing is repeated", () => {
    const path: Bench["path"] = [["a.rdma.datagram", { to: "b", via: "ib" }], ["b.poll", { watch: "cq" }]];
    const tested = testModel(pair({ a: { loss: "20%" }, more: { traffic: at(every(US, 200)), messages: 200 } }, path));
    const { "datagram lost": lost } = reasons(tested);
    assert.ok(lost! > 20 && lost! < 65, String(lost));
    assert.equal(tested.latencies.length, 200 - lost!);
    assert.ok(Math.max(...tested.latencies) < US);
  });
});

describe("a receiver without a receive request", () => {
  const burst = (b: Params, count: number): Tested => testModel(pair({ b, more: { traffic: at(new Array<number>(count).fill(0)), messages: count } }, sentTo));

  test("refuses, and the sender tries again after the timer; those behind it wait", () => {
    const tested = burst({ "receive-queue": 1, "rnr.timer": "10 us" }, 3);
    assert.deepEqual([0, 1, 2].map((index) => of(tested, index, "retry")), [0, 10 * US, 10 * US]);
    assert.ok(of(tested, 2, "order") > 10 * US);
    assert.equal(Math.max(...burst({}, 3).latencies) < 2 * US, true);
  });

  test("breaks the connection after so many refusals, and gives back what it held", () => {
    const tested = testModel(pair({ b: { "receive-queue": 0, "rnr.timer": "10 us", "rnr.retries": 3 }, more: { traffic: at([0, 0]), messages: 2 } }, sentTo));
    assert.deepEqual(reasons(tested), { "b.hca.receives full": 2 });
    assert.ok(tested.machine.endTime > 60 * US);
  });

  test("loses a datagram at once", () => {
    const path: Bench["path"] = [["a.rdma.datagram", { to: "b", via: "ib" }], ["b.poll", { watch: "cq" }]];
    const tested = testModel(pair({ b: { "receive-queue": 1 }, more: { traffic: at([0, 0, 0]), messages: 3 } }, path));
    assert.deepEqual(reasons(tested), { "b.hca.receives full": 2 });
  });
});

describe("queues of an adapter", () => {
  const four = (a: Params, b: Params = {}): Tested => testModel(pair({ a, b, more: { traffic: at([0, 0, 0, 0]), messages: 4 } }, sentTo));

  test("a full send queue makes the thread wait for an acknowledgement, or gives the message up", () => {
    const waited = of(four({ "send-queue": 1 }), 1, "credit");
    // From its posting to the acknowledgement: there 615.372, back 30 B, engines, PHYs, cable and the completion entry.
    assert.ok(waited > 0.9 * US && waited < 1.3 * US, String(waited));
    assert.deepEqual(reasons(four({ "send-queue": 1, "send-queue-full": "refuse" })), { "a.hca.sends full": 3 });
    assert.deepEqual(reasons(four({})), {});
  });

  test("a completion that finds no entry is lost", () => {
    assert.deepEqual(reasons(four({}, { "completion-queue": 1 })), { "b.hca.completions full": 3 });
    const sender = four({ "completion-queue": 1, reap: "1 ms" });
    assert.deepEqual(reasons(sender), { "a.hca.completions full": 3 });
    assert.equal(sender.latencies.length, 4, "the messages arrive: it is their sender who does not learn of it");
  });

  test("an acknowledgement is a packet of 30 B back, with engines at both ends and a completion entry", () => {
    const tested = four({});
    const backward = tested.compiled.program.stages.findIndex(({ name }) => name === "ib.backward");
    assert.equal(tested.machine.stages.busy[backward], 4 * 30 * 80);
    const coalesced = four({ "ack.every": 4 });
    assert.equal(coalesced.machine.stages.busy[backward], 30 * 80);
  });

  test("unsignalled sends keep their places until one of them is signalled", () => {
    const eight = (a: Params): Tested => testModel(pair({ a, more: { traffic: at(new Array<number>(8).fill(0)), messages: 8 } }, sentTo));
    assert.equal(of(eight({ "send-queue": 8, "signal.every": 4 }), 7, "credit"), 0);
    // The fifth needs a place of the first four, of which only the fourth is signalled.
    const waits = [4, 5, 6, 7].map((index) => of(eight({ "send-queue": 4, "signal.every": 4 }), index, "credit"));
    assert.ok(waits.every((wait) => wait === waits[0]) && waits[0]! > US, String(waits));
    const each = of(eight({ "send-queue": 4 }), 4, "credit");
    assert.ok(each < waits[0]!, `${each}`);
  });

  test("a list of work requests shares a doorbell, and waits to become full", () => {
    const tested = testModel(pair({ a: { "post-batch": 4, "post-wait": "3 us", inline: "0 B" }, more: { traffic: at([0, 0, 0, 0, 10 * US]), messages: 5 } }, sentTo));
    assert.equal(tested.account("a/doorbells"), 2);
    // The first waits for three others to be built; the one that comes alone for the end of the wait.
    assert.deepEqual([0, 4].map((index) => of(tested, index, "batch")), [180_000, 3 * US]);
    const single = testModel(pair({ a: { blueflame: false, inline: "0 B" } }, sentTo));
    assert.equal(tested.latencies[0]! - single.latencies[0]!, 180_000, "but for its wait it is a request that is fetched");
  });
});

describe("a completion event", () => {
  test("that comes anywhere around the arming of the queue is delivered exactly once", () => {
    const notified: Bench["path"] = [["a.rdma.send", { to: "b", via: "ib" }], "b.irq", ["b.wake", "app"]];
    const two = (gap: number): Tested => testModel(pair({ more: { traffic: at([0, gap]), messages: 2 } }, notified));
    const interrupts = new Set<number>();
    // The first one's interrupt sets out at 0.86 us; its carrier opens the batch some 1.5 us later. Through all of that in steps, and to the picosecond around the edge.
    const around = edge(two) - 20;
    const gaps = [...every(100_000, 40), ...every(1, 40).map((more) => around + more)];
    for (const gap of gaps) {
      const tested = two(gap);
      assert.equal(tested.latencies.length, 2, `gap ${gap}`);
      interrupts.add(tested.account("b/interrupts"));
      assert.ok(Math.max(...tested.latencies) < 8 * US, `gap ${gap}`);
    }
    assert.deepEqual([...interrupts].sort(), [1, 2]);
  });

  /** The least gap at which the second message raises an interrupt of its own. */
  function edge(two: (gap: number) => Tested): number {
    let [low, high] = [0, 4 * US];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (two(middle).account("b/interrupts") === 2) high = middle;
      else low = middle;
    }
    return high;
  }
});
