import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { plain } from "../plain.js";
import type { Workload } from "./goals.js";

const FOLDER = join(tmpdir(), "wirelat-peers");

export interface Peer {
  readonly name: string;
  /** Its name among those that the goals were set beside. */
  readonly column: string;
  readonly command: readonly string[];
  /** The ways in which it can run a workload: the best in a trial is measured. */
  readonly ways: (workload: Workload) => readonly string[];
}

const source = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const script = async (file: string): Promise<string[]> => [process.execPath, ...(await plain(new URL(file, import.meta.url)))];
const OBJECTS = await script("objects.ts");
const ENGINE = await script("wirelat.ts");

/** The command of a compiled peer; none, with a line that says why, where it does not compile. */
function build(name: string, file: string, flags: readonly string[]): string[] {
  mkdirSync(FOLDER, { recursive: true });
  const program = join(FOLDER, name.replace(/\W+/g, "-"));
  const child = spawnSync(file.endsWith(".c") ? "gcc" : "g++", ["-O3", "-w", "-o", program, source(file), ...flags], { encoding: "utf8" });
  if (child.status === 0) return [program];
  console.log(`left out: ${name} does not build here (${(child.stderr ?? String(child.error)).split("\n").find((line) => line.includes("error")) ?? "no compiler"})`);
  return [];
}

/** The core of an ns-3 that was built with the profile "optimized": its tree's `build` folder is in NS3_BUILD. */
function optimisedNs3(name: string): string[] {
  const tree = process.env["NS3_BUILD"];
  if (tree === undefined) {
    console.log(`left out: ${name}, for NS3_BUILD names no build of it`);
    return [];
  }
  const core = readdirSync(join(tree, "lib")).find((file) => /^libns3.*-core-optimized\.so$/.test(file));
  if (core === undefined) throw new Error(`NS3_BUILD: no optimised core of ns-3 in ${join(tree, "lib")}`);
  return build(name, "ns3.cc", [`-I${join(tree, "include")}`, join(tree, "lib", core), `-Wl,-rpath,${join(tree, "lib")}`]);
}

const eventWays = (workload: Workload): string[] => (workload.stages > 1 ? ["events", "hops"] : ["events"]);
const queueWays = (way: string) => (workload: Workload): string[] => (workload.stages > 0 ? [way] : []);

function schedulerWays(workload: Workload): string[] {
  const schedulers = ["Heap", "PriorityQueue", "Calendar", "Map", ...(workload.stages > 0 ? ["List"] : [])];
  return schedulers.flatMap((scheduler) => eventWays(workload).map((way) => `${scheduler}-${way}`));
}

/** The peers that are here, compiled. */
export function installedPeers(): Peer[] {
  const c = build("C", "plain.c", ["-lm"]);
  return [
    { name: "C, no events", column: "C, no events", command: c, ways: queueWays("lindley") },
    { name: "C, events", column: "C, events", command: c, ways: eventWays },
    { name: "ns-3, optimised", column: "ns-3", command: optimisedNs3("ns-3, optimised"), ways: schedulerWays },
    { name: "ns-3, as packaged", column: "ns-3, as packaged", command: build("ns-3, as packaged", "ns3.cc", ["-lns3-core"]), ways: schedulerWays },
    { name: "SystemC", column: "SystemC", command: build("SystemC", "systemc.cc", ["-lsystemc"]), ways: eventWays },
    { name: "JavaScript, objects", column: "JavaScript, objects", command: OBJECTS, ways: eventWays },
  ].filter((peer) => peer.command.length > 0);
}

/** Every way of wirelat is measured. */
export const WIRELAT: readonly Peer[] = [
  { name: "wirelat, event by event", column: "events", command: ENGINE, ways: () => ["events"] },
  { name: "wirelat, fused", column: "fused", command: ENGINE, ways: queueWays("fused") },
];
