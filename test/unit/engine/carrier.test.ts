import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { OP, type BatchPolicy, type BatchSpec, type Instruction } from "../../../src/engine/index.js";
import { always, travel, type TimedSketch, type Trip } from "../../support/journeys.js";
import { branch, claim, delay, drop, end, free, handBack, hold, join, jump, release, server, stage, station, work } from "../../support/instructions.js";

const SLOT = { batch: 0, own: 1, carrier: 2, handOver: 3, behind: 4, credit: 5, wait: 6 } as const;
const SLOTS = ["batch", "process", "irq", "sched", "queue", "credit", "queue"];
/** First instruction of a member, after the join and the seven of the carrier. */
const MEMBERS = 8;
const poll: Instruction = { op: OP.poll, part: 0, a: MEMBERS };
/** The mark in front of a sketch moves the carrier from 1. */
const CARRIER = 2;
const rearm: Instruction = { op: OP.rearm, part: 0 };

/** Amount 0: work before the polls, 1: after them, 2: a member's work, 3: the wake-up. */
function napi(times: number[], member: readonly Instruction[], of: { batch?: Partial<BatchSpec>; amounts?: number[]; bytes?: number; rest?: Partial<TimedSketch>; detour?: boolean; room?: number } = {}): Trip {
  const carrier = [{ ...hold(0, 3, "sleep"), wait: SLOT.carrier, work: SLOT.carrier }, { ...work(0), work: SLOT.carrier }];
  const code = [{ ...join(0), amount: of.bytes ?? -1 }, ...carrier, poll, work(1), rearm, free, end, ...member];
  const batch: BatchSpec = {
    name: "napi", law: "none", time: 0, count: Infinity, carrier: CARRIER, carrierSlots: [SLOT.carrier, SLOT.handOver + 1], slots: null, weight: 64, budget: 300, budgetTime: Infinity,
    handOver: 0, handOverSlot: SLOT.handOver, waitSlot: SLOT.batch, queueSlot: SLOT.behind, ...of.batch,
  };
  return travel(
    { times, slots: SLOTS, code, amounts: always(...(of.amounts ?? [10, 5, 20, 0])), cores: ["irq", "app"], categories: ["user", "wake"], servers: [server(), server({ name: "app" })], batches: [batch], ...of.rest },
    { detour: of.detour === true, ...(of.room === undefined ? {} : { room: of.room }) },
  );
}
const ends = (trip: Trip): number[] => trip.journeys.map((one) => one.end);

