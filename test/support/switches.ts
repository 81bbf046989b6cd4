import { WirelatErrors } from "../../src/errors/index.js";
import { need } from "../../src/modeling/index.js";
import { probe, type Flow, type Probe, type ProbeRun } from "./probe.js";
import type { Written } from "./model-tester.js";

type Params = Readonly<Record<string, Written>>;

/** Frames through one switch: links in and out by name with their parameters, and who sends when, from which link to which. */
export interface SwitchBench {
  readonly model: string;
  readonly params?: Params;
  readonly links: Readonly<Record<string, Params>>;
  /** Model of all links. */
  readonly medium?: string;
  readonly sends: readonly Sends[];
  readonly seed?: number;
}

export interface Sends {
  readonly from: string;
  readonly to: string;
  readonly times: readonly number[];
  /** Bytes between preamble and check sequence. */
  readonly payload?: number;
  readonly args?: Params;
  /** Arguments of the link out. */
  readonly out?: Params;
  /** What is measured: "sw.in@sof" to the last byte behind the link out unless told otherwise. */
  readonly metric?: readonly [from: string, to: string];
}

const stored: Probe = () => [need("last")];

/** Runs frames through a switch called `sw`; links are 0 m long and at 10 Gbit/s unless told otherwise. */
export function through(bench: SwitchBench): ProbeRun {
  const medium = bench.medium ?? "link/ethernet";
  const links = Object.fromEntries(Object.entries(bench.links).map(([name, params]) => [name, { model: medium, params: { length: "0 m", ...params } }]));
  const flows = bench.sends.map(({ from, to, times, payload, args, out, metric }): Flow => ({
    path: [from, args === undefined ? "sw" : ["sw", args], out === undefined ? to : [to, out], "gw.probe.stored", { tap: "there" }],
    times,
    payload: payload ?? 64,
    stack: "raw",
    from: metric?.[0] ?? "sw.in@sof",
    to: metric?.[1] ?? "there",
  }));
  return probe({ links: { ...links, sw: { model: bench.model, params: bench.params ?? {} } }, probes: { stored }, flows, ...(bench.seed === undefined ? {} : { seed: bench.seed }) });
}

/** Payload, in front of which nothing stands, of a frame that takes so many bytes on the wire. */
export const payloadOf = (wire: number): number => wire - 12;

/** Whether compiling was refused with this code. */
export const refusedWith = (code: string) => (error: unknown): boolean => error instanceof WirelatErrors && error.errors.some((one) => one.code === code);
