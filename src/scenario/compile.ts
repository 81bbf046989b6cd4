import { OP, type ArrivalSpec, type MetricSpec as EngineMetric, type PathSpec, type Program, type SourceSpec } from "../engine/index.js";
import { InternalFault, WirelatError, WirelatErrors } from "../errors/index.js";
import type { Amount, Model, Traffic } from "../modeling/index.js";
import { Assembler, type Note } from "./assembler.js";
import { emitStep } from "./emit.js";
import { zeroLoadFloor } from "./floor.js";
import { Instances, type Instance } from "./instances.js";
import { resolveMetrics, type CompiledMetric, type MetricsOf } from "./metrics.js";
import { parseParam } from "./parse-param.js";
import { PathCompiler, type Workshop } from "./path-compiler.js";
import { PathState, type Aside } from "./path-state.js";
import { Registry, timesOf } from "./registry.js";
import { withoutRoomyStores } from "./roomy-stores.js";
import type { CheckedScenario, TrafficSpec } from "./types.js";

export interface Catalogue {
  readonly models: ReadonlyMap<string, Model>;
  readonly traffic: ReadonlyMap<string, Traffic>;
  /** Where models may be anybody's. */
  readonly guard?: Guard;
}

/** Does something in which functions of models are called, those inside amounts and samplers too, and ends it where it goes on for ever. */
export type Guard = <T>(what: string, action: () => T) => T;

const trusted: Guard = (_, action) => action();

export interface CompiledPath {
  /** Off-path work of the path before, in which its metrics end. */
  readonly aside: boolean;
  readonly source: string;
  readonly path: string;
  readonly closedLoop: boolean;
  readonly payload: number;
  readonly metrics: readonly CompiledMetric[];
  /** What the path passes, in its order; one point may have two names, and a tap of off-path work is not among them. */
  readonly taps: readonly CompiledTap[];
}

/** A point of the path that has a name. */
export interface CompiledTap {
  readonly name: string;
  readonly mark: number;
  /** Whether bytes pass there; false for a point in software. */
  readonly wire: boolean;
  /** Model of the adapter that sent what passes or, where it comes from outside, takes it; null on a path without adapters. */
  readonly adapter: string | null;
}

/** A scenario ready to run, and what people may want to know of it. */
export interface Compiled {
  readonly program: Program;
  readonly notes: readonly Note[];
  readonly paths: readonly CompiledPath[];
  /** Parameters that were written in the scenario and that some instruction rests on. */
  readonly usedParams: ReadonlySet<string>;
  readonly givenParams: ReadonlyMap<string, { readonly file: string; readonly line: number; readonly column: number }>;
  /** Server -> the names of the threads it serves, e.g. "gw.cpu.core3" -> "gw.app". */
  readonly serverNames: ReadonlyMap<string, string>;
  /** Stages that are transmitters of pipes. */
  readonly transmitters: ReadonlySet<string>;
  readonly instances: Instances;
  /** Around whatever runs the program or works out its amounts, in pieces of well under a second. */
  readonly guard: Guard;
}

/** Each flow takes an entry of every choice by flow. */
const MOST_FLOWS = 1_000_000;

/** Bytes of the headers before the payload, without preamble. */
const HEADERS: Readonly<Record<string, number>> = { raw: 0, ethernet: 14, ip: 34, udp: 42, tcp: 54 };

/**
 * Compiles a checked scenario to a program. Errors: everything that the expansion of its paths brings to light
 * (unknown operations, missing parameters, data in the wrong place), one per path, with its place.
 */
export function compile(scenario: CheckedScenario, catalogue: Catalogue): Compiled {
  const guard = catalogue.guard ?? trusted;
  return { ...guard(`compiling ${scenario.id}`, () => compiled(scenario, catalogue)), guard };
}

function compiled(scenario: CheckedScenario, catalogue: Catalogue): Omit<Compiled, "guard"> {
  const instances = new Instances(scenario, catalogue.models);
  const registry = new Registry(instances);
  const assembler = new Assembler();
  const drafts = collect(scenario.traffic.map((traffic) => () => compileSource(traffic, scenario, { instances, registry, assembler, catalogue, emitStep })));
  const program = withoutRoomyStores(assemble(assembler, registry, drafts), registry.fillings);
  const measured = new Set(drafts.flatMap((draft) => [...draft.metrics.values()].flat().map((metric) => metric.name)));
  const missing = scenario.metrics.filter((metric) => metric.kind === "span" && !measured.has(metric.name));
  const [first] = missing;
  if (first !== undefined) throw new WirelatError("tap-unknown", `metric ${first.name}: no path passes both of its taps; taps passed: ${[...new Set(drafts.flatMap((draft) => draft.taps.map((tap) => tap.name)))].join(", ")}`, { place: first.place });
  return {
    program,
    notes: assembler.notes,
    paths: drafts.flatMap((draft) => withFloors(draft, program)),
    ...params(instances),
    serverNames: registry.serverNames,
    transmitters: registry.transmitters,
    instances,
  };
}

