import type { Op } from "./opcode.js";

/** A pure function of the message's payload in bytes; every size-dependent number of a program is one. */
export type SizeFunction = (payload: number) => number;

/** Draws an integer number of picoseconds; the keys name the component, `message` and `index` the draw. */
export interface Sampler {
  sample(key0: number, key1: number, message: number, index: number): number;
  mean(): number;
  /** "exponential" says that a draw is the mean times a unit exponential, rounded: the engine then draws it itself, a call sooner. */
  readonly law?: string;
}

export interface DrawSpec {
  /** Component that draws; two components never share a stream. */
  readonly component: string;
  readonly sampler: Sampler;
}

/** Where a piece of latency belongs. Slots are numbered in program order. */
export interface SlotSpec {
  readonly step: string;
  readonly label: string;
  readonly kind: string;
}

export interface StageSpec {
  readonly name: string;
  readonly servers: number;
  readonly discipline: "fifo" | "priority" | "preemptive" | "sharing";
  /** What takes the server away from its work, whoever it works for; only under priority and preemptive. */
  readonly outages?: readonly OutageSpec[];
  /** A processor: how long a thread runs while another of its class waits, and what changing between the two takes. */
  readonly slice?: number;
  readonly switch?: number;
  /** After so long an idle time it runs at this share of its speed for a while. */
  readonly ramp?: { readonly after: number; readonly time: number; readonly speed: number };
}

/** Something that comes again and again by itself and lasts a while. */
export interface OutageSpec {
  readonly name: string;
  /** From start to start. */
  readonly every: Sampler;
  readonly time: Sampler;
}

/** A server taken by `hold` and given back by `free`: a thread, a polling loop, a core. */
export interface ServerSpec {
  readonly name: string;
  /** Time between two looks of a polling observer; 0 for others. */
  readonly period: number;
  /** When the first look is due; "random": anywhere in the period, drawn once per run. */
  readonly phase: number | "random";
  /** Largest extra time of one turn of the polling loop, drawn uniformly; 0 for a steady loop. */
  readonly jitter: number;
  readonly idle: IdleSpec | null;
  /** Stage of the processor that it shares with other threads, or that is taken away at times; absent for a core of its own. */
  readonly processor?: number;
  /** Class of its work there, behind interrupts (0) and deferred work (1). */
  readonly klass?: number;
  /** Draw of the turns of a polling loop that vary; absent for a steady one. */
  readonly turn?: number;
  /** How long it looks for more after its work before it sleeps; absent for none. */
  readonly spin?: number;
}

/** Sleep states of a core, shallow to deep, and how one is chosen at the start of an idle period. */
export interface IdleSpec {
  readonly governor: "predict" | "deepest" | "ladder";
  readonly states: readonly { readonly name: string; readonly exit: number; readonly residency: number }[];
}

export interface PoolSpec {
  readonly name: string;
  readonly capacity: number;
  readonly whenFull: "block" | "drop";
  /** Token bucket: one unit back every so many picoseconds as num/den; null when units come back by release. */
  readonly refill: { readonly num: number; readonly den: number } | null;
  /** Who goes next of those that wait; absent: who came first. */
  readonly order?: PoolOrder;
  /** The window of a sender; absent: the capacity stays. */
  readonly growth?: WindowGrowth;
}

/** How a sender's window grows and shrinks: its segment, the size up to which it begins by growing with all that comes back, and after how long a pause it is halved. */
export interface WindowGrowth {
  readonly segment: number;
  readonly threshold: number;
  readonly idle: number;
}

/**
 * Classes of a pool's claims, told by the column `b` of the claim: class 0 goes before all others; or each in turn until
 * what its claims cost (`amount2`, 1 where absent) has used up its weight, of which nothing is kept for the next turn; or each in turn as
 * far as what its earlier turns have left it and a quantum more pay for its claims (deficit round robin). Or a sequence: in the order in
 * which a choice has entered them.
 */
export type PoolOrder =
  | { readonly kind: "priority"; readonly classes: number }
  | { readonly kind: "weighted"; readonly weights: readonly number[] }
  | { readonly kind: "deficit"; readonly quanta: readonly number[] }
  | { readonly kind: "sequence" }
  /** A claim of class `input · ports + output` takes both, and its release is of so many units and one. */
  | { readonly kind: "crossbar"; readonly ports: number };

