// One measurement of a shipped scenario, in a process of its own; started by main.ts.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Machine, runToEnd, start } from "../../dist/engine/index.js";
import { inlineMore } from "../../dist/cli/inlining.js";
import { MODELS, TRAFFIC } from "../../dist/models/index.js";
import { compile, openScenarioFile, readScenario, type Catalogue, type Compiled } from "../../dist/scenario/index.js";
import { LatencyRecorder } from "../../dist/stats/index.js";
import { runOn } from "./measure.js";

inlineMore(Infinity);

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const CATALOGUE: Catalogue = { models: new Map(MODELS.map((model) => [model.name, model])), traffic: new Map(TRAFFIC.map((one) => [one.name, one])) };
const GOALS: Readonly<Record<string, number>> = { "kernel-udp-t2t": 500_000, "dpdk-t2t": 800_000, "rdma-poll-byte": 800_000, "fpga-t2t": 1_500_000 };

const WARM = 600_000;
const STRETCH = 300_000;
const STRETCHES = 5;

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

/** Messages and events a second once warm: the median of five stretches of one long run, behind the start and the compiler's work. */
function rate(id: string): string {
  const machine = machineFor(compiled(id), WARM + 2 * (STRETCHES + 1) * STRETCH);
  start(machine);
  runOn(machine, "completed", WARM);
  const stretches = Array.from({ length: STRETCHES }, () => {
    const [time, completed, events] = [process.hrtime.bigint(), machine.completed, machine.events];
    runOn(machine, "completed", STRETCH);
    const seconds = Number(process.hrtime.bigint() - time) / 1e9;
    return { messages: (machine.completed - completed) / seconds, events: (machine.events - events) / seconds };
  }).sort((a, b) => a.messages - b.messages);
  const [slowest, , middle, , fastest] = stretches.map((one) => Math.round(one.messages).toLocaleString("en"));
  const events = stretches[2]?.events ?? NaN;
  return `${id.padEnd(18)} ${middle?.padStart(10)} messages/s  (${slowest} to ${fastest})  ${Math.round(events).toLocaleString("en").padStart(11)} events/s  ${(machine.events / machine.completed).toFixed(1)} events a message  reach ${(GOALS[id] ?? NaN).toLocaleString("en")}`;
}

/** Peak memory of the whole process, and what the engine holds. */
function memory(id: string, messages: number): string {
  const machine = machineFor(compiled(id), messages);
  runToEnd(machine);
  const { tokens, agenda } = machine;
  const peak = process.resourceUsage().maxRSS / 1024;
  return `${messages.toLocaleString("en").padStart(10)} messages  peak memory ${peak.toFixed(0)} MB  of it tokens and calendar ${((tokens.bytes + agenda.calendar.bytes) / 1024).toFixed(0)} kB for at most ${tokens.peak} tokens`;
}

/** Bytes allocated per event once warm. The young generation is so large here from the start that nothing is collected meanwhile: what the heap grows by is what was allocated. */
function garbage(id: string): string {
  const machine = machineFor(compiled(id), 1_000_000);
  start(machine);
  runOn(machine, "completed", 300_000);
  globalThis.gc?.();
  const from = { heap: process.memoryUsage().heapUsed, events: machine.events, messages: machine.completed };
  runOn(machine, "completed", 600_000);
  const bytes = process.memoryUsage().heapUsed - from.heap;
  const perEvent = bytes / (machine.events - from.events);
  return `${id.padEnd(18)} ${perEvent.toFixed(2)} B/event, ${(bytes / (machine.completed - from.messages)).toFixed(1)} B/message  reach 0.5 B/event`;
}

/** One variant at 1,000 messages a run, the runs of other scenarios included to which its expectations compare it. */
function startUp(id: string): string {
  const cli = `${ROOT}/dist/cli/main.js`;
  const times = Array.from({ length: 7 }, () => {
    const from = process.hrtime.bigint();
    spawnSync(process.execPath, [cli, "run", `${ROOT}/scenarios/${id}.yaml`, "--messages", "1000", "--variant", "base", "--no-charts", "--quiet", "--out", `${ROOT}/node_modules/.cache/bench`]);
    return Number(process.hrtime.bigint() - from) / 1e6;
  }).sort((a, b) => a - b);
  return `${id.padEnd(18)} ${(times[3] ?? NaN).toFixed(0)} ms (${(times[0] ?? NaN).toFixed(0)} to ${(times[6] ?? NaN).toFixed(0)})  reach 400`;
}

const [, , what, id = "", messages = "0"] = process.argv;
const MEASURES: Readonly<Record<string, () => string>> = { rate: () => rate(id), memory: () => memory(id, Number(messages)), garbage: () => garbage(id), start: () => startUp(id) };
console.log(MEASURES[what ?? ""]?.() ?? `nothing is measured by "${what ?? ""}"`);
