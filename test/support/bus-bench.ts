import { amountOf, use, type Amount, type RoleOperation } from "../../src/modeling/index.js";
import { probe, type Flow, type Probe, type ProbeRun } from "./probe.js";
import type { Written } from "./model-tester.js";

/** One or several devices of one host that use its bus. */
export interface BusBench {
  readonly model: string;
  readonly params?: Readonly<Record<string, Written>>;
}

/** One operation of the bus as a probe's steps; sizes and times may be plain numbers. */
export function asks(operation: RoleOperation<"bus">, args: Readonly<Record<string, number | string | boolean>> = {}): Probe {
  const amounts = Object.fromEntries(Object.entries({ label: operation, ...args }).map(([key, value]): [string, Amount | string | boolean] => [key, typeof value === "number" ? amountOf(value) : value]));
  return ({ bus }) => [use(bus, operation, amounts)];
}

export function flowOf(name: string, times: readonly number[]): Flow {
  return { path: [{ tap: `${name}-from` }, `gw.probe.${name}`, { tap: `${name}-to` }], times, from: `${name}-from`, to: `${name}-to` };
}

/** Runs probes by name, each with the times of its messages. */
export function onBus({ model, params }: BusBench, probes: Readonly<Record<string, Probe>>, times: Readonly<Record<string, readonly number[]>>): ProbeRun {
  return probe({ busModel: model, ...(params === undefined ? {} : { bus: params }), probes, flows: Object.keys(probes).map((name) => flowOf(name, times[name] ?? [0])) });
}

/** Latency of one operation alone. */
export const alone = (bench: BusBench, one: Probe): number => onBus(bench, { one }, { one: [0] }).latencies[0]![0]!;
