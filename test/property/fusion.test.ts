import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { shippedPath, shippedScenarios } from "../../scripts/shipped-scenarios.js";
import { Machine, OP, runToEnd, type ArrivalSpec, type Instruction, type Program, type Tokens } from "../../src/engine/index.js";
import { WirelatErrors } from "../../src/errors/index.js";
import { CATALOGUE } from "../../src/models/index.js";
import { distribution } from "../../src/random/index.js";
import { compile, openScenarioFile, readScenario } from "../../src/scenario/index.js";
import { branch, claim, end, free, hold, jump, release, server, spawn } from "../support/instructions.js";
import { poisson, run, sketch } from "../support/program.js";

// Goal: leaving out events must change nothing. Method: the same program runs fused and unfused, with and without the
// shortcut past the calendar; the fingerprint holds every segment of every token, so equal fingerprints are equal runs.
// A traced run has further instructions and no shortcut at all.
const MODES = [{}, { fuse: false }, { detour: true }, { fuse: false, detour: true }, { trace: () => undefined }] as const;

function runs(program: Program, messages: number): Machine[] {
  return MODES.map((mode) => {
    const sinks = program.paths.map((path) => path.metrics.map(() => ({ record: () => undefined })));
    const machine = new Machine(program, { seed: 7, messages, warmup: 0, sampleLimit: 0, sinks, ...mode });
    runToEnd(machine);
    return machine;
  });
}

function assertSame(program: Program, messages: number, what: string): readonly Machine[] {
  const machines = runs(program, messages);
  const [first] = machines;
  for (const machine of machines) {
    assert.equal(machine.ledger.fingerprint.text, first?.ledger.fingerprint.text, what);
    assert.deepEqual([...machine.counts], [...(first?.counts ?? [])], what);
    assert.deepEqual([...machine.stages.busy], [...(first?.stages.busy ?? [])], what);
    assert.equal(machine.completed, first?.completed, what);
  }
  return machines;
}

for (const shipped of shippedScenarios()) {
  test(`${shipped.id} gives the same trajectory fused and unfused, with and without the detour`, () => {
    const { access, file } = openScenarioFile(shippedPath(shipped));
    let compared = 0;
    let spared = 0;
    for (const { scenario } of readScenario(file, { access, catalogue: CATALOGUE }).cases) {
      try {
        const machines = assertSame(compile(scenario, CATALOGUE).program, Math.min(200, scenario.run.messages), `${scenario.variant} ${JSON.stringify(scenario.point)}`);
        compared++;
        spared += (machines[3]?.events ?? 0) - (machines[0]?.events ?? 0);
      } catch (error) {
        // Variants that an expectation rejects do not compile.
        if (!(error instanceof WirelatErrors)) throw error;
      }
    }
    assert.ok(compared > 0, "no case was compared");
    assert.ok(spared >= 0, "fusing added events");
  });
}

const STAGES = 4;

const step: fc.Arbitrary<Instruction> = fc.oneof(
  fc.record({ op: fc.constant(OP.stage), part: fc.nat(STAGES - 1), amount: fc.nat(2), amount2: fc.nat(2), wait: fc.constant(0), work: fc.constant(1) }),
  fc.record({ op: fc.constant(OP.send), part: fc.nat(STAGES - 1), amount: fc.nat(2), amount2: fc.nat(2), wait: fc.constant(0), work: fc.constant(1) }),
  fc.record({ op: fc.constant(OP.drawStage), part: fc.nat(STAGES - 1), amount: fc.nat(1), wait: fc.constant(0), work: fc.constant(1) }),
  fc.record({ op: fc.constant(OP.delay), amount: fc.nat(2), work: fc.constant(1) }),
  fc.record({ op: fc.constant(OP.draw), amount: fc.nat(1), work: fc.constant(1) }),
  fc.record({ op: fc.constant(OP.count), amount: fc.nat(2), a: fc.constant(0) }),
  fc.record({ op: fc.constant(OP.cycles), part: fc.constant(0), a: fc.integer({ min: 1, max: 5 }), work: fc.constant(1) }),
);

test("random chains of stages, transmitters, delays and clocks give the same trajectory in every mode", () => {
  let spared = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 10 }), fc.constantFrom("poisson", "series"), (code, kind) => {
      const program = sketch({
        code,
        arrivals: kind === "poisson" ? poisson(900) : { kind: "series", times: Float64Array.from({ length: 60 }, (_, index) => index * 700), payloads: Uint32Array.from({ length: 60 }, (_, index) => (index * 37) % 90), loop: 0 },
        amounts: [() => 0, () => 600, (payload) => payload * 7],
        draws: [{ component: "one", sampler: distribution.exponential(500) }, { component: "two", sampler: distribution.uniform(0, 900) }],
        stages: Array.from({ length: STAGES }, (_, index) => ({ name: `stage ${index}`, servers: 1 + (index % 2), discipline: "fifo" as const })),
        clocks: [{ name: "clock", num: 1000, den: 3, phase: "random" }],
        accounts: ["bytes"],
      });
      const machines = assertSame(program, 60, JSON.stringify(code));
      spared += (machines[1]?.events ?? 0) - (machines[0]?.events ?? 0);
    }),
    { numRuns: 400 },
  );
  assert.ok(spared > 0, "fusion never spared an event, so nothing was compared");
});