export interface BatchSpec {
  readonly name: string;
  readonly law: "none" | "timer-from-first" | "timer-from-last" | "throttle";
  readonly time: number;
  /** Closes at this many members; Infinity for no limit. */
  readonly count: number;
  /** First instruction of the carrier, -1 when members are released one by one. */
  readonly carrier: number;
  /** Carrier slots, half open. */
  readonly carrierSlots: readonly [number, number];
  /** All slots that the carrier may write to, half open; null for any of its path. */
  readonly slots: readonly [number, number] | null;
  readonly weight: number;
  readonly budget: number;
  readonly budgetTime: number;
  /** Hand-over to a kernel thread once the budget is spent. */
  readonly handOver: number;
  /** How many runs, and for how long since the first, follow one another before the hand-over; without it the first is the last. */
  readonly runs?: { readonly most: number; readonly time: number };
  readonly handOverSlot: number;
  /** By the step at which a member joined, where its parts belong; the jump behind the join names the entry. Without it there is one such step. */
  readonly gathers?: readonly GatherSpec[];
  /** Slot of the members' wait for the batch to close. */
  readonly waitSlot: number;
  /** Slot of members that waited while others were served. */
  readonly queueSlot: number;
  /** Members that close together go on as one, with the payloads of all; what the others have claimed is the first's. */
  readonly merges?: boolean;
  /** Makes what sets time and count anew while a run goes on; absent: they stay. Members' bytes are the amount of the join. */
  readonly policy?: () => BatchPolicy;
}

/** Decides a batch's timer and count from what its carrier has served; one object for each batch of a run. */
export interface BatchPolicy {
  /** What holds now. */
  readonly time: number;
  readonly count: number;
  /** The carrier opens the batch again at `now`, having served so many members with so many bytes in all. */
  served(members: number, bytes: number, now: number): void;
}

/** One of the steps at which messages join a batch with a carrier. Its carrier's code follows the jump behind the join. */
export interface GatherSpec {
  readonly carrierSlots: readonly [number, number];
  readonly slots: readonly [number, number];
  readonly handOverSlot: number;
  readonly waitSlot: number;
  readonly queueSlot: number;
}

export interface BusSpec {
  readonly name: string;
  readonly arbiter: "fifo" | "round-robin" | "priority";
}

export interface ClockSpec {
  readonly name: string;
  /** Period as num/den picoseconds. */
  readonly num: number;
  readonly den: number;
  /** Time of edge 0; "random": anywhere in the period, drawn once per run. */
  readonly phase: number | "random";
}

export interface ForkSpec {
  /** A train sends pieces ahead of the message, which is the last of them; at their meeting it is whole again. */
  readonly kind: "all" | "race" | "fan-out" | "train" | "meeting";
  /** First instruction of each branch; of a fan-out one for all, or that and those of the first and the last of several. */
  readonly branches: readonly number[];
  /** Fan-out and train: amount index of the number of branches, and of the payload of a full branch. */
  readonly count: number;
  readonly chunk: number;
  /** Train: amount indices of the bytes that are cut; of the pieces that set out together, and of the time from one such group to the next. */
  readonly content?: number;
  readonly pace?: number;
  readonly every?: number;
  /** Slots of the branches, half open; null for any of the path. */
  readonly slots: readonly [number, number] | null;
}

/** What a spawn starts. */
export interface SpawnSpec {
  /** Slots of its own, half open. */
  readonly slots: readonly [number, number];
  /** Path whose metrics end in it, -1 for none. */
  readonly path: number;
  /** It is on behalf of all of a message that goes in pieces. */
  readonly whole?: boolean;
}

/** What chances that depend on the payload are shares of. */
export const ODDS = 2 ** 52;

export type ChoiceSpec =
  | { readonly kind: "chance"; readonly component: string; readonly yes: number }
  /** As chance, where it depends on the payload: the amount is a share of ODDS. */
  | { readonly kind: "odds"; readonly component: string; readonly amount: number }
  | { readonly kind: "size"; readonly amount: number }
  | { readonly kind: "cache"; readonly cache: number; readonly component: string }
  | { readonly kind: "slot"; readonly ring: number }
  | { readonly kind: "page"; readonly cache: number; readonly ring: number; readonly buffer: number; readonly page: number }
  | { readonly kind: "unmap"; readonly cache: number; readonly ring: number; readonly buffer: number; readonly page: number; readonly batch: number }
  | { readonly kind: "fill"; readonly store: number; readonly bytes: number }
  | { readonly kind: "kept"; readonly store: number }
  /** Whether more than `above` units of a pool are taken. */
  | { readonly kind: "filled"; readonly pool: number; readonly above: number }
  | { readonly kind: "warm"; readonly window: number }
  | { readonly kind: "spinning"; readonly server: number; readonly window: number }
  | { readonly kind: "taken"; readonly pool: number }
  /** Whether a claim of so many units would be granted at once. */
  | { readonly kind: "room"; readonly pool: number; readonly amount: number }
  /** Whether more than `within` has passed since the token's mark. */
  | { readonly kind: "since"; readonly mark: number; readonly within: number }
  /** Whether another branch of the race that the token belongs to has come first. */
  | { readonly kind: "decided" }
  | { readonly kind: "behind" }
  /** Always yes: a window shrinks, by half or to one segment; what is done again draws anew. */
  | { readonly kind: "shrink"; readonly pool: number; readonly to: "half" | "least" }
  | { readonly kind: "anew" }
  /** Always yes: from here on the token has its place in a pool that is a sequence. */
  | { readonly kind: "enter"; readonly pool: number }
  /** Whether it is one of several pieces; whether it is ahead of its message; whether all such have met it; whether one of them was lost. */
  | { readonly kind: "piece" }
  | { readonly kind: "companion" }
  | { readonly kind: "complete" }
  | { readonly kind: "torn" }
  | { readonly kind: "deferring"; readonly batch: number; readonly polls: number }
  /** By the flow that the message belongs to: 1 for yes, one entry a flow. */
  | { readonly kind: "flow"; readonly yes: Uint8Array }
  /** Yes once in `every` times; choices with one counter count together. */
  | { readonly kind: "every"; readonly every: number; readonly counter: number };

