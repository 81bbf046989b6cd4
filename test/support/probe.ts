import { Machine, runToEnd } from "../../src/engine/index.js";
import { defineModel, defineTraffic, messageParams, type InstanceRef, type MessageShape, type Model, type Step } from "../../src/modeling/index.js";
import { MODELS, TRAFFIC } from "../../src/models/index.js";
import { compile, type CheckedScenario, type InstanceSpec } from "../../src/scenario/index.js";
import { memorySystem, type MemoryParams } from "./memory-system.js";
import { raw, type Segment, type Written } from "./model-tester.js";

export interface Reach {
  readonly bus: InstanceRef;
  readonly memory: InstanceRef;
  readonly cpu: InstanceRef;
  readonly message: MessageShape;
  readonly instance: (name: string) => InstanceRef;
}

/** Steps that a test writes itself, between two taps; they may use the operations of the bus, the memory and the cores of the host. */
export type Probe = (reach: Reach) => readonly Step[];

export interface ProbeBench {
  readonly bus?: Readonly<Record<string, Written>>;
  /** Model of the bus; PCI Express unless told otherwise. */
  readonly busModel?: string;
  readonly memory?: MemoryParams;
  readonly nic?: Readonly<Record<string, Written>>;
  readonly cpu?: Readonly<Record<string, Written>>;
  readonly os?: Readonly<Record<string, Written>>;
  /** Links and switches by name: model and parameters. */
  readonly links?: Readonly<Record<string, { readonly model: string; readonly params?: Readonly<Record<string, Written>> }>>;
  /** Devices by name, of models that the test brings. */
  readonly models?: Readonly<Record<string, Model>>;
  /** One or more probes by name; a path names one as "gw.probe.<name>". */
  readonly probes?: Readonly<Record<string, Probe>>;
  readonly flows: readonly Flow[];
  readonly seed?: number;
}

/** One source with its path; times are those of the messages, in ps. */
export interface Flow {
  readonly path: readonly (string | readonly [string, Written] | { readonly tap: string })[];
  readonly times: readonly number[];
  readonly payload?: number;
  /** Headers in front of the payload: "udp" unless told otherwise; "raw": none. */
  readonly stack?: string;
  readonly from: string;
  readonly to: string;
  /** Flows that the messages belong to in turn; one unless told otherwise. */
  readonly flows?: number;
}

export interface ProbeRun {
  readonly machine: Machine;
  /** Of each flow, in the order of the ends of its messages. */
  readonly latencies: readonly (readonly number[])[];
  readonly floors: readonly (number | null)[];
  readonly segments: (flow?: number, index?: number) => readonly Segment[];
  readonly account: (name: string) => number;
  readonly dropped: (reason: string) => number;
}

const PLACE = { file: "test", line: 1, column: 1 };

function probeModel(probes: Readonly<Record<string, Probe>>): Model {
  return defineModel({
    name: "test/probe",
    title: "Steps written by a test",
    about: "Uses the operations of its host.",
    needs: { bus: "bus", memory: "memory", cpu: "cpu" },
    params: {},
    parts: () => ({}),
    operations: (operation) =>
      Object.fromEntries(Object.entries(probes).map(([name, probe]) => [
        name,
        operation({ meaning: name, steps: ({ needs, message, instance }) => probe({ get bus() { return needs.bus; }, get memory() { return needs.memory; }, get cpu() { return needs.cpu; }, message, instance }) }),
      ])),
  });
}

const TIMES = defineTraffic({
  name: "test/times",
  title: "Messages at given times",
  about: "One message at each time.",
  closedLoop: false,
  params: messageParams,
  arrivals: ({ series }) => ({ kind: "series", times: series!.times, payloads: series!.payloads, loop: 0 }),
});

const rawParams = (params: Readonly<Record<string, Written>> = {}) => Object.fromEntries(Object.entries(params).map(([key, value]) => [key, raw(value)]));