/** Something of some instructions; ways count from its own first. */
type Piece = readonly Instruction[];
const TAKEN = 3;
const few = fc.array(step, { maxLength: 2 });
const both = { wait: 0, work: 1 } as const;
const piece: fc.Arbitrary<Piece> = fc.oneof(
  { weight: 3, arbitrary: fc.array(step, { minLength: 1, maxLength: 3 }) },
  fc.tuple(fc.nat(2), fc.nat(2), fc.nat(1)).map(([part, amount, a]): Piece => [{ op: OP.transfer, part, amount, amount2: TAKEN, a, ...both }]),
  fc.tuple(fc.nat(1), few, fc.boolean()).map(([part, body, kept]): Piece => [{ ...hold(part, 0, part === 1 ? "poll" : "serve") }, ...body, ...(kept ? [] : [free])]),
  fc.tuple(fc.nat(1), few).map(([part, body]): Piece => [claim(part, TAKEN - 2 + part), ...body, release(part, TAKEN - 2 + part)]),
  fc.constant<Piece>([{ op: OP.order, part: 0, amount: 1, ...both }]),
  fc.constant<Piece>([{ op: OP.align, part: 0, wait: 0 }]),
  fc.tuple(few, few).map(([yes, no]): Piece => [branch(0, yes.length + 2), ...yes, jump(yes.length + no.length + 2), ...no]),
  few.map((body): Piece => [spawn(2), jump(body.length + 3), ...body, end]),
);

/** One piece behind the other; each first gives back the server of the one before it, unless it keeps it. */
function inARow(pieces: readonly Piece[]): Instruction[] {
  const code: Instruction[] = [];
  for (const one of pieces) {
    const [first] = one;
    code.push(first?.op === OP.hold || first?.op === OP.holdPolling ? { ...free, part: first.part! } : free);
    const from = code.length;
    const leads = (op: number): boolean => op === OP.branch || op === OP.jump || op === OP.spawn;
    code.push(...one.map((line) => (leads(line.op) ? { ...line, a: line.a! + from } : line)));
  }
  return [...code, free];
}

const ARRIVALS: Record<string, ArrivalSpec> = {
  poisson: poisson(900),
  // Many at one time.
  burst: { kind: "burst", count: 4, gap: () => 0, period: 3000 },
  "one client": { kind: "closed", population: 1, think: distribution.uniform(0, 900) },
  clients: { kind: "closed", population: 3, think: distribution.uniform(0, 900) },
  series: { kind: "series", times: Float64Array.from({ length: 60 }, (_, index) => index * 700), payloads: Uint32Array.from({ length: 60 }, (_, index) => (index * 37) % 90), loop: 0 },
};

test("random rows of servers, buses, pools, choices and off-path work give the same trajectory in every mode", () => {
  let spared = 0;
  fc.assert(
    fc.property(fc.array(piece, { minLength: 2, maxLength: 6 }), fc.constantFrom(...Object.keys(ARRIVALS)), (pieces, kind) => {
      const code = inARow(pieces);
      const program = sketch({
        code, arrivals: ARRIVALS[kind]!, amounts: [() => 0, () => 600, (payload) => payload * 7, () => 2], draws: [{ component: "one", sampler: distribution.exponential(500) }, { component: "two", sampler: distribution.uniform(0, 900) }],
        stages: Array.from({ length: STAGES }, (_, index) => ({ name: `stage ${index}`, servers: 1 + Math.floor(index / 3), discipline: "fifo" as const })),
        clocks: [{ name: "clock", num: 1000, den: 3, phase: "random" }], accounts: ["bytes"], orders: ["visible"], choices: [{ kind: "chance", component: "coin", yes: 0.5 }], cores: ["one", "two"],
        servers: [server(), server({ period: 64 })], buses: (["fifo", "round-robin", "priority"] as const).map((arbiter) => ({ name: arbiter, arbiter })),
        pools: [{ name: "pages", capacity: 700, whenFull: "block", refill: null }, { name: "credits", capacity: 1300, whenFull: "block", refill: null }],
      });
      const machines = assertSame(program, 60, `${kind} ${JSON.stringify(code)}`);
      spared += (machines[1]?.events ?? 0) - (machines[0]?.events ?? 0);
    }),
    { numRuns: 600 },
  );
  assert.ok(spared > 0, "fusion never spared an event, so nothing was compared");
});

