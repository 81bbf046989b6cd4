import { advance, Machine, OP, start } from "../engine/index.js";
import { compile, type Catalogue, type CheckedScenario, type Compiled, type CompiledMetric, type RawValue, type TrafficSpec } from "../scenario/index.js";

/** A scenario on which a model is tried. */
export interface Bench {
  readonly name: string;
  readonly scenario: CheckedScenario;
}

export interface Trial {
  readonly compiled: Compiled;
  readonly machine: Machine;
  /** Latencies of each metric, in the order of their ends. */
  readonly measured: readonly { readonly metric: CompiledMetric; readonly latencies: readonly number[] }[];
}

export interface TrialOptions {
  readonly messages: number;
  readonly seed?: number;
  readonly fuse?: boolean;
  readonly detour?: boolean;
}

/** A fraction of a second. */
const EVENTS_PER_TURN = 50_000;
const PLACE = { file: "contract", line: 1, column: 1 };

/** A value as a scenario would hold it. */
export const raw = (value: string | number | boolean): RawValue => ({ value, place: PLACE, evidence: null });

/** Compiles a scenario and runs it. Throws what compiling and running throw. */
export function tried(scenario: CheckedScenario, catalogue: Catalogue, { messages, seed = 1, fuse = true, detour = false }: TrialOptions): Trial {
  const compiled = compile(scenario, catalogue);
  const measured = compiled.paths.map((path) => path.metrics.map((metric) => ({ metric, latencies: [] as number[] })));
  const sinks = measured.map((path) => path.map(({ latencies }) => ({ record: (latency: number) => void latencies.push(latency) })));
  const machine = compiled.guard("beginning the run", () => {
    const made = new Machine(compiled.program, { seed, messages, warmup: 0, sampleLimit: 1, fuse, detour, sinks });
    start(made);
    return made;
  });
  while (!compiled.guard("a turn of the run", () => advance(machine, EVENTS_PER_TURN)));
  return { compiled, machine, measured: measured.flat() };
}

/**
 * The scenario with one open source for each of its own, which sends a message every so often, each at a time of its own: so
 * messages of several sources need not meet, and a polling loop is not found at the same phase each time. Closed sources stay as they are.
 */
export function steady(scenario: CheckedScenario, rate: string, catalogue: Catalogue, payload: string | null = null): CheckedScenario {
  const apart = { jitter: raw("100%") };
  return { ...scenario, traffic: scenario.traffic.map((one) => (isClosed(one, catalogue) ? one : withParams(steadySource(one, rate, payload), apart))) };
}

const withParams = (one: TrafficSpec, params: TrafficSpec["params"]): TrafficSpec => ({ ...one, params: { ...one.params, ...params } });

export const isClosed = (traffic: TrafficSpec, catalogue: Catalogue): boolean => catalogue.traffic.get(traffic.model)?.closedLoop === true;

function steadySource(one: TrafficSpec, rate: string, payload: string | null): TrafficSpec {
  const kept = ["stack", "payload", "flows"].filter((name) => one.params[name] !== undefined);
  const params = Object.fromEntries(kept.map((name) => [name, one.params[name] as RawValue]));
  const own = one.series === null ? {} : { payload: raw(`${one.series.payloads[0] ?? 64} B`) };
  return { ...one, model: "traffic/constant", series: null, params: { ...params, ...own, rate: raw(rate), ...(payload === null ? {} : { payload: raw(payload) }) } };
}

/** Instructions whose time is drawn, polled for or decided by what happened before: the floor takes their mean. */
const VARYING = new Set<number>([OP.align, OP.needBlock, OP.draw, OP.drawStage, OP.drawStageInOrder, OP.drawQueue, OP.scatter, OP.holdPolling, OP.hold, OP.branch, OP.join]);

/** Whether anything on the way of a program may differ from one message to the next. */
export const varies = ({ program }: Compiled): boolean => program.op.some((op) => VARYING.has(op));
