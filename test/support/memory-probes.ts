import { amountOf, leaveCore, use, type Step } from "../../src/modeling/index.js";
import { probe, type Flow, type Probe, type ProbeBench, type ProbeRun } from "./probe.js";

/** Runs one probe at the given times, between two taps. */
export const go = (times: readonly number[] = [0], name = "go"): Flow => ({ path: [{ tap: `from-${name}` }, `gw.probe.${name}`, { tap: `to-${name}` }], times, from: `from-${name}`, to: `to-${name}` });

export const onCore = (...steps: readonly Step[]): Probe => ({ cpu }) => [use(cpu, "enter", { thread: "app", label: "app" }), ...steps, leaveCore()];

/** A device writes lines, then a core touches them. */
export const touch = (lines: number, more: Readonly<Record<string, unknown>> = {}, remote = false): Probe => (reach) => [
  use(reach.memory, "dma-write", { bytes: amountOf(64 * lines), remote }),
  ...onCore(use(reach.memory, "touch", { lines: amountOf(lines), label: "touch", category: "user", ...more }))(reach),
];

export const run = (probeOf: Probe, memory: ProbeBench["memory"] = {}, times: readonly number[] = [0]): ProbeRun => probe({ memory, probes: { go: probeOf }, flows: [go(times)] });
export const total = (bench: ProbeRun): number => bench.latencies[0]![0]!;
export const every = (gap: number, count: number): number[] => Array.from({ length: count }, (_, index) => index * gap);

const LINKS = { feed: { model: "link/ethernet", params: { length: "0 m" } }, order: { model: "link/ethernet", params: { length: "0 m" } } };

/** The poll-mode path from the last bit in to the first bit out, without load. */
export const trade = (bench: Partial<ProbeBench>): number =>
  probe({ links: LINKS, flows: [{ path: ["feed", ["gw.nic.rx", "user"], "gw.pmd.rx", ["gw.run", "1 us"], "gw.pmd.tx", "gw.nic.tx", "order"], times: [0], from: "gw.in@eof", to: "gw.out@sof" }], ...bench }).floors[0]!;

/** Frames received one by one, until they are visible: the latency of each. */
export const received = (bench: Partial<ProbeBench>, count: number, gap = 5_000_000): readonly number[] =>
  probe({ links: LINKS, flows: [{ path: ["feed", ["gw.nic.rx", "user"], "gw.nic.replenish", { tap: "landed" }], times: every(gap, count), from: "gw.in@eof", to: "landed" }], ...bench }).latencies[0]!;
