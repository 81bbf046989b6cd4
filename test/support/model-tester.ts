import type { SourcePlace } from "../../src/errors/index.js";
import { Machine, runToEnd } from "../../src/engine/index.js";
import { MODELS, TRAFFIC } from "../../src/models/index.js";
import { compile, type CheckedScenario, type Compiled, type InstanceSpec, type MetricSpec, type PathStep, type RawValue, type TapRef, type TrafficSpec } from "../../src/scenario/index.js";

/** A value as a scenario would hold it: text, number, boolean, list or map. */
export type Written = string | number | boolean | null | readonly Written[] | { readonly [key: string]: Written };

/** A component or device under test: model name and parameters as text; a host has components instead. */
export interface Bench {
  readonly instances: Readonly<Record<string, { readonly model?: string; readonly kind?: InstanceSpec["kind"]; readonly params?: Readonly<Record<string, Written>>; readonly components?: Readonly<Record<string, { readonly model: string; readonly slot?: string; readonly params?: Readonly<Record<string, Written>> }>> }>>;
  /** Regions: "b.mailbox": { bytes: …, pinned: true … } with plain values. */
  readonly regions?: Readonly<Record<string, Readonly<Record<string, Written>>>>;
  readonly path: readonly BenchStep[];
  readonly traffic?: { readonly model: string; readonly params: Readonly<Record<string, Written>>; readonly series?: TrafficSpec["series"] } | undefined;
  readonly payload?: string;
  /** "gw.in@eof" to "gw.out@sof", or names of taps. */
  readonly from: string;
  readonly to: string;
  readonly messages?: number;
  readonly seed?: number;
  /** A second path with traffic of its own, measured between taps of the same names. */
  readonly also?: Pick<Bench, "path" | "traffic">;
}

/** A step name, [name, argument], { tap: name }, or one branch for so many bytes of the payload, all at once. */
export type BenchStep = string | readonly [string, Written] | { readonly tap: string } | { readonly chunk: number; readonly parallel: readonly BenchStep[] };

export interface Segment {
  readonly step: string;
  readonly label: string;
  readonly kind: string;
  readonly ps: number;
}

export interface Tested {
  readonly compiled: Compiled;
  readonly machine: Machine;
  /** Latency of every message, in the order of their ends. */
  readonly latencies: readonly number[];
  /** The same, path by path. */
  readonly byPath: readonly (readonly number[])[];
  /** Segments other than 0 of message number `index` (in the order of their ends), between the two taps. */
  readonly segments: (index?: number) => readonly Segment[];
  readonly floor: number | null;
  /** Total of an account, e.g. "gw/copies". */
  readonly account: (name: string) => number;
}

const PLACE: SourcePlace = { file: "test", line: 1, column: 1 };

export function raw(value: Written): RawValue {
  const inner = Array.isArray(value) ? value.map((one: Written) => raw(one)) : value !== null && typeof value === "object" ? new Map(Object.entries(value).map(([key, one]) => [key, raw(one as Written)])) : value;
  return { value: inner, place: PLACE, key: null, evidence: null } as RawValue;
}

/** Runs a bench: compiles it with the real catalogue and executes it, one message by default. */
export function testModel(bench: Bench): Tested {
  const compiled = compile(scenarioOf(bench), {
    models: new Map(MODELS.map((model) => [model.name, model])),
    traffic: new Map(TRAFFIC.map((traffic) => [traffic.name, traffic])),
  });
  const latencies: number[] = [];
  const byPath = compiled.paths.map((): number[] => []);
  const machine = new Machine(compiled.program, {
    seed: bench.seed ?? 1,
    messages: bench.messages ?? 1,
    warmup: 0,
    sampleLimit: 100_000,
    sinks: compiled.paths.map((path, at) => path.metrics.map(() => ({ record: (latency: number) => void [latencies, byPath[at]].forEach((all) => all?.push(latency)) }))),
  });
  runToEnd(machine);
  return {
    compiled,
    machine,
    latencies,
    byPath,
    segments: (index = 0) => segmentsOf(compiled, machine, index),
    floor: compiled.paths[measuredPath(compiled)]?.metrics[0]?.floor ?? null,
    account: (name) => machine.counts[compiled.program.accounts.indexOf(name)] ?? 0,
  };
}

