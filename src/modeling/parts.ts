import { InternalFault } from "../errors/index.js";
import type { BatchPolicy, HotKeys, PoolOrder, WindowGrowth } from "../engine/index.js";
import type { Amount, Rate } from "./amount.js";
import type { Rational } from "../units/index.js";

/** One declared part of a model: an instance of a primitive. The engine knows nothing else of a device. */
export type Part =
  | { readonly primitive: "stage"; readonly servers: number; readonly discipline: "fifo" | "priority" | "preemptive" | "sharing"; readonly outages: readonly Outage[]; readonly processor: Processor | null }
  | { readonly primitive: "pipe"; readonly rate: Rate; readonly gap: Amount }
  | { readonly primitive: "bus"; readonly arbiter: "fifo" | "round-robin" | "priority" }
  | { readonly primitive: "pool"; readonly capacity: number; readonly whenFull: "block" | "drop"; readonly refill: Rational | null; readonly order: PoolOrder | null; readonly growth: WindowGrowth | null }
  | { readonly primitive: "batch"; readonly law: "none" | "timer-from-first" | "timer-from-last" | "throttle"; readonly time: Amount; readonly count: number; readonly policy: (() => BatchPolicy) | null; readonly merges: boolean }
  | { readonly primitive: "server"; readonly sleep: SleepStates | null; readonly threads: readonly string[]; readonly shares: Share | null }
  | { readonly primitive: "cache"; readonly entries: number; readonly keys: "cyclic" | "uniform" | "message"; readonly workingSet: number; readonly hot: HotKeys | null }
  | { readonly primitive: "turn"; readonly every: number }
  | { readonly primitive: "ring"; readonly slots: number }
  | { readonly primitive: "store"; readonly capacity: number }
  | { readonly primitive: "clock"; readonly period: Rational; readonly phase: number | "random" }
  | { readonly primitive: "order" };

export type PartOf<K extends Part["primitive"]> = Extract<Part, { primitive: K }>;

/** What a preemptive stage knows of its work when it is a processor. */
export interface Processor {
  /** How long a thread runs while another of its class waits. */
  readonly slice: Amount;
  /** What changing from one to the other takes. */
  readonly switch: Amount;
  /** After so long an idle time it runs at this share of its speed for a while; null for a steady one. */
  readonly ramp: { readonly after: Amount; readonly time: Amount; readonly speed: Rational } | null;
}

/** The processor that a thread shares with others, and the class of its work there: behind interrupts (0) and deferred work (1). */
export interface Share {
  readonly processor: PartOf<"stage">;
  readonly klass: number;
}

/** Something that comes again and again by itself and takes a server from its work. */
export interface Outage {
  readonly name: string;
  /** From start to start, fixed or drawn. */
  readonly every: Amount;
  readonly time: Amount;
}

export interface SleepStates {
  readonly governor: "predict" | "deepest" | "ladder";
  readonly states: readonly { readonly name: string; readonly exit: Amount; readonly residency: Amount }[];
}

/**
 * Work with one completion time. One server, first come first served, unless said otherwise. Throws an InternalFault for
 * several servers under another discipline: only first come first served has them; and for outages under a discipline that
 * books ahead or shares, which knows none.
 */
export function stage(options: { servers?: number; discipline?: PartOf<"stage">["discipline"]; outages?: readonly Outage[]; processor?: Processor } = {}): PartOf<"stage"> {
  const outages = options.outages ?? [];
  if (outages.length > 0 && options.discipline !== "priority" && options.discipline !== "preemptive") throw new InternalFault(`a ${options.discipline ?? "fifo"} stage knows no outages`);
  if ((options.servers ?? 1) > 1 && (options.discipline ?? "fifo") !== "fifo") throw new InternalFault(`a ${options.discipline} stage has one server, not ${options.servers}`);
  return { primitive: "stage", servers: options.servers ?? 1, discipline: options.discipline ?? "fifo", outages, processor: options.processor ?? null };
}

/** A transmitter of bytes; `gap` bytes must pass after each message. */
export function pipe(options: { rate: Rate; gap: Amount }): PartOf<"pipe"> {
  return { primitive: "pipe", ...options };
}

/** One direction of a bus, shared by transfers that are cut into units. */
export function bus(options: { arbiter?: PartOf<"bus">["arbiter"] } = {}): PartOf<"bus"> {
  return { primitive: "bus", arbiter: options.arbiter ?? "round-robin" };
}

/**
 * Units to claim and give back; with `refill` (picoseconds per unit) a token bucket; with `order` an arbiter between classes of
 * claims, which decides when all who want to go at one instant are known.
 */
export function pool(options: { capacity: number; whenFull: "block" | "drop"; refill?: Rational; order?: PoolOrder | null; growth?: WindowGrowth }): PartOf<"pool"> {
  return { primitive: "pool", capacity: options.capacity, whenFull: options.whenFull, refill: options.refill ?? null, order: options.order ?? null, growth: options.growth ?? null };
}

/** A turn for one at a time, in the order in which they have entered. */
export function sequence(): PartOf<"pool"> {
  return pool({ capacity: 1, whenFull: "block", order: { kind: "sequence" } });
}

/** The window of a sender, which follows Reno's law (RFC 5681). */
export function window(options: { capacity: number; segment: number; threshold: number; idle: number }): PartOf<"pool"> {
  const { capacity, ...growth } = options;
  return pool({ capacity, whenFull: "block", growth });
}

/** Groups messages; closes by timer law or count. With `merges` those that close together go on as one, which is off-path work, with the payloads of all. A policy sets both anew, from the members that each run of the carrier has served and the bytes of their frames. */
export function batch(options: { law: PartOf<"batch">["law"]; time: Amount; count: number; policy?: (() => BatchPolicy) | null; merges?: boolean }): PartOf<"batch"> {
  return { primitive: "batch", ...options, policy: options.policy ?? null, merges: options.merges ?? false };
}

/** Counts who comes by: a choice on it says yes to each `every`-th. */
export function turn(options: { every: number }): PartOf<"turn"> {
  return { primitive: "turn", every: options.every };
}

/** A thread or core that is taken and given back; `threads` run on it, by which people know it. */
export function server(options: { sleep?: SleepStates | null; threads?: readonly string[]; shares?: Share | null } = {}): PartOf<"server"> {
  return { primitive: "server", sleep: options.sleep ?? null, threads: options.threads ?? [], shares: options.shares ?? null };
}

/** Least-recently-used cache; messages ask for keys of a working set in turn or at random (some of them, if hot, with a share of their own), or each for its own, which it finds when it asks again. */
export function cache(options: { entries: number } & ({ keys: "cyclic" | "uniform"; workingSet: number; hot?: HotKeys | null } | { keys: "message" })): PartOf<"cache"> {
  return { primitive: "cache", workingSet: Infinity, hot: null, ...options };
}

/** Buffers that are used in turn. */
export function ring(options: { slots: number }): PartOf<"ring"> {
  return { primitive: "ring", ...options };
}

/** Room for the contents of buffers: what was written last stays, what was written longest ago goes. */
export function store(options: { capacity: number }): PartOf<"store"> {
  return { primitive: "store", ...options };
}

/** A clock with a rational period in picoseconds. */
export function clock(options: { period: Rational; phase?: number | "random" }): PartOf<"clock"> {
  return { primitive: "clock", period: options.period, phase: options.phase ?? "random" };
}

/** A domain in which nothing becomes visible before what went ahead. */
export function order(): PartOf<"order"> {
  return { primitive: "order" };
}