/** Buffers that are used in turn. */
export interface RingSpec {
  readonly name: string;
  readonly slots: number;
}

/** What holds the contents of buffers until others need the room. */
export interface StoreSpec {
  readonly name: string;
  readonly capacity: number;
}

/** Keys that are asked for more often than others: a share of what is drawn at random goes to the first so many. */
export interface HotKeys {
  readonly share: number;
  readonly count: number;
}

export interface CacheSpec {
  readonly name: string;
  readonly entries: number;
  /** Which key a message looks up: each in turn, drawn, or one that is the message's own. */
  readonly keys: { readonly kind: "cyclic" | "uniform" | "message"; readonly count: number; readonly hot?: HotKeys | null };
}

export interface ScatterSpec {
  readonly component: string;
  /** Largest extra time that one unit takes. */
  readonly spread: number;
}

/** A metric is a window between two marks; the edges say which byte of the frame is meant. */
export interface MetricSpec {
  readonly name: string;
  readonly fromMark: number;
  readonly toMark: number;
  /** Amount indices of the byte offsets, -1 for none. */
  readonly fromEdge: number;
  readonly toEdge: number;
  /** Slots between the marks, half open. */
  readonly slots: readonly [number, number];
}

export interface PathSpec {
  readonly name: string;
  readonly entry: number;
  /** All slots of the path and of what it starts, half open. */
  readonly slots: readonly [number, number];
  readonly metrics: readonly MetricSpec[];
  /** Set when fusing: no instruction of the path claims what another message could want, so one runs right after the other. */
  readonly express?: boolean;
}

export interface SourceSpec {
  readonly name: string;
  readonly path: number;
  readonly arrivals: ArrivalSpec;
  /** Payload of every message; a capture brings its own. */
  readonly payload: number;
  /** Flows that the messages belong to, each in turn or drawn; absent: all to one. */
  readonly flows?: { readonly count: number; readonly order: "cyclic" | "random" };
}

export type ArrivalSpec =
  | { readonly kind: "constant"; readonly num: number; readonly den: number; readonly jitter: number }
  | { readonly kind: "renewal"; readonly gap: Sampler }
  | { readonly kind: "burst"; readonly count: number; readonly gap: SizeFunction; readonly period: number }
  | { readonly kind: "on-off"; readonly rates: readonly number[]; readonly sojourns: readonly number[] }
  | { readonly kind: "series"; readonly times: Float64Array; readonly payloads: Uint32Array; readonly loop: number }
  | { readonly kind: "closed"; readonly population: number; readonly think: Sampler };

export interface Program {
  readonly op: Uint8Array;
  readonly part: Int32Array;
  readonly amount: Int32Array;
  readonly amount2: Int32Array;
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly wait: Int32Array;
  readonly work: Int32Array;
  readonly amounts: readonly SizeFunction[];
  readonly draws: readonly DrawSpec[];
  readonly slots: readonly SlotSpec[];
  readonly marks: number;
  readonly accounts: readonly string[];
  readonly reasons: readonly string[];
  readonly cores: readonly string[];
  readonly categories: readonly string[];
  readonly stages: readonly StageSpec[];
  readonly servers: readonly ServerSpec[];
  readonly pools: readonly PoolSpec[];
  readonly batches: readonly BatchSpec[];
  readonly buses: readonly BusSpec[];
  readonly clocks: readonly ClockSpec[];
  readonly forks: readonly ForkSpec[];
  readonly spawns: readonly SpawnSpec[];
  readonly choices: readonly ChoiceSpec[];
  readonly caches: readonly CacheSpec[];
  readonly rings: readonly RingSpec[];
  readonly stores: readonly StoreSpec[];
  readonly scatters: readonly ScatterSpec[];
  readonly orders: readonly string[];
  readonly paths: readonly PathSpec[];
  readonly sources: readonly SourceSpec[];
}

/** One instruction as written by a compiler; absent columns are -1 or 0. */
export interface Instruction {
  readonly op: Op;
  readonly part?: number;
  readonly amount?: number;
  readonly amount2?: number;
  readonly a?: number;
  readonly b?: number;
  readonly wait?: number;
  readonly work?: number;
}