test("off-path work that a chunk starts keeps what its own size asks for", () => {
  // The whole payload makes the delay nothing, a chunk does not: leaving the delay out would change the child's trajectory.
  const program = sketch({
    code: [
      { op: OP.fork, part: 0 },
      { op: OP.jump, a: 4 },
      { op: OP.spawn, a: 7 },
      { op: OP.joined },
      { op: OP.mark, a: 1 },
      { op: OP.end },
      { op: OP.end },
      { op: OP.delay, amount: 2, work: 1 },
    ],
    arrivals: { kind: "constant", num: 1000, den: 1, jitter: 0 },
    amounts: [(payload) => Math.ceil(payload / 16), () => 16, (payload) => (payload === 64 ? 0 : 5)],
    forks: [{ kind: "fan-out", branches: [3], count: 0, chunk: 1, slots: null }],
    payload: 64,
  });
  const [fused] = assertSame(program, 20, "fan-out");
  assert.equal(fused?.completed, 20);
});

const alone: fc.Arbitrary<Instruction> = fc.oneof(
  step,
  fc.record({ op: fc.constantFrom(OP.stream, OP.need), amount: fc.nat(2), work: fc.constant(1) }),
  fc.record({ op: fc.constant(OP.needBlock), part: fc.constant(0), amount: fc.nat(2), work: fc.constant(1) }),
  fc.record({ op: fc.constant(OP.align), part: fc.constant(0), wait: fc.constant(0) }),
);

/** All that is measured of a run: latencies, sums, kept rows and, where somebody looks, each message's row. */
function measured(program: Program, options: { readonly fuse: boolean; readonly warmup: number; readonly looks: boolean }): unknown {
  const seen: number[][] = [];
  const observer = (tokens: Tokens, token: number, number: number): void => {
    seen.push([number, ...tokens.rowOf(token), ...tokens.marksOf(token)]);
  };
  const { machine, latencies } = run(program, { seed: 3, messages: 300, sampleLimit: 16, fuse: options.fuse, warmup: options.warmup, ...(options.looks ? { observer } : {}) });
  const [path] = machine.ledger.paths;
  const samples = Array.from({ length: path?.samples.count ?? 0 }, (_, at) => [path?.samples.numberOf(at), ...program.slots.map((__, slot) => path?.samples.at(at, slot))]);
  return { latencies, seen, samples, sums: path?.sums(), count: path?.measured, endTime: machine.endTime };
}

test("messages that are carried along in blocks are measured as single ones are", () => {
  fc.assert(
    fc.property(fc.array(alone, { minLength: 1, maxLength: 8 }), fc.boolean(), fc.constantFrom(0, 128, 200), fc.boolean(), (written, alike, warmup, looks) => {
      // Each stage but once, so that most paths need no event.
      const code = written.map((one, index) => (one.op === OP.stage || one.op === OP.send || one.op === OP.drawStage ? { ...one, part: index } : one));
      const times = Float64Array.from({ length: 300 }, (_, index) => 1e15 + index * 700);
      const program = sketch({
        code, arrivals: alike ? poisson(900) : { kind: "series", times, payloads: Uint32Array.from(times, (_, index) => (index * 37) % 90), loop: 0 },
        amounts: [() => 0, () => 600, (payload) => payload * 7],
        draws: [{ component: "one", sampler: distribution.exponential(500) }, { component: "two", sampler: distribution.uniform(0, 900) }],
        stages: code.map((_, index) => ({ name: `stage ${index}`, servers: 1, discipline: "fifo" as const })),
        clocks: [{ name: "clock", num: 1000, den: 3, phase: "random" }],
        accounts: ["bytes"],
      });
      assert.deepEqual(measured(program, { fuse: true, warmup, looks }), measured(program, { fuse: false, warmup, looks }));
    }),
    { numRuns: 300 },
  );
});

test("so are messages that run ahead of their data", () => {
  const lead = { op: OP.lead, amount: 1, wait: 0, work: 2 };
  const program = sketch({
    code: [{ op: OP.delay, amount: 0, work: 1 }, { ...lead, a: 0 }, { op: OP.draw, amount: 0, work: 1 }, { ...lead, a: -1 }],
    slots: ["queue", "process", "overlap"], arrivals: poisson(900), amounts: [() => 600, () => 700], draws: [{ component: "one", sampler: distribution.exponential(500) }],
  });
  assert.deepEqual(measured(program, { fuse: true, warmup: 10, looks: false }), measured(program, { fuse: false, warmup: 10, looks: false }));
});
