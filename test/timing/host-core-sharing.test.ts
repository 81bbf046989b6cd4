// Who runs where on a core that several want, and what takes it away: exact times with two flows, each of its own thread.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { amountOf, leaveCore, use, work, type Category, type Step } from "../../src/modeling/index.js";
import { every, go } from "../support/memory-probes.js";
import { probe, type Probe, type ProbeBench, type ProbeRun } from "../support/probe.js";

const US = 1_000_000;
const MS = 1_000 * US;
const SHARED = { threads: { irq: 3, irq2: 3, app: 3, other: 3 } };

const works = (thread: string, times: readonly number[], category: Category = "user"): Probe => ({ cpu }) =>
  [use(cpu, "enter", { thread, label: thread }), ...times.map((time): Step => work(amountOf(time), category, `${thread} work`)), leaveCore()];
const interrupted = (thread: string): Probe => ({ cpu }) => [use(cpu, "interrupt", { thread }), leaveCore()];

interface Job {
  readonly probe: Probe;
  readonly at: readonly number[];
}
const together = (jobs: readonly Job[], cpu: ProbeBench["cpu"] = SHARED): ProbeRun =>
  probe({ cpu: cpu ?? {}, probes: Object.fromEntries(jobs.map((job, at) => [`p${at}`, job.probe])), flows: jobs.map((job, at) => go(job.at, `p${at}`)) });
const first = (run: ProbeRun): number[] => run.latencies.map((values) => values[0]!);
const kinds = (run: ProbeRun, flow: number): Record<string, number> => {
  const sums: Record<string, number> = {};
  for (const { kind, ps } of run.segments(flow)) sums[kind] = (sums[kind] ?? 0) + ps;
  return sums;
};

describe("threads of one core", () => {
  test("an interrupt takes the core from a thread at once, and the thread's segment shows it", () => {
    const run = together([{ probe: works("app", [10 * US]), at: [0] }, { probe: interrupted("irq"), at: [4 * US] }]);
    assert.deepEqual(first(run), [11_400_000, 1_400_000]);
    assert.deepEqual(kinds(run, 0), { process: 10 * US, preempt: 1_400_000 });
    assert.deepEqual(kinds(run, 1), { irq: 1_400_000 });
  });

  test("an interrupt just before the end of the work still comes first, one at its end does not", () => {
    const at = (time: number): number[] => first(together([{ probe: works("app", [10 * US]), at: [0] }, { probe: interrupted("irq"), at: [time] }]));
    assert.deepEqual(at(10 * US - 1), [11_400_000, 1_400_000]);
    assert.deepEqual(at(10 * US), [10 * US, 1_400_000]);
  });

  test("on cores of their own nobody notices the other", () => {
    const run = together([{ probe: works("app", [10 * US]), at: [0] }, { probe: interrupted("irq"), at: [4 * US] }], { threads: { irq: 2, app: 3 } });
    assert.deepEqual(first(run), [10 * US, 1_400_000]);
  });

  test("a handler goes before the deferred work of another device, which waits in the middle", () => {
    const run = together([{ probe: works("irq", [5 * US], "softirq"), at: [0] }, { probe: works("irq2", [US], "hardirq"), at: [2 * US] }]);
    assert.deepEqual(first(run), [6 * US, US]);
    assert.deepEqual(kinds(run, 0), { process: 5 * US, preempt: US });
  });

  test("deferred work does not wait for a real-time thread, nor that for an ordinary one, which waits for all", () => {
    const jobs = [{ probe: works("app", [10 * US]), at: [0] }, { probe: works("other", [3 * US]), at: [US] }, { probe: works("irq", [US], "softirq"), at: [2 * US] }];
    const run = together(jobs, { ...SHARED, "real-time": ["other"] });
    assert.deepEqual(first(run), [14 * US, 4 * US, US]);
    assert.deepEqual(kinds(run, 1), { process: 3 * US, preempt: US });
    const equal = together(jobs);
    assert.deepEqual(first(equal), [11 * US, 13 * US, US], "without real time it stands in line");
    assert.deepEqual(kinds(equal, 1), { process: 3 * US, sched: 10 * US });
  });

  test("ordinary threads take turns in slices; each change costs a switch", () => {
    const run = together([{ probe: works("app", [2 * MS]), at: [0] }, { probe: works("other", [2 * MS]), at: [0] }], { ...SHARED, slice: "1 ms" });
    // app 1 ms, switch, other 1 ms, switch, app 1 ms and done, other 1 ms and done.
    assert.deepEqual(first(run), [3 * MS + 2_400_000, 4 * MS + 2_400_000]);
  });

  test("a thread alone is not interrupted by its slice; the turn ends when another comes", () => {
    assert.deepEqual(first(together([{ probe: works("app", [5 * MS]), at: [0] }], { ...SHARED, slice: "1 ms" })), [5 * MS]);
    const late = together([{ probe: works("app", [5 * MS]), at: [0] }, { probe: works("other", [US]), at: [3 * MS] }], { ...SHARED, slice: "1 ms" });
    assert.deepEqual(first(late), [5 * MS + US + 1_200_000, US + 1_200_000]);
  });

  test("a thread keeps the core from one piece of work to the next, although another waits", () => {
    const run = together([{ probe: works("app", [US, US, US]), at: [0] }, { probe: works("other", [US]), at: [500_000] }]);
    assert.deepEqual(first(run), [3 * US, 3_500_000]);
  });

  test("each is charged what it ran", () => {
    const { machine } = together([{ probe: works("app", [10 * US]), at: every(100 * US, 10) }, { probe: works("other", [5 * US]), at: every(100 * US, 10) }]);
    const charged = (thread: string): number => {
      const server = machine.program.servers.findIndex(({ name }) => name.endsWith(`.${thread}`));
      return machine.program.categories.reduce((sum, _, at) => sum + machine.cpu[server * machine.program.categories.length + at]!, 0);
    };
    assert.deepEqual([charged("app"), charged("other")], [100 * US, 50 * US]);
  });

  test("sleep with the core, not each alone: a thread that comes to a working core finds it awake", () => {
    const cpu = { ...SHARED, idle: "c6", governor: "deepest" };
    const sleepy: Probe = ({ cpu: core }) => [use(core, "enter", { thread: "other", how: "sleep", label: "other" }), work(amountOf(US), "user", "work"), leaveCore()];
    const busy = together([{ probe: works("app", [5 * MS]), at: [MS] }, { probe: sleepy, at: [2 * MS] }], { ...cpu, "real-time": ["other"] });
    assert.equal(first(busy)[1], US);
    const idle = together([{ probe: works("app", [US]), at: [MS] }, { probe: sleepy, at: [2 * MS] }], { ...cpu, "real-time": ["other"] });
    assert.equal(first(idle)[1], 134 * US);
  });
});

