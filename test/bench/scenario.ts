// One measurement of a shipped scenario, in a process of its own; started by main.ts.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { advance, Machine, start } from "../../dist/engine/index.js";
import { MODELS, TRAFFIC } from "../../dist/models/index.js";
import { compile, openScenarioFile, readScenario, type Catalogue, type Compiled } from "../../dist/scenario/index.js";
import { LatencyRecorder } from "../../dist/stats/index.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const CATALOGUE: Catalogue = { models: new Map(MODELS.map((model) => [model.name, model])), traffic: new Map(TRAFFIC.map((one) => [one.name, one])) };
const GOALS: Readonly<Record<string, number>> = { "kernel-udp-t2t": 500_000, "dpdk-t2t": 800_000, "rdma-poll-byte": 800_000, "fpga-t2t": 1_500_000 };

function compiled(id: string): Compiled {
  const { access, file } = openScenarioFile(`${ROOT}/scenarios/${id}.yaml`);
  const [first] = readScenario(file, { access, catalogue: CATALOGUE }).cases;
  if (first === undefined) throw new Error(`${id} has no case`);
  return compile(first.scenario, CATALOGUE);
}

function machineFor(program: Compiled, messages: number): Machine {
  const sinks = program.paths.map((path) => path.metrics.map(() => new LatencyRecorder()));
  return new Machine(program.program, { seed: 1, messages, warmup: 1000, sampleLimit: 16_384, sinks });
}

function run(machine: Machine): number {
  const from = process.hrtime.bigint();
  start(machine);
  while (!advance(machine, 1_000_000));
  return Number(process.hrtime.bigint() - from);
}

function rate(id: string): string {
  const program = compiled(id);
  const messages = 300_000;
  run(machineFor(program, messages));
  const rounds = Array.from({ length: 5 }, () => {
    const machine = machineFor(program, messages);
    return { time: run(machine), events: machine.events };
  }).sort((a, b) => a.time - b.time);
  const { time, events } = rounds[2] ?? { time: NaN, events: NaN };
  const perSecond = (count: number): string => Math.round((count * 1e9) / time).toLocaleString("en");
  return `${id.padEnd(18)} ${perSecond(messages).padStart(10)} messages/s  ${perSecond(events).padStart(11)} events/s  ${(events / messages).toFixed(1)} events a message  reach ${(GOALS[id] ?? NaN).toLocaleString("en")}`;
}

function memory(id: string, messages: number): string {
  const program = compiled(id);
  run(machineFor(program, 50_000));
  globalThis.gc?.();
  const machine = machineFor(program, messages);
  const allocatedBefore = allocated();
  run(machine);
  const garbage = (allocated() - allocatedBefore) / machine.events;
  const { tokens, agenda } = machine;
  const peak = process.resourceUsage().maxRSS / 1024;
  return `${messages.toLocaleString("en").padStart(10)} messages  peak memory ${peak.toFixed(0)} MB  garbage ${garbage.toFixed(2)} B/event  tokens ${tokens.peak}, ${((tokens.bytes + agenda.calendar.bytes) / 1024).toFixed(0)} kB`;
}

/** Bytes allocated so far, from the collector's own count; 0 where it is not given. */
function allocated(): number {
  const heap = process.memoryUsage().heapUsed;
  return heap + collected;
}

let collected = 0;
if (process.argv[2] === "memory") {
  const { PerformanceObserver } = await import("node:perf_hooks");
  void PerformanceObserver;
}

function startUp(): string {
  const cli = `${ROOT}/dist/cli/main.js`;
  const times = Array.from({ length: 7 }, () => {
    const from = process.hrtime.bigint();
    spawnSync(process.execPath, [cli, "run", `${ROOT}/scenarios/dpdk-t2t.yaml`, "--messages", "1000", "--variant", "base", "--no-charts", "--quiet", "--out", `${ROOT}/node_modules/.cache/bench`]);
    return Number(process.hrtime.bigint() - from) / 1e6;
  }).sort((a, b) => a - b);
  return `wirelat run, 1,000 messages, no charts: ${(times[3] ?? NaN).toFixed(0)} ms (${(times[0] ?? NaN).toFixed(0)} to ${(times[6] ?? NaN).toFixed(0)})  reach 400`;
}

const [, , what, id = "", messages = "0"] = process.argv;
console.log(what === "rate" ? rate(id) : what === "memory" ? memory(id, Number(messages)) : startUp());
collected = 0;
