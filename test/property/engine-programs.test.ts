import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { Machine, OBSERVER, OP, runToEnd, type MachineOptions, type TokenTrace } from "../../src/engine/index.js";
import { timedProgram, travel, type Journey, type TimedSketch, type Trip } from "../support/journeys.js";
import { delay } from "../support/instructions.js";
import { naiveEnds } from "../support/naive-simulator.js";
import { sketch } from "../support/program.js";
import { EVERYTHING, EXACT, PERIODS, PLAIN, arrivalTimes, laidOut, nodes } from "../support/random-program.js";

const programs = fc.record({ tree: nodes(EVERYTHING), times: arrivalTimes });
const RUNS = { numRuns: 400 };
const paths = (trip: Trip): unknown => trip.journeys.map(({ index, latency, segments }) => [index, latency, segments]);
const signature = (trip: Trip): unknown => [trip.machine.ledger.fingerprint.text, paths(trip), [...trip.machine.drops], trip.machine.endTime, [...trip.machine.stages.busy], [...trip.machine.servers.busy], [...trip.machine.cpu]];
const of = ({ tree, times }: { tree: Parameters<typeof laidOut>[0]; times: readonly number[] }, options: Partial<MachineOptions> = {}): Trip => travel(laidOut(tree, times), options);

describe("any program", () => {
  test("runs to its end: every latency is tiled, every claim given back, every message finished or dropped", () => {
    fc.assert(
      fc.property(programs, (program) => {
        // The ledger and the end of every token throw on a fault.
        const { machine, journeys } = of(program);
        assert.equal(machine.completed + machine.drops[0]!, program.times.length);
        assert.equal(machine.tokens.live, 0);
        for (const one of journeys) assert.equal(one.segments.reduce((sum, segment) => sum + segment, 0), one.latency);
        for (const bus of machine.buses) assert.equal(bus.bookedBeyond(machine.endTime), 0);
      }),
      RUNS,
    );
  });

  test("ends every message when the plainest simulator says, if that knows its instructions", () => {
    fc.assert(
      fc.property(nodes(PLAIN), arrivalTimes, (tree, times) => {
        // Every picosecond its own: ties are held to their rules elsewhere.
        const program = laidOut(tree, times.map((time, index) => time * 100_003 + index), { apart: true });
        // Not the polling loop: when it looks depends on when it last looked.
        const code = program.code.map((one) => (one.op === OP.holdPolling ? { ...one, op: OP.hold, a: OBSERVER.serve } : one));
        const plain = { ...program, code, servers: program.servers!.map((one) => ({ ...one, period: 0, idle: null })) };
        assert.deepEqual(travel(plain).journeys.map((one) => one.end), naiveEnds(plain));
      }),
      RUNS,
    );
  });

  test("gives the same, to the bit, when every claim makes the detour through the calendar", () => {
    fc.assert(
      fc.property(programs, (program) => {
        const direct = signature(of(program));
        assert.deepEqual(signature(of(program, { detour: true })), direct);
        assert.deepEqual(signature(of(program, { detour: true, fuse: false })), direct);
        assert.deepEqual(signature(of(program, { fuse: false })), direct);
      }),
      RUNS,
    );
  });

  test("gives the same, to the bit, when the records move to a larger room again and again on the way", () => {
    let moved = 0;
    fc.assert(
      fc.property(programs, (program) => {
        const narrow = of(program, { room: 1 });
        assert.deepEqual(signature(narrow), signature(of(program)));
        if (narrow.machine.tokens.peak > 8) moved++;
      }),
      RUNS,
    );
    assert.ok(moved > RUNS.numRuns / 10, `only ${moved} programs had more than eight tokens at once`);
  });

  test("can be traced: the same to the bit, and of every message's time each piece begins where the one before it ended", () => {
    let pieces = 0;
    let blamed = 0;
    fc.assert(
      fc.property(programs, (program) => {
        const traces: TokenTrace[] = [];
        const trip = of(program, { trace: (trace) => void traces.push(trace) });
        assert.deepEqual(signature(trip), signature(of(program)));
        const messages = traces.filter((trace) => trace.place === 0);
        assert.equal(messages.length, program.times.length);
        for (const { start, end, segments, finished } of messages) {
          let at = start;
          for (const segment of segments) {
            assert.equal(segment.at, at);
            at += segment.ps;
            pieces++;
            if (segment.blocker >= 0) blamed++;
          }
          if (finished) assert.equal(at, end);
        }
      }),
      RUNS,
    );
    assert.ok(pieces > 1000 && blamed > 100, `${pieces} pieces, ${blamed} with a culprit`);
  });

  test("never has two events of one time and rank, so that the order of scheduling cannot matter", () => {
    let entered = 0;
    fc.assert(
      fc.property(programs, ({ tree, times }) => {
        const machine = new Machine(timedProgram(laidOut(tree, times)), { seed: 1, messages: times.length, warmup: 0, sampleLimit: 0, sinks: [[{ record: () => undefined }]], detour: true });
        const { calendar } = machine.agenda;
        const pending = new Map<string, Set<number>>();
        const [enter, pop] = [calendar.enter.bind(calendar), calendar.pop.bind(calendar)];
        const at = (time: number, rank: number): Set<number> => pending.get(`${time} ${rank}`) ?? new Set();
        // With the detour every event comes in this way.
        calendar.enter = (payload: number): void => {
          const { keyTime, keyRank } = calendar;
          const others = at(keyTime, keyRank).add(payload);
          pending.set(`${keyTime} ${keyRank}`, others);
          assert.equal(others.size, 1, `payloads ${[...others].join(", ")} at ${keyTime}, rank ${keyRank}`);
          entered++;
          enter(payload);
        };
        calendar.pop = (): number => {
          const payload = pop();
          at(calendar.time, calendar.rank).delete(payload);
          return payload;
        };
        runToEnd(machine);
      }),
      { numRuns: 200 },
    );
    assert.ok(entered > 2_000, `only ${entered} events came by`);
  });

  test("is causal: without the last arrival everything that ended before it is as it was", () => {
    fc.assert(
      fc.property(programs, ({ tree, times }) => {
        const last = times.at(-1)!;
        const before = (trip: Trip): Journey[] => trip.journeys.filter((one) => one.end < last);
        const less = times.slice(0, -1);
        fc.pre(less.length > 0);
        assert.deepEqual(before(travel(laidOut(tree, less))), before(travel(laidOut(tree, times))));
      }),
      RUNS,
    );
  });

  test("does not know what time it is: later by whole periods, everything is later by as much", () => {
    fc.assert(
      fc.property(programs, fc.constantFrom(1, 1_000, 2 ** 30), ({ tree, times }, turns) => {
        const shifted = travel(laidOut(tree, times.map((time) => time + turns * PERIODS)));
        assert.deepEqual(paths(shifted), paths(travel(laidOut(tree, times))));
        assert.deepEqual([...shifted.machine.drops], [...travel(laidOut(tree, times)).machine.drops]);
      }),
      RUNS,
    );
  });

  test("scales: with every duration doubled every latency doubles", () => {
    fc.assert(
      fc.property(nodes(EXACT), arrivalTimes, fc.constantFrom(2, 3, 1_000), (tree, times, scale) => {
        const scaled = travel(laidOut(tree, times.map((time) => time * scale), { scale })).journeys.map((one) => [one.index, one.latency]);
        assert.deepEqual(scaled, travel(laidOut(tree, times)).journeys.map((one) => [one.index, one.latency * scale]));
      }),
      RUNS,
    );
  });

  test("is not changed by parts and sources that it does not use", () => {
    fc.assert(
      fc.property(programs, ({ tree, times }) => {
        const plain = laidOut(tree, times);
        const more: TimedSketch = { ...plain, stages: [...plain.stages!, ...plain.stages!], pools: [...plain.pools!, plain.pools![0]!], servers: [...plain.servers!, plain.servers![1]!], buses: [...plain.buses!, plain.buses![0]!], batches: [...plain.batches!, plain.batches![0]!], cores: [...plain.cores!, "spare"] };
        const [with0, without] = [travel(more), travel(plain)];
        assert.equal(with0.machine.ledger.fingerprint.text, without.machine.ledger.fingerprint.text);
        assert.deepEqual(paths(with0), paths(without));
        assert.deepEqual(paths(beside(plain)), paths(without));
      }),
      RUNS,
    );
  });
});

