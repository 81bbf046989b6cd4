import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { InternalFault } from "../../../src/errors/index.js";
import { distribution } from "../../../src/random/index.js";
import { OP, type ArrivalSpec, type Instruction, type MachineOptions } from "../../../src/engine/index.js";
import { run, sketch } from "../../support/program.js";
import { always } from "../../support/journeys.js";
import { claim, delay, drop, jump, stage, station } from "../../support/instructions.js";

type Sketch = Parameters<typeof sketch>[0];

/** Times at which messages come: each waits for the grid of a clock of 2^40 ps, and so tells when it came. */
const HORIZON = 2 ** 40;
function arrivals(spec: ArrivalSpec, messages: number, options: Partial<MachineOptions> = {}): number[] {
  const align: Instruction = { op: OP.align, part: 0, wait: 0 };
  return run(sketch({ code: [align], arrivals: spec, clocks: [{ name: "grid", num: HORIZON, den: 1, phase: 0 }] }), { messages, ...options }).latencies.map((latency) => (HORIZON - latency) % HORIZON);
}
const closed = (population: number, think: number, rest: Omit<Sketch, "arrivals">, messages: number) =>
  run(sketch({ ...rest, arrivals: { kind: "closed", population, think: distribution.constant(think) } }), { messages });

describe("an open source", () => {
  test("constant: message k comes at the floor of k periods, without drift", () => {
    assert.deepEqual(arrivals({ kind: "constant", num: 1_000, den: 3, jitter: 0 }, 3_000), Array.from({ length: 3_000 }, (_, k) => Math.floor((k * 1_000) / 3)));
  });

  test("constant with jitter: in order, each within its own period, and drawn from the seed", () => {
    const times = arrivals({ kind: "constant", num: 1_000, den: 1, jitter: 1 }, 500);
    assert.ok(times.every((time, k) => time >= k * 1_000 && time < (k + 1) * 1_000));
    assert.ok(new Set(times.map((time) => time % 1_000)).size > 300);
    assert.notDeepEqual(times, arrivals({ kind: "constant", num: 1_000, den: 1, jitter: 1 }, 500, { seed: 2 }));
  });

  test("bursts: so many at a gap, every period", () => {
    assert.deepEqual(arrivals({ kind: "burst", count: 3, gap: () => 7, period: 100 }, 7), [0, 7, 14, 100, 107, 114, 200]);
  });

  test("sends what comes before the end of its time, and nothing at it or behind it", () => {
    const laws: readonly ArrivalSpec[] = [
      { kind: "constant", num: 250, den: 1, jitter: 0 }, { kind: "burst", count: 3, gap: () => 10, period: 500 }, { kind: "renewal", gap: distribution.exponential(100) },
      { kind: "on-off", rates: [50, 0], sojourns: [400, 300] }, { kind: "series", times: Float64Array.of(0, 400, 999, 1000, 1001), payloads: Uint32Array.of(1, 1, 1, 1, 1), loop: 0 },
    ];
    for (const law of laws) {
      const all = arrivals(law, 1000);
      const before = all.filter((time) => time < 1000);
      assert.ok(before.length >= 3 && before.length < all.length, `${law.kind}: ${before.length} of ${all.length}`);
      for (const fuse of [true, false]) assert.deepEqual(arrivals(law, 1000, { until: 1000, fuse }), before, law.kind);
    }
    assert.deepEqual(arrivals(laws[0]!, 2, { until: 1000 }), [0, 250], "no more than are asked for");
  });

  test("draws nothing that another source draws where their messages pass the same component", () => {
    const one = sketch({ code: [{ op: OP.draw, amount: 0, work: 1 }], arrivals: { kind: "constant", num: 1_000, den: 1, jitter: 0 }, draws: [{ component: "jitter", sampler: distribution.exponential(1e10) }] });
    const [source] = one.sources;
    const both = run({ ...one, sources: [source!, { ...source!, name: "another" }] }, { messages: 400 });
    assert.equal(new Set(both.latencies).size, 400);
    const alone = run(one, { messages: 200 }).latencies;
    assert.equal(both.latencies.filter((latency) => alone.includes(latency)).length, 200, "and the other changes none of its draws");
  });

  test("a recorded series comes as it was, and again after its loop", () => {
    const series = (loop: number): ArrivalSpec => ({ kind: "series", times: Float64Array.of(5, 6, 6, 90), payloads: Uint32Array.of(1, 2, 3, 4), loop });
    assert.deepEqual(arrivals(series(100), 10), [5, 6, 6, 90, 105, 106, 106, 190, 205, 206]);
    assert.deepEqual(arrivals(series(0), 10), [5, 6, 6, 90]);
  });

  test("that never sends in any state, or has no state that lasts, is a fault and not an endless search", () => {
    assert.throws(() => arrivals({ kind: "on-off", rates: [0, 0], sojourns: [10, 10] }, 1), InternalFault);
    assert.throws(() => arrivals({ kind: "on-off", rates: [10, 10], sojourns: [0, 0] }, 1), InternalFault);
    assert.throws(() => arrivals({ kind: "on-off", rates: [10, 0], sojourns: [0, 10] }, 1), InternalFault);
  });

  test("a modulated source keeps to the share of time and the rate of its states", () => {
    const times = arrivals({ kind: "on-off", rates: [100, 0], sojourns: [2_000, 6_000] }, 20_000);
    // A quarter of the time at one per 100: one per 400 overall. Over 1,000 cycles the mean scatters by 3 %.
    assert.ok(Math.abs(times.at(-1)! / 20_000 / 400 - 1) < 0.12, `${times.at(-1)! / 20_000}`);
    const gaps = times.slice(1).map((time, index) => time - times[index]!);
    assert.ok(gaps.filter((gap) => gap > 2_000).length > 400, "long gaps while off");
  });

  test("sends as many messages as are wanted, and no more", () => {
    for (const messages of [0, 1, 7]) assert.equal(arrivals({ kind: "constant", num: 10, den: 1, jitter: 0 }, messages).length, messages);
  });
});

describe("a closed source", () => {
  test("one client: the cycle is the way there and back and the thinking, exactly", () => {
    const { machine, latencies } = closed(1, 250, { code: [delay(0), stage(0, 1), delay(0)], amounts: always(300, 150), stages: [station()] }, 1_000);
    assert.deepEqual(new Set(latencies), new Set([750]));
    assert.equal(machine.endTime, 999 * (750 + 250) + 750);
  });

  test("N clients at one constant server: R = N / X - Z, exactly on the path", () => {
    for (const [clients, think, service] of [[1, 1_000, 100], [5, 1_000, 100], [20, 1_000, 100], [3, 0, 70]] as const) {
      const { machine, latencies } = closed(clients, think, { code: [stage(0, 0)], amounts: always(service), stages: [station()] }, clients * 200);
      const cycle = Math.max(think + service, clients * service);
      // After the first round each waits for the same thing every time.
      assert.deepEqual(new Set(latencies.slice(clients * 2)), new Set([cycle - think]), `${clients} clients`);
      assert.equal(machine.stages.busy[0], clients * 200 * service);
    }
  });

  test("a client whose message was dropped asks again", () => {
    const { machine } = closed(2, 100, { code: [claim(0, 0, 2), jump(3), drop(0), drop(0)], amounts: always(1), reasons: ["full"], pools: [{ name: "none", capacity: 0, whenFull: "drop", refill: null }] }, 50);
    assert.equal(machine.drops[0], 50);
    assert.equal(machine.endTime, 24 * 100);
  });
});
