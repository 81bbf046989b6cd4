import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { InternalFault } from "../../../src/errors/index.js";
import { OP, type Program } from "../../../src/engine/index.js";
import { always, each, timedProgram, travel, travelled, type TimedSketch } from "../../support/journeys.js";
import { delay, spawn, stage, station, end, jump } from "../../support/instructions.js";

const fault = (run: () => unknown, text: RegExp): void => assert.throws(run, (error: Error) => error instanceof InternalFault && text.test(error.message));

describe("the ledger", () => {
  const tandem: TimedSketch = { times: [0, 10, 20], code: [stage(0, 0), delay(1)], amounts: always(100, 7), stages: [station()] };

  test("faults when a segment lies outside the metric that it lengthens", () => {
    const program = timedProgram(tandem);
    const [path] = program.paths;
    const short: Program = { ...program, paths: [{ ...path!, metrics: [{ ...path!.metrics[0]!, slots: [0, 1] }] }] };
    fault(() => travelled(short, tandem.times), /metric latency: the segments of a message add to 0 ps, its latency is 107 ps/);
  });

  test("faults when time passes in none of the path's slots", () => {
    const program = timedProgram(tandem);
    const [path] = program.paths;
    fault(() => travelled({ ...program, paths: [{ ...path!, slots: [0, 1] }] }, tandem.times), /add to 0 ps, but it was under way for 107 ps/);
  });

  test("faults when a segment other than overlap is negative", () => {
    const lead = { op: OP.lead, amount: 1, a: -1, wait: 0, work: 0 };
    fault(() => travel({ times: [50], code: [delay(0), lead], amounts: always(10, 4) }), /other than overlap is negative/);
    assert.equal(travel({ times: [50], slots: ["overlap", "process"], code: [delay(0), lead], amounts: always(10, 4) }).journeys[0]!.latency, 6);
  });

  test("measures from byte to byte where a metric says so", () => {
    const program = timedProgram({ ...tandem, times: [0], amounts: always(100, 7, 30, 12) });
    const [path] = program.paths;
    const edges: Program = { ...program, paths: [{ ...path!, metrics: [{ ...path!.metrics[0]!, fromEdge: 2, toEdge: 3 }] }] };
    assert.equal(travelled(edges, [0]).journeys[0]!.latency, 107 - 30 + 12);
  });

  test("leaves the warm-up out of the sums, the sample and the sinks, but not out of the run", () => {
    const trip = travel({ ...tandem, times: [0, 200, 400, 600] }, { warmup: 3 });
    assert.equal(trip.journeys.length, 1);
    assert.equal(trip.machine.ledger.paths[0]!.measured, 1);
    assert.equal(trip.machine.completed, 4);
    assert.deepEqual(trip.machine.ledger.paths[0]!.sums(), [0n, 107n]);
  });

  test("sums stay exact beyond what a float can hold, of messages that take minutes as of those that take an hour", () => {
    for (const large of [2 ** 48 + 3, 2 ** 50 - 1, 2 ** 50 + 1, 2 ** 51 + 1, 2 ** 52 + 1]) {
      const trip = travel({ times: new Array<number>(1_000).fill(0), code: [delay(0)], amounts: [each(Array.from({ length: 1_000 }, (_, index) => large - index))] });
      assert.equal(trip.machine.ledger.paths[0]!.sums()[1], 1_000n * BigInt(large) - 499_500n);
    }
  });

  test("reads slots from the first message on that puts time into them, however late that is", () => {
    const late = (from: number, ps: number) => (payload: number): number => (payload < from ? 0 : ps);
    const { machine, journeys } = travel({ times: [0, 100, 200, 300, 400], slots: ["process", "process", "process"], code: [0, 1, 2].map((slot) => ({ ...delay(slot), work: slot })), amounts: [late(3, 5), () => 2, late(2, 7)] });
    assert.deepEqual(journeys.map(({ latency }) => latency), [2, 2, 9, 14, 14]);
    assert.deepEqual(journeys.map(({ segments }) => segments), [[0, 2, 0], [0, 2, 0], [0, 2, 7], [5, 2, 7], [5, 2, 7]]);
    assert.deepEqual(machine.ledger.paths[0]!.sums(), [10n, 10n, 21n]);
  });

  test("faults rather than round where a message takes back minutes", () => {
    const lead = { op: OP.lead, amount: 1, a: -1, wait: 0, work: 0 };
    const back = (ps: number): unknown => travel({ times: [50], slots: ["overlap", "process"], code: [delay(0), lead], amounts: always(ps + 10, ps) }, { fuse: false });
    back(2 ** 49);
    fault(() => back(2 ** 49 + 1), /takes back 562949953421313 ps/);
  });

  test("reads what was taken back and waited for again, which together are nothing", () => {
    const code = [delay(0), { op: OP.mark, a: 2 }, { op: OP.lead, amount: 1, a: 2, wait: 0, work: 2 }];
    for (const fuse of [true, false]) {
      const { machine, journeys } = travel({ times: [0, 100, 200], slots: ["join", "process", "overlap"], marks: 3, code, amounts: always(50, 30) }, { fuse });
      assert.deepEqual(journeys.map(({ latency }) => latency), [50, 50, 50]);
      assert.deepEqual(machine.ledger.paths[0]!.sums(), [90n, 150n, -90n], `fuse: ${fuse}`);
    }
  });

  test("keeps at most the wanted number of rows, evenly spaced over the run", () => {
    [1, 7, 64, 300].forEach((limit) => {
      const times = Array.from({ length: 2_000 }, (_, index) => index * 10);
      const { machine } = travel({ times, code: [delay(0)], amounts: [(payload) => payload + 1] }, { sampleLimit: limit });
      const ledger = machine.ledger.paths[0]!;
      const kept = Array.from({ length: ledger.samples.count }, (_, at) => ledger.samples.at(at, 1) - 1);
      if (limit === 1) return assert.deepEqual(kept, [0]);
      const stride = kept[1]! - kept[0]!;
      assert.ok(kept.length <= limit && kept.length > limit / 2 - 1, `${limit}: ${kept.length} rows`);
      assert.ok(Number.isInteger(Math.log2(stride)) && kept.length === Math.ceil(2_000 / stride), `${limit}: stride ${stride}`);
      assert.deepEqual(kept, kept.map((_, at) => at * stride));
    });
  });

  test("the fingerprint does not depend on the order in which messages end, but on every segment", () => {
    const ends = (first: number, second: number): string => travel({ times: [0, 0], code: [delay(0)], amounts: [each([first, second])] }).machine.ledger.fingerprint.text;
    // What ends later in time ends earlier in execution here: only the numbers count.
    const direct = travel({ times: [0, 0], code: [delay(0), stage(0, 1)], amounts: [each([50, 9]), () => 3], stages: [station("fifo", 2)] }).machine.ledger.fingerprint.text;
    const detour = travel({ times: [0, 0], code: [delay(0), stage(0, 1)], amounts: [each([50, 9]), () => 3], stages: [station("fifo", 2)] }, { detour: true }).machine.ledger.fingerprint.text;
    assert.equal(direct, detour);
    assert.equal(new Set([ends(50, 9), ends(9, 50), ends(50, 10), ends(51, 9), ends(50, 9)]).size, 4);
  });

  test("the fingerprint sees off-path work and drops", () => {
    const off = (work: number): string => travel({ times: [0], code: [spawn(2), jump(4), delay(0), end], amounts: always(work) }).machine.ledger.fingerprint.text;
    assert.notEqual(off(5), off(6));
  });
});
