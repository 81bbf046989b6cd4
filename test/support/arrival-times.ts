import { OP } from "../../src/engine/index.js";
import type { Traffic } from "../../src/modeling/index.js";
import { TRAFFIC } from "../../src/models/index.js";
import { parseParam } from "../../src/scenario/parse-param.js";
import { run, sketch } from "./program.js";

interface Sending {
  readonly messages: number;
  readonly seed?: number;
  /** Payload of the messages, 64 where absent; a capture brings its own. */
  readonly payload?: number;
  /** Time of one message on the first wire, by payload. */
  readonly lineTime?: (payload: number) => number;
  readonly series?: { readonly times: Float64Array; readonly payloads: Uint32Array };
}

/** Later than any message of a test. */
const HORIZON = 2 ** 45;
const PLACE = { file: "test", line: 1, column: 1 };

export function trafficNamed(name: string): Traffic {
  const found = TRAFFIC.find((traffic) => traffic.name === name);
  if (found === undefined) throw new Error(`no traffic ${name}`);
  return found;
}

/** What a kind of traffic makes of parameters as a scenario would write them. */
export function arrivalsOf(traffic: Traffic, params: Readonly<Record<string, unknown>>, sending: Omit<Sending, "messages"> = {}): ReturnType<Traffic["arrivals"]> {
  const values = Object.fromEntries(
    Object.entries(traffic.params).map(([name, param]) => [name, parseParam(param, { value: params[name] ?? param.default, place: PLACE, evidence: null }, name)]),
  );
  return traffic.arrivals({ params: values as never, lineTime: sending.lineTime ?? (() => 0), series: sending.series ?? null });
}

/**
 * Intended times of the first messages, exact: the path of these messages is a wait for the one far edge of a clock, so that
 * each latency says when its message began.
 */
export function arrivalTimes(traffic: Traffic, params: Readonly<Record<string, unknown>>, sending: Sending): number[] {
  const program = sketch({ code: [{ op: OP.align, part: 0 }], clocks: [{ name: "far", num: HORIZON, den: 1, phase: -1 }], arrivals: arrivalsOf(traffic, params, sending), slots: ["align", "process"], payload: sending.payload ?? 64 });
  const { latencies } = run(program, { messages: sending.messages, ...(sending.seed === undefined ? {} : { seed: sending.seed }) });
  return latencies.map((latency) => HORIZON - 1 - latency);
}