describe("what takes a core away", () => {
  const ALONE = { threads: { app: 3 } };
  const long = (time: number, cpu: Readonly<Record<string, unknown>>): number => first(together([{ probe: works("app", [time]), at: [0] }], { ...ALONE, ...cpu } as ProbeBench["cpu"]))[0]!;

  test("a timer tick: 3 us in every millisecond that the work takes, itself included", () => {
    const taken = long(100 * MS, { "tick.every": "1 ms" });
    const ticks = (taken - 100 * MS) / (3 * US);
    // The ticks that fall into the work go on while it is delayed by them.
    assert.ok(Number.isInteger(ticks) && ticks >= 100 && ticks <= 101, `${ticks}`);
    assert.equal(long(100 * MS, {}), 100 * MS);
  });

  test("firmware: rarely, and for long", () => {
    const run = together([{ probe: works("app", [US]), at: every(10 * US, 20_000) }], { ...ALONE, "smi.every": { dist: "exp", mean: "10 ms" } });
    const hit = run.latencies[0]!.filter((latency) => latency > US);
    assert.ok(hit.length > 20 && hit.length < 400, `${hit.length}`);
    assert.ok(Math.max(...hit) > 90 * US && Math.max(...hit) < 400 * US, `${Math.max(...hit)}`);
  });

  test("a pause of everything stops the cores of its threads and no others", () => {
    const cpu = { threads: { app: 3, other: 4 }, "pause.threads": ["app"], "pause.every": "10 ms", "pause.time": "1 ms" };
    const run = together([{ probe: works("app", [95 * MS]), at: [0] }, { probe: works("other", [95 * MS]), at: [0] }], cpu);
    const pauses = (first(run)[0]! - 95 * MS) / MS;
    assert.ok(Number.isInteger(pauses) && pauses >= 9 && pauses <= 11, `${pauses}`);
    assert.equal(first(run)[1], 95 * MS);
  });

  test("what it takes is shown as preemption", () => {
    const run = together([{ probe: works("app", [100 * MS]), at: [0] }], { ...ALONE, "tick.every": "1 ms" });
    const sums = kinds(run, 0);
    assert.equal(sums["process"], 100 * MS);
    assert.ok(sums["preempt"]! >= 300 * US);
  });

  test("a clock that has to be raised: twice as long until then, once it is up at full speed", () => {
    const ramp = { "ramp.after": "1 ms", "ramp.time": "100 us" };
    const at = (time: number, gap: number): readonly number[] => together([{ probe: works("app", [time]), at: [0, gap] }], { ...ALONE, ...ramp }).latencies[0]!;
    assert.deepEqual([...at(10 * US, 2 * MS)], [10 * US, 20 * US], "slow after a rest");
    assert.deepEqual([...at(10 * US, MS)], [10 * US, 10 * US], "not after a short one");
    assert.deepEqual([...at(200 * US, 2 * MS)], [200 * US, 250 * US], "50 us of the work take the 100 us of the ramp");
  });
});

describe("no look ahead", () => {
  for (const cpu of [SHARED, { ...SHARED, "tick.every": "1 ms", "smi.every": { dist: "exp", mean: "5 ms" } }, { ...SHARED, idle: "c6", "ramp.after": "20 us" }] as const) {
    test(`the last message put off for ever changes nothing before it: ${Object.keys(cpu).join(", ")}`, () => {
      const times = every(37 * US, 300);
      const run = (last: number): readonly (readonly number[])[] => together([{ probe: works("app", [9 * US, 4 * US]), at: [...times, last] }, { probe: interrupted("irq"), at: every(23 * US, 400) }], cpu as ProbeBench["cpu"]).latencies;
      const [near, far] = [run(301 * 37 * US), run(3_600_000 * MS / 10)];
      assert.deepEqual(near[0]!.slice(0, 300), far[0]!.slice(0, 300));
      assert.deepEqual(near[1], far[1]);
    });
  }
});