describe("a batch with a carrier (interrupt and deferred work)", () => {
  test("one message: interrupt, its own work, and the core is left", () => {
    const trip = napi([100], [work(2), handBack], { amounts: [10, 5, 20, 7] });
    assert.deepEqual(trip.journeys[0]!.segments, [0, 20, 17, 0, 0, 0, 0]);
    assert.equal(trip.machine.batches[0]!.closings, 1);
    assert.deepEqual([...trip.machine.cpu], [35, 7, 0, 0]);
  });

  test("those who come while the core works raise no further interrupt and are found by the next look", () => {
    const trip = napi([0, 3, 25, 29, 49], [work(2), handBack]);
    assert.deepEqual(ends(trip), [30, 50, 70, 90, 110]);
    // The second came before the first look (at 10) but after the closing: it waited for the core, not for the batch.
    assert.deepEqual(trip.journeys.map((one) => one.segments[SLOT.behind]), [0, 27, 25, 41, 41]);
    assert.equal(trip.machine.batches[0]!.closings, 1);
    assert.equal(trip.machine.servers.busy[0], 10 + 5 * 20 + 5);
  });

  test("an arrival at each picosecond around the re-arming is delivered exactly once", () => {
    for (let second = 0; second <= 120; second++) {
      const trip = napi([0, second], [work(2), handBack]);
      assert.equal(trip.machine.completed, 2, `second at ${second}`);
      const idleAt = 10 + 20 + 5;
      // Seen by a look (at 10 or 30), by the look after re-arming (at 35), or by an interrupt of its own.
      const expected = second <= 30 ? 50 : second <= idleAt ? idleAt + 10 + 20 : second + 30;
      assert.equal(trip.journeys[1]!.end, expected, `second at ${second}`);
      assert.equal(trip.machine.batches[0]!.closings, second <= 30 ? 1 : 2);
    }
  });

  test("members that came before the closing share the carrier's segments, and all wait for the closing as batch", () => {
    const trip = napi([0, 40, 100], [work(2), handBack], { batch: { law: "timer-from-first", time: 100 } });
    assert.deepEqual(trip.journeys.map((one) => one.segments), [[100, 20, 10, 0, 0, 0, 0], [60, 20, 10, 0, 20, 0, 0], [0, 20, 10, 0, 40, 0, 0]]);
  });

  test("a policy hears of each run of the carrier what it served, and its timer and count hold from then on", () => {
    const heard: number[][] = [];
    const make = (): BatchPolicy => ({ time: 100, count: 2, served(members, bytes, now) { heard.push([members, bytes, now]); Object.assign(this, { time: 40, count: Infinity }); } });
    const trip = napi([0, 70, 80, 500, 530], [work(2), handBack], { batch: { law: "timer-from-first", time: 7, policy: make }, amounts: [10, 5, 20, 0, 3], bytes: 4 });
    // The second member closes the batch at 70; the third comes while the core works, and no timer is asked for it.
    // After that 40 ns from the first member, whatever the count.
    assert.deepEqual(trip.journeys.map((one) => one.segments[SLOT.batch]), [70, 0, 0, 40, 10]);
    assert.deepEqual(heard, [[3, 9, 145], [2, 6, 595]]);
  });

  test("the budget is tested between turns: a turn may exceed it, then the kernel thread takes over", () => {
    const trip = napi([0, 0, 0, 0, 0], [work(2), handBack], { batch: { weight: 2, budget: 3, handOver: 1_000 } });
    // Turns of two: after four the budget of three is spent.
    assert.deepEqual(ends(trip), [30, 50, 70, 90, 1_110]);
    assert.deepEqual(trip.journeys.map((one) => one.segments[SLOT.handOver]), [0, 0, 0, 0, 1_000]);
    const timed = napi([0, 0, 0, 0, 0], [work(2), handBack], { batch: { weight: 1, budgetTime: 45, handOver: 1_000 } });
    // From the first look at 10 the third ends past 45, and the kernel thread has as long again.
    assert.deepEqual(ends(timed), [30, 50, 70, 1_090, 1_110]);
  });

  test("with further runs allowed, the kernel thread takes over after so many, or after so long", () => {
    const spent = { weight: 2, budget: 2, handOver: 1_000 };
    const six = [0, 0, 0, 0, 0, 0];
    assert.deepEqual(ends(napi(six, [work(2), handBack], { batch: { ...spent, runs: { most: 2, time: Infinity } } })), [30, 50, 70, 90, 1_110, 1_130]);
    assert.deepEqual(ends(napi(six, [work(2), handBack], { batch: { ...spent, runs: { most: 10, time: Infinity } } })), [30, 50, 70, 90, 110, 130]);
    // The first run ends at 50, 40 after the first look: a picosecond less allowed, and it is the last.
    assert.deepEqual(ends(napi(six, [work(2), handBack], { batch: { ...spent, runs: { most: 10, time: 41 } } })), [30, 50, 70, 90, 1_110, 1_130]);
    assert.deepEqual(ends(napi(six, [work(2), handBack], { batch: { ...spent, runs: { most: 10, time: 40 } } })), [30, 50, 1_070, 1_090, 2_110, 2_130]);
  });

  test("with interrupts deferred it leaves the core and comes back to look, until so many looks in a row find nobody", () => {
    const carrier = [{ ...hold(0, 3, "sleep"), wait: SLOT.carrier, work: SLOT.carrier }, { ...work(0), work: SLOT.carrier }];
    const again = [free, { ...delay(4), work: SLOT.wait }, { ...hold(0, 3, "sleep"), wait: SLOT.wait, work: SLOT.wait }, { ...work(5), work: SLOT.wait }, jump(3)];
    const look: Instruction = { op: OP.poll, part: 0, a: 14 };
    const code = [join(0), ...carrier, look, branch(0, 10), ...again, work(1), rearm, free, end, work(2), handBack];
    const deferred = (times: number[]): Trip =>
      napi(times, [], { amounts: [10, 5, 20, 0, 100, 3], rest: { code, choices: [{ kind: "deferring", batch: 0, polls: 2 }] } });
    // 10-30 served; looks at 133 and 236 find nobody; 236-241 re-arms. What comes before the second look is served by it.
    const idle = deferred([0]);
    assert.equal(idle.machine.servers.busy[0], 10 + 20 + 3 + 3 + 5);
    const trip = deferred([0, 60]);
    assert.deepEqual(ends(trip), [30, 133 + 20]);
    assert.deepEqual(trip.journeys[1]!.segments, [133 - 60, 20, 0, 0, 0, 0, 0]);
    assert.equal(trip.machine.batches[0]!.closings, 1);
    // Work that was found starts the count anew: 153, looks at 256 and 359.
    assert.deepEqual(ends(deferred([0, 60, 300])), [30, 153, 359 + 20]);
    assert.equal(deferred([0, 60, 300]).machine.batches[0]!.closings, 1);
    // Behind the last look an interrupt is needed again.
    assert.deepEqual(ends(deferred([0, 300])), [30, 300 + 10 + 20]);
    assert.equal(deferred([0, 300]).machine.batches[0]!.closings, 2);
  });

  test("a member that is dropped on the carrier's core leaves it to the next one", () => {
    const code = [work(2), claim(0, 4, 11), jump(12), drop(0), handBack, { ...delay(5), work: SLOT.wait }, release(0, 4)];
    for (const detour of [false, true]) {
      const trip = napi([0, 1, 2, 3], code, { detour, amounts: [10, 5, 20, 0, 1, 45], rest: { reasons: ["full"], pools: [{ name: "socket", capacity: 1, whenFull: "drop", refill: null }] } });
      assert.deepEqual(trip.journeys.map((one) => [one.index, one.end]), [[0, 75], [3, 135]], `detour ${detour}`);
      assert.equal(trip.machine.drops[0], 2);
      assert.deepEqual([...trip.machine.cpu], [10 + 80 + 5, 0, 0, 0]);
    }
  });

  test("a member that has to wait keeps the core, and those behind it wait too", () => {
    // A pool that blocks while the core is held: the second member waits for the first one's release.
    const code = [work(2), { ...claim(0, 4), wait: SLOT.credit }, work(2), handBack, { ...delay(5), work: SLOT.wait }, release(0, 4)];
    const trip = napi([0, 0, 0], code, { amounts: [10, 5, 20, 0, 1, 100], rest: { pools: [{ name: "socket", capacity: 1, whenFull: "block", refill: null }] } });
    // 10-30 30-50 -> 150 | 50-70, 150-170 -> 270 | 170-190, 270-290 -> 390
    assert.deepEqual(ends(trip), [150, 270, 390]);
    assert.deepEqual(trip.journeys.map((one) => one.segments[SLOT.credit]), [0, 80, 80]);
    assert.equal(trip.machine.servers.busy[0], 290 + 5);
  });

  test("members go on by themselves once they have handed the core back", () => {
    const trip = napi([0, 0], [work(2), handBack, { ...hold(1, 3), wait: SLOT.wait, work: SLOT.wait }, work(4), free], { amounts: [10, 5, 20, 0, 100] });
    assert.deepEqual(ends(trip), [130, 230]);
    assert.deepEqual([...trip.machine.servers.busy], [55, 200]);
  });

  test("opening the batch again may make room for more tokens, and the carrier goes on with its own time and row", () => {
    // Fillers keep their rows until they come to a stage; with some number of them the next carrier is the first token for which there is no room.
    const code = [branch(0, 4), delay(0), stage(1, 1), jump(15), join(0), hold(0, 1), poll, work(2), rearm, work(3), stage(0, 3), free, end, work(4), handBack];
    const batch: BatchSpec = {
      name: "napi", law: "none", time: 0, count: Infinity, carrier: 6, carrierSlots: [0, 2], slots: null, weight: 64, budget: 300, budgetTime: Infinity,
      handOver: 0, handOverSlot: 0, waitSlot: 2, queueSlot: 2,
    };
    for (let fillers = 55; fillers < 70; fillers++) {
      const times = [...new Array<number>(fillers).fill(0), 10, 35];
      const trip = travel({
        times, slots: ["queue", "process", "batch"], code: code.map((one) => (one === poll ? { ...poll, a: 13 } : one)), amounts: [...always(1_000, 0, 15, 100, 20), (index) => Number(index < fillers)],
        choices: [{ kind: "size", amount: 5 }], cores: ["irq"], servers: [server()], stages: [station(), station()], batches: [batch],
      });
      assert.deepEqual(ends(trip).slice(fillers), [30, 265], `${fillers} fillers`);
      assert.equal(trip.machine.servers.busy[0], 2 * (20 + 15 + 100 + 100));
      assert.equal(trip.machine.endTime, 1_000);
    }
  });

  test("the carrier goes on where the records have moved to a larger room while it opens the batch again", () => {
    // More messages than there is room for at the start, all at once, so that the reopening has to make room for the next carrier.
    const times = [...new Array<number>(200).fill(0), ...Array.from({ length: 200 }, (_, index) => 50 + index)];
    const trip = napi(times, [work(2), handBack, { ...delay(4), work: SLOT.wait }], { amounts: [10, 5, 20, 0, 1_000_000], batch: { weight: 1 }, room: 64 });
    assert.equal(trip.machine.completed, 400);
    assert.ok(trip.machine.tokens.peak > 256);
    assert.deepEqual(ends(trip), times.map((_, index) => 10 + (index + 1) * 20 + 1_000_000));
  });
});