interface Shop extends Workshop {
  readonly catalogue: Catalogue;
}

interface Draft {
  readonly spec: PathSpec;
  readonly source: SourceSpec;
  readonly traffic: TrafficSpec;
  readonly closedLoop: boolean;
  readonly metrics: MetricsOf;
  readonly marks: number;
  readonly taps: readonly CompiledTap[];
}

function compileSource(traffic: TrafficSpec, scenario: CheckedScenario, shop: Shop): Draft {
  const { assembler, registry, instances } = shop;
  const path = scenario.paths.find((candidate) => candidate.name === traffic.path);
  if (path === undefined) throw new WirelatError("path-unknown", `traffic ${traffic.name} follows path ${traffic.path}, which is not declared; paths: ${scenario.paths.map((one) => one.name).join(", ")}`, { place: traffic.place });
  const model = shop.catalogue.traffic.get(traffic.model);
  if (model === undefined) throw new WirelatError("model-unknown", `there is no traffic ${traffic.model}; there are ${[...shop.catalogue.traffic.keys()].join(", ")}`, { place: traffic.place });
  const values = trafficParams(traffic, model);
  const headers = HEADERS[String(values["stack"] ?? "udp")] ?? 42;
  for (const instance of instances.all()) instance.state = new Map();
  const flows = flowsOf(traffic, values);
  const compiler = new PathCompiler(shop, new PathState(headers, { source: traffic.name, count: flows.count }, sizesOf(traffic, values)), traffic, path);
  const from = assembler.slots.length;
  const entry = assembler.pc;
  compiler.tap("intended");
  compiler.steps(path.steps);
  compiler.leaveCarrier();
  assembler.emit({ op: OP.free }, compiler.note("leave the core"));
  compiler.finish();
  const metrics = resolveMetrics(scenario.metrics, compiler, registry);
  const arrivals: ArrivalSpec = model.arrivals({ params: values as never, lineTime: lineTime(assembler, registry, entry), series: traffic.series });
  const payload = (values["payload"] as Amount | undefined)?.of(0) ?? medianOf(traffic.series?.payloads ?? []);
  return {
    spec: { name: `${traffic.name}:${path.name}`, entry, slots: [from, assembler.slots.length], metrics: specsOf(metrics, null) },
    source: { name: traffic.name, path: -1, arrivals: checkedArrivals(arrivals, traffic.name), payload, flows },
    traffic,
    closedLoop: model.closedLoop,
    metrics,
    marks: compiler.markCount,
    taps: [...compiler.taps].filter(([, tap]) => tap.aside === null).map(([name, { mark, profile, adapter }]) => ({ name, mark, wire: profile !== null, adapter: (adapter ?? compiler.firstAdapter)?.model?.name ?? null })),
  };
}

/** Payloads of the source's messages, each once. */
function sizesOf({ series }: TrafficSpec, values: Readonly<Record<string, unknown>>): readonly number[] {
  return series === null ? [(values["payload"] as Amount | undefined)?.of(0) ?? 0] : [...new Set(series.payloads)];
}

function checkedArrivals(arrivals: ArrivalSpec, source: string): ArrivalSpec {
  if (arrivals.kind === "renewal") return { ...arrivals, gap: timesOf(arrivals.gap, source) };
  return arrivals.kind === "closed" ? { ...arrivals, think: timesOf(arrivals.think, source) } : arrivals;
}

function flowsOf(traffic: TrafficSpec, values: Readonly<Record<string, unknown>>): { readonly count: number; readonly order: "cyclic" | "random" } {
  const count = (values["flows"] as Amount | undefined)?.of(0) ?? 1;
  if (count < 1 || count > MOST_FLOWS) throw new WirelatError("quantity-range", `${traffic.name}.flows must be 1 to ${MOST_FLOWS}, not ${count}`, { place: traffic.place });
  return { count, order: values["flow-order"] === "random" ? "random" : "cyclic" };
}

function trafficParams(traffic: TrafficSpec, model: Traffic): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(model.params).map(([name, param]) => {
      const given = traffic.params[name];
      if (given === undefined && param.default === null) throw new WirelatError("parameter-missing", `${traffic.name}.${name} must be given: ${param.meaning}`, { place: traffic.place });
      return [name, parseParam(param, given ?? { value: param.default, place: traffic.place, evidence: param.evidence }, `${traffic.name}.${name}`)];
    }),
  );
}