function instances(bench: ProbeBench): InstanceSpec[] {
  const child = (name: string, model: string, params: Readonly<Record<string, Written>> = {}) =>
    ({ name: `gw.${name}`, model, kind: "component", params: rawParams(params), children: [], use: null, place: PLACE });
  const children = [
    child("cpu", "host/core", { threads: { irq: 2, app: 3 }, ...bench.cpu }),
    child("bus", bench.busModel ?? "bus/pcie", bench.bus),
    ...Object.entries(memorySystem(bench.memory)).map(([name, { model, params }]) => child(name, model, params)),
    child("nic", "nic/generic", { "moderation.mode": "none", ...bench.nic }),
    child("os", "os/linux", bench.os),
    child("dpdk", "os/dpdk"),
    child("probe", "test/probe"),
  ];
  const links = Object.entries(bench.links ?? {}).map(([name, link]) => ({ name, model: link.model, kind: link.model.startsWith("switch/") ? "switch" : "link", params: rawParams(link.params), children: [], use: null, place: PLACE }));
  const devices = Object.entries(bench.models ?? {}).map(([name, model]) => ({ name, model: model.name, kind: "device", params: {}, children: [], use: null, place: PLACE }));
  return [{ name: "gw", model: null, kind: "host", params: {}, children, use: null, place: PLACE }, ...links, ...devices] as unknown as InstanceSpec[];
}

function stepOf(step: Flow["path"][number]): unknown {
  if (typeof step === "string") return { kind: "operation", name: step, argument: null, place: PLACE };
  if ("tap" in step) return { kind: "tap", name: step.tap, place: PLACE };
  return { kind: "operation", name: step[0], argument: raw(step[1]), place: PLACE };
}

function tapRef(text: string): unknown {
  const [tap, at = "point"] = text.split("@");
  return { tap, byte: at.startsWith("byte:") ? { at: "byte", byte: Number(at.slice(5)) } : { at } };
}

function scenarioOf(bench: ProbeBench): CheckedScenario {
  const { flows } = bench;
  return {
    id: "test", variant: "base", point: {}, instances: instances(bench), regions: [],
    traffic: flows.map((flow, at) => ({
      name: `flow${at}`, model: "test/times", path: `path${at}`, place: PLACE,
      params: rawParams({ payload: `${flow.payload ?? 64} B`, stack: flow.stack ?? "udp", flows: flow.flows ?? 1 }),
      series: { times: Float64Array.from(flow.times), payloads: Uint32Array.from(flow.times, () => flow.payload ?? 64) },
    })),
    paths: flows.map((flow, at) => ({ name: `path${at}`, steps: flow.path.map(stepOf), place: PLACE })),
    metrics: flows.map((flow, at) => ({ kind: "span", name: `latency${at}`, from: tapRef(flow.from), to: tapRef(flow.to), place: PLACE })),
    run: { messages: flows.reduce((sum, flow) => sum + flow.times.length, 0), warmup: 0, seed: bench.seed ?? 1 },
  } as unknown as CheckedScenario;
}

/** Compiles and runs a bench: one host with a bus, memory, an adapter and the test's own steps, and links around it. */
export function probe(bench: ProbeBench): ProbeRun {
  const models = [...MODELS, ...Object.values(bench.models ?? {}), probeModel(bench.probes ?? {})];
  const compiled = compile(scenarioOf(bench), { models: new Map(models.map((model) => [model.name, model])), traffic: new Map([...TRAFFIC, TIMES].map((traffic) => [traffic.name, traffic])) });
  const latencies = bench.flows.map((): number[] => []);
  const machine = new Machine(compiled.program, {
    seed: bench.seed ?? 1,
    messages: bench.flows.reduce((sum, flow) => sum + flow.times.length, 0),
    warmup: 0,
    sampleLimit: 100_000,
    sinks: compiled.paths.map((path, at) => path.metrics.map((metric) => ({ record: (latency: number) => void (metric.name === `latency${at}` && latencies[at]!.push(latency)) }))),
  });
  runToEnd(machine);
  return {
    machine,
    latencies,
    floors: compiled.paths.map((path, at) => path.metrics.find((metric) => metric.name === `latency${at}`)?.floor ?? null),
    segments: (flow = 0, index = 0) => {
      const ledger = machine.ledger.paths[flow]!;
      const [from, to] = compiled.paths[flow]!.metrics.find((metric) => metric.name === `latency${flow}`)!.spec.slots;
      return Array.from({ length: to - from }, (_, at): Segment => ({ ...compiled.program.slots[from + at]!, ps: ledger.samples.at(index, from + at) })).filter((segment) => segment.ps !== 0);
    },
    account: (name) => machine.counts[compiled.program.accounts.indexOf(name.includes("/") ? name : `gw/${name}`)] ?? 0,
    dropped: (reason) => machine.drops[compiled.program.reasons.indexOf(reason)] ?? 0,
  };
}

/** Label and time of each segment, for comparison with a hand-made list. */
export const listed = (segments: readonly Segment[]): [string, number][] => segments.map(({ label, ps }) => [label, ps]);
