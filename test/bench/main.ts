// Measures the engine and the shipped scenarios, and prints; never a test: nothing here fails for being slow.
import { spawnSync } from "node:child_process";
import { interleaved, machineName, type Timing } from "./measure.js";
import { plain } from "./plain.js";

const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 5);
/** Of each workload of engine.ts nanoseconds per unit: what it must stay under, and what it should reach. */
const GOALS: Readonly<Record<string, readonly [number | null, number | null]>> = {
  "a plain loop over 12 constant stages": [null, null],
  "a plain loop over 12 exponential stages": [null, null],
  "PHOLD, 1,024 tokens, bare": [55, 40],
  "PHOLD, 1,024 tokens, whole": [null, 60],
  "PHOLD, 65,536 tokens, bare": [110, 75],
  "PHOLD, 65,536 tokens, whole": [null, 120],
  "M/M/1, event by event, bare": [null, 35],
  "M/M/1, fused, bare": [55, 35],
  "M/M/1, whole": [null, 70],
  "12 exponential stages, event by event, bare": [530, 400],
  "12 exponential stages, fused, bare": [160, 130],
  "12 exponential stages, fused, whole": [null, 250],
  "12 constant stages, event by event, bare": [350, 250],
  "12 constant stages, fused, bare": [40, 28],
  "12 constant stages, fused, whole": [null, 120],
};

function line(name: string, timing: Timing): string {
  const [must, reach] = GOALS[name] ?? [null, null];
  const goal = reach === null ? "no engine: what there is to reach" : `${must === null ? "" : `must ${must}, `}reach ${reach}`;
  return `${name.padEnd(46)} ${timing.median.toFixed(1).padStart(8)} ns  ${`(${timing.low.toFixed(1)} to ${timing.high.toFixed(1)})`.padEnd(20)} ${(1000 / timing.median).toFixed(2).padStart(7)} M/s  ${goal}`;
}

/** What a process of its own says: neither its compiler nor its memory knows of another measurement. */
function alone(script: readonly string[], args: readonly string[], flags: readonly string[] = []): string {
  const child = spawnSync(process.execPath, [...flags, ...script, ...args], { encoding: "utf8" });
  return (child.stdout + (child.status === 0 ? "" : child.stderr)).trimEnd();
}

const ENGINE = await plain(new URL("engine.ts", import.meta.url));
const SCENARIO = await plain(new URL("scenario.ts", import.meta.url));
const scenario = (args: readonly string[], flags: readonly string[] = []): string => alone(SCENARIO, args, flags);
const SCENARIOS = ["kernel-udp-t2t", "dpdk-t2t", "rdma-poll-byte", "fpga-t2t"];
const tasks = Object.fromEntries(Object.keys(GOALS).map((name) => [name, () => Number(alone(ENGINE, [name]))]));

console.log(`${machineName()}; medians of ${ROUNDS} interleaved rounds\n\nEngine, per event (PHOLD) or per message`);
for (const [name, timing] of Object.entries(interleaved(tasks, ROUNDS))) console.log(line(name, timing));
console.log("\nScenarios, whole, base variant");
for (const id of SCENARIOS) console.log(scenario(["rate", id]));
console.log("\nMemory (dpdk-t2t)");
for (const messages of ["100000", "1000000", "10000000"]) console.log(scenario(["memory", "dpdk-t2t", messages]));
console.log("\nGarbage, once warm");
for (const id of SCENARIOS) console.log(scenario(["garbage", id], ["--expose-gc", "--max-semi-space-size=512", "--min-semi-space-size=512"]));
console.log("\nStart-up: wirelat run of one variant, 1,000 messages a run, no charts (kernel and dpdk make three; dpdk and fpga one more of kernel-udp-t2t, to which they compare themselves)");
for (const id of SCENARIOS) console.log(scenario(["start", id]));
