import type { ArrivalSpec, Sampler, SizeFunction } from "../engine/index.js";
import { WirelatError, type ErrorCode } from "../errors/index.js";
import { distribution } from "../random/index.js";
import { toNumber } from "../units/index.js";
import type { Amount, Rate } from "./amount.js";
import { chosen } from "./evidence.js";
import { bytes, choice, number, type Params, type Values } from "./params.js";

export interface TrafficContext<P extends Params> {
  readonly params: Values<P>;
  /** Time one message takes on the first link of its path, gap included; what `line-rate` means. */
  readonly lineTime: SizeFunction;
  /** Arrivals of a capture file, read by the scenario layer: ps from the first, payload bytes; null without one. */
  readonly series: { readonly times: Float64Array; readonly payloads: Uint32Array } | null;
}

/** Makes messages: data first, then the law of their intended times. */
export interface Traffic {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly params: Params;
  readonly closedLoop: boolean;
  readonly arrivals: (context: TrafficContext<Params>) => ArrivalSpec;
}

/** Declares a kind of traffic. One file is one kind. */
export function defineTraffic<const P extends Params>(declaration: Omit<Traffic, "params" | "arrivals"> & { params: P; arrivals: (context: TrafficContext<P>) => ArrivalSpec }): Traffic {
  DECLARED.add(declaration);
  return declaration as unknown as Traffic;
}

const DECLARED = new WeakSet<object>();

/** Whether this very copy of the modeling layer has declared it. */
export function isTraffic(value: unknown): value is Traffic {
  return typeof value === "object" && value !== null && DECLARED.has(value);
}

/** Parameters of every kind of traffic that makes its messages itself. */
export const messageParams = {
  payload: bytes("64 B", "payload of every message; headers, padding, preamble and check sequence come on top", chosen("a small market-data update")),
  stack: choice(["raw", "ethernet", "ip", "udp", "tcp"], "udp", "headers in front of the payload: none, 14, 34, 42 or 54 bytes", chosen("market data comes by UDP")),
  flows: number(1, "flows, each with addresses of its own, that the messages belong to", chosen("one feed")),
  "flow-order": choice(["cyclic", "random"], "cyclic", "whether flows send in turn, or each message is of any flow", chosen("in turn: the smoothest case")),
};

/** Gaps of a Poisson process with this rate. */
export const exponentialGap = (rate: Rate): Sampler => distribution.exponential(toNumber(rate.period));

/** What a client waits between an answer and its next question, fixed or drawn. */
export const thinkTime = (time: Amount): Sampler => time.sampler ?? distribution.constant(time.of(0));

/** Refuses the parameters of a source. */
export function refuseTraffic(code: ErrorCode, message: string, remedy: string): never {
  throw new WirelatError(code, message, { remedy });
}
