import type { ArrivalSpec, SizeFunction } from "../engine/index.js";
import type { Params, Values } from "./params.js";

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
  return declaration as unknown as Traffic;
}
