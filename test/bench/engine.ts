// One workload of the engine, in a process of its own as every user's run is; started by main.ts. Prints nanoseconds per unit, once warm.
import { inlineMore } from "../../dist/cli/inlining.js";
import { start, type Program } from "../../dist/engine/index.js";
import { ENDLESS, machineFor, runOn, type Mode } from "./measure.js";
import { mm1, phold, pipelineConstant, pipelineExponential, plainLoop } from "./workloads.js";

inlineMore(Infinity);

/** Milliseconds of running first: the compiler works beside it, and takes back what it assumed when something rare first happens. */
const WARM = 3_000;
const BARE: Mode = { bare: true, fuse: false };
const FUSED: Mode = { bare: true, fuse: true };
const WHOLE: Mode = { bare: false, fuse: true };

const UNITS = 1_000_000;

/** One long run: nanoseconds per unit of the part behind the start and the compiler's work. */
function steady(program: Program, messages: number, mode: Mode, unit: "events" | "completed"): number {
  const { machine } = machineFor(program, messages, mode);
  start(machine);
  for (const from = performance.now(); performance.now() - from < WARM; ) runOn(machine, "events", 1);
  const from = machine[unit];
  const begin = process.hrtime.bigint();
  runOn(machine, unit, UNITS);
  return Number(process.hrtime.bigint() - begin) / (machine[unit] - from);
}

const hold = (tokens: number, mode: Mode) => (): number => steady(phold(tokens, ENDLESS), tokens, mode, "events");
const flow = (program: () => Program, mode: Mode) => (): number => steady(program(), ENDLESS, mode, "completed");

const plain = (drawn: boolean) => (): number => {
  for (const from = performance.now(); performance.now() - from < WARM; ) plainLoop(UNITS, drawn);
  const begin = process.hrtime.bigint();
  if (!(plainLoop(UNITS, drawn) > 0)) throw new Error("the plain loop simulated nothing");
  return Number(process.hrtime.bigint() - begin) / UNITS;
};

const tasks: Readonly<Record<string, () => number>> = {
  "a plain loop over 12 constant stages": plain(false),
  "a plain loop over 12 exponential stages": plain(true),
  "PHOLD, 1,024 tokens, bare": hold(1024, BARE),
  "PHOLD, 1,024 tokens, whole": hold(1024, WHOLE),
  "PHOLD, 65,536 tokens, bare": hold(65_536, BARE),
  "PHOLD, 65,536 tokens, whole": hold(65_536, WHOLE),
  "M/M/1, event by event, bare": flow(mm1, BARE),
  "M/M/1, fused, bare": flow(mm1, FUSED),
  "M/M/1, whole": flow(mm1, WHOLE),
  "12 exponential stages, event by event, bare": flow(pipelineExponential, BARE),
  "12 exponential stages, fused, bare": flow(pipelineExponential, FUSED),
  "12 exponential stages, fused, whole": flow(pipelineExponential, WHOLE),
  "12 constant stages, event by event, bare": flow(pipelineConstant, BARE),
  "12 constant stages, fused, bare": flow(pipelineConstant, FUSED),
  "12 constant stages, fused, whole": flow(pipelineConstant, WHOLE),
};

const [, , name = ""] = process.argv;
const task = tasks[name];
if (task === undefined) throw new Error(`no workload is called "${name}"`);
console.log(task());
