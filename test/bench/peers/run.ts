// Builds the peers that can be built here, runs them and wirelat in turns, and prints how they compare; never a test.
// `node --import tsx test/bench/peers/run.ts [WORKLOAD…]`, once wirelat is built; see README.md.
import { spawnSync } from "node:child_process";
import { interleaved, machineName, type Timing } from "../measure.js";
import { WORKLOADS, type Workload } from "./goals.js";
import { installedPeers, WIRELAT, type Peer } from "./installed.js";

const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 7);
/** About how long a run is, in nanoseconds of processor time. */
const LENGTH = 4e8;
const TRIAL_EVENTS = 400_000;
const TRIALS = 2;
/** How far a mean may lie from theory. */
const MOST_OFF = 0.05;
/** Among these is the best peer, which a star marks: what others simulate with, built for speed. */
const SIMULATORS = new Set(["ns-3", "SystemC"]);

/** Units of a run that would take so long: whole rounds of every token. */
function unitsIn(workload: Workload, length: number, each: number): number {
  const step = Math.max(workload.tokens, 1);
  return Math.max(8, Math.ceil(length / each / step)) * step;
}

/** One run in a process of its own: nanoseconds of processor time a unit. */
function run(peer: Peer, id: string, units: number, way: string): number {
  const child = spawnSync(peer.command[0]!, [...peer.command.slice(1), id, String(units), way], { encoding: "utf8" });
  const [each, , mean] = (child.stdout ?? "").trim().split("\n").at(-1)!.split(" ").map(Number);
  if (child.status !== 0 || each === undefined || mean === undefined) throw new Error(`${peer.name} (${way}) does not run ${id}: ${child.stderr}`);
  const expected = WORKLOADS[id]!.mean;
  if (!(Math.abs(mean - expected) <= MOST_OFF * expected)) throw new Error(`${peer.name} (${way}) does not simulate ${id}: the mean is ${mean}, expected ${expected}`);
  return each;
}

interface Chosen {
  readonly peer: Peer;
  readonly way: string;
  readonly task: () => number;
}

/** The peer's best way, and a task of the wanted length; none where it has no way. */
function choose(peer: Peer, id: string): Chosen[] {
  const workload = WORKLOADS[id]!;
  const units = unitsIn(workload, TRIAL_EVENTS, Math.max(1, 2 * workload.stages));
  const tried = peer.ways(workload).map((way) => ({ way, each: Math.min(...Array.from({ length: TRIALS }, () => run(peer, id, units, way))) }));
  return tried
    .sort((a, b) => a.each - b.each)
    .slice(0, 1)
    .map(({ way, each }) => ({ peer, way, task: () => run(peer, id, unitsIn(workload, LENGTH, each), way) }));
}

interface Measured {
  readonly peer: Peer;
  readonly way: string;
  readonly time: Timing;
}

const ns = (value: number): string => value.toFixed(1).padStart(8);
const times = ({ peer, way, time }: Measured, star = " "): string => `${star} ${`${peer.name} (${way})`.padEnd(46)}${ns(time.median)} ${ns(time.low)} ${ns(time.high)}`;

function ratio(workload: Workload, own: Measured, other: Measured): string {
  const must = workload.must[own.peer.column];
  const beside = workload.beside[other.peer.column];
  const goal = must === undefined || beside === undefined ? "" : ` (goal ${(must / beside).toFixed(2)})`;
  return `${(own.time.median / other.time.median).toFixed(2)}${goal}`.padEnd(24);
}

function measure(id: string, peers: readonly Peer[]): void {
  const workload = WORKLOADS[id]!;
  const chosen = [...peers, ...WIRELAT].flatMap((peer) => choose(peer, id));
  const timings = interleaved(Object.fromEntries(chosen.map(({ peer, task }) => [peer.name, task])), ROUNDS);
  const measured = chosen.map(({ peer, way }) => ({ peer, way, time: timings[peer.name]! }));
  const own = measured.filter(({ peer }) => WIRELAT.includes(peer));
  const others = measured.filter(({ peer }) => !WIRELAT.includes(peer));
  console.log(`\n${`${workload.title}, per ${workload.unit}`.padEnd(48)}  median     best    worst   ${own.map(({ peer }) => peer.name.padEnd(24)).join("")}`.trimEnd());
  const best = others.filter(({ peer }) => SIMULATORS.has(peer.column)).sort((a, b) => a.time.median - b.time.median)[0];
  for (const other of others) console.log(`${times(other, other === best ? "*" : " ")}   ${own.map((each) => ratio(workload, each, other)).join("")}`.trimEnd());
  for (const each of own) console.log(times(each));
}

const ids = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(WORKLOADS);
const unknown = ids.find((id) => WORKLOADS[id] === undefined);
if (unknown !== undefined) throw new Error(`no such workload: ${unknown}; there are ${Object.keys(WORKLOADS).join(", ")}`);
const here = installedPeers();
console.log(`${machineName()}; nanoseconds of processor time, ${ROUNDS} interleaved rounds; on the right wirelat's median over the peer's, and what the goal was beside that peer`);
for (const id of ids) measure(id, here);