/** The same messages, and between them those of another source on a path of its own that shares nothing. */
function beside(of: TimedSketch): Trip {
  const program = timedProgram(of);
  const other = sketch({ code: [delay(0)], amounts: [() => 3], arrivals: { kind: "constant", num: 17, den: 1, jitter: 0 } });
  const at = program.op.length;
  const amount = program.amounts.length;
  const joinedColumns = (column: "op" | "part" | "amount" | "amount2" | "a" | "b" | "wait" | "work"): Int32Array => Int32Array.of(...program[column], ...other[column]);
  const { times } = of;
  const both = {
    ...program,
    op: Uint8Array.from(joinedColumns("op")), part: joinedColumns("part"), amount: joinedColumns("amount").map((one, pc) => (pc >= at && one >= 0 ? one + amount : one)),
    amount2: joinedColumns("amount2"), a: joinedColumns("a"), b: joinedColumns("b"), wait: joinedColumns("wait"), work: joinedColumns("work"),
    amounts: [...program.amounts, ...other.amounts],
    paths: [program.paths[0]!, { ...program.paths[0]!, name: "other", entry: at }],
    sources: [program.sources[0]!, { ...other.sources[0]!, name: "other", path: 1 }],
  };
  const ended: number[] = [];
  const sinks = [[{ record: (latency: number) => void ended.push(latency) }], [{ record: () => undefined }]];
  // Enough for all of the first source: the second sends one in 17 ps, and stops with the first's last at the latest.
  const messages = times.length + Math.ceil(times.at(-1)! / 17) + 1;
  const machine = new Machine(both, { seed: 1, messages, warmup: 0, sampleLimit: messages, sinks });
  runToEnd(machine);
  const { samples, slots: [from, to] } = machine.ledger.paths[0]!;
  const journeys = ended.map((latency, row): Journey => {
    const index = machine.sizes.payloadOf(samples.sizeOf(row));
    return { index, arrival: times[index]!, latency, end: times[index]! + latency, segments: Array.from({ length: to - from }, (_, at) => samples.at(row, from + at)) };
  });
  return { machine, journeys: journeys.sort((a, b) => a.index - b.index) };
}
