import type { SourcePlace } from "../errors/index.js";
import type { Evidence } from "../modeling/index.js";

/**
 * A scenario after reading, inheritance, presets and overrides: every name is known, every step is split, but no
 * quantity is parsed yet. One of these exists per variant and sweep point; the compiler turns it into a program.
 */
export interface CheckedScenario {
  readonly id: string;
  readonly variant: string;
  readonly point: Point;
  readonly instances: readonly InstanceSpec[];
  readonly regions: readonly RegionSpec[];
  readonly traffic: readonly TrafficSpec[];
  readonly paths: readonly PathSpec[];
  /** None: the compiler's default, from the first wire tap of the path @eof to its last @sof. */
  readonly metrics: readonly MetricSpec[];
  readonly run: RunSpec;
  /** Texts of the plug-ins it was read with: what comes of it rests on them as well. */
  readonly plugins?: readonly string[];
}

/** Sweep axis -> value as written, e.g. {"ticks.rate": "20 kpps"}; empty without a sweep. */
export type Point = Readonly<Record<string, string>>;

/** A raw value with the place it was written at and, from a preset, its evidence. */
export interface RawValue {
  /** A scalar, a list of raw values, or a `RawMap`. `{ dist: empirical }` holds its durations as `samples`, integer ps. */
  readonly value: unknown;
  readonly place: SourcePlace;
  readonly evidence: Evidence | null;
}

export type RawMap = ReadonlyMap<string, RawValue>;

/** A device, a link, a switch, or a host's component. A host itself has no model: it is its components. */
export interface InstanceSpec {
  /** Dotted name: "feed", "gw", "gw.nic". */
  readonly name: string;
  /** Name of the model in the catalogue, null for a host. */
  readonly model: string | null;
  readonly kind: "host" | "device" | "link" | "switch" | "component";
  /** Parameter name ("moderation.mode") -> value. Only what was written or comes from a preset. */
  readonly params: Readonly<Record<string, RawValue>>;
  readonly children: readonly InstanceSpec[];
  /** Preset or model named by `use`; null for a host that lists its components itself. */
  readonly use: string | null;
  /** Bus of its host that a component is plugged into; null or absent where the host has one. */
  readonly slot?: string | null;
  readonly place: SourcePlace;
}

export interface RegionSpec {
  /** "b.mailbox" */
  readonly name: string;
  /** Parsed: bytes, at and below in bytes, numa a number, pinned and odp booleans, rights a list, owner a thread. */
  readonly params: Readonly<Record<string, RawValue>>;
  readonly place: SourcePlace;
}

export interface TrafficSpec {
  readonly name: string;
  /** "traffic/poisson" */
  readonly model: string;
  readonly params: Readonly<Record<string, RawValue>>;
  readonly path: string;
  readonly place: SourcePlace;
  /** Arrivals of traffic/capture, read and scaled by the reader: ps from the first arrival, payload bytes. */
  readonly series: { readonly times: Float64Array; readonly payloads: Uint32Array } | null;
}

export interface PathSpec {
  readonly name: string;
  readonly steps: readonly PathStep[];
  readonly place: SourcePlace;
}

export type PathStep =
  /** "feed", "gw.nic.rx", with the argument as written (scalar, map or null). */
  | { readonly kind: "operation"; readonly name: string; readonly argument: RawValue | null; readonly place: SourcePlace }
  | { readonly kind: "tap"; readonly name: string; readonly place: SourcePlace }
  | { readonly kind: "all" | "race"; readonly branches: readonly (readonly PathStep[])[]; readonly place: SourcePlace }
  | { readonly kind: "spawn"; readonly body: readonly PathStep[]; readonly place: SourcePlace }
  /** One branch for so many bytes of the payload, all at once. */
  | { readonly kind: "parallel"; readonly chunk: number; readonly body: readonly PathStep[]; readonly place: SourcePlace }
  /** times: a count, or until: payload with a chunk in bytes. */
  | { readonly kind: "repeat"; readonly times: number | null; readonly chunk: number | null; readonly body: readonly PathStep[]; readonly place: SourcePlace }
  | { readonly kind: "branch"; readonly probability: number; readonly yes: readonly PathStep[]; readonly no: readonly PathStep[]; readonly place: SourcePlace };

export type TapByte = { readonly at: "point" | "sof" | "sfd" | "eof" | "trigger" } | { readonly at: "byte"; readonly byte: number };

export type MetricSpec =
  /** `stamps`: the adapter by whose time stamps it is measured; absent: exactly. */
  | { readonly kind: "span"; readonly name: string; readonly from: TapRef; readonly to: TapRef; readonly stamps?: string; readonly place: SourcePlace }
  /** Dollars per second times another metric. */
  | { readonly kind: "value"; readonly name: string; readonly of: string; readonly dollarsPerSecond: number; readonly place: SourcePlace };

export interface TapRef {
  /** "gw.in", "posted", "intended" */
  readonly tap: string;
  readonly byte: TapByte;
}

export interface RunSpec {
  readonly messages: number;
  readonly warmup: number;
  readonly seed: number;
  /** Messages are sent before this simulated time [ps] only; null for as long as there are messages to send. */
  readonly time: number | null;
  /** Level of all intervals, e.g. 0.95. */
  readonly confidence: number;
}