/** The path, or the piece of off-path work, in which the metric ends. */
const measuredPath = (compiled: Compiled): number => Math.max(0, compiled.paths.findIndex(({ metrics }) => metrics.length > 0));

function segmentsOf(compiled: Compiled, machine: Machine, index: number): Segment[] {
  const ledger = machine.ledger.paths[measuredPath(compiled)];
  const window = compiled.paths[measuredPath(compiled)]?.metrics[0]?.spec.slots;
  if (ledger === undefined || window === undefined) return [];
  const found: Segment[] = [];
  for (let slot = window[0]; slot < window[1]; slot++) {
    const ps = ledger.samples.at(index, slot);
    const spec = compiled.program.slots[slot];
    if (ps !== 0 && spec !== undefined) found.push({ step: spec.step, label: spec.label, kind: spec.kind, ps });
  }
  return found;
}

const nth = (name: string, at: number): string => (at === 0 ? name : `${name}${at}`);

function scenarioOf(bench: Bench): CheckedScenario {
  const metric: MetricSpec = { kind: "span", name: "latency", from: tapRef(bench.from), to: tapRef(bench.to), place: PLACE };
  const traffic = bench.traffic ?? { model: "traffic/constant", params: { rate: "1 kpps", payload: bench.payload ?? "64 B" } };
  const also = bench.also === undefined ? [] : [bench.also];
  return {
    id: "test",
    variant: "base",
    point: {},
    instances: Object.entries(bench.instances).map(([name, one]) => instance(name, one)),
    // The reader has parsed what a region holds; nothing of it is text any more.
    regions: Object.entries(bench.regions ?? {}).map(([name, params]) => ({ name, params: Object.fromEntries(Object.entries(params).map(([key, value]) => [key, { ...raw(null), value }])), place: PLACE })),
    traffic: [bench, ...also].map((flow, at) => ({ name: nth("source", at), model: (flow.traffic ?? traffic).model, params: rawParams((flow.traffic ?? traffic).params), path: nth("path", at), place: PLACE, series: (flow.traffic ?? traffic).series ?? null })),
    paths: [bench, ...also].map((flow, at) => ({ name: nth("path", at), steps: flow.path.map(stepOf), place: PLACE })),
    metrics: [metric],
    run: { messages: bench.messages ?? 1, warmup: 0, seed: 1 },
  } as unknown as CheckedScenario;
}

function instance(name: string, one: Bench["instances"][string]): InstanceSpec {
  const children = Object.entries(one.components ?? {}).map(([child, spec]) => ({
    name: `${name}.${child}`, model: spec.model, kind: "component" as const, params: rawParams(spec.params ?? {}), children: [], use: null, slot: spec.slot ?? null, place: PLACE,
  }));
  const kind = one.kind ?? (one.components !== undefined ? "host" : one.model?.startsWith("link/") === true ? "link" : "device");
  return { name, model: one.model ?? null, kind, params: rawParams(one.params ?? {}), children, use: null, place: PLACE } as unknown as InstanceSpec;
}

function rawParams(params: Readonly<Record<string, Written>>): Record<string, RawValue> {
  return Object.fromEntries(Object.entries(params).map(([key, value]) => [key, raw(value)]));
}

function stepOf(step: Bench["path"][number]): PathStep {
  if (typeof step === "string") return { kind: "operation", name: step, argument: null, place: PLACE };
  if ("parallel" in step) return { kind: "parallel", chunk: step.chunk, body: step.parallel.map(stepOf), place: PLACE };
  if ("tap" in step) return { kind: "tap", name: step.tap, place: PLACE };
  return { kind: "operation", name: step[0], argument: raw(step[1]), place: PLACE };
}

function tapRef(text: string): TapRef {
  const [tap = "", at] = text.split("@");
  if (at === undefined) return { tap, byte: { at: "point" } };
  if (at.startsWith("byte:")) return { tap, byte: { at: "byte", byte: Number(at.slice(5)) } };
  return { tap, byte: { at: at as "sof" | "sfd" | "eof" | "trigger" } };
}