/** The payload that stands for a capture where one number is wanted, as in the latency without load. */
function medianOf(payloads: ArrayLike<number>): number {
  const sorted = Array.from(payloads).sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** Time of one message on the first transmitter of its path: what "line-rate" means. */
function lineTime(assembler: Assembler, registry: Registry, entry: number): (payload: number) => number {
  return registry.amounts[assembler.amountOfFirst(OP.send, entry) ?? -1] ?? (() => 0);
}

const specsOf = (metrics: MetricsOf, aside: Aside | null): readonly EngineMetric[] => (metrics.get(aside) ?? []).map((metric) => metric.spec);

/** Each path, followed by the off-path work in which metrics of its messages end. */
function pathsOf(draft: Draft): readonly { readonly spec: PathSpec; readonly aside: Aside | null }[] {
  return [...draft.metrics.keys()].map((aside) => ({ aside, spec: aside === null ? draft.spec : { ...draft.spec, slots: aside.slots, metrics: specsOf(draft.metrics, aside) } }));
}

function assemble(assembler: Assembler, registry: Registry, drafts: readonly Draft[]): Program {
  const paths = drafts.flatMap((draft) => pathsOf(draft));
  paths.forEach(({ aside }, index) => {
    const spawn = aside === null ? undefined : registry.spawns[aside.spawn];
    if (spawn !== undefined) spawn.path = index;
  });
  return {
    ...assembler.columns(),
    amounts: registry.amounts,
    draws: registry.draws,
    slots: assembler.slots,
    marks: Math.max(1, ...drafts.map((draft) => draft.marks)),
    accounts: registry.accounts,
    reasons: registry.reasons,
    cores: registry.servers.map((server) => server.name),
    categories: registry.categories,
    stages: registry.stages,
    servers: registry.servers,
    pools: registry.pools,
    batches: registry.batches,
    buses: registry.buses,
    clocks: registry.clocks,
    forks: registry.forks,
    spawns: registry.spawns,
    choices: registry.choices,
    caches: registry.caches,
    rings: registry.rings,
    stores: registry.stores,
    scatters: registry.scatters,
    orders: registry.orders,
    paths: paths.map(({ spec }) => spec),
    sources: drafts.map((draft) => ({ ...draft.source, path: paths.findIndex(({ spec }) => spec === draft.spec) })),
  };
}

function withFloors(draft: Draft, program: Program): readonly CompiledPath[] {
  const floor = zeroLoadFloor(program, draft.spec.entry, draft.source.payload);
  const at = (mark: number): number => floor.marks[mark] ?? NaN;
  const edge = (index: number): number => (index < 0 ? 0 : program.amounts[index]?.(draft.source.payload) ?? 0);
  return [...draft.metrics].map(([aside, found]) => {
    const contributions = aside === null ? floor.contributions : floor.asides.get(aside.spawn) ?? [];
    const metrics = found.map((metric) => {
      const { fromMark, toMark, fromEdge, toEdge }: EngineMetric = metric.spec;
      const span = at(toMark) + edge(toEdge) - at(fromMark) - edge(fromEdge);
      return { ...metric, floor: Number.isFinite(span) ? span : null, contributions };
    });
    return { aside: aside !== null, source: draft.traffic.name, path: draft.traffic.path, closedLoop: draft.closedLoop, payload: draft.source.payload, metrics, taps: draft.taps };
  });
}

function params(instances: Instances): Pick<Compiled, "usedParams" | "givenParams"> {
  const used = new Set<string>(instances.askedOfRegions);
  const given = new Map<string, { file: string; line: number; column: number }>();
  const name = (instance: Instance, param: string): string => `${instance.instance}.${param}`;
  for (const instance of instances.all()) {
    for (const param of instance.used) used.add(name(instance, param));
    for (const [param, raw] of Object.entries(instance.spec.params)) given.set(name(instance, param), raw.place);
  }
  return { usedParams: used, givenParams: given };
}

/** Runs all; throws every WirelatError met, together. */
function collect<T>(makers: readonly (() => T)[]): T[] {
  const errors: WirelatError[] = [];
  const made: T[] = [];
  for (const make of makers) {
    try {
      made.push(make());
    } catch (error) {
      if (!(error instanceof WirelatError)) throw error;
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new WirelatErrors(errors);
  if (made.length === 0) throw new InternalFault("a scenario without traffic reached the compiler");
  return made;
}
